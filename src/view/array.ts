/**
 * Array views: `length`, `at`, `set`, iteration, and plain indexing.
 *
 * `view[3]` goes through a Proxy at the end of the prototype chain, so that it works for any length while named
 * members and `at()` never meet the Proxy; hot loops use `at()`.
 * @module
 */
import { type ArrayType, type CType, innermostElement, printType } from '../ctype/index.ts';
import { decodeUtf8, encodeUtf8 } from '../util/utf8.ts';
import {
  type Accessor,
  allocatorOf,
  BYTES,
  bytesOf,
  copierOf,
  describe,
  initOf,
  nameOf,
  OFFSET,
  PLAIN,
  plainOf,
  TYPE,
  type ViewFactory,
  type Where,
} from './accessor.ts';
import { isEqual } from './equal.ts';
import { type Column, columnOf } from './column.ts';
import { INSPECT, type InspectOptions, inspectArray } from './inspect.ts';
import { jsonable } from './plain.ts';
import type { ColumnValue, Init, PathIn, Plain } from './shapes.ts';

const SHAPE: unique symbol = Symbol('shape');

/** What all views of one array type have in common. */
interface ArrayShape {
  readonly type: ArrayType;
  /** Of the elements. */
  readonly accessor: Accessor;
  /** Bytes from one element to the next. */
  readonly stride: number;
  readonly factory: ViewFactory;
}

// The index that a key writes; -1 where it writes none. No regular expression: this is all that takes time in `view[i]`.
function indexOf(key: string | symbol): number {
  if (typeof key === 'symbol') return -1;
  const first = key.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39)) return -1;
  const index = Number(key);
  return Number.isInteger(index) && String(index) === key ? index : -1;
}

// Whether there is an element at `index`; `>>>` costs less than `Number.isInteger`.
function isWithin(index: number, length: number): boolean {
  return index >= 0 && index < length && (index >>> 0 === index || Number.isInteger(index));
}

// Answers `view[i]`, and refuses `view[i] = x` beyond the end instead of making a property.
const INDEXING: object = new Proxy(Object.prototype, {
  get(target, key, receiver) {
    const index = indexOf(key);
    return index < 0 ? Reflect.get(target, key, receiver) : (receiver as ArrayView<unknown>).at(index);
  },
  has(target, key) {
    return Reflect.has(target, key);
  },
  set(target, key, value, receiver) {
    // Every number is meant as an index, also -1 and 1.5.
    if (typeof key === 'symbol' || String(Number(key)) !== key) return Reflect.set(target, key, value, receiver);
    (receiver as ArrayView).set(Number(key), value);
    return true;
  },
});

/** A live view of an array in memory. */
export class ArrayView<T = unknown, N extends number = number> implements Iterable<T> {
  readonly [BYTES]: Uint8Array;
  readonly [OFFSET]: number;
  readonly [SHAPE]: ArrayShape;
  /** Number of elements. */
  readonly length: N;
  [index: number]: T;

  /** @internal */
  constructor(shape: ArrayShape, bytes: Uint8Array, offset: number) {
    this[BYTES] = bytes;
    this[OFFSET] = offset;
    this[SHAPE] = shape;
    this.length = shape.type.length as N;
  }

  get [TYPE](): ArrayType {
    return this[SHAPE].type;
  }

  /** The element at `index`, negative from the end; `undefined` beyond the ends, as in JavaScript's arrays. */
  at(index: number): T | undefined {
    const i = index < 0 ? index + this.length : index;
    if (!isWithin(i, this.length)) return undefined;
    const { accessor, stride } = this[SHAPE];
    return accessor.get(this[BYTES], this[OFFSET] + i * stride) as T;
  }

  /**
   * Writes the element at `index`.
   * @throws {RangeError} when there is no such element
   * @throws {TypeError} when the array is const or the value is of the wrong kind
   */
  set(index: number, value: Init<T>): void {
    if (!isWithin(index, this.length)) {
      throw new RangeError(`index ${index} is outside ${printType(this[TYPE])}`);
    }
    const { type, accessor, stride } = this[SHAPE];
    if (innermostElement(type).isConst) throw new TypeError(`${printType(type)} is const`);
    accessor.set(this[BYTES], this[OFFSET] + index * stride, value, () => `${printType(type)}[${index}]`);
  }

  [Symbol.iterator](): IterableIterator<T> {
    const { accessor, stride } = this[SHAPE];
    const { [BYTES]: bytes, [OFFSET]: offset, length } = this;
    let index = 0;
    const next = (): IteratorResult<T> =>
      index < length ? { done: false, value: accessor.get(bytes, offset + index++ * stride) as T } : { done: true, value: undefined };
    return { next, [Symbol.iterator]: () => this[Symbol.iterator]() };
  }

  /** What `change` makes of each element, in order, as a plain array. */
  map<U>(change: (element: T, index: number, array: this) => U): U[] {
    return Array.from({ length: this.length }, (_, i) => change(this.at(i) as T, i, this));
  }

  /** The elements' bytes: a live `Uint8Array` over the same memory. */
  get bytes(): Uint8Array {
    return this[BYTES].subarray(this[OFFSET], this[OFFSET] + this.length * this[SHAPE].stride);
  }

  /** A view of the same elements in fresh memory of our own. */
  copy(): this {
    const { type, factory } = this[SHAPE];
    const bytes = allocatorOf(type, factory.memory)(this.length * this[SHAPE].stride);
    copierOf(type, factory.memory)(bytes, 0, this[BYTES], this[OFFSET]);
    return factory.accessorOf(type).get(bytes, 0) as this;
  }

  /**
   * Whether `other` is an array of the same type, but for qualifiers, with equal elements: bytes that belong to no field
   * do not count, floats are equal when their bytes are.
   */
  equals(other: object): boolean {
    if (!(other instanceof ArrayView)) return false;
    const { type, factory } = this[SHAPE];
    const isSameType = factory.types.unqualified(type) === factory.types.unqualified(other[TYPE]);
    return isSameType && isEqual(type, this[BYTES], this[OFFSET], other[BYTES], other[OFFSET]);
  }

  /** The elements as a plain array, nested structs and arrays as plain objects; a copy. */
  toArray(): Plain<T>[] {
    return plainArray(this[SHAPE], this[BYTES], this[OFFSET]) as Plain<T>[];
  }

  [PLAIN](): unknown {
    return this.toArray();
  }

  /**
   * A scalar of every element, for fast scans: `packets.column('ip.ttl').max()`; without a path, of an array of scalars, the
   * elements themselves.
   * @throws {TypeError} when the path leads to no scalar that a typed array holds
   * @throws {RangeError} when it goes beyond the end of an array
   */
  column<const P extends string = ''>(path?: PathIn<T, P>): Column<ColumnValue<T, P>> {
    return columnOf(this, path ?? '') as unknown as Column<ColumnValue<T, P>>;
  }

  /** For `JSON.stringify`; 64-bit integers become strings of digits. */
  toJSON(): unknown {
    return jsonable(this.toArray());
  }

  /** For `console.log` in Node. */
  [INSPECT](depth: number | null, options: InspectOptions, inspect: (value: unknown, options: InspectOptions) => string): string {
    return inspectArray(this, this[TYPE], depth, options, inspect);
  }
}
Object.setPrototypeOf(ArrayView.prototype, INDEXING);

/** A view of `char[n]` and other arrays of bytes, which are text as well. */
export class ByteArrayView<N extends number = number> extends ArrayView<number, N> {
  /** The bytes up to the first NUL, as text. */
  text(encoding: 'utf8' | 'latin1' = 'utf8'): string {
    const { bytes } = this;
    return decodeText(bytes, encoding);
  }

  /**
   * Writes text, and NULs behind it to the end of the array; text that fills it has none, as in C.
   * @throws {RangeError} when the text does not fit, or has characters that Latin-1 lacks
   * @throws {TypeError} when the array is const
   */
  setText(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): void {
    const { type } = this[SHAPE];
    if (type.element.isConst) throw new TypeError(`${printType(type)} is const`);
    assignBytes(type, this[BYTES], this[OFFSET], encodeText(text, encoding), () => printType(type));
  }

  override toString(): string {
    return this.text();
  }
}

function encodeText(text: string, encoding: 'utf8' | 'latin1'): Uint8Array {
  if (encoding === 'utf8') return encodeUtf8(text);
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) as number;
    if (code > 0xff) throw new RangeError(`latin1 has no ${JSON.stringify(character)}`);
    return code;
  });
}

/** Bytes up to the first NUL, as text. */
export function decodeText(bytes: Uint8Array, encoding: 'utf8' | 'latin1'): string {
  const nul = bytes.indexOf(0);
  const used = nul < 0 ? bytes : bytes.subarray(0, nul);
  if (encoding === 'utf8') return decodeUtf8(used);
  // What TextDecoder calls 'latin1' is Windows-1252.
  let text = '';
  for (let i = 0; i < used.length; i++) text += String.fromCharCode(used[i] as number);
  return text;
}

/** Whether elements of this type are bytes. */
export function isByte(type: CType): boolean {
  return type.kind === 'integer' && type.size === 1;
}

/** Getter and setter for an array as a field or an element. */
export function arrayAccessor(type: ArrayType, factory: ViewFactory): Accessor {
  const element = factory.accessorOf(type.element);
  const View: typeof ArrayView = isByte(type.element) ? (ByteArrayView as typeof ArrayView) : ArrayView;
  const shape: ArrayShape = { type, accessor: element, stride: type.element.size as number, factory };
  const copy = copierOf(type, factory.memory);
  const allocate = allocatorOf(type, factory.memory);
  return {
    get: (bytes, offset) => new View(shape, bytes, offset),
    plain: (bytes, offset) => plainArray(shape, bytes, offset),
    init: (bytes, offset, value, where) => initialise(shape, bytes, offset, value, where),
    set: (bytes, offset, value, where) => {
      const given = isByte(type.element) ? givenBytes(value) : null;
      if (given !== null) return assignBytes(type, bytes, offset, given, where);
      // Put together elsewhere: the elements given may be views of what is overwritten, or wrong.
      const made = allocate(type.size as number);
      initialise(shape, made, 0, value, where);
      copy(bytes, offset, made, 0);
    },
  };
}

function plainArray({ type, accessor, stride }: ArrayShape, bytes: Uint8Array, offset: number): unknown[] {
  const read = plainOf(accessor);
  const length = type.length as number;
  const values: unknown[] = [];
  for (let i = 0; i < length; i++) values.push(read(bytes, offset + i * stride));
  return values;
}

/** Copies bytes from elsewhere. */
export function copyBytes(bytes: Uint8Array, offset: number, given: Uint8Array): void {
  // A call of `set` takes as long as some 30 bytes.
  if (given.length > 32) bytes.set(given, offset);
  else for (let i = 0; i < given.length; i++) bytes[offset + i] = given[i] as number;
}

// As C initialises an array: what is given from the start, the rest zero, as it is already.
function initialise({ type, accessor, stride }: ArrayShape, bytes: Uint8Array, offset: number, value: unknown, where: Where): void {
  const given = isByte(type.element) ? givenBytes(value) : null;
  if (given !== null) {
    checkRoom(type, given, where);
    copyBytes(bytes, offset, given);
    return;
  }
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
    throw new TypeError(`${nameOf(where)}: expected elements of ${printType(type)}, got ${describe(value)}`);
  }
  const elements = [...(value as Iterable<unknown>)];
  const length = type.length as number;
  if (elements.length > length) throw new RangeError(`${nameOf(where)}: ${elements.length} elements do not fit ${printType(type)}`);
  const init = initOf(accessor);
  elements.forEach((one, i) => {
    init(bytes, offset + i * stride, one, () => `${nameOf(where)}[${i}]`);
  });
}

function assignBytes(type: ArrayType, bytes: Uint8Array, offset: number, given: Uint8Array, where: Where): void {
  checkRoom(type, given, where);
  // The source may overlap the target; `set` copes, filling first would not.
  bytes.set(given, offset);
  if (given.length < (type.size as number)) bytes.fill(0, offset + given.length, offset + (type.size as number));
}

function checkRoom(type: ArrayType, given: Uint8Array, where: Where): void {
  if (given.length > (type.size as number)) throw new RangeError(`${nameOf(where)}: ${given.length} bytes do not fit ${printType(type)}`);
}

// What is text or bytes already.
function givenBytes(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return encodeUtf8(value);
  if (value instanceof ByteArrayView) return value.bytes;
  return value instanceof Uint8Array || value instanceof DataView ? bytesOf(value) : null;
}
