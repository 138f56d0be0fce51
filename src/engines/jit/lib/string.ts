/**
 * `string`, but for what goes by patterns (`matching.ts`) and `format`. Strings are bytes: case is that of ASCII, as in the C locale.
 * @module
 */
import { compiled } from '../../../util/stack.ts';
import { bytesOfString, stringOf } from '../ffi/bytes.ts';
import { builtIn, NONE } from '../runtime/functions.ts';
import { fault } from '../runtime/errors.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { badArgument, functionArgument, integerArgument, stringArgument, toInteger } from './arguments.ts';
import { formatFunction } from './format.ts';
import { checkLength } from './limits.ts';
import { matchingFunctions } from './matching.ts';

/** Results of `string.byte`; LuaJIT's limit. */
const MAX_RESULTS = 8000;

/** Opens the library; its table is `state.strings`, where methods of strings are looked up. */
export function openString(state: LuaState): LuaTable {
  const { gmatch, ...matching } = matchingFunctions(state);
  const fields = { byte, char, dump, find: matching.find, format: formatFunction(state), gmatch, gsub: matching.gsub, len, lower };
  return state.library({ ...fields, match: matching.match, rep: repetition(state), reverse, sub, upper }, state.strings);
}

function byte(text: unknown, from: unknown, to: unknown): unknown {
  if (typeof text === 'string' && typeof from === 'number' && to === undefined) {
    const at = from - 1;
    if (at >= 0 && at < text.length) return text.charCodeAt(at);
  }
  return bytes(text, from, to, arguments.length);
}

function bytes(text: unknown, from: unknown, to: unknown, count: number): unknown {
  const string = stringArgument(text, 1, 'byte', count);
  let first = from === undefined ? 1 : integerArgument(from, 2, 'byte', count);
  let last = to === undefined ? first : integerArgument(to, 3, 'byte', count);
  if (first < 0) first += string.length + 1;
  if (last < 0) last += string.length + 1;
  first = Math.max(first, 1);
  last = Math.min(last, string.length);
  if (first > last) return NONE;
  if (first === last) return string.charCodeAt(first - 1);
  if (last - first >= MAX_RESULTS) throw fault('string slice too long');
  const codes: number[] = [];
  for (let at = first - 1; at < last; at++) codes.push(string.charCodeAt(at));
  return codes;
}

function char(code: unknown): string {
  const count = arguments.length;
  if (count === 1) return String.fromCharCode(characterCode(code, 1, 1));
  let text = '';
  for (let i = 0; i < count; i++) text += String.fromCharCode(characterCode(arguments[i], i + 1, count));
  return text;
}

function characterCode(value: unknown, index: number, count: number): number {
  const code = typeof value === 'number' && (value & 0xff) === value ? value : integerArgument(value, index, 'char', count);
  if ((code & 0xff) !== code) throw badArgument(index, 'char', 'invalid value');
  return code;
}

function dump(fn: unknown): never {
  functionArgument(fn, 1, 'dump', arguments.length);
  // What LuaJIT says of functions that have no bytecode.
  throw fault('unable to dump given function');
}

function len(text: unknown): number {
  // A missing argument is nil here: in LuaJIT this is written in Lua.
  return (typeof text === 'string' ? text : stringArgument(text, 1, 'len', 1)).length;
}

function lower(text: unknown): string {
  const string = stringArgument(text, 1, 'lower', arguments.length);
  return isAscii(string) ? string.toLowerCase() : string.replace(CAPITALS, (letters) => letters.toLowerCase());
}

function upper(text: unknown): string {
  const string = stringArgument(text, 1, 'upper', arguments.length);
  return isAscii(string) ? string.toUpperCase() : string.replace(SMALL_LETTERS, (letters) => letters.toUpperCase());
}

const HIGH = compiled(/[\x80-\xff]/);
const CAPITALS = compiled(/[A-Z]+/g);
const SMALL_LETTERS = compiled(/[a-z]+/g);

function isAscii(text: string): boolean {
  return !HIGH.test(text);
}

function reverse(text: unknown): string {
  const string = stringArgument(text, 1, 'reverse', arguments.length);
  return stringOf(bytesOfString(string).reverse(), 0, string.length);
}

function repetition(state: LuaState): (text: unknown, times: unknown, separator: unknown) => string {
  return builtIn('rep', function rep(text: unknown, times: unknown, separator: unknown): string {
    const count = arguments.length;
    const string = stringArgument(text, 1, 'rep', count);
    const number = integerArgument(times, 2, 'rep', count);
    const between = separator === undefined ? '' : stringArgument(separator, 3, 'rep', count);
    if (number <= 0) return '';
    checkLength(state, string.length * number + between.length * (number - 1));
    return between === '' ? string.repeat(number) : (string + between).repeat(number - 1) + string;
  });
}

function sub(text: unknown, from: unknown, to: unknown): string {
  const count = arguments.length;
  const string = typeof text === 'string' ? text : stringArgument(text, 1, 'sub', count);
  let first = typeof from === 'number' ? toInteger(from) : integerArgument(from, 2, 'sub', count);
  if (first < 0) first = Math.max(first + string.length + 1, 1);
  if (to === undefined) return string.slice(first > 0 ? first - 1 : 0);
  let last = typeof to === 'number' ? toInteger(to) : integerArgument(to, 3, 'sub', count);
  if (last < 0) last += string.length + 1;
  return last > 0 ? string.slice(first > 0 ? first - 1 : 0, last) : '';
}
