import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { CdefError } from '../../src/util/errors.ts';
import { cdef } from '../../src/view/index.ts';
import { failure } from '../helpers/errors.ts';
import { fc } from '../helpers/properties.ts';

const CDEFS = new URL('../../cdefs/', import.meta.url);
// Something of everything; every prefix of it and many mutations are read.
const RICH = `/* rich */ // header
# 12 "rich.h" 3 4
#pragma pack(push, label, 2)
typedef unsigned long word_t, *word_p;
enum __attribute__((packed)) color { RED, GREEN = 'g', BLUE = (1 ? 0x10u : ~2) << 3, };
struct fwd;
struct __attribute__((packed, scalar_storage_order("big-endian"))) s {
  static const int K = sizeof(word_t) * 2, L = -16;
  const volatile int a : 3, : 0, b : 16 - 3;
  union { double d; struct { char c[2][-8 + 18]; }; } u;
  struct fwd *(*fn[3])(const struct s *restrict, int (*)(void), ...);
  _Alignas(8) long double ld __attribute__((aligned(4)));
  uint8_t tail[];
} one_s;
#pragma pack(pop, label)
extern int f(struct s *, enum color c, word_p) __asm__("f_symbol");
static inline int g(void) { return f("}"[0]) + '{'; }
static const uint32_t MASK = 0xffffffff & ~offsetof(struct s, u.c[1][0]);
typedef struct { int n; short v[?]; } var_t;
double _Complex z(float _Complex);
`;

/** Whether the text was accepted; raises on everything but a CdefError, and on a text that is left half declared. */
function accepts(text: string): boolean {
  const c = cdef('struct known { int x; }; typedef struct known known_t; struct fwd_known;');
  const before = [c.namespace.names.size, c.namespace.tags.size, c.namespace.completed.length];
  try {
    c.cdef(text);
    return true;
  } catch (error) {
    if (!(error instanceof CdefError)) throw error;
    expect(error.message.split('\n').length).toBeGreaterThanOrEqual(3);
    expect([c.namespace.names.size, c.namespace.tags.size, c.namespace.completed.length]).toEqual(before);
    return false;
  }
}

describe('cut-off text', () => {
  it('is accepted or refused with a CdefError, wherever it ends', () => {
    const accepted = Array.from(RICH, (_, end) => accepts(RICH.slice(0, end)));
    expect(accepts(RICH)).toBe(true);
    // The end of a declaration's last token, and the space behind it, are such places.
    expect(accepted.filter((was) => was).length).toBeLessThan(accepted.length / 2);
  });

  it('is accepted or refused with a CdefError, wherever it begins', () => {
    for (let start = 1; start < RICH.length; start++) accepts(RICH.slice(start));
  });

  it.each(readdirSync(CDEFS).filter((file) => file.endsWith('.h')))('of cdefs/%s is, too', (file) => {
    const text = readFileSync(new URL(file, CDEFS), 'utf8');
    for (let end = 0; end < text.length; end += 7) accepts(text.slice(0, end));
  });
});

describe('nesting', () => {
  const deep: readonly (readonly [string, (depth: number) => string])[] = [
    ['parentheses of a declarator', (n) => `int ${'('.repeat(n)}x${')'.repeat(n)};`],
    ['pointers', (n) => `int ${'*'.repeat(n)}x;`],
    ['references', (n) => `int ${'&'.repeat(n)}x;`],
    ['arrays', (n) => `int x${'[1]'.repeat(n)};`],
    ['open arrays', (n) => `int x${'['.repeat(n)}`],
    ['function pointers', (n) => `int ${'(*'.repeat(n)}x${')(void)'.repeat(n)};`],
    ['parameters', (n) => `int f(${'int (*)('.repeat(n)}int${')'.repeat(n)});`],
    ['structs', (n) => `${'struct {'.repeat(n)}int x;${'} a;'.repeat(n)}`],
    ['transparent structs', (n) => `${'struct {'.repeat(n)}int x;${'};'.repeat(n)}`],
    ['structs in array lengths', (n) => `${'struct { int a[sizeof('.repeat(n)}int${')]; }'.repeat(n)};`],
    ['parentheses of an expression', (n) => `enum { A = ${'('.repeat(n)}1${')'.repeat(n)} };`],
    ['unary operators', (n) => `enum { A = ${'- '.repeat(n)}1 };`],
    ['conditions on the right', (n) => `enum { A = ${'1?1:'.repeat(n)}1 };`],
    ['conditions in the middle', (n) => `enum { A = ${'1?'.repeat(n)}1${':1'.repeat(n)} };`],
    ['casts', (n) => `enum { A = ${'(int)'.repeat(n)}1 };`],
    ['sizeof', (n) => `enum { A = ${'sizeof '.repeat(n)}1 };`],
    ['sizeof of types', (n) => `enum { A = ${'sizeof(char['.repeat(n)}1${'])'.repeat(n)} };`],
    [
      'enums in expressions',
      (n) => `enum { A = ${Array.from({ length: n }, (_, i) => `sizeof(enum { B${i} = `).join('')}1${'})'.repeat(n)} };`,
    ],
    ['offsetof', (n) => `struct s { int a[5]; }; enum { A = ${'offsetof(struct s, a['.repeat(n)}1${'])'.repeat(n)} };`],
    ['alignment attributes', (n) => `struct s { int x ${'__attribute__((aligned('.repeat(n)}1${')))'.repeat(n)}; };`],
    [
      'structs that contain structs',
      (n) =>
        `struct s0 { int x; };${Array.from({ length: Math.min(n, 2000) }, (_, i) => `struct s${i + 1} { struct s${i} a; };`).join('')}`,
    ],
    ['saved pragma pack states', (n) => '#pragma pack(push)\n'.repeat(n)],
  ];

  it.each(deep)('of %s ends in a CdefError', (_, text) => {
    for (const depth of [1_000, 50_000]) expect(failure(() => cdef(text(depth)))).toMatch(/^CdefError: <cdef>:\d+:\d+: error: /);
  });

  it.each(deep)('of %s is fine within reason', (_, text) => {
    if (text(1).startsWith('int x[') && !text(1).includes(']')) return;
    // A reference to a reference is no type.
    expect(accepts(text(1))).toBe(true);
  });

  it('that is built up by typedefs ends in a CdefError', () => {
    for (const next of ['*t#', 't#[1]', '(*t#)(void)']) {
      const text = Array.from({ length: 3000 }, (_, i) => `typedef t${i} ${next.replace('#', String(i + 1))};`).join('');
      expect(failure(() => cdef(`typedef int t0;${text}`))).toMatch(
        /^CdefError: .*: error: type with more than 1000 pointers, arrays and functions/,
      );
    }
  });
});

describe('long text', () => {
  const long: readonly (readonly [string, (length: number) => string])[] = [
    ['members', (n) => `struct s { ${Array.from({ length: n }, (_, i) => `int a${i};`).join(' ')} };`],
    ['declarators', (n) => `int ${Array.from({ length: n }, (_, i) => `a${i}`).join(', ')};`],
    ['enumerators', (n) => `enum { ${Array.from({ length: n }, (_, i) => `a${i}`).join(', ')} };`],
    ['parameters', (n) => `int f(${Array.from({ length: n }, (_, i) => `int a${i}`).join(', ')});`],
    ['operators', (n) => `enum { A = 1${' + 1'.repeat(n)} };`],
    ['operators below sizeof', (n) => `enum { A = sizeof(1${' + 1'.repeat(n)}) };`],
    ['operators of all strengths', (n) => `enum { A = 1${'||1&&1|1^1&1==1<1<<1+1*1'.repeat(n / 10)} };`],
    ['qualifiers', (n) => `${'const '.repeat(n)}int x;`],
    ['attributes', (n) => `struct ${'__attribute__((packed)) '.repeat(n)}s { int x; };`],
    ['semicolons', (n) => ';'.repeat(n)],
    ['spliced lines', (n) => `int ${'\\\n'.repeat(n)}x;`],
    ['line markers', (n) => '# 1 "file"\n'.repeat(n)],
    ['a name', (n) => `int ${'x'.repeat(n)};`],
    ['a string', (n) => `int x __asm__("${'\\x41'.repeat(n)}");`],
    ['a function body', (n) => `int f(void) ${'{'.repeat(n)}${'}'.repeat(n)}`],
  ];

  it.each(long)('of many %s is read', (_, text) => {
    expect(accepts(text(10_000))).toBe(true);
  });

  const refused: readonly (readonly [string, string])[] = [
    ['number', `enum { A = ${'9'.repeat(50_000)} };`],
    ['exponent', `enum { A = 1${'e+'.repeat(50_000)} };`],
    ['character constant', `enum { A = '${'a'.repeat(50_000)}' };`],
    ['comment', '/*'.repeat(50_000)],
    ['line', `${' '.repeat(500_000)}@${' '.repeat(500_000)}`],
    ['series of line markers', `${'# 1 "x"\n'.repeat(50_000)}@`],
    ['pragma', `#pragma pack (${' '.repeat(100_000)}`],
    ['directive', `#${' '.repeat(100_000)}!`],
    ['line marker', `# 1 "${'\\'.repeat(100_000)}`],
  ];

  it.each(refused)('a very long %s is refused soon', (_, text) => {
    const start = performance.now();
    expect(failure(() => cdef(text))).toMatch(/^CdefError: /);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

it.each([
  ['int a[0x7fffffffffffffff];', '<cdef>:1:7: error: array of 9223372036854775807 elements is too large'],
  ['int a[1 << 30][1 << 30][1 << 30];', '<cdef>:1:16: error: array of 1073741824 elements is too large'],
  ['struct e {} a[1 << 30];', '<cdef>:1:15: error: array of 1073741824 elements without bytes is too large'],
  [
    `typedef int t0; ${Array.from({ length: 40 }, (_, i) => `typedef union { t${i} a, b; } t${i + 1};`).join('\n')}`,
    '<cdef>:16:9: error: union <16> has more than 50000 members with nested ones, and more than bits',
  ],
  ['struct s { char a[1LL << 46], b[1LL << 46], c[1LL << 46]; };', '<cdef>:1:1: error: struct s is too large'],
  [
    'struct s { char a __attribute__((aligned(1 << 29))); };',
    "<cdef>:1:42: error: 'aligned' takes a power of two up to 268435456, found 536870912",
  ],
  ['enum { A = 0xffffffffffffffff, B };', "<cdef>:1:32: error: enumerator 'B' is out of range"],
  ['enum { A = 18446744073709551616 };', "<cdef>:1:12: error: integer constant '18446744073709551616' is too large"],
  ['struct s { int a : 999999999999; };', '<cdef>:1:20: error: bit-field width must be from 0 to 32, found 999999999999'],
])('%s is refused', (text, message) => {
  expect(failure(() => cdef(text)).split('\n')[0]).toBe(`CdefError: ${message}`);
});

describe('odd characters', () => {
  it.each([
    ['NUL', 'int x\0;'],
    ['an escape', 'int \x1bx;'],
    ['a line separator', 'int x\u2028;'],
    ['half a character', "enum { A = '\ud800' };"],
    ['the other half', 'int @\udc00;'],
    ['a backslash', 'int \\x;'],
    ['a back-tick', 'int `x;'],
    ['an open string', 'int x asm("a\n");'],
  ])('%s is refused, and shown as printable text', (_, text) => {
    const [, excerpt] = failure(() => cdef(text)).split('\n') as [string, string];
    expect(excerpt).toMatch(/^ {4}1 \| [\x20-\x7e]*$/);
  });
});

describe('random text', () => {
  const words = [...new Set(RICH.match(/[A-Za-z_]\w*|0x\w+|\d+|"[^"]*"|'[^']*'|[^\s\w]|\n/g) ?? [])];
  const extra = [
    'known_t',
    'struct known',
    'struct fwd_known {',
    '<<',
    '&&',
    '...',
    '[?]',
    '-1',
    '0x8000000000000000',
    '#pragma pack(1)\n',
    '\\\n',
    '\0',
    '\ud800',
  ];

  it('of C words is accepted or refused with a CdefError', () => {
    const soup = fc.array(fc.constantFrom(...words, ...extra), { maxLength: 40 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(soup, (text) => void accepts(text)),
      { numRuns: 3000 },
    );
  });

  it('of characters is accepted or refused with a CdefError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void accepts(text)),
      { numRuns: 1000 },
    );
  });

  it('that was a header is accepted or refused with a CdefError', () => {
    const mutation = fc.tuple(fc.nat(RICH.length), fc.nat(12), fc.constantFrom('', ' ', ...words, ...extra));
    const mutated = fc
      .array(mutation, { minLength: 1, maxLength: 4 })
      .map((list) => list.reduce((text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed), RICH));
    fc.assert(
      fc.property(mutated, (text) => void accepts(text)),
      { numRuns: 3000 },
    );
  });

  it('is a type name or refused with a CdefError', () => {
    const c = cdef(RICH);
    const soup = fc.array(fc.constantFrom(...words, ...extra), { maxLength: 12 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(soup, (text) => {
        try {
          c.typeof(text);
        } catch (error) {
          if (!(error instanceof CdefError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
