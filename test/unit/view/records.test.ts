import { describe, expect, it } from 'vitest';
import { cdef } from '../../helpers/loose.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';

// Spelled as a variable: written out, it is a mistake in most programs.
const PROTO = '__proto__';

const c = cdef(`
  struct point { int16_t x, y; };
  struct line { struct point from, to; uint8_t name[4]; };
  union number { uint32_t whole; uint16_t half[2]; struct { uint8_t a, b; }; };
  struct tail { uint8_t count; uint16_t rest[]; };
`);

describe('nested structs', () => {
  it('are live views', () => {
    const line = c.new('struct line');
    const { to } = line;
    to.x = 5;
    expect(line.to.x).toBe(5);
    expect(line.toObject()).toEqual({ from: { x: 0, y: 0 }, to: { x: 5, y: 0 }, name: [0, 0, 0, 0] });
  });

  it('are assigned from objects, views and bytes; what is not named becomes zero', () => {
    const line = c.new('struct line', { from: { x: 1, y: 2 } });
    line.to = line.from;
    line.from = { y: 9 };
    expect(line.toObject()).toMatchObject({ from: { x: 0, y: 9 }, to: { x: 1, y: 2 } });
    line.from = bytes('01 00 ff ff');
    expect(line.from.toObject()).toEqual({ x: 1, y: -1 });
  });

  it.each([
    [5, 'TypeError: struct line.to: expected an object, got number 5'],
    [null, 'TypeError: struct line.to: expected an object, got null'],
    [{ z: 1 }, "TypeError: struct line.to: struct point has no field named 'z'"],
    [{ x: 7, y: 'no' }, 'TypeError: struct line.to.y: expected a number, got "no"'],
    [new Uint8Array(5), 'RangeError: struct line.to: needs 4 bytes at offset 0, have 5'],
    [c.new('struct line'), 'TypeError: struct line.to: expected struct point, got struct line'],
    [c.new('int[2]'), 'TypeError: struct line.to: expected struct point, got int [2]'],
  ])('refuse %s and keep what they had', (value, message) => {
    const line = c.new('struct line', { to: { x: 1, y: 2 } });
    expect(failure(() => (line.to = value))).toBe(message);
    expect(line.to.toObject()).toEqual({ x: 1, y: 2 });
  });

  it('may be assigned from views of themselves', () => {
    const swapped = c.new('struct line', { from: { x: 1 }, to: { x: 2 } });
    const lines = c.typeof('struct line').array(new Uint8Array(24), 0, 2);
    lines.set(1, swapped);
    lines.set(1, { from: lines.at(1).to, to: lines.at(1).from });
    expect(lines.toArray()[1]).toMatchObject({ from: { x: 2 }, to: { x: 1 } });
  });
});

describe('unions', () => {
  it('show the same bytes in every member', () => {
    const number = c.new('union number', { whole: 0x01020304 });
    expect(number.toObject()).toEqual({ whole: 0x01020304, half: [0x0304, 0x0102], a: 4, b: 3 });
    number.b = 0xff;
    expect(number.whole).toBe(0x0102ff04);
  });
});

describe('flexible arrays', () => {
  it('reach as far as whole elements fit', () => {
    const buffer = bytes('02 00 01 00 02 00 03');
    const tail = c.typeof('struct tail').view(buffer);
    expect(tail.rest.length).toBe(2);
    tail.rest[1] = 0xffff;
    expect(hex(buffer)).toBe('02 00 01 00 ff ff 03');
    tail.rest = [7];
    expect(hex(buffer)).toBe('02 00 07 00 00 00 03');
    expect(failure(() => (tail.rest = [1, 2, 3]))).toBe('RangeError: struct tail.rest: 3 elements do not fit unsigned short [2]');
    expect(c.typeof('struct tail').view(new Uint8Array(2)).rest.length).toBe(0);
  });

  it("reach as far in LuaJIT's notation", () => {
    const variable = cdef('struct v { uint8_t n; uint8_t data[?]; };').typeof('struct v');
    expect(variable.size).toBe(null);
    const view = variable.view(bytes('ff 03 01 02 03'), 1);
    expect([...view.data]).toEqual([1, 2, 3]);
    expect(failure(() => variable.view(new Uint8Array(0)))).toBe('RangeError: struct v: needs 1 bytes at offset 0, have 0');
  });

  it('are filled through a pointer', () => {
    const buffer = new Uint8Array(6);
    const pointer = c.cast('struct tail *', buffer) as { set(value: unknown): void };
    pointer.set({ count: 2, rest: [1, 2] });
    expect(hex(buffer)).toBe('02 00 01 00 02 00');
  });
});

describe('const', () => {
  const k = cdef(`struct in { int x; int a[2]; };
    struct s { const int x; const int a[2]; int m[2][2]; const int n[2][2]; const struct in in; int b : 3; const int d : 3; };`);
  const read = (path: string, view: Record<string, unknown>): Record<string, unknown> =>
    path.split('.').reduce((holder, name) => holder[name] as Record<string, unknown>, view);

  it.each([
    ['struct s', '', 'x', 'TypeError: struct s.x is const'],
    ['struct s', '', 'a', 'TypeError: struct s.a is const'],
    ['struct s', 'a', '0', 'TypeError: const int [2] is const'],
    ['struct s', 'n', '1', 'TypeError: const int [2][2] is const'],
    ['struct s', 'n.1', '1', 'TypeError: const int [2] is const'],
    ['struct s', '', 'in', 'TypeError: struct s.in is const'],
    ['struct s', 'in', 'x', 'TypeError: const struct in.x is const'],
    ['struct s', 'in.a', '0', 'TypeError: const int [2] is const'],
    ['struct s', '', 'd', 'TypeError: struct s.d is const'],
    ['const struct s', '', 'b', 'TypeError: const struct s.b is const'],
    ['const struct s', '', 'm', 'TypeError: const struct s.m is const'],
    ['const struct s', 'm.0', '0', 'TypeError: const int [2] is const'],
    ['const struct in', 'a', '1', 'TypeError: const int [2] is const'],
  ])('in %s, member %s refuses to set %s', (type, path, name, message) => {
    const buffer = new Uint8Array(64);
    const view = k.typeof(type).view(buffer);
    const holder = path === '' ? view : read(path, view);
    expect(failure(() => (holder[name] = 1))).toBe(message);
    expect(buffer.every((byte) => byte === 0)).toBe(true);
  });

  it('does not keep new values from being initialised', () => {
    expect(k.new('const struct in', { x: 1, a: [2, 3] }).toObject()).toEqual({ x: 1, a: [2, 3] });
    const made = k.new('struct s', { x: 1, a: [2, 3], n: [[4], [5]], in: { x: 6 }, d: -1 });
    expect(made.toObject()).toMatchObject({
      x: 1,
      a: [2, 3],
      n: [
        [4, 0],
        [5, 0],
      ],
      in: { x: 6 },
      d: -1,
    });
    expect([...k.new('const int[2]', [1, 2])]).toEqual([1, 2]);
  });

  it('of a pointer target refuses writes through it', () => {
    const text = k.cast('const char *', new Uint8Array(3)) as { set(value: unknown): void };
    expect(failure(() => text.set(1))).toBe('TypeError: *(const char *) is const');
    const array = k.cast('const int (*)[2]', new Uint8Array(8)) as { set(value: unknown): void };
    expect(failure(() => array.set([1, 2]))).toBe('TypeError: *(const int (*)[2]) is const');
  });
});

describe('names that JavaScript knows', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'valueOf', 'prototype', 'then'];
  const odd = cdef(`struct odd { int ${names.join(', ')}; }; struct outer { struct odd __proto__; };`);
  const values = Object.fromEntries(names.map((name, i) => [name, i + 1]));

  it('are fields like any other', () => {
    const view = odd.new('struct odd', values);
    expect(names.map((name) => view[name])).toEqual(names.map((_, i) => i + 1));
    for (const name of names) view[name] += 10;
    expect(Object.entries(view.toObject())).toEqual(names.map((name, i) => [name, i + 11]));
    expect(JSON.parse(JSON.stringify(view))).toEqual(
      JSON.parse(JSON.stringify(Object.fromEntries(names.map((name, i) => [name, i + 11])))),
    );
    expect(Object.hasOwn(view.toObject(), '__proto__')).toBe(true);
  });

  it('are assigned to nested structs, and no prototype is touched', () => {
    const outer = odd.new('struct outer');
    outer[PROTO] = values;
    expect(outer[PROTO].toObject()).toEqual(values);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['length']).toBe(undefined);
  });

  it('are found by offsetof and as constants', () => {
    expect(odd.offsetof('struct odd', '__proto__')).toBe(0);
    expect(odd.offsetof('struct outer', '__proto__.constructor')).toBe(4);
    const constants = cdef(
      'struct k { static const int __proto__ = 1, constructor = 2, size = 3; }; enum e { __proto__ = 4, toString = 5 };',
    );
    expect(Object.entries(constants.typeof('struct k').constants)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['size', 3],
    ]);
    expect(constants.typeof('struct k').size).toBe(0);
    expect([constants.C[PROTO], constants.C['toString']]).toEqual([4, 5]);
  });

  it('hide the helpers of the library, which go on working', () => {
    const hiding = cdef('struct in { int toObject, toJSON; }; struct h { struct in in; int x; };');
    const view = hiding.new('struct h', { in: { toObject: 1, toJSON: 2 }, x: 3 });
    expect(view.in.toObject).toBe(1);
    expect(JSON.stringify(view)).toBe('{"in":{"toObject":1,"toJSON":2},"x":3}');
  });
});

describe('copies', () => {
  it('turn 64-bit integers into digits for JSON, and pointers into addresses', () => {
    const j = cdef('struct j { uint64_t big; int64_t list[2]; struct j *next; double d; struct { bool b; } in; };');
    const view = j.new('struct j', { big: 2n ** 64n - 1n, list: [-1, 2], d: Number.NaN, in: { b: true } });
    expect(view.toObject()).toEqual({ big: 2n ** 64n - 1n, list: [-1n, 2n], next: null, d: Number.NaN, in: { b: true } });
    view.next = view;
    expect(JSON.stringify(view)).toMatch(
      /^\{"big":"18446744073709551615","list":\["-1","2"\],"next":"0x[0-9a-f]+","d":null,"in":\{"b":true\}\}$/,
    );
  });

  it('show a long double, which no number can hold, as its bytes', () => {
    const view = cdef('struct d { char c; long double x; };').typeof('struct d').view(new Uint8Array(32).fill(1));
    expect(view.toObject()).toEqual({ c: 1, x: Array(16).fill(1) });
    expect(failure(() => view.x)).toBe("TypeError: 'long double' has no values that JavaScript could hold");
  });
});

describe('members of a const struct without a name', () => {
  it('are const, whatever they are', () => {
    const view = cdef('struct s { const struct { int a; int list[2]; struct { int deep : 3; }; }; int b; };').new('struct s', {
      a: 1,
      b: 2,
    });
    for (const name of ['a', 'list', 'deep'])
      expect(() => Object.assign(view, { [name]: name === 'list' ? [1, 2] : 1 })).toThrow(`struct s.${name} is const`);
    expect(() => view.list.set(0, 1)).toThrow('is const');
    view.b = 3;
    expect([view.a, view.b]).toEqual([1, 3]);
  });
});
