/**
 * Bytes written down as hex.
 * @module
 */

/** The bytes of `bytes('63 82 53 63')`. */
export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(/\s+/).filter(Boolean), (byte) => Number.parseInt(byte, 16));
}

/** Bytes as `63 82 53 63`. */
export function hex(source: Uint8Array): string {
  return Array.from(source, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
