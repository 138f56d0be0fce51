/**
 * Programs of the tests, bundled so that a process of its own can run them.
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A bundled program. */
export interface Built {
  readonly file: string;
  remove(): void;
}

/** Bundles a program of `test/helpers`. Within the project, as it needs the project's dependencies and data. */
export async function buildHelper(name: string): Promise<Built> {
  const cache = path.join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'cdef-helper-'));
  for (const data of ['lua', 'cdefs', 'package.json']) symlinkSync(path.join(ROOT, data), path.join(folder, data));
  const file = path.join(folder, 'dist', 'node', `${name}.js`);
  const entry = path.join(ROOT, 'test', 'helpers', `${name}.ts`);
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}
