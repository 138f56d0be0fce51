/**
 * Names of Lua 5.1 that LuaJIT has and Lua 5.3 has not.
 * @module
 */
import { type FengariAdapter, push } from './adapter.ts';
import { argumentAt, badArgument, isGiven, numberAt } from './arguments.ts';
import { environmentsOf, installClosures } from './environments.ts';
import type { FengariFfi } from './ffi.ts';
import { Library } from './lua51-library.ts';
import { raiseText, setFunction } from './tables.ts';
import {
  lua,
  type LuaFunction,
  type LuaState,
  type LuaTable,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  TYPE_MASK,
  type Userdata,
} from './vm.ts';

/** Puts the names into a state's globals and libraries. */
export function openLua51(L: LuaState, state: FengariFfi): void {
  lua.lua_checkstack(L, 8);
  installClosures();
  const environments = environmentsOf(state);
  const library = new Library(state, environments);
  const { functions } = environments;
  lua.lua_pushglobaltable(L);
  const set = (all: Record<string, LuaFunction>): void => {
    for (const [name, fn] of Object.entries(all)) setFunction(L, name, state.wrap(fn));
  };
  set({ ...functions, newproxy: newProxy(state), unpack: (S) => library.unpack(S), module: (S) => library.module(S) });
  lua.lua_getfield(L, -1, toLuaString('load'));
  lua.lua_setfield(L, -2, toLuaString('loadstring'));
  const inTable = (table: string, fill: () => void): void => {
    lua.lua_getfield(L, -1, toLuaString(table));
    fill();
    lua.lua_pop(L, 1);
  };
  const original = (name: string): LuaFunction => {
    lua.lua_getfield(L, -1, toLuaString(name));
    const { value } = L.stack[L.top - 1] as TaggedValue;
    lua.lua_pop(L, 1);
    return value as LuaFunction;
  };
  inTable('math', () => set(mathFunctions(state)));
  inTable('table', () => set(library.tableFunctions()));
  inTable('debug', () => set({ ...functions, getinfo: library.getInfo(original('getinfo')) }));
  inTable('os', () => set({ date: library.date(original('date')) }));
  inTable('coroutine', () => {
    set({ running: library.running(original('running')) });
    setFunction(L, 'yield', yieldFunction(original('yield')));
  });
  inTable('package', () => {
    set({ seeall: (S) => library.seeAll(S) });
    lua.lua_getfield(L, -1, toLuaString('searchers'));
    lua.lua_setfield(L, -2, toLuaString('loaders'));
    inTable('preload', () => set(library.preloads()));
  });
  lua.lua_pop(L, 1);
}

// In LuaJIT's words; fengari speaks of JavaScript.
function yieldFunction(original: LuaFunction): LuaFunction {
  return (L) => (L.nny > 0 ? raiseText(L, 1, 'attempt to yield across C-call boundary') : original(L));
}

// Results are floats even where they are whole: integers would wrap at 32 bits when a script calculates on.
function float(L: LuaState, ...values: number[]): number {
  for (const value of values) push(L, new TValue(TAG.float, value));
  return values.length;
}

function mathFunctions({ adapter }: FengariFfi): Record<string, LuaFunction> {
  // fengari's compare what they get, whatever it is.
  const extreme = (name: string, isBetter: (x: number, y: number) => boolean): [string, LuaFunction] => [
    name,
    (L) => {
      let [best, at] = [numberAt(L, adapter, 1, name), 1];
      for (let index = 2; argumentAt(L, index) !== undefined; index++) {
        const number = numberAt(L, adapter, index, name);
        if (!isBetter(best, number)) [best, at] = [number, index];
      }
      const value = argumentAt(L, at) as TaggedValue;
      if ((value.type & TYPE_MASK) !== TAG.number) return float(L, best);
      push(L, value);
      return 1;
    },
  ];
  const unary = (name: string, work: (x: number) => number): [string, LuaFunction] => [
    name,
    (L) => float(L, work(numberAt(L, adapter, 1, name))),
  ];
  const binary = (name: string, work: (x: number, y: number) => number): [string, LuaFunction] => [
    name,
    (L) => float(L, work(numberAt(L, adapter, 1, name), numberAt(L, adapter, 2, name))),
  ];
  return {
    ...Object.fromEntries([
      unary('abs', Math.abs),
      unary('ceil', Math.ceil),
      unary('floor', Math.floor),
      unary('log10', Math.log10),
      unary('cosh', Math.cosh),
      unary('sinh', Math.sinh),
      unary('tanh', Math.tanh),
      binary('atan2', Math.atan2),
      binary('fmod', (x, y) => x % y),
      binary('pow', (x, y) => x ** y),
      binary('ldexp', scale),
      extreme('max', (x, y) => x > y),
      extreme('min', (x, y) => x < y),
    ]),
    modf: (L) => {
      const number = numberAt(L, adapter, 1, 'modf');
      const whole = Math.trunc(number);
      return float(L, whole, number !== whole ? number - whole : number < 0 ? -0 : 0);
    },
    frexp: (L) => {
      const [mantissa, exponent] = split(numberAt(L, adapter, 1, 'frexp'));
      float(L, mantissa);
      push(L, adapter.fromNumber(exponent));
      return 2;
    },
    ...randomFunctions(adapter),
  };
}

// fengari's take whole numbers of 32 bits only. As in LuaJIT, an empty interval is no error, and the numbers are the same in
// every run that does not seed them; they are not LuaJIT's.
function randomFunctions(adapter: FengariAdapter): Record<'random' | 'randomseed', LuaFunction> {
  let next = generator(0);
  return {
    random: (L) => {
      const random = next();
      if (argumentAt(L, 1) === undefined) return float(L, random);
      const first = Math.floor(numberAt(L, adapter, 1, 'random'));
      const [low, high] = argumentAt(L, 2) === undefined ? [1, first] : [first, Math.floor(numberAt(L, adapter, 2, 'random'))];
      push(L, adapter.fromNumber(Math.floor(random * (high - low + 1)) + low));
      return 1;
    },
    randomseed: (L) => {
      next = generator(numberAt(L, adapter, 1, 'randomseed'));
      return 0;
    },
  };
}

// Numbers from 0 up to 1, of 53 bits: the generator `sfc32` of PractRand, started with the bits of the seed.
function generator(seed: number): () => number {
  const [low, high] = new Uint32Array(Float64Array.of(seed).buffer) as unknown as [number, number];
  let [a, b, c, counter] = [low, high, 0, 1];
  const next = (): number => {
    const result = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result;
  };
  for (let round = 0; round < 15; round++) next();
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) * 2 ** -53;
}

// In steps, as the power alone may be out of range.
function scale(mantissa: number, exponent: number): number {
  let left = Math.max(-5000, Math.min(5000, Math.trunc(exponent) || 0));
  let value = mantissa;
  for (; left > 1000; left -= 1000) value *= 2 ** 1000;
  for (; left < -1000; left += 1000) value *= 2 ** -1000;
  return value * 2 ** left;
}

// `value = mantissa * 2^exponent`, the mantissa from 0.5 up to 1.
function split(value: number): [mantissa: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
  let mantissa = scale(value, -exponent);
  // The logarithm is rounded, and subnormal numbers start below.
  for (; Math.abs(mantissa) < 0.5; exponent--) mantissa *= 2;
  for (; Math.abs(mantissa) >= 1; exponent++) mantissa /= 2;
  return [mantissa, exponent];
}

// A userdata without content; with a metatable of its own, or that of another.
function newProxy({ adapter }: FengariFfi): LuaFunction {
  const metatables = new WeakSet<LuaTable>();
  return (L) => {
    const value = argumentAt(L, 1);
    const metatable = isGiven(value) ? metatableFor(L, value) : null;
    push(L, adapter.newUserdata({}, metatable));
    return 1;
  };
  function metatableFor(L: LuaState, value: TaggedValue): LuaTable | null {
    if (value.type === TAG.boolean) {
      if (value.value !== true) return null;
      lua.lua_createtable(L, 0, 0);
      const table = (L.stack[L.top - 1] as TaggedValue).value as LuaTable;
      metatables.add(table);
      return table;
    }
    const table = value.type === TAG.userdata ? (value.value as Userdata).metatable : null;
    if (table === null || !metatables.has(table)) return badArgument(1, 'newproxy', 'boolean or proxy expected');
    return table;
  }
}
