/**
 * `<math.h>`: C11 7.12, in `double` and, with an `f` behind the name, in `float`. What C computes as the JavaScript engine
 * does is the engine's, so a last digit may differ from another library's.
 * @module
 */
import type { Place } from '../../memory/index.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { span, storeInteger } from './bytes.ts';
import { EDOM, ERANGE } from './errors.ts';
import { exactDouble } from './floats.ts';

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

/** To the nearest integer, halves to even: the rounding mode that programs start with. */
function roundEven(x: number): number {
  const floor = Math.floor(x);
  const difference = x - floor;
  if (difference === 0 || !Number.isFinite(x)) return x;
  const rounded = difference < 0.5 || (difference === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return rounded === 0 && x < 0 ? -0 : rounded;
}

/** To the nearest integer, halves away from zero. */
function roundAway(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

function scale(x: number, exponent: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  // In steps, so that no factor overflows; steps down keep 53 bits until the last.
  let value = x;
  let left = Math.max(-4400, Math.min(4400, exponent));
  for (; left > 1000; left -= 1000) value *= 2 ** 1000;
  for (; left < -900; left += 900) {
    // A subnormal intermediate would be rounded twice.
    if (Math.abs(value) < 2 ** -100) return value * 2 ** -900 * 2 ** Math.max(left + 900, -1074);
    value *= 2 ** -900;
  }
  return value * 2 ** left;
}

// x = fraction * 2 ** exponent, with 0.5 <= fraction < 1.
function split(x: number): { fraction: number; exponent: number } {
  if (x === 0 || !Number.isFinite(x)) return { fraction: x, exponent: 0 };
  const { mantissa, exponent } = exactDouble(x);
  const bits = mantissa.toString(2).length;
  return { fraction: (Math.sign(x) * Number(mantissa)) / 2 ** bits, exponent: exponent + bits };
}

// IEEE 754: x - n * y with n the integer nearest to x / y.
function remainder(x: number, y: number): number {
  if (!Number.isFinite(x) || Number.isNaN(y)) return Number.NaN;
  if (!Number.isFinite(y)) return x;
  const size = Math.abs(y);
  // n is even or odd: reduced by 2y first, the rest says which.
  let rest = size <= Number.MAX_VALUE / 2 ? Math.abs(x) % (2 * size) : Math.abs(x);
  if (rest * 2 > size || rest > size / 2) {
    rest -= size;
    if (rest * 2 >= size) rest -= size;
  }
  const signed = x < 0 || Object.is(x, -0) ? -rest : rest;
  return signed === 0 ? Math.sign(x) * 0 || (Object.is(x, -0) || x < 0 ? -0 : 0) : signed;
}

// C11 F.10.4.4: 1 to any power is 1, as is -1 to an infinite one.
function power(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) return 1;
  return x ** y;
}

// A NaN counts as missing.
const least: Binary = (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y));
const most: Binary = (x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y));

function copySign(x: number, y: number): number {
  const isNegative = y < 0 || Object.is(y, -0);
  return isNegative ? -Math.abs(x) : Math.abs(x);
}

const UNARY: Readonly<Record<string, Unary>> = {
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  exp10: (x) => 10 ** x,
  expm1: Math.expm1,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  fabs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: roundAway,
  rint: roundEven,
  nearbyint: roundEven,
};

const BINARY: Readonly<Record<string, Binary>> = {
  pow: power,
  atan2: Math.atan2,
  fmod: (x, y) => x % y,
  remainder,
  hypot: (x, y) => Math.hypot(x, y),
  fmin: least,
  fmax: most,
  fdim: (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : x > y ? x - y : 0),
  copysign: copySign,
};

// Where a result of zero means that it was too small.
const UNDERFLOWS: ReadonlySet<string> = new Set(['exp', 'exp2', 'exp10', 'pow', 'atan2', 'ldexp', 'scalbn']);

/** The two widths: type, what is behind the names, and how a result is rounded. */
const WIDTHS = [
  ['double', '', (x: number) => x],
  ['float', 'f', Math.fround],
] as const;

export function mathFunctions({ errno }: Machine): CFunctions {
  // C11 7.12.1: no number from numbers is a domain error, an infinite one from finite ones a range error.
  function checked(name: string, result: number, x: number, y = 0): number {
    if (Number.isNaN(result)) {
      if (!Number.isNaN(x) && !Number.isNaN(y)) errno.value = EDOM;
    } else if (Number.isFinite(x) && Number.isFinite(y)) {
      if (!Number.isFinite(result) || (result === 0 && x !== 0 && UNDERFLOWS.has(name))) errno.value = ERANGE;
    }
    return result;
  }

  const functions: Record<string, CFunctions[string]> = {};
  for (const [real, suffix, round] of WIDTHS) {
    for (const [name, run] of Object.entries(UNARY)) {
      functions[`${real} ${name}${suffix}(${real})`] = (x: number) => checked(name, round(run(x)), x);
    }
    for (const [name, run] of Object.entries(BINARY)) {
      functions[`${real} ${name}${suffix}(${real}, ${real})`] = (x: number, y: number) => checked(name, round(run(x, y)), x, y);
    }
    for (const name of ['ldexp', 'scalbn']) {
      functions[`${real} ${name}${suffix}(${real}, int)`] = (x: number, exponent: number) => checked(name, round(scale(x, exponent)), x);
    }
    for (const [integer, prefix] of [
      ['long', 'l'],
      ['long long', 'll'],
    ]) {
      functions[`${integer} ${prefix}round${suffix}(${real})`] = roundAway;
      functions[`${integer} ${prefix}rint${suffix}(${real})`] = roundEven;
    }
    functions[`${real} frexp${suffix}(${real}, int *)`] = (x: number, exponent: Place) => {
      const parts = split(x);
      storeInteger(exponent, 4, parts.exponent, 'frexp');
      return parts.fraction;
    };
    functions[`${real} modf${suffix}(${real}, ${real} *)`] = (x: number, whole: Place) => splitWhole(x, whole, suffix === 'f' ? 4 : 8);
  }
  return functions;
}

function splitWhole(x: number, whole: Place, size: 4 | 8): number {
  const bytes = span(whole, size, 'modf');
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  if (size === 8) view.setFloat64(0, Math.trunc(x), true);
  else view.setFloat32(0, Math.trunc(x), true);
  return copySign(Number.isFinite(x) ? x % 1 : Number.isNaN(x) ? x : 0, x);
}
