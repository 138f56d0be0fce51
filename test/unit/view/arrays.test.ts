import { describe, expect, it } from 'vitest';
import { cdef } from '../../helpers/loose.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';

const c = cdef('struct p { int8_t x, y; }; struct s { uint16_t n[3]; struct p p[2]; int8_t m[2][2]; char text[8]; uint8_t raw[3]; };');

describe('elements', () => {
  it('are read by index, by at, and in order', () => {
    const { n } = c.new('struct s', { n: [1, 2, 3] });
    expect([n.length, n[0], n[2], n[3], n[-1], n[0.5]]).toEqual([3, 1, 3, undefined, undefined, undefined]);
    expect([n.at(0), n.at(-1), n.at(3), n.at(-4), n.at(0.5)]).toEqual([1, 3, undefined, undefined, undefined]);
    expect([...n]).toEqual([1, 2, 3]);
    expect(n.toArray()).toEqual([1, 2, 3]);
  });

  it('are written in place', () => {
    const buffer = bytes('ff ff ff ff ff ff ff ff');
    const n = c.typeof('uint16_t[3]').view(buffer, 1);
    n[1] = 0x1234;
    n.set(2, 5);
    expect(hex(buffer)).toBe('ff ff ff 34 12 05 00 ff');
  });

  it.each(['3', '-1', '1.5', 'NaN', 'Infinity'])('are refused at %s, by which no property is made', (index) => {
    const { n } = c.new('struct s');
    const message = `RangeError: index ${index} is outside unsigned short [3]`;
    expect(failure(() => (n[index as never] = 1))).toBe(message);
    expect(failure(() => n.set(Number(index), 1))).toBe(message);
    expect(Object.keys(n)).toEqual(['length']);
  });

  it('name themselves when a value does not suit them', () => {
    const view = c.new('struct s');
    expect(failure(() => (view.n[1] = 'x'))).toBe('TypeError: unsigned short [3][1]: expected a number, got "x"');
    expect(failure(() => (view.n = [1, 'x']))).toBe('TypeError: struct s.n[1]: expected a number, got "x"');
    expect(failure(() => (view.p[1] = 5))).toBe('TypeError: struct p [2][1]: expected an object, got number 5');
  });

  it('that are structs or arrays are live views', () => {
    const view = c.new('struct s');
    view.p[1].y = 5;
    view.m[1][0] = 6;
    view.p[0] = { x: 1 };
    view.m[0] = [7, 8];
    expect(view.toObject()).toMatchObject({
      p: [
        { x: 1, y: 0 },
        { x: 0, y: 5 },
      ],
      m: [
        [7, 8],
        [6, 0],
      ],
    });
  });
});

describe('assignment of a whole array', () => {
  it('takes what is given and clears the rest', () => {
    const view = c.new('struct s', {
      n: [9, 9, 9],
      m: [
        [1, 2],
        [3, 4],
      ],
    });
    view.n = [1];
    view.m = [[5]];
    expect(view.toObject()).toMatchObject({
      n: [1, 0, 0],
      m: [
        [5, 0],
        [0, 0],
      ],
    });
    view.n = new Set([7, 8]);
    view.m = c.new('int8_t[2][2]', [[1], [2]]);
    expect(view.toObject()).toMatchObject({
      n: [7, 8, 0],
      m: [
        [1, 0],
        [2, 0],
      ],
    });
    view.n = new Uint8Array([1, 2]);
    expect([...view.n]).toEqual([1, 2, 0]);
  });

  it('may reorder its own elements', () => {
    const view = c.new('struct s', { p: [{ x: 1 }, { x: 2 }] });
    view.p = [view.p[1], view.p[0]];
    expect(view.toObject().p).toEqual([
      { x: 2, y: 0 },
      { x: 1, y: 0 },
    ]);
  });

  it.each([
    ['n', [1, 2, 3, 4], 'RangeError: struct s.n: 4 elements do not fit unsigned short [3]'],
    ['n', 5, 'TypeError: struct s.n: expected elements of unsigned short [3], got number 5'],
    ['n', null, 'TypeError: struct s.n: expected elements of unsigned short [3], got null'],
    ['n', { 0: 1 }, 'TypeError: struct s.n: expected elements of unsigned short [3], got an object (Object)'],
    ['p', [{ x: 1 }, { z: 1 }], "TypeError: struct s.p[1]: struct p has no field named 'z'"],
    ['m', [[1], [1, 2, 3]], 'RangeError: struct s.m[1]: 3 elements do not fit signed char [2]'],
    ['text', 'too long a text', 'RangeError: struct s.text: 15 bytes do not fit char [8]'],
    ['raw', new Uint8Array(4), 'RangeError: struct s.raw: 4 bytes do not fit unsigned char [3]'],
    ['raw', 5n, 'TypeError: struct s.raw: expected elements of unsigned char [3], got bigint 5'],
  ])('refuses for %s: %s, and changes nothing', (name, value, message) => {
    const view = c.new('struct s', { n: [1, 2, 3], p: [{ x: 4 }], m: [[5]], text: 'six', raw: [7] });
    const before = view.toObject();
    expect(failure(() => (view[name] = value))).toBe(message);
    expect(view.toObject()).toEqual(before);
  });
});

describe('arrays of bytes', () => {
  it('are text up to the first NUL, and take text', () => {
    const view = c.new('struct s', { text: 'héé' });
    expect(hex(view.text.bytes)).toBe('68 c3 a9 c3 a9 00 00 00');
    expect([view.text.text(), String(view.text), view.text.text('latin1')]).toEqual(['héé', 'héé', 'hÃ©Ã©']);
    view.text = '12345678';
    expect(view.text.text()).toBe('12345678');
    view.text = '';
    expect(view.text.text()).toBe('');
    view.text[1] = 0x61;
    expect(view.text.text()).toBe('');
  });

  it('show what is no UTF-8 as replacement characters', () => {
    expect(c.typeof('char[2]').view(bytes('ff 41')).text()).toBe('\ufffdA');
    expect(c.typeof('char[2]').view(bytes('93 41')).text('latin1')).toBe('\u0093A');
  });

  it('take bytes of every sort, also of themselves', () => {
    const view = c.new('struct s');
    view.raw = Buffer.from([1, 2]);
    expect([...view.raw]).toEqual([1, 2, 0]);
    view.raw = new DataView(new ArrayBuffer(3));
    expect([...view.raw]).toEqual([0, 0, 0]);
    view.raw = [1, 2, 300];
    expect([...view.raw]).toEqual([1, 2, 44]);
    view.raw = view.raw.bytes.subarray(1);
    expect([...view.raw]).toEqual([2, 44, 0]);
  });

  it('give their memory as live bytes', () => {
    const view = c.new('struct s');
    view.raw.bytes[2] = 9;
    expect([...view.raw]).toEqual([0, 0, 9]);
  });
});
