/**
 * UTF-8 in both directions. The classes are in every browser and in Node, but in no ECMAScript library of types.
 * @module
 */
interface Encodings {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string };
}

const { TextEncoder, TextDecoder } = globalThis as unknown as Encodings;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
const STRICT_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeUtf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** Bytes as text; what is no UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return DECODER.decode(unshared(bytes));
}

/** Bytes as text; null when they are not all UTF-8. */
export function decodeStrictUtf8(bytes: Uint8Array): string | null {
  try {
    return STRICT_DECODER.decode(unshared(bytes));
  } catch {
    return null;
  }
}

// Decoders refuse memory that other threads could change meanwhile.
function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}
