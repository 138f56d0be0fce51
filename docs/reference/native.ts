/**
 * Real C libraries for Lua, through koffi.
 * @module cdef/native
 */
export * from '../../src/host/native.ts';
