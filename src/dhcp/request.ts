/**
 * A DHCP message as it arrives: the header of RFC 2131, figure 1, and an index of the options behind it. Nothing in it can be
 * trusted; what is malformed is refused as a whole.
 * @module
 */
import { OPTION } from './registry.ts';

/** Where things stand in a message; `struct dhcp_packet` of `cdefs/dhcp.h` has the same offsets, and a test compares them. */
export const AT = {
  op: 0,
  htype: 1,
  hlen: 2,
  hops: 3,
  xid: 4,
  secs: 8,
  flags: 10,
  ciaddr: 12,
  yiaddr: 16,
  siaddr: 20,
  giaddr: 24,
  chaddr: 28,
  sname: 44,
  file: 108,
  cookie: 236,
  options: 240,
} as const;

const BOOTREQUEST = 1;
const COOKIE = 0x63825363;
const BROADCAST = 0x8000;
/** Clients send some hundred bytes. Joining an option of thousands of parts, which longer ones could have, would take long. */
const MAX_SIZE = 4096;
/** RFC 2131, figure 1: the field has 16 bytes. */
const MAX_HARDWARE = 16;
const PAD = 0;
const END = 255;

/** Why a datagram is no message that a server has to look at. */
export class MalformedMessage extends RangeError {
  override readonly name = 'MalformedMessage';
}

/** Four bytes as an unsigned number. */
export function addressAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}

/** A message from a client; shares the datagram's bytes. */
export class Request {
  readonly bytes: Uint8Array;
  /** Option 53; 0 for plain BOOTP. */
  readonly type: number;
  readonly hasOptions: boolean;
  readonly giaddr: number;
  readonly ciaddr: number;
  // A code, and where the option's length stands, in turn: clients send some ten options, for which a table of all codes
  // takes longer to make than these to search. Options in several parts are in `#joined`.
  readonly #places: number[] = [];
  #joined: Map<number, Uint8Array> | null = null;

  /** @throws {MalformedMessage} when it is no request, or its header or an option is cut off or malformed */
  constructor(bytes: Uint8Array) {
    if (bytes.length > MAX_SIZE) throw new MalformedMessage(`${bytes.length} bytes are too long for a message`);
    if (bytes.length < AT.cookie) throw new MalformedMessage(`${bytes.length} bytes are too short for a message`);
    if (bytes[AT.op] !== BOOTREQUEST) throw new MalformedMessage(`op ${bytes[AT.op]} is no request`);
    if ((bytes[AT.hlen] as number) > MAX_HARDWARE) throw new MalformedMessage(`hardware address of ${bytes[AT.hlen]} bytes`);
    this.bytes = bytes;
    this.giaddr = addressAt(bytes, AT.giaddr);
    this.ciaddr = addressAt(bytes, AT.ciaddr);
    this.hasOptions = bytes.length >= AT.options && addressAt(bytes, AT.cookie) === COOKIE;
    if (this.hasOptions) this.#indexOptions();
    const type = this.option(OPTION.messageType);
    if (type !== null && (type.length !== 1 || type[0] === 0 || (type[0] as number) > 8))
      throw new MalformedMessage('unknown message type');
    this.type = type === null ? 0 : (type[0] as number);
  }

  get isBroadcast(): boolean {
    return (((this.bytes[AT.flags] as number) << 8) & BROADCAST) !== 0;
  }

  /** Bytes of `chaddr` that count. */
  get hardware(): Uint8Array {
    return this.bytes.subarray(AT.chaddr, AT.chaddr + (this.bytes[AT.hlen] as number));
  }

  /** An option's bytes, its parts joined (RFC 3396); null where it is absent. */
  option(code: number): Uint8Array | null {
    const at = this.#placeOf(code);
    if (at === 0) return null;
    const joined = this.#joined?.get(code);
    if (joined !== undefined) return joined;
    return this.bytes.subarray(at + 1, at + 1 + (this.bytes[at] as number));
  }

  has(code: number): boolean {
    return this.#placeOf(code) !== 0;
  }

  // 0 for absent.
  #placeOf(code: number): number {
    const places = this.#places;
    for (let i = 0; i < places.length; i += 2) if (places[i] === code) return places[i + 1] as number;
    return 0;
  }

  /** An option of four bytes as a number; null where it is absent or has another length. */
  number32(code: number): number | null {
    const at = this.#placeOf(code);
    return at === 0 || this.bytes[at] !== 4 ? null : addressAt(this.bytes, at + 1);
  }

  /** Codes of the options that are there. */
  *codes(): Generator<number> {
    for (let code = 1; code < END; code++) if (this.has(code)) yield code;
  }

  #indexOptions(): void {
    this.#indexField(AT.options, this.bytes.length, 'options');
    const overload = this.option(OPTION.overload);
    if (overload === null) return;
    const [fields] = overload;
    if (overload.length !== 1 || fields === undefined || fields < 1 || fields > 3) throw new MalformedMessage('malformed option overload');
    // RFC 3396, section 5: the order in which parts are joined. An overload option in there means nothing.
    if ((fields & 1) !== 0) this.#indexField(AT.file, AT.cookie, 'file');
    if ((fields & 2) !== 0) this.#indexField(AT.sname, AT.file, 'sname');
  }

  // The end of the field ends the list as well: some clients leave the end option out.
  #indexField(start: number, end: number, field: string): void {
    const { bytes } = this;
    for (let at = start; at < end; ) {
      const code = bytes[at] as number;
      if (code === END) return;
      if (code === PAD) {
        at++;
        continue;
      }
      const next = at + 2 + (bytes[at + 1] ?? 0);
      if (at + 1 >= end || next > end) throw new MalformedMessage(`option ${code} at byte ${at} of ${field} is cut off`);
      if (!this.has(code)) this.#places.push(code, at + 1);
      else this.#join(code, bytes.subarray(at + 2, next));
      at = next;
    }
  }

  #join(code: number, part: Uint8Array): void {
    const before = this.option(code) as Uint8Array;
    const whole = new Uint8Array(before.length + part.length);
    whole.set(before);
    whole.set(part, before.length);
    this.#joined ??= new Map();
    this.#joined.set(code, whole);
  }
}
