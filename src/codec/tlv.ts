/**
 * Lists of code, length, value, as DHCP options, DHCPv4 relay information and many other protocols have them
 * (RFC 2132, section 2): one byte each for code and length, a pad code without a length, an end code.
 * @module
 */
import * as r from 'restructure';
import { CheckedStream } from './stream.ts';
import type { Codec, ReadStream, WriteStream } from './types.ts';

/** One option: its code and its value's bytes. */
export interface Tlv {
  readonly code: number;
  readonly data: Uint8Array;
}

/** Codes with a meaning for the list itself. */
export interface TlvCodes {
  /** Fills space; has neither length nor value. */
  readonly pad: number;
  /** Ends the list; what follows is not read. */
  readonly end: number;
}

/**
 * A restructure type for such a list: decodes to the options in their order, repeated ones kept apart; encodes them
 * and the end code. Values are views of the decoded bytes, not copies. The end of the bytes ends the list as well.
 */
export class TlvList implements Codec<Tlv[]> {
  readonly #codes: TlvCodes;

  constructor(codes: TlvCodes) {
    this.#codes = codes;
  }

  /** @throws {RangeError} when an option is cut off; the message says which, what it needs and what is there */
  decode(stream: ReadStream): Tlv[] {
    const { buffer } = stream;
    const options: Tlv[] = [];
    while (stream.pos < stream.length) {
      const start = stream.pos;
      need(stream, 1, 'options');
      const code = buffer[start] as number;
      if (code === this.#codes.end || code === this.#codes.pad) {
        stream.pos = start + 1;
        if (code === this.#codes.end) break;
        continue;
      }
      const size = 2 + (buffer[start + 1] ?? 0);
      need(stream, size, `option ${code}`);
      options.push({ code, data: buffer.subarray(start + 2, start + size) });
      stream.pos = start + size;
    }
    return options;
  }

  /** @throws {RangeError} when a value is longer than its length byte can say */
  encode(stream: WriteStream, options: Tlv[]): void {
    for (const { code, data } of options) {
      if (data.length > 255) throw new RangeError(`option ${code}: ${data.length} bytes do not fit 255`);
      stream.writeBuffer(Uint8Array.of(code, data.length));
      stream.writeBuffer(data);
    }
    stream.writeBuffer(Uint8Array.of(this.#codes.end));
  }

  size(options?: Tlv[] | null): number {
    return (options ?? []).reduce((sum, option) => sum + 2 + option.data.length, 1);
  }

  fromBuffer(bytes: Uint8Array): Tlv[] {
    return this.decode(new r.DecodeStream(bytes));
  }

  toBuffer(options: Tlv[]): Uint8Array {
    const bytes = new Uint8Array(this.size(options));
    this.encode(new r.EncodeStream(bytes), options);
    return bytes;
  }
}

function need(stream: ReadStream, size: number, what: string): void {
  if (stream instanceof CheckedStream) {
    stream.need(size, what);
    return;
  }
  const have = stream.length - stream.pos;
  if (size > have) throw new RangeError(`${what}: needs ${size} bytes at offset ${stream.pos}, have ${have}`);
}
