/**
 * What views are made of: for each ctype a getter and a setter over (bytes, offset), in JavaScript's values.
 * @module
 */
import type { CType, CTypes, RecordType } from '../ctype/index.ts';
import type { Memory, Place } from '../memory/index.ts';
import type { Raw, Scalar } from './scalar.ts';

/** Reads and writes values of one ctype at a place whose bounds have been checked. */
export interface Accessor {
  get(bytes: Uint8Array, offset: number): unknown;
  /**
   * @param where names the place for errors, such as `struct dhcp_msg.xid`
   * @throws {TypeError} when `value` is of a kind the type cannot hold
   * @throws {RangeError} when it does not fit
   */
  set(bytes: Uint8Array, offset: number, value: unknown, where: string): void;
}

/** The hub that accessors of nested types are found through. */
export interface ViewFactory {
  readonly types: CTypes;
  readonly memory: Memory;
  accessorOf(type: CType): Accessor;
  recordClass(type: RecordType): RecordConstructor;
  /** A pointer of type `T *`, for a place. */
  pointerTo(target: CType, place: Place): unknown;
  /** Where `value` (a pointer, bytes, a view, null) points, checked against a pointer type's target. */
  placeOf(value: unknown, target: CType, where: string): Place;
}

export type RecordConstructor = new (bytes: Uint8Array, offset: number) => object;

/** What a view is over; the keys are symbols so that no field name of C can hit them. */
export const BYTES: unique symbol = Symbol('bytes');
export const OFFSET: unique symbol = Symbol('offset');
export const TYPE: unique symbol = Symbol('type');

/** Anything that shows memory as a value of a ctype. */
export interface View {
  readonly [BYTES]: Uint8Array;
  readonly [OFFSET]: number;
  readonly [TYPE]: CType;
}

export function isView(value: unknown): value is View {
  return typeof value === 'object' && value !== null && TYPE in value;
}

/** How a value is named in an error message. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return value.length > 20 ? 'a string' : JSON.stringify(value);
  if (typeof value === 'object') return `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
  return typeof value === 'function' || typeof value === 'symbol' || value === undefined
    ? String(typeof value)
    : `${typeof value} ${value}`;
}

/**
 * `value` as a scalar holds it. Numbers, bigints and booleans stand in for one another, as in C.
 * @throws {TypeError} when it is none of these
 * @throws {RangeError} when a 64-bit integer is asked of NaN or an infinity
 */
export function toRaw(kind: Scalar['kind'], value: unknown, where: string): Raw {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') {
    throw new TypeError(`${where}: expected a ${kind}, got ${describe(value)}`);
  }
  switch (kind) {
    case 'number':
      // A bigint is cut to 64 bits first: what is stored are its low bits, which a double could not hold.
      return typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : Number(value);
    case 'bigint':
      if (typeof value !== 'number') return BigInt(value);
      if (!Number.isFinite(value)) throw new RangeError(`${where}: ${value} is no integer`);
      return BigInt(Math.trunc(value));
    case 'boolean':
      return Boolean(value) || Number.isNaN(value);
  }
}

/**
 * Checks that `size` bytes are there.
 * @throws {RangeError} that names what was to be placed, what it needs and what is there
 */
export function checkBounds(what: string, bytes: Uint8Array, offset: number, size: number): void {
  if (!Number.isInteger(offset) || offset < 0) throw new RangeError(`${what}: offset must be a whole number from 0, got ${offset}`);
  if (offset + size > bytes.length) throw shortage(what, bytes, offset, size);
}

/** The error for `size` bytes that are not all there. */
export function shortage(what: string, bytes: Uint8Array, offset: number, size: number): RangeError {
  const have = Math.max(0, bytes.length - offset);
  return new RangeError(`${what}: needs ${size} bytes at offset ${offset}, have ${have}`);
}

/**
 * Any view of a buffer, or a buffer, as its bytes; nothing is copied.
 * @throws {TypeError} when `source` is neither
 */
export function bytesOf(source: unknown): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (typeof SharedArrayBuffer === 'function' && source instanceof SharedArrayBuffer) return new Uint8Array(source);
  throw new TypeError(`expected a buffer (Uint8Array, ArrayBuffer, DataView ...), got ${describe(source)}`);
}
