/**
 * `collectgarbage` and `gcinfo`: the collector is JavaScript's.
 * @module
 */
import { collect, usedBytes } from '../../collector.ts';
import type { LuaFunction } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import { integerArgument, optionArgument } from './arguments.ts';

const OPTIONS = ['stop', 'restart', 'collect', 'count', 'step', 'setpause', 'setstepmul', 'isrunning'] as const;

/** All that is unreachable goes, weak tables included, and finalizers run. */
export function collectAll(state: LuaState): void {
  state.weak.during(collect);
  state.ffi?.finalizers.runCollected();
}

export function collector(state: LuaState): Record<string, LuaFunction> {
  const tuning = { setpause: 200, setstepmul: 200 };
  let isRunning = true;
  return {
    collectgarbage: (...args: unknown[]) => {
      const option = optionArgument(args[0], 1, 'collectgarbage', args.length, OPTIONS, 'collect');
      const argument = args[1] === undefined ? 0 : integerArgument(args[1], 2, 'collectgarbage', args.length);
      switch (option) {
        case 'count':
          return usedBytes() / 1024;
        case 'step':
          // Every step is said to end a cycle: scripts wait for that.
          return true;
        case 'isrunning':
          return isRunning;
        case 'setpause':
        case 'setstepmul': {
          const previous = tuning[option];
          tuning[option] = argument;
          return previous;
        }
        case 'collect':
          collectAll(state);
          return 0;
        default:
          isRunning = option === 'restart';
          return 0;
      }
    },
    gcinfo: () => Math.floor(usedBytes() / 1024),
  };
}
