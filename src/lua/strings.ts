/**
 * The strings of Lua text: `"..."` and `'...'` with their escapes, and long brackets. Bytes are latin1 characters.
 * @module
 */

/** A string that was read, or what is wrong with it: LuaJIT's message and the text it stands near. */
export type ReadString = { readonly lines: number } & (
  | { readonly error: null; readonly value: string; readonly end: number }
  | { readonly error: string; readonly near: string }
);

const PLAIN = { '"': /[^"\\\n\r]*/y, "'": /[^'\\\n\r]*/y };
const LINE_END = /\r\n|\n\r|\n|\r/y;
const LINE_ENDS = /\r\n|\n\r|\n|\r/g;
const DECIMAL = /\d{1,3}/y;
const HEXADECIMAL = /x([\da-fA-F]{2})/y;
const UNICODE = /u\{([\da-fA-F]+)\}/y;
const SPACES = /(?:[ \t\v\f\n\r])*/y;
const SIMPLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Reads the string whose quote stands at `start`. */
export function readString(text: string, start: number): ReadString {
  const quote = text.charAt(start) as '"' | "'";
  const parts: string[] = [];
  let at = start + 1;
  let lines = 0;
  // Errors show the value so far.
  const wrong = (error: string, near?: string): ReadString => ({ lines, error, near: near ?? quote + parts.join('') });
  for (;;) {
    const plain = matchAt(PLAIN[quote], text, at)?.[0] ?? '';
    parts.push(plain);
    at += plain.length;
    const character = text.charAt(at);
    if (character === quote) return { lines, error: null, value: parts.join(''), end: at + 1 };
    if (character === '') return wrong('unfinished string', '<eof>');
    if (character !== '\\') return wrong('unfinished string');
    at++;
    if (at >= text.length) return wrong('unfinished string', '<eof>');
    const escaped = readEscape(text, at);
    if (escaped === null) return wrong('invalid escape sequence');
    parts.push(escaped.value);
    lines += escaped.lines;
    at = escaped.end;
  }
}

interface Escape {
  readonly value: string;
  readonly end: number;
  readonly lines: number;
}

// What follows a backslash; null where it is no escape.
function readEscape(text: string, at: number): Escape | null {
  const character = text.charAt(at);
  const one = (value: string, length: number): Escape => ({ value, end: at + length, lines: 0 });
  if (Object.hasOwn(SIMPLE, character)) return one(SIMPLE[character] as string, 1);
  if ('\\"\''.includes(character)) return one(character, 1);
  const newline = matchAt(LINE_END, text, at);
  if (newline !== null) return { value: '\n', end: at + newline[0].length, lines: 1 };
  if (character === 'z') {
    const spaces = matchAt(SPACES, text, at + 1)?.[0] ?? '';
    return { value: '', end: at + 1 + spaces.length, lines: lineEnds(spaces) };
  }
  const hexadecimal = matchAt(HEXADECIMAL, text, at);
  if (hexadecimal !== null) return one(String.fromCharCode(Number.parseInt(hexadecimal[1] as string, 16)), 3);
  const unicode = matchAt(UNICODE, text, at);
  if (unicode !== null) {
    const bytes = utf8Of(Number.parseInt(unicode[1] as string, 16));
    return bytes === null ? null : one(bytes, unicode[0].length);
  }
  const decimal = matchAt(DECIMAL, text, at)?.[0];
  if (decimal === undefined || Number(decimal) > 255) return null;
  return one(String.fromCharCode(Number(decimal)), decimal.length);
}

// UTF-8 as latin1; null for what is no character: beyond 10FFFF, or a surrogate.
function utf8Of(code: number): string | null {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  if (code < 0x80) return String.fromCharCode(code);
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), tail(0));
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), tail(6), tail(0));
  return String.fromCharCode(0xf0 | (code >> 18), tail(12), tail(6), tail(0));
}

/** Reads a long string of `level`, from behind its opening bracket; `end` is negative where it does not end. */
export function readLongString(text: string, start: number, level: string): { value: string; end: number; lines: number } {
  const closing = `]${level}]`;
  const end = text.indexOf(closing, start);
  const raw = text.slice(start, end < 0 ? undefined : end);
  const lines = lineEnds(raw);
  if (end < 0) return { value: '', end, lines };
  // All line ends are one newline; the first one is not part of it.
  const value = lines === 0 ? raw : raw.replace(LINE_ENDS, '\n').replace(/^\n/, '');
  return { value, end: end + closing.length, lines };
}

function lineEnds(text: string): number {
  let count = 0;
  LINE_ENDS.lastIndex = 0;
  while (LINE_ENDS.test(text)) count++;
  return count;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
