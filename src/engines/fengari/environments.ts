/**
 * Lua 5.1's environments on Lua 5.3: a function's environment is its upvalue `_ENV`. Functions share upvalues, so
 * `setfenv` gives a function an upvalue of its own; functions that it makes from then on share that, as in 5.1.
 * @module
 */
import { argumentAt, badArgument, isGiven, numberAt, wrongType } from './arguments.ts';
import { push } from './adapter.ts';
import type { FengariFfi } from './ffi.ts';
import { functionAtLevel, functionPrototype, type LuaClosure } from './internals.ts';
import { latin1OfString } from './strings.ts';
import { lua, type LuaFunction, type LuaState, TAG, type TaggedValue, TValue, TYPE_MASK } from './vm.ts';

export interface Environments {
  /** `getfenv` and `setfenv`; `debug.*` of the same names take values instead of levels. */
  readonly functions: Record<'getfenv' | 'setfenv', LuaFunction>;
  /** Gives the function at a level of the stack an environment; 0 is the running one, 1 its caller. */
  setAtLevel(L: LuaState, level: number, table: TaggedValue): void;
}

export function environmentsOf(state: FengariFfi): Environments {
  const { adapter } = state;
  // Of functions that use no global, and so have no upvalue for them.
  const others: WeakMap<object, TaggedValue> = new WeakMap();

  // A function, or what runs at a level; null for level 0, which stands for the thread.
  const functionAt = (L: LuaState, name: string): TaggedValue | null => {
    const value = argumentAt(L, 1);
    if (value !== undefined && (value.type & TYPE_MASK) === TAG.function) return value;
    const level = isGiven(value) || name === 'setfenv' ? Math.trunc(numberAt(L, adapter, 1, name)) : 1;
    if (level === 0) return null;
    return functionAtLevel(L, level) ?? badArgument(1, name, 'invalid level');
  };

  const set = (fn: TaggedValue, environment: TaggedValue): void => {
    if (fn.type !== TAG.function) throw new TypeError("'setfenv' cannot change environment of given object");
    const closure = fn.value as LuaClosure;
    const at = upvalueOf(closure);
    if (at < 0) others.set(closure, environment);
    else closure.upvals[at] = environment;
  };

  const functions: Environments['functions'] = {
    getfenv: (L) => {
      const fn = functionAt(L, 'getfenv');
      const closure = fn?.type === TAG.function ? (fn.value as LuaClosure) : null;
      const environment = closure === null ? undefined : (closure.upvals[upvalueOf(closure)] ?? others.get(closure));
      if (environment === undefined) lua.lua_pushglobaltable(L);
      else push(L, environment);
      return 1;
    },
    setfenv: (L) => {
      const table = argumentAt(L, 2);
      if (table?.type !== TAG.table) wrongType(adapter, table, 'table', 2, 'setfenv');
      const environment = new TValue(TAG.table, table.value);
      const fn = functionAt(L, 'setfenv');
      if (fn === null) {
        setGlobals(L, environment);
        return 0;
      }
      set(fn, environment);
      push(L, fn);
      return 1;
    },
  };
  const setAtLevel = (L: LuaState, level: number, table: TaggedValue): void => {
    const fn = functionAtLevel(L, level);
    if (fn !== null) set(fn, new TValue(table.type, table.value));
  };
  return { functions, setAtLevel };
}

/**
 * Makes every evaluation of `function() end` a function of its own, as in 5.1, process-wide. fengari keeps the last one, with all that it
 * refers to, and gives it out again where another would be the same.
 */
export function installClosures(): void {
  if (Object.hasOwn(functionPrototype, 'cache')) return;
  Object.defineProperty(functionPrototype, 'cache', { get: () => null, set: () => {} });
}

function upvalueOf({ p }: LuaClosure): number {
  return p.upvalues.findIndex(({ name }) => name !== null && latin1OfString(name) === '_ENV');
}

// For chunks that are loaded from now on.
function setGlobals(L: LuaState, table: TaggedValue): void {
  lua.lua_checkstack(L, 2);
  lua.lua_pushinteger(L, lua.LUA_RIDX_GLOBALS);
  push(L, table);
  lua.lua_rawset(L, lua.LUA_REGISTRYINDEX);
}
