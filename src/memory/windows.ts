/**
 * Memory of the process that is not ours: what native libraries return pointers to. How far such memory reaches is not known,
 * so that pointers into it are not checked, as in C: a region of it is a window of 2 GiB around the address.
 * @module
 */
import type { Place } from './memory.ts';
import { Region } from './region.ts';

/** The memory of a process; a host that has native libraries has one. */
export interface RealMemory {
  /** The address of a buffer's first byte, which it keeps. */
  addressOf(buffer: ArrayBufferLike): number;
  /** The bytes from `address` on, live. Whether there is memory shows on use: where there is none, the process ends. */
  viewOf(address: number, size: number): Uint8Array;
}

const WINDOW = 2 ** 31;
const STRIDE = WINDOW / 2;
/** Nothing is mapped below that on Linux (`vm.mmap_min_addr`); NULL and fields of a struct at NULL are there. */
const FIRST_ADDRESS = 65536;
/** User space of 64-bit processes ends there. */
const LAST_ADDRESS: number = 2 ** 47;

/** Windows that overlap by half, so that there are 512 MiB at least on either side of an address. */
export class Windows {
  readonly real: RealMemory;
  // Few, as the addresses of a process lie together; kept, as V8 collects garbage each time that it is told of so many bytes.
  readonly #windows: Map<number, Region> = new Map();
  readonly #all: WeakSet<Region> = new WeakSet();

  constructor(real: RealMemory) {
    this.real = real;
  }

  /** Whether a region is a window. */
  isWindow(region: Region): boolean {
    return this.#all.has(region);
  }

  /** The place of an address; null where no memory can be. */
  placeAt(address: number): Place | null {
    if (!(address >= FIRST_ADDRESS && address < LAST_ADDRESS)) return null;
    const start = Math.max(FIRST_ADDRESS, (Math.round(address / STRIDE) - 1) * STRIDE);
    let region = this.#windows.get(start);
    if (region === undefined) {
      region = new Region(this.real.viewOf(start, WINDOW), false);
      region.address = start;
      this.#windows.set(start, region);
      this.#all.add(region);
    }
    return { region, offset: address - start };
  }
}
