/**
 * Functions of Lua's base library that know cdata, read numbers as LuaJIT, or do what fengari's raise for.
 * @module
 */
import { numberInBase, numberOfString } from '../../lua/index.ts';
import { collect, usedBytes } from '../collector.ts';
import { cdataIn, push } from './adapter.ts';
import { argumentAt, badArgument, isGiven, numberAt, wrongType } from './arguments.ts';
import { type FengariFfi, iterate } from './ffi.ts';
import {
  lauxlib,
  lua,
  type LuaFunction,
  type LuaState,
  type LuaTable,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  TYPE_MASK,
} from './vm.ts';
import { WeakTables } from './weak.ts';

// `collectgarbage` in Lua, as its code runs in the frame of JavaScript that the caller's runs in: fengari's loop holds on to operands of
// its last instruction of each kind, and would keep them alive.
const COLLECTGARBAGE = `
local collect, pcall, error, type = ...
local u = {}
return function(...)
  local a, b, t = 1, 2, {}
  t[b], t.x = b, a
  u[b] = b
  u[b] = u[b] < t[b]
  u[b] = a == b
  a = t[b] + b - b * b / b % b ^ b
  a = -b
  a = #t
  a = not b
  local c = a or b
  local fine, result = pcall(collect, ...)
  if fine then return result end
  error(type(result) == 'string' and result:gsub("'%?'", "'collectgarbage'", 1) or result, 2)
end
`;

// Makes `collectgarbage`, a global, a function of Lua, unless a script has put another in its place.
function openCollector(L: LuaState, original: LuaFunction): void {
  lua.lua_checkstack(L, 8);
  lua.lua_getglobal(L, toLuaString('collectgarbage'));
  const { value } = L.stack[L.top - 1] as TaggedValue;
  lua.lua_pop(L, 1);
  if (value !== original) return;
  const text = toLuaString(COLLECTGARBAGE);
  lauxlib.luaL_loadbufferx(L, text, text.length, toLuaString('=[collectgarbage]'), toLuaString('t'));
  for (const name of ['collectgarbage', 'pcall', 'error', 'type']) lua.lua_getglobal(L, toLuaString(name));
  lua.lua_call(L, 4, 1);
  lua.lua_setglobal(L, toLuaString('collectgarbage'));
}

/** `type`, `tonumber`, `pairs`, `ipairs`, `setmetatable`, `error`, `collectgarbage` and `gcinfo`. */
export function baseFunctions(L: LuaState, state: FengariFfi): Record<string, LuaFunction> {
  const weak = new WeakTables(state.adapter);
  const setMetatable = originalOf(L, 'setmetatable');
  const functions: Record<string, LuaFunction> = {
    type: typeFunction(state),
    tonumber: toNumber(state),
    ...iterators(L, state),
    setmetatable: (S) => {
      const results = setMetatable(S);
      const table = argumentAt(S, 1);
      if (table?.type === TAG.table) weak.add(table.value as LuaTable);
      return results;
    },
  };
  for (const [name, fn] of Object.entries(functions)) functions[name] = state.wrap(fn);
  return { ...functions, error: errorFunction(originalOf(L, 'error')), ...collector(state, weak) };
}

function originalOf(L: LuaState, name: string): LuaFunction {
  lua.lua_getglobal(L, toLuaString(name));
  const { value } = L.stack[L.top - 1] as TaggedValue;
  lua.lua_pop(L, 1);
  return value as LuaFunction;
}

// fengari's `ipairs` asks no metatable and takes anything, and errors are to have the place of the caller.
function iterators(L: LuaState, { adapter, ffi }: FengariFfi): Record<'pairs' | 'ipairs', LuaFunction> {
  const withCData = (name: 'pairs' | 'ipairs'): LuaFunction => {
    const original = originalOf(L, name);
    const metamethod = toLuaString('__pairs');
    return (S) => {
      const value = argumentAt(S, 1) ?? badArgument(1, name, 'value expected');
      if (cdataIn(value) !== null) return iterate(S, ffi, `__${name}`);
      if (value.type !== TAG.table) {
        const hasMethod = name === 'pairs' && lauxlib.luaL_getmetafield(S, 1, metamethod) !== TAG.nil;
        if (!hasMethod) wrongType(adapter, value, 'table', 1, name);
        lua.lua_pop(S, 1);
      }
      return original(S);
    };
  };
  return { pairs: withCData('pairs'), ipairs: withCData('ipairs') };
}

// Lua 5.1's `error` puts the place before numbers, too, which makes them strings.
function errorFunction(original: LuaFunction): LuaFunction {
  return (L) => {
    const level = argumentAt(L, 2);
    const isPlaced = !isGiven(level) || (level.type & TYPE_MASK) !== TAG.number || (level.value as number) > 0;
    if (isPlaced && lua.lua_type(L, 1) === TAG.number) lua.lua_tolstring(L, 1);
    return original(L);
  };
}

function typeFunction({ adapter }: FengariFfi): LuaFunction {
  const names = new Map<string, TaggedValue>();
  return (L) => {
    const type = adapter.typeOf(argumentAt(L, 1) ?? badArgument(1, 'type', 'value expected'));
    let name = names.get(type);
    if (name === undefined) {
      name = adapter.fromBytes(toLuaString(type));
      names.set(type, name);
    }
    push(L, name);
    return 1;
  };
}

function toNumber({ adapter, ffi }: FengariFfi): LuaFunction {
  const NIL = new TValue(TAG.nil, null);
  const standard = (value: TaggedValue): TaggedValue => {
    switch (adapter.typeOf(value)) {
      case 'number':
        return value;
      case 'string':
        return fromText(adapter.toName(value));
      case 'cdata': {
        const number = ffi.tonumber(adapter.toCData(value));
        return number === null ? NIL : adapter.fromNumber(number);
      }
      default:
        return NIL;
    }
  };
  const fromText = (text: string): TaggedValue => {
    const number = numberOfString(text);
    if (number === null) return NIL;
    return /[.p]|^[^x]*(?:e|inf|nan)/i.test(text) ? new TValue(TAG.float, number) : adapter.fromNumber(number);
  };
  const based = (value: TaggedValue, base: number): TaggedValue => {
    if (base < 2 || base > 36) badArgument(2, 'tonumber', 'base out of range');
    const type = value.type & TYPE_MASK;
    if (type === TAG.number) return fromDigits(String(value.value), base);
    if (type !== (TAG.string & TYPE_MASK)) wrongType(adapter, value, 'string', 1, 'tonumber');
    return fromDigits(adapter.toName(value), base);
  };
  const fromDigits = (text: string, base: number): TaggedValue => {
    const number = numberInBase(text, base);
    return number === null ? NIL : adapter.fromNumber(number);
  };
  return (L) => {
    const value = argumentAt(L, 1) ?? badArgument(1, 'tonumber', 'value expected');
    const base = isGiven(argumentAt(L, 2)) ? Math.trunc(numberAt(L, adapter, 2, 'tonumber')) : 10;
    push(L, base === 10 ? standard(value) : based(value, base));
    return 1;
  };
}

// ---- the collector, which is JavaScript's

interface Tunable {
  setpause: number;
  setstepmul: number;
}

// All that is unreachable goes, weak tables included, and finalizers run. What earlier calls left above the stack is unreachable, too.
function collectAll(L: LuaState, weak: WeakTables, finalizers: FengariFfi['ffi']['finalizers']): void {
  for (let at = L.top; at < L.stack.length; at++) (L.stack[at] as Slot | undefined)?.setnilvalue();
  weak.during(L, collect);
  finalizers.runCollected();
}

type Slot = TaggedValue & { setnilvalue(): void };

function collector(state: FengariFfi, weak: WeakTables): Record<string, LuaFunction> {
  const { adapter, ffi } = state;
  const { finalizers } = ffi;
  // Compiled once there is something that a collection can show.
  const onFirst = (): void => openCollector(adapter.L, collectgarbage);
  finalizers.onFirst = onFirst;
  weak.onFirst = onFirst;
  finalizers.collect = () => collectAll(adapter.L, weak, finalizers);
  const tuning: Tunable = { setpause: 200, setstepmul: 200 };
  let isRunning = true;
  const answer = (L: LuaState, value: TaggedValue): number => {
    push(L, value);
    return 1;
  };
  const number = (L: LuaState, value: number): number => answer(L, adapter.fromNumber(value));
  const options: Record<string, (L: LuaState, argument: number) => number> = {
    stop: (L) => {
      isRunning = false;
      return number(L, 0);
    },
    restart: (L) => {
      isRunning = true;
      return number(L, 0);
    },
    collect: (L) => {
      collectAll(L, weak, finalizers);
      return number(L, 0);
    },
    count: (L) => answer(L, new TValue(TAG.float, usedBytes() / 1024)),
    // Every step is said to end a cycle: scripts wait for that.
    step: (L) => answer(L, adapter.fromBoolean(true)),
    setpause: (L, value) => number(L, exchange(tuning, 'setpause', value)),
    setstepmul: (L, value) => number(L, exchange(tuning, 'setstepmul', value)),
    isrunning: (L) => answer(L, adapter.fromBoolean(isRunning)),
  };
  const collectgarbage = state.wrap((L) => {
    const option = optionAt(L, adapter);
    const argument = isGiven(argumentAt(L, 2)) ? Math.trunc(numberAt(L, adapter, 2, 'collectgarbage')) : 0;
    if (!Object.hasOwn(options, option)) badArgument(1, 'collectgarbage', `invalid option '${option}'`);
    return (options[option] as (L: LuaState, argument: number) => number)(L, argument);
  });
  return {
    collectgarbage,
    gcinfo: state.wrap((L) => number(L, Math.floor(usedBytes() / 1024))),
  };
}

function optionAt(L: LuaState, adapter: FengariFfi['adapter']): string {
  const value = argumentAt(L, 1);
  if (!isGiven(value)) return 'collect';
  const type = adapter.typeOf(value);
  if (type === 'number') return String(value.value);
  return type === 'string' ? adapter.toName(value) : wrongType(adapter, value, 'string', 1, 'collectgarbage');
}

function exchange(tuning: Tunable, name: keyof Tunable, value: number): number {
  const previous = tuning[name];
  tuning[name] = value;
  return previous;
}
