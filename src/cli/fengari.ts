/**
 * fengari for the commands: from a bundle, as twenty files take longer to load than all else does.
 * @module
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createFengari, type FengariModules, loadFengari } from '../engines/fengari/index.ts';
import type { Engines } from '../host/state.ts';

export function fengariEngine(): Engines {
  loadFengari(bundled());
  return { fengari: createFengari };
}

// Undefined where the sources run, for which nothing is bundled.
function bundled(): FengariModules | undefined {
  const file = fileURLToPath(new URL('fengari-modules.cjs', import.meta.url));
  if (!existsSync(file)) return undefined;
  return (createRequire(import.meta.url)(file) as { fengariModules(): FengariModules }).fengariModules();
}
