/**
 * Apache Arrow: arrays of C structs as tables. Needs the package `apache-arrow`.
 * @module
 */
export { toArrow } from './table.ts';
