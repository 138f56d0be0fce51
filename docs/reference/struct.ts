/**
 * Structs declared in TypeScript, without the parser of C text: `import { cdef, struct } from 'cdef/struct'`.
 * @module cdef/struct
 */
export * from '../../src/view/struct.ts';
