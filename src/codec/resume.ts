/**
 * Decoding from bytes that may not all be there yet, and from streams of them.
 * @module
 */
import { ShortageError } from '../util/errors.ts';
import { CheckedStream } from './stream.ts';
import { traced } from './trace.ts';
import type { Decoder } from './types.ts';

const DEFAULT_LIMIT = 65_536;

/** Options of `decodeFrom` and `decodeStream`. */
export interface DecodeOptions {
  /**
   * Most bytes that one message may take, and most elements of one array in it: 65 536 by default. Without it a length from
   * the network would decide how much is waited for and held.
   */
  readonly limit?: number;
  /** What is decoded, for messages; the C type's name by default, or `message`. */
  readonly name?: string;
}

/** A value and the offset behind its bytes; or how many more bytes are needed at the least. */
export type Decoded<T> =
  | { readonly value: T; readonly end: number; readonly needed?: undefined }
  | { readonly needed: number; readonly value?: undefined; readonly end?: undefined };

/**
 * Decodes one value at `offset` of `bytes`, by any restructure type. When the bytes end too early, the answer is how many
 * more are needed before it is worth trying again, which is from the start of the value; more may turn out to be needed then.
 *
 * What goes on to the end of the bytes (an array without a length, a list of options without an end) is not complete as long as more
 * may follow; `isFinal` says that nothing does. Views and `Buffer` fields share the bytes. Once a type has been used here, its
 * fields must not change.
 * @throws {RangeError} when the value would take more than the limit, by type, path of fields, offset and bytes
 * @example
 * const result = decodeFrom(message, received);
 * if (result.needed === undefined) handle(result.value);
 */
export function decodeFrom<T>(
  type: Decoder<T>,
  bytes: Uint8Array,
  offset = 0,
  options: DecodeOptions & { readonly isFinal?: boolean } = {},
): Decoded<T> {
  const { limit = DEFAULT_LIMIT, isFinal = false } = options;
  try {
    const { value, end } = decodeWhole(type, bytes, offset, { ...options, limit, isOpen: !isFinal });
    return { value, end };
  } catch (error) {
    if (!(error instanceof ShortageError)) throw error;
    return { needed: error.offset + error.size - bytes.length };
  }
}

/**
 * The values in a stream of chunks, one after the other: `pipeline(socket, (chunks) => decodeStream(message, chunks), ...)`.
 * Chunks may be cut anywhere. Values share memory with the chunks, or with a copy where a value spans several.
 *
 * An attempt is made when the bytes that were missing are there, from the start of the value; so a sender of single bytes costs
 * up to the square of the limit.
 * @throws {ShortageError} when the stream ends within a value
 * @throws {RangeError} when a value would take more than the limit
 * @throws {TypeError} when the type takes no bytes
 */
export async function* decodeStream<T>(
  type: Decoder<T>,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DecodeOptions = {},
): AsyncGenerator<T, void, undefined> {
  const pending = new Pending();
  let needed = 1;
  for await (const chunk of chunks) {
    pending.add(chunk);
    while (pending.length >= needed) {
      const result = decodeFrom(type, pending.bytes, pending.start, options);
      if (result.needed !== undefined) {
        needed = pending.length + result.needed;
        break;
      }
      pending.consume(result.end);
      needed = 1;
      yield result.value;
    }
  }
  while (pending.length > 0) {
    const { limit = DEFAULT_LIMIT } = options;
    const { value, end } = decodeWhole(type, pending.bytes, pending.start, { ...options, limit, isOpen: false });
    pending.consume(end);
    yield value;
  }
}

function decodeWhole<T>(
  type: Decoder<T>,
  bytes: Uint8Array,
  offset: number,
  options: DecodeOptions & { readonly limit: number; readonly isOpen: boolean },
): { value: T; end: number } {
  const name = options.name ?? ('name' in type && typeof type.name === 'string' ? type.name : 'message');
  const stream = new CheckedStream(bytes, { ...options, name, offset });
  const value = traced(type).decode(stream);
  stream.need(Math.max(0, stream.pos - offset), '', offset);
  return { value, end: stream.pos };
}

// Bytes that have come and are not decoded yet.
class Pending {
  #bytes: Uint8Array = new Uint8Array();
  #end = 0;
  #isOwn = false;
  /** Where the next value starts. */
  start = 0;

  get length(): number {
    return this.#end - this.start;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  add(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.#bytes = chunk;
      this.#isOwn = false;
      this.start = 0;
      this.#end = chunk.length;
      return;
    }
    if (!this.#isOwn || this.#end + chunk.length > this.#bytes.length) {
      // Never in place: values share the bytes in front.
      const grown = new Uint8Array(2 * (this.length + chunk.length));
      grown.set(this.#bytes.subarray(this.start, this.#end));
      this.#end -= this.start;
      this.start = 0;
      this.#bytes = grown;
      this.#isOwn = true;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  consume(end: number): void {
    if (end <= this.start) throw new TypeError('a type that takes no bytes cannot be decoded from a stream');
    this.start = end;
  }
}
