/**
 * Lua for the commands: fengari comes from a bundle, as twenty files take longer to load than all else does.
 * @module
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type FengariModules, loadFengari } from '../engines/fengari/index.ts';
import { createLua, type LuaOptions, type NodeLua } from '../host/node.ts';

// Not there where the sources run.
const BUNDLE = fileURLToPath(new URL('fengari-modules.cjs', import.meta.url));

/** `createLua`, started sooner. */
export function createCommandLua(options: LuaOptions): NodeLua {
  const isFengari = (options.engine ?? 'fengari') === 'fengari';
  if (isFengari && existsSync(BUNDLE)) {
    const bundle = createRequire(import.meta.url)(BUNDLE) as { fengariModules(): FengariModules };
    loadFengari(bundle.fengariModules());
  }
  return createLua(options);
}
