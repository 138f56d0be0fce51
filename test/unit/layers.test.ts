import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
// From the bottom up; an import goes down only. Files stand for themselves where they are a layer of their own.
const LAYERS = [
  'util',
  'cparser',
  'ctype',
  'memory',
  'view',
  'codec',
  'arrow',
  'report',
  'lua',
  'ffi',
  'engines/host.ts',
  'engines/engine.ts',
  'engines/collector.ts',
  'engines/tables.ts',
  'engines/files.ts',
  'engines/luajit.ts',
  'engines/fengari',
  'engines/jit',
  'host',
  'dhcp',
  'cli',
];
// Beside each layer's index.ts: small helpers without a common entry, what has to do with the parser apart from what has not, and the
// host's entries for each platform.
const ENTRIES =
  /^(?:util\/\w+\.ts|view\/public\.ts|cparser\/keywords\.ts|ctype\/namespace\.ts|engines\/(?:engine|collector|tables|host|files|luajit)\.ts|host\/(?:inlining|lua|native|node|sandbox|scripts|state)\.ts|.+\/index\.ts)$/;

const layerOf = (file: string): number => LAYERS.findIndex((layer) => file === layer || file.startsWith(`${layer}/`));

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
const imports = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\b[^;'"]*?\bfrom\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/gm);
  return [...found].map((match) => ({ file, target: normalize(join(dirname(file), match.slice(1).find(Boolean) as string)) }));
});

it('every source file belongs to a layer', () => {
  expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
});

it('finds the imports it is to judge', () => {
  expect(imports.length).toBeGreaterThan(files.length);
  expect(imports).toContainEqual({ file: 'view/cdef.ts', target: 'ctype/index.ts' });
});

it('no import goes up the layers', () => {
  expect(imports.filter(({ file, target }) => layerOf(target) < 0 || layerOf(target) > layerOf(file))).toEqual([]);
});

it('a layer is imported through its entry', () => {
  expect(imports.filter(({ file, target }) => layerOf(target) !== layerOf(file) && !ENTRIES.test(target))).toEqual([]);
});
