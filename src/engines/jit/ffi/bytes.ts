/**
 * Bytes of memory as Lua strings and back: a character of latin1 per byte.
 * @module
 */

import { compiled } from '../runtime/compiled.ts';

type Octets = { readonly [index: number]: number };

/** What Node's `Buffer` has on its prototype, which is quicker for long strings; other hosts do without. */
interface Latin1 {
  latin1Slice?(this: Uint8Array, start: number, end: number): string;
  latin1Write?(this: Uint8Array, text: string, offset: number, length: number): number;
}

const { latin1Slice, latin1Write }: Latin1 = (globalThis as { Buffer?: { prototype: Latin1 } }).Buffer?.prototype ?? {};

/** From this length on, a call out of JavaScript is cheaper than many arguments. */
const LONG = 40;
/** Arguments that a function may safely be given. */
const MOST_ARGUMENTS = 4096;

type MakeString = (bytes: Octets, start: number) => string;

/**
 * By length. Each is one call of `String.fromCharCode` with a byte for each argument, which makes a flat string at once: three times as
 * quick as to put strings together, which must be flattened before they are a key of a table.
 */
const SHORT: MakeString[] = [];

function makeShort(length: number): MakeString {
  const list = Array.from({ length }, (_, i) => `b[o+${i}]`).join(',');
  const made = compiled<MakeString>(`return function(b,o){return String.fromCharCode(${list})}`);
  const make = made ?? ((bytes, start) => String.fromCharCode(...(bytes as Uint8Array).subarray(start, start + length)));
  SHORT[length] = make;
  return make;
}

/** The bytes from `start` to `end`, which the caller has checked. */
export function stringOf(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length >= LONG) return longString(bytes, start, end);
  return (SHORT[length] ?? makeShort(length))(bytes, start);
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
