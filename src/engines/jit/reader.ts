/**
 * The tokens of a chunk as its parser reads them: the current one, one more where LuaJIT looks ahead, and the lines that messages
 * and the tree name. Both are LuaJIT's, as programs show them: an error names the line on which the token read last ends.
 * @module
 */
import { LuaLexer, type LuaToken } from '../../lua/index.ts';
import type { LuaSyntaxError } from '../../util/errors.ts';

/** How `parse` reads. */
export interface ParseOptions {
  /**
   * Also the syntax of LuaJITs newer than 2.1.0-beta3: bit operators, `+=`, `a ? b : c`, `a?.b`, `??`, `continue`, `const`, `x -> x + 1`
   * and so on. No program without it means anything else with it. Default: true.
   */
  readonly extensions?: boolean;
}

/** Nesting of blocks and expressions that LuaJIT reads. */
const MAX_LEVELS = 200;

/** Operators that are others in C's spelling. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['!=', '~='],
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not'],
]);

/** The kinds of tokens that have no text of their own, as messages write them. */
const KINDS = { name: '<name>', string: '<string>', number: '<number>', end: '<eof>' } as const;

export abstract class TokenReader {
  protected readonly hasExtensions: boolean;
  /** The current token, and what it is: an operator or keyword, or `<name>`, `<string>`, `<number>`, `<eof>`. */
  protected token: LuaToken;
  protected symbol: string;
  /** Where the token read last ends, which is the current one or the one behind it. */
  protected line: number;
  /** The same for the token before the current one: where LuaJIT places the instructions it makes of what it has read. */
  protected lastLine = 1;
  /** The offset behind the token before the current one. */
  protected lastEnd = 0;
  readonly #lexer: LuaLexer;
  #ahead: LuaToken | null = null;
  #levels = 0;

  constructor(text: string, name: string, options: ParseOptions) {
    this.hasExtensions = options.extensions ?? true;
    this.#lexer = new LuaLexer(text, name, { extensions: this.hasExtensions });
    this.token = this.#lexer.next();
    this.symbol = this.#symbolOf(this.token);
    this.line = this.token.line;
  }

  #symbolOf(token: LuaToken): string {
    if (token.kind === 'operator') return this.hasExtensions ? (SPELLINGS.get(token.value) ?? token.value) : token.value;
    return token.kind === 'keyword' ? token.value : KINDS[token.kind];
  }

  protected next(): void {
    this.lastLine = this.line;
    this.lastEnd = this.token.end;
    this.token = this.#ahead ?? this.#lexer.next();
    if (this.#ahead === null) this.line = this.token.line;
    this.#ahead = null;
    this.symbol = this.#symbolOf(this.token);
  }

  /** What the token behind the current one is. */
  protected peek(): string {
    if (this.#ahead === null) {
      this.#ahead = this.#lexer.next();
      this.line = this.#ahead.line;
    }
    return this.#symbolOf(this.#ahead);
  }

  protected at(symbol: string): boolean {
    return this.symbol === symbol;
  }

  protected eat(symbol: string): boolean {
    if (this.symbol !== symbol) return false;
    this.next();
    return true;
  }

  protected expect(symbol: string): void {
    if (!this.eat(symbol)) throw this.errorHere(`'${symbol}' expected`);
  }

  /** The `closing` of what `opening` began on `line`. */
  protected expectClosing(closing: string, opening: string, line: number): void {
    if (this.eat(closing)) return;
    const place = line === this.line ? '' : ` (to close '${opening}' at line ${line})`;
    throw this.errorHere(`'${closing}' expected${place}`);
  }

  /** `goto` is a keyword by where it stands only. */
  protected get isName(): boolean {
    return this.symbol === '<name>' || this.symbol === 'goto';
  }

  protected name(): string {
    if (!this.isName) throw this.errorHere("'<name>' expected");
    const name = this.token.value as string;
    this.next();
    return name;
  }

  /** An error that names the current token. */
  protected errorHere(message: string): LuaSyntaxError {
    return this.#lexer.error(message, this.#lexer.textOf(this.token), this.line);
  }

  /** An error that names no token. */
  protected error(message: string, line: number = this.line): LuaSyntaxError {
    return this.#lexer.error(message, null, line);
  }

  /** Enters a level of nesting; each is left again by `leave`. */
  protected enter(): void {
    if (++this.#levels >= MAX_LEVELS) throw this.error('chunk has too many syntax levels');
  }

  protected leave(): void {
    this.#levels--;
  }

  /** Whether `count` more levels would be too many. */
  protected isTooDeep(count: number): boolean {
    return this.#levels + count >= MAX_LEVELS;
  }
}
