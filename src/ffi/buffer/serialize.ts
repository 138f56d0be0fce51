/**
 * Lua values as bytes and back, in the format of LuaJIT's string buffers (its manual, "String Buffers", serialization format):
 *
 *     00 nil  01 false  02 true  07 number.L        0f (index - 1).U: a key of the dictionary
 *     08 {}   10 int64.L  11 uint64.L               0e (index - 1).U table: with a metatable of the dictionary
 *     09 n.U pairs   0a n.U values from 0             12 complex.L.L
 *     0c n.U values from 1, n counts nil at 0         (20 + length).U bytes: a string
 *     0b and 0d: values from 0 or 1 and pairs, both counts in front
 *
 * `.U` is a number of 1, 2 or 5 bytes, `.L` 8 bytes, the lowest first. Numbers are always doubles, as on x64; tables that have holes may be
 * other bytes than LuaJIT's, for the same table.
 * @module
 */
import { FfiError } from '../../util/errors.ts';
import type { LuaAdapter } from '../adapter.ts';
import { CTypeObject } from '../cdata.ts';
import type { Creation } from '../creation.ts';
import type { StringBuffer } from './bytes.ts';

/** An engine's tables. */
export interface TableAccess<V> {
  /** How many values stand from 1 on without a nil. */
  lengthOf(table: V): number;
  /** Keys and values, without metamethods; those from 1 up to the length may be left out. */
  entries(table: V): Iterable<readonly [V, V]>;
  make(): V;
  set(table: V, key: V, value: V): void;
  /** What tells metatables apart; null where there is none. */
  metatableOf(table: V): object | null;
  setMetatable(table: V, metatable: V): void;
  /** The same for a table as a metatable. */
  identityOf(table: V): object;
}

/** What a buffer knows by number, from its options. */
export interface Dictionaries<V> {
  /** Keys of tables, as latin1, and the strings themselves. */
  readonly keys: ReadonlyMap<string, number>;
  readonly keyValues: readonly V[];
  readonly metatables: ReadonlyMap<object, number>;
  readonly metatableValues: readonly V[];
}

const NIL = 0x00;
const FALSE = 0x01;
const TRUE = 0x02;
const INT = 0x06;
const NUMBER = 0x07;
const TABLE = 0x08;
const HAS_PAIRS = 0x01;
const VALUES_FROM_0 = 0x02;
const VALUES_FROM_1 = 0x04;
const WITH_METATABLE = 0x0e;
const KEY = 0x0f;
const INT64 = 0x10;
const UINT64 = 0x11;
const COMPLEX = 0x12;
const STRING = 0x20;

/** Where the longer forms of `.U` begin. */
const TWO_BYTES = 0xe0;
const FIVE_BYTES = 0x1fe0;

const MAX_DEPTH = 100;

/** Writes and reads the values of one engine. */
export class Serializer<V> {
  readonly #lua: LuaAdapter<V>;
  readonly #creation: Creation<V>;
  readonly #tables: TableAccess<V>;

  constructor(lua: LuaAdapter<V>, creation: Creation<V>, tables: TableAccess<V>) {
    this.#lua = lua;
    this.#creation = creation;
    this.#tables = tables;
  }

  /** @throws {FfiError} `cannot serialize 'function'`, `too deep to serialize` */
  encode(value: V, buffer: StringBuffer, dictionaries: Dictionaries<V>): void {
    this.#write(value, buffer, dictionaries, MAX_DEPTH);
  }

  #write(value: V, out: StringBuffer, dictionaries: Dictionaries<V>, depth: number): void {
    const lua = this.#lua;
    const type = lua.typeOf(value);
    switch (type) {
      case 'nil':
        out.putByte(NIL);
        return;
      case 'boolean':
        out.putByte(lua.toBoolean(value) ? TRUE : FALSE);
        return;
      case 'number':
        out.putByte(NUMBER);
        putDouble(out, lua.toNumber(value));
        return;
      case 'string': {
        const bytes = lua.toBytes(value);
        putCount(out, STRING + bytes.length);
        out.put(bytes);
        return;
      }
      case 'table':
        this.#writeTable(value, out, dictionaries, depth);
        return;
      case 'cdata':
        if (this.#writeCData(value, out)) return;
    }
    throw new FfiError(`cannot serialize '${type}'`);
  }

  #writeCData(value: V, out: StringBuffer): boolean {
    const cdata = this.#lua.toCData(value);
    if (cdata instanceof CTypeObject) return false;
    const { type } = cdata;
    if (type.kind === 'integer' && type.size === 8) {
      out.putByte(type.isSigned ? INT64 : UINT64);
      putInt64(out, BigInt(cdata.value as bigint));
      return true;
    }
    if (type.kind !== 'complex' || type.size !== 16) return false;
    out.putByte(COMPLEX);
    out.put(cdata.region.bytes.subarray(cdata.offset, cdata.offset + 16));
    return true;
  }

  #writeTable(table: V, out: StringBuffer, dictionaries: Dictionaries<V>, depth: number): void {
    if (depth <= 0) throw new FfiError('too deep to serialize');
    const { keys, metatables } = dictionaries;
    const metatable = metatables.size === 0 ? null : this.#tables.metatableOf(table);
    const known = metatable === null ? undefined : metatables.get(metatable);
    if (known !== undefined) {
      out.putByte(WITH_METATABLE);
      putCount(out, known);
    }
    const lua = this.#lua;
    const length = this.#tables.lengthOf(table);
    const pairs: (readonly [V, V])[] = [];
    for (const pair of this.#tables.entries(table)) {
      const at = lua.typeOf(pair[0]) === 'number' ? lua.toNumber(pair[0]) : 0;
      if (!(Number.isInteger(at) && at >= 1 && at <= length)) pairs.push(pair);
    }
    out.putByte(TABLE + (length > 0 ? VALUES_FROM_1 : 0) + (pairs.length > 0 ? HAS_PAIRS : 0));
    if (length > 0) putCount(out, length + 1);
    if (pairs.length > 0) putCount(out, pairs.length);
    for (let i = 1; i <= length; i++) this.#write(lua.rawGet(table, i), out, dictionaries, depth - 1);
    for (const [key, value] of pairs) {
      const index = keys.size > 0 && lua.isString(key) ? keys.get(lua.toName(key)) : undefined;
      if (index === undefined) this.#write(key, out, dictionaries, depth - 1);
      else {
        out.putByte(KEY);
        putCount(out, index);
      }
      this.#write(value, out, dictionaries, depth - 1);
    }
  }

  /**
   * Reads a value, and skips it in the buffer.
   * @throws {FfiError} `unexpected end of buffer` and the like; the buffer is as it was then
   */
  decode(buffer: StringBuffer, dictionaries: Dictionaries<V>): V {
    const reader = new Reader(buffer.bytes);
    const value = this.#read(reader, dictionaries, MAX_DEPTH);
    buffer.skip(reader.at);
    return value;
  }

  #read(reader: Reader, dictionaries: Dictionaries<V>, depth: number): V {
    const lua = this.#lua;
    const tag = reader.count();
    if (tag >= STRING) {
      const bytes = reader.take(tag - STRING);
      return lua.fromBytes(bytes);
    }
    switch (tag) {
      case NIL:
        return lua.nil();
      case FALSE:
      case TRUE:
        return lua.fromBoolean(tag === TRUE);
      case INT:
        return lua.fromNumber(reader.view(4).getInt32(0, true));
      case NUMBER:
        return lua.fromNumber(reader.view(8).getFloat64(0, true));
      case INT64:
        return this.#creation.literal({ kind: 'int64', value: reader.view(8).getBigInt64(0, true) });
      case UINT64:
        return this.#creation.literal({ kind: 'uint64', value: reader.view(8).getBigUint64(0, true) });
      case COMPLEX: {
        const view = reader.view(16);
        return this.#creation.complex(view.getFloat64(0, true), view.getFloat64(8, true));
      }
      case KEY:
        return entryOf(dictionaries.keyValues, reader);
      case WITH_METATABLE: {
        const metatable = entryOf(dictionaries.metatableValues, reader);
        const inner = reader.count();
        if (inner < TABLE || inner >= WITH_METATABLE) throw unknownTag(inner);
        const table = this.#readTable(inner, reader, dictionaries, depth);
        this.#tables.setMetatable(table, metatable);
        return table;
      }
    }
    if (tag < TABLE || tag > COMPLEX) throw unknownTag(tag);
    return this.#readTable(tag, reader, dictionaries, depth);
  }

  #readTable(tag: number, reader: Reader, dictionaries: Dictionaries<V>, depth: number): V {
    if (depth <= 0) throw new FfiError('too deep to serialize');
    const lua = this.#lua;
    const table = this.#tables.make();
    const first = tag >= TABLE + VALUES_FROM_1 ? 1 : 0;
    const end = tag >= TABLE + VALUES_FROM_0 ? reader.counted() : 0;
    const pairs = (tag & HAS_PAIRS) !== 0 ? reader.counted() : 0;
    for (let i = first; i < end; i++) {
      const value = this.#read(reader, dictionaries, depth - 1);
      if (lua.typeOf(value) !== 'nil') this.#tables.set(table, lua.fromNumber(i), value);
    }
    for (let i = 0; i < pairs; i++) {
      const key = this.#read(reader, dictionaries, depth - 1);
      const value = this.#read(reader, dictionaries, depth - 1);
      this.#tables.set(table, key, value);
    }
    return table;
  }
}

function unknownTag(tag: number): FfiError {
  return new FfiError(`cannot deserialize tag 0x${tag.toString(16).padStart(2, '0')}`);
}

function entryOf<V>(values: readonly V[], reader: Reader): V {
  const index = reader.count();
  const value = values[index];
  if (value === undefined) throw new FfiError(`cannot deserialize dictionary index ${index + 1}`);
  return value;
}

// ---- bytes

const SCRATCH = new DataView(new ArrayBuffer(8));
const EIGHT = new Uint8Array(SCRATCH.buffer);

function putDouble(out: StringBuffer, value: number): void {
  SCRATCH.setFloat64(0, value, true);
  // LuaJIT's own NaN.
  if (Number.isNaN(value)) SCRATCH.setBigUint64(0, 0xfff8_0000_0000_0000n, true);
  out.put(EIGHT);
}

function putInt64(out: StringBuffer, value: bigint): void {
  SCRATCH.setBigInt64(0, BigInt.asIntN(64, value), true);
  out.put(EIGHT);
}

function putCount(out: StringBuffer, count: number): void {
  if (count < TWO_BYTES) out.putByte(count);
  else if (count < FIVE_BYTES) {
    out.putByte(TWO_BYTES | ((count - TWO_BYTES) >> 8));
    out.putByte((count - TWO_BYTES) & 0xff);
  } else {
    out.putByte(0xff);
    SCRATCH.setUint32(0, count, true);
    out.put(EIGHT.subarray(0, 4));
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) throw new FfiError('unexpected end of buffer');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  view(length: number): DataView {
    const { buffer, byteOffset } = this.take(length);
    return new DataView(buffer, byteOffset, length);
  }

  /** `.U` */
  count(): number {
    const [first = 0] = this.take(1);
    if (first < TWO_BYTES) return first;
    if (first < 0xff) return TWO_BYTES + (((first & 0x1f) << 8) | (this.take(1)[0] as number));
    return this.view(4).getUint32(0, true);
  }

  /** How many values follow, each of which is a byte at least. */
  counted(): number {
    const count = this.count();
    if (count > this.#bytes.length - this.at + 1) throw new FfiError('unexpected end of buffer');
    return count;
  }
}
