/**
 * JavaScript's numbers, bigints and booleans as scalars hold them: low bits only, as in C, or nothing but what fits.
 * @module
 */
import { type BitField, type CType, printType } from '../ctype/index.ts';
import { describe, nameOf, type Overflow, type Where } from './accessor.ts';
import type { Raw, Scalar } from './scalar.ts';

/**
 * `value` as a scalar holds it. Numbers, bigints and booleans stand in for one another, as in C.
 * @throws {TypeError} when it is none of these
 * @throws {RangeError} when a 64-bit integer is asked of NaN or an infinity
 */
export function toRaw({ kind, isFloat }: Pick<Scalar, 'kind' | 'isFloat'>, value: unknown, where: Where): Raw {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') {
    throw new TypeError(`${nameOf(where)}: expected a ${kind}, got ${describe(value)}`);
  }
  switch (kind) {
    case 'number':
      // An integer stores the low bits of a bigint, which a double could not hold.
      return typeof value === 'bigint' && isFloat !== true ? Number(BigInt.asIntN(32, value)) : Number(value);
    case 'bigint':
      if (typeof value !== 'number') return BigInt(value);
      if (!Number.isFinite(value)) throw new RangeError(`${nameOf(where)}: ${value} is no integer`);
      return BigInt(Math.trunc(value));
    case 'boolean':
      return Boolean(value) || Number.isNaN(value);
  }
}

/** What becomes of a value that is written to a scalar. */
export interface Conversion {
  /** `typeof` of values that are stored as they are; empty where there are none. */
  readonly unchanged: string;
  /** Makes of other values what is stored; throws what `toRaw` throws, and a `RangeError` for what does not fit where that is not to wrap. */
  readonly convert: (value: unknown, where: Where) => unknown;
}

/** The conversion for a scalar, or for a bit-field where there are `bits`. */
export function conversionFor(scalar: Scalar, type: CType, bits: BitField | null, overflow: Overflow): Conversion {
  const { kind } = scalar;
  const convert = (value: unknown, where: Where): unknown => toRaw(scalar, value, where);
  if (overflow === 'wrap' || kind === 'boolean' || scalar.isFloat === true) return { unchanged: kind, convert };
  const { low, high } = rangeOf(type, bits);
  const checked = (value: unknown, where: Where): unknown => {
    const isInside =
      typeof value === 'number'
        ? Number.isInteger(value) && BigInt(value) >= low && BigInt(value) <= high
        : typeof value !== 'bigint' || (value >= low && value <= high);
    if (isInside) return convert(value, where);
    const width = bits === null ? '' : ` : ${bits.bitWidth}`;
    throw new RangeError(`${nameOf(where)}: ${value} is not in the range of ${printType(type)}${width} (${low} to ${high})`);
  };
  return { unchanged: '', convert: checked };
}

// The least and the greatest value of an integer type or of a bit-field.
function rangeOf(type: CType, bits: BitField | null): { low: bigint; high: bigint } {
  const width = BigInt(bits?.bitWidth ?? (type.size as number) * 8);
  const isSigned = type.kind === 'integer' ? type.isSigned : type.kind === 'enum' && type.definition.layout?.isSigned === true;
  return isSigned ? { low: -(1n << (width - 1n)), high: (1n << (width - 1n)) - 1n } : { low: 0n, high: (1n << width) - 1n };
}
