/**
 * restructure: C types as codecs, and the variable-length data that follows a fixed header; from buffers and from streams.
 * @module
 */
export { ShortageError } from '../util/errors.ts';
export { codec } from './ctype.ts';
export { fromRestructure, type FromRestructureOptions } from './fixed.ts';
export { type Decoded, decodeFrom, type DecodeOptions, decodeStream } from './resume.ts';
export { type Tlv, type TlvCodes, TlvList } from './tlv.ts';
export type { Codec, Decoder, FieldsOf, ReadStream, WriteStream } from './types.ts';
