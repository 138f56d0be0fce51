/**
 * Weak tables, which fengari's are not: `__mode` holds at a full `collectgarbage()`, for tables that had it when they got their
 * metatable. For its time, what they hold weakly is taken out of them; what is still there afterwards is put back.
 * @module
 */
import type { FengariAdapter } from './adapter.ts';
import { latin1OfString } from './strings.ts';
import { luaH_setfrom, type LuaState, type LuaString, type LuaTable, NIL, TAG, type TaggedValue, TValue } from './vm.ts';

// A value that is held weakly, or one that is no object.
type Held = { readonly type: number; readonly object: WeakRef<object> } | TaggedValue;

interface Detached {
  readonly table: LuaTable;
  readonly key: Held;
  /** Null where the key's object leads to it: it lives no longer than that. */
  readonly value: Held | null;
}

const OBJECTS: ReadonlySet<number> = new Set([TAG.table, TAG.function, TAG.userdata, TAG.thread]);

function weakly(value: TaggedValue): Held {
  const { type } = value;
  return OBJECTS.has(type) ? { type, object: new WeakRef(value.value as object) } : new TValue(type, value.value);
}

function strongly(held: Held): TaggedValue | null {
  if (!('object' in held)) return held;
  const object = held.object.deref();
  return object === undefined ? null : new TValue(held.type, object);
}

export class WeakTables {
  readonly #adapter: FengariAdapter;
  readonly #tables: Set<WeakRef<LuaTable>> = new Set();
  readonly #known: WeakSet<LuaTable> = new WeakSet();

  /** Called for the first table. */
  onFirst: (() => void) | null = null;

  constructor(adapter: FengariAdapter) {
    this.#adapter = adapter;
  }

  /** A table that got a metatable. */
  add(table: LuaTable): void {
    if (this.#modeOf(table) === '' || this.#known.has(table)) return;
    this.onFirst?.();
    this.onFirst = null;
    this.#known.add(table);
    this.#tables.add(new WeakRef(table));
  }

  #modeOf({ metatable }: LuaTable): string {
    if (metatable === null) return '';
    const mode = this.#adapter.rawGet(new TValue(TAG.table, metatable), '__mode');
    return mode.type === TAG.string ? latin1OfString(mode.value as LuaString) : '';
  }

  /** Runs `collect` while the tables hold nothing that they hold weakly. */
  during(L: LuaState, collect: () => void): void {
    const ephemera = new WeakMap<object, TaggedValue>();
    const detached: Detached[] = [];
    for (const reference of this.#tables) {
      const table = reference.deref();
      if (table === undefined) this.#tables.delete(reference);
      else this.#detach(L, table, detached, ephemera);
    }
    try {
      collect();
    } finally {
      for (const { table, key, value } of detached) {
        const own = strongly(key);
        if (own === null) continue;
        const found = value === null ? (ephemera.get(own.value as object) ?? null) : strongly(value);
        if (found !== null) luaH_setfrom(L, table, own, found);
      }
    }
  }

  #detach(L: LuaState, table: LuaTable, detached: Detached[], ephemera: WeakMap<object, TaggedValue>): void {
    const mode = this.#modeOf(table);
    const [hasWeakKeys, hasWeakValues] = [mode.includes('k'), mode.includes('v')];
    for (let entry = table.f; entry !== undefined; entry = entry.n) {
      const isKey = hasWeakKeys && OBJECTS.has(entry.key.type);
      const isValue = hasWeakValues && OBJECTS.has(entry.value.type);
      if (!isKey && !isValue) continue;
      const key = new TValue(entry.key.type, entry.key.value);
      const value = new TValue(entry.value.type, entry.value.value);
      if (isKey && !hasWeakValues) {
        ephemera.set(key.value as object, value);
        detached.push({ table, key: weakly(key), value: null });
      } else {
        detached.push({ table, key: isKey ? weakly(key) : key, value: weakly(value) });
      }
    }
    for (const { table: of, key } of detached) {
      const own = of === table ? strongly(key) : null;
      if (own !== null) luaH_setfrom(L, table, own, NIL);
    }
  }
}
