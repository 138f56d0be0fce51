/**
 * Spellings of literals to values (C11 6.4.4, 6.4.5). A returned string is the reason why there is no value.
 * @module
 */

import { shortened } from '../util/text.ts';
import { encodeUtf8 } from '../util/utf8.ts';
import type { BaseType, StringElement } from './ast.ts';

/** An integer constant; its type follows from the value and these marks (C11 6.4.4.1p5). */
export interface IntegerLiteral {
  readonly value: bigint;
  readonly isUnsigned: boolean;
  readonly longs: 0 | 1 | 2;
  readonly isDecimal: boolean;
}

/** The value of a floating constant; null when it is none. */
export function parseFloating(spelling: string): number | null {
  const decimal = /^((?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?)(?:[fFlLqQwW]|[fF]\d+x?)?$/.exec(spelling);
  if (decimal !== null) return Number(decimal[1]);
  const hex = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[fFlLqQ]?$/.exec(spelling);
  if (hex === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = hex;
  return Number(`0x${whole}${fraction || ''}` || '0') * 2 ** (Number(exponent) - fraction.length * 4);
}

/** The value of an integer constant, or what is wrong with it. */
export function parseInteger(spelling: string): IntegerLiteral | string {
  // What most constants are.
  if (/^(?:0|[1-9]\d{0,8})$/.test(spelling)) return { value: BigInt(Number(spelling)), isUnsigned: false, longs: 0, isDecimal: true };
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uU]?(?:ll|LL|[lL])?|(?:ll|LL|[lL])[uU])$/.exec(spelling);
  if (match === null) return `malformed number '${shortened(spelling, 40)}'`;
  const [, digits, suffix] = match as unknown as [string, string, string];
  if (digits.length > 100) return `integer constant '${shortened(digits, 40)}' is too large`;
  const isOctal = /^0\d/.test(digits);
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  if (value >= 1n << 64n) return `integer constant '${shortened(digits, 40)}' is too large`;
  const longs = /ll/i.test(suffix) ? 2 : /l/i.test(suffix) ? 1 : 0;
  return { value, isUnsigned: /u/i.test(suffix), longs, isDecimal: /^[1-9]/.test(digits) };
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, e: 27, E: 27 };

// One character or escape from the front of a literal's body: its value and how much text it took.
function firstCharacter(body: string): { value: number; length: number } {
  const escaped = /^\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/.exec(body);
  if (escaped === null) {
    const value = body.codePointAt(0) as number;
    return { value, length: value > 0xffff ? 2 : 1 };
  }
  const [all, hex, octal, short, long, simple] = escaped;
  const length = all.length;
  if (hex !== undefined) return { value: Number.parseInt(hex.slice(-8), 16), length };
  if (octal !== undefined) return { value: Number.parseInt(octal, 8), length };
  const universal = short ?? long;
  if (universal !== undefined) return { value: Number.parseInt(universal, 16), length };
  const character = simple as string;
  return { value: ESCAPES[character] ?? character.charCodeAt(0), length };
}

/** The value of a character constant (`'a'` is an `int`, of a signed char's value), or what is wrong with it. */
export function parseCharacter(spelling: string): number | string {
  const open = spelling.indexOf("'");
  const isWide = open > 0;
  let body = spelling.slice(open + 1, -1);
  if (body === '') return 'empty character constant';
  const values: number[] = [];
  while (body !== '') {
    const { value, length } = firstCharacter(body);
    body = body.slice(length);
    if (value >= 0) values.push(value);
  }
  if (isWide)
    return values.length === 1 ? (values[0] as number) : `character constant ${shortened(spelling, 40)} has more than one character`;
  if (values.some((value) => value > 0xff)) return `character constant ${shortened(spelling, 40)} does not fit a char`;
  if (values.length > 4) return `character constant ${shortened(spelling, 40)} is too long`;
  // gcc's rule for 'ab': the characters from left to right, eight bits each.
  if (values.length === 1) return ((values[0] as number) << 24) >> 24;
  return values.reduce((sum, value) => (sum << 8) | value, 0);
}

/** Whether a character constant is of one character, and has no prefix. */
export function isSingleCharacter(spelling: string): boolean {
  return spelling.startsWith("'") && firstCharacter(spelling.slice(1, -1)).length === spelling.length - 2;
}

/** The type of a floating constant, by its suffix. */
export function floatingType(spelling: string): BaseType {
  const [suffix = ''] = /(?:[lL]|[qQwW]|[fF](?:\d+x?)?)?$/.exec(spelling) as RegExpExecArray;
  if (/^0[xX]/.test(spelling) && !/[pP]/.test(spelling)) return 'double';
  if (/^[lLwW]$|^[fF]64x$/.test(suffix)) return 'long double';
  if (/^[qQ]$|^[fF]128$/.test(suffix)) return '_Float128';
  if (/^[fF](?:32)?$/.test(suffix)) return 'float';
  return /^[fF]16$/.test(suffix) ? '_Float16' : 'double';
}

/** What a string literal's elements are. */
export function stringElement(spelling: string): StringElement {
  if (spelling.startsWith('L')) return 'wchar_t';
  if (spelling.startsWith('U')) return 'char32_t';
  return spelling.startsWith('u') && !spelling.startsWith('u8') ? 'char16_t' : 'char';
}

/** How many elements a string literal has, without the zero at its end. An escaped number is one element. */
export function stringLength(spelling: string, element: StringElement): number {
  let body = spelling.slice(spelling.indexOf('"') + 1, -1);
  if (!body.includes('\\')) return elementsOf(body, element);
  let count = 0;
  while (body !== '') {
    const { value, length } = firstCharacter(body);
    const isNumber = /^\\[x0-7]/.test(body);
    body = body.slice(length);
    if (value >= 0) count += isNumber || value < 0x80 || value > 0x10ffff ? 1 : elementsOf(String.fromCodePoint(value), element);
  }
  return count;
}

function elementsOf(text: string, element: StringElement): number {
  if (element === 'char') return encodeUtf8(text).length;
  return element === 'char16_t' ? text.length : [...text].length;
}

/** The text of a string literal, escapes replaced, as UTF-16. */
export function parseString(spelling: string): string {
  let body = spelling.slice(spelling.indexOf('"') + 1, -1);
  if (!body.includes('\\')) return body;
  const parts: string[] = [];
  while (body !== '') {
    const { value, length } = firstCharacter(body);
    body = body.slice(length);
    if (value >= 0 && value <= 0x10ffff) parts.push(String.fromCodePoint(value));
  }
  return parts.join('');
}
