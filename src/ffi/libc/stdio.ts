/**
 * The part of `<stdio.h>` that formats: `printf` and those like it; `files.ts` has the rest. Standard output is a function of the host.
 * @module
 */
import type { Place } from '../../memory/index.ts';
import type { CData } from '../cdata.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { advance, type Integer, span, stringAt } from './bytes.ts';
import { EOVERFLOW, errorText } from './errors.ts';
import type { Print } from './files.ts';
import { type Sink, writeFormatted } from './format.ts';

const INT_MAX = 2 ** 31 - 1;
const CHUNK = 4096;
const NEWLINE = 0x0a;

/** Writes to memory, at most `room` bytes and no NUL, and counts what it would have written. */
class MemorySink implements Sink {
  readonly #to: Place;
  readonly #room: number;
  readonly #name: string;
  count = 0;

  constructor(to: Place, room: number, name: string) {
    this.#to = to;
    this.#room = room;
    this.#name = name;
  }

  write(bytes: Uint8Array): void {
    const fitting = Math.min(bytes.length, Math.max(0, this.#room - this.count));
    span(advance(this.#to, this.count), fitting, this.#name).set(bytes.subarray(0, fitting));
    this.count += bytes.length;
  }

  fill(byte: number, count: number): void {
    const fitting = Math.min(count, Math.max(0, this.#room - this.count));
    span(advance(this.#to, this.count), fitting, this.#name).fill(byte);
    this.count += count;
  }

  /** Writes the NUL behind what was written. */
  end(): void {
    span(advance(this.#to, Math.min(this.count, this.#room)), 1, this.#name)[0] = 0;
  }
}

/** Hands bytes on in pieces of a moderate size. */
class OutputSink implements Sink {
  readonly #output: (bytes: Uint8Array) => void;
  readonly #buffer = new Uint8Array(CHUNK);
  #used = 0;
  count = 0;

  constructor(output: (bytes: Uint8Array) => void) {
    this.#output = output;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + CHUNK - this.#used);
      this.#buffer.set(piece, this.#used);
      this.#advance(piece.length);
      at += piece.length;
    }
  }

  fill(byte: number, count: number): void {
    for (let left = count; left > 0; ) {
      const piece = Math.min(left, CHUNK - this.#used);
      this.#buffer.fill(byte, this.#used, this.#used + piece);
      this.#advance(piece);
      left -= piece;
    }
  }

  #advance(count: number): void {
    this.#used += count;
    this.count += count;
    if (this.#used === CHUNK) this.flush();
  }

  flush(): void {
    if (this.#used > 0) this.#output(this.#buffer.slice(0, this.#used));
    this.#used = 0;
  }
}

/** The functions, and what they format with; `output` gets bytes that are its own. */
export function stdioFunctions(
  { memory, errno, abi }: Machine,
  output: (bytes: Uint8Array) => void,
): { functions: CFunctions; print: Print } {
  const contextFor = (name: string) => ({ abi, memory, name, errorText: () => errorText(errno.value) });

  function counted(count: number): number {
    if (count <= INT_MAX) return count;
    errno.value = EOVERFLOW;
    return -1;
  }

  function toMemory(to: Place, room: number, format: Place, args: readonly CData[], name: string): number {
    const sink = new MemorySink(to, room - 1, name);
    writeFormatted(sink, format, args, contextFor(name));
    if (room > 0) sink.end();
    return counted(sink.count);
  }

  function print(write: (bytes: Uint8Array) => void, format: Place, args: readonly CData[], name: string): number {
    const sink = new OutputSink(write);
    try {
      writeFormatted(sink, format, args, contextFor(name));
    } finally {
      sink.flush();
    }
    return counted(sink.count);
  }

  const functions: CFunctions = {
    'int printf(const char *, ...)': (format: Place, args: readonly CData[]) => print(output, format, args, 'printf'),
    'int sprintf(char *, const char *, ...)': (to: Place, format: Place, args: readonly CData[]) =>
      toMemory(to, Number.POSITIVE_INFINITY, format, args, 'sprintf'),
    'int snprintf(char *, size_t, const char *, ...)': (to: Place, room: Integer, format: Place, args: readonly CData[]) =>
      toMemory(to, Number(room), format, args, 'snprintf'),
    'int puts(const char *)': (s: Place) => {
      const text = stringAt(s, 'puts');
      const line = new Uint8Array(text.length + 1);
      line.set(text);
      line[text.length] = NEWLINE;
      output(line);
      return counted(line.length);
    },
    'int putchar(int)': (c: number) => {
      output(Uint8Array.of(c & 0xff));
      return c & 0xff;
    },
  };
  return { functions, print };
}
