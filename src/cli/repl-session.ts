/**
 * The prompt without its terminal: lines in, text out. It runs Lua, asks for more where a chunk is unfinished, and knows commands that start
 * with a dot, which no Lua does.
 * @module
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type CType, isRecord } from '../ctype/index.ts';
import { CTypeObject } from '../ffi/index.ts';
import { type EngineName, engineNames, LuaError, type LuaFunction, luaFolder, type LuaOptions, NodeLua } from '../host/node.ts';
import { LuaLexer } from '../lua/index.ts';
import { DEFAULT_CACHELINE, dump, layoutAsText } from '../report/index.ts';
import { renderDiagnostic, Source } from '../util/source.ts';
import { nearest } from '../util/text.ts';
import type { Cdef } from '../view/index.ts';
import { paintLayout } from './colors.ts';
import { fengariEngine } from './fengari.ts';
import { jitEngine } from './jit.ts';
import { includeFrom, predefinedMacros, systemFolders } from './headers.ts';

/** Options of `Session`. */
export interface SessionOptions {
  readonly engine: EngineName;
  /** Takes what is printed, with its newlines; what Lua prints in bytes, which may end within a character. */
  write(text: string | Uint8Array): void;
  readonly isColored: boolean;
}

/** What `members` of `lua/cdef/repl.lua` tells. */
export interface Members {
  readonly names: readonly string[];
  readonly kind: 'table' | 'library' | 'cdata';
  /** Of a cdata; of a ctype, the type that it is. */
  readonly type: CType | null;
  readonly isCtype: boolean;
}

interface Library {
  readonly compile: LuaFunction;
  readonly run: LuaFunction;
  readonly members: LuaFunction;
}

interface Command {
  readonly usage: string;
  readonly summary: string;
  run(argument: string): void;
}

/** What became of a line: it is done, the chunk goes on in the next one, or the prompt is to end. */
export type Answer = 'done' | 'more' | 'exit';

/** Earlier chunks whose lines errors can show. */
const MAX_CHUNKS = 200;
const UNFINISHED = "near '<eof>'";

export class Session {
  readonly #write: (text: string | Uint8Array) => void;
  readonly #isColored: boolean;
  #engine: EngineName;
  #lua: NodeLua;
  // `lua/cdef/repl.lua`.
  #library: Library;
  // Lines of an unfinished chunk.
  #pending = '';
  #count = 0;
  // Texts of chunks by their names.
  readonly #chunks: Map<string, string> = new Map();

  constructor({ engine, write, isColored }: SessionOptions) {
    this.#write = write;
    this.#isColored = isColored;
    this.#engine = engine;
    [this.#lua, this.#library] = this.#open();
  }

  #open(cdef?: Cdef): [NodeLua, Library] {
    const options: LuaOptions = {
      engine: this.#engine,
      ...(cdef !== undefined && { cdef }),
      libc: { write: (bytes) => this.#write(Uint8Array.from(bytes)) },
    };
    const lua = new NodeLua(options, this.#engine === 'jit' ? jitEngine() : fengariEngine());
    lua.run("ffi, bit, jit = require 'ffi', require 'bit', require 'jit'", '=prompt');
    return [lua, lua.run(readFileSync(path.join(luaFolder, 'cdef', 'repl.lua')), '=prompt') as Library];
  }

  get engine(): EngineName {
    return this.#engine;
  }

  /** The C declarations of the state. */
  get cdef(): Cdef {
    return this.#lua.cdef;
  }

  get isPending(): boolean {
    return this.#pending !== '';
  }

  /** Names of the commands, with their dots. */
  get commandNames(): readonly string[] {
    return Object.keys(this.#commands);
  }

  /** Forgets an unfinished chunk. */
  reset(): void {
    this.#pending = '';
  }

  close(): void {
    this.#lua.close();
  }

  /** Goes on after `feed` was ended from outside, without being unwound. */
  interrupted(): void {
    this.reset();
    const { engine, cdef } = this.#lua;
    if (engine.recover !== undefined) {
      engine.recover();
      this.#write('interrupted!\n');
    } else {
      // What is left of the state cannot be relied on, not even to be closed.
      [this.#lua, this.#library] = this.#open(cdef);
      this.#write('interrupted! Lua begins anew; C declarations are still there\n');
    }
  }

  /** Takes a line without its newline. */
  feed(line: string): Answer {
    if (!this.isPending && line.trimStart().startsWith('.')) return this.#command(line.trim());
    const text = this.#pending === '' ? line : `${this.#pending}\n${line}`;
    this.#pending = '';
    try {
      const isMore = this.#evaluate(text);
      if (isMore) this.#pending = text;
      return isMore ? 'more' : 'done';
    } catch (error) {
      this.#write(this.#errorText(error));
      return 'done';
    }
  }

  /** What can stand behind a path of keys, such as `ffi` and `C`. */
  membersOf(keys: readonly (string | number)[], wantsMethods: boolean): Members {
    try {
      const [names, kind, type, value] = this.#library.members.all(keys, wantsMethods) as [unknown, Members['kind'], unknown, unknown];
      const isCtype = value instanceof CTypeObject;
      return { names: Array.isArray(names) ? names : [], kind, type: type instanceof CTypeObject ? type.type : null, isCtype };
    } catch {
      return { names: [], kind: 'table', type: null, isCtype: false };
    }
  }

  // ---- chunks

  // Whether the text goes on in the next line.
  #evaluate(text: string): boolean {
    const name = `stdin#${++this.#count}`;
    const isExpression = text.trimStart().startsWith('=');
    const expression = isExpression ? text.replace('=', 'return ') : `return ${text}`;
    let fault = this.#compile(expression, name);
    let source = expression;
    let isUnfinished = fault?.endsWith(UNFINISHED) === true;
    if (fault !== undefined && !isExpression) {
      source = text;
      fault = this.#compile(text, name);
      isUnfinished ||= fault?.endsWith(UNFINISHED) === true;
    }
    if (fault !== undefined) {
      if (isUnfinished) this.#count--;
      else this.#write(`${fault}\n${this.#placeOfMistake(source, text)}\n`);
      return isUnfinished;
    }
    this.#chunks.set(name, text);
    const [oldest] = this.#chunks.keys();
    if (this.#chunks.size > MAX_CHUNKS) this.#chunks.delete(oldest as string);
    this.#library.run({
      text: (shown: unknown) => this.#write(`${asText(shown)}\n`),
      isAggregate: (type: unknown) => isAggregate(type),
      dump: (type: unknown, bytes: unknown) => {
        if (type instanceof CTypeObject && Array.isArray(bytes)) this.#write(dump(type.type, Uint8Array.from(bytes)));
      },
    });
    return false;
  }

  // What is wrong with a text. Its last line has an end, as otherwise a string that has none would go on.
  #compile(text: string, name: string): string | undefined {
    const message = this.#library.compile(`${text}\n`, `=${name}`);
    return message === undefined ? undefined : asText(message);
  }

  // The line and a caret under the first token that cannot stand where it does: with less than it the text is only unfinished.
  #placeOfMistake(source: string, typed: string): string {
    const bytes = Buffer.from(source).toString('latin1');
    const tokens: { start: number; end: number }[] = [];
    let fault: { start: number; end: number } | null = null;
    try {
      const lexer = new LuaLexer(bytes, 'stdin');
      for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) tokens.push(token);
    } catch {
      const start = (tokens.at(-1)?.end ?? 0) + (/^\s*/.exec(bytes.slice(tokens.at(-1)?.end ?? 0))?.[0].length ?? 0);
      fault = { start, end: bytes.length };
    }
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const front = Buffer.from(bytes.slice(0, (tokens[middle] as { end: number }).end), 'latin1');
      const result = this.#compile(front.toString(), 'stdin');
      if (result !== undefined && !result.endsWith(UNFINISHED)) high = middle;
      else low = middle + 1;
    }
    const found = tokens[low] ?? fault ?? { start: bytes.length, end: bytes.length };
    // In what was typed: `=` has become `return `.
    const shift = source.length - typed.length;
    const count = (end: number): number => Buffer.from(bytes.slice(0, end), 'latin1').toString().length;
    const start = Math.max(0, count(found.start) - shift);
    return excerpt(typed, start, count(found.end) - count(found.start));
  }

  // ---- errors

  #errorText(error: unknown): string {
    if (!(error instanceof LuaError)) return `${error instanceof Error ? error.message : String(error)}\n`;
    const lines = [error.message];
    const [, name = '', number = '', reason = ''] = /^(stdin#\d+):(\d+): (.*)/.exec(error.message) ?? [];
    const text = this.#chunks.get(name);
    if (text !== undefined) lines.push(excerptOfLine(text, Number(number), reason));
    const frames = error.traceback.split('\n').slice(1);
    const own = frames.slice(
      0,
      frames.findIndex((frame) => frame.includes('prompt:')),
    );
    if (own.length > 2) lines.push('stack traceback:', ...own);
    return `${lines.join('\n')}\n`;
  }

  // ---- commands

  #command(line: string): Answer {
    const [, name = '', argument = ''] = /^(\.\w*)\s*(.*)$/s.exec(line) ?? [];
    if (name === '.exit') return 'exit';
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (command === undefined) {
      const guess = nearest(name, this.commandNames);
      this.#write(`no command '${name}'${guess === null ? '; .help lists them' : `, did you mean '${guess}'?`}\n`);
      return 'done';
    }
    try {
      command.run(argument);
    } catch (error) {
      this.#write(this.#errorText(error));
    }
    return 'done';
  }

  readonly #commands: Readonly<Record<string, Command>> = {
    '.help': { usage: '.help', summary: 'this list', run: () => this.#help() },
    '.layout': { usage: '.layout TYPE', summary: 'offsets, sizes and holes of a struct or union', run: (name) => this.#layout(name) },
    '.load': { usage: '.load FILE', summary: 'declares what a C file declares, or runs a Lua file', run: (file) => this.#load(file) },
    '.engine': {
      usage: '.engine [NAME]',
      summary: `which engine runs Lua, or another: ${engineNames.join(', ')}`,
      run: (name) => this.#use(name),
    },
    '.exit': { usage: '.exit', summary: 'ends, as Ctrl-D does', run: () => {} },
  };

  #help(): void {
    const commands = Object.values(this.#commands).map(({ usage, summary }) => `  ${usage.padEnd(16)} ${summary}\n`);
    this.#write(`Lua, a line or more; results of expressions are shown, also with = in front. Tab completes.\n${commands.join('')}`);
  }

  #layout(name: string): void {
    const type = name === '' ? null : this.cdef.namespace.typeNamed(name);
    if (type === null || !isRecord(type) || type.definition.layout === null) {
      this.#write(
        name === '' ? 'expected a struct or union, such as .layout struct point\n' : `'${name}' is no complete struct or union\n`,
      );
      return;
    }
    this.#write(layoutAsText(type, name, { cachelineSize: DEFAULT_CACHELINE, ...(this.#isColored && { paint: paintLayout }) }));
  }

  #load(file: string): void {
    if (file === '') this.#write('expected a file\n');
    else if (file.endsWith('.lua')) this.#lua.runFile(file);
    else {
      const { namespace } = this.cdef;
      const errors = namespace.declareAll(readFileSync(file, 'utf8'), file, {
        include: includeFrom([], systemFolders(namespace.types.abi.name)),
        define: predefinedMacros(namespace.types.abi.name),
      });
      for (const error of errors) this.#write(`${error.message}\n`);
    }
  }

  // The C declarations stay, Lua's variables do not.
  #use(name: string): void {
    if (name !== '' && !engineNames.includes(name as EngineName)) {
      this.#write(`no engine named '${name}', expected ${engineNames.join(' or ')}\n`);
      return;
    }
    if (name !== '') {
      const { cdef } = this;
      this.#lua.close();
      this.#engine = name as EngineName;
      [this.#lua, this.#library] = this.#open(cdef);
    }
    this.#write(`${this.#engine}\n`);
  }
}

function asText(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
}

function isAggregate(type: unknown): boolean {
  if (!(type instanceof CTypeObject)) return false;
  return isRecord(type.type) || (type.type.kind === 'array' && type.type.size !== null);
}

function excerpt(text: string, offset: number, length: number): string {
  const source = new Source('stdin', text);
  return renderDiagnostic({ source, offset, length: Math.max(1, length), reason: '', notes: [] })
    .split('\n')
    .slice(1)
    .join('\n');
}

// A run-time error tells its line only, and perhaps a name in it.
function excerptOfLine(text: string, number: number, reason: string): string {
  const lines = text.split('\n');
  const line = lines[number - 1];
  if (line === undefined) return '';
  const start = lines.slice(0, number - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const [, name] = /'([A-Za-z_]\w*)'/.exec(reason) ?? [];
  const at = name === undefined ? -1 : line.search(new RegExp(`\\b${name}\\b`));
  if (name !== undefined && at >= 0) return excerpt(text, start + at, name.length);
  const indent = line.length - line.trimStart().length;
  return excerpt(text, start + indent, line.trim().length);
}
