/**
 * `cdef run` on fengari: one file when bundled, and fengari itself another.
 * @module
 */
import { createFengari, loadFengari } from '../engines/fengari/index.ts';
import { fengariBundle } from './fengari.ts';
import { runScript, type Script } from './script.ts';

export function run(script: Script): Promise<void> {
  loadFengari(fengariBundle());
  return runScript(script, 'fengari', { fengari: createFengari });
}
