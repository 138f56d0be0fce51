import * as r from 'restructure';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { codec, TlvList } from '../../../src/codec/index.ts';
import { cdef } from '../../../src/index.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';

const c = cdef(`
  struct __attribute__((packed)) text { uint8_t kind; be16_t length; };
  struct open { uint8_t n; uint8_t rest[]; };
  struct odd { int parent; };
  struct taken { int _length; };
  union u { int i; };
`);

describe('a struct with variable data behind it', () => {
  const Text = codec(c.typeof('struct text'), { text: new r.String('length', 'utf8'), rest: new r.Array(r.uint8, r.uint8) });

  it('decodes to the live view, with the data as further properties', () => {
    const source = bytes('07 00 03 61 62 63 02 0a 0b');
    const value = Text.fromBuffer(source);
    expect([value.kind, value.length, value.text, [...value.rest]]).toEqual([7, 3, 'abc', [10, 11]]);
    value.kind = 9;
    expect(source[0]).toBe(9);
    expectTypeOf(value.text).toEqualTypeOf<string>();
    expectTypeOf(value.kind).toEqualTypeOf<number>();
  });

  it('encodes objects and what it decoded, to the same bytes', () => {
    const source = bytes('07 00 03 61 62 63 02 0a 0b');
    expect(hex(Text.toBuffer({ kind: 7, length: 3, text: 'abc', rest: [10, 11] }))).toBe(hex(source));
    expect(hex(Text.toBuffer(Text.fromBuffer(source)))).toBe(hex(source));
  });

  it('switches on a field of the header', () => {
    const Message = codec(c.typeof('struct text'), {
      body: new r.VersionedStruct('kind', { 1: { x: r.uint8 }, 2: { y: r.uint16be } }),
      last: new r.Optional(r.uint8, (message: { kind: number }) => message.kind === 2),
      twice: (message: { kind: number }) => message.kind * 2,
    });
    const first = Message.fromBuffer(bytes('01 00 00 05'));
    expect([first.body.x, first.last, first.twice]).toEqual([5, undefined, 2]);
    const second = Message.fromBuffer(bytes('02 00 00 00 05 06'));
    expect([second.body.y, second.last, second.twice]).toEqual([5, 6, 4]);
    expect(failure(() => Message.fromBuffer(bytes('03 00 00 00')))).toBe('Error: Unknown version 3');
  });

  it('has pointers relative to the start of the header', () => {
    const Pointing = codec(c.typeof('struct text'), { to: new r.Pointer(r.uint8, r.uint8) });
    expect(Pointing.fromBuffer(bytes('00 00 00 05 00 2a')).to).toBe(0x2a);
    expect(hex(Pointing.toBuffer({ kind: 1, length: 0, to: 0x2a }))).toBe('01 00 00 04 2a');
  });

  it('is a field of a struct like any other', () => {
    const Both = new r.Struct<{ one: { text: string }; other: { text: string } }>({ one: Text as never, other: Text as never });
    const both = Both.fromBuffer(bytes('01 00 01 61 00 02 00 02 62 63 00'));
    expect([both.one.text, both.other.text]).toEqual(['a', 'bc']);
    expect(hex(Both.toBuffer(both))).toBe('01 00 01 61 00 02 00 02 62 63 00');
  });

  it('shows a field called parent, which restructure would hide', () => {
    const Odd = codec(c.typeof('struct odd'), { n: r.uint8 });
    expect(Odd.fromBuffer(bytes('05 00 00 00 06')).parent).toBe(5);
  });

  it.each([
    ['01 00', 'struct text: needs 3 bytes at offset 0, have 2'],
    ['01 00 05 61', 'struct text.text: needs 5 bytes at offset 3, have 1'],
    ['01 00 01 61', 'struct text.rest: needs 1 bytes at offset 4, have 0'],
    ['01 00 01 61 02 05', 'struct text.rest[1]: needs 1 bytes at offset 6, have 0'],
  ])('refuses %s, which ends too early', (source, message) => {
    expect(failure(() => Text.fromBuffer(bytes(source)))).toBe(`ShortageError: ${message}`);
  });

  it('refuses skipped bytes that are not there, and names every part on the way', () => {
    const inner = new r.Struct({ gap: new r.Reserved(r.uint16be, 4) });
    const Skip = codec(c.typeof('struct text'), {
      list: new r.Array(new r.Optional(inner, true), 'kind'),
      options: new TlvList({ pad: 0, end: 255 }),
    });
    expect(failure(() => Skip.fromBuffer(bytes('02 00 00 00 00 00 00 00 00 00 00 01 02')))).toBe(
      'ShortageError: struct text.list[1].gap: needs 8 bytes at offset 11, have 2',
    );
    expect(failure(() => Skip.fromBuffer(bytes('00 00 00 00 0c 05 61')))).toBe(
      'ShortageError: struct text.options (option 12): needs 7 bytes at offset 4, have 3',
    );
  });

  it('refuses types without fields, names taken twice, and unknown fields', () => {
    expect(failure(() => codec(c.typeof('int[2]') as never, { x: r.uint8 }))).toBe(
      "TypeError: 'int [2]' is no struct that fields could be joined to",
    );
    expect(failure(() => codec(c.typeof('struct text'), { kind: r.uint8 }))).toBe("TypeError: struct text has a field 'kind' of its own");
    expect(failure(() => codec(c.typeof('struct taken'), {}))).toBe("TypeError: struct taken has a field '_length' of its own");
    expect(failure(() => Text.toBuffer({ kind: 1, length: 0, text: '', rest: [], extra: 1 } as never))).toBe(
      "TypeError: struct text: struct text has no field named 'extra'",
    );
  });

  it('puts a field in the place of a flexible array', () => {
    const Open = codec(c.typeof('struct open'), { rest: new r.Array(r.uint16be, 'n') });
    const source = bytes('02 00 01 00 02');
    const value = Open.fromBuffer(source);
    expect([value.rest, hex(source), hex(Open.toBuffer(value))]).toEqual([[1, 2], '02 00 01 00 02', '02 00 01 00 02']);
    expect(hex(Open.toBuffer({ n: 1, rest: [7] }))).toBe('01 00 07');
  });

  it('may be a union', () => {
    expect(codec(c.typeof('union u'), { n: r.uint8 }).fromBuffer(bytes('01 00 00 00 02')).n).toBe(2);
  });
});
