/**
 * What restructure types and streams are, as far as this library's are concerned. restructure has no types of its own; these
 * keep the public ones free of it.
 * @module
 */

/** restructure's `DecodeStream`. */
export interface ReadStream {
  readonly buffer: Uint8Array;
  readonly length: number;
  /** Byte that is read next. */
  pos: number;
}

/** restructure's `EncodeStream`. */
export interface WriteStream {
  /** Byte that is written next. */
  pos: number;
  writeBuffer(bytes: Uint8Array): void;
}

/** The part of a restructure type that reads. */
export interface Decoder<T> {
  decode(stream: ReadStream, parent?: unknown): T;
}

/** A restructure type: a field of any `r.Struct`, or used by itself. `I` is what it encodes. */
export interface Codec<T, I = T> extends Decoder<T> {
  encode(stream: WriteStream, value: I, parent?: unknown): void;
  /** Bytes of an encoded value. */
  size(value?: I | null, parent?: unknown): number;
  fromBuffer(bytes: Uint8Array): T;
  toBuffer(value: I): Uint8Array;
}

/** Fields for restructure: types, or functions that compute a value from the struct so far and take no bytes. */
export type FieldsOf<T, Parent> = { readonly [K in keyof T]: Decoder<T[K]> | ((parent: Parent) => T[K]) };
