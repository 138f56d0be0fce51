/**
 * DHCP options (RFC 2132): names, and values as people read them.
 * @module
 */
import { withoutControls } from '../util/text.ts';
import { decodeUtf8 } from '../util/utf8.ts';
import { type Tlv, TlvList } from '../codec/index.ts';
import { formatIPv4, formatHardware } from './address.ts';

/** Codes with a meaning of their own in the list (RFC 2132, sections 3.1 and 3.2). */
export const optionList: TlvList = new TlvList({ pad: 0, end: 255 });

/** Message types (RFC 2132, section 9.6), by number. */
export const messageTypes: readonly string[] = ['BOOTP', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM'];

/** The option that holds the message type. */
export const MESSAGE_TYPE = 53;

type Format = 'address' | 'addresses' | 'seconds' | 'number' | 'text' | 'codes' | 'type' | 'hardware';

// Code to name and format; sections 3 to 9 of RFC 2132, RFC 3046 (82), RFC 4702 (81).
const OPTIONS: ReadonlyMap<number, readonly [string, Format]> = new Map([
  [1, ['subnet mask', 'address']],
  [2, ['time offset', 'number']],
  [3, ['router', 'addresses']],
  [6, ['dns', 'addresses']],
  [12, ['host name', 'text']],
  [15, ['domain', 'text']],
  [26, ['mtu', 'number']],
  [28, ['broadcast', 'address']],
  [33, ['static routes', 'addresses']],
  [42, ['ntp', 'addresses']],
  [44, ['netbios servers', 'addresses']],
  [50, ['requested address', 'address']],
  [51, ['lease', 'seconds']],
  [53, ['type', 'type']],
  [54, ['server', 'address']],
  [55, ['wants', 'codes']],
  [56, ['message', 'text']],
  [57, ['max size', 'number']],
  [58, ['renew', 'seconds']],
  [59, ['rebind', 'seconds']],
  [60, ['vendor', 'text']],
  [61, ['client id', 'hardware']],
  [66, ['tftp server', 'text']],
  [67, ['boot file', 'text']],
  [81, ['fqdn', 'hardware']],
  [82, ['relay', 'hardware']],
  [119, ['search', 'hardware']],
  [121, ['routes', 'hardware']],
]);

function bigEndian(data: Uint8Array): number {
  return data.reduce((sum, byte) => sum * 256 + byte, 0);
}

function printable(data: Uint8Array): string {
  return withoutControls(JSON.stringify(decodeUtf8(data)));
}

function formatValue(format: Format, data: Uint8Array): string {
  switch (format) {
    case 'address':
    case 'addresses': {
      if (data.length === 0 || data.length % 4 !== 0) return formatHardware(data);
      const addresses: string[] = [];
      for (let at = 0; at < data.length; at += 4) addresses.push(formatIPv4(data, at));
      return addresses.join(' ');
    }
    case 'seconds':
      return data.length === 4 ? `${bigEndian(data)} s` : formatHardware(data);
    case 'number':
      return data.length <= 4 ? String(bigEndian(data)) : formatHardware(data);
    case 'text':
      return printable(data);
    case 'codes':
      return Array.from(data).join(' ');
    case 'type':
      return messageTypes[data[0] ?? -1] ?? formatHardware(data);
    case 'hardware':
      return formatHardware(data);
  }
}

/** An option as `name value`. */
export function formatOption({ code, data }: Tlv): string {
  const [name, format] = OPTIONS.get(code) ?? [`option ${code}`, 'hardware' as const];
  return `${name} ${formatValue(format, data)}`;
}
