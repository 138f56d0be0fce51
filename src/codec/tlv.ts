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

interface Entry {
  readonly code: number;
  readonly data: Uint8Array | undefined;
}

/**
 * A restructure type for such a list: decodes to the options in their order, repeated ones kept apart; encodes them
 * and the end code. Values are views of the decoded bytes, not copies.
 */
export class TlvList extends r.Array<Tlv> {
  readonly #codes: TlvCodes;
  readonly #entry: r.Struct<Entry>;

  constructor(codes: TlvCodes) {
    const isOption = ({ code }: Entry): boolean => code !== codes.pad && code !== codes.end;
    const entry = new r.Struct<Entry>({ code: r.uint8, data: new r.Optional(new r.Buffer(r.uint8), isOption) });
    super(entry as unknown as r.Type<Tlv>);
    this.#codes = codes;
    this.#entry = entry;
  }

  /** @throws {RangeError} when an option is cut off; the message says which, what it needs and what is there */
  override decode(stream: r.DecodeStream, parent?: unknown): Tlv[] {
    const options: Tlv[] = [];
    while (stream.pos < stream.length) {
      const start = stream.pos;
      const code = stream.buffer[start] as number;
      if (code === this.#codes.end) {
        stream.pos++;
        break;
      }
      if (code === this.#codes.pad) {
        stream.pos++;
        continue;
      }
      const size = 2 + (stream.buffer[start + 1] ?? 0);
      if (start + size > stream.length) {
        throw new RangeError(`option ${code}: needs ${size} bytes at offset ${start}, have ${stream.length - start}`);
      }
      const { data } = this.#entry.decode(stream, parent);
      options.push({ code, data: data as Uint8Array });
    }
    return options;
  }

  /** @throws {RangeError} when a value is longer than its length byte can say */
  override encode(stream: r.EncodeStream, options: Tlv[], parent?: unknown): void {
    for (const option of options) {
      if (option.data.length > 255) throw new RangeError(`option ${option.code}: ${option.data.length} bytes do not fit 255`);
      this.#entry.encode(stream, option, parent);
    }
    r.uint8.encode(stream, this.#codes.end);
  }

  override size(options?: Tlv[] | null): number {
    return (options ?? []).reduce((sum, option) => sum + 2 + option.data.length, 1);
  }
}
