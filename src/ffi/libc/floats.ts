/**
 * Doubles and their exact value: a whole number times a power of two. Text and doubles convert through it, so that
 * every digit is right, and rounded half to even (IEEE 754-2019, 4.3.1).
 * @module
 */

/** The digits before a double's binary point end here; below are only zeros. */
const SMALLEST_EXPONENT = -1074;
const PRECISION_BITS = 53;

export interface ExactDouble {
  readonly isNegative: boolean;
  /** `mantissa * 2 ** exponent` is the magnitude. */
  readonly mantissa: bigint;
  readonly exponent: number;
}

const SCRATCH = new DataView(new ArrayBuffer(8));

/** The parts of a finite double. Subnormals have the exponent -1074, the others a mantissa of 53 bits. */
export function exactDouble(value: number): ExactDouble {
  SCRATCH.setFloat64(0, value);
  const bits = SCRATCH.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  return {
    isNegative: bits >> 63n === 1n,
    mantissa: biased === 0 ? fraction : fraction | (1n << 52n),
    exponent: (biased === 0 ? 1 : biased) - 1075,
  };
}

/** `numerator / denominator`, both not negative, to the nearest integer; halves to even. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  return twice > denominator || (twice === denominator && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** `mantissa * 2 ** exponent` as the nearest double: infinity where it is too large. */
export function scaledDouble(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(16).length * 4;
  // Far outside, where shifts would be huge.
  if (bits + exponent > 1100) return Number.POSITIVE_INFINITY;
  if (bits + exponent < -1100) return 0;
  const length = mantissa.toString(2).length;
  const shift = Math.max(length - PRECISION_BITS, SMALLEST_EXPONENT - exponent);
  const rounded = shift > 0 ? divideRounded(mantissa, 1n << BigInt(shift)) : mantissa;
  const scale = shift > 0 ? exponent + shift : exponent;
  // At most 54 bits with zeros behind, so each product is exact or overflows; in two steps, as 2 ** -1074 * 2 ** 52 is.
  const half = Math.trunc(scale / 2);
  return Number(rounded) * 2 ** half * 2 ** (scale - half);
}
