/**
 * What a run of the command loads: each file is read and checked by V8 before anything runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand } from '../../helpers/command.ts';

let built: BuiltCommand;
beforeAll(() => {
  built = buildCommand();
}, 60_000);
afterAll(() => built.remove());

// The sources of what a process of the command has loaded, such as `src/engines/engine.ts`, as V8's coverage lists the scripts.
function loadedBy(...args: string[]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdef-start-'));
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const { status, stderr } = spawnSync(process.execPath, [path.join(built.bundle, 'cli.js'), ...args], { env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [report] = readdirSync(folder).map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    const urls: string[] = report.result.map(({ url }: { url: string }) => url);
    return urls
      .filter((url) => url.startsWith('file:') && url.includes('/dist/node/'))
      .flatMap((url) => JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')).sources as string[])
      .map((source) => source.replace(/^.*\/src\//, 'src/'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  ['jit', 'fengari'],
  ['fengari', 'jit'],
])('a script on %s does not load %s', (engine, other) => {
  const loaded = loadedBy('run', '--engine', engine, '-e', 'assert(require "ffi" and jit)');
  expect(loaded).toContain(`src/engines/${engine}/engine.ts`);
  expect(loaded.filter((file) => file.startsWith(`src/engines/${other}/`))).toEqual([]);
});

it('looking at a header loads no Lua', () => {
  const loaded = loadedBy('layout', fileURLToPath(new URL('../../../cdefs/dhcp.h', import.meta.url)));
  expect(loaded).toContain('src/cparser/parser.ts');
  expect(loaded.filter((file) => /^src\/(?:engines|ffi|host|dhcp)\//.test(file))).toEqual([]);
});
