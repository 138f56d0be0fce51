/**
 * What people and tools look at: layouts as text, JSON and pictures, dumps, TypeScript, C text.
 * @module cdef/report
 */
export * from '../../src/report/index.ts';
