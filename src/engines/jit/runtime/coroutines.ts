/**
 * Running coroutines: `resume`, `yield`, `status` of the current one. A coroutine is the generator of its function's twin.
 * @module
 */
import { switchActivations } from './activations.ts';
import type { Coroutine } from './coroutine.ts';
import { fault, toFault } from './errors.ts';
import { builtIn, type LuaFunction, twinOf, yieldTwin } from './functions.ts';
import type { LuaState } from './state.ts';

/**
 * Resumes a coroutine with values in the form of an answer. Answers what it yields or returns.
 * @throws {LuaFault} what it raises; it is dead then
 */
export function resume(state: LuaState, coroutine: Coroutine, values: unknown): unknown {
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
    const { generator } = coroutine;
    return generator === null ? start(state, coroutine, values) : runsCoroutine(state, coroutine, generator, values);
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

function start(state: LuaState, coroutine: Coroutine, values: unknown): unknown {
  const { body } = coroutine;
  const twin = twinOf(body);
  if (twin !== null) return runsCoroutine(state, coroutine, Array.isArray(values) ? twin(...values) : twin(values), undefined);
  const answer = state.calls.settled(Array.isArray(values) ? body(...values) : body(values));
  coroutine.status = 'dead';
  return answer;
}

// Its name is looked for in stack traces.
const { runsCoroutine } = {
  runsCoroutine(state: LuaState, coroutine: Coroutine, first: Generator<unknown, unknown, unknown>, values: unknown): unknown {
    const { calls } = state;
    let generator = first;
    let { done, value } = generator.next(values);
    // A body that ends in a tail call is not at its end yet.
    while (done === true && value === calls.mark) {
      generator = calls.putOffTwin();
      ({ done, value } = generator.next());
    }
    coroutine.generator = generator;
    coroutine.status = done === true ? 'dead' : 'suspended';
    return value;
  },
};

/** `coroutine.yield`: only its twin yields. */
export function yieldFunction(): LuaFunction {
  return builtIn(
    'yield',
    () => {
      throw fault('attempt to yield across C-call boundary');
    },
    yieldTwin,
  );
}
