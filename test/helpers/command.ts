/**
 * The `cdef` command as a user runs it: built from the sources into a folder of its own, once per test file.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a run of the command left. */
export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A built command. */
export interface BuiltCommand {
  /** The folder with the bundles. */
  readonly bundle: string;
  run(args: readonly string[], input?: string): CommandResult;
  remove(): void;
}

/** Builds the command. Within the project, as it needs the project's dependencies. */
export function buildCommand(): BuiltCommand {
  const cache = path.join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'cdef-'));
  for (const name of ['lua', 'cdefs', 'package.json']) symlinkSync(path.join(ROOT, name), path.join(folder, name));
  const bundle = path.join(folder, 'dist', 'node');
  const built = spawnSync(process.execPath, [path.join(ROOT, 'build.mjs'), '--bundle', bundle], { encoding: 'utf8' });
  if (built.status !== 0) {
    rmSync(folder, { recursive: true });
    throw new Error(built.stderr);
  }
  const main = path.join(bundle, 'cli.js');
  return {
    bundle,
    run: (args, input = '') => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', input, cwd: ROOT });
      return { status, stdout, stderr };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
