/**
 * Text to numbers: `strtol`, `strtod` and those like them (C11 7.22.1), in the C locale.
 * @module
 */
import { ensureStack } from '../../util/stack.ts';
import type { Place } from '../../memory/index.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { advance, isNull, latin1Text, storePointer } from './bytes.ts';
import { digitValue, isSpace } from './character.ts';
import { EINVAL, ERANGE } from './errors.ts';
import { exactDouble, scaledDouble } from './floats.ts';

interface Integer {
  readonly value: bigint;
  readonly isNegative: boolean;
  /** Where reading stopped; 0 where there is no number. */
  readonly end: number;
}

const MINUS = 0x2d;
const PLUS = 0x2b;

const isIntegerPart = (c: number): boolean => digitValue(c) < 36 || c === MINUS || c === PLUS;
// Besides, `1.5` and `nan(text_1)`.
const isDoublePart = (c: number): boolean => isIntegerPart(c) || c === 0x2e || c === 0x28 || c === 0x29 || c === 0x5f;

interface Token {
  /** How many bytes of space there are in front. */
  readonly start: number;
  readonly text: Uint8Array;
}

// What may be a number. It is not looked for the end of the whole string: a list of numbers in a long one is read in linear time.
function tokenAt({ region, offset }: Place, isPart: (c: number) => boolean, what: string): Token {
  const { bytes } = region;
  region.check(offset, 1, what);
  let start = offset;
  while (isSpace(bytes[start] ?? 0)) start++;
  let end = start;
  while (isPart(bytes[end] ?? 0)) end++;
  if (end >= bytes.length) region.check(offset, bytes.length - offset + 1, `${what}: string without a terminating NUL`);
  return { start: start - offset, text: bytes.subarray(start, end) };
}

// `most`: what is beyond needs no exact value, and its digits no arithmetic.
function readInteger({ start: skipped, text }: Token, requested: number, most: bigint): Integer {
  let at = 0;
  const isNegative = text[at] === MINUS;
  if (isNegative || text[at] === PLUS) at++;
  const isHex = text[at] === 0x30 && ((text[at + 1] ?? 0) | 0x20) === 0x78 && digitValue(text[at + 2] ?? 0) < 16;
  if (isHex && (requested === 0 || requested === 16)) at += 2;
  const base = requested !== 0 ? requested : isHex ? 16 : text[at] === 0x30 ? 8 : 10;
  const start = at;
  let value = 0n;
  for (; at < text.length; at++) {
    const digit = digitValue(text[at] as number);
    if (digit >= base) break;
    if (value <= most) value = value * BigInt(base) + BigInt(digit);
  }
  return { value, isNegative, end: at === start ? 0 : skipped + at };
}

// The lengths of text that `strtod` takes. Quantifiers do not overlap, so matching is linear.
const SPECIAL = /^[+-]?(?:inf(?:inity)?|nan(?:\([0-9a-z_]*\))?)/i;
const HEXADECIMAL = /^[+-]?0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?/i;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i;

interface Double {
  readonly value: number;
  readonly end: number;
  /** Whether it is what the text says, and not the nearest double. Decimals behind the smallest normal double never are. */
  readonly isExact: boolean;
}

function readDouble({ start, text: bytes }: Token): Double {
  ensureStack();
  const text = latin1Text(bytes);
  const sign = text.startsWith('-') ? -1 : 1;
  const special = SPECIAL.exec(text);
  if (special !== null) {
    const value = /inf/i.test(special[0]) ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return { value, end: start + special[0].length, isExact: true };
  }
  const hex = HEXADECIMAL.exec(text);
  if (hex !== null && `${hex[1]}${hex[2] ?? ''}` !== '') {
    const { value, isExact } = hexValue(hex[1] ?? '', hex[2] ?? '', Number(hex[3] ?? 0));
    return { value: sign * value, end: start + hex[0].length, isExact };
  }
  const decimal = DECIMAL.exec(text);
  if (decimal === null) return { value: 0, end: 0, isExact: true };
  const isZero = !/[1-9]/.test(decimal[0].replace(/e.*/i, ''));
  return { value: Number(decimal[0]), end: start + decimal[0].length, isExact: isZero };
}

// Digits that no double can tell apart only say whether they are zero.
const HEX_DIGITS = 32;

function hexValue(whole: string, fraction: string, exponent: number): { value: number; isExact: boolean } {
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return { value: 0, isExact: true };
  const kept = digits.slice(0, HEX_DIGITS);
  const isMore = /[1-9a-f]/i.test(digits.slice(HEX_DIGITS));
  const mantissa = (BigInt(`0x${kept}`) << 1n) | (isMore ? 1n : 0n);
  const scale = exponent - 1 + 4 * (digits.length - kept.length - fraction.length);
  const value = scaledDouble(mantissa, scale);
  return { value, isExact: Number.isFinite(value) && isSame(value, mantissa, scale) };
}

// Whether a double is `mantissa * 2 ** scale`.
function isSame(value: number, mantissa: bigint, scale: number): boolean {
  const exact = exactDouble(value);
  if (exact.mantissa === 0n) return false;
  const shift = scale - exact.exponent;
  return shift >= 0 ? mantissa << BigInt(shift) === exact.mantissa : mantissa === exact.mantissa << BigInt(-shift);
}

const SMALLEST_NORMAL = 2 ** -1022;

export function numberTextFunctions({ memory, errno, abi }: Machine): CFunctions {
  function storeEnd(end: Place, s: Place, at: number): void {
    if (!isNull(end)) storePointer(end, advance(s, at), { memory, abi });
  }

  const integer =
    (name: string, bits: number, isSigned: boolean) =>
    (s: Place, end: Place, base: number): bigint => {
      if (base < 0 || base === 1 || base > 36) {
        errno.value = EINVAL;
        return 0n;
      }
      const most = (1n << BigInt(bits)) - 1n;
      const read = readInteger(tokenAt(s, isIntegerPart, name), base, most);
      storeEnd(end, s, read.end);
      const value = read.isNegative ? -read.value : read.value;
      const [low, high] = isSigned ? [-(most >> 1n) - 1n, most >> 1n] : [-most, most];
      if (value >= low && value <= high) return value;
      errno.value = ERANGE;
      return isSigned && read.isNegative ? low : high;
    };

  // Without the errors: atoi and those like it have none.
  const plain = (name: string, bits: number) => {
    const read = integer(name, bits, true);
    return (s: Place): bigint => {
      const before = errno.value;
      const value = read(s, memory.null, 10);
      errno.value = before;
      return value;
    };
  };

  const double = (name: string, s: Place, end: Place): number => {
    const read = readDouble(tokenAt(s, isDoublePart, name));
    storeEnd(end, s, read.end);
    const size = Math.abs(read.value);
    if (!read.isExact && (size === Number.POSITIVE_INFINITY || size < SMALLEST_NORMAL)) errno.value = ERANGE;
    return read.value;
  };

  const longBits = abi.longSize * 8;
  return {
    'long strtol(const char *, char **, int)': integer('strtol', longBits, true),
    'unsigned long strtoul(const char *, char **, int)': integer('strtoul', longBits, false),
    'long long strtoll(const char *, char **, int)': integer('strtoll', 64, true),
    'unsigned long long strtoull(const char *, char **, int)': integer('strtoull', 64, false),
    'double strtod(const char *, char **)': (s: Place, end: Place) => double('strtod', s, end),
    'int atoi(const char *)': plain('atoi', longBits),
    'long atol(const char *)': plain('atol', longBits),
    'long long atoll(const char *)': plain('atoll', 64),
    'double atof(const char *)': (s: Place) => double('atof', s, memory.null),
  };
}
