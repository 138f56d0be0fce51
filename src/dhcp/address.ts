/**
 * Addresses as text and as bytes.
 * @module
 */

/**
 * Writes an IPv4 address in dotted decimal, as `inet_pton` reads it (RFC 6943, section 3.1.1: exactly four decimal
 * numbers), to four bytes, which stay as they are where it throws.
 * @throws {TypeError} when the text is none
 */
export function parseIPv4(text: string, target: Uint8Array, offset = 0): void {
  let address = 0;
  let octet = 0;
  let digits = 0;
  let index = 0;
  for (let i = 0; i <= text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      octet = octet * 10 + digit;
      // No leading zeros: some programs read them as octal.
      if (++digits > 3 || octet > 255 || (digits > 1 && octet < 10)) invalid(text);
    } else {
      const isSeparator = i === text.length ? index === 3 : text[i] === '.' && index < 3;
      if (!isSeparator || digits === 0) invalid(text);
      address = (address << 8) | octet;
      index++;
      octet = 0;
      digits = 0;
    }
  }
  for (let i = 0; i < 4; i++) target[offset + i] = address >>> (24 - 8 * i);
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
