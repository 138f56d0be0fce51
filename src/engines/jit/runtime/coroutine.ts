/**
 * Threads as values; `coroutines.ts` runs them.
 * @module
 */
import type { Activation } from './activations.ts';
import type { LuaFault } from './errors.ts';
import type { LuaFunction } from './functions.ts';

export type CoroutineStatus = 'suspended' | 'running' | 'normal' | 'dead';

/** A thread: a function, and once it runs the generator of its twin. */
export class Coroutine {
  readonly body: LuaFunction;
  status: CoroutineStatus = 'suspended';
  /** See `LuaState.frames`. */
  frames: LuaFunction[] | null = null;
  /** Where functions are interpreted, once it runs. */
  activations: Activation[] | null = null;
  /** What it died of. */
  fault: LuaFault | null = null;
  generator: Generator<unknown, unknown, unknown> | null = null;

  constructor(body: LuaFunction) {
    this.body = body;
  }
}
