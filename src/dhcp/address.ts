/**
 * Addresses as text and as bytes.
 * @module
 */

const DOT = 46;
const ZERO = 48;
/** Of '255.255.255.255'. */
const LONGEST = 15;

/**
 * Writes an IPv4 address in dotted decimal, as `inet_pton` reads it (RFC 6943, section 3.1.1: exactly four decimal
 * numbers), to four bytes, which stay as they are where it throws.
 * @throws {TypeError} when the text is none
 */
export function parseIPv4(text: string, target: Uint8Array, offset = 0): void {
  const { length } = text;
  if (length > LONGEST) invalid(text);
  let address = 0;
  let at = 0;
  for (let dots = 0; dots < 4; dots++) {
    if (dots > 0 && text.charCodeAt(at++) !== DOT) invalid(text);
    let octet = text.charCodeAt(at++) - ZERO;
    if (!isDigit(octet)) invalid(text);
    // No leading zeros: some programs read them as octal. Not a loop, which takes half as long again.
    if (octet > 0 && at < length) {
      const second = text.charCodeAt(at) - ZERO;
      if (isDigit(second)) {
        octet = octet * 10 + second;
        at++;
        const third = at < length ? text.charCodeAt(at) - ZERO : -1;
        if (isDigit(third)) {
          octet = octet * 10 + third;
          at++;
        }
      }
    }
    if (octet > 255) invalid(text);
    address = (address << 8) | octet;
  }
  if (at < length) invalid(text);
  target[offset] = address >> 24;
  target[offset + 1] = address >> 16;
  target[offset + 2] = address >> 8;
  target[offset + 3] = address;
}

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}

function invalid(text: string): never {
  throw new TypeError(`'${text.slice(0, 40)}' is no IPv4 address`);
}

/** Four bytes in dotted decimal. */
export function formatIPv4(bytes: Uint8Array, offset = 0): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as two hex digits each. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i] as number];
  return text;
}

/** The same, separated by colons. */
export function formatHardware(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (i === 0 ? '' : ':') + HEX[bytes[i] as number];
  return text;
}

/** An address as a number, 0xc0000201, in dotted decimal. */
export function formatAddress(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/**
 * An address in dotted decimal as a number.
 * @throws {TypeError} when the text is none
 */
export function numberOfAddress(text: string): number {
  const bytes = new Uint8Array(4);
  parseIPv4(text, bytes);
  return new DataView(bytes.buffer).getUint32(0);
}
