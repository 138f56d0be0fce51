/**
 * The bytes of a string buffer: written at the end, read from the start, in memory that pointers may lead into.
 * @module
 */
import { type Memory, type Place, Region } from '../../memory/index.ts';
import { FfiError } from '../../util/errors.ts';

/** What a buffer has when it first needs memory, as in LuaJIT. */
const LEAST_SIZE = 32;
/** What one may hold, as in LuaJIT. */
export const MOST_BYTES = 0x7fff_ff00;

export class StringBuffer {
  readonly #memory: Memory;
  #region: Region = new Region(new Uint8Array(0), false);
  #start = 0;
  #end = 0;
  /** Up to where it may write; nowhere in memory that is somebody else's. */
  #limit = 0;

  constructor(memory: Memory, size = 0) {
    this.#memory = memory;
    if (size > 0) this.reserve(size);
  }

  /** How many bytes there are to read. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** The bytes to read: a view of them, until the next write. */
  get bytes(): Uint8Array {
    return this.#region.bytes.subarray(this.#start, this.#end);
  }

  /** Where they begin; NULL where there is no memory yet. */
  get place(): Place {
    return this.#region.bytes.length === 0 ? this.#memory.null : { region: this.#region, offset: this.#start };
  }

  /** Forgets all bytes, and keeps the memory. */
  reset(): void {
    if (this.#limit === 0) this.free();
    this.#start = 0;
    this.#end = 0;
  }

  /** Forgets bytes and memory. */
  free(): void {
    this.#region = new Region(new Uint8Array(0), false);
    this.#start = 0;
    this.#end = 0;
    this.#limit = 0;
  }

  /**
   * Makes room for `size` more bytes. Answers where they are, and how many fit there; `commit` adds them.
   * @throws {FfiError} `not enough memory`
   */
  reserve(size: number): { readonly place: Place; readonly room: number } {
    if (this.#limit - this.#end < size) this.#makeRoom(size);
    return { place: { region: this.#region, offset: this.#end }, room: this.#limit - this.#end };
  }

  // Moves the bytes to the start, or to other memory: pointers lead to where they were.
  #makeRoom(size: number): void {
    const { length } = this;
    const needed = length + size;
    if (needed > MOST_BYTES) throw new FfiError('not enough memory');
    if (needed <= this.#limit) {
      this.#region.bytes.copyWithin(0, this.#start, this.#end);
    } else {
      let capacity = Math.max(LEAST_SIZE, this.#limit);
      while (capacity < needed) capacity *= 2;
      const region = this.#memory.allocate(capacity);
      region.bytes.set(this.bytes);
      this.#region = region;
      this.#limit = capacity;
    }
    this.#start = 0;
    this.#end = length;
  }

  /** Adds bytes that were written to what `reserve` gave; false where that were fewer. */
  commit(size: number): boolean {
    if (size > this.#limit - this.#end) return false;
    this.#end += size;
    return true;
  }

  put(bytes: Uint8Array): void {
    const { place } = this.reserve(bytes.length);
    place.region.bytes.set(bytes, place.offset);
    this.#end += bytes.length;
  }

  putByte(byte: number): void {
    const { place } = this.reserve(1);
    place.region.bytes[place.offset] = byte;
    this.#end++;
  }

  /** Has the bytes at a place as its own, without a copy; they are copied once more are added. */
  set({ region, offset }: Place, length: number): void {
    this.#region = region;
    this.#start = offset;
    this.#end = offset + length;
    this.#limit = 0;
  }

  /** Reads up to `length` bytes over. Answers how many there were. */
  skip(length: number): number {
    const count = Math.min(length, this.length);
    this.#start += count;
    if (this.#start === this.#end) this.reset();
    return count;
  }
}
