/**
 * The base library of Lua 5.1 (manual, 5.1) as LuaJIT has it.
 * @module
 */
import { numberInBase, numberOfString } from '../../../lua/index.ts';
import { bytesOfString } from '../ffi/bytes.ts';
import type { ScriptHost } from '../host.ts';
import { fault, faultOf, type LuaFault, positionAt } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, type Twin, NONE } from '../runtime/functions.ts';
import { checkKey } from '../runtime/indexing.ts';
import type { LuaState } from '../runtime/state.ts';
import { type Fields, LuaTable } from '../runtime/table.ts';
import { isCData, numberText } from '../runtime/operators.ts';
import { LuaUserdata, typeOf } from '../runtime/values.ts';
import { anyArgument, badArgument, integerArgument, stringArgument, tableArgument, wrongType } from './arguments.ts';
import { collector } from './collector.ts';
import { environmentFunctions } from './environments.ts';
import { loading } from './loading.ts';
import { protectedCalls } from './protected.ts';

/** One more than the results that `unpack` gives. */
const MAX_RESULTS = 7998;

/** Puts the base library into the globals. */
export function openBase(state: LuaState, host: ScriptHost): void {
  const { globals } = state;
  const { next, pairs, ipairs } = iteration(state);
  state.library(
    {
      _VERSION: 'Lua 5.1',
      _G: globals,
      next,
      pairs,
      ipairs,
      print: print(state, host),
      tostring: toText(state),
      tonumber: toNumber(state),
      ...values(state),
      ...metatables(state),
      ...protectedCalls(state),
      ...errors(),
      ...loading(state, host),
      ...environmentFunctions(state),
      ...collector(state),
    },
    globals,
  );
}

// ---- values

function values(state: LuaState): Record<string, LuaFunction> {
  return {
    type: function type(value: unknown) {
      if (value === undefined) anyArgument(value, 1, 'type', arguments.length);
      return typeOf(value);
    },
    rawequal: function rawequal(a: unknown, b: unknown) {
      if (b === undefined) anyArgument(b, arguments.length < 1 ? 1 : 2, 'rawequal', arguments.length);
      return a === b;
    },
    rawget: function rawget(table: unknown, key: unknown) {
      if (!(table instanceof LuaTable)) throw wrongType(table, 1, 'rawget', arguments.length, 'table');
      if (key === undefined) anyArgument(key, 2, 'rawget', arguments.length);
      return table.get(key);
    },
    rawset: function rawset(table: unknown, key: unknown, value: unknown) {
      if (!(table instanceof LuaTable)) throw wrongType(table, 1, 'rawset', arguments.length, 'table');
      if (value === undefined) anyArgument(value, Math.min(arguments.length + 1, 3), 'rawset', arguments.length);
      checkKey(key);
      table.set(key, value);
      return table;
    },
    rawlen: function rawlen(value: unknown) {
      if (typeof value === 'string') return value.length;
      if (!(value instanceof LuaTable)) throw badArgument(1, 'rawlen', 'table or string expected');
      return value.length();
    },
    select: function select(which: unknown, ...rest: unknown[]) {
      if (which === '#') return rest.length;
      const at = integerArgument(which, 1, 'select', arguments.length);
      const from = at < 0 ? rest.length + at : at - 1;
      if (from < 0) throw badArgument(1, 'select', 'index out of range');
      return from === rest.length - 1 ? rest[from] : rest.slice(from);
    },
    unpack: function unpack(list: unknown, from: unknown, to: unknown) {
      const table = tableArgument(list, 1, 'unpack', arguments.length);
      const first = from === undefined ? 1 : integerArgument(from, 2, 'unpack', arguments.length);
      const last = to === undefined ? table.length() : integerArgument(to, 3, 'unpack', arguments.length);
      return unpacked(table, first, last);
    },
    newproxy: function newproxy(like: unknown) {
      return proxy(state, like, arguments.length);
    },
  };
}

function unpacked(table: LuaTable, first: number, last: number): unknown {
  const count = last - first + 1;
  if (count <= 0) return NONE;
  if (count >= MAX_RESULTS) throw fault('too many results to unpack');
  const { arr } = table;
  if (first === 1 && last <= arr.length) return count === 1 ? arr[0] : arr.slice(0, last);
  const list: unknown[] = [];
  for (let i = first; i <= last; i++) list.push(table.get(i));
  return list;
}

function proxy(state: LuaState, like: unknown, count: number): LuaUserdata {
  if (like instanceof LuaUserdata && like.object === null) return new LuaUserdata(null, like.mt);
  if (count > 0 && typeof like !== 'boolean' && like !== undefined) throw badArgument(1, 'newproxy', 'boolean or proxy expected');
  return new LuaUserdata(null, like === true ? state.table() : null);
}

function print(state: LuaState, host: ScriptHost): LuaFunction {
  return (...args: unknown[]) => {
    // A script may have a `tostring` of its own.
    const own = state.globals.get('tostring');
    const isStandard = typeof own === 'function' && (own as LuaFunction).builtIn === 'tostring';
    const text = (value: unknown): string => {
      if (typeof value === 'string') return value;
      const written = isStandard ? state.tostring(value) : state.calls.call1(own, value);
      if (typeof written === 'string') return written;
      if (typeof written === 'number') return state.plainText(written);
      throw fault("'tostring' must return a string to 'print'");
    };
    host.write(bytesOfString(`${args.map(text).join('\t')}\n`));
    return NONE;
  };
}

function toText(state: LuaState): LuaFunction {
  return builtIn(
    'tostring',
    function tostring(value: unknown) {
      if (value === undefined) anyArgument(value, 1, 'tostring', arguments.length);
      if (typeof value === 'string') return value;
      return state.tostring(value);
    },
    function* (...args: unknown[]): Generator<unknown, unknown, unknown> {
      return yield* state.tostringTwin(anyArgument(args[0], 1, 'tostring', args.length));
    },
  );
}

function toNumber(state: LuaState): LuaFunction {
  return function tonumber(value: unknown, base: unknown) {
    if (base === undefined || base === 10) {
      if (typeof value === 'number') return value;
      if (typeof value === 'string') return numberOfString(value) ?? undefined;
      if (isCData(value)) return state.cdata?.tonumber(value);
      anyArgument(value, 1, 'tonumber', arguments.length);
      return undefined;
    }
    const radix = integerArgument(base, 2, 'tonumber', arguments.length);
    if (radix === 10) return typeof value === 'string' ? (numberOfString(value) ?? undefined) : value;
    const text = stringArgument(value, 1, 'tonumber', arguments.length);
    if (radix < 2 || radix > 36) throw badArgument(2, 'tonumber', 'base out of range');
    return numberInBase(text, radix) ?? undefined;
  };
}

// ---- iteration

function iteration(state: LuaState): { next: LuaFunction; pairs: LuaFunction; ipairs: LuaFunction } {
  const next = builtIn('next', function next(table: unknown, key: unknown) {
    if (!(table instanceof LuaTable)) throw wrongType(table, 1, 'next', arguments.length, 'table');
    const found = table.next(key);
    if (found === undefined) throw fault("invalid key to 'next'");
    return found ?? undefined;
  });
  const nextElement = builtIn('ipairs_aux', function nextElement(table: unknown, index: unknown) {
    const at = integerArgument(index, 2, 'ipairs_aux', arguments.length) + 1;
    const value = tableArgument(table, 1, 'ipairs_aux', arguments.length).get(at);
    return value === undefined ? NONE : [at, value];
  });
  state.next = next;
  state.nextElement = nextElement;
  const iterator = (object: unknown, event: '__pairs' | '__ipairs'): readonly unknown[] =>
    state.calls.call(state.cdata?.iterator(object, event), object);
  const pairs = function pairs(table: unknown): unknown {
    if (isCData(table)) return iterator(table, '__pairs');
    if (!(table instanceof LuaTable)) throw notIterable(table, 'pairs', arguments.length);
    return [next, table, undefined];
  };
  const ipairs = function ipairs(table: unknown): unknown {
    if (isCData(table)) return iterator(table, '__ipairs');
    if (!(table instanceof LuaTable)) throw notIterable(table, 'ipairs', arguments.length);
    return [nextElement, table, 0];
  };
  // The iterator's metamethod may yield.
  const twin = (fn: LuaFunction, event: '__pairs' | '__ipairs'): Twin =>
    function* (...args: unknown[]): Generator<unknown, unknown, unknown> {
      if (!isCData(args[0])) return fn(...args);
      return yield* state.calls.callTwin(state.cdata?.iterator(args[0], event), args[0]);
    };
  return {
    next,
    pairs: builtIn('pairs', pairs, twin(pairs, '__pairs')),
    ipairs: builtIn('ipairs', ipairs, twin(ipairs, '__ipairs')),
  };
}

function notIterable(value: unknown, name: string, count: number): LuaFault {
  anyArgument(value, 1, name, count);
  return wrongType(value, 1, name, count, 'table');
}

// ---- metatables

function metatables(state: LuaState): Record<string, LuaFunction> {
  return {
    getmetatable: function getmetatable(value: unknown) {
      if (value === undefined) anyArgument(value, 1, 'getmetatable', arguments.length);
      if (isCData(value)) return 'ffi';
      const metatable = state.metatableOf(value);
      return metatable === null ? undefined : ((metatable as unknown as Fields).$__metatable ?? metatable);
    },
    setmetatable: function setmetatable(table: unknown, metatable: unknown) {
      if (!(table instanceof LuaTable)) throw wrongType(table, 1, 'setmetatable', arguments.length, 'table');
      if (!(metatable instanceof LuaTable) && (metatable !== undefined || arguments.length < 2))
        throw badArgument(2, 'setmetatable', 'nil or table expected');
      if (table.mt !== null && (table.mt as unknown as Fields).$__metatable !== undefined)
        throw fault('cannot change a protected metatable');
      table.mt = metatable === undefined ? null : (metatable as LuaTable);
      if (metatable !== undefined && (metatable as unknown as Fields).$__mode !== undefined) state.weak.add(table);
      return table;
    },
  };
}

// ---- errors

function numberOrText(value: string | number): string {
  return typeof value === 'string' ? value : numberText(value);
}

function errors(): Record<string, LuaFunction> {
  return {
    error: (value: unknown, level?: unknown) => {
      const at = level === undefined ? 1 : integerArgument(level, 2, 'error', 2);
      const isText = typeof value === 'string' || typeof value === 'number';
      throw faultOf(isText && at > 0 ? positionAt(at) + numberOrText(value) : value);
    },
    assert: (...args: unknown[]) => {
      const [value, message] = args;
      if (value !== undefined && value !== false) return args.length === 1 ? value : args;
      if (args.length === 0) throw badArgument(1, 'assert', 'value expected');
      if (args.length === 1) throw fault('assertion failed!');
      throw typeof message === 'string' ? fault(message) : faultOf(message);
    },
  };
}
