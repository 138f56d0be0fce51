/**
 * C structs for JavaScript: declarations, exact layouts, zero-copy views.
 * @module
 */
export { CdefError, FfiError, LuaError, LuaSyntaxError, MemoryAccessError } from './util/errors.ts';
export type { Position } from './util/source.ts';
export { Cdef, cdef, type CdefOptions, type FromText, type Inferred } from './view/index.ts';
export * from './view/public.ts';
