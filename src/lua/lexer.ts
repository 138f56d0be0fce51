/**
 * Lua text to tokens, by LuaJIT's lexical grammar: Lua 5.1's with `goto`, the escapes `\x \z \u{}`, numbers with suffixes
 * (see `numbers.ts`), names with bytes above 127. With extensions operators are those of every dialect, longest first: whether
 * `//` or `?.` is allowed somewhere is for the reader of the tokens to say. Errors are worded as LuaJIT's.
 *
 * Text is bytes, as latin1: a character per byte.
 * @module
 */
import { LuaSyntaxError } from '../util/errors.ts';
import { type LuaNumber, parseNumber } from './numbers.ts';
import { readLongString, readString } from './strings.ts';

/** Where a token stands: offsets of its first byte and behind its last, the line (from 1) on which it ends. */
export interface LuaRange {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** A token; names, keywords and operators have their text, strings their bytes as latin1. */
export type LuaToken = LuaRange &
  (
    | { readonly kind: 'name' | 'keyword' | 'operator' | 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: LuaNumber }
    | { readonly kind: 'end'; readonly value: null }
  );

/** Reserved words. `goto` is one by where it stands only; it comes as a keyword. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(' '),
);

const OPERATORS = '... == ~= <= >= :: ..';
const ALL_OPERATORS = '~>>= ... <<= >>= ..= ~>> == ~= != <= >= << >> // :: .. && || ?? ?. -> += -= *= /= %= &= |=';

// Operators of several characters by their first one, the longest first.
function byCharacter(operators: string): ReadonlyMap<string, readonly string[]> {
  const all = operators.split(' ');
  return new Map(all.map((operator) => [operator.charAt(0), all.filter((one) => one.startsWith(operator.charAt(0)))]));
}

const BY_CHARACTER = byCharacter(OPERATORS);
const ALL_BY_CHARACTER = byCharacter(ALL_OPERATORS);

const SPACE = /[ \t\v\f]*/y;
const NAME = /[A-Za-z_\x80-\xff][\w\x80-\xff]*/y;
const LINE_END = /\r\n|\n\r|\n|\r/y;
// What LuaJIT takes for a number before it looks closer; a sign behind an exponent's letter belongs to it too.
const NUMBER_PART = /[+-]?[\w.\x80-\xff]*/y;
const COMMENT = /[^\n\r]*/y;
const LONG_OPENING = /\[(=*)(\[?)/y;
const SEPARATOR = /(?<=[\da-f])_(?=[\da-f])/gi;

/** How `LuaLexer` reads. */
export interface LuaLexerOptions {
  /** Also the operators of newer LuaJITs and other dialects, and `_` between the digits of numbers. Default: true. */
  readonly extensions?: boolean;
}

/** Reads the tokens of a Lua text one after the other. */
export class LuaLexer {
  readonly #text: string;
  readonly #chunk: string;
  readonly #hasExtensions: boolean;
  readonly #operators: ReadonlyMap<string, readonly string[]>;
  #at = 0;
  #line = 1;

  /**
   * @param text bytes as latin1; a byte order mark and a first line that starts with `#` are skipped
   * @param chunk the name in front of error messages
   */
  constructor(text: string, chunk: string, options: LuaLexerOptions = {}) {
    this.#text = text;
    this.#chunk = chunk;
    this.#hasExtensions = options.extensions ?? true;
    this.#operators = this.#hasExtensions ? ALL_BY_CHARACTER : BY_CHARACTER;
    this.#at = startOf(text);
  }

  /**
   * The next token; `end` again and again behind the last.
   * @throws {LuaSyntaxError} `chunk:1: malformed number near '1x'`
   */
  next(): LuaToken {
    this.#skipSpace();
    const text = this.#text;
    const start = this.#at;
    const character = text.charAt(start);
    if (character === '') return { kind: 'end', value: null, start, end: start, line: this.#line };
    const name = this.#match(NAME);
    if (name !== null) return this.#token(KEYWORDS.has(name) ? 'keyword' : 'name', name, start);
    if (isDigit(character) || (character === '.' && isDigit(text.charAt(start + 1)))) return this.#number(start);
    if (character === '"' || character === "'") return this.#string(start);
    if (character === '[') {
      const value = this.#longBracket('string');
      if (value !== null) return this.#token('string', value, start);
    }
    const operator = this.#operator(start, character);
    this.#at += operator.length;
    return this.#token('operator', operator, start);
  }

  /** The error of this text at `line`, by default the current one: `message near 'near'`; `near` ends at its first NUL. */
  error(message: string, near: string | null, line: number = this.#line): LuaSyntaxError {
    const place = near === null ? '' : ` near '${near.replace(/\0.*/s, '')}'`;
    return new LuaSyntaxError(`${this.#chunk}:${line}: ${message}${place}`);
  }

  /** A token as messages show it: strings with their escapes resolved, `char(1)` for control characters; null for a NUL, which they leave out. */
  textOf(token: LuaToken): string | null {
    if (token.kind === 'end') return '<eof>';
    if (token.value === '\0' && token.kind === 'operator') return null;
    const written = this.#text.slice(token.start, token.end);
    if (token.kind === 'string') {
      const [opening = ''] = /^(?:["']|\[=*\[)/.exec(written) ?? [];
      return opening + token.value + opening.replaceAll('[', ']');
    }
    return token.kind === 'operator' && /^\p{Cc}/u.test(token.value) ? `char(${token.value.charCodeAt(0)})` : written;
  }

  #token(kind: 'name' | 'keyword' | 'operator' | 'string', value: string, start: number): LuaToken {
    return { kind, value, start, end: this.#at, line: this.#line };
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  // Spaces, line ends, comments.
  #skipSpace(): void {
    for (;;) {
      this.#match(SPACE);
      if (this.#match(LINE_END) !== null) {
        this.#line++;
      } else if (this.#text.startsWith('--', this.#at)) {
        this.#at += 2;
        if (this.#text.charAt(this.#at) !== '[' || this.#longBracket('comment') === null) this.#match(COMMENT);
      } else {
        return;
      }
    }
  }

  #number(start: number): LuaToken {
    const exponent = /^0x/i.test(this.#text.slice(start, start + 2)) ? 'p' : 'e';
    do {
      this.#match(NUMBER_PART);
    } while (this.#text.charAt(this.#at - 1).toLowerCase() === exponent && '+-'.includes(this.#text.charAt(this.#at) || ' '));
    const written = this.#text.slice(start, this.#at);
    const value = parseNumber(this.#hasExtensions ? written.replace(SEPARATOR, '') : written);
    if (value === null) throw this.error('malformed number', written);
    return { kind: 'number', value, start, end: this.#at, line: this.#line };
  }

  #string(start: number): LuaToken {
    const read = readString(this.#text, start);
    this.#line += read.lines;
    if (read.error !== null) throw this.error(read.error, read.near);
    this.#at = read.end;
    return this.#token('string', read.value, start);
  }

  // What stands between `[==[` and `]==]`; null where that does not start here.
  #longBracket(what: 'string' | 'comment'): string | null {
    const start = this.#at;
    LONG_OPENING.lastIndex = start;
    const [opening, level, second] = LONG_OPENING.exec(this.#text) as unknown as [string, string, string];
    if (second === '') {
      if (what === 'string' && level !== '') throw this.error('invalid long string delimiter', opening);
      return null;
    }
    const read = readLongString(this.#text, start + opening.length, level);
    this.#line += read.lines;
    if (read.end < 0) throw this.error(`unfinished long ${what}`, '<eof>');
    this.#at = read.end;
    return read.value;
  }

  // Characters that mean nothing are operators of their own, for a parser to complain about.
  #operator(start: number, character: string): string {
    for (const operator of this.#operators.get(character) ?? []) {
      // `c?.5:x` is a condition with a number.
      if (operator === '?.' && isDigit(this.#text.charAt(start + 2))) continue;
      if (this.#text.startsWith(operator, start)) return operator;
    }
    return character;
  }
}

/** Where the first token may stand: behind a byte order mark and a line for the shell. */
export function startOf(text: string): number {
  const start = text.startsWith('\xef\xbb\xbf') ? 3 : 0;
  if (text.charAt(start) !== '#') return start;
  COMMENT.lastIndex = start;
  COMMENT.exec(text);
  return COMMENT.lastIndex;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
