/**
 * Structs declared in TypeScript, with their layouts and views: all of `cdef` but C text and Lua, in half the code.
 *
 * What is described here is understood by `cdef` too: `cdef(description)` of either entry.
 * @module
 */
import { type AbiName, Scope } from '../ctype/index.ts';
import type { DescribedOptions } from './cdef.ts';
import type { Description } from './declare.ts';
import type { FromDescriptions } from './declare-types.ts';
import { declared, type OneOf, Types } from './types.ts';

/**
 * Declares what is described, and returns the object to use it through. It takes names of types, as in
 * `typeof('struct point')`, where `cdef` takes all that C can write.
 * @throws {TypeError} when the declarations do not fit together; the message names type and member
 * @throws {RangeError} for numbers that C does not take there, such as the width of a bit-field
 * @example
 * import { be, cdef, struct, uint16, uint32 } from 'cdef/struct';
 * const header = struct('header', { kind: uint16, id: be(uint32) }, { packed: true });
 * const bytes = new Uint8Array([1, 0, 0, 0, 0, 5]);
 * cdef(header).typeof(header).view(bytes).id; // 5
 */
export function cdef<const T extends Description | readonly Description[], A extends AbiName = 'x86_64-linux-gnu'>(
  descriptions: T,
  options?: DescribedOptions<FromDescriptions<OneOf<T>, A>> & { readonly abi?: A },
): Types<FromDescriptions<OneOf<T>, A>>;
export function cdef(descriptions: Description | readonly Description[], options: DescribedOptions = {}): Types {
  if (typeof descriptions === 'string') throw new TypeError("cdef: expected descriptions, got C text, which is for the entry 'cdef'");
  const types: Types = new Types(new Scope(options.abi, options), options);
  return declared(types, descriptions, options);
}

export { MemoryAccessError } from '../util/errors.ts';
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
