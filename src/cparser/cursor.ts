/**
 * A place in a token list, and what every parsing method needs: looking, eating, expecting, failing.
 * `#pragma` tokens are obeyed while passing over them, so that no grammar rule has to know of them.
 * @module
 */
import { CdefError } from '../util/errors.ts';
import type { Range } from './ast.ts';
import { END, IDENTIFIER, PRAGMA, PUNCTUATOR, STRING, type Tokens } from './lexer.ts';

/** How deep declarators, expressions and struct bodies may nest. */
export const MAX_NESTING = 200;
/** How many saved `#pragma pack` states there may be. */
const MAX_PACK_STACK = 100;

export class Cursor {
  protected readonly tokens: Tokens;
  protected readonly text: string;
  protected index = 0;
  /** `#pragma pack` in force, in bytes. */
  protected pack: number | null = null;
  readonly #packStack: { label: string | null; pack: number | null }[] = [];
  #depth = 0;

  constructor(tokens: Tokens) {
    this.tokens = tokens;
    this.text = tokens.source.text;
    this.#obeyPragmas();
  }

  /** Offset of the current token. */
  protected get start(): number {
    return this.tokens.starts[this.index] as number;
  }

  /** End of the token before the current one. */
  protected get previousEnd(): number {
    return this.index === 0 ? 0 : (this.tokens.ends[this.index - 1] as number);
  }

  protected get kind(): number {
    return this.tokens.kinds[this.index] as number;
  }

  protected get atEnd(): boolean {
    return this.kind === END;
  }

  /** The current token's spelling. */
  protected get spelling(): string {
    return this.text.slice(this.start, this.tokens.ends[this.index]);
  }

  protected advance(): void {
    this.index++;
    if (this.kind === PRAGMA) this.#obeyPragmas();
  }

  /** Whether the token `ahead` places on is this punctuator. */
  protected is(punctuator: string, ahead = 0): boolean {
    const at = this.#skipPragmas(this.index, ahead);
    const start = this.tokens.starts[at] as number;
    const length = (this.tokens.ends[at] as number) - start;
    return this.tokens.kinds[at] === PUNCTUATOR && length === punctuator.length && this.text.startsWith(punctuator, start);
  }

  /** The spelling of the identifier `ahead` places on, or null. */
  protected identifierAt(ahead: number): string | null {
    const at = this.#skipPragmas(this.index, ahead);
    return this.tokens.kinds[at] === IDENTIFIER ? this.text.slice(this.tokens.starts[at], this.tokens.ends[at]) : null;
  }

  /** Whether the token `ahead` places on is a string. */
  protected isString(ahead: number): boolean {
    return this.tokens.kinds[this.#skipPragmas(this.index, ahead)] === STRING;
  }

  #skipPragmas(from: number, ahead: number): number {
    let at = from;
    for (let i = 0; i < ahead && this.tokens.kinds[at] !== END; i++) {
      do at++;
      while (this.tokens.kinds[at] === PRAGMA);
    }
    return at;
  }

  protected eat(punctuator: string): boolean {
    if (!this.is(punctuator)) return false;
    this.advance();
    return true;
  }

  protected expect(punctuator: string, where: string): void {
    if (!this.eat(punctuator)) this.failHere(`expected '${punctuator}' ${where}`);
  }

  /** Raises about the current token, naming what was found. */
  protected failHere(expected: string, notes: readonly string[] = []): never {
    const found = this.atEnd ? 'end of text' : `'${this.#shortSpelling()}'`;
    const end = this.tokens.ends[this.index] as number;
    this.fail({ start: this.start, end }, `${expected}, found ${found}`, notes);
  }

  #shortSpelling(): string {
    const spelling = this.spelling;
    return spelling.length > 40 ? `${spelling.slice(0, 37)}...` : spelling;
  }

  protected fail(range: Range, reason: string, notes: readonly string[] = []): never {
    const length = Math.max(1, range.end - range.start);
    throw new CdefError({ source: this.tokens.source, offset: range.start, length, reason, notes });
  }

  /** Runs `parse` one level deeper; text nested beyond the limit is an error, not a stack overflow. */
  protected nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_NESTING) this.failHere(`nesting deeper than ${MAX_NESTING} levels`);
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  #obeyPragmas(): void {
    while (this.kind === PRAGMA) {
      this.#pragma({ start: this.start, end: this.tokens.ends[this.index] as number });
      this.index++;
    }
  }

  // gcc's and MSVC's `pack`; `scalar_storage_order` would change layouts too, every other pragma does not.
  #pragma(range: Range): void {
    const line = this.text
      .slice(range.start, range.end)
      .replace(/\\\r?\n/g, '')
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ')
      .replace(/^#\s*pragma\s*/, '')
      .trim();
    if (/^(?:scalar_storage_order|ms_struct|options\b|reverse_bitfields|bit_order)/.test(line)) {
      this.fail(range, `'#pragma ${line}' changes layouts and is not supported`);
    }
    if (!/^pack\b/.test(line)) return;
    const match = /^pack\s*\((.*)\)$/.exec(line);
    const words = match === null ? [] : (match[1] as string).split(',').map((word) => word.trim());
    if (match === null) this.fail(range, "expected '(...)' after '#pragma pack'");
    this.#obeyPack(range, words);
  }

  #obeyPack(range: Range, words: string[]): void {
    const [action, ...rest] = words;
    if (action === '') {
      this.pack = null;
    } else if (action === 'push' || action === 'pop') {
      const label = rest.find((word) => /^[A-Za-z_]\w*$/.test(word)) ?? null;
      const value = rest.find((word) => /^\d+$/.test(word));
      if (rest.some((word) => word !== label && word !== value)) this.fail(range, "malformed '#pragma pack'");
      if (action === 'push') this.#pushPack(range, label);
      else this.#popPack(range, label);
      if (value !== undefined) this.pack = this.#packValue(range, value);
    } else {
      if (rest.length > 0) this.fail(range, "malformed '#pragma pack'");
      this.pack = this.#packValue(range, action as string);
    }
  }

  #pushPack(range: Range, label: string | null): void {
    if (this.#packStack.length === MAX_PACK_STACK) this.fail(range, `more than ${MAX_PACK_STACK} saved '#pragma pack' states`);
    this.#packStack.push({ label, pack: this.pack });
  }

  #popPack(range: Range, label: string | null): void {
    const found = label === null ? this.#packStack.length - 1 : this.#packStack.findLastIndex((saved) => saved.label === label);
    if (found < 0) this.fail(range, "'#pragma pack(pop)' without a matching '#pragma pack(push)'");
    this.pack = (this.#packStack[found] as { pack: number | null }).pack;
    this.#packStack.length = found;
  }

  #packValue(range: Range, word: string): number | null {
    const value = Number(word);
    if (![0, 1, 2, 4, 8, 16].includes(value) || word === '') this.fail(range, "'#pragma pack' takes 1, 2, 4, 8 or 16");
    return value === 0 ? null : value;
  }
}
