/**
 * Addresses: the table from numbers to live regions. A region gets an address only when one is asked for; the
 * table holds regions weakly, and addresses are never used again, so that a stale number cannot hit another region.
 *
 *     page 0 .. 15   never mapped: NULL and small integers point nowhere
 *     0x10000000     first block; one block per ArrayBuffer, aligned to 2^15, followed by an unmapped page
 *
 * Two views of one ArrayBuffer lie at the distance they have there, so pointers into both compare rightly.
 *
 * For native libraries addresses are the process's own: those of our regions, and all others, which `Windows` shows.
 * @module
 */
import { MemoryAccessError } from '../util/errors.ts';
import { Region, wildRegion } from './region.ts';
import { type RealMemory, Windows } from './windows.ts';

/** A place in memory: a byte offset from the start of a region. May lie outside until it is used. */
export interface Place {
  readonly region: Region;
  readonly offset: number;
}

const FIRST_ADDRESS = 0x10000000;
const PAGE = 4096;
/** The largest alignment that `ffi.new` gives memory, as LuaJIT's. */
const BLOCK_ALIGN: number = 2 ** 15;
/** Buffers of the engine are aligned to that, as what `malloc` returns. */
const BUFFER_ALIGN = 16;
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
  #windows: Windows | null = null;

  /** NULL. */
  get null(): Place {
    return { region: this.wild, offset: 0 };
  }

  /**
   * Makes addresses those of the process, from now on: numbers may mean any of its memory, and nothing checks them.
   * @throws {TypeError} when there are other addresses already
   */
  useRealAddresses(real: RealMemory): void {
    if (this.#windows?.real === real) return;
    if (this.#windows !== null || this.#blocks.length > 0) throw new TypeError('addresses of this memory are in use already');
    this.#windows = new Windows(real);
  }

  /** Whether a region is memory that is not ours, of a native library. */
  isForeign(region: Region): boolean {
    return this.#windows?.isWindow(region) === true;
  }

  /** A region of no bytes at a real address, such as that of a function. */
  regionAt(address: number): Region {
    const region = new Region(new Uint8Array(0), false);
    region.address = address;
    this.#insert({ address, size: 0, regions: [new WeakRef(region)], isListed: true });
    return region;
  }

  /**
   * `size` zeroed bytes of our own, whose address is a multiple of `align`, at most 4096.
   * @throws {RangeError} when the engine cannot allocate that much.
   * @throws {MemoryAccessError} when that is more than is allowed.
   */
  allocate(size: number, align = 1): Region {
    if (size > this.allowance)
      throw new MemoryAccessError(`not enough memory: ${size} bytes, ${this.allowance} are left`, {
        offset: 0,
        size,
        have: this.allowance,
      });
    this.allowance -= size;
    return new Region(this.#windows === null ? new Uint8Array(size) : bytesAt(this.#windows.real, size, align), true);
  }

  /**
   * A region's bytes for code that may come back with them, such as views: `regionOf` knows them from now on. (To tell it of all that is
   * allocated would take ten times as long as allocating.)
   */
  bytesOf(region: Region): Uint8Array {
    if (region.isOwned && !region.isKnown) {
      region.isKnown = true;
      this.#regions.set(region.bytes, region);
    }
    return region.bytes;
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

  /**
   * The real address of a place, for native code. Unlike `addressOf` it makes no entry in the table, where it would stay until
   * the end of the turn: the number does not lead back here.
   */
  passedAddress(place: Place): number {
    const { region, offset } = place;
    if (region.address !== null || this.#windows === null) return this.addressOf(place);
    return this.#windows.real.addressOf(region.bytes.buffer) + region.bytes.byteOffset + offset;
  }

  /** The place that a number means; a number outside live memory is a place whose use raises, unless addresses are real. */
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
    if (best === null) return this.#windows?.placeAt(address) ?? { region: this.wild, offset: address };
    return { region: best, offset: address - (best.address as number) };
  }

  #escape(region: Region): number {
    const { buffer, byteOffset } = region.bytes;
    let block = this.#blockOf.get(buffer);
    if (block === undefined || !block.isListed) {
      const size = buffer.byteLength;
      block = { address: this.#windows?.real.addressOf(buffer) ?? this.#reserve(size), size, regions: [], isListed: true };
      this.#blockOf.set(buffer, block);
      this.#insert(block);
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

  // Keeps the order. Where the address is one that was used before, what was there is gone.
  #insert(block: Block): void {
    const end = this.#indexAfter(block.address + Math.max(0, block.size - 1));
    let start = end;
    while (start > 0 && isTouching(this.#blocks[start - 1] as Block, block)) {
      start--;
      (this.#blocks[start] as Block).isListed = false;
    }
    this.#blocks.splice(start, end - start, block);
    if (this.#blocks.length > this.#collectAt) this.#collect();
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

  // Binary search: how many blocks start at `address` or before; they are in ascending order.
  #indexAfter(address: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#blocks[middle] as Block).address <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #blockAt(address: number): Block | null {
    const block = this.#blocks[this.#indexAfter(address) - 1];
    return block !== undefined && address <= block.address + block.size ? block : null;
  }
}

// Whether an earlier block has bytes, or its start, in common with `block`.
function isTouching(earlier: Block, { address }: Block): boolean {
  return earlier.address >= address || earlier.address + earlier.size > address;
}

// Bytes with an address of their own, even if there are none.
function bytesAt(real: RealMemory, size: number, align: number): Uint8Array {
  if (size > 0 && align <= BUFFER_ALIGN) return new Uint8Array(size);
  const buffer = new ArrayBuffer(size + align);
  const over = real.addressOf(buffer) % align;
  return new Uint8Array(buffer, over === 0 ? 0 : align - over, size);
}
