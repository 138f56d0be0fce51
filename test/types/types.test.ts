/**
 * What the oldest and the newest compiler make of programs that use the inferred types.
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

const compilers = Object.keys(COMPILERS) as CompilerName[];

function program(text: string, use = ''): string {
  return `import { cdef } from 'cdef';\nconst c = cdef(${JSON.stringify(text)});\nconst bytes = new Uint8Array(64);\n${use}\nexport { bytes, c };\n`;
}

/** The errors of a program of one file, without the places. */
function errorsOf(compiler: CompilerName, text: string): string[] {
  const { errors } = bench.compile(compiler, { 'program.ts': text });
  return errors === '' ? [] : errors.split('\n').map((line) => line.replace(/^.*error TS\d+: /, ''));
}

function readmeExample(): string {
  const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  return `declare const console: { log(...values: unknown[]): void };\n${/^```ts\n([\s\S]*?)^```/m.exec(text)?.[1]}`;
}

describe.each(compilers)('types from C text, in the %s TypeScript', (compiler) => {
  it('are what inference.test-d.ts says', { timeout: TIMEOUT }, () => {
    expect(bench.compile(compiler, { 'inference.ts': typeTest('inference.test-d.ts') }).errors).toBe('');
  });

  it("accept the README's example, and not its misspelt twins", { timeout: TIMEOUT }, () => {
    const example = readmeExample();
    expect(errorsOf(compiler, example)).toEqual([]);
    const twins: [string, string, RegExp][] = [
      ['header.kind;', 'header.kin;', /Property 'kin' does not exist on type 'RecordView & \{/],
      ["c.new('struct header'", "c.new('struct heder'", /not assignable to parameter of type '"unknown C type 'struct heder'"'/],
      ["name: 'first'", "nam: 'first'", /\bnam\b/],
      ['?.y;', '?.z;', /Property 'z' does not exist/],
      ['c.C.REQUEST', 'c.C.REQEST', /Property 'REQEST' does not exist/],
      ['+ 1n', '+ 1', /Operator '\+' cannot be applied to types 'bigint' and/],
      ['next_id: (', 'next: (', /\bnext\b/],
    ];
    for (const [right] of twins) expect(example).toContain(right);
    const files = twins.map(([right, wrong], i) => [`twin${i}.ts`, example.replace(right, wrong)]);
    const errors = bench.compile(compiler, Object.fromEntries(files)).errors.split('\n');
    twins.forEach(([, , message], i) => {
      expect(errors.filter((line) => line.startsWith(`twin${i}.ts`)).join('\n')).toMatch(message);
    });
  });

  it('show as plain objects', { timeout: TIMEOUT }, () => {
    const use = "export const p: never = c.typeof('struct point').view(bytes);";
    const [message] = errorsOf(compiler, program('struct point { int16_t x, y; char tag[4]; };', use));
    const fields = /^Type 'RecordView & \{ (.*); \}' is not assignable to type 'never'\.$/.exec(message ?? '')?.[1]?.split('; ');
    expect(fields?.sort()).toEqual(['tag: ByteArrayView<4>', 'x: number', 'y: number']);
  });

  // Text that could break the inference: the compiler must come back, without an error of its own.
  const many = (count: number, one: (i: number) => string): string => Array.from({ length: count }, (_, i) => one(i)).join('');
  const hostile: [string, string][] = [
    ['more lines than are read', many(4200, (i) => (i % 10 === 0 ? `struct s${i} { int a, b; };\n` : '\n'))],
    ['800 structs on one line', many(800, (i) => `struct s${i} { int a; };`)],
    ['3,000 members', `struct s { ${many(3000, (i) => `int m${i}; `)} };`],
    ['2,000 declarators', `struct s { int ${many(2000, (i) => `m${i}, `)} last; };`],
    ['1,100 enumerators', `enum e { ${many(1100, (i) => `E${i},`)} }; struct s { enum e x; int y[E7]; };`],
    ['2,000 parameters', `struct s { int x; }; int f(${many(2000, () => 'int, ')}int);`],
    ['nested 500 deep', `struct s { ${'struct { '.repeat(500)} int x; ${many(500, (i) => `} m${i}; `)} };`],
    ['unclosed braces', `struct s { ${'struct { '.repeat(3000)}`],
    ['closed braces', `struct s { int x; ${'} '.repeat(3000)};`],
    ['parentheses', `struct s { int ${'('.repeat(3000)}x${')'.repeat(3000)}; };`],
    ['brackets', `struct s { int x${'[1]'.repeat(3000)}; };`],
    ['stars', `struct s { int ${'*'.repeat(3000)}x; };`],
    ['100,000 spaces', `struct s { int${' '.repeat(100_000)}x; };`],
    ['100,000 tabs', `struct s { int${'\t'.repeat(100_000)}x; };`],
    ['100,000 newlines', `struct s { int${'\n'.repeat(100_000)}x; };`],
    ['many comments on a line', `struct s { ${'/* a */ '.repeat(5000)} int x; };`],
    ['a long comment', `struct s { /* ${'a * b / c\n'.repeat(20_000)} */ int x; };`],
    ['an unclosed comment', `struct s { int x; }; /* ${'a\n'.repeat(5000)}`],
    ['slashes', '/'.repeat(5000)],
    ['attributes', `struct s { int ${'__attribute__((packed)) '.repeat(2000)} x; };`],
    ['semicolons', ';'.repeat(50_000)],
    ['qualifiers', `struct s { ${'const volatile '.repeat(2000)} int x; };`],
    ['a typedef of itself', 'typedef a b; typedef b a; struct s { a x; };'],
    ['a struct in itself', 'struct s { struct s x; };'],
    ['a chain of typedefs', `typedef int t0; ${many(300, (i) => `typedef t${i} t${i + 1}; `)} struct s { t300 x; };`],
    ['a chain of enumerators', `enum { A0 = 1, ${many(300, (i) => `A${i + 1} = A${i}, `)} }; struct s { int x[A300]; };`],
    ['a long number', `enum { A = ${'9'.repeat(3000)} }; struct s { int x[0x${'f'.repeat(3000)}]; };`],
    ['backslashes', 'struct s { int x; \\\n\\\n }; #define A \\\n 1\n'],
    ['directives', '#define A 1\n'.repeat(3000)],
  ];
  it('stand hostile text', { timeout: 2 * TIMEOUT }, () => {
    const use = "export const s = c.typeof('struct s' as 'struct s');\nexport const all = c.C;";
    const files = Object.fromEntries(hostile.map(([, text], i) => [`hostile${i}.ts`, program(text, use)]));
    const { errors, instantiations } = bench.compile(compiler, files, TIMEOUT);
    // That there is no such struct is an answer.
    const unexpected = errors.split('\n').filter((line) => line !== '' && !line.includes(`Argument of type '"struct s"'`));
    expect(unexpected.map((line) => line.replace(/^hostile(\d+)\.ts/, (_, i) => hostile[Number(i)]?.[0] ?? ''))).toEqual([]);
    expect(instantiations).toBeLessThan(6_000_000);
  });

  it('cost little: 50 structs of 10 members', { timeout: TIMEOUT }, () => {
    const types = [
      'uint8_t',
      'uint16_t',
      'uint32_t',
      'uint64_t',
      'int32_t',
      'const char *',
      'struct s0 *',
      'size_t',
      'double',
      'unsigned long',
    ];
    const text = many(
      50,
      (i) => `struct s${i} {\n${types.map((type, k) => `  ${type} m${k}${k === 0 ? '[16]' : ''}; // member ${k}\n`).join('')}};\n`,
    );
    const none = bench.compile(compiler, { 'program.ts': program('') }).instantiations;
    const one = bench.compile(compiler, {
      'program.ts': program(text, "export const m = c.typeof('struct s7').view(bytes).m3;"),
    }).instantiations;
    const uses = many(50, (i) => `export const v${i} = c.typeof('struct s${i}').view(bytes).m${i % 10};\n`);
    const all = bench.compile(compiler, { 'program.ts': program(text, uses) }).instantiations;
    expect(one - none).toBeLessThan(60_000);
    expect(all - none).toBeLessThan(120_000);
  });
});
