/**
 * What the oldest and the newest compiler make of descriptions.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPILERS, type CompilerName, makeWorkbench, typeTest, type Workbench } from './compilers.ts';

const TIMEOUT = 120_000;
let bench: Workbench;
beforeAll(() => {
  bench = makeWorkbench();
}, TIMEOUT);
afterAll(() => bench.remove());

const IMPORTS = "import { array, be, cdef, char, int, pointer, struct, uint32, uint64 } from 'cdef';\n";

describe.each(Object.keys(COMPILERS) as CompilerName[])('described types, in the %s TypeScript', (compiler) => {
  it('are what declare.test-d.ts says', { timeout: TIMEOUT }, () => {
    expect(bench.compile(compiler, { 'declare.ts': typeTest('declare.test-d.ts') }).errors).toBe('');
  });

  it('are what the example in docs/types.md says', { timeout: TIMEOUT }, () => {
    const docs = readFileSync(new URL('../../docs/types.md', import.meta.url), 'utf8');
    const example = /^```ts\n(import \{ array[\s\S]*?)^```/m.exec(docs)?.[1] ?? '';
    expect(bench.compile(compiler, { 'example.ts': `${example}export { value };\n` }).errors).toBe('');
    expect(bench.compile(compiler, { 'twin.ts': `${example.replace('msg.xid', 'msg.xidd')}export { value };\n` }).errors).toContain(
      "'xidd'",
    );
  });

  it('are the same from cdef/struct', { timeout: TIMEOUT }, () => {
    const text = `import { be, cdef, int, prototype, fn, struct } from 'cdef/struct';
const point = struct('point', { x: be(int) });
const c = cdef([point, prototype('twice', fn(int, [int]))], { functions: { twice: (n) => n * 2 } });
const x: number = c.typeof(point).view(new Uint8Array(4)).x + c.typeof('struct point').new({ x: 1 }).x + c.C.twice(2);
export { x };\n`;
    expect(bench.compile(compiler, { 'program.ts': text }).errors).toBe('');
    const { errors } = bench.compile(compiler, { 'twin.ts': text.replace('.new({ x: 1 }).x', '.new({ x: 1 }).y') });
    expect(errors).toContain("'y'");
    expect(bench.compile(compiler, { 'text.ts': text.replace('cdef([point,', "cdef('struct s { int x; };', [point,") }).errors).toContain(
      'TS',
    );
  });

  it('show as plain objects', { timeout: TIMEOUT }, () => {
    const text = `${IMPORTS}const point = struct('point', { x: be(int), y: uint64, tag: array(char, 4) });
export const p: never = cdef(point).typeof(point).view(new Uint8Array(16));\n`;
    const { errors } = bench.compile(compiler, { 'program.ts': text });
    const fields = /Type 'RecordView & \{ (.*); \}' is not assignable to type 'never'\./.exec(errors)?.[1]?.split('; ');
    expect(fields?.sort()).toEqual(['tag: ByteArrayView<4>', 'x: number', 'y: bigint']);
  });

  it('cost little: 50 structs of 10 members', { timeout: TIMEOUT }, () => {
    const members = Array.from(
      { length: 10 },
      (_, k) => `m${k}: ${['be(uint32)', 'array(char, 16)', "pointer('struct s0')", 'uint64'][k % 4]}`,
    );
    const structs = Array.from(
      { length: 50 },
      (_, i) => `const s${i} = struct('s${i}', { ${members.join(', ')}${i > 0 ? `, inner: s${i - 1}` : ''} });`,
    );
    const all = `const c = cdef([${structs.map((_, i) => `s${i}`).join(', ')}]);\n`;
    const uses = structs.map((_, i) => `export const v${i} = c.typeof(s${i}).view(new Uint8Array(64)).m${i % 10};`);
    const none = bench.compile(compiler, {
      'program.ts': `${IMPORTS}export { array, be, cdef, char, int, pointer, struct, uint32, uint64 };\n`,
    });
    const some = bench.compile(compiler, { 'program.ts': `${IMPORTS}${structs.join('\n')}\n${all}${uses.join('\n')}\nexport { int };\n` });
    expect(some.errors).toBe('');
    expect(some.instantiations - none.instantiations).toBeLessThan(200_000);
  });
});
