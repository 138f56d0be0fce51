/**
 * A DHCP message as it leaves: the header made from the request's (RFC 2131, table 3), options in an order that clients like,
 * split where they are long (RFC 3396), in `file` and `sname` where the rest is full (option 52).
 * @module
 */
import { OPTION } from './registry.ts';
import { AT, type Request } from './request.ts';

const BOOTREPLY = 2;
const COOKIE = [0x63, 0x82, 0x53, 0x63];
/** RFC 951 and RFC 1542, section 2.1: BOOTP messages have 300 bytes; some clients and relays drop shorter ones. */
const MIN_SIZE = 300;
/** RFC 2131, section 2: every client takes IP datagrams of 576 bytes. */
const MIN_DATAGRAM = 576;
const IP_AND_UDP = 28;
/** What a datagram on Ethernet carries; larger ones would be cut into fragments. */
const MAX_DATAGRAM = 1500;
const END = 255;

// Always first, in this order; the relay's option is always last (RFC 3046, section 2.1).
const FIRST: readonly number[] = [OPTION.messageType, OPTION.serverId, OPTION.leaseTime];

/** A reply that is being made. */
export class Reply {
  readonly request: Request;
  yiaddr = 0;
  siaddr = 0;
  ciaddr = 0;
  /** Text for the fields `sname` and `file`, as bytes; without a NUL. */
  serverName: Uint8Array | null = null;
  bootFile: Uint8Array | null = null;
  /** Sets the broadcast flag, whether or not the client did (RFC 2131, table 3: NAK through a relay). */
  isBroadcast = false;
  // Two lists: for some ten options these are faster than a map.
  readonly #codes: number[] = [];
  readonly #values: Uint8Array[] = [];

  constructor(request: Request) {
    this.request = request;
  }

  set(code: number, value: Uint8Array): void {
    const at = this.#codes.indexOf(code);
    if (at >= 0) this.#values[at] = value;
    else {
      this.#codes.push(code);
      this.#values.push(value);
    }
  }

  /** An option's bytes; undefined where it has not been set. */
  get(code: number): Uint8Array | undefined {
    const at = this.#codes.indexOf(code);
    return at < 0 ? undefined : this.#values[at];
  }

  /** Codes of the options that have been set. */
  get codes(): readonly number[] {
    return this.#codes;
  }

  /** Four bytes in network order: an address, or seconds. */
  setNumber32(code: number, value: number): void {
    this.set(code, bytesOf(value));
  }

  /**
   * The message's bytes, at least 300. What does not fit the size that the client accepts (option 57) is left out, the least wanted first:
   * options that the client did not ask for, then those it asked for last.
   */
  encode(): Uint8Array {
    const { request } = this;
    const limit = sizeLimit(request);
    // Of Node's pool: memory of its own for each reply takes longer than the rest of it.
    const bytes = Buffer.allocUnsafe(limit).fill(0);
    this.#header(bytes);
    const relay = this.get(OPTION.relayAgent);
    const relaySize = relay === undefined ? 0 : sizeOf(relay);
    const main = new Field(bytes, AT.options, limit - relaySize - 1);
    const late: number[] = [];
    const order = this.#order();
    // Three bytes for option 52, in case it is needed.
    main.end -= 3;
    for (const code of order) if (!main.write(code, this.get(code) as Uint8Array)) late.push(code);
    main.end += 3;
    if (late.length > 0) this.#overload(bytes, main, late);
    if (relay !== undefined) {
      main.end += relaySize;
      main.write(OPTION.relayAgent, relay);
    }
    bytes[main.at++] = END;
    return bytes.subarray(0, Math.max(main.at, MIN_SIZE));
  }

  #header(bytes: Buffer): void {
    const from = this.request.bytes;
    bytes.set(from.subarray(0, AT.sname));
    bytes[AT.op] = BOOTREPLY;
    bytes[AT.hops] = 0;
    bytes[AT.secs] = 0;
    bytes[AT.secs + 1] = 0;
    if (this.isBroadcast) bytes[AT.flags] = (bytes[AT.flags] as number) | 0x80;
    bytes.writeUInt32BE(this.ciaddr, AT.ciaddr);
    bytes.writeUInt32BE(this.yiaddr, AT.yiaddr);
    bytes.writeUInt32BE(this.siaddr, AT.siaddr);
    if (this.serverName !== null) bytes.set(this.serverName.subarray(0, AT.file - AT.sname - 1), AT.sname);
    if (this.bootFile !== null) bytes.set(this.bootFile.subarray(0, AT.cookie - AT.file - 1), AT.file);
    bytes.set(COOKIE, AT.cookie);
  }

  // The client's order of wishes (RFC 2132, section 9.8), then the rest.
  #order(): number[] {
    const order: number[] = [];
    const add = (code: number): void => {
      if (code !== OPTION.relayAgent && this.#codes.includes(code) && !order.includes(code)) order.push(code);
    };
    for (const code of FIRST) add(code);
    for (const code of this.request.option(OPTION.parameterList) ?? []) add(code);
    for (const code of this.#codes) add(code);
    return order;
  }

  #overload(bytes: Uint8Array, main: Field, late: number[]): void {
    let used = 0;
    let left = late;
    const fields: [number, number, number, Uint8Array | null][] = [
      [1, AT.file, AT.cookie, this.bootFile],
      [2, AT.sname, AT.file, this.serverName],
    ];
    for (const [bit, start, end, text] of fields) {
      if (text !== null) continue;
      const field = new Field(bytes, start, end - 1);
      left = left.filter((code) => !field.write(code, this.get(code) as Uint8Array));
      if (field.at === start) continue;
      bytes[field.at] = END;
      used |= bit;
    }
    if (used !== 0) main.write(OPTION.overload, Uint8Array.of(used));
  }
}

// A stretch of bytes that options are written to.
class Field {
  readonly #bytes: Uint8Array;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  // False when it does not fit; then nothing is written.
  write(code: number, value: Uint8Array): boolean {
    if (this.at + sizeOf(value) > this.end) return false;
    const bytes = this.#bytes;
    let { at } = this;
    let start = 0;
    do {
      const end = Math.min(start + 255, value.length);
      bytes[at++] = code;
      bytes[at++] = end - start;
      // Values are short: a loop is faster than a view and a copy.
      for (let i = start; i < end; i++) bytes[at++] = value[i] as number;
      start = end;
    } while (start < value.length);
    this.at = at;
    return true;
  }
}

// With code and length, of each part.
function sizeOf(value: Uint8Array): number {
  return value.length + 2 * Math.max(1, Math.ceil(value.length / 255));
}

function bytesOf(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function sizeLimit(request: Request): number {
  const asked = request.option(OPTION.maxMessageSize);
  const size = asked?.length === 2 ? ((asked[0] as number) << 8) | (asked[1] as number) : MIN_DATAGRAM;
  return Math.min(Math.max(size, MIN_DATAGRAM), MAX_DATAGRAM) - IP_AND_UDP;
}
