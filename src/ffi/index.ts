/**
 * LuaJIT's ffi, once, for every engine.
 * @module
 */
export type { LuaAdapter, LuaType } from './adapter.ts';
export type { ArithmeticOperator, OrderOperator } from './arith.ts';
export { CData, CTypeObject } from './cdata.ts';
export { Ffi } from './library.ts';
