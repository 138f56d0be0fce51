/**
 * Lua for the commands, which load the one engine that they run.
 * @module
 */
import type { EngineName } from '../engines/engine.ts';
import { NodeLua } from '../host/scripts.ts';
import type { LuaOptions } from '../host/state.ts';

/** `createLua`, started sooner. */
export async function createCommandLua(options: LuaOptions & { readonly engine: EngineName }): Promise<NodeLua> {
  const engines = options.engine === 'jit' ? (await import('./jit.ts')).jitEngine() : (await import('./fengari.ts')).fengariEngine();
  return new NodeLua(options, engines);
}
