/**
 * DHCP messages for tests: made from their parts, and read back.
 * @module
 */
import { parseIPv4 } from '../../src/dhcp/address.ts';
import { decodeOption, type OptionValue } from '../../src/dhcp/values.ts';
import { optionOf } from '../../src/dhcp/registry.ts';
import { addressAt, AT } from '../../src/dhcp/request.ts';

/** What a message is made of; the rest is zero. */
export interface MessageParts {
  readonly type?: number;
  readonly mac?: string;
  readonly xid?: number;
  readonly flags?: number;
  readonly ciaddr?: string;
  readonly giaddr?: string;
  /** By code, after the message type. */
  readonly options?: readonly (readonly [number, ArrayLike<number>])[];
  readonly hops?: number;
}

/** Text as a number, '192.0.2.1' to 0xc0000201. */
export function ip(text: string): number {
  const bytes = new Uint8Array(4);
  parseIPv4(text, bytes);
  return addressAt(bytes, 0);
}

export function ipBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(4);
  parseIPv4(text, bytes);
  return bytes;
}

/** A client's message. */
export function message(parts: MessageParts): Uint8Array {
  const { type, mac = '02:00:00:00:00:01', xid = 0x12345678, flags = 0, ciaddr, giaddr, options = [], hops = 0 } = parts;
  const all = [...(type === undefined ? [] : [[53, [type]] as const]), ...options];
  const tail = [0x63, 0x82, 0x53, 0x63, ...all.flatMap(([code, data]) => [code, data.length, ...Array.from(data)]), 255];
  const bytes = new Uint8Array(Math.max(300, AT.cookie + tail.length));
  const hardware = mac
    .split(':')
    .filter(Boolean)
    .map((digits) => Number.parseInt(digits, 16));
  bytes.set([1, 1, hardware.length, hops, xid >>> 24, xid >>> 16, xid >>> 8, xid, 0, 0, flags >> 8, flags]);
  if (ciaddr !== undefined) parseIPv4(ciaddr, bytes, AT.ciaddr);
  if (giaddr !== undefined) parseIPv4(giaddr, bytes, AT.giaddr);
  bytes.set(hardware, AT.chaddr);
  bytes.set(tail, AT.cookie);
  return bytes;
}

/** A reply's options as values by name, in their order; parts in `file` and `sname` follow. */
export function optionsIn(bytes: Uint8Array): Record<string, OptionValue> {
  const parts: Map<number, number[]> = new Map();
  const read = (start: number, end: number): void => {
    for (let at = start; at < end; ) {
      const code = bytes[at] as number;
      if (code === 255) return;
      if (code === 0) {
        at++;
        continue;
      }
      const size = bytes[at + 1] as number;
      parts.set(code, [...(parts.get(code) ?? []), ...bytes.subarray(at + 2, at + 2 + size)]);
      at += 2 + size;
    }
    throw new Error('no end option');
  };
  read(AT.options, bytes.length);
  const overload = parts.get(52)?.[0] ?? 0;
  if ((overload & 1) !== 0) read(AT.file, AT.cookie);
  if ((overload & 2) !== 0) read(AT.sname, AT.file);
  return Object.fromEntries([...parts].map(([code, data]) => [optionOf(code).name, decodeOption(optionOf(code), Uint8Array.from(data))]));
}
