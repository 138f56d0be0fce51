import * as r from 'restructure';
import { describe, expect, it } from 'vitest';
import { codec, fromRestructure } from '../../../src/codec/index.ts';
import { Cdef, cdef } from '../../../src/index.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';

const offsets = (type: { ctype: unknown }, c: Cdef): Record<string, unknown> => {
  const fields = (type.ctype as { definition: { layout: { fields: { name: string }[] } } }).definition.layout.fields;
  return Object.fromEntries(fields.map(({ name }) => [name, c.offsetof(type as never, name as never)]));
};

describe('the C type of a restructure struct', () => {
  it('has no padding, and each field in its own byte order', () => {
    const c = new Cdef();
    const type = fromRestructure(
      new r.Struct({ a: r.uint8, b: r.uint16be, c: r.uint32le, d: r.doublebe, e: r.uint24be, f: r.int24le, g: r.floatle, h: r.int8 }),
      { cdef: c, name: 'mixed' },
    );
    expect([type.name, type.size, type.align]).toEqual(['struct mixed', 26, 1]);
    expect(offsets(type, c)).toMatchObject({ a: 0, b: 1, c: 3, d: 7, e: { offset: 15 }, f: { offset: 18 }, g: 21, h: 25 });
    const view = c.typeof('struct mixed').view(bytes('01 00 02 03 00 00 00 3f f0 00 00 00 00 00 00 01 02 03 ff ff ff 00 00 80 3f ff'));
    expect(view.toObject()).toEqual({ a: 1, b: 2, c: 3, d: 1, e: 0x010203, f: -1, g: 1, h: -1 });
  });

  it('has flags, booleans, enumerators, text, bytes and nested structs', () => {
    const Inner = new r.Struct({ x: r.uint8, y: r.uint8 });
    const type = fromRestructure(
      new r.Struct({
        flags: new r.Bitfield(r.uint8, ['a', null, 'c']),
        wide: new r.Bitfield(r.uint16be, ['low', null, null, null, null, null, null, null, 'ninth']),
        on: new r.Boolean(r.uint8),
        count: new r.Boolean(r.uint16be),
        kind: new r.Enum(r.uint16be, ['NONE', 'SOME']),
        text: new r.String(4),
        raw: new r.Buffer(2),
        reserved: new r.Reserved(r.uint16be, 2),
        inner: Inner,
        list: new r.Array(Inner, 2),
        words: new r.Array(r.uint16be, 4, 'bytes'),
        fixed: r.fixed16,
        sum: () => 5,
      }),
    );
    const source = bytes('05 01 01 07 00 02 00 01 68 69 00 00 0a 0b 00 01 02 03 01 02 03 04 05 06 00 01 00 02 01 80');
    const view = type.view(source);
    expect(view.toObject()).toEqual({
      flags: { a: true, c: true },
      wide: { low: true, ninth: true },
      on: true,
      count: 2,
      kind: 1,
      text: [104, 105, 0, 0],
      raw: [10, 11],
      reserved: [0, 1, 2, 3],
      inner: { x: 1, y: 2 },
      list: [
        { x: 3, y: 4 },
        { x: 5, y: 6 },
      ],
      words: [1, 2],
      fixed: 0x180,
    });
    expect(view.text.text()).toBe('hi');
    view.wide.low = false;
    expect(hex(source.subarray(1, 3))).toBe('01 00');
    view.wide.ninth = false;
    expect(hex(source.subarray(1, 3))).toBe('00 00');
  });

  it('ends before the first field whose size is not fixed, and codec takes the rest', () => {
    const Message = new r.Struct({ kind: r.uint8, length: r.uint16be, text: new r.String('length'), after: r.uint8 });
    const type = fromRestructure(Message);
    expect(type.size).toBe(3);
    const joined = codec(type, { text: new r.String('length'), after: r.uint8 });
    const source = bytes('01 00 02 68 69 07');
    const { kind, length, text, after } = joined.fromBuffer(source);
    expect({ kind, length, text, after }).toEqual(Message.fromBuffer(source));
    expect(hex(joined.toBuffer({ kind, length, text, after }))).toBe(hex(source));
  });

  it('takes C types within the struct', () => {
    const c = cdef('struct point { int x, y; };');
    const type = fromRestructure(new r.Struct({ tag: r.uint8, at: codec(c.typeof('struct point')) }), { cdef: c as Cdef });
    expect([type.size, type.view(bytes('01 02 00 00 00 03 00 00 00')).at.y]).toEqual([9, 3]);
  });

  it('can be used in C text', () => {
    const c = new Cdef();
    const type = fromRestructure(new r.Struct({ a: r.uint8, b: r.uint16be }), { cdef: c, name: 'head' });
    expect(c.cdef('struct pair { struct head one, other; };').sizeof('struct pair')).toBe(6);
    expect(c.typeof('struct head' as never)).toBe(type);
    expect(c.sizeof(c.typeof('$[3]', type))).toBe(9);
  });

  const struct = (field: unknown): r.Struct<object> => new r.Struct({ in: new r.Struct({ f: field as r.Type<unknown> }) });

  it.each([
    [new r.String(), 'in.f: the length of an r.String is open: it goes on to the end, or to a NUL'],
    [new r.String(r.uint8), 'in.f: the length of an r.String is in the bytes in front of it'],
    [new r.Buffer('n'), "in.f: the length of an r.Buffer is in the field 'n'"],
    [new r.Array(r.uint8, () => 3), 'in.f: the length of an r.Array is computed'],
    [new r.Array(new r.String(), 3), 'in.f[]: the length of an r.String is open: it goes on to the end, or to a NUL'],
    [new r.Optional(r.uint8, true), 'in.f: an r.Optional has no fixed size'],
    [new r.Pointer(r.uint8, r.uint8), 'in.f: an r.Pointer has no fixed size'],
    [new r.VersionedStruct(r.uint8, {}), 'in.f: an r.VersionedStruct has no fixed size'],
    [new r.Array(r.uint24be, 3), 'in.f[]: C has no type of 24 bits that an array could be made of'],
    [new r.Array(r.uint16be, 3, 'bytes'), 'in.f: 3 bytes are no whole number of elements of 2 bytes'],
    [new r.Bitfield(r.uint8, Array(9).fill(null)), 'in.f: 9 flags do not fit 8 bits'],
    [new r.Bitfield(r.uint8, ['a', 'a']), 'in.f: two flags have the same name'],
    [new r.Bitfield(r.floatbe, []), 'in.f: expected an integer to store it in, got an r.Number'],
    [new r.Enum(new r.String(1) as never, []), 'in.f: expected an integer to store it in, got an r.String'],
    [new r.Number('BigInt64'), "in.f: restructure has no number 'BigInt64'"],
    [new r.Buffer(1.5), 'in.f: a length must be a whole number from 0, got 1.5'],
    [new r.Buffer(-1), 'in.f: a length must be a whole number from 0, got -1'],
    [null, 'in.f: null has no fixed size'],
  ])('names the field that it cannot have: %#', (field, message) => {
    expect(failure(() => fromRestructure(struct(field)))).toBe(`TypeError: ${message}`);
  });

  it('refuses what is no struct, too large, too deep, without a name, or named badly', () => {
    expect(failure(() => fromRestructure(r.uint8))).toBe('TypeError: fromRestructure: expected an r.Struct');
    expect(failure(() => fromRestructure(new r.VersionedStruct(r.uint8, {})))).toBe('TypeError: fromRestructure: expected an r.Struct');
    expect(failure(() => fromRestructure(struct(new r.Buffer(2 ** 50))))).toBe(
      'RangeError: in.f: 1125899906842624 elements are more than an array can have',
    );
    const half = new r.Buffer(2 ** 46);
    expect(failure(() => fromRestructure(new r.Struct({ a: half, b: half, c: half })))).toContain('more than a struct can have');
    const loop: r.Struct<object> = new r.Struct({});
    Object.assign(loop.fields, { loop });
    expect(failure(() => fromRestructure(loop))).toContain('structs nested more than 100 deep');
    expect(failure(() => fromRestructure(new r.Struct({ '': r.uint8 })))).toBe('TypeError: struct: a field has no name');
    const c = cdef('struct taken;') as Cdef;
    expect(failure(() => fromRestructure(struct(r.uint8), { cdef: c, name: 'a b' }))).toBe(
      "TypeError: fromRestructure: 'a b' is no name for a struct",
    );
    expect(failure(() => fromRestructure(struct(r.uint8), { cdef: c, name: 'taken' }))).toBe(
      "TypeError: fromRestructure: 'taken' is declared already",
    );
  });

  it('of a struct without fields is empty', () => {
    expect(fromRestructure(new r.Struct({})).size).toBe(0);
  });
});
