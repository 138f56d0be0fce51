/**
 * Bytes behind C's pointers: all that the functions of the library read and write goes through here, or through the
 * check of a region itself.
 * @module
 */
import type { Abi } from '../../ctype/index.ts';
import type { Memory, Place, Region } from '../../memory/index.ts';

const NONE = new Uint8Array(0);

/** `size_t` and other integers as numbers; what is beyond 2^53 is beyond all memory, too. */
export type Integer = number | bigint;

/**
 * The `count` bytes at `place`, live.
 * @throws {MemoryAccessError} when they are not all there
 */
export function span({ region, offset }: Place, count: number, what: string): Uint8Array {
  if (count === 0) return NONE;
  region.check(offset, count, what);
  return region.bytes.subarray(offset, offset + count);
}

/**
 * The bytes at `place` up to the first NUL, without it.
 * @throws {MemoryAccessError} when the memory ends before
 */
export function stringAt(place: Place, what: string): Uint8Array {
  return prefixAt(place, Number.POSITIVE_INFINITY, what);
}

/**
 * The bytes at `place` up to the first NUL, but `limit` at most.
 * @throws {MemoryAccessError} when the memory ends before both
 */
export function prefixAt({ region, offset }: Place, limit: number, what: string): Uint8Array {
  if (limit <= 0) return NONE;
  region.check(offset, 1, what);
  const rest = region.bytes.subarray(offset, offset + limit);
  const length = rest.indexOf(0);
  if (length >= 0) return rest.subarray(0, length);
  if (rest.length < limit) region.check(offset, rest.length + 1, `${what}: string without a terminating NUL`);
  return rest;
}

/** A place `count` bytes on. */
export function advance({ region, offset }: Place, count: number): Place {
  return { region, offset: offset + count };
}

/** Whether a pointer is NULL. */
export function isNull({ region, offset }: Place): boolean {
  return offset === 0 && region.address === 0;
}

/** Copies bytes as `memmove` does; pointers among them keep what they point to alive. */
export function copyBytes(to: Place, from: Place, count: number, what: string): void {
  const bytes = span(from, count, what);
  span(to, count, what).set(bytes);
  to.region.holdCopied(to.offset, from.region, from.offset, count);
}

/** Writes a little-endian integer of `size` bytes. */
export function storeInteger(place: Place, size: number, value: number | bigint, what: string): void {
  const bytes = span(place, size, what);
  let rest = BigInt(value);
  for (let i = 0; i < size; i++) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/** Writes a pointer; memory of our own keeps alive what it points to. */
export function storePointer(at: Place, target: Place, { memory, abi }: { memory: Memory; abi: Abi }): void {
  storeInteger(at, abi.pointerSize, memory.addressOf(target), 'pointer');
  at.region.hold(at.offset, target.region);
}

/** Characters to bytes, one each. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Bytes to characters, one each. */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

/** Fills memory with a string and its NUL. */
export function storeString(region: Region, bytes: Uint8Array): Region {
  region.bytes.set(bytes);
  region.bytes[bytes.length] = 0;
  return region;
}
