/**
 * `math`. Results are V8's, which may differ from C's in the last bit.
 * @module
 */
import { builtIn, type LuaFunction } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import { power } from '../runtime/operators.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { numberArgument } from './arguments.ts';
import { randomFunctions } from './random.ts';

type Arithmetic = (event: '__mul', left: unknown, right: unknown) => unknown;

export function openMath(state: LuaState): LuaTable {
  return state.library({
    abs,
    ceil,
    floor,
    sqrt,
    cos,
    exp,
    fmod,
    sin,
    acos: unary('acos', Math.acos),
    asin: unary('asin', Math.asin),
    atan: unary('atan', Math.atan),
    cosh: unary('cosh', Math.cosh),
    log10: unary('log10', Math.log10),
    sinh: unary('sinh', Math.sinh),
    tan: unary('tan', Math.tan),
    tanh: unary('tanh', Math.tanh),
    atan2: binary('atan2', Math.atan2),
    ldexp: binary('ldexp', scaled),
    pow: binary('pow', power),
    deg: factor(state, 'deg', 57.29577951308232),
    rad: factor(state, 'rad', 0.017453292519943295),
    frexp,
    modf,
    log,
    max,
    min,
    ...randomFunctions(),
    huge: Number.POSITIVE_INFINITY,
    pi: Math.PI,
  });
}

function abs(x: unknown): number {
  return Math.abs(typeof x === 'number' ? x : numberArgument(x, 1, 'abs', arguments.length));
}

function ceil(x: unknown): number {
  return Math.ceil(typeof x === 'number' ? x : numberArgument(x, 1, 'ceil', arguments.length));
}

function floor(x: unknown): number {
  return Math.floor(typeof x === 'number' ? x : numberArgument(x, 1, 'floor', arguments.length));
}

function sqrt(x: unknown): number {
  return Math.sqrt(typeof x === 'number' ? x : numberArgument(x, 1, 'sqrt', arguments.length));
}

function cos(x: unknown): number {
  return Math.cos(typeof x === 'number' ? x : numberArgument(x, 1, 'cos', arguments.length));
}

function exp(x: unknown): number {
  return Math.exp(typeof x === 'number' ? x : numberArgument(x, 1, 'exp', arguments.length));
}

function sin(x: unknown): number {
  return Math.sin(typeof x === 'number' ? x : numberArgument(x, 1, 'sin', arguments.length));
}

function fmod(x: unknown, y: unknown): number {
  if (typeof x === 'number' && typeof y === 'number') return x % y;
  const count = arguments.length;
  return numberArgument(x, 1, 'fmod', count) % numberArgument(y, 2, 'fmod', count);
}

// The rest share their code, which is a little slower.
function unary(name: string, fn: (x: number) => number): LuaFunction {
  return builtIn(name, function (x: unknown): number {
    return fn(typeof x === 'number' ? x : numberArgument(x, 1, name, arguments.length));
  });
}

function binary(name: string, fn: (x: number, y: number) => number): LuaFunction {
  return builtIn(name, function (x: unknown, y: unknown): number {
    if (typeof x === 'number' && typeof y === 'number') return fn(x, y);
    const count = arguments.length;
    return fn(numberArgument(x, 1, name, count), numberArgument(y, 2, name, count));
  });
}

// In LuaJIT these are written in Lua, with an operator.
function factor(state: LuaState, name: string, by: number): LuaFunction {
  const { arithmetic } = helpersOf(state) as { arithmetic: Arithmetic };
  return builtIn(name, (x: unknown) => (typeof x === 'number' ? x * by : arithmetic('__mul', x, by)));
}

function log(x: unknown, base: unknown): number {
  const count = arguments.length;
  const value = numberArgument(x, 1, 'log', count);
  if (count === 1) return Math.log(value);
  return Math.log2(value) * (1 / Math.log2(numberArgument(base, 2, 'log', count)));
}

// Of NaN and another number, and of the zeros, the last one wins: so does the x86 instruction.
function max(x: unknown, y: unknown): number {
  const count = arguments.length;
  if (count === 2 && typeof x === 'number' && typeof y === 'number') return x > y ? x : y;
  let most = numberArgument(x, 1, 'max', count);
  for (let i = 1; i < count; i++) {
    const value = numberArgument(arguments[i], i + 1, 'max', count);
    if (!(most > value)) most = value;
  }
  return most;
}

function min(x: unknown, y: unknown): number {
  const count = arguments.length;
  if (count === 2 && typeof x === 'number' && typeof y === 'number') return x < y ? x : y;
  let least = numberArgument(x, 1, 'min', count);
  for (let i = 1; i < count; i++) {
    const value = numberArgument(arguments[i], i + 1, 'min', count);
    if (!(least < value)) least = value;
  }
  return least;
}

function modf(x: unknown): number[] {
  const value = numberArgument(x, 1, 'modf', arguments.length);
  const whole = Math.trunc(value);
  // The fraction has the sign of the number.
  const fraction = Number.isFinite(value) ? value - whole : Number.isNaN(value) ? value : 0;
  return [whole, fraction === 0 && (value < 0 || Object.is(value, -0)) ? -0 : fraction];
}

/** `x * 2^exponent` */
function scaled(x: number, exponent: number): number {
  // Beyond 2200 nothing is left of any number. A power of two at a time that is in range, and only the last one rounds.
  let left = Math.max(-2200, Math.min(2200, Math.trunc(exponent)));
  let value = x;
  while (left > 1000 || left < -1000) {
    const step = left > 0 ? 1000 : -1000;
    value *= 2 ** step;
    left -= step;
  }
  return value * 2 ** left;
}

function frexp(x: unknown): number[] {
  const value = numberArgument(x, 1, 'frexp', arguments.length);
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  let exponent = Math.max(-1074, Math.floor(Math.log2(Math.abs(value))) + 1);
  let fraction = scaled(value, -exponent);
  // The logarithm is rounded.
  for (; Math.abs(fraction) >= 1; exponent++) fraction /= 2;
  for (; Math.abs(fraction) < 0.5; exponent--) fraction *= 2;
  return [fraction, exponent];
}
