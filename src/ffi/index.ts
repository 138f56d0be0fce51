/**
 * LuaJIT's ffi, once, for every engine.
 * @module
 */
export type { LuaAdapter, LuaType } from './adapter.ts';
export type { ArithmeticOperator, OrderOperator } from './arith.ts';
export type { ElementAccess, FieldAccess } from './access.ts';
export { bitsOfNumber } from './bit.ts';
export { StringBuffer } from './buffer/bytes.ts';
export type { BufferHost, BufferLibrary } from './buffer/library.ts';
export type { TableAccess } from './buffer/serialize.ts';
export { CData, type CDataClass, CTypeObject } from './cdata.ts';
export { CELL_LIMIT, type Cells } from './cells.ts';
export type { CFunctions, CLibrary, CResult, Machine } from './clibrary.ts';
export { errorText } from './libc/errors.ts';
export { createLibc, type LibcHost } from './libc/index.ts';
export { Ffi } from './library.ts';
export { RecentNames } from './names.ts';
export type {
  Native,
  NativeCallback,
  NativeFunction,
  NativeLibrary,
  NativeScalar,
  NativeSignature,
  NativeStruct,
  NativeType,
  NativeValue,
  VariadicValues,
} from './native.ts';
