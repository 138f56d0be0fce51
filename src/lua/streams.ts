/**
 * What `io.read` reads of a stream, by its formats (Lua 5.1 manual 5.7, `file:read`).
 * @module
 */
import { ensureStack } from '../util/stack.ts';
import type { Stream } from '../util/files.ts';
import { numberOfString } from './numbers.ts';

const NEWLINE = 0x0a;

/** A line; null at the end. */
export function readLine(stream: Stream, hasNewline: boolean): Uint8Array | null {
  const line = stream.readLine();
  return line !== null && !hasNewline && line[line.length - 1] === NEWLINE ? line.subarray(0, -1) : line;
}

/** At most `length` bytes; none where that is 0; null at the end. */
export function readBytes(stream: Stream, length: number): Uint8Array | null {
  if (length === 0) {
    const byte = stream.next();
    if (byte < 0) return null;
    stream.unread(byte);
    return new Uint8Array(0);
  }
  const bytes = stream.read(length);
  return bytes.length === 0 ? null : bytes;
}

const LONGEST_NUMBER = 200;
const NUMBER_START = /^[+-]?(?:0x[\da-f]*(?:\.[\da-f]*)?(?:p[+-]?\d*)?|\d*(?:\.\d*)?|\d+(?:\.\d*)?e[+-]?\d*|\.\d+e[+-]?\d*)$/i;

/** A number, as `scanf` reads one: spaces, then as much as could be the start of it. Null where there is none. */
export function readNumber(stream: Stream): number | null {
  ensureStack();
  let byte = stream.next();
  while (byte === 0x20 || (byte >= 9 && byte <= 13)) byte = stream.next();
  let text = '';
  while (byte >= 0 && text.length < LONGEST_NUMBER && NUMBER_START.test(text + String.fromCharCode(byte))) {
    text += String.fromCharCode(byte);
    byte = stream.next();
  }
  if (byte >= 0) stream.unread(byte);
  return text === '' ? null : numberOfString(text);
}
