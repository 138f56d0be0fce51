/**
 * Lua on every engine, without files.
 * @module
 */
import { createFengari } from '../engines/fengari/index.ts';
import { createJit } from '../engines/jit/index.ts';
import { type Engines, Lua, type LuaOptions } from './state.ts';

export { engineNames } from '../engines/engine.ts';
export { type ConfigDefaults, type HostFile, type HostFiles, type LibcHost, Lua, type LuaOptions, type Native } from './state.ts';

/** All engines there are. */
export const ENGINES: Required<Engines> = { fengari: createFengari, jit: createJit };

/** Makes a Lua state; see `LuaOptions`. */
export function createLua(options: LuaOptions = {}): Lua {
  return new Lua(options, ENGINES);
}
