import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../../src/host/inlining.ts', import.meta.url));

// A function that calls twelve others, of some 100 bytes each in V8's bytecode.
const CALLER = `
const part = (i) => 'function part' + i + '(x) { let y = x;' + 'y = (y ^ x) + ' .repeat(1) + i + ';' + 'y = (y * 3 + x) | 0;'.repeat(8) + ' return y; }';
const parts = Array.from({ length: 12 }, (_, i) => part(i)).join('\\n');
const caller = new Function(parts + 'return function caller(x) { return ' + Array.from({ length: 12 }, (_, i) => 'part' + i + '(x)').join('+') + '; }')();
for (let i = 0; i < 1e5; i++) caller(i);`;

// How many of them V8 puts into it.
function inlined(before: string): number {
  const { stdout } = spawnSync(process.execPath, ['--trace-turbo-inlining', '--no-concurrent-recompilation', '-e', before + CALLER], {
    encoding: 'utf8',
  });
  return new Set(
    Array.from(
      stdout.matchAll(/^Inlining \S+ \{\S+ <SharedFunctionInfo (part\d+)>\} into \S+ \{\S+ <SharedFunctionInfo caller>/gm),
      ([, name]) => name,
    ),
  ).size;
}

it('lets V8 put more functions into one caller', () => {
  const { code } = transformSync(readFileSync(source, 'utf8'), { loader: 'ts', format: 'cjs' });
  const [before, after] = [inlined(''), inlined(`${code}\nmodule.exports.raiseInliningLimit();`)];
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(12);
  expect(after).toBe(12);
});
