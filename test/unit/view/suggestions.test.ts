import { expect, it } from 'vitest';
import { createLua } from '../../../src/host/node.ts';
import { cdef } from '../../../src/view/index.ts';
import { failure } from '../../helpers/errors.ts';

const TEXT = 'struct point { int xid, yiaddr; }; typedef struct point point_t; int puts(const char *); enum { LIMIT = 3 };';
// Texts that no compiler reads.
const c = cdef(TEXT as string);

it.each([
  ['uint23_t x;', "did you mean 'uint32_t'?"],
  ['pointt *p;', "did you mean 'point_t'?"],
  ['typedef int number; numbr n;', "did you mean 'number'?"],
])('C text: %s', (text, note) => {
  expect(
    failure(() => cdef(`${TEXT}${text}`))
      .split('\n')
      .at(-1),
  ).toBe(`note: ${note}`);
});

it('C text without anything near', () => {
  expect(failure(() => cdef(`${TEXT}zzzz x;`))).not.toContain('did you mean');
});

it.each<[string, () => unknown, string]>([
  ['types', () => c.typeof('struct pont'), "note: did you mean 'struct point'?"],
  ['paths', () => c.offsetof('struct point', 'xld'), "struct point: no member named 'xld', did you mean 'xid'?"],
  ['values', () => c.new('struct point', { yiadr: 1 }), "has no field named 'yiadr', did you mean 'yiaddr'?"],
  [
    'set',
    () => (c.new('struct point') as unknown as { set(value: object): void }).set({ xidd: 1 }),
    "has no field named 'xidd', did you mean 'xid'?",
  ],
  ['names', () => c.C['pust'], "missing declaration for symbol 'pust', did you mean 'puts'?"],
  ['constants', () => c.C['LIMTI'], "missing declaration for symbol 'LIMTI', did you mean 'LIMIT'?"],
])('%s', (_, work, end) => {
  expect(failure(work)).toContain(end);
});

it('has nothing to do with the texts of LuaJIT', () => {
  const lua = createLua({ cdef: cdef(TEXT as string) });
  const raised = (chunk: string): string => lua.run(`return select(2, pcall(function() local ffi = require 'ffi' ${chunk} end))`) as string;
  expect(raised('return ffi.C.pust')).toMatch(/missing declaration for symbol 'pust'$/);
  expect(raised('return ffi.new("struct point").xld')).toMatch(/'struct point' has no member named 'xld'$/);
  expect(raised('ffi.cdef "uint23_t x;"').split('\n')[0]).toMatch(/: declaration specifier expected near 'uint23_t'$/);
  lua.close();
});
