/**
 * Running coroutines: `resume`, `yield`, `status` of the current one. A coroutine is the generator of its function's twin.
 * @module
 */
import { type Activation, switchActivations } from './activations.ts';
import type { Coroutine } from './coroutine.ts';
import { fault, toFault } from './errors.ts';
import { builtIn, LOOK, type LuaFunction, twinOf, yieldTwin } from './functions.ts';
import type { LuaState } from './state.ts';

// Not looked up in each generator, which are of as many classes as there are twins.
const { next } = Object.getPrototypeOf(yieldTwin).prototype as Generator<unknown, unknown, unknown>;

/**
 * Resumes a coroutine with values in the form of an answer. Answers what it yields or returns.
 * @throws {LuaFault} what it raises; it is dead then
 */
export function resume(state: LuaState, coroutine: Coroutine, values: unknown): unknown {
  if (coroutine.status !== 'suspended') throw fault(`cannot resume ${coroutine.status} coroutine`, 0);
  const { current, frames } = state;
  let activations: Activation[] | null = null;
  if (state.isInterpreted) {
    coroutine.activations ??= [];
    activations = switchActivations(coroutine.activations);
  }
  if (current !== null) current.status = 'normal';
  state.current = coroutine;
  state.frames = coroutine.frames;
  coroutine.status = 'running';
  try {
    return coroutine.generator === null ? start(state, coroutine, values) : runsCoroutine(state, coroutine, coroutine.generator, values);
  } catch (error) {
    coroutine.status = 'dead';
    coroutine.fault = toFault(error, state);
    throw coroutine.fault;
  } finally {
    if (state.frames !== null) coroutine.frames = state.frames;
    state.frames = frames;
    state.current = current;
    if (current !== null) current.status = 'running';
    if (activations !== null) switchActivations(activations);
  }
}

function start(state: LuaState, coroutine: Coroutine, values: unknown): unknown {
  const { body } = coroutine;
  const twin = twinOf(body);
  if (twin !== null) {
    coroutine.generator = Array.isArray(values) ? twin(...values) : twin(values);
    return runsCoroutine(state, coroutine, coroutine.generator, undefined);
  }
  const answer = state.calls.settled(Array.isArray(values) ? body(...values) : body(values));
  coroutine.status = 'dead';
  return answer;
}

// Its name is looked for in stack traces.
const { runsCoroutine } = {
  runsCoroutine(state: LuaState, coroutine: Coroutine, generator: Generator<unknown, unknown, unknown>, values: unknown): unknown {
    const { done, value } = next.call(generator, values);
    if (done === true) return ended(state, coroutine, value);
    coroutine.status = 'suspended';
    return value;
  },
};

/**
 * The stack trace of a suspended coroutine; nothing where it is not, or has not begun.
 * @throws {LuaFault} where its stack does not fit behind the one that asks; it is dead then
 */
export function suspendedStack(state: LuaState, coroutine: Coroutine): string {
  const { generator } = coroutine;
  if (coroutine.status !== 'suspended' || generator === null) return '';
  const outer = switchActivations(coroutine.activations ?? []);
  try {
    return String(runsCoroutine(state, coroutine, generator, LOOK));
  } catch (error) {
    coroutine.status = 'dead';
    coroutine.fault = toFault(error, state);
    throw coroutine.fault;
  } finally {
    switchActivations(outer);
  }
}

// A body that ends in a tail call is not at its end yet.
function ended(state: LuaState, coroutine: Coroutine, answer: unknown): unknown {
  const { calls } = state;
  if (answer !== calls.mark) {
    coroutine.status = 'dead';
    return answer;
  }
  coroutine.generator = calls.putOffTwin();
  return runsCoroutine(state, coroutine, coroutine.generator, undefined);
}

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
