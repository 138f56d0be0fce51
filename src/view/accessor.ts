/**
 * What views are made of: for each ctype a getter and a setter over (bytes, offset), in JavaScript's values.
 * @module
 */
import { type CType, type CTypes, fieldsOf, isRecord, type RecordType } from '../ctype/index.ts';
import type { Memory, Place } from '../memory/index.ts';
import type { Compiler } from './compile.ts';

/** Names a place for errors, such as `struct dhcp_msg.xid`; a function where the text is made for errors only. */
export type Where = string | (() => string);

/** The text of a place's name. */
export function nameOf(where: Where): string {
  return typeof where === 'string' ? where : where();
}

/** Reads and writes values of one ctype at a place whose bounds have been checked. */
export interface Accessor {
  get(bytes: Uint8Array, offset: number): unknown;
  /**
   * @throws {TypeError} when `value` is of a kind the type cannot hold
   * @throws {RangeError} when it does not fit
   */
  set(bytes: Uint8Array, offset: number, value: unknown, where: Where): void;
  /**
   * Like `set`, into zeroed memory that nobody has seen yet: const members are initialised too, and what was written
   * before an error stays. Where it is missing, `set` serves.
   */
  init?(bytes: Uint8Array, offset: number, value: unknown, where: Where): void;
  /** The value as a plain object or array, a copy. Where it is missing, what `get` gives is plain. */
  plain?(bytes: Uint8Array, offset: number): unknown;
}

/** `init` of an accessor, or what stands in for it. */
export function initOf(accessor: Accessor): Accessor['set'] {
  return accessor.init ?? accessor.set;
}

/** `plain` of an accessor, or what stands in for it. */
export function plainOf(accessor: Accessor): Accessor['get'] {
  return accessor.plain ?? accessor.get;
}

/** The hub that accessors of nested types are found through. */
export interface ViewFactory {
  readonly types: CTypes;
  readonly memory: Memory;
  /** What becomes of integers that do not fit what they are written to. */
  readonly overflow: Overflow;
  readonly compiler: Compiler;
  accessorOf(type: CType): Accessor;
  recordClass(type: RecordType): RecordConstructor;
  /** The class that the views of a struct and of its qualified variants inherit from; it has the metatype's methods. */
  methodsClass(type: RecordType): RecordConstructor;
  /** A pointer of type `T *`, for a place. */
  pointerTo(target: CType, place: Place): unknown;
  /** Where `value` (a pointer, bytes, a view, null) points, checked against a pointer type's target. */
  placeOf(value: unknown, target: CType, where: Where): Place;
}

/** What becomes of integers that do not fit: the low bits stay, as in C, or a `RangeError` is thrown. */
export type Overflow = 'wrap' | 'throw';

export type RecordConstructor = new (bytes: Uint8Array, offset: number) => object;

/**
 * Where a struct's view keeps its place. No field of C can have these names, and they are string literals because of V8:
 * accessors of all structs are closures of the same code, and where more than four classes run through `this[symbol]` (or
 * `this.#private`), it is looked up anew each time, which takes ten times as long. A literal name is found at once, as
 * V8 knows the class from the caller.
 */
export interface Stored {
  '@bytes': Uint8Array;
  '@offset': number;
  /** Of the struct, without a flexible array; on the prototype. */
  readonly '@size': number;
}

/** What a view is over. */
export const BYTES: unique symbol = Symbol('bytes');
export const OFFSET: unique symbol = Symbol('offset');
export const TYPE: unique symbol = Symbol('type');
/** What a view is as a plain object or array. */
export const PLAIN: unique symbol = Symbol('plain');

/** Anything that shows memory as a value of a ctype. */
export interface View {
  readonly [BYTES]: Uint8Array;
  readonly [OFFSET]: number;
  readonly [TYPE]: CType;
  [PLAIN](): unknown;
}

export function isView(value: unknown): value is View {
  return typeof value === 'object' && value !== null && TYPE in value;
}

/** Whether a value is a typed array or a `DataView`. Cursors, which are made as DataViews, are views of ours. */
export function isBuffer(value: unknown): value is ArrayBufferView {
  return ArrayBuffer.isView(value) && !(TYPE in value);
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
 * Copies values of `type`, or `size` bytes of one with a flexible array; what pointers among them keep alive is kept alive
 * at the new place too.
 */
export function copierOf(
  type: CType,
  memory: Memory,
): (bytes: Uint8Array, offset: number, source: Uint8Array, from: number, size?: number) => void {
  const isPointing = hasPointers(type);
  return (bytes, offset, source, from, size = type.size as number) => {
    bytes.set(source.subarray(from, from + size), offset);
    if (isPointing) memory.regionOf(bytes).holdCopied(offset, memory.regionOf(source), from, size);
  };
}

/**
 * Makes zeroed bytes for values of `type`. Those of types with pointers are known to the memory, to keep alive what the
 * pointers point to; that costs ten times as much.
 */
export function allocatorOf(type: CType, memory: Memory): (size: number) => Uint8Array {
  return hasPointers(type) ? (size) => memory.bytesOf(memory.allocate(size)) : (size) => new Uint8Array(size);
}

// A pure function's memory: little C text nests structs in one another many times over.
const POINTING: WeakMap<object, boolean> = new WeakMap();

function hasPointers(type: CType): boolean {
  if (type.kind === 'array') return hasPointers(type.element);
  if (isRecord(type)) {
    const { layout } = type.definition;
    if (layout === null) return false;
    let isPointing = POINTING.get(layout);
    if (isPointing === undefined) {
      isPointing = [...fieldsOf(type).values()].some((field) => hasPointers(field.type));
      POINTING.set(layout, isPointing);
    }
    return isPointing;
  }
  return type.kind === 'pointer' || type.kind === 'reference';
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
  if (isBuffer(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (typeof SharedArrayBuffer === 'function' && source instanceof SharedArrayBuffer) return new Uint8Array(source);
  throw new TypeError(`expected a buffer (Uint8Array, ArrayBuffer, DataView ...), got ${describe(source)}`);
}
