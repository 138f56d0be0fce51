/**
 * Lua's `io`, and of `os` what deals with files, over the files that the host gives; as LuaJIT's (Lua 5.1 manual 5.7). fengari's own writes to
 * standard output only.
 * @module
 */
import { errorText } from '../../ffi/index.ts';
import { formatNumber, numberOfString } from '../../lua/index.ts';
import { errnoOf, type HostFile, noFiles, outputFile, Stream, systemError } from '../../util/files.ts';
import type { ScriptHost } from '../host.ts';
import { push } from './adapter.ts';
import { argumentAt, badArgument, isGiven, numberAt, wrongType } from './arguments.ts';
import type { FengariFfi } from './ffi.ts';
import { bytesOfLatin1, latin1Of } from './strings.ts';
import { setFunction, setText } from './tables.ts';
import {
  lua,
  type LuaFunction,
  type LuaState,
  type LuaString,
  type LuaTable,
  NIL,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  TYPE_MASK,
  type Userdata,
} from './vm.ts';

const EMPTY = new Uint8Array(0);

/** Replaces `io`, `os.remove`, `os.rename`, `os.tmpname` and `os.execute` of a state. */
export function openIo(L: LuaState, state: FengariFfi, host: ScriptHost): void {
  lua.lua_checkstack(L, 8);
  const library = new Io(state, host);
  lua.lua_createtable(L, 0, 10);
  setText(L, '__name', 'FILE*');
  lua.lua_pushvalue(L, -1);
  lua.lua_setfield(L, -2, toLuaString('__index'));
  library.metatable = (L.stack[L.top - 1] as TaggedValue).value as LuaTable;
  for (const [name, fn] of Object.entries(library.methods())) setFunction(L, name, state.wrap(fn));
  lua.lua_pop(L, 1);

  lua.lua_createtable(L, 0, 20);
  for (const [name, fn] of Object.entries(library.functions())) setFunction(L, name, state.wrap(fn));
  for (const [name, stream] of Object.entries(library.standard)) {
    push(L, library.valueOf(stream));
    lua.lua_setfield(L, -2, toLuaString(name));
  }
  lua.lua_pushvalue(L, -1);
  lua.lua_setglobal(L, toLuaString('io'));
  lua.lua_getglobal(L, toLuaString('package'));
  lua.lua_getfield(L, -1, toLuaString('loaded'));
  lua.lua_pushvalue(L, -3);
  lua.lua_setfield(L, -2, toLuaString('io'));
  lua.lua_pop(L, 3);
  lua.lua_getglobal(L, toLuaString('os'));
  for (const [name, fn] of Object.entries(library.system())) setFunction(L, name, state.wrap(fn));
  lua.lua_pop(L, 1);
}

class Io {
  readonly #state: FengariFfi;
  readonly #host: ScriptHost;
  readonly standard: { readonly stdin: Stream; readonly stdout: Stream; readonly stderr: Stream };
  readonly #values: WeakMap<Stream, TaggedValue> = new WeakMap();
  #input: Stream;
  #output: Stream;
  metatable: LuaTable | null = null;

  constructor(state: FengariFfi, host: ScriptHost) {
    this.#state = state;
    this.#host = host;
    this.standard = standardStreams(host);
    this.#input = this.standard.stdin;
    this.#output = this.standard.stdout;
  }

  /** A stream for Lua, the same each time. */
  valueOf(stream: Stream): TaggedValue {
    let value = this.#values.get(stream);
    if (value === undefined) {
      value = this.#state.adapter.newUserdata(stream, this.metatable);
      this.#values.set(stream, value);
    }
    return value;
  }

  get #files(): typeof noFiles {
    return this.#host.files ?? noFiles;
  }

  // ---- values

  #streamAt(L: LuaState, index: number): Stream | null {
    const value = argumentAt(L, index);
    const data = value?.type === TAG.userdata ? (value.value as Userdata).data : null;
    return data instanceof Stream ? data : null;
  }

  #self(L: LuaState, name: string): Stream {
    const stream = this.#streamAt(L, 1) ?? wrongType(this.#state.adapter, argumentAt(L, 1), 'FILE*', 1, name);
    return open(stream);
  }

  #text(L: LuaState, index: number, name: string): string {
    return latin1Of(this.#bytes(L, index, name));
  }

  #bytes(L: LuaState, index: number, name: string): Uint8Array {
    const value = argumentAt(L, index);
    if (value !== undefined && value.type === TAG.string) return (value.value as LuaString).realstring;
    if (value !== undefined && (value.type & TYPE_MASK) === TAG.number) return bytesOfLatin1(formatNumber(value.value as number));
    return wrongType(this.#state.adapter, value, 'string', index, name);
  }

  // What a call of the system answers: what `work` pushes, true for nothing; nil, a message and a number where it fails.
  #answer(L: LuaState, path: string | null, work: () => TaggedValue | undefined): number {
    const { adapter } = this.#state;
    try {
      push(L, work() ?? adapter.fromBoolean(true));
      return 1;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      push(L, NIL);
      push(L, adapter.fromBytes(bytesOfLatin1(messageFor(error, path))));
      push(L, adapter.fromNumber(errnoOf(error)));
      return 3;
    }
  }

  // ---- the library

  functions(): Record<string, LuaFunction> {
    const standard = (name: 'input' | 'output', mode: string, replace: (stream: Stream | null) => Stream): LuaFunction => {
      return (L) => {
        const value = argumentAt(L, 1);
        if (isGiven(value)) {
          const stream = this.#streamAt(L, 1);
          if (stream !== null) replace(open(stream));
          else {
            const path = this.#text(L, 1, name);
            replace(raised(path, () => new Stream(this.#files.open(path, mode), mode)));
          }
        }
        push(L, this.valueOf(replace(null)));
        return 1;
      };
    };
    return {
      open: (L) => {
        const path = this.#text(L, 1, 'open');
        const mode = isGiven(argumentAt(L, 2)) ? this.#text(L, 2, 'open') : 'r';
        return this.#answer(L, path, () => this.valueOf(new Stream(this.#files.open(path, checkedMode(mode)), mode)));
      },
      popen: (L) => {
        const command = this.#text(L, 1, 'popen');
        const mode = isGiven(argumentAt(L, 2)) ? this.#text(L, 2, 'popen') : 'r';
        return this.#answer(L, command, () => this.valueOf(this.#pipe(command, mode)));
      },
      tmpfile: (L) => this.#answer(L, null, () => this.valueOf(temporaryFile(this.#files))),
      lines: (L) => {
        const isNamed = isGiven(argumentAt(L, 1));
        const path = isNamed ? this.#text(L, 1, 'lines') : '';
        const stream = isNamed ? this.#opened(path) : open(this.#input);
        return this.#iterator(L, stream, isNamed);
      },
      read: (L) => this.#read(L, open(this.#input), 1, 'read'),
      write: (L) => this.#write(L, open(this.#output), 1),
      close: (L) => this.#close(L, argumentAt(L, 1) === undefined ? open(this.#output) : this.#self(L, 'close')),
      flush: (L) => this.#answer(L, null, () => void open(this.#output)),
      input: standard('input', 'r', (stream) => (this.#input = stream ?? this.#input)),
      output: standard('output', 'w', (stream) => (this.#output = stream ?? this.#output)),
      type: (L) => {
        if (argumentAt(L, 1) === undefined) badArgument(1, 'type', 'value expected');
        const stream = this.#streamAt(L, 1);
        push(L, stream === null ? NIL : this.#state.adapter.fromBytes(toLuaString(stream.isClosed ? 'closed file' : 'file')));
        return 1;
      },
    };
  }

  methods(): Record<string, LuaFunction> {
    return {
      close: (L) => this.#close(L, this.#self(L, 'close')),
      flush: (L) => this.#answer(L, null, () => void this.#self(L, 'flush')),
      lines: (L) => this.#iterator(L, this.#self(L, 'lines'), false),
      read: (L) => this.#read(L, this.#self(L, 'read'), 2, 'read'),
      write: (L) => this.#write(L, this.#self(L, 'write'), 2),
      seek: (L) => {
        const stream = this.#self(L, 'seek');
        const whence = isGiven(argumentAt(L, 2)) ? this.#text(L, 2, 'seek') : 'cur';
        if (whence !== 'set' && whence !== 'cur' && whence !== 'end') badArgument(2, 'seek', `invalid option '${whence}'`);
        const offset = isGiven(argumentAt(L, 3)) ? Math.trunc(numberAt(L, this.#state.adapter, 3, 'seek')) : 0;
        return this.#answer(L, null, () => this.#state.adapter.fromNumber(stream.seek(whence, offset)));
      },
      // Nothing that is written is held back.
      setvbuf: (L) => {
        this.#self(L, 'setvbuf');
        const mode = this.#text(L, 2, 'setvbuf');
        if (!['no', 'full', 'line'].includes(mode)) badArgument(2, 'setvbuf', `invalid option '${mode}'`);
        return this.#answer(L, null, () => undefined);
      },
      __tostring: (L) => {
        const stream = this.#streamAt(L, 1);
        const address = stream === null ? '' : this.#state.ffi.hostValues.addressOfObject(stream);
        push(L, this.#state.adapter.fromBytes(toLuaString(stream === null || stream.isClosed ? 'file (closed)' : `file (${address})`)));
        return 1;
      },
    };
  }

  /** What `os` has of files and commands. */
  system(): Record<string, LuaFunction> {
    return {
      remove: (L) => {
        const path = this.#text(L, 1, 'remove');
        return this.#answer(L, path, () => void this.#files.remove(path));
      },
      rename: (L) => {
        const [from, to] = [this.#text(L, 1, 'rename'), this.#text(L, 2, 'rename')];
        return this.#answer(L, from, () => void this.#files.rename(from, to));
      },
      tmpname: (L) => {
        const name = raised(null, () => this.#files.temporaryName());
        push(L, this.#state.adapter.fromBytes(bytesOfLatin1(name)));
        return 1;
      },
      // As in Lua 5.1 the status that C's `system` answers.
      execute: (L) => {
        const { run } = this.#files;
        const { adapter } = this.#state;
        if (!isGiven(argumentAt(L, 1))) push(L, adapter.fromNumber(run === undefined ? 0 : 1));
        else {
          const result = run?.(this.#text(L, 1, 'execute'), null);
          if (result !== undefined) this.#host.write(result.output);
          push(L, adapter.fromNumber(result === undefined ? -1 : result.status * 256));
        }
        return 1;
      },
    };
  }

  #opened(path: string): Stream {
    try {
      return new Stream(this.#files.open(path, 'r'), 'r');
    } catch (error) {
      return badArgument(1, 'lines', isSystemError(error) ? messageFor(error, path) : String(error));
    }
  }

  // ---- reading and writing

  #close(L: LuaState, stream: Stream): number {
    if (Object.values(this.standard).includes(stream)) {
      push(L, NIL);
      push(L, this.#state.adapter.fromBytes(toLuaString('cannot close standard file')));
      return 2;
    }
    return this.#answer(L, null, () => void stream.close());
  }

  #write(L: LuaState, stream: Stream, first: number): number {
    return this.#answer(L, null, () => {
      for (let index = first; argumentAt(L, index) !== undefined; index++) stream.write(this.#bytes(L, index, 'write'));
      return undefined;
    });
  }

  #iterator(L: LuaState, stream: Stream, isOwn: boolean): number {
    const formats: TaggedValue[] = [];
    for (let index = 2, value = argumentAt(L, index); value !== undefined; value = argumentAt(L, ++index)) {
      formats.push(new TValue(value.type, value.value));
    }
    const next: LuaFunction = (S) => {
      if (stream.isClosed) throw new TypeError('file is already closed');
      lua.lua_settop(S, 0);
      lua.lua_checkstack(S, formats.length + 4);
      for (const format of formats) push(S, format);
      const count = this.#read(S, stream, 1, 'lines');
      if (isOwn && (S.stack[S.top - count] as TaggedValue).type === TAG.nil) stream.close();
      return count;
    };
    lua.lua_pushcfunction(L, this.#state.wrap(next));
    return 1;
  }

  #read(L: LuaState, stream: Stream, first: number, name: string): number {
    const { top } = L;
    lua.lua_checkstack(L, top + 4);
    const results: (Uint8Array | number | null)[] = [];
    let failure: unknown = null;
    try {
      if (argumentAt(L, first) === undefined) results.push(lineOf(stream, false));
      for (let index = first; argumentAt(L, index) !== undefined && results.at(-1) !== null; index++) {
        results.push(this.#readOne(L, stream, index, name));
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      failure = error;
    }
    if (failure !== null) {
      return this.#answer(L, null, () => {
        throw failure;
      });
    }
    const { adapter } = this.#state;
    for (const one of results) push(L, one === null ? NIL : typeof one === 'number' ? adapter.fromNumber(one) : adapter.fromBytes(one));
    return results.length;
  }

  #readOne(L: LuaState, stream: Stream, index: number, name: string): Uint8Array | number | null {
    const value = argumentAt(L, index) as TaggedValue;
    if ((value.type & TYPE_MASK) === TAG.number) {
      const length = Math.trunc(value.value as number);
      if (length > 0) return someOf(stream.read(length));
      const byte = stream.next();
      if (byte < 0) return null;
      stream.unread(byte);
      return EMPTY;
    }
    switch (this.#text(L, index, name).replace(/^\*/, '').charAt(0)) {
      case 'n':
        return numberIn(stream);
      case 'l':
        return lineOf(stream, false);
      case 'L':
        return lineOf(stream, true);
      case 'a':
        return stream.read(Number.POSITIVE_INFINITY);
      default:
        return badArgument(index, name, 'invalid format');
    }
  }

  // A command whose output is read once it is over, or that runs once all of its input is there.
  #pipe(command: string, mode: string): Stream {
    const { run } = this.#files;
    if (run === undefined) throw systemError('EACCES', 13);
    if (mode === 'r') return new Stream(memoryFile(run(command, null).output), 'r');
    if (mode !== 'w') throw systemError('EINVAL', 22);
    const parts: Uint8Array[] = [];
    const close = (): void => this.#host.write(run(command, concatenated(parts)).output);
    return new Stream({ ...outputFile((bytes) => parts.push(bytes)), close }, 'w');
  }
}

function standardStreams({ input, write, writeError }: ScriptHost): Io['standard'] {
  return {
    stdin: new Stream(input ?? memoryFile(EMPTY), 'r'),
    stdout: new Stream(outputFile(write), 'w'),
    stderr: new Stream(outputFile(writeError), 'w'),
  };
}

function open(stream: Stream): Stream {
  if (stream.isClosed) throw new TypeError('attempt to use a closed file');
  return stream;
}

function checkedMode(mode: string): string {
  if (!/^[rwa](?:\+?b?|b\+)$/.test(mode)) throw systemError('EINVAL', 22);
  return mode;
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'errno' in error;
}

function messageFor(error: unknown, path: string | null): string {
  const text = latin1Of(errorText(errnoOf(error)));
  return path === null ? text : `${path}: ${text}`;
}

// For functions that raise what others answer.
function raised<T>(path: string | null, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSystemError(error) ? new TypeError(messageFor(error, path), { cause: error }) : error;
  }
}

function temporaryFile(files: typeof noFiles): Stream {
  const name = files.temporaryName();
  const stream = new Stream(files.open(name, 'w+'), 'w+');
  files.remove(name);
  return stream;
}

function memoryFile(bytes: Uint8Array): HostFile {
  let at = 0;
  const read = (length: number): Uint8Array => {
    const part = bytes.subarray(at, at + length);
    at += part.length;
    return part;
  };
  return { ...outputFile(() => {}), read };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function someOf(bytes: Uint8Array): Uint8Array | null {
  return bytes.length === 0 ? null : bytes;
}

const NEWLINE = 0x0a;

function lineOf(stream: Stream, hasNewline: boolean): Uint8Array | null {
  const line = stream.readLine();
  return line !== null && !hasNewline && line.at(-1) === NEWLINE ? line.subarray(0, -1) : line;
}

const LONGEST_NUMBER = 200;

// As `scanf` reads one: spaces, then as much as could be the start of a number.
function numberIn(stream: Stream): number | null {
  let byte = stream.next();
  while (byte === 0x20 || (byte >= 9 && byte <= 13)) byte = stream.next();
  let text = '';
  while (byte >= 0 && text.length < LONGEST_NUMBER && NUMBER_START.test(text + String.fromCharCode(byte))) {
    text += String.fromCharCode(byte);
    byte = stream.next();
  }
  if (byte >= 0) stream.unread(byte);
  return text === '' ? null : numberOfString(text);
}

const NUMBER_START = /^[+-]?(?:0x[\da-f]*(?:\.[\da-f]*)?(?:p[+-]?\d*)?|\d*(?:\.\d*)?|\d+(?:\.\d*)?e[+-]?\d*|\.\d+e[+-]?\d*)$/i;
