/**
 * The jit engine for the commands.
 * @module
 */
import { createJit } from '../engines/jit/index.ts';
import type { Engines } from '../host/state.ts';

export function jitEngine(): Engines {
  return { jit: createJit };
}
