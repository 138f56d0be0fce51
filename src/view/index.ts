/**
 * Struct views for TypeScript, and the scalar readers and writers that everything above shares.
 * @module
 */
export { BYTES, bytesOf, checkBounds, isView, OFFSET, TYPE, type View } from './accessor.ts';
export { ArrayView, ByteArrayView } from './array.ts';
export { Column, type ColumnArray, type Comparison, targetOf, type WhereOptions } from './column.ts';
export { TypeObject } from './ctype.ts';
export { Cursor } from './cursor.ts';
export { Cdef, cdef, type CdefOptions, type DescribedOptions } from './cdef.ts';
export {
  aligned,
  array,
  be,
  bits,
  bool,
  char,
  type Constants,
  constant,
  Description,
  double,
  enumeration,
  type EnumOptions,
  type Fields,
  float,
  float32,
  float64,
  fn,
  type FunctionOptions,
  int,
  int16,
  int32,
  int64,
  int8,
  intptr,
  le,
  long,
  NODE,
  type Parts,
  pointer,
  prototype,
  ptrdiff,
  type RecordOptions,
  short,
  size,
  struct,
  type Type,
  typedef,
  uint16,
  uint32,
  uint64,
  uint8,
  uintptr,
  union,
} from './declare.ts';
export { declarationsOf } from './declare-text.ts';
export type { FromDescriptions, Viewed } from './declare-types.ts';
export { type Complex, storePointer, Views } from './factory.ts';
export { type BigIntArray, type Loops, loopsOf, type NumberArray, type Source } from './loops.ts';
export { Pointer } from './pointer.ts';
export { RecordView } from './record.ts';
export { bitFieldBytes, bitFieldOf, integerText, type Raw, type Scalar, scalarOf } from './scalar.ts';
export type {
  Byte,
  Declarations,
  HostFunction,
  HostFunctions,
  Incomplete,
  Init,
  Loose,
  NoDeclarations,
  Plain,
  PlainRecord,
  RecordInit,
  UnknownType,
} from './shapes.ts';
export type { FromText, Inferred } from './infer.ts';
export { type BitFieldOffset, type TypeLike, type TypeObjectOf, Types } from './types.ts';
