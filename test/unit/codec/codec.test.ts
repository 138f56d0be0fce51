import * as r from 'restructure';
import { describe, expect, it } from 'vitest';
import { codec, TlvList } from '../../../src/codec/index.ts';
import { cdef } from '../../helpers/loose.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';

const OPTIONS = new TlvList({ pad: 0, end: 255 });

describe('a list of options', () => {
  it.each([
    ['nothing', '', []],
    ['an end', 'ff', []],
    [
      'options up to the end',
      '35 01 05 33 02 0e 10 ff 01 02',
      [
        [53, '05'],
        [51, '0e 10'],
      ],
    ],
    ['options without an end', '35 01 05', [[53, '05']]],
    ['padding between options', '00 00 35 01 05 00 ff', [[53, '05']]],
    ['an option without a value', '50 00 ff', [[80, '']]],
    [
      'the same option twice',
      '35 01 01 35 01 02',
      [
        [53, '01'],
        [53, '02'],
      ],
    ],
  ])('is decoded from %s', (_, source, expected) => {
    expect(OPTIONS.fromBuffer(bytes(source)).map(({ code, data }) => [code, hex(data)])).toEqual(expected);
  });

  it('has values that are views of the bytes decoded', () => {
    const source = bytes('35 01 05 ff');
    const [option] = OPTIONS.fromBuffer(source);
    source[2] = 7;
    expect(hex((option as { data: Uint8Array }).data)).toBe('07');
  });

  it.each([
    ['35', 'RangeError: option 53: needs 2 bytes at offset 0, have 1'],
    ['00 35 04 01', 'RangeError: option 53: needs 6 bytes at offset 1, have 3'],
    ['35 01 05 0c ff', 'RangeError: option 12: needs 257 bytes at offset 3, have 2'],
  ])('of which %s is left is refused', (source, message) => {
    expect(failure(() => OPTIONS.fromBuffer(bytes(source)))).toBe(message);
  });

  it('is encoded with its end, and its size is known before', () => {
    const list = [
      { code: 53, data: bytes('05') },
      { code: 80, data: bytes('') },
      { code: 12, data: new Uint8Array(255).fill(0x61) },
    ];
    const encoded = OPTIONS.toBuffer(list);
    expect(hex(encoded.subarray(0, 8))).toBe('35 01 05 50 00 0c ff 61');
    expect(encoded.at(-1)).toBe(255);
    expect([encoded.length, OPTIONS.size(list), OPTIONS.size(), OPTIONS.size(null)]).toEqual([263, 263, 1, 1]);
    expect(OPTIONS.fromBuffer(encoded)).toEqual(list);
  });

  it('refuses values longer than a length byte can say', () => {
    expect(failure(() => OPTIONS.toBuffer([{ code: 12, data: new Uint8Array(256) }]))).toBe(
      'RangeError: option 12: 256 bytes do not fit 255',
    );
  });

  it('has the codes of its protocol', () => {
    const other = new TlvList({ pad: 255, end: 0 });
    expect(other.fromBuffer(bytes('ff 01 01 aa 00 02')).map(({ code }) => code)).toEqual([1]);
  });
});

describe('a C type as a codec', () => {
  const c = cdef('struct __attribute__((packed)) head { uint8_t op; be32_t xid; }; struct other { int x, y; };');
  const head = codec(c.typeof('struct head'));
  const Message = new r.Struct<{ head: { op: number; xid: number }; options: { code: number; data: Uint8Array }[] }>({
    head,
    options: OPTIONS,
  });

  it('decodes to a live view where the stream is, and moves on', () => {
    const source = bytes('01 12 34 56 78 35 01 05 ff');
    const message = Message.fromBuffer(source);
    expect([message.head.op, message.head.xid, message.options.length]).toEqual([1, 0x12345678, 1]);
    message.head.op = 2;
    expect(source[0]).toBe(2);
  });

  it('encodes views and plain objects alike', () => {
    const options = [{ code: 53, data: bytes('05') }];
    const expected = '02 00 00 00 07 35 01 05 ff';
    expect(hex(Message.toBuffer({ head: { op: 2, xid: 7 }, options }))).toBe(expected);
    expect(hex(Message.toBuffer({ head: c.new('struct head', { op: 2, xid: 7 }), options }))).toBe(expected);
    expect(hex(Message.toBuffer({ head: c.new('const struct head', { op: 2, xid: 7 }), options }))).toBe(expected);
  });

  it('decodes what it encoded', () => {
    const message = { head: { op: 1, xid: 0xdeadbeef }, options: [{ code: 1, data: bytes('ff ff ff 00') }] };
    const again = Message.fromBuffer(Message.toBuffer(message));
    expect([(again.head as unknown as { toObject(): unknown }).toObject(), again.options]).toEqual([message.head, message.options]);
  });

  it('knows its size', () => {
    expect(head.size()).toBe(5);
    expect(codec(c.typeof('int[3]')).size()).toBe(12);
  });

  it('has arrays, too', () => {
    const list = codec(c.typeof('be16_t[2]'));
    const stream = new r.EncodeStream(new Uint8Array(4));
    list.encode(stream, [1, 2]);
    expect(stream.pos).toBe(4);
    expect([...list.decode(new r.DecodeStream(bytes('00 01 00 02')))]).toEqual([1, 2]);
  });

  it('refuses short bytes, values of other types and unknown fields', () => {
    const options: [] = [];
    expect(failure(() => Message.fromBuffer(bytes('01 02')))).toBe('RangeError: struct head: needs 5 bytes at offset 0, have 2');
    expect(failure(() => Message.toBuffer({ head: c.new('struct other'), options }))).toBe(
      'TypeError: struct head: expected struct head, got struct other',
    );
    expect(failure(() => Message.toBuffer({ head: { z: 1 } as never, options }))).toBe(
      "TypeError: struct head: struct head has no field named 'z'",
    );
  });

  it('needs a type with a size that has a memory of its own', () => {
    expect(failure(() => codec(c.typeof('int[]')))).toBe("TypeError: the size of 'int []' is not known");
    const stream = new r.EncodeStream(new Uint8Array(4));
    expect(failure(() => codec(c.typeof('int')).encode(stream, 5))).toBe("TypeError: 'int' is no struct or array");
  });
});
