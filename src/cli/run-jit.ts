/**
 * `cdef run` on the jit engine: one file when bundled, as each that Node loads takes a millisecond.
 * @module
 */
import { createJit } from '../engines/jit/index.ts';
import { raiseInliningLimit } from '../host/inlining.ts';
import { runScript, type Script } from './script.ts';

export function run(script: Script): Promise<void> {
  raiseInliningLimit();
  return runScript(script, 'jit', { jit: createJit });
}
