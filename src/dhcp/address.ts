/**
 * Addresses as text and as bytes.
 * @module
 */

const DOT = 46;
const ZERO = 48;

/**
 * Writes an IPv4 address in dotted decimal, as `inet_pton` reads it (RFC 6943, section 3.1.1: exactly four decimal
 * numbers), to four bytes, which stay as they are where it throws.
 * @throws {TypeError} when the text is none
 */
export function parseIPv4(text: string, target: Uint8Array, offset = 0): void {
  let address = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || dots === 3) invalid(text);
      address = (address << 8) | octet;
      dots++;
      octet = 0;
      digits = 0;
    } else {
      const digit = code - ZERO;
      // No leading zeros: some programs read them as octal.
      if (!(digit >= 0 && digit <= 9) || (digits > 0 && octet === 0)) invalid(text);
      octet = octet * 10 + digit;
      if (octet > 255) invalid(text);
      digits++;
    }
  }
  if (dots !== 3 || digits === 0) invalid(text);
  target[offset] = address >> 16;
  target[offset + 1] = address >> 8;
  target[offset + 2] = address;
  target[offset + 3] = octet;
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
