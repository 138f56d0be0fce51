/**
 * Spans of live bytes. A region is what a pointer points into; nothing outside its bytes can be reached through it.
 * @module
 */
import { MemoryAccessError } from '../util/errors.ts';

const USES_BEFORE_VIEW = 60;

/** A span of bytes, and what keeps the targets of pointers stored in it alive. */
export class Region {
  /** The bytes themselves, shared with whoever made them; empty once freed. */
  bytes: Uint8Array;
  /** Whether the bytes were allocated here; pointers stored in such memory keep their targets alive. */
  readonly isOwned: boolean;
  /** Address of the first byte once the region has one; set by `Memory`. */
  address: number | null = null;
  /** Whether it may end while there are pointers into it, so that nobody may keep its bytes. */
  isFreeable = false;
  /** Whether the bytes lead back here; set by `Memory`. */
  isKnown = false;
  /** The bytes once more, for floats, where these were used often; see `warm`. It goes when the bytes do, and is checked by their bounds. */
  view: DataView | null = null;
  #targets: Map<number, Region> | null = null;
  #uses = 0;

  constructor(bytes: Uint8Array, isOwned: boolean) {
    this.bytes = bytes;
    this.isOwned = isOwned;
  }

  /** Ends the region's life: every later access raises. */
  free(): void {
    this.bytes = new Uint8Array(0);
    this.view = null;
    this.#targets = null;
  }

  /** Counts a use that `view` would be quicker for: to make it takes as long as some ten of them, and the bytes of small regions move for it. */
  warm(): void {
    if (++this.#uses === USES_BEFORE_VIEW) this.#addView();
  }

  /** Remembers that a pointer into `target` is stored at `offset`. */
  hold(offset: number, target: Region): void {
    if (!this.isOwned) return;
    this.#targets ??= new Map();
    this.#targets.set(offset, target);
  }

  /** Remembers the targets of the pointers in `size` bytes that were copied here, to `offset`, from `source`. */
  holdCopied(offset: number, source: Region, from: number, size: number): void {
    if (this.isOwned) for (const [at, target] of source.heldIn(from, size)) this.hold(offset + at - from, target);
  }

  /** The pointers stored in `size` bytes from `offset` on: where each is, and what it points into. */
  heldIn(offset: number, size: number): readonly (readonly [number, Region])[] {
    if (this.#targets === null) return [];
    return [...this.#targets].filter(([at]) => at >= offset && at < offset + size);
  }

  /**
   * Checks an access of `size` bytes at `offset`.
   * @throws {MemoryAccessError} when any of them lies outside; `what` says what was to be accessed.
   */
  check(offset: number, size: number, what: string): void {
    if (offset >= 0 && offset + size <= this.bytes.length && Number.isSafeInteger(offset)) return;
    this.#refuse(offset, size, what);
  }

  #addView(): void {
    const { buffer, byteOffset, length } = this.bytes;
    // A buffer that may shrink would take the view with it.
    if ((buffer as { readonly resizable?: boolean }).resizable !== true) this.view = new DataView(buffer, byteOffset, length);
  }

  // Apart, so that V8 puts the check into its callers.
  #refuse(offset: number, size: number, what: string): never {
    const have = this.bytes.length;
    if (have === 0 && this.address !== null) {
      throw new MemoryAccessError(`${what}: address ${formatAddress(this.address + offset)} is not in live memory`, { offset, size, have });
    }
    throw new MemoryAccessError(`${what}: needs ${size} bytes at offset ${offset}, have ${have}`, { offset, size, have });
  }
}

/** An address as LuaJIT prints it. */
export function formatAddress(address: number): string {
  return `0x${address < 0 ? BigInt.asUintN(64, BigInt(address)).toString(16) : address.toString(16)}`;
}

/** What numbers that are no address of live memory point into: no bytes, starting at address 0. */
export function wildRegion(): Region {
  const region = new Region(new Uint8Array(0), false);
  region.address = 0;
  return region;
}
