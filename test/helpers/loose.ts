/**
 * `cdef` without types from the C text, for tests of what happens at run time: to misuse, and to assignments that
 * TypeScript's types of fields do not allow.
 * @module
 */
import { type Cdef, type CdefOptions, cdef as typed } from '../../src/view/index.ts';

export function cdef(text: string, options: CdefOptions = {}): Cdef {
  return typed(text, options as object);
}
