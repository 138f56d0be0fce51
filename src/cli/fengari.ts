/**
 * fengari for the commands: from a bundle, as twenty files take longer to load than all else does.
 * @module
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { FengariModules } from '../engines/fengari/index.ts';

/** What `loadFengari` takes; undefined where the sources run, for which nothing is bundled. */
export function fengariBundle(): FengariModules | undefined {
  const file = fileURLToPath(new URL('fengari-modules.cjs', import.meta.url));
  if (!existsSync(file)) return undefined;
  return (createRequire(import.meta.url)(file) as { fengariModules(): FengariModules }).fengariModules();
}
