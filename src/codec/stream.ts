/**
 * A restructure stream that knows where its bytes end and what is being read. restructure itself takes short buffers and
 * strings without a word, and reports numbers beyond the end in the words of `DataView`.
 * @module
 */
import * as r from 'restructure';
import { ShortageError } from '../util/errors.ts';

/** How deep structs may be nested in bytes; keeps types that contain themselves within the call stack. */
const MAX_DEPTH = 200;

export interface CheckedStreamOptions {
  /** What is decoded, for messages. */
  readonly name: string;
  /** Byte at which it starts. */
  readonly offset: number;
  /** Most bytes it may take, and most elements of one array. */
  readonly limit: number;
  /** Whether more bytes may follow. */
  readonly isOpen: boolean;
}

/**
 * A stream that throws a `ShortageError` for whatever reaches beyond its end. `Buffer` fields are views of its bytes.
 *
 * While more bytes may follow, what goes on to the end of the stream (an array without a length, a string whose NUL is
 * missing) finds the end one byte behind the last, and so runs into it.
 */
export class CheckedStream extends r.DecodeStream {
  readonly #options: CheckedStreamOptions;
  // What is being decoded, and where it started.
  readonly #steps: { step: string | number; start: number }[] = [];

  constructor(bytes: Uint8Array, options: CheckedStreamOptions) {
    super(bytes);
    this.#options = options;
    this.pos = options.offset;
    Object.defineProperty(this, 'length', { value: bytes.length + (options.isOpen ? 1 : 0) });
  }

  /**
   * Checks that `size` bytes are there at `offset`.
   * @param what names them, beside the path of fields
   * @throws {ShortageError} when they are not
   * @throws {RangeError} when they would be beyond the limit, or before the start of the bytes
   */
  need(size: number, what = '', offset: number = this.pos): void {
    const { limit, offset: start } = this.#options;
    const end = offset + size;
    if (offset >= 0 && size >= 0 && end <= this.buffer.length && end - start <= limit) return;
    const path = what === '' || what === this.path ? this.path : `${this.path} (${what})`;
    if (!(offset >= 0 && size >= 0)) throw new RangeError(`${path}: there are no ${size} bytes at offset ${offset}`);
    if (end - start > limit) throw new RangeError(`${path}: needs ${size} bytes at offset ${offset}, beyond the limit of ${limit} bytes`);
    throw new ShortageError(path, { offset, size, have: Math.max(0, this.buffer.length - offset) });
  }

  override readBuffer(length: number): Uint8Array {
    this.need(length);
    const { pos } = this;
    this.pos += length;
    return this.buffer.subarray(pos, pos + length);
  }

  /** The fields and elements that are being decoded, from the outermost. */
  get path(): string {
    const steps = this.#steps.map(({ step }) => (typeof step === 'string' ? `.${step}` : step < 0 ? '' : `[${step}]`));
    return `${this.#options.name}${steps.join('')}`;
  }

  /** Names what is decoded next: a field; -1 is an array, whose elements `next` counts. */
  enter(step: string | number): void {
    if (this.#steps.length >= MAX_DEPTH) throw new RangeError(`${this.#options.name}: nested more than ${MAX_DEPTH} deep`);
    this.#steps.push({ step, start: this.pos });
  }

  /** Goes on to the next element of the array entered last. */
  next(): void {
    const top = this.#steps.at(-1) as { step: number; start: number };
    top.step++;
    top.start = this.pos;
    // Elements that take no bytes never reach the end of them.
    if (top.step > this.#options.limit) throw new RangeError(`${this.path}: more than ${this.#options.limit} elements`);
  }

  /** @throws {ShortageError} when what was entered last passed over more than there is */
  leave(): void {
    const { start } = this.#steps.at(-1) as { start: number };
    this.need(Math.max(0, this.pos - start), '', start);
    this.#steps.pop();
  }
}

// `readUInt16BE` and all the others check for their bytes first.
for (const [name, { value: read }] of Object.entries(Object.getOwnPropertyDescriptors(r.DecodeStream.prototype))) {
  const size = r.DecodeStream.TYPES[/^read(\w+?)(?:[BL]E)?$/.exec(name)?.[1] ?? ''];
  if (size === undefined) continue;
  Object.defineProperty(CheckedStream.prototype, name, {
    value(this: CheckedStream): number {
      this.need(size);
      return read.call(this);
    },
    writable: true,
    configurable: true,
  });
}
