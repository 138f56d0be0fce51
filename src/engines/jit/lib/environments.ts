/**
 * `getfenv` and `setfenv`. Functions are reached by level where their chunk mentions one of these: see `FrameList`.
 * @module
 */
import { fault, type LuaFault } from '../runtime/errors.ts';
import { runningFunction } from '../runtime/activations.ts';
import { framesOf, stackOf } from '../runtime/frames.ts';
import { type LuaFunction, NONE, reflectionOf } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaTable } from '../runtime/table.ts';
import { badArgument, integerArgument, wrongType } from './arguments.ts';

/** A function's environment; built-in functions have the globals. */
export function environmentOf(state: LuaState, fn: LuaFunction): unknown {
  const reflection = reflectionOf(fn);
  return reflection === null ? state.globals : reflection.chunk.environmentOf(fn, reflection);
}

/** @throws {LuaFault} for a built-in function */
export function setEnvironment(fn: LuaFunction, environment: unknown): void {
  const reflection = reflectionOf(fn);
  if (reflection === null) throw cannotChange();
  reflection.chunk.setEnvironment(fn, environment);
}

function cannotChange(): LuaFault {
  return fault("'setfenv' cannot change environment of given object");
}

/** The function that runs at a level; null where it is not known. Throws for a level that there is not. */
function functionAt(state: LuaState, level: number, name: string): LuaFunction | null {
  const frames = framesOf(stackOf());
  const frame = frames[level - 1];
  if (level < 0 || frame === undefined) throw badArgument(1, name, 'invalid level');
  if (!frame.isExact) return null;
  const above = frames.slice(0, level).filter((one) => one.isExact).length;
  return state.isInterpreted ? runningFunction(state, above - 1) : (state.frames?.at(-above) ?? null);
}

export function environmentFunctions(state: LuaState): Record<'getfenv' | 'setfenv', LuaFunction> {
  return {
    getfenv: (target: unknown) => {
      if (typeof target === 'function') return environmentOf(state, target as LuaFunction);
      const level = target === undefined ? 1 : integerArgument(target, 1, 'getfenv', 1);
      if (level === 0) return state.environment;
      const fn = functionAt(state, level, 'getfenv');
      return fn === null ? state.environment : environmentOf(state, fn);
    },
    setfenv: function setfenv(target: unknown, environment: unknown) {
      const count = arguments.length;
      if (!(environment instanceof LuaTable)) throw wrongType(environment, 2, 'setfenv', count, 'table');
      if (typeof target === 'function') {
        setEnvironment(target as LuaFunction, environment);
        return target;
      }
      const level = integerArgument(target, 1, 'setfenv', count);
      if (level === 0) {
        // Chunks that are loaded from now on.
        state.environment = environment;
        return NONE;
      }
      const fn = functionAt(state, level, 'setfenv');
      if (fn === null) throw cannotChange();
      setEnvironment(fn, environment);
      return fn;
    },
  };
}
