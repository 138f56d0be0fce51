/**
 * Lua's patterns (Lua 5.1 manual 5.4.1; `%g` and `%f` as LuaJIT has them), on bytes as latin1 in the C locale.
 *
 * A pattern is read once, to items. Most are then put as a regular expression, which V8 compiles: Lua's quantifiers go for one character
 * only, so it tries the same ways in the same order. What has no such form (`%b()`), what is malformed (which LuaJIT
 * notices when it gets there, if ever), and what may hit LuaJIT's limit of depth, is matched here item by item.
 * @module
 */
import { ensureStack } from '../../../util/stack.ts';
import { fault } from '../runtime/errors.ts';

/** A match: the text, then the captures (numbers for positions), as a regular expression answers. */
export interface Match extends Array<unknown> {
  /** Where the text begins, from 0. */
  index: number;
}

/** Captures of a pattern, and nesting of attempts, in LuaJIT. */
const MAX_CAPTURES = 32;
const MAX_DEPTH = 200;

type Quantifier = '' | '*' | '+' | '-' | '?';

type Item =
  | { readonly kind: 'set'; readonly set: Uint8Array; readonly quantifier: Quantifier }
  | { readonly kind: 'open' | 'position' | 'close' | 'back'; readonly capture: number }
  | { readonly kind: 'balanced'; readonly open: number; readonly close: number }
  | { readonly kind: 'frontier'; readonly set: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly message: string };

const MAGIC = '^$*+?.([%-';

/** Whether `find` has to look for a pattern rather than for the text itself. */
export function isPattern(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (MAGIC.includes(text.charAt(i))) return true;
  return false;
}

/** A compiled pattern. */
export class Pattern {
  /** It matches at the start only. */
  readonly isAnchored: boolean;
  /** How many captures it has; a match has the whole text besides. */
  readonly captures: number;
  readonly #items: readonly Item[];
  /** Captures that do not end, which is an error once they are used. */
  readonly #unfinished: readonly number[];
  readonly #positions: readonly number[];
  #expression: RegExp | null;
  // V8 compiles at the first and the second use, for each kind of its strings.
  #compilations = 4;

  /** @param hasAnchor whether `^` in front means the start of the text */
  constructor(source: string, hasAnchor: boolean) {
    // A pattern is a string of C.
    const [text] = source.split('\0', 1) as [string];
    this.isAnchored = hasAnchor && text.startsWith('^');
    const reader = new PatternReader(text, this.isAnchored ? 1 : 0);
    this.#items = reader.items;
    this.captures = reader.captures;
    this.#unfinished = reader.unfinished;
    this.#positions = reader.items.flatMap((item) => (item.kind === 'position' ? [item.capture] : []));
    this.#expression = this.#unfinished.length > 0 ? null : expressionOf(this.#items, this.isAnchored, this.#positions.length > 0);
  }

  /**
   * The first match that begins at `from` or (unless the pattern is anchored) behind it; null where there is none.
   * @throws {LuaFault} `malformed pattern (...)` and the like
   */
  match(text: string, from: number): Match | null {
    const expression = this.#expression;
    if (expression === null) return this.#matchItems(text, from);
    if (this.#compilations > 0) {
      this.#compilations--;
      ensureStack();
    }
    expression.lastIndex = from;
    let found: RegExpExecArray | null;
    try {
      found = expression.exec(text);
    } catch (error) {
      // V8's stack for attempts ends at some million characters.
      if (!(error instanceof RangeError)) throw error;
      this.#expression = null;
      return this.#matchItems(text, from);
    }
    if (found === null || this.#positions.length === 0) return found;
    const { indices } = found as unknown as { indices: readonly [number, number][] };
    for (const capture of this.#positions) (found as Match)[capture] = (indices[capture] as readonly [number, number])[0] + 1;
    return found;
  }

  #matchItems(text: string, from: number): Match | null {
    const matcher = new Matcher(this.#items, text);
    for (let start = from; start <= text.length; start++) {
      const end = matcher.matchAt(start);
      if (end >= 0) return matcher.result(start, end, this.captures);
      if (this.isAnchored) break;
    }
    return null;
  }

  /** Raises where a capture of a match never ended, of those that are to be used: all, or one. */
  checkFinished(capture?: number): void {
    const unfinished = this.#unfinished;
    if (unfinished.length > 0 && (capture === undefined || unfinished.includes(capture))) throw fault('unfinished capture');
  }
}

/** What a match gives: its captures, or the text where the pattern has none. */
export function resultsOf(match: Match, captures: number): unknown {
  if (captures === 0) return match[0];
  return captures === 1 ? match[1] : match.slice(1);
}

// ---- reading

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  a: isLetter,
  c: (code) => code < 0x20 || code === 0x7f,
  d: isDigit,
  g: (code) => code > 0x20 && code < 0x7f,
  l: (code) => code >= 0x61 && code <= 0x7a,
  p: (code) => code > 0x20 && code < 0x7f && !isLetter(code) && !isDigit(code),
  s: (code) => code === 0x20 || (code >= 9 && code <= 13),
  u: (code) => code >= 0x41 && code <= 0x5a,
  w: (code) => isLetter(code) || isDigit(code),
  x: (code) => isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66),
  z: (code) => code === 0,
};

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

const ANY = new Uint8Array(256).fill(1);

/** Adds `from` to `to`. */
function addRange(set: Uint8Array, from: number, to: number): void {
  for (let code = from; code <= to; code++) set[code] = 1;
}

/** Adds what `%letter` stands for: a class, its complement for capitals, or the character itself. */
function addEscaped(set: Uint8Array, letter: string): void {
  const lower = letter.toLowerCase();
  const isMember = CLASSES[lower];
  if (isMember === undefined || !Object.hasOwn(CLASSES, lower)) {
    set[letter.charCodeAt(0)] = 1;
    return;
  }
  for (let code = 0; code < 256; code++) if (isMember(code) === (letter === lower)) set[code] = 1;
}

/** Reads a pattern up to its end, or to what is wrong with it. */
class PatternReader {
  readonly items: Item[] = [];
  captures = 0;
  readonly #text: string;
  readonly #open: number[] = [];
  readonly #closed = new Set<number>();
  #at: number;

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
    while (this.#at < text.length) {
      const item = this.#item();
      this.items.push(item);
      if (item.kind === 'error') return;
    }
  }

  get unfinished(): readonly number[] {
    return this.#open;
  }

  #item(): Item {
    const text = this.#text;
    const character = text.charAt(this.#at);
    const next = text.charAt(this.#at + 1);
    if (character === '(') return this.#capture(next === ')');
    if (character === ')') return this.#close();
    if (character === '$' && next === '') {
      this.#at++;
      return { kind: 'end' };
    }
    if (character === '%') {
      if (next === 'b') return this.#balanced();
      if (next === 'f') return this.#frontier();
      if (isDigit(next.charCodeAt(0))) return this.#back(Number(next));
    }
    return this.#quantified();
  }

  #capture(isPosition: boolean): Item {
    if (this.captures >= MAX_CAPTURES) return { kind: 'error', message: 'too many captures' };
    const capture = ++this.captures;
    this.#at += isPosition ? 2 : 1;
    if (isPosition) this.#closed.add(capture);
    else this.#open.push(capture);
    return { kind: isPosition ? 'position' : 'open', capture };
  }

  #close(): Item {
    const capture = this.#open.pop();
    if (capture === undefined) return { kind: 'error', message: 'invalid pattern capture' };
    this.#closed.add(capture);
    this.#at++;
    return { kind: 'close', capture };
  }

  #back(capture: number): Item {
    if (!this.#closed.has(capture)) return { kind: 'error', message: 'invalid capture index' };
    this.#at += 2;
    // A position is no text that could come again.
    if (this.#isPosition(capture)) return { kind: 'set', set: new Uint8Array(256), quantifier: '' };
    return { kind: 'back', capture };
  }

  #isPosition(capture: number): boolean {
    return this.items.some((item) => item.kind === 'position' && item.capture === capture);
  }

  #balanced(): Item {
    const at = this.#at + 2;
    if (at + 1 >= this.#text.length) return { kind: 'error', message: 'unbalanced pattern' };
    this.#at = at + 2;
    return { kind: 'balanced', open: this.#text.charCodeAt(at), close: this.#text.charCodeAt(at + 1) };
  }

  #frontier(): Item {
    this.#at += 2;
    if (this.#text.charAt(this.#at) !== '[') return { kind: 'error', message: "missing '[' after '%f' in pattern" };
    const set = this.#set();
    return typeof set === 'string' ? { kind: 'error', message: set } : { kind: 'frontier', set };
  }

  #quantified(): Item {
    const set = this.#set();
    if (typeof set === 'string') return { kind: 'error', message: set };
    const quantifier = this.#text.charAt(this.#at);
    if (quantifier === '' || !'*+-?'.includes(quantifier)) return { kind: 'set', set, quantifier: '' };
    this.#at++;
    return { kind: 'set', set, quantifier: quantifier as Quantifier };
  }

  // The characters of the next item, or what is wrong with it.
  #set(): Uint8Array | string {
    const character = this.#text.charAt(this.#at++);
    if (character === '.') return ANY;
    if (character === '[') return this.#bracketed();
    const set = new Uint8Array(256);
    if (character === '%') {
      const letter = this.#text.charAt(this.#at++);
      if (letter === '') return "malformed pattern (ends with '%')";
      addEscaped(set, letter);
    } else set[character.charCodeAt(0)] = 1;
    return set;
  }

  // `[...]`, of which the first character may be a `]` that is meant.
  #bracketed(): Uint8Array | string {
    const text = this.#text;
    const isComplement = text.charAt(this.#at) === '^';
    const start = isComplement ? this.#at + 1 : this.#at;
    let end = start;
    do {
      if (end >= text.length || (text.charAt(end) === '%' && end + 1 >= text.length)) return "malformed pattern (missing ']')";
      end += text.charAt(end) === '%' ? 2 : 1;
    } while (text.charAt(end) !== ']');
    this.#at = end + 1;
    const set = new Uint8Array(256);
    for (let at = start; at < end; at++) {
      if (text.charAt(at) === '%') addEscaped(set, text.charAt(++at));
      else if (text.charAt(at + 1) === '-' && at + 2 < end) {
        addRange(set, text.charCodeAt(at), text.charCodeAt(at + 2));
        at += 2;
      } else set[text.charCodeAt(at)] = 1;
    }
    return isComplement ? set.map((member) => 1 - member) : set;
  }
}

// ---- as a regular expression

/** Null where there is none that does the same. */
function expressionOf(items: readonly Item[], isAnchored: boolean, hasPositions: boolean): RegExp | null {
  // Each attempt within an attempt is one level.
  const levels = items.filter((item) => item.kind !== 'set' || item.quantifier !== '').length;
  if (levels + 1 >= MAX_DEPTH) return null;
  const parts: string[] = [];
  for (const item of items) {
    const part = partOf(item);
    if (part === null) return null;
    parts.push(part);
  }
  return new RegExp(parts.join(''), `${isAnchored ? 'y' : 'g'}${hasPositions ? 'd' : ''}`);
}

function partOf(item: Item): string | null {
  switch (item.kind) {
    case 'set':
      return characters(item.set) + (item.quantifier === '-' ? '*?' : item.quantifier);
    case 'open':
      return '(';
    case 'position':
      return '()';
    case 'close':
      return ')';
    case 'back':
      // A digit may follow, which is no part of the number.
      return `(?:\\${item.capture})`;
    case 'frontier':
      return frontier(item.set);
    case 'end':
      return '$';
    case 'balanced':
    case 'error':
      return null;
  }
}

// The text is as if between NULs.
function frontier(set: Uint8Array): string {
  const inside = characters(set);
  const outside = characters(set.map((member) => 1 - member));
  return set[0] === 1 ? `(?<=${outside})(?=${inside}|$)` : `(?<!${inside})(?=${inside})`;
}

function characters(set: Uint8Array): string {
  if (set.every((member) => member === 1)) return '[^]';
  const ranges: string[] = [];
  for (let code = 0; code < 256; code++) {
    if (set[code] !== 1) continue;
    const from = code;
    while (set[code + 1] === 1) code++;
    ranges.push(from === code ? hex(from) : `${hex(from)}-${hex(code)}`);
  }
  const [only] = ranges;
  return ranges.length === 1 && only !== undefined && only.length === 4 ? only : `[${ranges.join('')}]`;
}

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

// ---- item by item

/** Matches as LuaJIT does; recursion is bounded by `MAX_DEPTH`. */
class Matcher {
  readonly #items: readonly Item[];
  readonly #text: string;
  // Of each capture, from 1: where it starts, and its end; positions end nowhere.
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #depth = 0;

  constructor(items: readonly Item[], text: string) {
    this.#items = items;
    this.#text = text;
  }

  /** Where a match that starts at `start` ends; negative where there is none. */
  matchAt(start: number): number {
    this.#depth = 0;
    return this.#match(start, 0);
  }

  result(start: number, end: number, captures: number): Match {
    const result = [this.#text.slice(start, end)] as unknown as Match;
    for (let i = 1; i <= captures; i++) {
      const from = this.#starts[i] as number;
      const to = this.#ends[i];
      result.push(to === undefined ? from + 1 : this.#text.slice(from, to));
    }
    result.index = start;
    return result;
  }

  // The items from `from` on, at `start`.
  #match(start: number, from: number): number {
    if (++this.#depth > MAX_DEPTH) throw fault('pattern too complex');
    const end = this.#matchItems(start, from);
    this.#depth--;
    return end;
  }

  #matchItems(start: number, from: number): number {
    let at = start;
    for (let index = from; index < this.#items.length; index++) {
      const item = this.#items[index] as Item;
      switch (item.kind) {
        case 'set': {
          const isHere = at < this.#text.length && item.set[this.#text.charCodeAt(at)] === 1;
          if (item.quantifier === '') {
            if (!isHere) return -1;
            at++;
            break;
          }
          if (item.quantifier !== '?') return this.#repeated(item.set, item.quantifier, at, index + 1);
          const end = isHere ? this.#match(at + 1, index + 1) : -1;
          if (end >= 0) return end;
          break;
        }
        case 'open':
        case 'position':
          this.#starts[item.capture] = at;
          delete this.#ends[item.capture];
          return this.#match(at, index + 1);
        case 'close':
          return this.#close(item.capture, at, index + 1);
        case 'back': {
          const text = this.#text.slice(this.#starts[item.capture], this.#ends[item.capture] ?? this.#starts[item.capture]);
          if (!this.#text.startsWith(text, at)) return -1;
          at += text.length;
          break;
        }
        case 'balanced':
          at = this.#balanced(item.open, item.close, at);
          if (at < 0) return -1;
          break;
        case 'frontier': {
          const before = at === 0 ? 0 : this.#text.charCodeAt(at - 1);
          const behind = at === this.#text.length ? 0 : this.#text.charCodeAt(at);
          if (item.set[before] === 1 || item.set[behind] !== 1) return -1;
          break;
        }
        case 'end':
          return at === this.#text.length ? at : -1;
        case 'error':
          throw fault(item.message);
      }
    }
    return at;
  }

  #close(capture: number, at: number, next: number): number {
    this.#ends[capture] = at;
    const end = this.#match(at, next);
    if (end < 0) delete this.#ends[capture];
    return end;
  }

  #repeated(set: Uint8Array, quantifier: '*' | '+' | '-', start: number, next: number): number {
    const text = this.#text;
    const isMember = (at: number): boolean => at < text.length && set[text.charCodeAt(at)] === 1;
    if (quantifier === '-') {
      for (let at = start; ; at++) {
        const end = this.#match(at, next);
        if (end >= 0) return end;
        if (!isMember(at)) return -1;
      }
    }
    let at = start;
    while (isMember(at)) at++;
    for (const least = quantifier === '+' ? start + 1 : start; at >= least; at--) {
      const end = this.#match(at, next);
      if (end >= 0) return end;
    }
    return -1;
  }

  // Behind the bracket that closes the one at `start`.
  #balanced(open: number, close: number, start: number): number {
    if (this.#text.charCodeAt(start) !== open) return -1;
    let nesting = 1;
    for (let at = start + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === close) {
        if (--nesting === 0) return at + 1;
      } else if (code === open) nesting++;
    }
    return -1;
  }
}
