/**
 * Doubles as `printf` writes them: `%f %e %g %a` (C11 7.21.6.1), with every digit exact.
 * @module
 */
import { divideRounded, exactDouble, type ExactDouble } from './floats.ts';

export interface FloatStyle {
  readonly conversion: 'f' | 'e' | 'g' | 'a';
  /** Null where none was given. */
  readonly precision: number | null;
  /** `#`: a point always, and no zeros dropped. */
  readonly isAlternate: boolean;
}

const DEFAULT_PRECISION = 6;

/** The magnitude of a finite double, without sign; in lower case. */
export function floatText(value: number, { conversion, precision, isAlternate }: FloatStyle): string {
  const exact = exactDouble(value);
  if (conversion === 'a') return hexadecimal(exact, precision, isAlternate);
  const places = precision ?? DEFAULT_PRECISION;
  if (conversion === 'f') return fixed(exact, places, isAlternate);
  if (conversion === 'e') return scientific(significant(exact, places + 1), places, isAlternate);
  // %g: the shorter of both, after rounding.
  const count = places === 0 ? 1 : places;
  const rounded = significant(exact, count);
  const isShort = rounded.exponent < -4 || rounded.exponent >= count;
  const text = isShort
    ? scientific(rounded, count - 1, isAlternate)
    : withPoint(pointed(rounded, count - 1 - rounded.exponent), isAlternate);
  return isAlternate ? text : text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}

/** Significant decimal digits: `d.ddd * 10 ** exponent`. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

const ten = (power: number): bigint => 10n ** BigInt(power);

// value * 10 ** power, to the nearest integer.
function timesPowerOfTen({ mantissa, exponent }: ExactDouble, power: number): bigint {
  const numerator = mantissa * (exponent > 0 ? 1n << BigInt(exponent) : 1n) * (power > 0 ? ten(power) : 1n);
  const denominator = (exponent < 0 ? 1n << BigInt(-exponent) : 1n) * (power < 0 ? ten(-power) : 1n);
  return divideRounded(numerator, denominator);
}

function significant(exact: ExactDouble, count: number): Decimal {
  if (exact.mantissa === 0n) return { digits: '0'.repeat(count), exponent: 0 };
  // An estimate, at most one too large or too small.
  const bits = exact.mantissa.toString(2).length + exact.exponent;
  let exponent = Math.floor((bits - 1) * Math.LOG10E * Math.LN2);
  for (;;) {
    const digits = timesPowerOfTen(exact, count - 1 - exponent).toString();
    if (digits.length === count) return { digits, exponent };
    exponent += digits.length > count ? 1 : -1;
  }
}

function fixed(exact: ExactDouble, places: number, isAlternate: boolean): string {
  const digits = timesPowerOfTen(exact, places)
    .toString()
    .padStart(places + 1, '0');
  const end = digits.length - places;
  return withPoint(places === 0 ? digits : `${digits.slice(0, end)}.${digits.slice(end)}`, isAlternate);
}

// Digits with `places` of them behind the point.
function pointed({ digits, exponent }: Decimal, places: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  return places === 0 ? digits : `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function withPoint(text: string, isAlternate: boolean): string {
  return isAlternate && !text.includes('.') ? `${text}.` : text;
}

function scientific({ digits, exponent }: Decimal, places: number, isAlternate: boolean): string {
  const mantissa = withPoint(places === 0 ? digits : `${digits[0]}.${digits.slice(1)}`, isAlternate);
  const power = Math.abs(exponent).toString().padStart(2, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${power}`;
}

// One digit before the point, 13 behind; subnormals start with 0, as glibc writes them.
function hexadecimal({ mantissa, exponent }: ExactDouble, precision: number | null, isAlternate: boolean): string {
  const FRACTION_DIGITS = 13;
  const power = mantissa === 0n ? 0 : exponent + 52;
  const dropped = precision === null ? 0 : Math.max(0, FRACTION_DIGITS - precision);
  const rounded = divideRounded(mantissa, 1n << BigInt(4 * dropped));
  const kept = FRACTION_DIGITS - dropped;
  const digits = rounded.toString(16).padStart(kept + 1, '0');
  const lead = digits.slice(0, digits.length - kept);
  const fraction = digits.slice(digits.length - kept);
  const shown = precision === null ? fraction.replace(/0+$/, '') : fraction.padEnd(precision, '0');
  const text = withPoint(shown === '' ? lead : `${lead}.${shown}`, isAlternate);
  return `0x${text}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}
