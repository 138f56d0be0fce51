/**
 * `string.format` as LuaJIT has it, but for what depends on an engine's values: formats to pieces, and numbers and strings by one. Integers have
 * 64 bits; floats have JavaScript's digits, which are exact, and ties go up, as in LuaJIT.
 * @module
 */
import { compiled, ensureStack } from '../util/stack.ts';

/** A conversion of a format, `%-5.2f`. */
export interface Conversion {
  readonly flags: string;
  readonly width: number;
  /** Null where none was given. */
  readonly precision: number | null;
  readonly letter: string;
}

/** A piece of a format: text, or a conversion. What is wrong with it is raised when its turn comes. */
export type FormatPiece = string | Conversion | { readonly invalid: string };

const CONVERSION = /%([-+ #0]*)(\d{0,2})(?:(\.)(\d{0,2}))?/y;
const TRAILING_ZEROS = compiled(/(\.\d*?)0+(?=e|$)/);
const TRAILING_POINT = compiled(/\.(?=e|$)/);
const SHORT_EXPONENT = compiled(/^([+-])(\d)$/);
const FINAL_ZEROS = compiled(/0+$/);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are written as escapes
const TO_QUOTE = compiled(/["\\\n\x00-\x1f\x7f]/g);
const DIGITS = '0123456789';
const LETTERS = 'diuoxXcsqaAeEfFgGp';

/** The pieces of a format, up to the first that is none. */
export function parseFormat(format: string): FormatPiece[] {
  ensureStack();
  const pieces: FormatPiece[] = [];
  let at = 0;
  for (;;) {
    const percent = format.indexOf('%', at);
    if (percent < 0) break;
    if (percent > at) pieces.push(format.slice(at, percent));
    if (format[percent + 1] === '%') {
      pieces.push('%');
      at = percent + 2;
      continue;
    }
    CONVERSION.lastIndex = percent;
    const [, flags = '', width, point, precision] = CONVERSION.exec(format) as RegExpExecArray;
    const end = CONVERSION.lastIndex;
    const letter = format.charAt(end);
    at = end + 1;
    if (letter === '' || !LETTERS.includes(letter)) {
      pieces.push({ invalid: format.slice(percent, end + 1) });
      break;
    }
    pieces.push({ flags, width: Number(width), precision: point === undefined ? null : Number(precision), letter });
  }
  if (at < format.length) pieces.push(format.slice(at));
  return pieces;
}

const LEAST = -(2 ** 63);

/** A number as the integer that a conversion such as `%d` or `%x` writes: truncated, to 64 bits; what has no place there is the least one. */
export function formatInteger(value: number, { letter }: Conversion): bigint {
  const isSigned = letter === 'd' || letter === 'i';
  const placed = !isSigned && value >= 2 ** 63 ? value - 2 ** 64 : value;
  return BigInt(placed >= LEAST && placed < 2 ** 63 ? Math.trunc(placed) : LEAST);
}

/** Whether a number is written by `%d`, `%x` ... as it is: its digits need no 64 bits. */
export function isPlainInteger(value: number, { letter }: Conversion): boolean {
  return Number.isSafeInteger(value) && (value >= 0 || letter === 'd' || letter === 'i');
}

/** `%d %i %u %o %x %X`, of 64 bits or a plain integer */
export function integerText(value: bigint | number, { flags, width, precision, letter }: Conversion): string {
  const isSigned = letter === 'd' || letter === 'i';
  const number = typeof value === 'number' ? value : isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  const radix = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  const magnitude = (number < 0 ? -number : number).toString(radix);
  const isZero = magnitude === '0';
  let digits = precision === 0 && isZero ? '' : magnitude;
  if (precision !== null) digits = digits.padStart(precision, '0');
  if (flags.includes('#') && letter === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
  if (letter === 'X') digits = digits.toUpperCase();
  let prefix = isSigned ? signOf(flags, number < 0) : '';
  if (flags.includes('#') && radix === 16 && !isZero) prefix = letter === 'X' ? '0X' : '0x';
  return padded(prefix, digits, { flags, width, precision, letter }, precision === null);
}

function signOf(flags: string, isNegative: boolean): string {
  if (isNegative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

/** `%e %f %g %a`, also in capitals */
export function floatText(value: number, conversion: Conversion): string {
  const { flags, letter, width, precision } = conversion;
  const isNumber = Number.isFinite(value);
  // Most often as `%.2f` or `%6.1f`.
  if (letter === 'f' && flags === '' && isNumber) {
    const digits = fixed(Math.abs(value), precision ?? 6);
    const shown = value < 0 || Object.is(value, -0) ? `-${digits}` : digits;
    return shown.length >= width ? shown : shown.padStart(width);
  }
  const lower = letter.toLowerCase();
  const magnitude = Math.abs(value);
  let text = isNumber ? finiteText(magnitude, lower, conversion) : Number.isNaN(value) ? 'nan' : 'inf';
  if (lower !== letter) text = text.toUpperCase();
  // NaN has no sign, not even where one is asked for.
  let prefix = Number.isNaN(value) ? (flags.includes(' ') ? ' ' : '') : signOf(flags, value < 0 || Object.is(value, -0));
  // The zeros of a width go behind the 0x.
  if (isNumber && lower === 'a') {
    prefix += text.slice(0, 2);
    text = text.slice(2);
  }
  return padded(prefix, text, conversion, isNumber);
}

// JavaScript's digits are exact, and ties go up, as in LuaJIT.
function finiteText(value: number, letter: string, { flags, precision }: Conversion): string {
  const isAlternate = flags.includes('#');
  const places = precision ?? 6;
  if (letter === 'a') return hexadecimal(value, precision, isAlternate);
  if (letter === 'f') return pointed(fixed(value, places), isAlternate);
  if (letter === 'e') return scientific(value, places, isAlternate);
  const count = places === 0 ? 1 : places;
  const exponent = value === 0 ? 0 : Number(value.toExponential(count - 1).split('e')[1]);
  const isShort = exponent < -4 || exponent >= count;
  const text = isShort ? scientific(value, count - 1, isAlternate) : pointed(fixed(value, count - 1 - exponent), isAlternate);
  return isAlternate ? text : text.replace(TRAILING_ZEROS, '$1').replace(TRAILING_POINT, '');
}

/** Powers of ten, for the places that are found by one multiplication. */
const SCALES = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
/** Products below this are less than 2^-22 from the exact ones. */
const MOST_SCALED = 2 ** 31;
/** How far from a tie the product is to be, so that it is rounded as the exact one is. */
const FROM_TIE = 1e-6;

function fixed(value: number, places: number): string {
  const scaled = value * (SCALES[places] ?? Number.POSITIVE_INFINITY);
  if (scaled < MOST_SCALED) {
    const whole = Math.floor(scaled);
    const above = scaled - whole - 0.5;
    if (above > FROM_TIE) return pointedAt(`${whole + 1}`, places);
    if (above < -FROM_TIE) return pointedAt(`${whole}`, places);
  }
  if (value < 1e21 && places <= 100) return value.toFixed(places);
  // Beyond 10^21 there is no fraction.
  return value >= 1e21 ? BigInt(value).toString() + (places > 0 ? `.${'0'.repeat(places)}` : '') : value.toFixed(100).padEnd(places, '0');
}

// An integer of so many decimal places.
function pointedAt(digits: string, places: number): string {
  if (places === 0) return digits;
  const all = digits.length > places ? digits : digits.padStart(places + 1, '0');
  return `${all.slice(0, -places)}.${all.slice(-places)}`;
}

function scientific(value: number, places: number, isAlternate: boolean): string {
  const [digits, exponent] = value.toExponential(places).split('e') as [string, string];
  return `${pointed(digits, isAlternate)}e${exponent.replace(SHORT_EXPONENT, '$10$2')}`;
}

function pointed(digits: string, isAlternate: boolean): string {
  return isAlternate && !digits.includes('.') ? `${digits}.` : digits;
}

// `0x1.8p+1`
function hexadecimal(value: number, precision: number | null, isAlternate: boolean): string {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
  const biased = Number(bits >> 52n);
  let mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  let exponent = value === 0 ? 0 : Math.max(biased, 1) - 1023;
  while (mantissa !== 0n && mantissa < 1n << 52n) {
    mantissa <<= 1n;
    exponent--;
  }
  const places = precision ?? 13;
  const cut = BigInt(52 - 4 * Math.min(places, 13));
  if (cut > 0n) mantissa = ((mantissa + (1n << (cut - 1n))) >> cut) << cut;
  const fraction = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, '0');
  const shown = precision === null ? fraction.replace(FINAL_ZEROS, '') : fraction.slice(0, places).padEnd(places, '0');
  const digits = `${mantissa >> 52n}${shown === '' ? (isAlternate ? '.' : '') : `.${shown}`}`;
  return `0x${digits}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** `%c %p %s` */
export function paddedText(text: string, conversion: Conversion): string {
  return padded('', text, conversion, false);
}

function padded(prefix: string, body: string, { flags, width }: Conversion, mayFillZeros: boolean): string {
  const missing = width - prefix.length - body.length;
  if (missing <= 0) return prefix + body;
  if (flags.includes('-')) return prefix + body + ' '.repeat(missing);
  if (mayFillZeros && flags.includes('0')) return prefix + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + prefix + body;
}

/** `%q`: a string that Lua reads back. */
export function quotedText(text: string): string {
  const body = text.replace(TO_QUOTE, (character, at: number) => {
    if (character === '\n') return '\\\n';
    if (character === '"' || character === '\\') return `\\${character}`;
    const code = String(character.charCodeAt(0));
    return `\\${DIGITS.includes(text.charAt(at + 1) || ' ') ? code.padStart(3, '0') : code}`;
  });
  return `"${body}"`;
}
