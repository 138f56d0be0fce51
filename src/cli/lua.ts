/**
 * Lua for the commands, which load the one engine that they run.
 * @module
 */
import type { EngineName } from '../engines/engine.ts';
import { raiseInliningLimit } from '../host/inlining.ts';
import { NodeLua } from '../host/scripts.ts';
import type { Engines, LuaOptions } from '../host/state.ts';
import { fengariBundle } from './fengari.ts';

/** `createLua`, started sooner. */
export async function createCommandLua(options: LuaOptions & { readonly engine: EngineName }): Promise<NodeLua> {
  return new NodeLua(options, await loadEngine(options.engine));
}

async function loadEngine(name: EngineName): Promise<Engines> {
  if (name === 'jit') {
    raiseInliningLimit();
    return { jit: (await import('../engines/jit/index.ts')).createJit };
  }
  const { createFengari, loadFengari } = await import('../engines/fengari/index.ts');
  loadFengari(fengariBundle());
  return { fengari: createFengari };
}
