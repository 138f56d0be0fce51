/**
 * C declarations, layouts and zero-copy views: `import { cdef } from 'cdef'`.
 * @module cdef
 */
export * from '../../src/index.ts';
