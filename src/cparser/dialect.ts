/**
 * Whose C a text is: gcc's, with all that headers of its world hold, or the smaller language that LuaJIT's `ffi.cdef`
 * reads, for the texts of Lua scripts.
 * @module
 */

export type Dialect = 'gcc' | 'luajit';
