/**
 * The packed tarball, as a user installs it: entries, types, the command, the README's examples.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { follow, page, stepsOf } from '../helpers/documents.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
  exports: Record<string, unknown>;
  devDependencies: Record<string, string>;
};
let folder = '';
let tarball = '';

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function runModule(text: string): string {
  const file = path.join(folder, 'example.mjs');
  writeFileSync(file, text);
  return run(process.execPath, [file], folder);
}

// The fenced blocks of one language in the README or another document, in their order.
function readmeBlocks(language: string, file = 'README.md'): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] as string);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-package-'));
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)) as [
    { filename: string },
  ];
  tarball = path.join(folder, packed.filename);
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  // The optional peer too, which its entry needs.
  const peer = `apache-arrow@${manifest.devDependencies['apache-arrow']}`;
  run('npm', ['install', '--no-audit', '--no-fund', tarball, peer], folder);
});

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

describe('the packed package', () => {
  test('has no complaints from publint', () => {
    expect(run('npx', ['publint', tarball, '--strict'], root)).toContain('All good!');
  });

  test('has types that every resolver of ES modules finds', () => {
    // Exits with 1, and so throws, when it finds a problem.
    const report = run('npx', ['attw', tarball, '--profile', 'esm-only', '--format', 'json'], root);
    expect(Object.keys((JSON.parse(report) as { analysis: { entrypoints: object } }).analysis.entrypoints)).toContain('./lua');
  });

  test.each(Object.keys(manifest.exports).filter((entry) => entry !== './package.json'))('imports %s', (entry) => {
    const name = path.posix.join('cdef', entry);
    expect(Number(runModule(`console.log(Object.keys(await import('${name}')).length)`))).toBeGreaterThan(0);
  });

  test('ships no tests and no captures', () => {
    const files = run('tar', ['-tzf', tarball], folder);
    expect(files).toContain('package/cdefs/dhcp.h');
    expect(files).toContain('package/lua/dhcp.lua');
    expect(files).not.toMatch(/^package\/(?:test|docs|build|\.github|\.ci)\//m);
  });

  test('has a command that runs a script and prints its version', () => {
    writeFileSync(path.join(folder, 'point.lua'), readmeBlocks('lua')[0] as string);
    expect(run('npx', ['cdef', 'run', 'point.lua'], folder)).toBe('-2\t300\t254\t255\n');
    expect(run('npx', ['cdef', '--version'], folder)).toBe(`cdef ${manifest.version}\n`);
  });

  test("runs the README's first example as pasted", () => {
    expect(runModule(readmeBlocks('js')[0] as string)).toBe('1a2b\n1a2b010000010002\n6 8\n');
  });

  test('runs the example of the views as pasted', () => {
    const printed = 'naïve true 16\n[{"x":1,"y":2},{"x":3,"y":4}]\n4\n';
    expect(runModule(readmeBlocks('js', 'docs/views.md')[0] as string)).toBe(printed);
  });

  test("runs the README's second example as pasted", () => {
    expect(runModule(readmeBlocks('js')[1] as string)).toMatch(/^0\.0\.0\.0 6767 ffffffff Uint8Array\(12\) \[\s+2,/);
  });

  test('runs the example of the entry without C text as pasted', () => {
    const text = 'struct __attribute__((packed)) header {\n  uint16_t kind;\n  be32_t id;\n};';
    expect(runModule(readmeBlocks('js', 'docs/types.md')[0] as string)).toBe(`1 5 ${text}\n`);
  });

  test("runs the first example of restructure's page as pasted", () => {
    expect(runModule(readmeBlocks('js', 'docs/restructure.md')[0] as string)).toBe('cat 53 2\n');
  });

  test('lets a reader follow the guide line by line', async () => {
    const steps = stepsOf(page('docs/guide.md'));
    const installs = steps.flatMap((step) => (step.kind === 'command' && /^npm install/.test(step.command) ? [step.command] : []));
    expect(installs).toEqual(['npm install cdef', 'npm install koffi']);
    const empty = mkdtempSync(path.join(tmpdir(), 'cdef-guide-'));
    try {
      run('npm', ['init', '-y'], empty);
      run('npm', ['install', '--no-audit', '--no-fund', tarball, `koffi@${manifest.devDependencies['koffi']}`], empty);
      await follow(steps, empty);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });
});
