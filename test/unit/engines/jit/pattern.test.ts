import { describe, expect, it } from 'vitest';
import { Pattern } from '../../../../src/engines/jit/lib/pattern.ts';
import { LuaFault } from '../../../../src/engines/jit/runtime/errors.ts';

// `index: text, captures`, as `luajit` finds them.
describe('patterns', () => {
  it.each<[string, string, string | null]>([
    ['THE (quick) fox', '%((%a+)%)', '4: (quick),quick'],
    ['abc', '()b()', '1: b,2,3'],
    ['abc', '(()b())', '1: b,b,2,3'],
    ['  x ', '^%s*(.-)%s*$', '0:   x ,x'],
    ['f(a(b)c)d', '%b()', '1: (a(b)c)'],
    ['THE (quick) fox', '%f[%a]%a+%f[%A]', '0: THE'],
    ['abab', '(ab)%1', '0: abab,ab'],
    ['ab$', 'b$', null],
    ['a]c', '[]]', '1: ]'],
    ['a-z', '[%a-z]', '0: a'],
    ['a\0b', '%z', '1: \0'],
    ['a\xe9b', '%a+', '0: a'],
    ['abc', 'x[', null],
    ['aaa', '()%1', null],
    ['a\nb', '.b', '1: \nb'],
  ])('%j with %j', (text, source, expected) => {
    const found = new Pattern(source, true).match(text, 0);
    expect(found === null ? null : `${found.index}: ${Array.from(found).join(',')}`).toBe(expected);
  });

  it.each([
    ['[a', "malformed pattern (missing ']')"],
    ['a%', "malformed pattern (ends with '%')"],
    ['%ba', 'unbalanced pattern'],
    ['%fa', "missing '[' after '%f' in pattern"],
    ['(a%1)', 'invalid capture index'],
    ['()'.repeat(33), 'too many captures'],
    ['a*'.repeat(200), 'pattern too complex'],
  ])('%j: %s', (source, message) => {
    let raised: unknown;
    try {
      new Pattern(source, true).match('a'.repeat(300), 0);
    } catch (error) {
      raised = error;
    }
    expect(raised).toBeInstanceOf(LuaFault);
    expect((raised as LuaFault).value).toBe(message);
  });
});
