/**
 * What a run of the command loads: each file takes time, and V8 checks all of its text before anything runs.
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

// The package's files that a process of the command has loaded, as V8's coverage lists the scripts.
function loadedBy(...args: string[]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdef-start-'));
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder };
    const { status, stderr } = spawnSync(process.execPath, [path.join(built.bundle, 'cli.js'), ...args], { env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [report] = readdirSync(folder).map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    const urls: string[] = report.result.map(({ url }: { url: string }) => url);
    return urls.filter((url) => url.includes('/dist/node/')).map((url) => path.basename(fileURLToPath(url)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it.each([
  ['jit', 'luaL_openlibs'],
  ['fengari', 'sourceURL='],
])('a script on %s loads two files, without the other engine', (engine, foreign) => {
  expect(loadedBy('run', '--engine', engine, '-e', 'assert(require "ffi" and jit)')).toEqual(['cli.js', `run-${engine}.js`]);
  const [own, other] = [engine, engine === 'jit' ? 'fengari' : 'jit'].map((name) =>
    readFileSync(path.join(built.bundle, `run-${name}.js`), 'utf8'),
  );
  expect(own).not.toContain(foreign);
  expect(other).toContain(foreign);
});

it('looking at a header loads no Lua', () => {
  const loaded = loadedBy('layout', fileURLToPath(new URL('../../../cdefs/dhcp.h', import.meta.url)));
  const sources = loaded
    .filter((file) => file !== 'cli.js')
    .flatMap((file) => JSON.parse(readFileSync(path.join(built.bundle, `${file}.map`), 'utf8')).sources as string[])
    .map((source) => source.replace(/^.*\/src\//, ''));
  expect(sources).toContain('cparser/parser.ts');
  expect(sources.filter((file) => /^(?:engines|ffi|host|dhcp)\//.test(file))).toEqual([]);
});
