/**
 * C structs for JavaScript: declarations, exact layouts, zero-copy views.
 * @module
 */
export { CdefError, FfiError, LuaError, LuaSyntaxError, MemoryAccessError } from './util/errors.ts';
export type { Position } from './util/source.ts';
export {
  ArrayView,
  type BitFieldOffset,
  ByteArrayView,
  Cdef,
  cdef,
  type CdefOptions,
  type Complex,
  type HostFunction,
  Pointer,
  RecordView,
  type TypeLike,
  TypeObject,
} from './view/index.ts';
