/**
 * `string.buffer` (LuaJIT's manual, "String Buffers"), for every engine.
 * @module
 */
import { type Place, Region } from '../../memory/index.ts';
import { FfiError } from '../../util/errors.ts';
import type { Cdef } from '../../view/index.ts';
import type { LuaAdapter } from '../adapter.ts';
import type { Creation } from '../creation.ts';
import { badArgument } from '../messages.ts';
import type { Transfer } from '../transfer.ts';
import { MOST_BYTES, StringBuffer } from './bytes.ts';
import { type Dictionaries, Serializer, type TableAccess } from './serialize.ts';

/** What an engine has for its buffers. */
export interface BufferHost<V> {
  readonly tables: TableAccess<V>;
  /** The buffer that a value is; null for all others. */
  bufferOf(value: V): StringBuffer | null;
  /** A new userdata for a buffer. */
  fromBuffer(buffer: StringBuffer): V;
  /** A number, or what has `__tostring`, as a string of Lua; null for other values. */
  textOf(value: V): V | null;
  /** `string.format` of what stands behind the first argument. */
  format(args: readonly V[]): V;
}

/** A function of the library: all its results. */
export type BufferFunction<V> = (args: readonly V[]) => readonly V[];

const NO_RESULTS: readonly never[] = [];

function outOfRange(index: number, name: string): never {
  return badArgument(index, name, 'number out of range');
}

export class BufferLibrary<V> {
  /** `new`, `encode`, `decode` */
  readonly functions: Readonly<Record<string, BufferFunction<V>>>;
  /** Of buffers, which come first among the arguments; with the metamethods that are not the engine's. */
  readonly methods: Readonly<Record<string, BufferFunction<V>>>;
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #host: BufferHost<V>;
  readonly #serializer: Serializer<V>;
  /** By buffer; most have none. */
  readonly #dictionaries: WeakMap<StringBuffer, Dictionaries<V>> = new WeakMap();
  readonly #none: Dictionaries<V> = { keys: new Map(), keyValues: [], metatables: new Map(), metatableValues: [] };
  readonly #transfer: Transfer<V>;
  readonly #creation: Creation<V>;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, creation: Creation<V>, transfer: Transfer<V>, host: BufferHost<V>) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#host = host;
    this.#serializer = new Serializer(lua, creation, host.tables);
    this.#transfer = transfer;
    this.#creation = creation;
    this.functions = this.#functions();
    this.methods = { ...this.#writing(), ...this.#reading(), ...this.#wholes() };
  }

  // ---- arguments

  #got(args: readonly V[], index: number): string {
    return index < args.length ? this.#lua.typeOf(args[index] as V) : 'no value';
  }

  #self(args: readonly V[], name: string): StringBuffer {
    const buffer = args.length === 0 ? null : this.#host.bufferOf(args[0] as V);
    return buffer ?? badArgument(1, name, `buffer expected, got ${this.#got(args, 0)}`);
  }

  #isNil(args: readonly V[], index: number): boolean {
    return index >= args.length || this.#lua.typeOf(args[index] as V) === 'nil';
  }

  // A number of bytes.
  #size(args: readonly V[], index: number, name: string): number {
    if (this.#got(args, index) !== 'number') badArgument(index + 1, name, `number expected, got ${this.#got(args, index)}`);
    const number = Math.trunc(this.#lua.toNumber(args[index] as V));
    return number >= 0 && number <= MOST_BYTES ? number : outOfRange(index + 1, name);
  }

  // What a cdata leads to, and how many bytes of it.
  #memory(args: readonly V[], name: string): { readonly place: Place; readonly length: number } {
    const length = this.#size(args, 2, name);
    const place = this.#transfer.source(args[1] as V, 1, name);
    if (length > 0) place.region.check(place.offset, length, name);
    return { place, length };
  }

  // `uint8_t *`
  #pointer(place: Place): V {
    const { types } = this.#cdef.namespace;
    return this.#creation.pointer(types.pointer(types.base('unsigned char')), place);
  }

  // ---- functions

  #functions(): Record<string, BufferFunction<V>> {
    const lua = this.#lua;
    return {
      new: (args) => {
        const isTable = this.#got(args, 0) === 'table';
        const size = isTable || this.#isNil(args, 0) ? 0 : this.#size(args, 0, 'new');
        const at = isTable ? 0 : 1;
        const buffer = new StringBuffer(this.#cdef.memory, size);
        if (at < args.length) {
          if (this.#got(args, at) !== 'table') badArgument(at + 1, 'new', `table expected, got ${this.#got(args, at)}`);
          this.#dictionaries.set(buffer, this.#options(args[at] as V));
        }
        return [this.#host.fromBuffer(buffer)];
      },
      encode: (args) => {
        if (args.length === 0) badArgument(1, 'encode', 'value expected');
        const buffer = new StringBuffer(this.#cdef.memory);
        this.#serializer.encode(args[0] as V, buffer, this.#none);
        return [lua.fromBytes(buffer.bytes)];
      },
      decode: (args) => {
        const buffer = new StringBuffer(this.#cdef.memory);
        if (this.#got(args, 0) !== 'string') badArgument(1, 'decode', `string expected, got ${this.#got(args, 0)}`);
        const bytes = lua.toBytes(args[0] as V);
        buffer.set({ region: new Region(bytes, false), offset: 0 }, bytes.length);
        const value = this.#serializer.decode(buffer, this.#none);
        if (buffer.length > 0) throw new FfiError('left-over data in buffer');
        return [value];
      },
    };
  }

  #options(options: V): Dictionaries<V> {
    const lua = this.#lua;
    const { tables } = this.#host;
    const listed = (name: string, type: 'string' | 'table'): V[] => {
      const list = lua.rawGet(options, name);
      if (lua.typeOf(list) !== 'table') return [];
      const values: V[] = [];
      for (let i = 1; i <= tables.lengthOf(list); i++) {
        const value = lua.rawGet(list, i);
        if (lua.typeOf(value) !== type) throw new FfiError('bad options table');
        values.push(lua.keep(value));
      }
      return values;
    };
    const keyValues = listed('dict', 'string');
    const metatableValues = listed('metatable', 'table');
    return {
      keyValues,
      keys: new Map(keyValues.map((value, i) => [lua.toName(value), i])),
      metatableValues,
      metatables: new Map(metatableValues.map((value, i) => [tables.identityOf(value), i])),
    };
  }

  // ---- methods

  #put(buffer: StringBuffer, args: readonly V[], index: number): void {
    const lua = this.#lua;
    const value = args[index] as V;
    const other = this.#host.bufferOf(value);
    if (other === buffer) badArgument(index + 1, 'put', 'cannot put buffer into itself');
    const text = other === null && !lua.isString(value) ? this.#host.textOf(value) : value;
    if (text === null) badArgument(index + 1, 'put', `string/number/__tostring expected, got ${this.#got(args, index)}`);
    buffer.put(other === null ? lua.toBytes(text) : other.bytes);
  }

  #writing(): Record<string, BufferFunction<V>> {
    const lua = this.#lua;
    const self = (args: readonly V[]): readonly V[] => [args[0] as V];
    return {
      put: (args) => {
        const buffer = this.#self(args, 'put');
        for (let i = 1; i < args.length; i++) this.#put(buffer, args, i);
        return self(args);
      },
      putf: (args) => {
        const buffer = this.#self(args, 'putf');
        buffer.put(lua.toBytes(this.#host.format(args)));
        return self(args);
      },
      putcdata: (args) => {
        const buffer = this.#self(args, 'putcdata');
        if (this.#got(args, 1) !== 'cdata') badArgument(2, 'putcdata', `cdata expected, got ${this.#got(args, 1)}`);
        const { place, length } = this.#memory(args, 'putcdata');
        // A copy first, as it may be the buffer's own memory.
        buffer.put(place.region.bytes.slice(place.offset, place.offset + length));
        return self(args);
      },
      set: (args) => {
        const buffer = this.#self(args, 'set');
        const type = this.#got(args, 1);
        if (type === 'cdata') {
          const { place, length } = this.#memory(args, 'set');
          buffer.set(place, length);
          return self(args);
        }
        if (type !== 'string') badArgument(2, 'set', `string expected, got ${type}`);
        buffer.reset();
        buffer.put(lua.toBytes(args[1] as V));
        return self(args);
      },
      reserve: (args) => {
        const buffer = this.#self(args, 'reserve');
        const { place, room } = buffer.reserve(this.#size(args, 1, 'reserve'));
        return [this.#pointer(place), lua.fromNumber(room)];
      },
      commit: (args) => {
        const buffer = this.#self(args, 'commit');
        if (!buffer.commit(this.#size(args, 1, 'commit'))) outOfRange(2, 'commit');
        return self(args);
      },
      encode: (args) => {
        const buffer = this.#self(args, 'encode');
        if (args.length < 2) badArgument(2, 'encode', 'value expected');
        this.#serializer.encode(args[1] as V, buffer, this.#dictionaries.get(buffer) ?? this.#none);
        return self(args);
      },
    };
  }

  #reading(): Record<string, BufferFunction<V>> {
    const lua = this.#lua;
    const taken = (buffer: StringBuffer, length: number): V => {
      const { bytes } = buffer;
      const text = lua.fromBytes(bytes, 0, Math.min(length, bytes.length));
      buffer.skip(length);
      return text;
    };
    return {
      get: (args) => {
        const buffer = this.#self(args, 'get');
        const lengths =
          args.length < 2
            ? [buffer.length]
            : args.slice(1).map((_, i) => (this.#isNil(args, i + 1) ? Number.POSITIVE_INFINITY : this.#size(args, i + 1, 'get')));
        return lengths.map((length) => taken(buffer, length));
      },
      skip: (args) => {
        const buffer = this.#self(args, 'skip');
        buffer.skip(this.#size(args, 1, 'skip'));
        return [args[0] as V];
      },
      ref: (args) => {
        const buffer = this.#self(args, 'ref');
        return [this.#pointer(buffer.place), lua.fromNumber(buffer.length)];
      },
      tostring: (args) => [lua.fromBytes(this.#self(args, 'tostring').bytes)],
      decode: (args) => {
        const buffer = this.#self(args, 'decode');
        return [this.#serializer.decode(buffer, this.#dictionaries.get(buffer) ?? this.#none)];
      },
      __len: (args) => [lua.fromNumber(this.#self(args, '__len').length)],
    };
  }

  #wholes(): Record<string, BufferFunction<V>> {
    return {
      reset: (args) => {
        this.#self(args, 'reset').reset();
        return [args[0] as V];
      },
      free: (args) => {
        this.#self(args, 'free').free();
        return [args[0] as V];
      },
      __gc: () => NO_RESULTS,
      __concat: (args) => {
        const joined = new StringBuffer(this.#cdef.memory);
        for (const value of args.slice(0, 2)) {
          const buffer = this.#host.bufferOf(value);
          const type = this.#lua.typeOf(value);
          const text = type === 'string' ? value : type === 'number' ? this.#host.textOf(value) : null;
          if (buffer === null && text === null) throw new FfiError(`attempt to concatenate a ${type} value`);
          joined.put(buffer !== null ? buffer.bytes : this.#lua.toBytes(text as V));
        }
        return [this.#lua.fromBytes(joined.bytes)];
      },
    };
  }
}
