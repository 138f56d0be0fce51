import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RecordView } from '../../../src/view/index.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';
import { cdef } from '../../helpers/loose.ts';

const c = cdef(`
  struct point { int16_t x, y; };
  struct line { struct point from, to; uint8_t name[3]; uint32_t id; };
  struct padded { char c; int i; int b : 3; };
  struct tail { uint8_t count; uint16_t rest[]; };
  struct ring { struct ring *next; };
  union number { uint32_t whole; uint8_t part[4]; };
`);

describe('set', () => {
  it('sets the fields that are named and leaves the others', () => {
    const line = c.new('struct line', { from: { x: 1, y: 2 }, to: { x: 3, y: 4 }, id: 5 });
    line.set({ to: { x: 9 }, name: 'ab' });
    expect(line.toObject()).toEqual({ from: { x: 1, y: 2 }, to: { x: 9, y: 0 }, name: [0x61, 0x62, 0], id: 5 });
  });

  it('takes views of what it overwrites', () => {
    const line = c.new('struct line', { from: { x: 1 }, to: { x: 2 } });
    line.set({ from: line.to, to: line.from });
    expect([line.from.x, line.to.x]).toEqual([2, 1]);
  });

  it('takes a view of the same struct, or bytes', () => {
    const point = c.new('struct point');
    point.set(c.new('struct point', { x: 1, y: 2 }));
    expect(point.toObject()).toEqual({ x: 1, y: 2 });
    point.set(bytes('03 00 04 00'));
    expect(point.toObject()).toEqual({ x: 3, y: 4 });
  });

  it.each([
    [{ id: 7, from: { z: 1 } }, "TypeError: struct line.from: struct point has no field named 'z'"],
    [{ id: 7, to: { y: 'no' } }, 'TypeError: struct line.to.y: expected a number, got "no"'],
    [{ id: 7, nome: 1 }, "TypeError: struct line has no field named 'nome', did you mean 'name'?"],
    [{ id: 7, name: 'four' }, 'RangeError: struct line.name: 4 bytes do not fit unsigned char [3]'],
    [5, 'TypeError: struct line: expected an object, got number 5'],
    [c.new('struct point'), 'TypeError: struct line: expected struct line, got struct point'],
  ])('refuses %o and changes nothing', (values, message) => {
    const line = c.new('struct line', { id: 5, from: { x: 1 } });
    const before = hex(line.bytes);
    expect(failure(() => line.set(values))).toBe(message);
    expect(hex(line.bytes)).toBe(before);
  });

  it('fills flexible arrays and refuses const structs', () => {
    const buffer = new Uint8Array(7);
    c.typeof('struct tail')
      .view(buffer)
      .set({ count: 1, rest: [1, 2] });
    expect(hex(buffer)).toBe('01 00 01 00 02 00 00');
    const constant = c.typeof('const struct point').view(new Uint8Array(4));
    expect(failure(() => constant.set({ x: 1 }))).toBe('TypeError: const struct point is const');
    expect(failure(() => constant.set(new Uint8Array(4)))).toBe('TypeError: const struct point is const');
  });
});

describe('copy', () => {
  it('is of its own memory, flexible array included', () => {
    const buffer = bytes('02 00 01 00 02 00 03');
    const copy = c.typeof('struct tail').view(buffer).copy();
    buffer.fill(0);
    expect([copy.count, ...copy.rest]).toEqual([2, 1, 2]);
    const points = c.typeof('struct point').array(bytes('01 00 02 00 03 00 04 00'));
    const kept = points.copy();
    points[0] = { x: 9 };
    expect(kept.toArray()).toEqual([
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ]);
  });

  it('keeps what pointers point to', () => {
    const ring = c.new('struct ring');
    ring.next = ring;
    expect(ring.copy().next.at().equals(ring)).toBe(true);
  });
});

describe('equals', () => {
  it('compares fields, not padding', () => {
    const type = c.typeof('struct padded');
    const one = type.view(new Uint8Array(12).fill(0xff));
    const other = type.view(new Uint8Array(13).fill(0), 1);
    other.set({ c: -1, i: -1, b: -1 });
    expect([one.equals(other), other.equals(one)]).toEqual([true, true]);
    other.b = 0;
    expect(one.equals(other)).toBe(false);
  });

  it('needs the same struct, and the same length of flexible arrays', () => {
    const point = c.new('struct point');
    expect([point.equals(c.new('union number')), point.equals({ x: 0, y: 0 }), point.equals(c.new('const struct point'))]).toEqual([
      false,
      false,
      true,
    ]);
    const tail = c.typeof('struct tail');
    expect(tail.view(bytes('01 00 05 00')).equals(tail.view(bytes('01 00 05 00 00')))).toBe(true);
    expect(tail.view(bytes('01 00 05 00')).equals(tail.view(bytes('01 00 06 00')))).toBe(false);
    expect(tail.view(bytes('01 00 05 00')).equals(tail.view(bytes('01 00 05 00 00 00')))).toBe(false);
  });

  it('of arrays compares type, length and elements', () => {
    const int = c.new('int[2]', [1, 2]);
    expect(
      [c.new('int[2]', [1, 2]), c.new('const int[2]', [1, 2]), c.new('int[2]', [1, 3]), c.new('unsigned[2]', [1, 2])].map((one) =>
        int.equals(one),
      ),
    ).toEqual([true, true, false, false]);
    const padded = c.new('struct padded[2]', [{ c: 1 }, { i: 2 }]);
    const same = c.typeof('struct padded[2]').view(new Uint8Array(24).fill(0xff));
    same.set(0, { c: 1 });
    same.set(1, { i: 2 });
    expect(padded.equals(same)).toBe(true);
  });
});

it('bytes are live and reach to the last whole element', () => {
  const buffer = new Uint8Array(8);
  const { bytes: all } = c.typeof('struct tail').view(buffer, 1);
  expect([all.length, all.byteOffset]).toEqual([6, 1]);
  all[0] = 7;
  expect(buffer[1]).toBe(7);
});

describe('fields with the names of methods', () => {
  const names = ['set', 'copy', 'equals', 'bytes', 'toObject', 'toJSON', 'constructor', 'index', 'length', 'moveTo'];
  const odd = cdef(`struct odd { int ${names.join(', ')}; }; struct outer { struct odd in; struct odd list[1]; uint64_t toJSON_; };`);
  const values = Object.fromEntries(names.map((name, i) => [name, i]));

  it('come first, and the methods remain as statics', () => {
    const view = odd.new('struct odd', values);
    expect(names.map((name) => view[name])).toEqual(names.map((_, i) => i));
    expect(RecordView.toObject(view)).toEqual(values);
    expect(RecordView.bytes(view).length).toBe(40);
    const copy = RecordView.copy(view);
    expect(RecordView.equals(view, copy)).toBe(true);
    RecordView.set(copy, { set: 9 });
    expect([copy.set, view.set]).toEqual([9, 0]);
  });

  it('appear in JSON and in console.log', () => {
    const view = odd.new('struct odd', values);
    expect(JSON.parse(JSON.stringify(view))).toEqual(values);
    expect(JSON.parse(JSON.stringify([view]))).toEqual([values]);
    const outer = odd.new('struct outer', { in: values, list: [values] });
    expect(JSON.parse(JSON.stringify(outer))).toEqual({ in: values, list: [values], toJSON_: '0' });
    expect(JSON.parse(JSON.stringify(outer.list))).toEqual([values]);
    expect(inspect(view)).toContain('toJSON: 5');
  });
});

describe('text', () => {
  it('is written in UTF-8 or Latin-1, with NULs to the end', () => {
    const name = c.typeof('char[4]').view(bytes('ff ff ff ff'));
    name.setText('é');
    expect(hex(name.bytes)).toBe('c3 a9 00 00');
    name.setText('éÿ', 'latin1');
    expect([hex(name.bytes), name.text('latin1')]).toEqual(['e9 ff 00 00', 'éÿ']);
    name.setText('1234');
    expect(name.text()).toBe('1234');
  });

  it.each([
    ['char[4]', '12345', 'utf8', 'RangeError: char [4]: 5 bytes do not fit char [4]'],
    ['char[4]', 'ab€', 'latin1', 'RangeError: latin1 has no "€"'],
    ['const char[4]', 'a', 'utf8', 'TypeError: const char [4] is const'],
  ])('%s refuses %s in %s', (type, text, encoding, message) => {
    const view = c.typeof(type).view(bytes('01 02 03 04'));
    expect(failure(() => view.setText(text, encoding))).toBe(message);
    expect(hex(view.bytes)).toBe('01 02 03 04');
  });
});

it('map makes a plain array', () => {
  expect(c.new('int[3]', [1, 2, 3]).map((value: number, i: number) => value * 10 + i)).toEqual([10, 21, 32]);
});

describe("overflow: 'throw'", () => {
  const strict = cdef(
    'enum e { A }; struct s { int8_t a; be16_t b; uint32_t w; int64_t l; unsigned f : 3; int g : 3; bool t; float x; enum e e; uint8_t n[2]; };',
    {
      overflow: 'throw',
    },
  );

  it.each([
    ['a', 128, 'a: 128 is not in the range of signed char (-128 to 127)'],
    ['a', 1.5, 'a: 1.5 is not in the range of signed char (-128 to 127)'],
    ['a', -129n, 'a: -129 is not in the range of signed char (-128 to 127)'],
    ['b', -1, 'b: -1 is not in the range of be16_t (0 to 65535)'],
    ['w', 2 ** 32, 'w: 4294967296 is not in the range of unsigned int (0 to 4294967295)'],
    ['w', Number.NaN, 'w: NaN is not in the range of unsigned int (0 to 4294967295)'],
    ['l', 2 ** 63, 'l: 9223372036854776000 is not in the range of long (-9223372036854775808 to 9223372036854775807)'],
    ['f', 8, 'f: 8 is not in the range of unsigned int : 3 (0 to 7)'],
    ['g', 4, 'g: 4 is not in the range of int : 3 (-4 to 3)'],
    ['e', -1, 'e: -1 is not in the range of enum e (0 to 4294967295)'],
    ['n', [1, 256], 'n[1]: 256 is not in the range of unsigned char (0 to 255)'],
  ])('refuses for %s: %s, by all ways to write it', (name, value, message) => {
    const type = strict.typeof('struct s');
    const view = type.new();
    const cursor = type.cursor(view.bytes);
    for (const write of [
      () => (view[name] = value),
      () => (cursor[name] = value),
      () => view.set({ [name]: value }),
      () => type.new({ [name]: value }),
    ]) {
      expect(failure(write)).toMatch(new RegExp(`^RangeError: struct s\\.${message.replace(/[[\]().]/g, '\\$&')}`));
    }
    expect(view.bytes.every((byte: number) => byte === 0)).toBe(true);
  });

  it('takes what fits', () => {
    const values = { a: -128, b: 65535, w: 4294967295, l: -(2n ** 63n), f: 7, g: -4, t: true, x: 0.5, e: 0, n: [255, 0] };
    expect(strict.new('struct s', values).toObject()).toEqual(values);
    expect(strict.new('struct s', { t: 2, x: 1e300, l: 5, w: 7n }).toObject()).toMatchObject({
      t: true,
      x: Number.POSITIVE_INFINITY,
      l: 5n,
      w: 7,
    });
  });
});
