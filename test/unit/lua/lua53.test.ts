import { describe, expect, it } from 'vitest';
import { toLua53 } from '../../../src/lua/index.ts';

describe('literals for Lua 5.3', () => {
  it.each(['return 1, 0x7fffffff, 1e5, .5, "1LL", [[1LL]], x1LL -- 2LL', 'local wifi, full, i, LL = 1', '--[[ 0xffffffff ]] return 1', ''])(
    'are not looked for in %j',
    (text) => {
      expect(toLua53(text)).toBeNull();
    },
  );

  it.each([
    ['return 0xffffffff', 'return 4294967295'],
    ['return 0b101', 'return 5'],
    ['return 0x1p4', 'return 16.0'],
    ['return 0x1p9999', 'return 1e999'],
    ['return 0x.8', 'return 0.5'],
    ['#!lua\nreturn 1', '\nreturn 1'],
    ['\xef\xbb\xbfreturn 1', 'return 1'],
  ])('%j is %j', (text, expected) => {
    expect(toLua53(text)).toEqual({ text: expected, literals: new Map() });
  });

  it('become strings that the compiler replaces', () => {
    expect(toLua53('return 1LL,\n-2ULL + 3i')).toEqual({
      text: 'return "<literal 0.0>",\n-"<literal 0.1>" + "<literal 0.2>"',
      literals: new Map([
        ['<literal 0.0>', { value: { kind: 'int64', value: 1n }, written: '1LL' }],
        ['<literal 0.1>', { value: { kind: 'uint64', value: 2n }, written: '2ULL' }],
        ['<literal 0.2>', { value: { kind: 'imaginary', value: 3 }, written: '3i' }],
      ]),
    });
  });

  it('the strings are none that the text has, however it is written', () => {
    const text = toLua53('return "<literal 0.0>", "\\60literal 1.0>", 1LL')?.text;
    expect(text).toContain('"<literal 2.0>"');
  });

  it('do not become arguments of what stands before them', () => {
    expect(toLua53('f 1LL')?.text).toBe('f 1');
    expect(toLua53('f() 1LL')?.text).toBe('f() 1');
  });

  it('leave what is no Lua to the compiler', () => {
    expect(toLua53('return 1LL, "\\q 2LL')?.text).toBe('return "<literal 0.0>", "\\q 2LL');
  });
});
