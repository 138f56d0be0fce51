/**
 * Struct views for TypeScript, and the scalar readers and writers that everything above shares.
 * @module
 */
export { BYTES, bytesOf, checkBounds, isView, OFFSET, TYPE, type View } from './accessor.ts';
export { Cdef, cdef, type CdefOptions } from './cdef.ts';
export { targetOf } from './column.ts';
export { NODE } from './declare.ts';
export { declarationsOf } from './declare-text.ts';
export { storePointer, Views } from './factory.ts';
export type { FromText, Inferred } from './infer.ts';
export { type Loops, loopsOf, type Source } from './loops.ts';
export * from './public.ts';
export { bitFieldBytes, bitFieldOf, integerText, type Raw, type Scalar, scalarOf } from './scalar.ts';
export { Types } from './types.ts';
