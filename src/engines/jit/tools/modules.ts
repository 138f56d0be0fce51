/**
 * The modules `jit.v`, `jit.dump` and the like, which are made when they are required.
 * @module
 */
import type { JIT_MODULES } from '../../luajit.ts';
import type { ScriptHost } from '../host.ts';
import { builtIn, type LuaFunction } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { openDump } from './dump.ts';
import { openProfiler } from './profiler.ts';
import { openProfile, openUtil } from './util.ts';
import { openVerbose } from './verbose.ts';
import { openZone, Zones } from './zone.ts';

/** Their loaders, by name, for `package.preload`. */
export function toolModules(state: LuaState, host: ScriptHost): Readonly<Record<string, LuaFunction>> {
  const zones = new Zones();
  const modules: Readonly<Record<(typeof JIT_MODULES)[number], () => LuaTable>> = {
    'jit.v': () => openVerbose(state, host),
    'jit.dump': () => openDump(state, host),
    'jit.p': () => openProfiler(state, host, zones),
    'jit.profile': () => openProfile(state),
    'jit.util': () => openUtil(state),
    'jit.zone': () => openZone(state, zones),
  };
  return Object.fromEntries(Object.entries(modules).map(([name, open]) => [name, builtIn('loader', open)]));
}
