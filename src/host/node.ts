/**
 * Lua for programs that embed it in Node: scripts from files, modules beside them.
 * @module
 */
import { ENGINES } from './lua.ts';
import { NodeLua } from './scripts.ts';
import type { LuaOptions } from './state.ts';

export {
  type Engine,
  type EngineName,
  engineNames,
  LuaBytes,
  type LuaFunction,
  type Methods,
  Userdata,
  type UserdataClass,
} from '../engines/engine.ts';
export { LuaError, LuaSyntaxError } from '../util/errors.ts';
export { raiseInliningLimit } from './inlining.ts';
export { runInWorker, WorkerLimitError, type WorkerOptions, type WorkerScript } from './sandbox.ts';
export { luaFolder, NodeLua } from './scripts.ts';
export type { ConfigDefaults, HostFile, HostFiles, LibcHost, LuaOptions, Native } from './state.ts';

/** Makes a Lua state that can read files; see `LuaOptions`. */
export function createLua(options: LuaOptions = {}): NodeLua {
  return new NodeLua(options, ENGINES);
}
