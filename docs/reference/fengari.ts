/**
 * For programs that run a fengari state of their own.
 * @module cdef/fengari
 */
export * from '../../src/engines/fengari/index.ts';
