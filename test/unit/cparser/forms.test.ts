import { describe, expect, it } from 'vitest';
import { cdef } from '../../../src/view/index.ts';
import { failure } from '../../helpers/errors.ts';

// What gcc 12 says, all of it checked with gcc -std=gnu2x.
const RECORDS = 'struct p { int x, y; }; struct q { int a; struct { int b, c; } d; int e[2]; }; struct s { char n[4]; int v; };';

describe('the length of an array without one', () => {
  it.each([
    ['int a[] = { 1, 2, 3 };', 12],
    ['int a[] = { [5] = 1 };', 24],
    ['int a[] = { [2 ... 7] = 1, 2 };', 36],
    ['int a[] = { 1, 2, [0] = 3 };', 8],
    ['char a[] = "abc";', 4],
    ['char a[] = { "abc" };', 4],
    ['char a[] = "a" "bc";', 4],
    ['char a[] = "\\xff\\377\\u00e9é";', 7],
    ['int a[] = L"a" "bc";', 16],
    ['unsigned short a[] = u"\\U0001f600x";', 8],
    ['char a[][4] = { "a", "b", "c" };', 12],
    ['int a[][2] = { 1, 2, 3 };', 16],
    ['int a[][2] = { { 1 }, 2, 3, { 4 } };', 24],
    ['struct p a[] = { 1, 2, 3, 4, 5 };', 24],
    ['struct p a[] = { { 1 }, { 2 } };', 16],
    ['struct p a[] = { [1].x = 3, 4, 5 };', 24],
    ['struct q a[] = { 1, 2, 3, 4, 5, 6 };', 40],
    ['struct q a[] = { 1, { 2 }, 3, 4, 5 };', 40],
    ['struct q a[] = { { 1 }, 2, { 3 }, { 4 }, 5 };', 60],
    ['struct s a[] = { "abc", 1, "def", 2 };', 16],
    ['struct s a[] = { { "abc", 1 }, "de" };', 16],
    ['union { int i; char c[8]; } a[] = { 1, 2, 3 };', 24],
    ['struct { int i : 3, : 2, j : 4; } a[] = { 1, 2, 3 };', 8],
    ['struct p a[] = { [1].y = 3, 4 };', 24],
    ['struct p a[] = { [0 ... 1].y = 3, 4 };', 24],
    ['int a[][2] = { [1][1] = 1, 2, 3, 4 };', 32],
    ['struct q a[] = { [0].e[1] = 1, 2, 3, 4, 5, 6, 7 };', 60],
    ['struct q a[] = { [0].d.c = 1, 2, 3, 4 };', 40],
    ['struct q a[] = { [2].e = { 1 }, 2 };', 80],
    ['union { int i; char c[4]; } a[] = { [1].c[2] = 1, 2, 3 };', 12],
    ['struct { int k; union { int m; struct { int n, o; }; }; int w; } a[] = { [1].n = 1, 2, 3, 4 };', 48],
  ])('%s', (text, size) => {
    const c = cdef(`${RECORDS} ${text} typedef typeof(a) t;`);
    expect(c.sizeof('t')).toBe(size);
  });

  it('is refused where an index is out of reach', () => {
    expect(failure(() => cdef('int a[] = { [1LL << 60] = 1 };'))).toMatchInlineSnapshot(`
      "CdefError: <cdef>:1:14: error: array index must not be negative or too large, found 1152921504606846976
          1 | int a[] = { [1LL << 60] = 1 };
            |              ^~~~~~~~~"
    `);
    expect(failure(() => cdef('int a[] = { [-1] = 1 };'))).toMatchInlineSnapshot(`
      "CdefError: <cdef>:1:14: error: array index must not be negative or too large, found -1
          1 | int a[] = { [-1] = 1 };
            |              ^~"
    `);
  });
});

describe('the translation phases', () => {
  it('join spliced lines before all else, within words, numbers, operators and literals', () => {
    const c = cdef('st\\\nruct s { in\\\r\nt x; ch\\ \nar y[1\\\n6 <\\\n< 1]; char z[sizeof "a\\\nb"]; }; // gone \\\n int gone;');
    expect(c.offsetof('struct s', 'z')).toBe(36);
    expect(c.sizeof('struct s')).toBe(40);
    expect(c.namespace.names.size).toBe(0);
  });

  it('know places in the text as it was', () => {
    expect(failure(() => cdef('int a;\\\n\\\n int\\\n 5;'))).toMatchInlineSnapshot(`
      "CdefError: <cdef>:4:2: error: expected a name, found '5'
          4 |  5;
            |  ^"
    `);
  });

  it('splice directives', () => {
    expect(cdef('#def\\\nine N \\\n 3\n#pra\\\ngma pack(1)\nstruct s { char c; int x[N]; };').sizeof('struct s')).toBe(13);
  });

  it('read digraphs', () => {
    expect(cdef('%:define N 3\n%: pragma pack(1)\nstruct s <% char c; int a<:N:>; %>;').sizeof('struct s')).toBe(13);
    expect(cdef('%: pragma pack(1)\nstruct s <% char c; int a<:3:>; %>;').sizeof('struct s')).toBe(13);
  });

  it.each(['#ident "x"', '#sccs "x"', '#assert a(b)', '#unassert a', '#', '#pragma x /* a\n b */'])('pass over %j', (line) => {
    expect(cdef(`${line}\nint x;`).namespace.names.size).toBe(1);
  });
});

describe('sizes', () => {
  it.each([
    ['typeof(int *)', 8],
    ['typeof(1 + 1.0)', 8],
    ['_Atomic(long)', 8],
    ['_Float32', 4],
    ['_Float64x', 16],
    ['_Float128', 16],
    ['__int128_t', 16],
    ['__float128', 16],
  ])('of %s', (type, size) => {
    expect(cdef(`struct s { ${type} m; };`).sizeof('struct s')).toBe(size);
  });

  it.each([
    ['typedef int t __attribute__((mode(DI)));', 8, 8],
    ['typedef unsigned t __attribute__((__mode__(__QI__)));', 1, 1],
    ['typedef float t __attribute__((mode(DF)));', 8, 8],
    ['typedef _Complex float t __attribute__((mode(TC)));', 32, 16],
    ['typedef _Complex double t __attribute__((mode(__SC__)));', 8, 4],
    ['typedef int t __attribute__((vector_size(16)));', 16, 16],
    ['typedef struct [[gnu::packed]] { int x; [[maybe_unused]] char y; } t;', 5, 1],
    ['typedef struct { [[gnu::aligned(16)]] int x; } t;', 16, 16],
    ['[[deprecated("no")]] typedef enum : unsigned char { A } t;', 1, 1],
    ['extern "C" { typedef struct { char c; long l; } t; }', 16, 8],
    ['__extension__ _Static_assert(1, ""); typedef struct { int a; __extension__ _Static_assert(1, ""); } t;', 4, 4],
    ['typedef struct { _Static_assert(1, "yes"); _Atomic(int) a; static_assert(1); } t;', 4, 4],
    ['typedef struct { int a; _Static_assert(1) } t;', 4, 4],
    ['asm("nop"); int f(a, b) int a; char *b; { return 1; } typedef typeof(f(1, 0)) t;', 4, 4],
    ['struct s { int a; }; int x = ({ int y = 3; y; }); struct s *q = &(struct s){ 1 }; typedef typeof(x) t;', 4, 4],
    ['void f(int n, int a[n][n], char b[static 3], double c[restrict], int d[*], int e[n + 1][2 * n]); typedef char t;', 1, 1],
  ])('and alignments: %s', (text, size, align) => {
    const c = cdef(text);
    expect([c.sizeof('t'), c.alignof('t')]).toEqual([size, align]);
  });
});

it.each([
  ['_Static_assert(sizeof(int) == 8, "int is " "short");', 'static assertion failed: int is short'],
  ['_Static_assert(0);', 'static assertion failed'],
  ['struct s { int a; _Static_assert(1 > 2, "no"); };', 'static assertion failed: no'],
  ['extern "C" { int a;', "expected '}' to close 'extern \"C\"', found end of text"],
  ['typedef int t = 3;', 'initialised typedef'],
  ['typeof(f()) x;', 'expected a constant expression, found a call'],
  ['[[gnu::packed] int x;', "expected ']' after attributes, found 'int'"],
  ['int x = { 1;', "expected '}' after the initialisers, found ';'"],
  ['typedef int t __attribute__((mode(ABC)));', "mode 'ABC' of 'int' is not supported"],
  ['typedef float t __attribute__((mode(SC)));', "mode 'SC' of 'float' is not supported"],
  ['typedef int t __attribute__((vector_size(3)));', "'vector_size' takes a power of two up to 268435456, found 3"],
])('%s is refused', (text, reason) => {
  expect(
    failure(() => cdef(text))
      .split('\n')[0]
      ?.replace(/^.*? error: /, ''),
  ).toBe(reason);
});

it.each([
  ['typedef int t __attribute__((mode(TI)));', "'__int128' is not supported for arm-linux-gnueabihf"],
  ['typedef _Complex t __attribute__((mode(TC)));', "'_Float128 _Complex' is not supported for arm-linux-gnueabihf"],
])('%s is refused where the machine has no such type', (text, reason) => {
  expect(failure(() => cdef(text, { abi: 'arm-linux-gnueabihf' }))).toContain(reason);
});

// gcc's, for arrays whose lengths come behind them.
describe('parameters declared before the list', () => {
  it.each([
    ['int f(int n; int *rows, int n);', 'int (int *rows, int n)'],
    ['int f(int n; char c; int n, char c, ...);', 'int (int n, char c, ...)'],
    ['int f(int n;);', 'int (void)'],
    ['int f(void;);', 'int (void)'],
  ])('are no parameters: %s', (text, type) => {
    expect(String(cdef('').typeof(text.replace(/^int f/, 'int').replace(/;$/, '')))).toBe(type);
  });

  it.each(['int f(int n; int a[1]);', 'int f(void; int x);', 'int f(int n; char c; int n);'])('have to be declared there: %s', (text) => {
    expect(failure(() => cdef(text))).toContain('a parameter with just a forward declaration');
  });

  it('cannot be the end of a list, or none', () => {
    expect(failure(() => cdef('int f(;);'))).toContain('expected a type');
    expect(failure(() => cdef('int f(int n, ...; int x);'))).toContain("expected ')' after the parameters");
  });
});
