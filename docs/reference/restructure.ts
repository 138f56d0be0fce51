/**
 * Variable data behind structs, with restructure: `import { codec } from 'cdef/restructure'`.
 * @module cdef/restructure
 */
export * from '../../src/codec/index.ts';
