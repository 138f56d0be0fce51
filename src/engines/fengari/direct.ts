/**
 * Metamethods without a call. fengari calls a metamethod like any function: arguments are pushed, a frame is made, the
 * result is moved, the slots are deleted one by one. For reading and writing fields that costs more than the rest
 * together. A C function marked here has a second form that gets the operands and gives the result directly;
 * `luaT_callTM`, through which the VM calls metamethods, is replaced by one that looks for it. Everything else is left
 * to fengari's own.
 * @module
 */
import {
  luaH_getstr,
  luaS_bless,
  type LuaFunction,
  type LuaState,
  type LuaTable,
  ltm,
  TAG,
  type TaggedValue,
  toLuaString,
  type Userdata,
} from './vm.ts';

/** What a marked metamethod does: `__index` answers a value, `__newindex` takes one and answers null. */
export type Direct = (L: LuaState, object: TaggedValue, key: TaggedValue, value: TaggedValue | null) => TaggedValue | null;

const DIRECT: unique symbol = Symbol('direct');

interface Marked {
  [DIRECT]?: Direct;
}

/** Marks a metamethod with its direct form. */
export function markDirect(fn: LuaFunction, direct: Direct): LuaFunction {
  (fn as Marked)[DIRECT] = direct;
  return fn;
}

// Metatables of all cdata of a state, and their metamethods by the number of the event. Entries of tables change in place.
const METATABLES: WeakMap<LuaTable, readonly TaggedValue[]> = new WeakMap();
let lastTable: LuaTable | null = null;
let lastMethods: readonly TaggedValue[] = [];

/** Remembers the metamethods for reading and writing of a metatable, which no script can reach. */
export function knowMetatable(L: LuaState, table: LuaTable): void {
  const methods: TaggedValue[] = [];
  for (const name of ['index', 'newindex'] as const) {
    const key = luaS_bless(L, Uint8Array.from(toLuaString(`__${name}`)));
    methods[ltm.TMS[name === 'index' ? 'TM_INDEX' : 'TM_NEWINDEX']] = luaH_getstr(table, key);
  }
  METATABLES.set(table, methods);
}

function methodsOf(table: LuaTable): readonly TaggedValue[] | undefined {
  if (table === lastTable) return lastMethods;
  const methods = METATABLES.get(table);
  if (methods !== undefined) [lastTable, lastMethods] = [table, methods];
  return methods;
}

let isInstalled = false;

/** Makes the VM look for direct forms; process-wide, once. Functions without the mark are called as before. */
export function installDirectCalls(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { luaT_gettmbyobj } = ltm;
  ltm.luaT_gettmbyobj = (L, value, event) => {
    // A number, not TAG: this runs all the time, and imported bindings are loaded each time.
    if (value.type === 7) {
      const { metatable } = value.value as Userdata;
      const method = metatable === null ? undefined : methodsOf(metatable)?.[event];
      if (method !== undefined) return method;
    }
    return luaT_gettmbyobj(L, value, event);
  };
  const original = ltm.luaT_callTM;
  ltm.luaT_callTM = (L, fn, object, key, third, hasResult) => {
    const direct = fn.type === TAG.lightFunction ? (fn.value as Marked)[DIRECT] : undefined;
    if (direct === undefined) {
      original(L, fn, object, key, third, hasResult);
    } else if (hasResult) {
      third.setfrom(direct(L, object, key, null) as TaggedValue);
    } else {
      direct(L, object, key, third);
    }
  };
}
