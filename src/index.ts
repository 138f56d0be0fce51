/**
 * C structs for JavaScript: declarations, exact layouts, zero-copy views.
 * @module
 */
export { CdefError, FfiError, LuaError, LuaSyntaxError, MemoryAccessError } from './util/errors.ts';
export type { Position } from './util/source.ts';
export {
  ArrayView,
  type BigIntArray,
  type BitFieldOffset,
  type Byte,
  ByteArrayView,
  Cdef,
  cdef,
  type CdefOptions,
  Column,
  type ColumnArray,
  type Comparison,
  type Complex,
  type Declarations,
  type FromText,
  type HostFunction,
  type HostFunctions,
  type Incomplete,
  type Inferred,
  type Init,
  type Loose,
  type NoDeclarations,
  type NumberArray,
  type Plain,
  type PlainRecord,
  Pointer,
  type RecordInit,
  RecordView,
  type TypeLike,
  TypeObject,
  type TypeObjectOf,
  type UnknownType,
  type WhereOptions,
} from './view/index.ts';
