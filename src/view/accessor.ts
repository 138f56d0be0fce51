/**
 * What views are made of: for each ctype a getter and a setter over (bytes, offset), in JavaScript's values.
 * @module
 */
import { type CType, type CTypes, fieldsOf, isRecord, type RecordType } from '../ctype/index.ts';
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
  /**
   * Like `set`, into zeroed memory that nobody has seen yet: const members are initialised too, and what was written
   * before an error stays. Where it is missing, `set` serves.
   */
  init?(bytes: Uint8Array, offset: number, value: unknown, where: string): void;
}

/** `init` of an accessor, or what stands in for it. */
export function initOf(accessor: Accessor): Accessor['set'] {
  return accessor.init ?? accessor.set;
}

/** The hub that accessors of nested types are found through. */
export interface ViewFactory {
  readonly types: CTypes;
  readonly memory: Memory;
  accessorOf(type: CType): Accessor;
  recordClass(type: RecordType): RecordConstructor;
  /** The class that the views of a struct and of its qualified variants inherit from; it has the metatype's methods. */
  methodsClass(type: RecordType): RecordConstructor;
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

/** Copies values of `type`; what pointers among them keep alive is kept alive at the new place too. */
export function copierOf(type: CType, memory: Memory): (bytes: Uint8Array, offset: number, source: Uint8Array, from: number) => void {
  const size = type.size as number;
  const isPointing = hasPointers(type);
  return (bytes, offset, source, from) => {
    bytes.set(source.subarray(from, from + size), offset);
    if (isPointing) memory.regionOf(bytes).holdCopied(offset, memory.regionOf(source), from, size);
  };
}

function hasPointers(type: CType): boolean {
  if (type.kind === 'array') return hasPointers(type.element);
  if (isRecord(type)) return [...fieldsOf(type).values()].some((field) => hasPointers(field.type));
  return type.kind === 'pointer' || type.kind === 'reference';
}

/**
 * `value` as a scalar holds it. Numbers, bigints and booleans stand in for one another, as in C.
 * @throws {TypeError} when it is none of these
 * @throws {RangeError} when a 64-bit integer is asked of NaN or an infinity
 */
export function toRaw({ kind, isFloat }: Pick<Scalar, 'kind' | 'isFloat'>, value: unknown, where: string): Raw {
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') {
    throw new TypeError(`${where}: expected a ${kind}, got ${describe(value)}`);
  }
  switch (kind) {
    case 'number':
      // An integer stores the low bits of a bigint, which a double could not hold.
      return typeof value === 'bigint' && isFloat !== true ? Number(BigInt.asIntN(32, value)) : Number(value);
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
  if (typeof offset !== 'number') throw new TypeError(`${what}: expected a number as the offset, got ${describe(offset)}`);
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
