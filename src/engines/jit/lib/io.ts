/**
 * `io`, over the files of the host.
 * @module
 */
import { readBytes, readLine } from '../../../lua/index.ts';
import { Stream } from '../../../util/files.ts';
import { readFormat, ScriptFiles } from '../../files.ts';
import { bytesOfString, stringOf } from '../ffi/bytes.ts';
import type { ScriptHost } from '../host.ts';
import { fault } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { LuaUserdata } from '../runtime/values.ts';
import { anyArgument, badArgument, numberArgument, optionArgument, stringArgument, toInteger, wrongType } from './arguments.ts';
import { answer, raising } from './failures.ts';

export function openIo(state: LuaState, host: ScriptHost): LuaTable {
  return new Io(state, host).library;
}

class Io {
  readonly library: LuaTable;
  readonly #state: LuaState;
  readonly #files: ScriptFiles;
  readonly #metatable: LuaTable;
  #input: LuaUserdata;
  #output: LuaUserdata;

  constructor(state: LuaState, host: ScriptHost) {
    this.#state = state;
    this.#files = new ScriptFiles(host);
    const methods = this.#methods();
    this.#metatable = state.library(methods);
    this.#metatable.setField('__index', this.#metatable);
    const { stdin, stdout, stderr } = this.#files.standard;
    this.#input = this.#valueOf(stdin);
    this.#output = this.#valueOf(stdout);
    const standard = { stdin: this.#input, stdout: this.#output, stderr: this.#valueOf(stderr) };
    this.library = state.library({ ...this.#functions(), ...standard });
  }

  #valueOf(stream: Stream): LuaUserdata {
    return new LuaUserdata(stream, this.#metatable);
  }

  // ---- arguments

  #self(value: unknown, name: string, count: number): Stream {
    const stream = streamOf(value);
    if (stream === null) throw wrongType(value, 1, name, count, 'FILE*');
    if (stream.isClosed) throw fault('attempt to use a closed file');
    return stream;
  }

  // The default input or output.
  #current(value: LuaUserdata): Stream {
    const stream = value.object as Stream;
    if (stream.isClosed) throw fault('standard file is closed');
    return stream;
  }

  #open(path: string, mode: string): LuaUserdata {
    return this.#valueOf(this.#files.open(path, mode));
  }

  // For functions that raise where a file does not open.
  #opened(path: string, mode: string, name: string): LuaUserdata {
    return raising(
      path,
      (message) => badArgument(1, name, message),
      () => this.#open(path, mode),
    );
  }

  // ---- the library

  #functions(): Record<string, LuaFunction> {
    const io = this;
    return {
      open(path: unknown, mode: unknown): unknown {
        const count = arguments.length;
        const name = stringArgument(path, 1, 'open', count);
        const how = mode === undefined ? 'r' : stringArgument(mode, 2, 'open', count);
        return answer(name, () => io.#open(name, how));
      },
      popen(command: unknown, mode: unknown): unknown {
        const count = arguments.length;
        const text = stringArgument(command, 1, 'popen', count);
        const how = mode === undefined ? 'r' : stringArgument(mode, 2, 'popen', count);
        return answer(text, () => io.#valueOf(io.#files.pipe(text, how)));
      },
      tmpfile: () => answer(null, () => this.#valueOf(this.#files.temporary())),
      lines(path: unknown, ...formats: unknown[]): unknown {
        const isNamed = path !== undefined;
        const name = isNamed ? stringArgument(path, 1, 'lines', 1) : '';
        const stream = isNamed ? (io.#opened(name, 'r', 'lines').object as Stream) : (io.#input.object as Stream);
        return io.#iterator(stream, formats, isNamed);
      },
      read: (...formats: unknown[]) => this.#read(this.#current(this.#input), formats, 'read', 1),
      write: (...values: unknown[]) => this.#write(this.#current(this.#output), values, 1),
      close(file: unknown): unknown {
        return io.#close(arguments.length === 0 ? io.#current(io.#output) : io.#self(file, 'close', arguments.length));
      },
      flush: () => answer(null, () => void this.#current(this.#output)),
      input: (file: unknown) => {
        if (file !== undefined) this.#input = this.#fileFor(file, 'r', 'input');
        return this.#input;
      },
      output: (file: unknown) => {
        if (file !== undefined) this.#output = this.#fileFor(file, 'w', 'output');
        return this.#output;
      },
      type(value: unknown): unknown {
        const stream = streamOf(anyArgument(value, 1, 'type', arguments.length));
        if (stream === null) return undefined;
        return stream.isClosed ? 'closed file' : 'file';
      },
    };
  }

  #fileFor(file: unknown, mode: string, name: string): LuaUserdata {
    if (streamOf(file) === null) return this.#opened(stringArgument(file, 1, name, 1), mode, name);
    this.#self(file, name, 1);
    return file as LuaUserdata;
  }

  #methods(): Record<string, LuaFunction> {
    const io = this;
    return {
      close(file: unknown): unknown {
        return io.#close(io.#self(file, 'close', arguments.length));
      },
      // Nothing that is written is held back.
      flush(file: unknown): unknown {
        io.#self(file, 'flush', arguments.length);
        return true;
      },
      lines(file: unknown, ...formats: unknown[]): unknown {
        return io.#iterator(io.#self(file, 'lines', arguments.length), formats, false);
      },
      read(file: unknown, ...formats: unknown[]): unknown {
        return io.#read(io.#self(file, 'read', arguments.length), formats, 'read', 2);
      },
      write(file: unknown, ...values: unknown[]): unknown {
        return io.#write(io.#self(file, 'write', arguments.length), values, 2);
      },
      seek(file: unknown, whence: unknown, offset: unknown): unknown {
        const count = arguments.length;
        const stream = io.#self(file, 'seek', count);
        const from = optionArgument(whence, 2, 'seek', count, ['set', 'cur', 'end'], 'cur');
        // No string is a number here.
        if (offset !== undefined && typeof offset !== 'number') throw wrongType(offset, 3, 'seek', count, 'number');
        return answer(null, () => stream.seek(from, Math.trunc(offset ?? 0)));
      },
      setvbuf(file: unknown, mode: unknown, size: unknown): unknown {
        const count = arguments.length;
        io.#self(file, 'setvbuf', count);
        optionArgument(mode, 2, 'setvbuf', count, ['no', 'full', 'line']);
        if (size !== undefined) numberArgument(size, 3, 'setvbuf', count);
        return true;
      },
      __tostring(file: unknown): string {
        const stream = streamOf(file);
        if (stream === null) throw wrongType(file, 1, '__tostring', arguments.length, 'FILE*');
        return stream.isClosed ? 'file (closed)' : `file (${io.#state.addressOf(stream)})`;
      },
      __gc: (file: unknown) => {
        const stream = streamOf(file);
        if (stream !== null && !stream.isClosed && !this.#files.isStandard(stream)) stream.close();
        return NONE;
      },
    };
  }

  // ---- files

  #close(stream: Stream): unknown {
    if (this.#files.isStandard(stream)) return [undefined, 'cannot close standard file'];
    return answer(null, () => stream.close());
  }

  #write(stream: Stream, values: readonly unknown[], first: number): unknown {
    return answer(null, () => {
      for (const [i, value] of values.entries()) {
        const text = typeof value === 'string' ? value : stringArgument(value, first + i, 'write', first - 1 + values.length);
        stream.write(bytesOfString(text));
      }
    });
  }

  #iterator(stream: Stream, formats: readonly unknown[], isOwn: boolean): LuaFunction {
    return builtIn('(for generator)', () => {
      if (stream.isClosed) throw fault('attempt to use a closed file');
      const result = this.#read(stream, formats, '(for generator)', 1);
      if (isOwn && (Array.isArray(result) ? result[0] : result) === undefined) stream.close();
      return result;
    });
  }

  #read(stream: Stream, formats: readonly unknown[], name: string, first: number): unknown {
    return answer(null, () => {
      if (formats.length === 0) return resultOf(readLine(stream, false));
      const results: unknown[] = [];
      for (const [i, format] of formats.entries()) {
        const bytes = this.#readOne(stream, format, name, first + i);
        results.push(typeof bytes === 'number' ? bytes : textOf(bytes));
        if (bytes === null) break;
      }
      return results;
    });
  }

  #readOne(stream: Stream, format: unknown, name: string, index: number): Uint8Array | number | null {
    if (typeof format === 'number') {
      const length = toInteger(format);
      if (length < 0 || length > this.#state.stringLimit) throw fault('not enough memory', 0);
      return readBytes(stream, length);
    }
    if (typeof format !== 'string') throw badArgument(index, name, 'invalid option');
    const read = readFormat(stream, format, this.#state.stringLimit);
    if (read === undefined) throw badArgument(index, name, 'invalid format');
    return read;
  }
}

function streamOf(value: unknown): Stream | null {
  return value instanceof LuaUserdata && value.object instanceof Stream ? value.object : null;
}

function textOf(bytes: Uint8Array | null): string | undefined {
  return bytes === null ? undefined : stringOf(bytes, 0, bytes.length);
}

// A nil of its own: `answer` makes true of nothing.
function resultOf(bytes: Uint8Array | null): unknown {
  return textOf(bytes) ?? [undefined];
}
