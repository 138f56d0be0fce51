/**
 * The ffi without any Lua: what it does depends on the adapter alone.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { CData, CTypeObject } from '../../../src/ffi/index.ts';
import { FfiError, MemoryAccessError } from '../../../src/index.ts';
import { type PlainValue, plainFfi, table } from '../../helpers/lua-values.ts';

const TEXT = `
  struct point { int x, y; };
  struct all { int8_t i8; uint16_t u16; int64_t i64; float f; bool b; char text[8]; struct point p; struct point *next; int bits : 3; };
  enum color { RED, GREEN = 5 };
  int add(int a, int b);
  const char *name_of(struct point *p);
`;

function prepared() {
  const { ffi, cdef } = plainFfi(TEXT);
  const make = (type: string, ...values: PlainValue[]): CData => ffi.creation.new(type, values) as CData;
  const get = (object: PlainValue, key: PlainValue): PlainValue => ffi.access.index(object as CData, key);
  const set = (object: PlainValue, key: PlainValue, value: PlainValue): void => ffi.access.newIndex(object as CData, key, value);
  return { ffi, cdef, make, get, set };
}

describe('an ffi over plain values', () => {
  it.each<[string, PlainValue, PlainValue]>([
    ['i8', 200, -56],
    ['u16', 65537, 1],
    ['f', 0.1, Math.fround(0.1)],
    ['b', 2, true],
    ['bits', 5, -3],
  ])('field %s of a struct takes %s and gives %s', (name, value, expected) => {
    const { make, get, set } = prepared();
    const all = make('struct all');
    set(all, name, value);
    expect(get(all, name)).toBe(expected);
  });

  it('64-bit integers are boxes, whose value is a bigint', () => {
    const { ffi, make, get, set } = prepared();
    const all = make('struct all');
    set(all, 'i64', make('int64_t', 2 ** 53));
    const box = get(all, 'i64') as CData;
    expect(box.value).toBe(2n ** 53n);
    expect((ffi.arithmetic.arithmetic('__add', box, 1) as CData).value).toBe(2n ** 53n + 1n);
    expect(ffi.tonumber(box)).toBe(2 ** 53);
    expect(ffi.integer64(box)).toBe(2n ** 53n);
    expect(ffi.printer.tostring(box)).toBe('9007199254740992LL');
  });

  it('tables, strings and copies initialise', () => {
    const { make, get } = prepared();
    const all = make('struct all', table({ text: 'abc', p: table(1, 2) }));
    expect(get(get(all, 'text'), 1)).toBe(98);
    expect(get(get(all, 'p'), 'y')).toBe(2);
    const copy = make('struct all', all);
    expect(get(get(copy, 'p'), 'x')).toBe(1);
    const list = make('int[3]', table(7, 8));
    expect([0, 1, 2].map((i) => get(list, i))).toEqual([7, 8, 0]);
  });

  it('references and pointers alias memory', () => {
    const { ffi, make, get, set } = prepared();
    const all = make('struct all');
    const p = get(all, 'p');
    set(p, 'x', 5);
    expect(get(get(all, 'p'), 'x')).toBe(5);
    set(all, 'next', p);
    set(get(all, 'next'), 'y', 6);
    expect(get(p, 'y')).toBe(6);
    expect(ffi.arithmetic.equal(get(all, 'next'), ffi.creation.cast('struct point *', p))).toBe(true);
  });

  it('errors are FfiErrors in LuaJIT’s words, and memory’s own', () => {
    const { ffi, make, get, set } = prepared();
    const point = make('struct point');
    expect(() => get(point, 'z')).toThrow(new FfiError("'struct point' has no member named 'z'"));
    expect(() => set(point, 'x', 'text')).toThrow(new FfiError("cannot convert 'string' to 'int'"));
    expect(() => ffi.creation.new('int[?]', [])).toThrow("bad argument #2 to 'new' (value expected)");
    expect(() => ffi.typeof()).toThrow("bad argument #1 to 'typeof' (C type expected, got no value)");
    expect(() => ffi.typeof(null)).toThrow("bad argument #1 to 'typeof' (C type expected, got nil)");
    expect(() => get(make('int[2]'), 2)).toThrow(MemoryAccessError);
  });

  it('sizes and offsets are numbers', () => {
    const { ffi } = prepared();
    expect(ffi.inquiry.sizeof('struct point')).toBe(8);
    expect(ffi.inquiry.sizeof('void')).toBeNull();
    expect(ffi.inquiry.alignof('double')).toBe(8);
    expect(ffi.inquiry.offsetof('struct all', 'u16')).toEqual([2]);
    expect(ffi.inquiry.offsetof('struct all', 'bits')).toHaveLength(3);
    expect(ffi.inquiry.offsetof('struct all', 'nothing')).toEqual([]);
    expect(ffi.inquiry.istype('struct point', ffi.creation.new('struct point', []))).toBe(true);
  });

  it('bytes are copied, filled and read as strings', () => {
    const { ffi, make } = prepared();
    const buffer = make('char[8]');
    ffi.transfer.copy(buffer, 'text');
    expect(ffi.transfer.string(buffer)).toBe('text');
    ffi.transfer.fill(buffer, 2, 65);
    expect(ffi.transfer.string(buffer, 3)).toBe('AAx');
    expect(() => ffi.transfer.copy(buffer, 'far too long')).toThrow(MemoryAccessError);
  });

  it('C functions are called by their prototype', () => {
    const { ffi, cdef, make } = prepared();
    cdef.define({ add: (a: number, b: number) => a + b, name_of: (p: { x: number }) => `point ${p.x}` });
    const call = (name: string, ...args: PlainValue[]): PlainValue => ffi.call(ffi.symbols.get(name) as CData, args);
    expect(call('add', 1.9, true)).toBe(2);
    expect(ffi.transfer.string(call('name_of', make('struct point', 7)))).toBe('point 7');
    expect(() => call('add', 1)).toThrow('wrong number of arguments for function call');
    expect(() => call('add', 1, 'x')).toThrow("bad argument #2 to 'add' (cannot convert 'string' to 'int')");
    expect(ffi.symbols.get('GREEN')).toBe(5);
    expect(ffi.symbols.get('add')).toBe(ffi.symbols.get('add'));
    expect(() => ffi.symbols.get('nothing')).toThrow("missing declaration for symbol 'nothing'");
    expect(() => ffi.symbols.set('GREEN', 1)).toThrow('attempt to write to constant location');
  });

  it('metatypes call functions and look into tables of the engine', () => {
    const { ffi, make, get, set } = prepared();
    const seen: PlainValue[] = [];
    ffi.metatype(
      'struct point',
      table({
        __index: table({ origin: 0 }),
        __newindex: (_object: PlainValue, key: PlainValue, value: PlainValue) => {
          seen.push(key, value);
          return null;
        },
        __add: (a: PlainValue, b: PlainValue) => (ffi.tonumber(make('int', a === null ? 0 : 1)) as number) + (b as number),
        __len: () => 2,
        __tostring: () => 'a point',
        __call: () => 'called',
      }),
    );
    const point = make('struct point');
    expect(get(point, 'origin')).toBe(0);
    expect(() => get(point, 'nothing')).toThrow(FfiError);
    set(point, 'color', 'red');
    expect(seen).toEqual(['color', 'red']);
    expect(ffi.arithmetic.arithmetic('__add', point, 4)).toBe(5);
    expect(ffi.arithmetic.length(point)).toBe(2);
    expect(ffi.printer.tostring(point)).toBe('a point');
    expect((ffi.callMethod(point) as () => PlainValue)()).toBe('called');
    expect(() => ffi.metatype('struct point', table())).toThrow('cannot change a protected metatable');
  });

  it('values of the host become cdata and come back', () => {
    const { ffi, cdef, get, set } = prepared();
    const view = cdef.new('struct point', { x: 3 });
    const cdata = ffi.hostValues.fromHost(view) as CData;
    set(cdata, 'y', 4);
    expect([get(cdata, 'x'), view.y]).toEqual([3, 4]);
    const back = ffi.hostValues.toHost(cdata) as typeof view;
    back.x = 9;
    expect(view.x).toBe(9);
    expect(ffi.hostValues.fromHost(5n)?.value).toBe(5n);
    expect(ffi.hostValues.fromHost('text')).toBeNull();
    expect(ffi.hostValues.fromHost(null)).toBeNull();
    expect(ffi.hostValues.toHost(ffi.creation.new('int64_t', [7]) as CData)).toBe(7n);
    expect(ffi.hostValues.toHost(ffi.creation.new('int *', []) as CData)).toBeNull();
    const bytes = Uint8Array.of(1, 2, 3, 4);
    expect(get(ffi.creation.cast('uint16_t *', bytes), 1)).toBe(0x0403);
  });

  it('a ctype object is a value of its own', () => {
    const { ffi } = prepared();
    const type = ffi.typeof('struct point') as CTypeObject;
    expect(type).toBeInstanceOf(CTypeObject);
    expect(ffi.printer.tostring(type)).toBe('ctype<struct point>');
    expect(ffi.call(type, [1, 2])).toBeInstanceOf(CData);
    expect(ffi.arithmetic.equal(type, ffi.typeof('struct point'))).toBe(true);
    expect(ffi.arithmetic.equal(type, ffi.typeof('int'))).toBe(false);
  });

  it.each<[PlainValue, PlainValue, boolean]>([
    [1, 1, true],
    [1, 2, false],
    ['x', 'x', false],
    [null, null, true],
  ])('== of a boxed %s with %s never raises', (left, right, expected) => {
    const { ffi, make } = prepared();
    const box = typeof left === 'number' ? make('int64_t', left) : left === null ? make('int *') : make('struct point');
    expect(ffi.arithmetic.equal(box, right)).toBe(expected);
    expect(ffi.arithmetic.equal(right, box)).toBe(expected);
  });
});
