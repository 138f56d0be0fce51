/**
 * LuaJIT with the C host of host.c, where both are to be had.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { luaFolder } from '../../dist/host/node.js';

const benchFolder = fileURLToPath(new URL('.', import.meta.url));

/**
 * Compiles the host; it is removed when this process ends.
 * @returns `{ version, command }`, where `command(variant, packets, jit)` is a program and its arguments; or `{ missing }`,
 *   what must be installed
 * @throws when everything is there and host.c does not compile
 */
export function buildHost() {
  const compiler = process.env.CC ?? 'cc';
  const flags = tryRun('pkg-config', ['--cflags', '--libs', 'luajit']);
  if (flags === null) return { missing: 'pkg-config luajit (packages pkg-config, libluajit-5.1-dev)' };
  if (tryRun(compiler, ['--version']) === null) return { missing: `a C compiler (${compiler})` };
  const folder = mkdtempSync(path.join(tmpdir(), 'cdef-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = path.join(folder, 'host');
  const options = ['-O2', '-Wall', '-Wextra', '-rdynamic', '-o', program];
  execFileSync(compiler, [...options, path.join(benchFolder, 'host.c'), ...flags.trim().split(/\s+/)], { stdio: 'inherit' });
  return {
    version: execFileSync(program, { encoding: 'utf8' }).trim(),
    command: (variant, packets, jit) => [program, [variant, String(packets), jit, luaFolder, benchFolder]],
  };
}

function tryRun(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}
