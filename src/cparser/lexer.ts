/**
 * C text to tokens, held in typed arrays: a kind, a start and an end each. Comments and white space vanish here;
 * `#pragma` lines become tokens of their own, line markers (`# 12 "file.h"`) go to the `Source`.
 * Follows C11 6.4 (lexical elements) and 5.1.1.2 (spliced lines).
 * @module
 */
import { CdefError } from '../util/errors.ts';
import type { Source } from '../util/source.ts';

/** Token kinds. Punctuators carry the character code of their first character in `Tokens.codes`. */
export const IDENTIFIER = 1;
export const NUMBER = 2;
export const CHARACTER = 3;
export const STRING = 4;
export const PUNCTUATOR = 5;
export const PRAGMA = 6;
export const END = 7;

/** The tokens of one text, without their spellings; the last one is `END`. */
export interface Tokens {
  readonly source: Source;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Longest C text that is read, in UTF-16 code units. */
export const MAX_TEXT: number = 1 << 28;

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const STAR = 42;
const DOT = 46;
const SLASH = 47;
const BACKSLASH = 92;
const BYTE_ORDER_MARK = 0xfeff;

// Character classes: 1 starts an identifier, 2 is a digit, 3 is white space within a line.
const CLASS: Uint8Array = new Uint8Array(128);
for (let c = 0; c < 26; c++) CLASS[65 + c] = CLASS[97 + c] = 1;
CLASS[95] = 1;
for (let c = 48; c < 58; c++) CLASS[c] = 2;
for (const c of [SPACE, TAB, 11, 12, RETURN]) CLASS[c] = 3;

function isIdentifierPart(c: number): boolean {
  return c < 128 ? CLASS[c] === 1 || CLASS[c] === 2 : c >= 0xa0 && c !== 0x2028 && c !== 0x2029;
}

// Longest first; whatever is not here is a single character.
const LONG_PUNCTUATORS = /\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\*=|\/=|%=|\+=|-=|&=|\^=|\|=|##/y;
// What most punctuation is; saves trying the expression.
const ALWAYS_ALONE = new Set([...'{}()[];,'].map((c) => c.charCodeAt(0)));
const SINGLE = new Set([...'{}()[];,:?*&=<>+-/%!~|^.$'].map((c) => c.charCodeAt(0)));

class Lexer {
  readonly #source: Source;
  readonly #text: string;
  #count = 0;
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    const guess = (this.#text.length >> 2) + 16;
    this.#kinds = new Uint8Array(guess);
    this.#starts = new Int32Array(guess);
    this.#ends = new Int32Array(guess);
  }

  fail(offset: number, length: number, reason: string): never {
    throw new CdefError({ source: this.#source, offset, length, reason, notes: [] });
  }

  #push(kind: number, start: number, end: number): void {
    if (this.#count === this.#kinds.length) this.#grow();
    this.#kinds[this.#count] = kind;
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
  }

  #grow(): void {
    const size = this.#count * 2;
    const kinds = new Uint8Array(size);
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    kinds.set(this.#kinds);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#kinds = kinds;
    this.#starts = starts;
    this.#ends = ends;
  }

  run(): Tokens {
    const text = this.#text;
    const length = text.length;
    let lineIsEmpty = true;
    let at = 0;
    while (at < length) {
      const c = text.charCodeAt(at);
      // A byte order mark is white space.
      const kind = c < 128 ? CLASS[c] : c === BYTE_ORDER_MARK ? 3 : isIdentifierPart(c) ? 1 : 0;
      if (kind === 3) {
        at++;
      } else if (c === NEWLINE) {
        lineIsEmpty = true;
        at++;
      } else if (kind === 1) {
        at = this.#word(at);
        lineIsEmpty = false;
      } else if (c === HASH && lineIsEmpty) {
        at = this.#directive(at);
      } else if (c === SLASH && (text.charCodeAt(at + 1) === STAR || text.charCodeAt(at + 1) === SLASH)) {
        at = this.#comment(at);
      } else if (c === BACKSLASH && this.#spliceLength(at) > 0) {
        at += this.#spliceLength(at);
      } else {
        lineIsEmpty = false;
        if (kind === 2 || (c === DOT && CLASS[text.charCodeAt(at + 1)] === 2)) at = this.#number(at);
        else if (c === QUOTE || c === APOSTROPHE) at = this.#quoted(at, at, c);
        else at = this.#punctuator(at, c);
      }
    }
    this.#push(END, length, length);
    return {
      source: this.#source,
      count: this.#count,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
    };
  }

  // Length of a backslash-newline at `at`, or 0.
  #spliceLength(at: number): number {
    if (this.#text.charCodeAt(at + 1) === NEWLINE) return 2;
    if (this.#text.charCodeAt(at + 1) === RETURN && this.#text.charCodeAt(at + 2) === NEWLINE) return 3;
    return 0;
  }

  #word(start: number): number {
    const text = this.#text;
    let at = start + 1;
    while (at < text.length && isIdentifierPart(text.charCodeAt(at))) at++;
    const quote = text.charCodeAt(at);
    // L"x", u8"x" and the like: a prefix belongs to its literal (C11 6.4.4.4, 6.4.5).
    if ((quote === QUOTE || quote === APOSTROPHE) && /^(?:[LuU]|u8)$/.test(text.slice(start, at))) {
      return this.#quoted(start, at, quote);
    }
    this.#push(IDENTIFIER, start, at);
    return at;
  }

  // A preprocessing number (C11 6.4.8): digits, letters, dots, and signs behind an exponent letter.
  #number(start: number): number {
    const text = this.#text;
    let at = start + 1;
    while (at < text.length) {
      const c = text.charCodeAt(at);
      const sign = (c === 43 || c === 45) && /[eEpP]/.test(text[at - 1] as string) && !/^0[xX]/.test(text.slice(start, start + 2));
      if (!(isIdentifierPart(c) || c === DOT || sign)) break;
      at++;
    }
    this.#push(NUMBER, start, at);
    return at;
  }

  #quoted(start: number, open: number, quote: number): number {
    const text = this.#text;
    const what = quote === QUOTE ? 'string' : 'character constant';
    let at = open + 1;
    while (true) {
      const c = text.charCodeAt(at);
      if (at >= text.length || c === NEWLINE) this.fail(start, at - start, `unfinished ${what}`);
      if (c === quote) break;
      at += c === BACKSLASH ? Math.max(2, this.#spliceLength(at)) : 1;
    }
    this.#push(quote === QUOTE ? STRING : CHARACTER, start, at + 1);
    return at + 1;
  }

  #comment(start: number): number {
    const text = this.#text;
    if (text.charCodeAt(start + 1) === STAR) {
      const end = text.indexOf('*/', start + 2);
      if (end < 0) this.fail(start, 2, 'unfinished comment');
      return end + 2;
    }
    return this.#lineEnd(start);
  }

  // The end of a logical line: its newline, not counting spliced ones.
  #lineEnd(start: number): number {
    const text = this.#text;
    let end = text.indexOf('\n', start);
    while (end > 0) {
      const last = text.charCodeAt(end - 1) === RETURN ? end - 2 : end - 1;
      if (text.charCodeAt(last) !== BACKSLASH) return end;
      end = text.indexOf('\n', end + 1);
    }
    return end < 0 ? text.length : end;
  }

  #directive(start: number): number {
    const end = this.#lineEnd(start);
    const line = this.#text.slice(start, end);
    const marker = /^#\s*(?:line\s+)?(\d{1,9})(?:\s+"((?:[^"\\]|\\.)*)")?[\s\d]*$/.exec(line);
    if (marker !== null) {
      const file = marker[2] === undefined ? null : marker[2].replace(/\\(.)/g, '$1');
      this.#source.addMarker({ offset: start, line: Number(marker[1]), file });
    } else if (/^#\s*pragma\b/.test(line)) {
      this.#push(PRAGMA, start, end);
    } else if (/^#\s*ident\b/.test(line) === false && /^#\s*$/.test(line) === false) {
      const name = /^#\s*(\w*)/.exec(line)?.[1] ?? '';
      this.fail(start, line.length, `preprocessor directive '#${name}' is not supported; preprocess the text first`);
    }
    return end;
  }

  #punctuator(start: number, c: number): number {
    LONG_PUNCTUATORS.lastIndex = start;
    if (!ALWAYS_ALONE.has(c) && LONG_PUNCTUATORS.test(this.#text)) {
      this.#push(PUNCTUATOR, start, LONG_PUNCTUATORS.lastIndex);
      return LONG_PUNCTUATORS.lastIndex;
    }
    if (!SINGLE.has(c)) {
      const shown =
        c < 32 || c === 127 ? `\\x${c.toString(16).padStart(2, '0')}` : String.fromCodePoint(this.#text.codePointAt(start) as number);
      this.fail(start, 1, `unexpected character '${shown}'`);
    }
    this.#push(PUNCTUATOR, start, start + 1);
    return start + 1;
  }
}

/**
 * Splits `source` into tokens; line markers are added to `source.markers`.
 * @throws {CdefError} on unfinished strings and comments, unknown characters and directives.
 */
export function tokenize(source: Source): Tokens {
  if (source.text.length > MAX_TEXT) {
    throw new CdefError({ source, offset: 0, length: 1, reason: `text is longer than ${MAX_TEXT} characters`, notes: [] });
  }
  return new Lexer(source).run();
}
