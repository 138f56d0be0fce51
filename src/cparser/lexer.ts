/**
 * C text to tokens, held in arrays: a kind, a start, an end and a word each. Comments and white space vanish here;
 * `#pragma` lines are listed beside the tokens, line markers (`# 12 "file.h"`) go to the `Source`.
 * Follows C11 6.4 (lexical elements); spliced lines have been joined before (`splices.ts`).
 * @module
 */
import { CdefError } from '../util/errors.ts';
import type { Source } from '../util/source.ts';
import type { Range } from './ast.ts';
import { KEYWORDS } from './keywords.ts';
import { lineEnd, logicalLineEnd } from './lines.ts';

/** Token kinds. */
export const IDENTIFIER = 1;
export const KEYWORD = 2;
export const NUMBER = 3;
export const CHARACTER = 4;
export const STRING = 5;
export const PUNCTUATOR = 6;
export const END = 7;

/** The tokens of one text; the last one is `END`. */
export interface Tokens {
  readonly source: Source;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Of identifiers, keywords and punctuators the index of their spelling in `words`; 0 for others. */
  readonly ids: Int32Array;
  /** What is spelled in the text, once each, digraphs resolved; the first is empty. */
  readonly words: readonly string[];
  readonly pragmas: readonly Pragma[];
}

/** A `#pragma` line. */
export interface Pragma extends Range {
  /** Index of the token behind it. */
  readonly index: number;
}

/** Longest C text that is read, in UTF-16 code units. */
export const MAX_TEXT: number = 1 << 28;

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const PERCENT = 37;
const APOSTROPHE = 39;
const STAR = 42;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const BACKSLASH = 92;
const BYTE_ORDER_MARK = 0xfeff;

// Character classes: 1 starts an identifier, 2 is a digit, 3 is white space within a line.
const CLASS: Uint8Array = new Uint8Array(128);
for (let c = 0; c < 26; c++) CLASS[65 + c] = CLASS[97 + c] = 1;
CLASS[95] = 1;
for (let c = 48; c < 58; c++) CLASS[c] = 2;
for (const c of [SPACE, TAB, 11, 12, RETURN]) CLASS[c] = 3;

function isWideLetter(c: number): boolean {
  return c >= 0xa0 && c !== 0x2028 && c !== 0x2029;
}

// The end of an identifier or number that goes on at `at`.
function wordEnd(text: string, start: number): number {
  let at = start;
  while (true) {
    const c = text.charCodeAt(at);
    if (c < 128 ? CLASS[c] !== 1 && CLASS[c] !== 2 : !isWideLetter(c)) return at;
    at++;
  }
}

// Digraphs (C11 6.4.6p3).
const DIGRAPHS: ReadonlyMap<string, string> = new Map([
  ['<:', '['],
  [':>', ']'],
  ['<%', '{'],
  ['%>', '}'],
]);
const LONG = ['...', '<<=', '>>=', ...'-> ++ -- << >> <= >= == != && || *= /= %= += -= &= ^= |= ##'.split(' '), ...DIGRAPHS.keys()];

const ALL = [...LONG, ...'{}()[];,:?*&=<>+-/%!~|^.$'];

// What every text's words start with: an empty one, punctuators, keywords.
/** Words that every text has: the empty one, punctuators, keywords. */
export const FIRST_WORDS: readonly string[] = ['', ...ALL, ...KEYWORDS.keys()];
const KEYWORD_IDS: ReadonlyMap<string, number> = new Map(Array.from(KEYWORDS.keys(), (word, i) => [word, 1 + ALL.length + i]));

interface Punctuator {
  readonly spelling: string;
  /** The index of what it is to the parser. */
  readonly id: number;
}

// By the code of their first character, the longest first.
const PUNCTUATORS: Punctuator[][] = Array.from({ length: 128 }, () => []);
for (const spelling of ALL) {
  (PUNCTUATORS[spelling.charCodeAt(0)] as Punctuator[]).push({ spelling, id: 1 + ALL.indexOf(DIGRAPHS.get(spelling) ?? spelling) });
}

// Directives that say nothing about types.
const PASSED_OVER: ReadonlySet<string> = new Set(['ident', 'sccs', 'assert', 'unassert']);

// Whether a sign may follow: in `0xe+1`, which C takes for one malformed number, we see a sum.
function isExponent(text: string, start: number, at: number): boolean {
  const letter = text[at] as string;
  return letter === 'p' || letter === 'P' || ((letter === 'e' || letter === 'E') && !/[xX]/.test(text[start + 1] as string));
}

class Lexer {
  readonly #source: Source;
  readonly #text: string;
  #count = 0;
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #ids: Int32Array;
  readonly #words: string[] = [...FIRST_WORDS];
  readonly #pragmas: Pragma[] = [];
  readonly #idOf: Map<string, number> = new Map(KEYWORD_IDS);

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    const guess = (this.#text.length >> 2) + 16;
    this.#kinds = new Uint8Array(guess);
    this.#starts = new Int32Array(guess);
    this.#ends = new Int32Array(guess);
    this.#ids = new Int32Array(guess);
  }

  fail(offset: number, length: number, reason: string): never {
    throw new CdefError({ source: this.#source, offset, length, reason, notes: [] });
  }

  // Adds a token, and answers where it ends.
  #push(kind: number, start: number, end: number, id: number): number {
    const count = this.#count++;
    if (count === this.#kinds.length) this.#grow();
    this.#kinds[count] = kind;
    this.#starts[count] = start;
    this.#ends[count] = end;
    this.#ids[count] = id;
    return end;
  }

  #grow(): void {
    const count = this.#count * 2;
    const grown = (old: Int32Array): Int32Array => {
      const larger = new Int32Array(count);
      larger.set(old);
      return larger;
    };
    const kinds = new Uint8Array(count);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
    this.#starts = grown(this.#starts);
    this.#ends = grown(this.#ends);
    this.#ids = grown(this.#ids);
  }

  run(): Tokens {
    const text = this.#text;
    const length = text.length;
    let lineIsEmpty = true;
    let at = 0;
    while (at < length) {
      const c = text.charCodeAt(at);
      // A byte order mark is white space.
      const kind = c < 128 ? CLASS[c] : c === BYTE_ORDER_MARK ? 3 : isWideLetter(c) ? 1 : 0;
      if (kind === 3) {
        do at++;
        while (text.charCodeAt(at) === SPACE);
      } else if (c === NEWLINE) {
        lineIsEmpty = true;
        at++;
      } else if (kind === 1) {
        at = this.#word(at);
        lineIsEmpty = false;
      } else if (lineIsEmpty && (c === HASH || (c === PERCENT && text.charCodeAt(at + 1) === COLON))) {
        at = this.#directive(at);
      } else if (c === SLASH && (text.charCodeAt(at + 1) === STAR || text.charCodeAt(at + 1) === SLASH)) {
        at = this.#comment(at);
      } else {
        lineIsEmpty = false;
        if (kind === 2 || (c === DOT && CLASS[text.charCodeAt(at + 1)] === 2)) at = this.#number(at);
        else if (c === QUOTE || c === APOSTROPHE) at = this.#quoted(at, at, c);
        else at = this.#punctuator(at, c);
      }
    }
    this.#push(END, length, length, 0);
    return {
      source: this.#source,
      count: this.#count,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
      ids: this.#ids.subarray(0, this.#count),
      words: this.#words,
      pragmas: this.#pragmas,
    };
  }

  #word(start: number): number {
    const text = this.#text;
    const at = wordEnd(text, start + 1);
    const quote = text.charCodeAt(at);
    const word = text.slice(start, at);
    // L"x", u8"x" and the like: a prefix belongs to its literal (C11 6.4.4.4, 6.4.5).
    if ((quote === QUOTE || quote === APOSTROPHE) && /^(?:[LuU]|u8)$/.test(word)) return this.#quoted(start, at, quote);
    let id = this.#idOf.get(word);
    if (id === undefined) {
      id = this.#words.push(word) - 1;
      this.#idOf.set(word, id);
    }
    return this.#push(id < FIRST_WORDS.length ? KEYWORD : IDENTIFIER, start, at, id);
  }

  // A preprocessing number (C11 6.4.8): digits, letters, dots, and signs behind an exponent letter.
  #number(start: number): number {
    const text = this.#text;
    let at = wordEnd(text, start + 1);
    while (true) {
      const c = text.charCodeAt(at);
      const isSign = (c === PLUS || c === MINUS) && isExponent(text, start, at - 1);
      if (c !== DOT && !isSign) break;
      at = wordEnd(text, at + 1);
    }
    return this.#push(NUMBER, start, at, 0);
  }

  #quoted(start: number, open: number, quote: number): number {
    const text = this.#text;
    const what = quote === QUOTE ? 'string' : 'character constant';
    let at = open + 1;
    while (true) {
      const c = text.charCodeAt(at);
      if (at >= text.length || c === NEWLINE) this.fail(start, at - start, `unfinished ${what}`);
      if (c === quote) break;
      at += c === BACKSLASH ? 2 : 1;
    }
    return this.#push(quote === QUOTE ? STRING : CHARACTER, start, at + 1, 0);
  }

  #comment(start: number): number {
    const text = this.#text;
    if (text.charCodeAt(start + 1) === STAR) {
      const end = text.indexOf('*/', start + 2);
      if (end < 0) this.fail(start, 2, 'unfinished comment');
      return end + 2;
    }
    return lineEnd(text, start);
  }

  #directive(start: number): number {
    const end = logicalLineEnd(this.#text, start, (open) => this.fail(open, 2, 'unfinished comment'));
    const line = this.#text.slice(start, end);
    const marker = /^(?:#|%:)\s*(?:line\s+)?(\d{1,9})(?:\s+"((?:[^"\\]|\\.)*)")?[\s\d]*$/.exec(line);
    const [, name = '', isOther] = /^(?:#|%:)\s*(\w*)\s*(\S?)/.exec(line) as RegExpExecArray;
    if (marker !== null) {
      const file = marker[2] === undefined ? null : marker[2].replace(/\\(.)/g, '$1');
      this.#source.addMarker({ offset: start, line: Number(marker[1]), file });
    } else if (name === 'pragma') {
      this.#pragmas.push({ index: this.#count, start, end });
    } else if (!PASSED_OVER.has(name) && (name !== '' || isOther !== '')) {
      this.fail(start, line.length, `preprocessor directive '#${name}' is not supported; preprocess the text first`);
    }
    return end;
  }

  #punctuator(start: number, c: number): number {
    const candidates = PUNCTUATORS[c] ?? [];
    // By index: an iterator for every punctuator is felt until this is compiled.
    for (let i = 0; i < candidates.length; i++) {
      const { spelling, id } = candidates[i] as Punctuator;
      const { length } = spelling;
      if (length === 1 || this.#text.startsWith(spelling, start)) return this.#push(PUNCTUATOR, start, start + length, id);
    }
    const shown =
      c < 32 || c === 127 ? `\\x${c.toString(16).padStart(2, '0')}` : String.fromCodePoint(this.#text.codePointAt(start) as number);
    this.fail(start, 1, `unexpected character '${shown}'`);
  }
}

/**
 * Splits `source`, whose spliced lines have been joined, into tokens; line markers are added to `source.markers`.
 * @throws {CdefError} on unfinished strings and comments, unknown characters and directives.
 */
export function tokenize(source: Source): Tokens {
  if (source.text.length > MAX_TEXT) {
    throw new CdefError({ source, offset: 0, length: 1, reason: `text is longer than ${MAX_TEXT} characters`, notes: [] });
  }
  return new Lexer(source).run();
}
