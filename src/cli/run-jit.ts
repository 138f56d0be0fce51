/**
 * `cdef run` on the jit engine: one file when bundled, as each that Node loads takes a millisecond.
 * @module
 */
import { jitEngine } from './jit.ts';
import { runScript, type Script } from './script.ts';

export const run = (script: Script): Promise<void> => runScript(script, 'jit', jitEngine());
