import { describe, expect, it } from 'vitest';
import { CdefError } from '../../../src/util/errors.ts';
import { cdef } from '../../../src/view/index.ts';

describe('type parameters', () => {
  it('are types, identifiers and integers, in the order of their $', () => {
    const c = cdef('typedef struct { int x, y; } point;');
    const type = c.typeof('struct { $ first; int $; $ rest[$]; }', c.typeof('point'), 'second', c.typeof('uint8_t'), 3);
    expect(type.size).toBe(16);
    expect(c.offsetof(type, 'second')).toBe(8);
    const view = type.new({ first: { x: 1, y: 2 }, rest: [3, 4, 5] });
    expect(c.typeof('$ *', view).name).toBe(`${type.name} *`);
    expect(view.first.y).toBe(2);
  });

  it('stand in declarations', () => {
    const text: string = 'struct $ { int $[$]; }; enum { $ = $ };';
    const c = cdef(text, { parameters: ['box', 'items', 5.7, 'LEAST', -5] });
    expect(c.sizeof('struct box')).toBe(20);
    expect(c.C['LEAST']).toBe(-5);
    expect(c.typeof('char[$]', 1e10).size).toBe(Math.trunc(1e10) | 0);
  });

  it('are not remembered from one text to the next', () => {
    const c = cdef('');
    expect([c.typeof('$[2]', c.typeof('int')).size, c.typeof('$[2]', c.typeof('char')).size]).toEqual([8, 2]);
    expect(() => c.typeof('$[2]')).toThrow('wrong number of type parameters');
  });

  it.each<[string, readonly (object | string | number)[], string]>([
    ['$', [], 'wrong number of type parameters'],
    ['int', [5], 'wrong number of type parameters'],
    ['int[$]', [5, 6], 'wrong number of type parameters'],
    ['$x', [cdef('').typeof('int')], "syntax error near 'x'"],
    ['$ *', ['int'], "type parameter 'int' is no identifier"],
    ['struct { int $; }', ['*'], "type parameter '*' is no identifier"],
    ['struct { int $; }', ['$0'], "type parameter '$0' is no identifier"],
    ['struct { int $; }', [cdef('').typeof('int')], 'expected an identifier for the type parameter, got a type'],
    ['struct $', [cdef('').typeof('int')], 'expected an identifier for the type parameter, got a type'],
  ])('%s with %j is refused', (text, [first, ...others], reason) => {
    const c = cdef('');
    const error = (() => {
      try {
        return first === undefined ? c.typeof(text) : c.typeof(text, first, ...others);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(CdefError);
    expect((error as CdefError).message.split('\n')[0]).toMatch(new RegExp(`^<type>:1:\\d+: error: .*${reason.replace(/[$*]/g, '\\$&')}$`));
  });
});
