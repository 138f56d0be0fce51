/**
 * How long strings may get.
 * @module
 */
import { fault } from '../runtime/errors.ts';
import type { LuaState } from '../runtime/state.ts';

/** Characters of a string of JavaScript, in V8. */
const MAX_LENGTH = 2 ** 29 - 24;

/** Refuses to make a string of `length` bytes at once, where that is more than there can be or the host allows. */
export function checkLength(state: LuaState, length: number): void {
  if (length > state.stringLimit) throw fault(`string of more than ${state.stringLimit} bytes`);
  // LuaJIT says so without a position.
  if (length > MAX_LENGTH) throw fault('not enough memory', 0);
}
