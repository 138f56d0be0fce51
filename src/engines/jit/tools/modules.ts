/**
 * The modules `jit.v`, `jit.dump` and the like, which are made when they are required.
 * @module
 */
import type { ScriptHost } from '../host.ts';
import { builtIn, type LuaFunction } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { openVerbose } from './verbose.ts';

const MODULES: Readonly<Record<string, (state: LuaState, host: ScriptHost) => LuaTable>> = {
  'jit.v': openVerbose,
};

/** Their loaders, by name, for `package.preload`. */
export function toolModules(state: LuaState, host: ScriptHost): Readonly<Record<string, LuaFunction>> {
  return Object.fromEntries(Object.entries(MODULES).map(([name, open]) => [name, builtIn('loader', () => open(state, host))]));
}
