/**
 * The jit engine for the commands, which have their process for themselves.
 * @module
 */
import { createJit } from '../engines/jit/index.ts';
import { raiseInliningLimit } from '../host/inlining.ts';
import type { Engines } from '../host/state.ts';

export function jitEngine(): Engines {
  raiseInliningLimit();
  return { jit: createJit };
}
