/**
 * `jit.util` and `jit.profile`, as far as there is something for them to say.
 * @module
 */
import { functionArgument } from '../lib/arguments.ts';
import { fault } from '../runtime/errors.ts';
import { type LuaFunction, NONE, reflectionOf } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';

/** `jit.util`: there is no bytecode, and there are no traces. */
export function openUtil(state: LuaState): LuaTable {
  return state.library({
    funcinfo: (value: unknown) => {
      const fn = functionArgument(value, 1, 'funcinfo', 1) as LuaFunction;
      const info = state.table();
      const reflection = reflectionOf(fn);
      if (reflection === null) {
        info.setField('addr', Number(state.addressOf(fn)));
        info.setField('upvalues', 0);
        return info;
      }
      const { chunk, id } = reflection;
      const { source, short_src, linedefined, lastlinedefined, nups, nparams, isvararg, children } = chunk.describe(id);
      const fields = {
        source,
        linedefined,
        lastlinedefined,
        params: nparams,
        isvararg,
        children,
        upvalues: nups,
        currentline: linedefined,
      };
      for (const [name, field] of Object.entries({ ...fields, loc: `${short_src}:${linedefined}` })) info.setField(name, field);
      return info;
    },
  });
}

/** `jit.profile`: V8 takes samples beside the script, and calls nobody back. */
export function openProfile(state: LuaState): LuaTable {
  const refuse = (name: string) => (): never => {
    throw fault(`jit.profile: '${name}' needs a profiler that calls back; see jit.p`);
  };
  return state.library({ start: refuse('start'), stop: () => NONE, dumpstack: refuse('dumpstack') });
}
