/**
 * `string.format` as LuaJIT's: fengari's has 32 bits, and leaves floats to a package that knows no infinity. Here integers
 * have 64 bits, also those of cdata; floats in `%d` are truncated, as LuaJIT does.
 * @module
 */
import { CData } from '../../ffi/index.ts';
import { cdataIn } from './adapter.ts';
import { argumentAt, badArgument, numberAt, wrongType } from './arguments.ts';
import type { FengariFfi } from './ffi.ts';
import { lobject } from './internals.ts';
import { latin1Of, latin1OfString } from './strings.ts';
import { lauxlib, lua, type LuaFunction, type LuaState, type LuaString, TAG, type TaggedValue, toLuaString, TYPE_MASK } from './vm.ts';

/** Replaces `string.format` in a state that has it. */
export function repairFormat(L: LuaState, state: FengariFfi): void {
  lua.lua_checkstack(L, 4);
  if (lua.lua_getglobal(L, toLuaString('string')) === TAG.table) {
    lua.lua_pushcfunction(L, state.wrap(formatter(state)));
    lua.lua_setfield(L, -2, toLuaString('format'));
  }
  lua.lua_pop(L, 1);
}

/** A conversion of a format, `%-5.2f`. */
interface Conversion {
  readonly flags: string;
  readonly width: number;
  /** Null where none was given. */
  readonly precision: number | null;
  readonly letter: string;
}

// The pieces of a format: text, and conversions. What is wrong with it is raised when its turn comes.
type Piece = string | Conversion | { readonly invalid: string };

const CONVERSION = /%([-+ #0]*)(\d{0,2})(?:(\.)(\d{0,2}))?/y;
const LETTERS = 'diuoxXcsqaAeEfgGp';
const MOST_FORMATS = 500;

function parse(format: string): Piece[] {
  const pieces: Piece[] = [];
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

function formatter(state: FengariFfi): LuaFunction {
  const { adapter } = state;
  const formats = new Map<string, Piece[]>();
  const piecesOf = (format: string): Piece[] => {
    let pieces = formats.get(format);
    if (pieces === undefined) {
      pieces = parse(format);
      if (formats.size < MOST_FORMATS) formats.set(format, pieces);
    }
    return pieces;
  };
  return (L) => {
    const first = argumentAt(L, 1);
    const type = first === undefined ? 'nil' : adapter.typeOf(first);
    if (type !== 'string' && type !== 'number') wrongType(adapter, first, 'string', 1, 'format');
    let text = '';
    let index = 1;
    for (const piece of piecesOf(type === 'string' ? adapter.toName(first as TaggedValue) : textAt(L, 1))) {
      if (typeof piece === 'string') text += piece;
      else if ('invalid' in piece) throw new TypeError(`invalid option '${piece.invalid}' to 'format'`);
      else text += convert(L, state, piece, ++index);
    }
    lua.lua_pushstring(L, latin1Bytes(text));
    return 1;
  };
}

function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// As `tostring` gives it, latin1.
function textAt(L: LuaState, index: number): string {
  lua.lua_checkstack(L, 4);
  const text = latin1Of(lauxlib.luaL_tolstring(L, index));
  lua.lua_pop(L, 1);
  return text;
}

function convert(L: LuaState, state: FengariFfi, conversion: Conversion, index: number): string {
  const { letter, precision } = conversion;
  const value = argumentAt(L, index) ?? badArgument(index, 'format', 'value expected');
  switch (letter) {
    case 's': {
      const text = value.type === TAG.string ? latin1OfString(value.value as LuaString) : textAt(L, index);
      return padded('', precision === null ? text : text.slice(0, precision), conversion, false);
    }
    case 'q':
      return quoted(textAt(L, index));
    case 'c':
      return padded('', String.fromCharCode(Math.trunc(numberAt(L, state.adapter, index, 'format')) & 0xff), conversion, false);
    case 'p':
      return padded('', addressText(L, state, value), conversion, false);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return integerText(integerAt(L, state, value, index), conversion);
    default:
      return floatText(numberAt(L, state.adapter, index, 'format'), conversion);
  }
}

// Of cdata, the 64-bit integers.
function integerAt(L: LuaState, { adapter, ffi }: FengariFfi, value: TaggedValue, index: number): bigint {
  const cdata = cdataIn(value);
  return (cdata === null ? null : ffi.integer64(cdata)) ?? toInteger(numberAt(L, adapter, index, 'format'));
}

// What `tostring` shows of things that have an identity; strings have none here.
function addressText(L: LuaState, { ffi }: FengariFfi, value: TaggedValue): string {
  const cdata = cdataIn(value);
  if (cdata instanceof CData) return ffi.address(cdata);
  if (!IDENTITIES.has(value.type & TYPE_MASK)) return 'NULL';
  lua.lua_checkstack(L, 4);
  const text = latin1Of(lobject.luaO_pushvfstring(L, toLuaString('%p'), [value.value]));
  lua.lua_pop(L, 1);
  return text;
}

const IDENTITIES: ReadonlySet<number> = new Set([TAG.table, TAG.function, TAG.userdata, TAG.thread]);

const LEAST = -(2 ** 63);

function toInteger(value: number): bigint {
  return value >= LEAST && value < 2 ** 64 ? BigInt(Math.trunc(value)) : BigInt(LEAST);
}

function integerText(value: bigint, { flags, width, precision, letter }: Conversion): string {
  const isSigned = letter === 'd' || letter === 'i';
  const number = isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  const radix = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  const magnitude = number < 0n ? -number : number;
  let digits = precision === 0 && magnitude === 0n ? '' : magnitude.toString(radix);
  if (precision !== null) digits = digits.padStart(precision, '0');
  if (flags.includes('#') && letter === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
  if (letter === 'X') digits = digits.toUpperCase();
  let prefix = isSigned ? signOf(flags, number < 0n) : '';
  if (flags.includes('#') && radix === 16 && number !== 0n) prefix = letter === 'X' ? '0X' : '0x';
  return padded(prefix, digits, { flags, width, precision, letter }, precision === null);
}

function signOf(flags: string, isNegative: boolean): string {
  if (isNegative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function floatText(value: number, conversion: Conversion): string {
  const { flags, letter } = conversion;
  const lower = letter.toLowerCase();
  const isNumber = Number.isFinite(value);
  const magnitude = Math.abs(value);
  let text = isNumber ? finiteText(magnitude, lower, conversion) : Number.isNaN(value) ? 'nan' : 'inf';
  if (lower !== letter) text = text.toUpperCase();
  let prefix = signOf(flags, value < 0 || Object.is(value, -0));
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
  return isAlternate ? text : text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}

function fixed(value: number, places: number): string {
  if (value < 1e21 && places <= 100) return value.toFixed(places);
  // Beyond 10^21 there is no fraction.
  return value >= 1e21 ? BigInt(value).toString() + (places > 0 ? `.${'0'.repeat(places)}` : '') : value.toFixed(100).padEnd(places, '0');
}

function scientific(value: number, places: number, isAlternate: boolean): string {
  const [digits, exponent] = value.toExponential(places).split('e') as [string, string];
  return `${pointed(digits, isAlternate)}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
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
  const shown = precision === null ? fraction.replace(/0+$/, '') : fraction.slice(0, places).padEnd(places, '0');
  const digits = `${mantissa >> 52n}${shown === '' ? (isAlternate ? '.' : '') : `.${shown}`}`;
  return `0x${digits}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

function padded(prefix: string, body: string, { flags, width }: Conversion, mayFillZeros: boolean): string {
  const missing = width - prefix.length - body.length;
  if (missing <= 0) return prefix + body;
  if (flags.includes('-')) return prefix + body + ' '.repeat(missing);
  if (mayFillZeros && flags.includes('0')) return prefix + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + prefix + body;
}

// A string that Lua reads back.
function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const body = text.replace(/["\\\n\x00-\x1f\x7f]/g, (character, at: number) => {
    if (character === '\n') return '\\\n';
    if (character === '"' || character === '\\') return `\\${character}`;
    const code = String(character.charCodeAt(0));
    return `\\${/\d/.test(text.charAt(at + 1)) ? code.padStart(3, '0') : code}`;
  });
  return `"${body}"`;
}
