/**
 * Weak tables: `__mode` holds at a full `collectgarbage()`, for tables that had it when they got their metatable. For its time, what they
 * hold weakly is taken out of them; what is still there afterwards is put back.
 * @module
 */
import type { LuaTable } from './table.ts';

// A value that is held weakly, or one that is no object.
type Held = { readonly object: WeakRef<object> } | { readonly value: unknown };

interface Detached {
  readonly table: LuaTable;
  readonly key: Held;
  /** Null where the key's object leads to it: it lives no longer than that. */
  readonly value: Held | null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' || typeof value === 'function';
}

function weakly(value: unknown): Held {
  return isObject(value) ? { object: new WeakRef(value) } : { value };
}

// Undefined where the object is gone.
function strongly(held: Held): unknown {
  return 'object' in held ? held.object.deref() : held.value;
}

function modeOf({ mt }: LuaTable): string {
  const mode = mt?.get('__mode');
  return typeof mode === 'string' ? mode : '';
}

export class WeakTables {
  readonly #tables: Set<WeakRef<LuaTable>> = new Set();
  readonly #known: WeakSet<LuaTable> = new WeakSet();

  /** A table that got a metatable. */
  add(table: LuaTable): void {
    if (modeOf(table) === '' || this.#known.has(table)) return;
    this.#known.add(table);
    this.#tables.add(new WeakRef(table));
  }

  /** Runs `collect` while the tables hold nothing that they hold weakly. */
  during(collect: () => void): void {
    const ephemera = new WeakMap<object, unknown>();
    const detached: Detached[] = [];
    for (const reference of this.#tables) {
      const table = reference.deref();
      if (table === undefined) this.#tables.delete(reference);
      else detach(table, detached, ephemera);
    }
    try {
      collect();
    } finally {
      for (const { table, key, value } of detached) {
        const own = strongly(key);
        if (own === undefined) continue;
        const found = value === null ? ephemera.get(own as object) : strongly(value);
        if (found !== undefined) table.set(own, found);
      }
    }
  }
}

// A function of its own, so that nothing of it is held afterwards.
function detach(table: LuaTable, detached: Detached[], ephemera: WeakMap<object, unknown>): void {
  const mode = modeOf(table);
  const [hasWeakKeys, hasWeakValues] = [mode.includes('k'), mode.includes('v')];
  const keys: unknown[] = [];
  for (const cursor = table.cursor(); cursor.step(); ) {
    const { key, value } = cursor;
    const isKey = hasWeakKeys && isObject(key);
    if (!isKey && !(hasWeakValues && isObject(value))) continue;
    keys.push(key);
    if (isKey && !hasWeakValues) {
      ephemera.set(key, value);
      detached.push({ table, key: weakly(key), value: null });
    } else detached.push({ table, key: isKey ? weakly(key) : { value: key }, value: weakly(value) });
  }
  for (const key of keys) table.set(key, undefined);
  table.forget();
}
