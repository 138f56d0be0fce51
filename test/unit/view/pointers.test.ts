import { describe, expect, it } from 'vitest';
import type { Pointer } from '../../../src/view/index.ts';
import { cdef } from '../../helpers/loose.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';
import { collectGarbage } from '../../helpers/gc.ts';

const c = cdef('struct node { uint16_t value; struct node *next; const char *name; void *any; uint8_t *bytes; };');

it('lets go of memory that only a foreign buffer points to', async () => {
  const view = c.typeof('struct node').view(new Uint8Array(40));
  view.bytes = c.new('uint8_t[1]', [42]);
  await collectGarbage();
  expect(failure(() => view.bytes.at())).toMatch(/^MemoryAccessError: unsigned char: address 0x[0-9a-f]+ is not in live memory$/);
});

describe('pointer members', () => {
  it('are null until set, and null again', () => {
    const node = c.new('struct node');
    expect([node.next, node.name, node.any]).toEqual([null, null, null]);
    node.next = node;
    expect(node.next).not.toBe(null);
    node.next = null;
    expect(node.next).toBe(null);
    node.next = undefined;
    expect(node.next).toBe(null);
  });

  it('lead to live views', () => {
    const first = c.new('struct node', { value: 1 });
    const second = c.new('struct node', { value: 2 });
    first.next = second;
    first.next.at().value = 7;
    expect(second.value).toBe(7);
    expect(first.next.type).toBe(c.typeof('struct node *').ctype);
  });

  it('take buffers, views, pointers and arrays', () => {
    const node = c.new('struct node');
    const buffer = bytes('68 69 00 21');
    node.name = buffer;
    expect(node.name.text()).toBe('hi');
    node.bytes = c.typeof('uint8_t[2]').view(buffer, 1);
    expect([node.bytes.at(), node.bytes.at(1), node.bytes.at(-1)]).toEqual([0x69, 0, 0x68]);
    node.any = node.name;
    expect(node.any.address).toBe(node.name.address);
  });

  it.each([
    ['next', 5, 'TypeError: struct node.next: expected a pointer, got number 5'],
    ['next', 'x', 'TypeError: struct node.next: expected a pointer, got "x"'],
    ['next', {}, 'TypeError: expected a buffer (Uint8Array, ArrayBuffer, DataView ...), got an object (Object)'],
    ['next', c.new('int[2]'), "TypeError: struct node.next: expected 'struct node *', got 'int [2]'"],
    ['next', c.cast('int *', new Uint8Array(4)), "TypeError: struct node.next: expected 'struct node *', got 'int *'"],
  ])('member %s refuses %s', (name, value, message) => {
    const node = c.new('struct node');
    expect(failure(() => (node[name] = value))).toBe(message);
    expect(node[name]).toBe(null);
  });

  it('keep their targets alive when the struct around them is copied', async () => {
    const outer = cdef('struct in { int *p; }; struct out { int pad; struct in in; struct in list[2]; };');
    const target = (): object => outer.new('int[1]', [42]);
    const copies = [outer.new('struct out'), outer.new('struct out'), outer.new('struct out'), outer.new('struct out')];
    const [byView, byObject, byArray, whole] = copies;
    byView.in = outer.new('struct in', { p: target() });
    byObject.in = { p: target() };
    byArray.list = [null, null].map(() => outer.new('struct in', { p: target() }));
    whole.list[1] = outer.new('struct in', { p: target() });
    await collectGarbage();
    const found = [byView.in.p, byObject.in.p, byArray.list[0].p, byArray.list[1].p, whole.list[1].p].map((p) => p.at());
    expect(found).toEqual([42, 42, 42, 42, 42]);
  });
});

describe('a pointer', () => {
  const buffer = bytes('01 00 02 00 03 00 04');
  const pointer = c.cast('uint16_t *', buffer) as Pointer;

  it('reads and writes elements', () => {
    expect([pointer.at(), pointer.at(2), pointer.add(1).at(), pointer.add(2).at(-1)]).toEqual([1, 3, 2, 2]);
    const own = c.cast('uint16_t *', new Uint8Array(4)) as Pointer;
    own.set(0x1234);
    own.set(5, 1);
    expect(hex(own.bytes(4))).toBe('34 12 05 00');
  });

  it.each([
    [3, 'MemoryAccessError: unsigned short: needs 2 bytes at offset 6, have 7'],
    [-1, 'MemoryAccessError: unsigned short: needs 2 bytes at offset -2, have 7'],
    [0.25, 'MemoryAccessError: unsigned short: needs 2 bytes at offset 0.5, have 7'],
    [Number.NaN, 'MemoryAccessError: unsigned short: needs 2 bytes at offset NaN, have 7'],
    [2 ** 60, 'MemoryAccessError: unsigned short: needs 2 bytes at offset 2305843009213694000, have 7'],
  ])('refuses index %s', (index, message) => {
    expect(failure(() => pointer.at(index))).toBe(message);
    expect(failure(() => pointer.set(1, index))).toBe(message);
  });

  it('refuses bytes and text that are not there', () => {
    expect(failure(() => pointer.bytes(8))).toBe('MemoryAccessError: 8 bytes: needs 8 bytes at offset 0, have 7');
    expect(failure(() => pointer.bytes(-1))).toBe('RangeError: unsigned short *: length must be a whole number from 0, got -1');
    const open = c.cast('char *', bytes('68 69')) as Pointer;
    expect(failure(() => open.text())).toBe('MemoryAccessError: string without a terminating NUL: needs 3 bytes at offset 0, have 2');
    expect(failure(() => open.add(2).text())).toBe('MemoryAccessError: string: needs 1 bytes at offset 2, have 2');
  });

  it('takes copies of bytes', () => {
    const own = c.cast('void *', new Uint8Array(4)) as Pointer;
    own.copyFrom(bytes('01 02'));
    (c.cast('uint8_t *', own) as Pointer).add(2).copyFrom(new DataView(bytes('03 04 05').buffer, 1));
    expect(hex(own.bytes(4))).toBe('01 02 04 05');
    expect(failure(() => own.copyFrom(new Uint8Array(5)))).toBe('MemoryAccessError: 5 bytes: needs 5 bytes at offset 0, have 4');
    const behind = (c.cast('char *', new Uint8Array(4)) as Pointer).add(-1);
    expect(failure(() => behind.copyFrom(new Uint8Array(1)))).toBe('MemoryAccessError: 1 bytes: needs 1 bytes at offset -1, have 4');
    expect(failure(() => own.copyFrom('text' as never))).toMatch(/^TypeError: expected a buffer/);
    const fixed = c.cast('const char *', new Uint8Array(4)) as Pointer;
    expect(failure(() => fixed.copyFrom(new Uint8Array(1)))).toBe('TypeError: *(const char *) is const');
    expect(hex(own.bytes(4))).toBe('01 02 04 05');
  });

  it('to something of unknown size has no elements', () => {
    const any = c.cast('void *', buffer) as Pointer;
    expect(failure(() => any.at())).toBe("TypeError: the size of 'void' is not known");
    expect(failure(() => any.add(1))).toBe("TypeError: the size of 'void' is not known");
    expect(any.bytes(2)).toEqual(buffer.subarray(0, 2));
  });

  it('prints its type and address', () => {
    expect(String(pointer)).toBe(`unsigned short *: 0x${pointer.address.toString(16)}`);
    expect(JSON.stringify({ pointer })).toBe(`{"pointer":"0x${pointer.address.toString(16)}"}`);
  });
});

describe('cast', () => {
  it('makes pointers of numbers, and numbers of pointers', () => {
    const buffer = bytes('2a 00 00 00');
    const pointer = c.cast('int *', buffer) as Pointer;
    const address = c.cast('uintptr_t', pointer) as bigint;
    expect(address).toBe(BigInt(pointer.address));
    expect((c.cast('int *', address) as Pointer).at()).toBe(42);
    expect((c.cast('int *', Number(address)) as Pointer).at()).toBe(42);
    expect(c.cast('int *', 0)).toBe(null);
    expect(c.cast('int *', null)).toBe(null);
    expect((c.cast('char *', pointer) as Pointer).add(1).at()).toBe(0);
  });

  it.each([
    ['int *', 1.5, 'RangeError: cast: 1.5 is no address'],
    ['int *', Number.NaN, 'RangeError: cast: NaN is no address'],
    ['int *', 'text', 'TypeError: cast: expected a pointer, got "text"'],
    ['struct node', 5, "TypeError: cast to 'struct node', expected a number or pointer type"],
    ['void', 5, "TypeError: cast to 'void', expected a number or pointer type"],
    ['int', '5', 'TypeError: int: expected a number, got "5"'],
  ])('to %s refuses %s', (type, value, message) => {
    expect(failure(() => c.cast(type, value))).toBe(message);
  });

  it.each([
    [16, 'MemoryAccessError: int: address 0x10 is not in live memory'],
    [-1, 'MemoryAccessError: int: address 0xffffffffffffffff is not in live memory'],
    [2 ** 47, 'MemoryAccessError: int: address 0x800000000000 is not in live memory'],
    [2n ** 64n, 'MemoryAccessError: int: address 0x10000000000000000 is not in live memory'],
  ])('of the wild number %s raises on use', (number, message) => {
    expect(failure(() => (c.cast('int *', number) as Pointer).at())).toBe(message);
  });
});
