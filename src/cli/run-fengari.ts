/**
 * `cdef run` on fengari: one file when bundled, and fengari itself another.
 * @module
 */
import { fengariEngine } from './fengari.ts';
import { runScript, type Script } from './script.ts';

export const run = (script: Script): Promise<void> => runScript(script, 'fengari', fengariEngine());
