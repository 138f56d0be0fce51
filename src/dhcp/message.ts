/**
 * A DHCP message as a whole: the fixed header of RFC 2131 as a view, the options behind it decoded.
 * @module
 */
import * as r from 'restructure';
import { codec, type Tlv } from '../codec/index.ts';
import type { Cdef, TypeObject, View } from '../view/index.ts';
import { MESSAGE_TYPE, optionList } from './options.ts';

/** A view of `struct dhcp_msg`, the header; its other fields are arrays. */
export interface DhcpMsg extends View {
  op: number;
  htype: number;
  hlen: number;
  hops: number;
  xid: number;
  secs: number;
  flags: number;
}

/** A view of `struct dhcp_packet`: the header, and what tells that options follow. */
export interface DhcpPacket extends DhcpMsg {
  cookie: number;
}

/** A decoded message. `packet` and the options' values share the bytes they were decoded from. */
export interface Message {
  readonly packet: DhcpPacket;
  readonly options: readonly Tlv[];
}

/** Decodes DHCP messages; `cdef` declares `struct dhcp_packet` as `cdefs/dhcp.h` does. */
export class MessageDecoder {
  readonly #packet: TypeObject;
  readonly #message: r.Struct<{ packet: DhcpPacket; options: Tlv[] }>;
  readonly #cookie: number;

  constructor(cdef: Cdef) {
    this.#packet = cdef.typeof('struct dhcp_packet');
    this.#message = new r.Struct({ packet: codec(this.#packet), options: optionList });
    this.#cookie = cdef.C['DHCP_COOKIE'] as number;
  }

  /**
   * @returns null for BOOTP messages without DHCP's cookie
   * @throws {RangeError} when the message or one of its options is cut off
   */
  decode(bytes: Uint8Array): Message | null {
    if (this.#packet.view(bytes).cookie !== this.#cookie) return null;
    const { packet, options } = this.#message.decode(new r.DecodeStream(bytes));
    return { packet, options };
  }

  /** The DHCP message type (option 53); 0 for BOOTP, and for what is malformed. */
  typeOf(bytes: Uint8Array): number {
    try {
      const option = this.decode(bytes)?.options.find(({ code }) => code === MESSAGE_TYPE);
      return option?.data.length === 1 ? (option.data[0] as number) : 0;
    } catch (error) {
      if (error instanceof RangeError) return 0;
      throw error;
    }
  }
}
