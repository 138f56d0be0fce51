import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cdef } from '../../helpers/loose.ts';
import { failure } from '../../helpers/errors.ts';

describe('sizes and offsets', () => {
  const c = cdef('struct s { char a; struct { int b; short list[4]; } in; int bits : 3; unsigned more : 20; struct { char deep; }; };');

  it.each([
    ['struct s', 20, 4],
    ['struct s *', 8, 8],
    ['int[3]', 12, 4],
    ['int[]', null, 4],
    ['void', null, 1],
    ['int(void)', null, 1],
    ['long double', 16, 16],
  ])('%s has size %s and alignment %s', (type, size, align) => {
    expect([c.sizeof(type), c.alignof(type)]).toEqual([size, align]);
    expect(c.typeof(type)).toMatchObject({ size, align });
  });

  it('are those of a view and of a type object too', () => {
    expect([c.sizeof(c.new('int[5]')), c.sizeof(c.typeof('short')), c.alignof(c.new('struct s'))]).toEqual([20, 2, 4]);
    expect(failure(() => c.sizeof(5 as never))).toBe('TypeError: expected a C type, got number');
  });

  it.each([
    ['a', 0],
    ['in', 4],
    ['in.list', 8],
    ['in.list[3]', 14],
    ['in.list[9]', 26],
    ['deep', 19],
    ['bits', { offset: 16, bitOffset: 128, bitWidth: 3 }],
    ['more', { offset: 16, bitOffset: 131, bitWidth: 20 }],
  ])('%s is at %s', (path, expected) => {
    expect(c.offsetof('struct s', path)).toEqual(expected);
  });

  it.each(['', 'b', 'a.b', 'in.', '.in', 'in..b', 'in.list[', 'in.list]', 'in.list[-1]', 'in.list[x]', 'in b'])('%s is nowhere', (path) => {
    expect(failure(() => c.offsetof('struct s', path))).toMatch(/^TypeError: struct s: no member named '/);
  });

  it('no index leads into what is no array', () => {
    expect(failure(() => c.offsetof('struct s', 'a[0]'))).toBe('TypeError: struct s: index [0] into something that is no array');
    expect(failure(() => c.offsetof('int', 'x'))).toBe("TypeError: int: no member named 'x'");
  });
});

describe('typeof', () => {
  it('answers the same object for the same type', () => {
    const c = cdef('struct s { int x; }; typedef struct s s_t;');
    expect(c.typeof('struct s')).toBe(c.typeof('s_t'));
    expect(c.typeof(c.new('s_t'))).toBe(c.typeof('struct s'));
    expect(c.typeof('struct s')).not.toBe(c.typeof('const struct s'));
    expect(String(c.typeof('s_t *'))).toBe('struct s *');
  });

  it('knows constants once there is a body', () => {
    const c = cdef('struct s; enum e;');
    c.typeof('struct s');
    c.typeof('enum e');
    c.cdef('struct s { static const int A = 1; int x; }; enum e { B = 2 };');
    expect([c.typeof('struct s')['A'], c.typeof('enum e')['B']]).toEqual([1, 2]);
    expect(c.typeof('struct s').constants).toEqual({ A: 1 });
  });

  it('knows the constants of transparent members', () => {
    const c = cdef('struct s { struct { static const int IN = 3; int x; }; };');
    expect(c.typeof('struct s')['IN']).toBe(3);
  });
});

describe('C', () => {
  it('has constants and functions', () => {
    const c = cdef('enum { A = 1, B = 1LL << 40 }; static const uint64_t C = -1; int add(int a, int b); extern int v;', {
      functions: { add: (a: number, b: number) => a + b },
    });
    expect([c.C['A'], c.C['B'], c.C['C']]).toEqual([1, 2 ** 40, 2n ** 64n - 1n]);
    expect(c.C['add'](1, 2)).toBe(3);
    expect(['A' in c.C, 'add' in c.C, 'v' in c.C, 'int32_t' in c.C, 'toString' in c.C]).toEqual([true, true, true, false, false]);
    expect(failure(() => c.C['toString'])).toBe("TypeError: missing declaration for symbol 'toString'");
    expect((c.C as Record<string, unknown>)['v']).toBe(0);
  });

  it('says when a function has no implementation yet', () => {
    const c = cdef('int f(void);');
    expect(failure(() => c.C['f'])).toBe('TypeError: C.f is declared but has no implementation; give it one with define()');
    c.define({ f: () => 5 });
    expect(c.C['f']()).toBe(5);
    expect(failure(() => c.define({ f: 5 as never }))).toBe("TypeError: define: 'f' is no function");
  });
});

describe('metatype', () => {
  const c = cdef('struct p { int x, y; }; union u { int a; }; struct fwd;');
  c.metatype('struct p', {
    get sum(): number {
      return (this as unknown as { x: number; y: number }).x + (this as unknown as { x: number; y: number }).y;
    },
    double(this: { x: number }): void {
      this.x *= 2;
    },
    x: 'fields have precedence',
    *[Symbol.iterator](this: { x: number; y: number }) {
      yield* [this.x, this.y];
    },
  });

  it('gives views properties, methods and symbols', () => {
    const view = c.new('struct p', { x: 3, y: 4 });
    view.double();
    expect([view.sum, view.x, ...view]).toEqual([10, 6, 6, 4]);
  });

  it('counts for const views, array elements and pointer targets', () => {
    expect(c.typeof('const struct p').view(new Uint8Array(8).fill(1)).sum).toBe(0x02020202);
    expect(c.typeof('struct p').array(new Uint8Array(8).fill(1)).at(0).sum).toBe(0x02020202);
    expect((c.cast('const struct p *', new Uint8Array(8)) as { at(): { sum: number } }).at().sum).toBe(0);
  });

  it('is for complete structs and unions', () => {
    expect(c.metatype('union u', {}).name).toBe('union u');
    expect(failure(() => c.metatype('int', {}))).toBe("TypeError: metatype: 'int' is no struct or union");
    expect(failure(() => c.metatype('struct fwd', {}))).toBe("TypeError: metatype: 'struct fwd' is incomplete");
  });
});

describe('new', () => {
  const c = cdef('struct p { int x, y; }; struct fwd; struct v { int n; int a[?]; };');

  it('makes zeroed memory, a new one each time', () => {
    expect(c.new('struct p').toObject()).toEqual({ x: 0, y: 0 });
    const [a, b] = [c.new('struct p'), c.new('struct p')];
    a.x = 1;
    expect(b.x).toBe(0);
  });

  it.each([
    ['struct fwd', undefined, "TypeError: the size of 'struct fwd' is not known"],
    ['struct v', undefined, "TypeError: the size of 'struct v' is not known"],
    ['void', undefined, "TypeError: the size of 'void' is not known"],
    ['struct p', 5, 'TypeError: struct p: expected an object, got number 5'],
    ['struct p', { z: 1 }, "TypeError: struct p: struct p has no field named 'z'"],
    ['int[2]', [1, 2, 3], 'RangeError: int [2]: 3 elements do not fit int [2]'],
    ['int', 'x', 'TypeError: int: expected a number, got "x"'],
  ])('of %s from %s is refused', (type, init, message) => {
    expect(failure(() => c.new(type, init))).toBe(message);
  });
});

describe('console.log', () => {
  it('shows fields, bytes, enumerators by name, and the rest of long arrays', () => {
    const c = cdef(`enum op { REQUEST = 1 };
      struct in { int16_t x; }; struct s { enum op op, other; struct in in; char name[4]; uint8_t raw[2]; short list[3]; enum op ops[2]; void *p; int bits : 3; uint64_t big; long double ld; };`);
    const view = c.new('struct s', {
      op: 1,
      other: 2,
      in: { x: -1 },
      name: 'abc',
      raw: [1, 255],
      list: [1, 2, 3],
      ops: [1, 5],
      bits: -1,
      big: 5,
    });
    expect(inspect(view)).toMatchInlineSnapshot(`
      "struct s {
        op: 1 (REQUEST),
        other: 2,
        in: struct in { x: -1 },
        name: char [4] <61 62 63 00> "abc",
        raw: unsigned char [2] <01 ff>,
        list: short [3] [ 1, 2, 3 ],
        ops: enum op [2] [ 1 (REQUEST), 5 ],
        p: null,
        bits: -1,
        big: 5n,
        ld: [long double]
      }"
    `);
    expect(inspect(c.new('int[200]'))).toMatch(/^int \[200\] \[\n[\s0,]+\.\.\. 100 more\n\]$/);
    expect(inspect(c.new('char[100]'))).toBe(`char [100] <${'00 '.repeat(64)}... 36 more>`);
  });

  it('stops at the depth asked for', () => {
    const view = cdef('struct a { struct { struct { struct { int x; } d; } c; } b; };').new('struct a');
    expect(inspect(view, { depth: 0 })).toMatch(/^struct a \{ b: \[struct <\d+>\] \}$/);
    expect(inspect({ view }, { depth: 0 })).toBe('{ view: [struct a] }');
    expect(inspect(view, { depth: null })).toContain('x: 0');
  });
});
