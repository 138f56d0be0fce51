/**
 * `jit`: the compiler is always on, and there is nothing to flush.
 * @module
 */
import { jitFields } from '../../luajit.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { functionArgument, wrongType } from './arguments.ts';

// `jit.on()`, `jit.off()` and `jit.flush()` for the engine; with a function or `true` for parts of a program.
function mode(name: 'on' | 'off' | 'flush'): LuaFunction {
  return builtIn(name, (...args: unknown[]) => {
    const [target] = args;
    const isTrace = name === 'flush' && typeof target === 'number';
    if (target !== undefined && typeof target !== 'function' && typeof target !== 'boolean' && !isTrace)
      throw wrongType(target, 1, name, args.length, 'function');
    return NONE;
  });
}

export function openJit(state: LuaState): LuaTable {
  const options = state.library({ start: () => NONE });
  state.loaded.setField('jit.opt', options);
  return state.library({
    on: mode('on'),
    off: mode('off'),
    flush: mode('flush'),
    status: () => !state.isInterpreted,
    attach: (...args: unknown[]) => {
      functionArgument(args[0], 1, 'attach', args.length);
      return NONE;
    },
    security: () => 0,
    opt: options,
    ...jitFields('jit'),
  });
}
