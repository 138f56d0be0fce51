/**
 * Bytes of memory as Lua strings and back: a character of latin1 per byte.
 * @module
 */

type Octets = { readonly [index: number]: number };

/** What Node's `Buffer` has on its prototype, which is quicker for long strings; other hosts do without. */
interface Latin1 {
  latin1Slice?(this: Uint8Array, start: number, end: number): string;
  latin1Write?(this: Uint8Array, text: string, offset: number, length: number): number;
}

const { latin1Slice, latin1Write }: Latin1 = (globalThis as { Buffer?: { prototype: Latin1 } }).Buffer?.prototype ?? {};

/** From this length on, a call out of JavaScript is cheaper than a loop. */
const LONG = 48;
/** Arguments that a function may safely be given. */
const MOST_ARGUMENTS = 4096;

/** The bytes from `start` to `end`, which the caller has checked. */
export function stringOf(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length >= LONG) return longString(bytes, start, end);
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8) text += eight(bytes, at);
  if (at + 4 <= end) {
    text += four(bytes, at);
    at += 4;
  }
  for (; at < end; at++) text += String.fromCharCode((bytes as Octets)[at] as number);
  return text;
}

function eight(b: Octets, o: number): string {
  return String.fromCharCode(
    b[o] as number,
    b[o + 1] as number,
    b[o + 2] as number,
    b[o + 3] as number,
    b[o + 4] as number,
    b[o + 5] as number,
    b[o + 6] as number,
    b[o + 7] as number,
  );
}

function four(b: Octets, o: number): string {
  return String.fromCharCode(b[o] as number, b[o + 1] as number, b[o + 2] as number, b[o + 3] as number);
}

function longString(bytes: Uint8Array, start: number, end: number): string {
  if (latin1Slice !== undefined) return latin1Slice.call(bytes, start, end);
  let text = '';
  for (let at = start; at < end; at += MOST_ARGUMENTS) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + MOST_ARGUMENTS)));
  }
  return text;
}

/** Writes a string's bytes to `offset`; the caller has checked that there is room. */
export function writeString(text: string, bytes: Uint8Array, offset: number): void {
  const { length } = text;
  if (length >= LONG && latin1Write !== undefined) latin1Write.call(bytes, text, offset, length);
  else for (let i = 0; i < length; i++) bytes[offset + i] = text.charCodeAt(i);
}

/** A string's bytes. */
export function bytesOfString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  writeString(text, bytes, 0);
  return bytes;
}
