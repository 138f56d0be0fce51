/**
 * Array views: `length`, `at`, `set`, iteration, and plain indexing.
 *
 * `view[3]` goes through a Proxy at the end of the prototype chain, so that it works for any length while named
 * members and `at()` never meet the Proxy; hot loops use `at()`.
 * @module
 */
import { type ArrayType, type CType, innermostElement, printType } from '../ctype/index.ts';
import { decodeUtf8, encodeUtf8 } from '../util/utf8.ts';
import { type Accessor, BYTES, bytesOf, copierOf, describe, initOf, isView, OFFSET, TYPE, type ViewFactory } from './accessor.ts';
import { type Column, columnOf } from './column.ts';
import { INSPECT, type InspectOptions, inspectArray } from './inspect.ts';
import type { ColumnValue, Init, PathIn, Plain } from './shapes.ts';

const ACCESSOR: unique symbol = Symbol('accessor');
const STRIDE: unique symbol = Symbol('stride');

function indexOf(key: string | symbol): number {
  return typeof key === 'string' && /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
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
  readonly [TYPE]: ArrayType;
  readonly [ACCESSOR]: Accessor;
  readonly [STRIDE]: number;
  /** Number of elements. */
  readonly length: N;
  [index: number]: T;

  constructor(type: ArrayType, bytes: Uint8Array, offset: number, accessor: Accessor) {
    this[BYTES] = bytes;
    this[OFFSET] = offset;
    this[TYPE] = type;
    this[ACCESSOR] = accessor;
    this[STRIDE] = type.element.size as number;
    this.length = type.length as N;
  }

  /** The element at `index`, negative from the end; `undefined` beyond the ends, as in JavaScript's arrays. */
  at(index: number): T | undefined {
    const i = index < 0 ? index + this.length : index;
    if (!(i >= 0 && i < this.length) || !Number.isInteger(i)) return undefined;
    return this[ACCESSOR].get(this[BYTES], this[OFFSET] + i * this[STRIDE]) as T;
  }

  /**
   * Writes the element at `index`.
   * @throws {RangeError} when there is no such element
   * @throws {TypeError} when the array is const or the value is of the wrong kind
   */
  set(index: number, value: Init<T>): void {
    if (!(index >= 0 && index < this.length) || !Number.isInteger(index)) {
      throw new RangeError(`index ${index} is outside ${printType(this[TYPE])}`);
    }
    if (innermostElement(this[TYPE]).isConst) throw new TypeError(`${printType(this[TYPE])} is const`);
    this[ACCESSOR].set(this[BYTES], this[OFFSET] + index * this[STRIDE], value, `${printType(this[TYPE])}[${index}]`);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as T;
  }

  /** The elements' bytes: a live `Uint8Array` over the same memory. */
  get bytes(): Uint8Array {
    return this[BYTES].subarray(this[OFFSET], this[OFFSET] + this.length * this[STRIDE]);
  }

  /** The elements as a plain array, nested structs and arrays as plain objects; a copy. */
  toArray(): Plain<T>[] {
    return Array.from(this, (element) => {
      if (element instanceof ArrayView) return element.toArray();
      return isView(element) ? (element as unknown as { toObject(): unknown }).toObject() : element;
    }) as Plain<T>[];
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

  toJSON(): unknown {
    return this.toArray().map((element: unknown) => (typeof element === 'bigint' ? String(element) : element));
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

  override toString(): string {
    return this.text();
  }
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
  const copy = copierOf(type, factory.memory);
  return {
    get: (bytes, offset) => new View(type, bytes, offset, element),
    init: (bytes, offset, value, where) => assignArray(type, element, bytes, offset, value, where),
    set: (bytes, offset, value, where) => {
      if (isByte(type.element) && givenBytes(value) !== null) return assignArray(type, element, bytes, offset, value, where);
      // Put together elsewhere: the elements given may be views of what is overwritten, or wrong.
      const made = factory.memory.allocate(type.size as number).bytes;
      assignArray(type, element, made, 0, value, where);
      copy(bytes, offset, made, 0);
    },
  };
}

// As C initialises an array: what is given from the start, the rest zero.
function assignArray(type: ArrayType, element: Accessor, bytes: Uint8Array, offset: number, value: unknown, where: string): void {
  const size = type.size as number;
  const given = isByte(type.element) ? givenBytes(value) : null;
  if (given !== null) {
    if (given.length > size) throw new RangeError(`${where}: ${given.length} bytes do not fit ${printType(type)}`);
    // The source may overlap the target; `set` copes, filling first would not.
    bytes.set(given, offset);
    bytes.fill(0, offset + given.length, offset + size);
    return;
  }
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
    throw new TypeError(`${where}: expected elements of ${printType(type)}, got ${describe(value)}`);
  }
  const elements = [...(value as Iterable<unknown>)];
  const length = type.length as number;
  if (elements.length > length) throw new RangeError(`${where}: ${elements.length} elements do not fit ${printType(type)}`);
  const stride = type.element.size as number;
  const init = initOf(element);
  elements.forEach((one, i) => {
    init(bytes, offset + i * stride, one, `${where}[${i}]`);
  });
  bytes.fill(0, offset + elements.length * stride, offset + size);
}

function givenBytes(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return encodeUtf8(value);
  if (value instanceof ByteArrayView) return value.bytes;
  return value instanceof Uint8Array || value instanceof DataView ? bytesOf(value) : null;
}
