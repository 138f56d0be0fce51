/**
 * Arguments of built-in functions, checked and worded as LuaJIT does (`lj_lib.c`). The checks are for when the quick test has failed:
 *
 *     function floor(x) {
 *       return Math.floor(typeof x === 'number' ? x : numberArgument(x, 1, 'floor', arguments.length));
 *     }
 *
 * `count` is how many arguments there are; it tells an argument that is nil from one that is missing, in messages and where Lua sees a
 * difference. V8 counts without making an object.
 * @module
 */
import { numberOfString } from '../../../lua/index.ts';
import { badArgument, type LuaFault } from '../runtime/errors.ts';
import { numberText } from '../runtime/operators.ts';
import { LuaTable } from '../runtime/table.ts';
import { typeOf } from '../runtime/values.ts';

export { badArgument };

/** `string expected, got nil` */
export function wrongType(value: unknown, index: number, name: string, count: number, expected: string): LuaFault {
  return badArgument(index, name, `${expected} expected, got ${index > count ? 'no value' : typeOf(value)}`);
}

/** Any value, but there must be one. */
export function anyArgument(value: unknown, index: number, name: string, count: number): unknown {
  if (index > count) throw badArgument(index, name, 'value expected');
  return value;
}

/** A string, or a number as its text. */
export function stringArgument(value: unknown, index: number, name: string, count: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  throw wrongType(value, index, name, count, 'string');
}

/** A number, or a string that is one. */
export function numberArgument(value: unknown, index: number, name: string, count: number): number {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' ? numberOfString(value) : null;
  if (number === null) throw wrongType(value, index, name, count, 'number');
  return number;
}

const LEAST_INTEGER = -0x8000_0000;

/** A number as an integer of 32 bits, as the x86 instruction converts: fractions are cut off, what has no place is the least integer. */
export function toInteger(value: number): number {
  const integer = value | 0;
  if (integer === value) return integer;
  const whole = Math.trunc(value);
  return whole >= LEAST_INTEGER && whole <= 0x7fff_ffff ? whole | 0 : LEAST_INTEGER;
}

/** An integer of 32 bits; see `toInteger`. */
export function integerArgument(value: unknown, index: number, name: string, count: number): number {
  return toInteger(numberArgument(value, index, name, count));
}

export function tableArgument(value: unknown, index: number, name: string, count: number): LuaTable {
  if (value instanceof LuaTable) return value;
  throw wrongType(value, index, name, count, 'table');
}

/** A function, and nothing that is merely callable. */
export function functionArgument(value: unknown, index: number, name: string, count: number): (...args: unknown[]) => unknown {
  if (typeof value === 'function') return value as (...args: unknown[]) => unknown;
  throw wrongType(value, index, name, count, 'function');
}

/** The string, or `fallback` for nil and nothing; it must be one of `options`. */
export function optionArgument<T extends string>(
  value: unknown,
  index: number,
  name: string,
  count: number,
  options: readonly T[],
  fallback?: T,
): T {
  const text = value === undefined && fallback !== undefined ? fallback : stringArgument(value, index, name, count);
  if (!options.includes(text as T)) throw badArgument(index, name, `invalid option '${text}'`);
  return text as T;
}
