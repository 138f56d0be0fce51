import { describe, expect, it } from 'vitest';
import { Cdef } from '../../../src/view/index.ts';
import { plainFfi } from '../../helpers/lua-values.ts';

// What gcc takes and LuaJIT refuses.
const GCC_ONLY = [
  'struct wide { unsigned long long x : 40; };',
  'enum e { A }; struct of_enum { enum e x : 2; };',
  'static const long long BIG = 5;',
  'static int counter;',
  'int;',
  "enum { AB = 'ab' };",
  'struct flexible { union { int n; char text[]; } u; };',
  'struct open { int x; int y };',
  'void sum(int n, int values[static 3], int more[n]);',
  'char none[sizeof(void)];',
  'int old(a, b);',
];

describe('C text', () => {
  it.each(GCC_ONLY)("of JavaScript is gcc's: %s", (text) => {
    expect(() => new Cdef().cdef(text)).not.toThrow();
  });

  it.each(GCC_ONLY)("of Lua is LuaJIT's: %s", (text) => {
    expect(() => plainFfi().ffi.cdef(text)).toThrow();
  });

  it.each(GCC_ONLY)("of Lua with directives is gcc's: %s", (text) => {
    expect(() => plainFfi().ffi.cdef(`#define ONE 1\n${text}`)).not.toThrow();
  });

  it.each(['auto int x;', 'register int x;', 'int f(int x, y);'])('is no C to either: %s', (text) => {
    expect(() => new Cdef().cdef(text)).toThrow();
    expect(() => plainFfi().ffi.cdef(text)).toThrow();
  });

  it('has members without a name where LuaJIT embeds them', () => {
    const text = 'struct a { int x, y; }; struct b { struct a; int z; };';
    expect(new Cdef().cdef(text).sizeof('struct b')).toBe(4);
    const { ffi } = plainFfi();
    ffi.cdef(text);
    expect(ffi.inquiry.sizeof('struct b')).toBe(12);
  });
});
