/**
 * Running coroutines: `resume`, `yield`, `status` of the current one. A coroutine is the generator of its function's twin.
 * @module
 */
import { switchActivations } from './activations.ts';
import type { Coroutine } from './coroutine.ts';
import { fault, toFault } from './errors.ts';
import { builtIn, type LuaFunction, twinOf } from './functions.ts';
import type { LuaState } from './state.ts';

/**
 * Resumes a coroutine with `args`, which it is not to change later. Answers what it yields or returns.
 * @throws {LuaFault} what it raises; it is dead then
 */
export function resume(state: LuaState, coroutine: Coroutine, args: readonly unknown[]): readonly unknown[] {
  const { status } = coroutine;
  if (status !== 'suspended') throw fault(`cannot resume ${status} coroutine`, 0);
  const previous = state.current;
  const { frames } = state;
  state.frames = coroutine.frames;
  const activations = switchActivations(coroutine.activations);
  if (previous !== null) previous.status = 'normal';
  state.current = coroutine;
  coroutine.status = 'running';
  try {
    return coroutine.generator === null ? start(state, coroutine, args) : runsCoroutine(coroutine, coroutine.generator, args);
  } catch (error) {
    coroutine.status = 'dead';
    throw toFault(error, state);
  } finally {
    state.current = previous;
    state.frames = frames;
    switchActivations(activations);
    if (previous !== null) previous.status = 'running';
  }
}

function start(state: LuaState, coroutine: Coroutine, args: readonly unknown[]): readonly unknown[] {
  const twin = twinOf(coroutine.body);
  if (twin === null) {
    return runsBuiltIn(state, coroutine, args);
  }
  coroutine.generator = completed(state, twin(...args));
  return runsCoroutine(coroutine, coroutine.generator, args);
}

// A body that ends in a tail call is not at its end yet.
function* completed(state: LuaState, body: Generator<unknown, unknown, unknown>): Generator<unknown, unknown, unknown> {
  return yield* state.calls.resultsTwin(yield* body);
}

function runsBuiltIn(state: LuaState, coroutine: Coroutine, args: readonly unknown[]): readonly unknown[] {
  const values = state.calls.results(coroutine.body(...args));
  coroutine.status = 'dead';
  return values;
}

// Its name is looked for in stack traces.
const { runsCoroutine } = {
  runsCoroutine(coroutine: Coroutine, generator: Generator<unknown, unknown, unknown>, args: readonly unknown[]): readonly unknown[] {
    const { done, value } = generator.next(args);
    coroutine.status = done === true ? 'dead' : 'suspended';
    return value as readonly unknown[];
  },
};

/** `coroutine.yield`: only its twin yields. */
export function yieldFunction(): LuaFunction {
  return builtIn(
    'yield',
    () => {
      throw fault('attempt to yield across C-call boundary');
    },
    function* (...args: unknown[]): Generator<unknown, unknown, unknown> {
      return yield args;
    },
  );
}
