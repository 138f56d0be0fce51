/**
 * Addresses: the table from numbers to live regions. A region gets an address only when one is asked for; the
 * table holds regions weakly, and addresses are never used again, so that a stale number cannot hit another region.
 *
 *     page 0 .. 15   never mapped: NULL and small integers point nowhere
 *     0x10000000     first block; one block per ArrayBuffer, aligned to 2^15, followed by an unmapped page
 *
 * Two views of one ArrayBuffer lie at the distance they have there, so pointers into both compare rightly.
 * @module
 */
import { MemoryAccessError } from '../util/errors.ts';
import { Region, wildRegion } from './region.ts';

/** A place in memory: a byte offset from the start of a region. May lie outside until it is used. */
export interface Place {
  readonly region: Region;
  readonly offset: number;
}

const FIRST_ADDRESS = 0x10000000;
const PAGE = 4096;
/** The largest alignment that `ffi.new` gives memory, as LuaJIT's. */
const BLOCK_ALIGN: number = 2 ** 15;
/** Addresses have 48 bits, as on x86-64. */
const ADDRESS_LIMIT: number = 2 ** 48;

interface Block {
  readonly address: number;
  readonly size: number;
  /** The regions of this ArrayBuffer that have escaped. */
  regions: WeakRef<Region>[];
  /** Whether the block is in the table; it leaves when its last region is gone. */
  isListed: boolean;
}

/** One address space. */
export class Memory {
  /** The region that NULL and all other numbers without memory behind them are in. */
  readonly wild: Region = wildRegion();
  /** Bytes that may still be allocated. */
  allowance: number = Number.POSITIVE_INFINITY;
  readonly #regions: WeakMap<Uint8Array, Region> = new WeakMap();
  readonly #blockOf: WeakMap<ArrayBufferLike, Block> = new WeakMap();
  readonly #blocks: Block[] = [];
  #next = FIRST_ADDRESS;
  #collectAt = 1024;
  #lastBytes: Uint8Array | null = null;
  #lastRegion: Region | null = null;

  /** NULL. */
  get null(): Place {
    return { region: this.wild, offset: 0 };
  }

  /**
   * `size` zeroed bytes of our own.
   * @throws {RangeError} when the engine cannot allocate that much.
   * @throws {MemoryAccessError} when that is more than is allowed.
   */
  allocate(size: number): Region {
    if (size > this.allowance)
      throw new MemoryAccessError(`not enough memory: ${size} bytes, ${this.allowance} are left`, {
        offset: 0,
        size,
        have: this.allowance,
      });
    this.allowance -= size;
    const region = new Region(new Uint8Array(size), true);
    this.#regions.set(region.bytes, region);
    return region;
  }

  /** The region of a caller's bytes; the same object for the same `Uint8Array`. Nothing is copied. */
  regionOf(bytes: Uint8Array): Region {
    // Hosts hand the same buffer over and over.
    if (bytes === this.#lastBytes) return this.#lastRegion as Region;
    let region = this.#regions.get(bytes);
    if (region === undefined) {
      region = new Region(bytes, false);
      this.#regions.set(bytes, region);
    }
    this.#lastBytes = bytes;
    this.#lastRegion = region;
    return region;
  }

  /** Whether two places are the same byte, also when seen through different views of one buffer. */
  isSame(a: Place, b: Place): boolean {
    if (a.region === b.region) return a.offset === b.offset;
    const { bytes } = a.region;
    if (bytes.buffer === b.region.bytes.buffer && bytes.length > 0) {
      return bytes.byteOffset + a.offset === b.region.bytes.byteOffset + b.offset;
    }
    if (a.region.address === null && b.region.address === null) return false;
    return this.addressOf(a) === this.addressOf(b);
  }

  /**
   * The number of a place; the region gets its addresses now if it has none.
   * @throws {MemoryAccessError} when the address space is used up.
   */
  addressOf({ region, offset }: Place): number {
    region.address ??= this.#escape(region);
    return region.address + offset;
  }

  /** The place that a number means; a number outside live memory is a place whose use raises. */
  placeAt(address: number): Place {
    const block = this.#blockAt(address);
    let best: Region | null = null;
    if (block !== null) {
      for (const reference of block.regions) {
        const region = reference.deref();
        if (region === undefined) continue;
        const offset = address - (region.address as number);
        // One past the end is a valid pointer too, but belongs to a region that starts there first.
        const isInside = offset >= 0 && offset < region.bytes.length;
        if (isInside && (best === null || region.bytes.length > best.bytes.length)) best = region;
        if (offset === region.bytes.length) best ??= region;
      }
    }
    if (best === null) return { region: this.wild, offset: address };
    return { region: best, offset: address - (best.address as number) };
  }

  #escape(region: Region): number {
    const { buffer, byteOffset } = region.bytes;
    let block = this.#blockOf.get(buffer);
    if (block === undefined || !block.isListed) {
      block = { address: this.#reserve(buffer.byteLength), size: buffer.byteLength, regions: [], isListed: true };
      this.#blockOf.set(buffer, block);
      this.#blocks.push(block);
      if (this.#blocks.length > this.#collectAt) this.#collect();
    }
    if (block.regions.length % 64 === 63) block.regions = block.regions.filter((held) => held.deref() !== undefined);
    block.regions.push(new WeakRef(region));
    return block.address + byteOffset;
  }

  #reserve(size: number): number {
    const address = this.#next;
    const end = Math.ceil((address + size + PAGE) / BLOCK_ALIGN) * BLOCK_ALIGN;
    if (end > ADDRESS_LIMIT) throw new MemoryAccessError('out of addresses', { offset: address, size, have: 0 });
    this.#next = end;
    return address;
  }

  // Drops blocks without a live region; amortised, as the table may double before the next time.
  #collect(): void {
    let kept = 0;
    for (const block of this.#blocks) {
      block.regions = block.regions.filter((reference) => reference.deref() !== undefined);
      block.isListed = block.regions.length > 0;
      if (block.isListed) this.#blocks[kept++] = block;
    }
    this.#blocks.length = kept;
    this.#collectAt = Math.max(1024, kept * 2);
  }

  // Binary search: blocks are in ascending order of address.
  #blockAt(address: number): Block | null {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#blocks[middle] as Block).address <= address) low = middle + 1;
      else high = middle;
    }
    const block = this.#blocks[low - 1];
    return block !== undefined && address <= block.address + block.size ? block : null;
  }
}
