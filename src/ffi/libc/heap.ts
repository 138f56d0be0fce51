/**
 * The heap: C11 7.22.3. Blocks live until they are freed, whether or not a pointer to them is left; the use of a freed
 * one raises, as does freeing it again.
 * @module
 */
import { formatAddress, type Place, type Region } from '../../memory/index.ts';
import { FfiError } from '../../util/errors.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { copyBytes, type Integer, isNull, prefixAt, storeString, stringAt } from './bytes.ts';
import { ENOMEM } from './errors.ts';

// What a block costs besides its bytes, so that blocks of no bytes run out, too.
const BLOCK_COST = 64;

/** `limit`: how many bytes all blocks together may take. */
export function heapFunctions({ memory, errno }: Machine, limit: number): CFunctions {
  const blocks = new Map<Region, number>();
  const freed = new WeakSet<Region>();
  let used = 0;

  function allocate(size: number): Place | null {
    const region = used + size + BLOCK_COST <= limit ? tryAllocate(size) : null;
    if (region === null) {
      errno.value = ENOMEM;
      return null;
    }
    used += size + BLOCK_COST;
    region.isFreeable = true;
    blocks.set(region, size);
    return { region, offset: 0 };
  }

  function tryAllocate(size: number): Region | null {
    try {
      return memory.allocate(size);
    } catch (error) {
      // The engine's limit, or the script's.
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  function sizeOf(place: Place, name: string): number {
    const size = place.offset === 0 ? blocks.get(place.region) : undefined;
    if (size !== undefined) return size;
    const address = formatAddress(memory.addressOf(place));
    if (freed.has(place.region)) throw new FfiError(`${name}: the block at address ${address} is freed already`);
    throw new FfiError(`${name}: address ${address} is no block that malloc returned`);
  }

  function free(place: Place, name: string): void {
    used -= sizeOf(place, name) + BLOCK_COST;
    blocks.delete(place.region);
    freed.add(place.region);
    place.region.free();
  }

  function duplicate(bytes: Uint8Array): Place | null {
    const block = allocate(bytes.length + 1);
    if (block !== null) storeString(block.region, bytes);
    return block;
  }

  return {
    'void *malloc(size_t)': (size: Integer) => allocate(Number(size)),
    'void *calloc(size_t, size_t)': (count: Integer, size: Integer) => allocate(Number(count) * Number(size)),
    'void *realloc(void *, size_t)': (old: Place, size: Integer) => {
      if (isNull(old)) return allocate(Number(size));
      const before = sizeOf(old, 'realloc');
      // glibc: a block of no bytes is a freed one.
      const block = Number(size) === 0 ? null : allocate(Number(size));
      if (block === null && Number(size) !== 0) return null;
      if (block !== null) copyBytes(block, old, Math.min(before, Number(size)), 'realloc');
      free(old, 'realloc');
      return block;
    },
    'void free(void *)': (block: Place) => {
      if (!isNull(block)) free(block, 'free');
      return undefined;
    },
    'char *strdup(const char *)': (s: Place) => duplicate(stringAt(s, 'strdup')),
    'char *strndup(const char *, size_t)': (s: Place, n: Integer) => duplicate(prefixAt(s, Number(n), 'strndup')),
  };
}
