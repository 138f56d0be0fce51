/**
 * A place in a token list, and what every parsing method needs: looking, eating, expecting, failing.
 * `#pragma` lines are obeyed while passing over them, so that no grammar rule has to know of them.
 * @module
 */
import { CdefError } from '../util/errors.ts';
import { shortened } from '../util/text.ts';
import type { Range } from './ast.ts';
import type { Dialect } from './dialect.ts';
import { END, type Pragma, type Tokens } from './lexer.ts';

/** How deep declarators, expressions and struct bodies may nest. */
export const MAX_NESTING = 200;
/** How many saved `#pragma pack` states there may be. */
const MAX_PACK_STACK = 100;

export class Cursor {
  protected readonly tokens: Tokens;
  protected readonly text: string;
  protected readonly dialect: Dialect;
  /** Which token is the current one. Moved by `advance` and `moveTo` alone, which keep `kind` and `word`. */
  protected index = 0;
  protected kind: number = END;
  /** The current token, if it is an identifier, keyword or punctuator; empty for others. */
  protected word = '';
  /** `#pragma pack` in force, in bytes. */
  protected pack: number | null = null;
  /** `#pragma scalar_storage_order` in force. */
  protected order: 'big' | 'little' | null = null;
  readonly #packStack: { label: string | null; pack: number | null }[] = [];
  readonly #ids: Int32Array;
  readonly #words: readonly string[];
  #nextPragma = 0;
  // The token that the next pragma stands in front of.
  #pragmaIndex = -1;
  #depth = 0;

  constructor(tokens: Tokens, dialect: Dialect) {
    this.tokens = tokens;
    this.dialect = dialect;
    this.text = tokens.source.text;
    this.#ids = tokens.ids;
    this.#words = tokens.words;
    this.#pragmaIndex = tokens.pragmas[0]?.index ?? -1;
    this.moveTo(0);
  }

  /** Goes to a token, leaving all nesting. */
  protected moveTo(index: number): void {
    this.#depth = 0;
    this.index = index - 1;
    this.advance();
  }

  protected advance(): void {
    const index = ++this.index;
    this.kind = this.tokens.kinds[index] as number;
    this.word = this.#words[this.#ids[index] as number] as string;
    if (index === this.#pragmaIndex) this.#obeyPragmas();
  }

  /** Offset of the current token. */
  protected get start(): number {
    return this.tokens.starts[this.index] as number;
  }

  /** End of the current token. */
  protected get end(): number {
    return this.tokens.ends[this.index] as number;
  }

  /** End of the token before the current one. */
  protected get previousEnd(): number {
    return this.index === 0 ? 0 : (this.tokens.ends[this.index - 1] as number);
  }

  protected get atEnd(): boolean {
    return this.kind === END;
  }

  /** The current token as it is written. */
  protected get spelling(): string {
    return this.text.slice(this.start, this.end);
  }

  /** Whether the current token is this punctuator or word. */
  protected is(word: string): boolean {
    return this.word === word;
  }

  /** Whether the token `ahead` places on is this punctuator or word. */
  protected isAhead(ahead: number, word: string): boolean {
    return this.wordAt(ahead) === word;
  }

  /** The identifier, keyword or punctuator `ahead` places on; empty for others. */
  protected wordAt(ahead: number): string {
    return this.#words[this.#ids[this.index + ahead] ?? 0] as string;
  }

  /** The kind of the token `ahead` places on. */
  protected kindAt(ahead: number): number {
    return this.tokens.kinds[this.index + ahead] ?? END;
  }

  protected eat(punctuator: string): boolean {
    if (this.word !== punctuator) return false;
    this.advance();
    return true;
  }

  protected expect(punctuator: string, where: string): void {
    if (!this.eat(punctuator)) this.failHere(`expected '${punctuator}' ${where}`);
  }

  /** Raises about the current token, naming what was found. */
  protected failHere(expected: string, notes: readonly string[] = []): never {
    const found = this.atEnd ? 'end of text' : `'${shortened(this.spelling, 40)}'`;
    this.fail({ start: this.start, end: this.end }, `${expected}, found ${found}`, notes);
  }

  protected fail(range: Range, reason: string, notes: readonly string[] = []): never {
    const length = Math.max(1, range.end - range.start);
    throw new CdefError({ source: this.tokens.source, offset: range.start, length, reason, notes });
  }

  /** Goes one level deeper; text nested beyond the limit is an error, not a stack overflow. */
  protected enter(): void {
    if (++this.#depth > MAX_NESTING) this.failHere(`nesting deeper than ${MAX_NESTING} levels`);
  }

  /** Comes back from the level that `enter` went to. */
  protected leave(): void {
    this.#depth--;
  }

  // `recover` may go back over pragmas, which are obeyed but once.
  #obeyPragmas(): void {
    const { pragmas } = this.tokens;
    while (pragmas[this.#nextPragma]?.index === this.index) this.#pragma(pragmas[this.#nextPragma++] as Pragma);
    this.#pragmaIndex = pragmas[this.#nextPragma]?.index ?? -1;
  }

  // gcc's and MSVC's `pack`, gcc's `scalar_storage_order`; a few others would change layouts too, all the rest do not.
  #pragma(range: Range): void {
    const line = this.text
      .slice(range.start, range.end)
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ')
      .replace(/^(?:#|%:)\s*pragma\s*/, '')
      .trim();
    if (/^scalar_storage_order\b/.test(line)) {
      this.#obeyStorageOrder(range, line);
      return;
    }
    if (/^(?:ms_struct|options\b|reverse_bitfields|bit_order)/.test(line)) {
      this.fail(range, `'#pragma ${line}' changes layouts and is not supported`);
    }
    if (!/^pack\b/.test(line)) return;
    const match = /^pack\s*\((.*)\)$/.exec(line);
    const words = match === null ? [] : (match[1] as string).split(',').map((word) => word.trim());
    if (match === null) this.fail(range, "expected '(...)' after '#pragma pack'");
    this.#obeyPack(range, words);
  }

  #obeyStorageOrder(range: Range, line: string): void {
    const [, order] = /\s(big|little|default)(?:-endian)?$/.exec(line) ?? [];
    if (order === undefined) this.fail(range, "'#pragma scalar_storage_order' takes big-endian, little-endian or default");
    this.order = order === 'default' ? null : (order as 'big' | 'little');
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
