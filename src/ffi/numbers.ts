/**
 * Conversions between numbers as C and LuaJIT make them: doubles to integers by way of 64 bits, integers by their
 * low bits.
 * @module
 */
import type { CType } from '../ctype/index.ts';
import type { Raw } from '../view/index.ts';

const INTEGER = new BigInt64Array(1);
const WORDS = new Int32Array(INTEGER.buffer);
/** Which of the words is the low one, by the host's byte order. */
const LOW: number = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

/** Sizes and counts that programs pass most: to make a bigint of a number takes as long as a whole call. */
const SMALL: readonly bigint[] = Array.from({ length: 2048 }, (_, i) => BigInt(i));

/** A double as a 64-bit integer; what does not fit is -2^63, as x86-64's conversion gives it. */
export function doubleToInt64(value: number): bigint {
  const small = value & (SMALL.length - 1);
  if (small === value) return SMALL[small] as bigint;
  if (!(value >= -TWO_63 && value < TWO_63)) return -(1n << 63n);
  // Two words are quicker than `BigInt(value)`.
  const whole = Math.trunc(value);
  WORDS[LOW] = whole;
  WORDS[1 - LOW] = Math.floor(whole / 2 ** 32);
  return INTEGER[0] as bigint;
}

/** A double as an unsigned 64-bit integer, by way of a signed one as LuaJIT does it on x86-64: what is too large is less 2^64. */
export function doubleToUint64(value: number): bigint {
  const small = value & (SMALL.length - 1);
  if (small === value) return SMALL[small] as bigint;
  const integer = doubleToInt64(value >= TWO_63 ? value - TWO_64 : value);
  return integer >= 0n ? integer : BigInt.asUintN(64, integer);
}

/** A number as an address: the bits of a pointer of `size` bytes, those of 64 bits as a signed number. */
export function toAddress(value: Raw, size: number): number {
  const bits = typeof value === 'number' ? doubleToInt64(value) : BigInt(value);
  return Number(size === 8 ? BigInt.asIntN(64, bits) : BigInt.asUintN(size * 8, bits));
}

/** Whether values of a type are numbers to the ffi, or become such: bools and enums, too. */
export function isNumber(type: CType): boolean {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'bool' || type.kind === 'enum';
}

export function isUnsigned64(type: CType): boolean {
  return type.kind === 'integer' && type.size === 8 && !type.isSigned;
}

/** `value` as an integer type of 64 bits or fewer, or a bool, or a float type, holds it. */
export function convertNumber(value: Raw, type: CType): Raw {
  switch (type.kind) {
    case 'bool':
      return Boolean(value) || Number.isNaN(value);
    case 'float': {
      const number = Number(value);
      return type.size === 4 ? Math.fround(number) : number;
    }
    case 'integer':
    case 'enum':
      return convertInteger(value, type.size ?? 4, type.kind === 'integer' ? type.isSigned : type.definition.layout?.isSigned === true);
    default:
      return value;
  }
}

/** `convertNumber` from numbers to a type that holds numbers: as the bits that are written to memory, of whatever sign. */
export function numberConverter(type: CType): (value: number) => number {
  return type.kind === 'float' ? same : lowBits;
}

/** `convertNumber` from numbers to one type. */
export function rawConverter(type: CType): (value: number) => Raw {
  if (type.kind === 'integer' && type.size === 8) return type.isSigned ? doubleToInt64 : doubleToUint64;
  if (type.kind === 'integer' && type.size === 4 && type.isSigned) return lowBits;
  return (value) => convertNumber(value, type);
}

function same(value: number): number {
  return value;
}

function convertInteger(value: Raw, size: number, isSigned: boolean): number | bigint {
  if (size <= 4) {
    const low = typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : lowBits(Number(value));
    const spare = 32 - size * 8;
    return isSigned ? (low << spare) >> spare : (low << spare) >>> spare;
  }
  if (typeof value === 'number') return isSigned ? doubleToInt64(value) : doubleToUint64(value);
  return isSigned ? BigInt.asIntN(64, BigInt(value)) : BigInt.asUintN(64, BigInt(value));
}

// ToInt32 takes an integer's low bits, which is what is wanted, but goes on where a 64-bit integer ends.
function lowBits(value: number): number {
  return value >= -TWO_63 && value < TWO_63 ? value | 0 : 0;
}
