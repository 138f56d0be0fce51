/**
 * Arrays of structs as tables of Apache Arrow; `apache-arrow` is installed beside it.
 * @module cdef/arrow
 */
export * from '../../src/arrow/index.ts';
