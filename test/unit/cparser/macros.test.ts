import { expect, it } from 'vitest';
import { cdef } from '../../../src/view/index.ts';

it.each([
  ['1', 1],
  ['0x10UL', 16],
  ['(-1)', -1],
  ["'a'", 97],
  ['~0u', 4294967295],
  ['1ULL<<63', 9223372036854775808n],
  ['sizeof(int)', 4],
  ['((unsigned char)-1)', 255],
  ['(int)1.5', 1],
  ['OTHER + 1', 8],
  ['TWICE(4)', 8],
  ['(OTHER ? 2 : 3)', 2],
  ['__builtin_offsetof(struct s, b)', 4],
  ['E + 1', 6],
])('a macro that is %s is a constant', (body, value) => {
  const c = cdef(`#define OTHER 7\n#define TWICE(x) ((x) * 2)\n#define M ${body}\nstruct s { char a; int b; }; enum { E = 5 };`);
  expect(c.C['M']).toBe(value);
});

it.each(['"text"', '1.5', 'unknown', '1 2', '', 'int', '(', '1 / 0', 'f(1)', 'TWICE', 'TWICE(', 'TWICE(1, 2)', 'M', '#'])(
  'a macro that is %s is none',
  (body) => {
    const c = cdef(`#define TWICE(x) ((x) * 2)\n#define M ${body}\nint f(int);`);
    expect(c.namespace.lookup('M')).toBe(null);
  },
);

it('a macro does not take the name of a declaration', () => {
  const c = cdef('enum { E = 5 };\nint f(void);\n#define E (E - 1)\n#define f 3\n');
  expect([c.C['E'], c.namespace.lookup('f')?.kind]).toEqual([5, 'function']);
});

it('a macro that was undefined is none', () => {
  expect(cdef('#define A 1\n#undef A\nint x;').namespace.lookup('A')).toBe(null);
});
