/**
 * Type objects: what `c.typeof('struct dhcp_msg')` answers.
 * @module
 */
import { constantsOf, type CType, isRecord, printType } from '../ctype/index.ts';
import { bytesOf, checkBounds, initOf } from './accessor.ts';
import type { ArrayView } from './array.ts';
import type { Views } from './factory.ts';
import type { Init, Loose } from './shapes.ts';

/**
 * A C type as a JavaScript object. Constants of a struct are its properties: `c.typeof('struct dhcp_op').DISCOVER`.
 * In TypeScript, `V` is what a value of the type is: a struct's view, a number; `A` is the view of an array of it.
 */
export class TypeObject<V = Loose, A = ArrayView<V>> {
  /** @internal */
  readonly ctype: CType;
  readonly #views: Views;
  /** `static const` members of the struct, enumerators of the enum. */
  readonly constants: Readonly<Record<string, number | bigint>>;

  constructor(ctype: CType, views: Views) {
    this.ctype = ctype;
    this.#views = views;
    const constants: Record<string, number | bigint> = {};
    const entries = isRecord(ctype) ? constantsOf(ctype) : ctype.kind === 'enum' ? (ctype.definition.layout?.constants ?? []) : [];
    for (const [name, value] of entries) {
      const property = { value, enumerable: true, writable: false, configurable: true };
      Object.defineProperty(constants, name, property);
      // A constant called `view` or `size` does not take the place of the method.
      if (!(name in this)) Object.defineProperty(this, name, property);
    }
    this.constants = constants;
  }

  /** The type in C notation. */
  get name(): string {
    return printType(this.ctype);
  }

  /** Bytes; `null` where the type has no size. */
  get size(): number | null {
    return this.ctype.size;
  }

  /** Alignment in bytes. */
  get align(): number {
    return this.ctype.align;
  }

  #known(): number {
    if (this.ctype.size === null) throw new TypeError(`the size of '${this.name}' is not known`);
    return this.ctype.size;
  }

  /**
   * A live view of the value at `offset` of `source`, or the value itself where the type is a scalar.
   * The bytes are shared: writing a field writes the caller's buffer.
   * @throws {RangeError} when the buffer is too short; the message says what is needed and what is there
   * @throws {TypeError} when `source` is no buffer or the type has no size
   */
  view(source: ArrayBufferView | ArrayBufferLike, offset = 0): V {
    const bytes = bytesOf(source);
    const { ctype } = this;
    const isVariable = isRecord(ctype) && ctype.definition.layout?.isVariable === true;
    const size = isVariable && isRecord(ctype) ? (ctype.definition.layout?.size ?? 0) : this.#known();
    checkBounds(this.name, bytes, offset, size);
    if (isVariable && isRecord(ctype)) return new (this.#views.recordClass(ctype))(bytes, offset) as V;
    return this.#views.accessorOf(ctype).get(bytes, offset) as V;
  }

  /**
   * A view of fresh zeroed memory, or a scalar's value; with the fields of `init` set.
   * @throws {TypeError} when the type has no size, or `init` does not fit the type
   */
  new(init?: Init<V>): V {
    const { bytes } = this.#views.memory.allocate(this.#known());
    const accessor = this.#views.accessorOf(this.ctype);
    if (init !== undefined) initOf(accessor)(bytes, 0, init, this.name);
    return accessor.get(bytes, 0) as V;
  }

  /**
   * A live view of `count` consecutive values; as many as fit where `count` is not given.
   * @throws {RangeError} when the buffer is too short
   */
  array(source: ArrayBufferView | ArrayBufferLike, offset = 0, count?: number): A {
    const bytes = bytesOf(source);
    const size = this.#known();
    checkBounds(this.name, bytes, offset, 0);
    const length = count ?? (size === 0 ? 0 : Math.floor((bytes.length - offset) / size));
    if (!Number.isInteger(length) || length < 0) throw new RangeError(`${this.name}: count must be a whole number from 0, got ${count}`);
    checkBounds(`${length} of ${this.name}`, bytes, offset, length * size);
    const array = this.#views.types.array(this.ctype, length);
    return this.#views.accessorOf(array).get(bytes, offset) as A;
  }

  toString(): string {
    return this.name;
  }
}
