/**
 * Pointers as JavaScript sees them: where they point, and what is there. NULL is `null`, never a `Pointer`.
 * @module
 */
import { type CType, innermostElement, type PointerType, printType } from '../ctype/index.ts';
import { formatAddress, type Place, type Region } from '../memory/index.ts';
import { bytesOf, type ViewFactory } from './accessor.ts';
import { decodeText } from './array.ts';
import { INSPECT } from './inspect.ts';
import type { Init, Loose } from './shapes.ts';

/** A pointer to a C type. It keeps the memory it points into alive. */
export class Pointer<T = Loose> {
  readonly type: PointerType;
  readonly region: Region;
  /** Bytes from the start of the region. */
  readonly offset: number;
  readonly #factory: ViewFactory;

  constructor(type: PointerType, place: Place, factory: ViewFactory) {
    this.type = type;
    this.region = place.region;
    this.offset = place.offset;
    this.#factory = factory;
  }

  /** The number of the place pointed to, as `uintptr_t` would show it. */
  get address(): number {
    return this.#factory.memory.addressOf(this);
  }

  /**
   * The value `index` elements on: a number, or a live view of a struct or array.
   * @throws {MemoryAccessError} when it is outside the memory pointed into
   */
  at(index = 0): T {
    const { target, offset } = this.#element(index);
    return this.#factory.accessorOf(target).get(this.#factory.memory.bytesOf(this.region), offset) as T;
  }

  /**
   * Writes the value `index` elements on.
   * @throws {MemoryAccessError} when it is outside the memory pointed into
   * @throws {TypeError} when the target is const or `value` of the wrong kind
   */
  set(value: Init<T>, index = 0): void {
    const { target, offset } = this.#element(index);
    const where = `*(${printType(this.type)})`;
    if ((target.kind === 'array' ? innermostElement(target) : target).isConst) throw new TypeError(`${where} is const`);
    this.#factory.accessorOf(target).set(this.#factory.memory.bytesOf(this.region), offset, value, where);
  }

  #element(index: number): { target: CType; offset: number } {
    const { target } = this.type;
    if (target.size === null) throw new TypeError(`the size of '${printType(target)}' is not known`);
    const offset = this.offset + index * target.size;
    this.region.check(offset, target.size, printType(target));
    return { target, offset };
  }

  /** A pointer `count` elements on; it may leave the memory, using it there may not. */
  add(count: number): Pointer<T> {
    const { target } = this.type;
    if (target.size === null) throw new TypeError(`the size of '${printType(target)}' is not known`);
    return new Pointer(this.type, { region: this.region, offset: this.offset + count * target.size }, this.#factory);
  }

  /**
   * `length` live bytes from here on.
   * @throws {RangeError} when `length` is no whole number from 0
   * @throws {MemoryAccessError} when they are not all there
   */
  bytes(length: number): Uint8Array {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`${printType(this.type)}: length must be a whole number from 0, got ${length}`);
    }
    const { region, offset } = this;
    // The message takes longer to make than the rest.
    if (offset < 0 || offset + length > region.bytes.length) region.check(offset, length, `${length} bytes`);
    return region.bytes.subarray(offset, offset + length);
  }

  /**
   * Copies the bytes of a buffer to here; quicker than `bytes(length).set(source)`, which makes an array.
   * @throws {MemoryAccessError} when there is no room for all of them
   * @throws {TypeError} when the target is const, or `source` no buffer
   */
  copyFrom(source: ArrayBufferView | ArrayBufferLike): void {
    const { type, region, offset } = this;
    if (type.target.isConst) throw new TypeError(`*(${printType(type)}) is const`);
    const bytes = bytesOf(source);
    const { length } = bytes;
    if (offset < 0 || offset + length > region.bytes.length) region.check(offset, length, `${length} bytes`);
    region.bytes.set(bytes, offset);
  }

  /**
   * The text from here to the first NUL.
   * @throws {MemoryAccessError} when the memory ends before
   */
  text(encoding: 'utf8' | 'latin1' = 'utf8'): string {
    this.region.check(this.offset, 1, 'string');
    const rest = this.region.bytes.subarray(this.offset);
    const length = rest.indexOf(0);
    if (length < 0) this.region.check(this.offset, rest.length + 1, 'string without a terminating NUL');
    return decodeText(rest.subarray(0, length), encoding);
  }

  toString(): string {
    return `${printType(this.type)}: ${formatAddress(this.address)}`;
  }

  /** The address as text: what it points to is not part of the value. */
  toJSON(): string {
    return formatAddress(this.address);
  }

  [INSPECT](): string {
    return this.toString();
  }
}
