/**
 * restructure: C types as codecs, and the variable-length data that follows a fixed header.
 * @module
 */
export { codec } from './ctype.ts';
export { type Tlv, type TlvCodes, TlvList } from './tlv.ts';
