/**
 * Numbers as LuaJIT's Lua writes them: decimal, `0x` with fraction and binary exponent, `0b`; the suffixes `LL`, `ULL` and
 * `i` make 64-bit integers and imaginary numbers (LuaJIT's manual, "FFI Semantics", literals).
 * @module
 */
import { compiled, ensureStack } from '../util/stack.ts';

/** The value of a number in Lua text. */
export type LuaNumber =
  | { readonly kind: 'double'; readonly value: number }
  /** `1LL`, wrapped to 64 bits. */
  | { readonly kind: 'int64'; readonly value: bigint }
  /** `1ULL` */
  | { readonly kind: 'uint64'; readonly value: bigint }
  /** `1i`: the imaginary part. */
  | { readonly kind: 'imaginary'; readonly value: number };

const SUFFIX = /(?:(u?ll|llu)|(i))?$/i;
const DECIMAL = compiled(/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?(\d+))?$/i);
const HEXADECIMAL = /^0x(?=\.?[\da-f])([\da-f]*)(?:\.([\da-f]*))?(?:p([+-]?)(\d+))?$/i;
const BINARY = /^0b[01]+$/i;

/** A number as `tostring` writes it: `%.14g`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0';
  const rounded = Number(value.toPrecision(14));
  const size = Math.abs(rounded);
  if (size === 0 || (size >= 1e-4 && size < 1e14)) return String(rounded);
  ensureStack();
  return value
    .toExponential(13)
    .replace(/\.?0+(?=e)/, '')
    .replace(/([+-])(\d)$/, '$10$2');
}

/** LuaJIT's limits: digits of a binary number, and exponents it still reads. */
const MAX_BINARY_DIGITS = 64;
const MAX_EXPONENT = 2 ** 20 - 1;

/** The value that the whole of `text` writes; null where it is malformed. */
export function parseNumber(text: string): LuaNumber | null {
  const [suffix, integer, imaginary] = SUFFIX.exec(text) as unknown as [string, string | undefined, string | undefined];
  const digits = suffix === '' ? text : text.slice(0, -suffix.length);
  if (integer !== undefined) {
    const value = parseInteger(digits);
    if (value === null) return null;
    return integer.length === 2 ? { kind: 'int64', value: BigInt.asIntN(64, value) } : { kind: 'uint64', value };
  }
  const value = parseDouble(digits);
  if (value === null) return null;
  return { kind: imaginary === undefined ? 'double' : 'imaginary', value };
}

const SPACED = compiled(/^[ \t\v\f\n\r]*([+-]?)([^ \t\v\f\n\r]*)[ \t\v\f\n\r]*$/);

/** The number that a string is to `tonumber` and to arithmetic: with a sign and spaces around; null where it is none. */
export function numberOfString(text: string): number | null {
  const [, sign, digits] = SPACED.exec(text) ?? [];
  if (digits === undefined) return null;
  const number = NAMED.get(digits.toLowerCase()) ?? parseDouble(digits);
  return number !== null && sign === '-' ? -number : number;
}

const NAMED: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

// Integers before a suffix: 64 bits, leading zeros aside.
function parseInteger(digits: string): bigint | null {
  const significant = /^0[xb]/i.test(digits) ? digits.replace(/^(..)0+(?=.)/, '$1') : digits.replace(/^0+(?=.)/, '');
  if (!/^(?:\d{1,20}|0x[\da-f]{1,16}|0b[01]{1,64})$/i.test(significant)) return null;
  const value = BigInt(significant);
  return value < 1n << 64n ? value : null;
}

function parseDouble(digits: string): number | null {
  const decimal = DECIMAL.exec(digits);
  if (decimal !== null) return isReadable(decimal[1]) ? Number(digits) : null;
  ensureStack();
  if (BINARY.test(digits)) {
    const significant = digits.slice(2).replace(/^0+(?=.)/, '');
    return significant.length <= MAX_BINARY_DIGITS ? Number(`0b${significant}`) : null;
  }
  const hexadecimal = HEXADECIMAL.exec(digits);
  if (hexadecimal === null) return null;
  const [, whole = '', fraction = '', sign = '', exponent] = hexadecimal;
  if (!isReadable(exponent)) return null;
  const shift = Number(`${sign}${exponent ?? 0}`);
  return fromHexadecimal(whole + fraction, shift - 4 * fraction.length);
}

function isReadable(exponent: string | undefined): boolean {
  return exponent === undefined || Number(exponent) <= MAX_EXPONENT;
}

/** Bits kept of a hexadecimal number, above the 54 that rounding looks at; the rest only says whether it is zero. */
const KEPT_DIGITS = 20;

// `0x<digits> * 2^shift`, rounded to nearest, ties to even, also where doubles are subnormal.
function fromHexadecimal(digits: string, shift: number): number {
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return 0;
  const kept = significant.slice(0, KEPT_DIGITS);
  const rest = significant.slice(KEPT_DIGITS);
  const isExact = /^0*$/.test(rest);
  // One more bit stands for all that was cut off.
  const mantissa = (BigInt(`0x${kept}`) << 1n) | (isExact ? 0n : 1n);
  const exponent = shift + 4 * rest.length - 1;
  return scaled(mantissa, exponent);
}

function scaled(mantissa: bigint, exponent: number): number {
  const surplus = Math.max(0, mantissa.toString(2).length - 53, -1074 - exponent);
  // More than 2 bits beyond the mantissa: nothing of it is left.
  if (surplus > 4 * KEPT_DIGITS + 3) return 0;
  const cut = BigInt(surplus);
  let rounded = mantissa >> cut;
  const remainder = mantissa - (rounded << cut);
  const half = cut === 0n ? 1n : 1n << (cut - 1n);
  if (remainder > half || (remainder === half && (rounded & 1n) === 1n)) rounded++;
  return timesPowerOfTwo(Number(rounded), exponent + surplus);
}

// In two steps, as the power alone may be out of range where the product is not; both are exact.
function timesPowerOfTwo(value: number, exponent: number): number {
  const first = Math.max(-1000, Math.min(1000, exponent));
  const second = Math.max(-1074, Math.min(1023, exponent - first));
  return value * 2 ** first * 2 ** second;
}

/** The number that a string is to `tonumber` with a base from 2 to 36; null where it is none. */
export function numberInBase(text: string, base: number): number | null {
  ensureStack();
  const [, sign, digits = ''] = /^[ \t\v\f\n\r]*([+-]?)([\da-z]+)[ \t\v\f\n\r]*$/i.exec(text) ?? [];
  const prefix = base === 16 ? /^0x(?=.)/i : /^$/;
  let number = 0;
  const plain = digits.replace(prefix, '');
  if (plain === '') return null;
  for (const digit of plain) {
    const value = Number.parseInt(digit, 36);
    if (value >= base) return null;
    number = number * base + value;
  }
  return sign === '-' ? -number : number;
}
