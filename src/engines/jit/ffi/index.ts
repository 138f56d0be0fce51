/**
 * The ffi of the jit engine.
 * @module
 */
export { type JitFfi, openFfi } from './library.ts';
