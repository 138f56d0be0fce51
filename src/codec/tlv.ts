/**
 * Lists of code, length, value, as DHCP options, DHCPv4 relay information and many other protocols have them
 * (RFC 2132, section 2): one byte each for code and length, a pad code without a length, an end code.
 * @module
 */
import * as r from 'restructure';

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
 * and the end code. Values are views of the decoded bytes, not copies.
 */
export class TlvList extends r.Array<Tlv> {
  readonly #codes: TlvCodes;

  constructor(codes: TlvCodes) {
    super(new r.Struct<Tlv>({ code: r.uint8, data: new r.Buffer(r.uint8) }));
    this.#codes = codes;
  }

  /** @throws {RangeError} when an option is cut off; the message says which, what it needs and what is there */
  override decode(stream: r.DecodeStream): Tlv[] {
    const options: Tlv[] = [];
    while (stream.pos < stream.length) {
      const start = stream.pos;
      const code = r.uint8.decode(stream);
      if (code === this.#codes.end) break;
      if (code === this.#codes.pad) continue;
      const size = 2 + (stream.buffer[start + 1] ?? 0);
      if (start + size > stream.length) {
        throw new RangeError(`option ${code}: needs ${size} bytes at offset ${start}, have ${stream.length - start}`);
      }
      // By hand: restructure copies the values of a plain Uint8Array, and an `r.Struct` costs more than all the rest.
      options.push({ code, data: stream.buffer.subarray(start + 2, start + size) });
      stream.pos = start + size;
    }
    return options;
  }

  /** @throws {RangeError} when a value is longer than its length byte can say */
  override encode(stream: r.EncodeStream, options: Tlv[]): void {
    for (const option of options) {
      if (option.data.length > 255) throw new RangeError(`option ${option.code}: ${option.data.length} bytes do not fit 255`);
      this.type.encode(stream, option);
    }
    r.uint8.encode(stream, this.#codes.end);
  }

  override size(options?: Tlv[] | null): number {
    return (options ?? []).reduce((sum, option) => sum + 2 + option.data.length, 1);
  }
}
