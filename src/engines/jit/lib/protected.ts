/**
 * `pcall` and `xpcall`. Their JavaScript names make them levels of the stack.
 * @module
 */
import { LimitFault, toFault } from '../runtime/errors.ts';
import { builtIn, type LuaFunction } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import { anyArgument, badArgument, wrongType } from './arguments.ts';

export function protectedCalls(state: LuaState): Record<'pcall' | 'xpcall', LuaFunction> {
  const { calls } = state;

  const twins = {
    *calls_pcall(...args: unknown[]): Generator<unknown, unknown, unknown> {
      if (args.length === 0) throw badArgument(1, 'pcall', 'value expected');
      const [fn, ...rest] = args;
      try {
        return [true, ...(yield* calls.callTwin(fn, ...rest))];
      } catch (error) {
        return [false, state.caught(error)];
      }
    },
    *calls_xpcall(...args: unknown[]): Generator<unknown, unknown, unknown> {
      const handler = handlerOf(args);
      try {
        return [true, ...(yield* calls.callTwin(args[0], ...args.slice(2)))];
      } catch (error) {
        return handled(error, handler);
      }
    },
  };

  // The handler sees the stack as it was when the error was raised.
  const handled = (thrown: unknown, handler: LuaFunction): readonly unknown[] => {
    const fault = toFault(thrown, state);
    if (fault instanceof LimitFault) throw fault;
    const outer = state.raised;
    state.raised = fault;
    try {
      return [false, ...calls.call(handler, fault.value)];
    } catch (error) {
      if (error instanceof LimitFault) throw error;
      return [false, 'error in error handling'];
    } finally {
      state.raised = outer;
    }
  };
  const handlerOf = (args: readonly unknown[]): LuaFunction => {
    anyArgument(args[0], 1, 'xpcall', args.length);
    if (typeof args[1] !== 'function') throw wrongType(args[1], 2, 'xpcall', args.length, 'function');
    return args[1] as LuaFunction;
  };
  const functions = {
    calls_pcall(...args: unknown[]): unknown {
      if (args.length === 0) throw badArgument(1, 'pcall', 'value expected');
      const [fn, ...rest] = args;
      try {
        return [true, ...calls.call(fn, ...rest)];
      } catch (error) {
        return [false, state.caught(error)];
      }
    },
    calls_xpcall(...args: unknown[]): unknown {
      const handler = handlerOf(args);
      try {
        return [true, ...calls.call(args[0], ...args.slice(2))];
      } catch (error) {
        return handled(error, handler);
      }
    },
  };
  return {
    pcall: builtIn('pcall', functions.calls_pcall, twins.calls_pcall),
    xpcall: builtIn('xpcall', functions.calls_xpcall, twins.calls_xpcall),
  };
}
