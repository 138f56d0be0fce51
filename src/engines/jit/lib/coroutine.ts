/**
 * `coroutine` (Lua 5.1 manual, 5.2), with LuaJIT's `isyieldable`.
 * @module
 */
import { Coroutine } from '../runtime/coroutine.ts';
import { resume, yieldFunction } from '../runtime/coroutines.ts';
import { fault, LuaFault, positionAt } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { badArgument, functionArgument } from './arguments.ts';

function coroutineArgument(value: unknown, name: string): Coroutine {
  if (!(value instanceof Coroutine)) throw badArgument(1, name, 'coroutine expected');
  return value;
}

export function openCoroutine(state: LuaState): LuaTable {
  return state.library({
    create: function create(body: unknown) {
      return new Coroutine(functionArgument(body, 1, 'create', arguments.length) as LuaFunction);
    },
    resume: function (coroutine: unknown, value: unknown) {
      const thread = coroutineArgument(coroutine, 'resume');
      const count = arguments.length;
      try {
        const raw = resume(state, thread, count === 2 ? value : count < 2 ? NONE : Array.prototype.slice.call(arguments, 1));
        return Array.isArray(raw) ? [true, ...raw] : [true, raw];
      } catch (error) {
        return [false, state.caught(error)];
      }
    },
    yield: yieldFunction(),
    status: (coroutine: unknown) => coroutineArgument(coroutine, 'status').status,
    running: () => state.current ?? undefined,
    isyieldable: () => state.current !== null,
    wrap: function wrap(body: unknown) {
      return wrapped(state, new Coroutine(functionArgument(body, 1, 'wrap', arguments.length) as LuaFunction));
    },
  });
}

function wrapped(state: LuaState, coroutine: Coroutine): LuaFunction {
  return builtIn('wrap', function (first: unknown, second: unknown) {
    if (coroutine.status !== 'suspended') throw fault(`cannot resume ${coroutine.status} coroutine`);
    try {
      // Loops give two values.
      const count = arguments.length;
      const values = count === 1 ? first : count === 2 ? [first, second] : count === 0 ? NONE : Array.prototype.slice.call(arguments);
      return resume(state, coroutine, values);
    } catch (error) {
      // Messages get the position of the call, too.
      if (error instanceof LuaFault && typeof error.value === 'string') throw error.withValue(positionAt(1) + error.value);
      throw error;
    }
  });
}
