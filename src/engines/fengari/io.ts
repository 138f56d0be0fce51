/**
 * Lua's `io`, and of `os` what deals with files, over the files that the host gives; as LuaJIT's (Lua 5.1 manual 5.7). fengari's own writes to
 * standard output only.
 * @module
 */
import { formatNumber, readBytes, readLine } from '../../lua/index.ts';
import { errnoOf, Stream } from '../../util/files.ts';
import { failureText, isSystemError, readFormat, ScriptFiles } from '../files.ts';
import type { ScriptHost } from '../host.ts';
import { push } from './adapter.ts';
import { argumentAt, badArgument, isGiven, wrongType } from './arguments.ts';
import type { FengariFfi } from './ffi.ts';
import { bytesOfLatin1, latin1Of } from './strings.ts';
import { setFunction } from './tables.ts';
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

/** Replaces `io`, `os.remove`, `os.rename`, `os.tmpname` and `os.execute` of a state. */
export function openIo(L: LuaState, state: FengariFfi, host: ScriptHost): void {
  lua.lua_checkstack(L, 8);
  const library = new Io(state, host);
  lua.lua_createtable(L, 0, 10);
  lua.lua_pushvalue(L, -1);
  lua.lua_setfield(L, -2, toLuaString('__index'));
  library.metatable = (L.stack[L.top - 1] as TaggedValue).value as LuaTable;
  for (const [name, fn] of Object.entries(library.methods())) setFunction(L, name, state.wrap(fn));
  lua.lua_pop(L, 1);

  lua.lua_createtable(L, 0, 20);
  for (const [name, fn] of Object.entries(library.functions())) setFunction(L, name, state.wrap(fn));
  for (const [name, stream] of Object.entries(library.files.standard)) {
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
  readonly files: ScriptFiles;
  readonly #values: WeakMap<Stream, TaggedValue> = new WeakMap();
  #input: Stream;
  #output: Stream;
  metatable: LuaTable | null = null;

  constructor(state: FengariFfi, host: ScriptHost) {
    this.#state = state;
    this.#host = host;
    this.files = new ScriptFiles(host);
    this.#input = this.files.standard.stdin;
    this.#output = this.files.standard.stdout;
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
      push(L, adapter.fromBytes(bytesOfLatin1(failureText(error, path))));
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
            replace(this.#opened(path, mode, name));
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
        return this.#answer(L, path, () => this.valueOf(this.files.open(path, mode)));
      },
      popen: (L) => {
        const command = this.#text(L, 1, 'popen');
        const mode = isGiven(argumentAt(L, 2)) ? this.#text(L, 2, 'popen') : 'r';
        return this.#answer(L, command, () => this.valueOf(this.files.pipe(command, mode)));
      },
      tmpfile: (L) => this.#answer(L, null, () => this.valueOf(this.files.temporary())),
      lines: (L) => {
        const isNamed = isGiven(argumentAt(L, 1));
        const path = isNamed ? this.#text(L, 1, 'lines') : '';
        const stream = isNamed ? this.#opened(path, 'r', 'lines') : current(this.#input);
        return this.#iterator(L, stream, isNamed);
      },
      read: (L) => this.#read(L, current(this.#input), 1, 'read'),
      write: (L) => this.#write(L, current(this.#output), 1),
      close: (L) => this.#close(L, argumentAt(L, 1) === undefined ? current(this.#output) : this.#self(L, 'close')),
      flush: (L) => this.#answer(L, null, () => void current(this.#output)),
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
        const { adapter } = this.#state;
        const position = argumentAt(L, 3);
        // No string is a number here.
        const isNumber = !isGiven(position) || (position.type & TYPE_MASK) === TAG.number;
        const offset = isNumber
          ? Math.trunc((position?.value as number | null | undefined) ?? 0)
          : wrongType(adapter, position, 'number', 3, 'seek');
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
        return this.#answer(L, path, () => void this.files.host.remove(path));
      },
      rename: (L) => {
        const [from, to] = [this.#text(L, 1, 'rename'), this.#text(L, 2, 'rename')];
        return this.#answer(L, from, () => void this.files.host.rename(from, to));
      },
      tmpname: (L) => {
        const refuse = (message: string): never => {
          throw new TypeError(message);
        };
        const name = raising(null, refuse, () => this.files.host.temporaryName());
        push(L, this.#state.adapter.fromBytes(bytesOfLatin1(name)));
        return 1;
      },
      // As in Lua 5.1 the status that C's `system` answers.
      execute: (L) => {
        const { run } = this.files.host;
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

  #opened(path: string, mode: string, name: string): Stream {
    return raising(
      path,
      (message) => badArgument(1, name, message),
      () => this.files.open(path, mode),
    );
  }

  // ---- reading and writing

  #close(L: LuaState, stream: Stream): number {
    if (this.files.isStandard(stream)) {
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
      open(stream);
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
      if (argumentAt(L, first) === undefined) results.push(readLine(stream, false));
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
      return readBytes(stream, Math.max(0, Math.trunc(value.value as number)));
    }
    if (value.type !== TAG.string) badArgument(index, name, 'invalid option');
    const read = readFormat(stream, this.#text(L, index, name), Number.POSITIVE_INFINITY);
    return read === undefined ? badArgument(index, name, 'invalid format') : read;
  }
}

// The default input or output.
function current(stream: Stream): Stream {
  if (stream.isClosed) throw new TypeError('standard file is closed');
  return stream;
}

function open(stream: Stream): Stream {
  if (stream.isClosed) throw new TypeError('attempt to use a closed file');
  return stream;
}

// For functions that raise what others answer.
function raising<T>(path: string | null, raise: (message: string) => never, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isSystemError(error)) raise(failureText(error, path));
    throw error;
  }
}
