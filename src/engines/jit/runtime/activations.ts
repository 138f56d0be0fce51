/**
 * Functions of Lua that are interpreted have no frames of JavaScript of their own. An *activation* is a frame of JavaScript that runs
 * some of them, in a function whose name says so; it tells which, for stack traces and levels. Like JavaScript's stack, there is one list of
 * them for all states, and one for each coroutine.
 * @module
 */
import type { Frame } from './frames.ts';
import type { LuaFunction } from './functions.ts';

/** How functions that are activations are called in JavaScript. */
export const ACTIVATION_FRAME: RegExp = /(?:^|[\s.*#])interpretsLua(?:Twin)?(?: \(|@)/;

export interface Activation {
  /** The state that the functions belong to. */
  readonly state: object;
  /** Its functions, the innermost first, at most `limit`. */
  frames(limit: number): Frame[];
  functionAt(index: number): LuaFunction | null;
  readonly depth: number;
}

// The innermost last.
let running: Activation[] = [];

/** The activations of the current coroutine, the innermost last. */
export function activations(): Activation[] {
  return running;
}

/** Makes the list of a coroutine the current one; answers the one that was. */
export function switchActivations(list: Activation[]): Activation[] {
  const previous = running;
  running = list;
  return previous;
}

// Those that an error has gone through.
const LEFT: WeakMap<Error, readonly Activation[]> = new WeakMap();

/** Keeps, for its stack trace, which activations there were when something was thrown. Nothing is done here that takes much of the stack: it may be used up. */
export function keepActivations(thrown: unknown): void {
  if (thrown instanceof Error && !LEFT.has(thrown)) LEFT.set(thrown, running.slice());
}

/** The activations that there were when an error was thrown. */
export function activationsOf(error: Error): readonly Activation[] {
  return LEFT.get(error) ?? running;
}

/** The interpreted function at `index` of the current coroutine, 0 for the innermost; null where it is none of `state`. */
export function runningFunction(state: object, index: number): LuaFunction | null {
  let rest = index;
  for (const activation of running.toReversed()) {
    if (rest < activation.depth) return activation.state === state ? activation.functionAt(rest) : null;
    rest -= activation.depth;
  }
  return null;
}
