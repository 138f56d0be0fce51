/**
 * The C preprocessor (C11 6.10): directives, conditions, includes, macros. It makes one text of all the files, which
 * the lexer then reads like any other; where every piece of it came from is kept in a `Source` that can answer for it.
 *
 * Text between directives and macros is copied as it is, comments included: only what changes costs anything.
 * @module
 */
import { CdefError } from '../util/errors.ts';
import { type IncludedFrom, includeNotes, type Origin, Source, TracedSource } from '../util/source.ts';
import { HEADER, headerOf, holds, macroName } from './conditions.ts';
import { builtinHeader } from './headers.ts';
import { type Macro, MacroError, Macros, type PpToken, ppTokenAt, parseMacro, ppTokens, textOf, type TokenSource } from './macros.ts';
import { hashAt, lineEnd, logicalLineEnd, withoutComments } from './lines.ts';
import { joinLines } from './splices.ts';

/** A file that an `#include` found. */
export interface IncludedFile {
  /** Under which it appears in messages, and by which `#pragma once` and cycles know it. */
  readonly name: string;
  readonly text: string;
}

/** What `#include` asks for. */
export interface IncludeRequest {
  readonly name: string;
  /** `<name>` rather than `"name"`. */
  readonly isSystem: boolean;
  /** The file that the directive stands in. */
  readonly from: string;
  /** `#include_next`: skip what `from` itself was found as. */
  readonly isNext: boolean;
}

/** Finds included files; null where there is none. */
export type IncludeResolver = (request: IncludeRequest) => IncludedFile | null;

export interface PreprocessOptions {
  readonly include?: IncludeResolver;
  /** Macros defined from the start: name to body; `name(a, b)` for function-like ones. */
  readonly define?: Readonly<Record<string, string>>;
}

/** What preprocessing gives. */
export interface Preprocessed {
  readonly source: Source;
  /** The macros in force at the end, without those of `define`. */
  readonly macros: ReadonlyMap<string, Macro>;
}

/** How deep files may include files. */
export const MAX_INCLUDE_DEPTH = 200;
/** Longest text that preprocessing may give, in UTF-16 code units. */
export const MAX_OUTPUT = 1 << 28;
/** How deep conditions may nest. */
const MAX_CONDITIONS = 1000;

/** Whether a text needs preprocessing at all; already preprocessed text does not, and is not looked at twice. */
export function needsPreprocessing(text: string): boolean {
  return /^[ \t]*(?:#|%:)[ \t]*(?:define|undef|include|include_next|import|if|ifdef|ifndef|elif|else|endif|error|warning)\b|\b_Pragma\b/m.test(
    text,
  );
}

/**
 * Preprocesses a text.
 * @throws {CdefError} at the first mistake, with the includes and macros that lead there
 */
export function preprocess(source: Source, options: PreprocessOptions = {}): Preprocessed {
  const run = new Run(options);
  run.file(source, null);
  return run.finish(source.name);
}

interface Condition {
  /** Whether the group is being read. */
  isActive: boolean;
  /** Whether some group of this condition has been. */
  wasTaken: boolean;
  /** Whether the text around it is being read. */
  readonly isReachable: boolean;
  hasElse: boolean;
  readonly offset: number;
}

// Everything that the files of one text share.
class Run {
  readonly macros = new Macros();
  readonly #options: PreprocessOptions;
  readonly #parts: string[] = [];
  readonly #origins: Origin[] = [];
  readonly #once: Set<string> = new Set();
  readonly #builtin: Map<string, Macro> = new Map();
  #length = 0;
  #depth = 0;
  #counter = 0;

  constructor(options: PreprocessOptions) {
    this.#options = options;
    for (const [head, body] of Object.entries(options.define ?? {})) {
      const macro = parseMacro(`${head} ${body}`);
      if (typeof macro === 'string') throw new TypeError(`define: ${macro}`);
      this.macros.table.set(macro.name, macro);
      this.#builtin.set(macro.name, macro);
    }
    this.macros.computed.set('__COUNTER__', () => String(this.#counter++));
    this.macros.computed.set('__INCLUDE_LEVEL__', () => String(this.#depth - 1));
  }

  get include(): IncludeResolver | null {
    return this.#options.include ?? null;
  }

  emit(text: string, source: Source, offset: number, macro: string | null, from: IncludedFrom | null): void {
    if (text === '') return;
    this.#origins.push({ start: this.#length, source, offset, macro, from });
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#length > MAX_OUTPUT) {
      throw new CdefError({ source, offset, length: 1, reason: `preprocessed text is longer than ${MAX_OUTPUT} characters`, notes: [] });
    }
  }

  isOnce(name: string): boolean {
    return this.#once.has(name);
  }

  once(name: string): void {
    this.#once.add(name);
  }

  file(source: Source, from: IncludedFrom | null): void {
    if (++this.#depth > MAX_INCLUDE_DEPTH) {
      const { source: includer, offset } = from as IncludedFrom;
      throw new CdefError({
        source: includer,
        offset,
        length: 1,
        reason: `files included deeper than ${MAX_INCLUDE_DEPTH} levels`,
        notes: [],
      });
    }
    const { computed } = this.macros;
    if (this.#depth === 1) computed.set('__BASE_FILE__', () => JSON.stringify(source.name));
    const [line, name] = [computed.get('__LINE__'), computed.get('__FILE__')];
    new FileReader(this, joinLines(source), from).read();
    if (line !== undefined && name !== undefined) {
      computed.set('__LINE__', line);
      computed.set('__FILE__', name);
    }
    this.#depth--;
  }

  finish(name: string): Preprocessed {
    const macros = new Map([...this.macros.table].filter(([key, macro]) => this.#builtin.get(key) !== macro));
    return { source: new TracedSource(name, this.#parts.join(''), this.#origins), macros };
  }
}

// In text: what may be a macro, what hides one, and line ends. Sticky, from one thing of interest to the next.
const INTERESTING =
  /(?:L|U|u8|u)?(?:"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*')|[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*|\.?\d(?:[eEpP][+-]|[\w.])*|\/\*|\/\/|\n/g;

// One file being read.
class FileReader implements TokenSource {
  readonly #run: Run;
  readonly #source: Source;
  readonly #text: string;
  readonly #from: IncludedFrom | null;
  readonly #conditions: Condition[] = [];
  #at = 0;
  /** Up to here the text has been written out. */
  #copied = 0;
  // Tokens of an expansion that have not been written yet.
  #pending: PpToken[] = [];
  // Where each `__LINE__` among the arguments of a macro stands: it is the line of its own.
  readonly #lineTokens: Map<PpToken, number> = new Map();
  // Where the macro stands that is being expanded; null outside of expansions.
  #expanding: number | null = null;

  constructor(run: Run, source: Source, from: IncludedFrom | null) {
    this.#run = run;
    this.#source = source;
    this.#text = source.text;
    this.#from = from;
    const lineOf = (token: PpToken): number => source.position(this.#lineTokens.get(token) ?? this.#expanding ?? this.#at).line;
    run.macros.computed.set('__LINE__', (token) => String(lineOf(token)));
    run.macros.computed.set('__FILE__', () => JSON.stringify(source.position(this.#at).file));
  }

  #fail(offset: number, length: number, reason: string): never {
    throw new CdefError({ source: this.#source, offset, length, reason, notes: includeNotes(this.#from) });
  }

  read(): void {
    const text = this.#text;
    let isLineStart = true;
    while (this.#at < text.length) {
      if (isLineStart && this.#directive()) continue;
      isLineStart = false;
      if (!this.#isActive) {
        this.#skipLine();
        isLineStart = true;
        continue;
      }
      INTERESTING.lastIndex = this.#at;
      const match = INTERESTING.exec(text);
      if (match === null) break;
      const [word] = match;
      const start = match.index;
      this.#at = start + word.length;
      if (word === '\n') isLineStart = true;
      else if (word === '/*') this.#skipComment(start);
      else if (word === '//') this.#at = lineEnd(text, start);
      else if (/^[A-Za-z_$\u0080-\uffff]/.test(word)) this.#word(word, start);
    }
    this.#at = text.length;
    this.#copyTo(text.length);
    const open = this.#conditions.at(-1);
    if (open !== undefined) this.#fail(open.offset, 1, "condition without its '#endif'");
    // A file that does not end in a newline must not run into what follows it.
    if (text !== '' && !text.endsWith('\n')) this.#emit('\n', text.length, null);
  }

  get #isActive(): boolean {
    return this.#conditions.at(-1)?.isActive ?? true;
  }

  #emit(text: string, offset: number, macro: string | null): void {
    this.#run.emit(text, this.#source, offset, macro, this.#from);
  }

  // Writes what has been passed over unchanged.
  #copyTo(end: number): void {
    if (end > this.#copied) this.#emit(this.#text.slice(this.#copied, end), this.#copied, null);
    this.#copied = end;
  }

  #skipComment(start: number): void {
    const end = this.#text.indexOf('*/', start + 2);
    if (end < 0) this.#fail(start, 2, 'unfinished comment');
    this.#at = end + 2;
  }

  // Passes over a line that is left out; comments in it go on to other lines.
  #skipLine(): void {
    const end = logicalLineEnd(this.#text, this.#at, (open) => this.#fail(open, 2, 'unfinished comment'));
    this.#at = Math.min(end + 1, this.#text.length);
    this.#copied = this.#at;
  }

  // ---- macros in text

  #word(word: string, start: number): void {
    const { macros } = this.#run;
    if (word === '_Pragma') {
      this.#pragmaOperator(start);
      return;
    }
    if (!macros.isDefined(word)) return;
    this.#expanding = start;
    try {
      this.#expand(word, start);
    } catch (error) {
      if (error instanceof MacroError) this.#fail(start, word.length, error.message);
      throw error;
    }
    this.#expanding = null;
  }

  #expand(word: string, start: number): void {
    const { macros } = this.#run;
    const first = macros.replace({ kind: 'identifier', text: word, space: false, hidden: null }, this);
    if (first === null) return;
    const done: PpToken[] = [];
    // Pending tokens are a stack; what an expansion leaves may take its arguments from the text behind it.
    this.#pending = first.reverse();
    for (let token = this.#pending.pop(); token !== undefined; token = this.#pending.pop()) {
      const replacement = macros.replace(token, this);
      if (replacement === null) done.push(token);
      else for (let i = replacement.length - 1; i >= 0; i--) this.#pending.push(replacement[i] as PpToken);
    }
    const end = this.#at;
    this.#copyTo(start);
    this.#copied = end;
    // Around it stand what stood there; it must not run together with that.
    const text = textOf(done).replace(PRAGMA_OPERATORS, (_, literal: string) => this.#pragma(literal));
    this.#emit(` ${text} `, start, word);
  }

  next(): PpToken | null {
    const pending = this.#pending.pop();
    if (pending !== undefined) return pending;
    this.#skipWhite();
    while (this.#text[this.#at] === '\n') {
      this.#at++;
      this.#directivesInArguments();
      this.#skipWhite();
    }
    if (this.#at >= this.#text.length) return null;
    const before = this.#text[this.#at - 1] ?? ' ';
    const token = { ...ppTokenAt(this.#text, this.#at), space: /\s|\//.test(before) };
    if (token.text === '__LINE__') this.#lineTokens.set(token, this.#at);
    this.#at += token.text.length;
    return token;
  }

  opensArguments(): boolean {
    if (this.#pending.length > 0) return this.#pending.at(-1)?.text === '(';
    const saved = this.#at;
    do this.#skipWhite();
    while (this.#text[this.#at] === '\n' && ++this.#at > 0);
    if (this.#text[this.#at] === '(') return true;
    this.#at = saved;
    return false;
  }

  // Passes over white space and comments, up to the end of the line.
  #skipWhite(): void {
    const text = this.#text;
    while (true) {
      WHITE.lastIndex = this.#at;
      WHITE.test(text);
      this.#at = WHITE.lastIndex;
      if (text.startsWith('/*', this.#at)) this.#skipComment(this.#at);
      else if (text.startsWith('//', this.#at)) this.#at = lineEnd(text, this.#at);
      else return;
    }
  }

  // Obeys directives between the arguments of a macro, as gcc does; C11 6.10.3p11 leaves them undefined.
  #directivesInArguments(): void {
    while (this.#at < this.#text.length) {
      if (this.#directive()) this.#at = Math.min(this.#at + 1, this.#text.length);
      else if (this.#isActive) return;
      else this.#skipLine();
    }
  }

  // _Pragma("...") is a #pragma on a line of its own (C11 6.10.9).
  #pragmaOperator(start: number): void {
    const tokens: PpToken[] = [];
    let depth = 0;
    this.#expanding = start;
    if (this.opensArguments()) {
      for (let token = this.next(); token !== null; token = this.next()) {
        tokens.push(token);
        if (token.text === '(') depth++;
        if (token.text === ')' && --depth === 0) break;
      }
    }
    // gcc expands macros here, which C leaves open.
    const [literal, ...others] = this.#expanded(tokens.slice(1, -1), start, 7);
    if (depth > 0 || literal === undefined || others.length > 0 || !/^L?"/.test(literal.text)) {
      this.#fail(start, 7, "expected a string in '_Pragma'");
    }
    this.#expanding = null;
    const end = this.#at;
    this.#copyTo(start);
    this.#copied = end;
    this.#emit(this.#pragma(literal.text), start, null);
  }

  // The line that `_Pragma(literal)` stands for.
  #pragma(literal: string): string {
    const pragma = unquoted(literal);
    this.#run.macros.obeyPragma(pragma);
    return `\n#pragma ${pragma}\n`;
  }

  // ---- directives

  // Obeys the directive at the start of a line; false where there is none.
  #directive(): boolean {
    const text = this.#text;
    const hash = hashAt(text, this.#at);
    if (hash === null) return false;
    const end = logicalLineEnd(text, hash, (open) => this.#fail(open, 2, 'unfinished comment'));
    const line = withoutComments(text.slice(hash + 1, end));
    const [, name = '', rest = ''] = /^\s*([A-Za-z_]\w*)?([\s\S]*)$/.exec(line) as RegExpExecArray;
    // Pragmas are for the parser, but for those about macros.
    if (this.#isActive && this.#expanding === null && name === 'pragma' && !/^\s*once\b/.test(rest)) {
      this.#run.macros.obeyPragma(rest);
      this.#at = end;
      return true;
    }
    if (this.#isActive && this.#expanding !== null && /^(?:include|include_next|import|pragma)$/.test(name))
      this.#fail(hash, end - hash, `'#${name}' among the arguments of a macro`);
    this.#copyTo(this.#expanding ?? this.#at);
    this.#at = end;
    this.#copied = end;
    this.#obey(name, rest, hash, end);
    return true;
  }

  // `#line 12 "file"`, which may be made of macros, and gcc's `# 12 "file" 1`.
  #lineDirective(name: string, rest: string, hash: number, end: number): void {
    const plain = name === '' ? rest : textOf(this.#expanded(ppTokens(rest), hash, end - hash));
    const match = /^\s*(\d{1,9})(?:\s+"((?:[^"\\]|\\.)*)")?[\s\d]*$/.exec(plain);
    if (match === null) this.#fail(hash, end - hash, `expected a line number and perhaps a file name after '#${name}'`);
    const [, line, file] = match;
    this.#source.addMarker({ offset: hash, line: Number(line), file: file?.replace(/\\(.)/g, '$1') ?? null });
  }

  #expanded(tokens: readonly PpToken[], offset: number, length: number): PpToken[] {
    try {
      return this.#run.macros.expand(tokens);
    } catch (error) {
      if (error instanceof MacroError) this.#fail(offset, length, error.message);
      throw error;
    }
  }

  #obey(name: string, rest: string, hash: number, end: number): void {
    const at = (reason: string): never => this.#fail(hash, end - hash, reason);
    switch (name) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        this.#open(name, rest, hash, end);
        return;
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
      case 'endif':
        this.#turn(name, rest, hash, end);
        return;
    }
    if (!this.#isActive) return;
    switch (name) {
      case 'define': {
        const macro = parseMacro(rest.trim());
        if (typeof macro === 'string') at(macro);
        else this.#run.macros.table.set(macro.name, macro);
        return;
      }
      case 'undef': {
        const known = macroName(rest) ?? at("expected a macro name after '#undef'");
        this.#run.macros.table.delete(known);
        return;
      }
      case 'line':
        this.#lineDirective(name, rest, hash, end);
        return;
      case 'include':
      case 'include_next':
      case 'import':
        this.#include(name, rest, hash, end);
        return;
      case 'pragma':
        this.#run.once(this.#source.name);
        return;
      case 'error':
        at(`#error${rest.trimEnd()}`);
        return;
      case 'warning':
      case 'assert':
      case 'unassert':
      case 'sccs':
      case 'ident':
        return;
      case '':
        if (/\S/.test(rest)) this.#lineDirective(name, rest, hash, end);
        return;
      default:
        at(`unknown preprocessor directive '#${name}'`);
    }
  }

  #open(name: string, rest: string, hash: number, end: number): void {
    if (this.#conditions.length === MAX_CONDITIONS) this.#fail(hash, end - hash, `conditions nested deeper than ${MAX_CONDITIONS} levels`);
    const isReachable = this.#isActive;
    const holds = isReachable && this.#holds(name, rest, hash, end);
    this.#conditions.push({ isActive: holds, wasTaken: holds, isReachable, hasElse: false, offset: hash });
  }

  #turn(name: string, rest: string, hash: number, end: number): void {
    const condition = this.#conditions.at(-1);
    if (condition === undefined) this.#fail(hash, end - hash, `'#${name}' without an '#if'`);
    if (name === 'endif') {
      this.#conditions.pop();
      return;
    }
    if (condition.hasElse) this.#fail(hash, end - hash, `'#${name}' after '#else'`);
    if (name === 'else') condition.hasElse = true;
    const isOpen = condition.isReachable && !condition.wasTaken;
    condition.isActive = isOpen && (name === 'else' || this.#holds(name.slice(2), rest, hash, end));
    condition.wasTaken ||= condition.isActive;
  }

  #holds(kind: string, rest: string, hash: number, end: number): boolean {
    return holds(kind, rest, {
      macros: this.#run.macros,
      finds: (header, isNext) => this.#find(header, isNext) !== null,
      fail: (reason) => this.#fail(hash, end - hash, reason),
    });
  }

  #find(header: string, isNext: boolean): IncludedFile | null {
    const [, system, own] = HEADER.exec(header) as RegExpExecArray;
    const name = system?.trim() ?? (own as string);
    const request = { name, isSystem: system !== undefined, from: this.#source.name, isNext };
    return this.#run.include?.(request) ?? builtinHeader(name);
  }

  #include(directive: string, rest: string, hash: number, end: number): void {
    const header = HEADER.test(rest.trim()) ? rest.trim() : headerOf(this.#expanded(ppTokens(rest), hash, end - hash));
    if (!HEADER.test(header)) this.#fail(hash, end - hash, "expected '<file>' or '\"file\"' after '#include'");
    const file = this.#find(header, directive === 'include_next');
    if (file === null) this.#fail(hash, end - hash, `file ${header} not found`);
    if (this.#run.isOnce(file.name)) return;
    if (directive === 'import') this.#run.once(file.name);
    this.#run.file(new Source(file.name, file.text), { source: this.#source, offset: hash, from: this.#from });
  }
}

// White space within a line.
const WHITE = /[^\S\n]*/y;

function unquoted(literal: string): string {
  return literal.slice(literal.indexOf('"') + 1, -1).replace(/\\(["\\])/g, '$1');
}

// `_Pragma` in an expansion.
const PRAGMA_OPERATORS = /\b_Pragma\s*\(\s*("[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*")\s*\)/g;
