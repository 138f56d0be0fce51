/**
 * What users get of structs, whether these are declared in C or in TypeScript.
 * @module
 */
export { ArrayView, ByteArrayView } from './array.ts';
export type { DescribedOptions } from './cdef.ts';
export { Column, type ColumnArray, type Comparison, type WhereOptions } from './column.ts';
export { TypeObject } from './ctype.ts';
export { Cursor } from './cursor.ts';
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
export type { FromDescriptions, Viewed } from './declare-types.ts';
export type { Complex } from './factory.ts';
export type { BigIntArray, NumberArray } from './loops.ts';
export { Pointer } from './pointer.ts';
export { RecordView } from './record.ts';
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
export type { BitFieldOffset, TypeLike, TypeObjectOf, Types } from './types.ts';
