import { describe, expect, it } from 'vitest';
import { cdef } from '../../helpers/loose.ts';
import { failure } from '../../helpers/errors.ts';

describe('a text that fails', () => {
  // Each is valid up to its last word.
  it.each([
    ['tags', 'struct a { int x; }; union b; enum c { C1 }; oops', ['struct a', 'union b', 'enum c']],
    ['typedefs', 'typedef int a; typedef a *b; oops', ['a', 'b']],
    [
      'tags in the midst of other things',
      'int f(struct a *); struct b { struct c { int x; } y; oops',
      ['struct a', 'struct b', 'struct c'],
    ],
    ['tags in expressions', 'int x[sizeof(struct a { int y; })]; oops', ['struct a']],
  ])('leaves no %s', (_, text, types) => {
    const c = cdef('');
    expect(failure(() => c.cdef(text))).toMatch(/^CdefError/);
    for (const type of types) expect(failure(() => c.typeof(type))).toMatch(/unknown type/);
    c.cdef(text.replace(/oops$/, text.includes('y; oops') ? '};' : ''));
    for (const type of types) expect(() => c.typeof(type)).not.toThrow();
  });

  it('leaves no enumerators, constants, functions and variables', () => {
    const c = cdef('');
    expect(failure(() => c.cdef('enum { A }; static const int B = 1; int f(void); extern int v; enum { D, D };'))).toMatch(
      /'D' is declared already/,
    );
    expect([...c.namespace.names.keys()]).toEqual([]);
    c.cdef('enum { A = 7, D = 8 }; static const int B = 2;');
    expect([c.C['A'], c.C['B'], c.C['D']]).toEqual([7, 2, 8]);
  });

  it('does not complete a struct or enum that was declared before', () => {
    const c = cdef('struct s; enum e; typedef struct s *s_p;');
    const before = c.typeof('struct s').ctype;
    expect(failure(() => c.cdef('struct s { int x; }; enum e { A }; struct t { struct s s; }; oops'))).toMatch(/^CdefError/);
    expect([c.sizeof('struct s'), c.sizeof('enum e')]).toEqual([null, null]);
    c.cdef('struct s { char y[3]; }; enum e { B };');
    expect(c.typeof('struct s').ctype).toBe(before);
    expect([c.sizeof('struct s'), c.offsetof('struct s', 'y')]).toEqual([3, 0]);
    expect(failure(() => c.offsetof('struct s', 'x'))).toBe("TypeError: struct s: no member named 'x'");
  });

  it('leaves views alone that exist', () => {
    const c = cdef('struct s { int x; };');
    const view = c.new('struct s', { x: 5 });
    expect(failure(() => c.cdef('struct t { struct s s; }; struct s { int y; };'))).toMatch(/struct s is defined already/);
    expect(view.x).toBe(5);
  });

  it('does not have its type names remembered', () => {
    const c = cdef('');
    expect(failure(() => c.typeof('struct { int x; } oops'))).toMatch(/^CdefError/);
    expect(failure(() => c.typeof('struct s { int x; } oops'))).toMatch(/^CdefError/);
    expect(failure(() => c.typeof('struct s'))).toMatch(/unknown type 'struct s'/);
  });
});

describe('redeclaration', () => {
  it.each([
    ['struct s; struct s; struct s { int x; }; struct s;'],
    ['typedef int t; typedef int t;'],
    ['typedef struct s s; struct s { int x; }; typedef struct s s;'],
    ['int f(void); int f(void); extern int f(void);'],
    ['extern int x; extern int x;'],
    ['static const int K = 1; static const int K = 1;'],
    ['struct s { int x; }; int s; typedef int s2; struct s2;'],
    ['enum e; enum e { A }; enum e;'],
    ['typedef unsigned char uint8_t; typedef _Bool bool; typedef unsigned long size_t;'],
  ])('is fine in %s', (text) => {
    expect(() => cdef(text)).not.toThrow();
  });

  it.each([
    ['struct s { int x; }; struct s { int x; };', 'struct s is defined already'],
    ['struct s; union s { int x; };', "'s' is a struct, not a union"],
    ['enum e { A }; enum f { A };', "'A' is declared already"],
    ['enum e { A }; static const int A = 0;', undefined],
    ['static const int A = 1; static const int A = 2;', "'A' is declared already"],
    ['int A; enum { A };', "'A' is declared already"],
    ['enum { A }; int A;', "'A' is declared already"],
    ['enum { A }; typedef int A;', "'A' is declared already"],
  ])('is an error in %s', (text, reason) => {
    if (reason === undefined) expect(cdef(text).C['A']).toBe(0);
    else expect(failure(() => cdef(text)).split('\n')[0]).toMatch(new RegExp(`error: ${reason}$`));
  });

  it('of a name keeps the first meaning, as in LuaJIT', () => {
    expect(cdef('typedef int t; typedef char t;').sizeof('t')).toBe(4);
  });

  it('may spread over several texts', () => {
    const c = cdef('struct s; typedef struct s s_t;');
    expect(failure(() => c.new('s_t'))).toBe("TypeError: the size of 'struct s' is not known");
    c.cdef('struct s { int x; };');
    expect(c.new('s_t').x).toBe(0);
    expect(failure(() => c.cdef('struct s { int x; };'))).toMatch(/struct s is defined already/);
  });
});

describe('names', () => {
  it('belong to one cdef object', () => {
    const [a, b] = [cdef('typedef int t; enum { K = 1 };'), cdef('typedef char t; enum { K = 2 };')];
    expect([a.sizeof('t'), b.sizeof('t'), a.C['K'], b.C['K']]).toEqual([4, 1, 1, 2]);
    expect(failure(() => cdef('').typeof('t'))).toMatch(/unknown type 't'/);
  });

  it('of tags are apart from other names', () => {
    const c = cdef('struct a { int x; }; typedef char a; enum { b }; union b { short s; };');
    expect([c.sizeof('struct a'), c.sizeof('a'), c.C['b'], c.sizeof('union b')]).toEqual([4, 1, 0, 2]);
  });

  it('in type names declare nothing, but define what has a body', () => {
    const c = cdef('');
    expect(failure(() => c.typeof('struct x *'))).toMatch(/unknown type 'struct x'/);
    expect(c.sizeof('struct x { int a[5]; }')).toBe(20);
    expect(c.sizeof('struct x')).toBe(20);
    expect(failure(() => c.typeof('struct x { int a[5]; }'))).toMatch(/struct x is defined already/);
  });

  it('that JavaScript knows are names like any other', () => {
    const c = cdef(
      'typedef int __proto__, constructor; struct __proto__ { __proto__ toString; }; struct hasOwnProperty { constructor valueOf; };',
    );
    expect([c.sizeof('__proto__'), c.sizeof('struct __proto__'), c.sizeof('struct hasOwnProperty')]).toEqual([4, 4, 4]);
    for (const name of ['toString', 'valueOf', 'struct constructor']) expect(failure(() => c.typeof(name))).toMatch(/unknown type/);
  });
});
