/**
 * Who a client is: its identifier (option 61) before its hardware address (RFC 2131, section 4.2; RFC 4361).
 * @module
 */
import { hexOf } from './address.ts';
import { OPTION } from './registry.ts';
import { AT, type Request } from './request.ts';
import { portOf } from './subnets.ts';
import type { Client } from './leases/store.ts';
import { withoutControls } from '../util/text.ts';
import { decodeUtf8 } from '../util/utf8.ts';

/** RFC 1035: the longest a name can be. */
const MAX_NAME = 255;

/** The key of a client with this identifier; leases are recorded under it. */
export function keyOfIdentifier(identifier: Uint8Array): string {
  return `id:${hexOf(identifier)}`;
}

/** The key of a client that has only a hardware address, of a type of RFC 1700 (1 for Ethernet). */
export function keyOfHardware(type: number, hardware: Uint8Array): string {
  return keyOfHex(type, hexOf(hardware));
}

function keyOfHex(type: number, hex: string): string {
  return `hw:${type}:${hex}`;
}

/** Null when the message has neither an identifier nor a hardware address. */
export function clientOf(request: Request): Client | null {
  const identifier = request.option(OPTION.clientId);
  const { hardware } = request;
  // RFC 2132, section 9.14: at least two bytes.
  const hasIdentifier = identifier !== null && identifier.length >= 2;
  if (!hasIdentifier && hardware.length === 0) return null;
  const hex = hexOf(hardware);
  const key = hasIdentifier ? keyOfIdentifier(identifier) : keyOfHex(request.bytes[AT.htype] as number, hex);
  const name = request.option(OPTION.hostName);
  const hostName = name === null ? '' : withoutControls(decodeUtf8(name.subarray(0, MAX_NAME)));
  return { key, hardware: hex, hostName, relay: portOf(request) };
}

/** Who sends, for limits: hardware addresses take more to make up than identifiers, where switches watch them. */
export function senderOf({ hardware, key }: Pick<Client, 'hardware' | 'key'>): string {
  return hardware === '' ? key : hardware;
}
