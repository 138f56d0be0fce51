import { expect, it } from 'vitest';
import { cdef } from '../../helpers/loose.ts';
import { hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';

const c = cdef('struct p { uint16_t x, y; };');
const p = c.typeof('struct p');

it('a view writes into a slice of the pool without touching its neighbours', () => {
  const pooled = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]).subarray(1, 7);
  const view = p.view(pooled, 1);
  expect([view.x, view.y]).toEqual([0x0403, 0x0605]);
  view.y = 0xffff;
  expect(hex(pooled)).toBe('02 03 04 ff ff 07');
});

it.each([
  ['Uint8Array', () => new Uint8Array(4)],
  ['Uint16Array', () => new Uint16Array(2)],
  ['Float64Array in the middle of its buffer', () => new Float64Array(new ArrayBuffer(24), 8, 1)],
  ['DataView in the middle of its buffer', () => new DataView(new ArrayBuffer(12), 3, 5)],
  ['ArrayBuffer', () => new ArrayBuffer(4)],
  ['SharedArrayBuffer', () => new SharedArrayBuffer(4)],
  ['Uint8Array of a SharedArrayBuffer', () => new Uint8Array(new SharedArrayBuffer(8), 3, 5)],
])('a view is over the same bytes as a %s', (_, make) => {
  const source = make();
  p.view(source).y = 0x1234;
  expect(p.view(source).toObject()).toEqual({ x: 0, y: 0x1234 });
  const all = new Uint8Array('buffer' in source ? source.buffer : source);
  const start = 'buffer' in source ? source.byteOffset : 0;
  expect(hex(all.subarray(start, start + 4))).toBe('00 00 34 12');
});

it('text in shared memory is read', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  shared.set([0x68, 0xc3, 0xa9]);
  expect(c.typeof('char[4]').view(shared).text()).toBe('hé');
  expect(c.typeof('char[4]').view(Buffer.from(shared.buffer)).text()).toBe('hé');
});

it.each([
  [3, 0, 'RangeError: struct p: needs 4 bytes at offset 0, have 3'],
  [8, 5, 'RangeError: struct p: needs 4 bytes at offset 5, have 3'],
  [8, 20, 'RangeError: struct p: needs 4 bytes at offset 20, have 0'],
  [8, -1, 'RangeError: struct p: offset must be a whole number from 0, got -1'],
  [8, 1.5, 'RangeError: struct p: offset must be a whole number from 0, got 1.5'],
  [8, Number.NaN, 'RangeError: struct p: offset must be a whole number from 0, got NaN'],
  [8, Number.POSITIVE_INFINITY, 'RangeError: struct p: offset must be a whole number from 0, got Infinity'],
  [8, '0' as unknown as number, 'TypeError: struct p: expected a number as the offset, got "0"'],
  [8, 0n as unknown as number, 'TypeError: struct p: expected a number as the offset, got bigint 0'],
  [8, null as unknown as number, 'TypeError: struct p: expected a number as the offset, got null'],
  [8, 2 ** 30, 'RangeError: struct p: needs 4 bytes at offset 1073741824, have 0'],
  [8, 2 ** 32 + 1, 'RangeError: struct p: needs 4 bytes at offset 4294967297, have 0'],
])('%s bytes do not hold a struct of 4 at %s', (size, offset, message) => {
  expect(failure(() => p.view(new Uint8Array(size), offset))).toBe(message);
});

it.each([
  [undefined, 'TypeError: expected a buffer (Uint8Array, ArrayBuffer, DataView ...), got undefined'],
  ['text', 'TypeError: expected a buffer (Uint8Array, ArrayBuffer, DataView ...), got "text"'],
  [[1, 2, 3, 4], 'TypeError: expected a buffer (Uint8Array, ArrayBuffer, DataView ...), got an array'],
  [{ length: 4 }, 'TypeError: expected a buffer (Uint8Array, ArrayBuffer, DataView ...), got an object (Object)'],
])('%s is no buffer', (source, message) => {
  expect(failure(() => p.view(source as never))).toBe(message);
});

it('an array takes as many elements as fit, or as many as asked for', () => {
  const bytes = new Uint8Array(18);
  expect(p.array(bytes).length).toBe(4);
  expect(p.array(bytes, 3).length).toBe(3);
  expect(p.array(bytes, 18).length).toBe(0);
  const two = p.array(bytes, 1, 2);
  two.at(1).x = 0x0102;
  expect(hex(bytes)).toBe('00 00 00 00 00 02 01 00 00 00 00 00 00 00 00 00 00 00');
});

it.each([
  [0, 5, 'RangeError: 5 of struct p: needs 20 bytes at offset 0, have 18'],
  [19, undefined, 'RangeError: struct p: needs 0 bytes at offset 19, have 0'],
  [0, -1, 'RangeError: struct p: count must be a whole number from 0, got -1'],
  [0, 1.5, 'RangeError: struct p: count must be a whole number from 0, got 1.5'],
])('an array at %s of %s elements is refused', (offset, count, message) => {
  expect(failure(() => p.array(new Uint8Array(18), offset, count))).toBe(message);
});

it.each([
  ['void', "TypeError: the size of 'void' is not known"],
  ['int(void)', "TypeError: the size of 'int (void)' is not known"],
  ['int[]', "TypeError: the size of 'int []' is not known"],
  ['int[?]', "TypeError: the size of 'int [?]' is not known"],
  ['long double', "TypeError: 'long double' has no values that JavaScript could hold"],
])('a %s cannot be viewed', (type, message) => {
  expect(failure(() => c.typeof(type).view(new Uint8Array(16)))).toBe(message);
});

it('a type that is a scalar gives its value', () => {
  expect(c.typeof('int16_t').view(Uint8Array.of(0, 0xfe, 0xff), 1)).toBe(-2);
  expect(c.new('int', 7)).toBe(7);
  expect(c.new('uint64_t')).toBe(0n);
});
