import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../src/view/index.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';
import { cdef } from '../../helpers/loose.ts';

const c = cdef(`
  struct __attribute__((packed)) record { uint8_t kind; be16_t port; const int32_t fixed; unsigned low : 3, high : 5; uint8_t raw[2]; struct { int8_t x; } in; };
`);
const type = c.typeof('struct record');
const SIZE = 11;
const three = (): Buffer => Buffer.from(Array.from({ length: 1 + 3 * SIZE }, (_, i) => i)).subarray(1);

describe('a cursor', () => {
  it('reads at every record what a view does', () => {
    const buffer = three();
    const cursor = type.cursor(buffer);
    expect([cursor.length, cursor.index]).toEqual([3, 0]);
    for (const i of [2, 0, 1]) {
      cursor.moveTo(i);
      expect(cursor.index).toBe(i);
      expect(cursor.toObject()).toEqual(type.view(buffer, i * SIZE).toObject());
    }
  });

  it('writes into the record it is at', () => {
    const buffer = new Uint8Array(1 + 2 * SIZE);
    const cursor = type.cursor(buffer, 1);
    cursor.moveTo(1);
    cursor.port = 0x1234;
    cursor.high = 31;
    cursor.raw = [5, 6];
    cursor.in.x = -1;
    expect(hex(buffer)).toBe(`00 ${'00 '.repeat(SIZE)}00 12 34 00 00 00 00 f8 05 06 ff`);
    expect(failure(() => (cursor.fixed = 1))).toBe('TypeError: struct record.fixed is const');
  });

  it('is what its iteration gives, each time', () => {
    const cursor = type.cursor(three());
    const kinds: number[] = [];
    for (const record of cursor) {
      expect(record).toBe(cursor);
      kinds.push(record.kind);
    }
    expect(kinds).toEqual([1, 12, 23]);
    expect([...cursor].length).toBe(3);
  });

  it('of one record is like any other', () => {
    const open = cdef('struct open { be16_t kind; struct { uint8_t x[2]; } in; uint8_t length; uint8_t rest[]; };').typeof('struct open');
    for (const [one, at] of [
      [type, 1 + SIZE],
      [open, 3],
    ] as const) {
      const buffer = three();
      const single = one.cursor(buffer, at, 1);
      const view = one.view(buffer, at);
      expect(single.toObject()).toEqual(view.toObject());
      expect(single.bytes).toEqual(view.bytes);
      expect([Cursor.index(single), Cursor.length(single), [...single].length]).toEqual([0, 1, 1]);
      Cursor.moveTo(single, 0);
      single.in.x = one === type ? -1 : [7, 8];
      single.kind = 77;
      expect(single.equals(view)).toBe(true);
      expect(single.copy().kind).toBe(77);
      expect(failure(() => Cursor.moveTo(single, 1))).toMatch(/^RangeError: struct \w+: record 1 is none of 1$/);
      expect(Cursor.index(single)).toBe(0);
    }
  });

  it('is copied and compared as a view', () => {
    const cursor = type.cursor(three());
    const first = cursor.copy();
    cursor.moveTo(1);
    expect([first.kind, cursor.equals(first), first.equals(type.view(three()))]).toEqual([1, false, true]);
    expect(c.sizeof(cursor)).toBe(SIZE);
  });

  it.each([3, -1, 0.5, Number.NaN])('does not move to %s', (index) => {
    const cursor = type.cursor(three());
    cursor.moveTo(2);
    expect(failure(() => cursor.moveTo(index))).toBe(`RangeError: struct record: record ${index} is none of 3`);
    expect(cursor.index).toBe(2);
  });

  it('of nothing reads nothing, whatever is in the buffer', () => {
    const cursor = type.cursor(three(), 0, 0);
    expect([...cursor]).toEqual([]);
    expect(() => cursor.port).toThrow(RangeError);
    expect(type.cursor(new Uint8Array(SIZE - 1)).length).toBe(0);
  });

  it.each([
    ['struct record', 23, 0, 3, 'RangeError: 3 of struct record: needs 33 bytes at offset 0, have 23'],
    ['struct record', 4, 5, undefined, 'RangeError: struct record: needs 0 bytes at offset 5, have 0'],
    ['int', 4, 0, 1, "TypeError: cursor: 'int' is no struct or union"],
    ['struct record[2]', 44, 0, 1, "TypeError: cursor: 'struct record [2]' is no struct or union"],
  ])('of %s in %s bytes at %s is refused for %s', (name, size, offset, count, message) => {
    expect(failure(() => c.typeof(name).cursor(new Uint8Array(size), offset, count))).toBe(message);
  });

  it('works over shared memory, and keeps methods where fields have their names', () => {
    const odd = cdef('struct odd { uint8_t index, length, moveTo; };').typeof('struct odd');
    const shared = new Uint8Array(new SharedArrayBuffer(8), 1, 6);
    shared.set(bytes('01 02 03 04 05 06'));
    const cursor = odd.cursor(shared);
    Cursor.moveTo(cursor, 1);
    expect([cursor.index, cursor.length, cursor.moveTo, Cursor.index(cursor), Cursor.length(cursor)]).toEqual([4, 5, 6, 1, 2]);
  });

  it('is no buffer, and has nothing of a DataView', () => {
    const cursor = type.cursor(three());
    expect(failure(() => type.view(cursor))).toMatch(/^TypeError: expected a buffer .*, got an object/);
    expect(failure(() => type.array(three()).column('kind').copy(cursor))).toMatch(/^TypeError: /);
    expect('getUint8' in cursor || 'buffer' in cursor || 'byteLength' in cursor).toBe(false);
    expect(type.new(cursor).equals(type.view(three()))).toBe(true);
    const names = cdef('struct names { uint8_t getUint8, byteLength, setUint8; };').typeof('struct names').cursor(bytes('01 02 03'));
    names.byteLength = 300;
    expect([names.getUint8, names.byteLength, names.setUint8]).toEqual([1, 44, 3]);
  });

  it.each([
    'int8_t',
    'uint8_t',
    'int16_t',
    'uint16_t',
    'int32_t',
    'uint32_t',
    'int64_t',
    'uint64_t',
    'float',
    'double',
    'be16_t',
    'be32_t',
    'be64_t',
    '_Bool',
  ])('stores in a field of type %s what a view does', (name) => {
    const one = cdef(`struct __attribute__((packed)) one { char odd; ${name} x; };`).typeof('struct one');
    for (const value of [0, -1, 1.5, 2 ** 31, 2 ** 32 + 5, 200n, -(2n ** 63n), true]) {
      const [by, moved] = [one.new(), new Uint8Array(one.size as number)];
      by.x = value;
      const cursor = one.cursor(moved);
      cursor.x = value;
      expect(hex(moved)).toBe(hex(by.bytes));
      expect(cursor.x).toBe(by.x);
    }
  });

  it('has the methods of a metatype', () => {
    const m = cdef('struct p { int x; };');
    m.metatype('struct p', {
      twice(this: { x: number }) {
        return this.x * 2;
      },
    });
    expect(m.typeof('struct p').cursor(bytes('05 00 00 00')).twice()).toBe(10);
  });
});
