/**
 * How the ffi sees Lua values: through one interface that each engine implements for its own representation `V`.
 * @module
 */
import type { CType } from '../ctype/index.ts';
import type { CData, CDataClass, CTypeObject } from './cdata.ts';

/** Lua's types as `type()` names them, with LuaJIT's `cdata`; light and full userdata are one. */
export type LuaType = 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function' | 'userdata' | 'thread' | 'cdata';

/** Lua values of one engine. The `to...` methods are called only for values of the fitting type. */
export interface LuaAdapter<V> {
  typeOf(value: V): LuaType;
  /** Whether it is a number, which nearly all that is written to memory is; to ask for the type of a cdata takes long. */
  isNumber(value: V): boolean;
  isString(value: V): boolean;
  toBoolean(value: V): boolean;
  toNumber(value: V): number;
  /** A string's bytes; not to be written to. */
  toBytes(value: V): Uint8Array;
  /** How many bytes a string has. */
  lengthOf(value: V): number;
  /** Writes a string's bytes to `target` from `offset` on; the caller has checked that there is room. */
  copyBytes(value: V, target: Uint8Array, offset: number): void;
  /** A string as latin1 text, a character per byte; names are looked up by it, so it should be cheap. */
  toName(value: V): string;
  toCData(value: V): CData | CTypeObject;
  /** The cdata that a value is; null for ctype objects and all other values. */
  cdataOf(value: V): CData | null;
  /** The host's `Uint8Array` that a userdata is; null for all other values. */
  bufferOf(value: V): Uint8Array | null;
  /** The JavaScript object behind a userdata. */
  toHostObject(value: V): unknown;

  /** The value as one that may be kept: engines may hand out places that change. */
  keep(value: V): V;

  nil(): V;
  fromBoolean(value: boolean): V;
  fromNumber(value: number): V;
  /** A Lua string of these bytes, or of those from `start` up to `end`; they are copied. */
  fromBytes(bytes: Uint8Array, start?: number, end?: number): V;
  fromCData(value: CData | CTypeObject): V;
  /** The class that cdata of a type are made of; asked for once per type. `CData` itself where it is missing. */
  classOf?(type: CType): CDataClass;
  /** A Lua function; null for no result. */
  fromFunction(fn: (args: readonly V[]) => V | null): V;

  /** `table[key]`, without metamethods. */
  rawGet(table: V, key: string | number): V;
  /** `object[key]` as Lua would look it up, metamethods included. */
  get(object: V, key: V): V;
  /** `object[key] = value` with metamethods. */
  set(object: V, key: V, value: V): void;
  /** Calls a Lua function, or anything callable, for at most one result. */
  call(callee: V, args: readonly V[]): V;
  /** The same with two arguments, as operators have. */
  call2(callee: V, first: V, second: V): V;
  /**
   * The same for code that Lua may not have called: what Lua raises is thrown as an `Error`, which is that Lua error again when it
   * gets back to Lua.
   */
  callFromHost(callee: V, args: readonly V[]): V;
  /** The same, of nobody's concern: results and errors are dropped. */
  tryCall(callee: V, args: readonly V[]): void;
}
