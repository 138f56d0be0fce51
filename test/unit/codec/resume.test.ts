import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import * as r from 'restructure';
import { describe, expect, it } from 'vitest';
import { codec, decodeFrom, decodeStream, TlvList } from '../../../src/codec/index.ts';
import { packageCdef, PcapFile, UdpReader } from '../../../src/dhcp/index.ts';
import { bytes, hex } from '../../helpers/bytes.ts';
import { failure } from '../../helpers/errors.ts';
import { cdef } from '../../helpers/loose.ts';

const options = new TlvList({ pad: 0, end: 255 });
const Dhcp = codec(packageCdef('dhcp.h').typeof('struct dhcp_packet'), { options });

function captured(): Uint8Array[] {
  const file = new PcapFile(readFileSync(new URL('../../captures/dhcp.pcap', import.meta.url)));
  const udp = new UdpReader(file.linkType);
  return Array.from(file, (frame) => udp.read(frame.bytes)?.payload).filter((payload) => payload !== undefined);
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

async function rejection(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'nothing',
    (error) => String(error),
  );
}

describe('decoding from the start of a message', () => {
  const messages = captured();

  it('has real messages to work on', () => {
    expect(messages.length).toBeGreaterThan(20);
  });

  it('asks for as many bytes as are certainly missing, wherever a real message is cut', () => {
    for (const message of messages) {
      const whole = decodeFrom(Dhcp, message);
      if (whole.needed !== undefined) throw new Error('a whole message is enough');
      const { end, value } = whole;
      // Ends that are promised: never beyond the real one, and never before one promised earlier.
      const promised = [0];
      for (let length = 0; length < end; length++) promised.push(length + (decodeFrom(Dhcp, message.subarray(0, length)).needed ?? -1));
      expect(promised.every((guess, i) => i === 0 || (guess >= i && guess <= end && guess >= (promised[i - 1] as number)))).toBe(true);
      expect(promised.at(-1)).toBe(end);
      expect(hex(Dhcp.toBuffer(value as never))).toBe(hex(withoutPadding(message, end)));
    }
  });

  // Pads between options are not encoded again.
  function withoutPadding(message: Uint8Array, end: number): Uint8Array {
    const { value } = decodeFrom(Dhcp, message) as { value: { options: { code: number; data: Uint8Array }[] } };
    const list = options.toBuffer(value.options);
    const header = message.subarray(0, 240);
    expect(end).toBeGreaterThanOrEqual(240 + list.length);
    return Uint8Array.from([...header, ...list]);
  }

  it('starts at an offset and says where it ended', () => {
    const Pair = new r.Struct({ length: r.uint8, text: new r.String('length') });
    const source = bytes('ff ff 02 61 62 ff');
    expect(decodeFrom(Pair, source, 2)).toEqual({ value: { length: 2, text: 'ab' }, end: 5 });
    expect(decodeFrom(Pair, source, 5)).toEqual({ needed: 255 });
    expect(decodeFrom(Pair, source, 6)).toEqual({ needed: 1 });
    expect(decodeFrom(Pair, source, 9)).toEqual({ needed: 4 });
  });

  it.each([
    ['a string up to NUL', new r.String(), '61 62 00', { value: 'ab', end: 3 }],
    ['a string without its NUL', new r.String(), '61 62', { needed: 1 }],
    ['an UTF-16 string', new r.String(null, 'utf16le'), '61 00 62 00 00 00', { value: 'ab', end: 6 }],
    ['an UTF-16 string without its NUL', new r.String(null, 'utf16le'), '61 00 62 00', { needed: 2 }],
    ['half of an UTF-16 string', new r.String(null, 'utf16le'), '61 00 62', { needed: 1 }],
    ['an array without a length', new r.Array(r.uint8), '01 02', { needed: 1 }],
    ['an array of so many bytes', new r.Array(r.uint16be, r.uint8, 'bytes'), '04 00 01 00 02', { value: [1, 2], end: 5 }],
    ['an array cut off', new r.Array(r.uint16be, r.uint8, 'bytes'), '04 00 01 00', { needed: 1 }],
    ['24 bits', r.uint24le, '01 02', { needed: 1 }],
    ['a double', r.doublebe, '', { needed: 8 }],
    ['skipped bytes', new r.Reserved(r.uint32be, 3), '00', { needed: 11 }],
    ['a pointer', new r.Struct({ p: new r.Pointer(r.uint8, r.uint16be) }), '04 00', { needed: 4 }],
    ['a list of options', options, '35 01 05', { needed: 1 }],
  ])('takes %s', (_, type, source, expected) => {
    expect(decodeFrom(type as r.Type<unknown>, bytes(source))).toEqual(expected);
  });

  it('takes the end of the bytes for the end where nothing follows', () => {
    const final = { isFinal: true };
    expect(decodeFrom(new r.Array(r.uint8), bytes('01 02'), 0, final)).toEqual({ value: [1, 2], end: 2 });
    expect(decodeFrom(new r.String(), bytes('61 62'), 0, final)).toEqual({ value: 'ab', end: 2 });
    expect(decodeFrom(options, bytes('35 00'), 0, final)).toEqual({ value: [{ code: 0x35, data: bytes('') }], end: 2 });
    expect(decodeFrom(r.uint16be, bytes('35'), 0, final)).toEqual({ needed: 1 });
  });

  it('shares its bytes', () => {
    const source = bytes('02 61 62');
    const { value } = decodeFrom(new r.Buffer(r.uint8), source) as { value: Uint8Array };
    source[1] = 0;
    expect(hex(value)).toBe('00 62');
  });

  it('bounds what a message asks for', () => {
    const Block = new r.Struct({
      head: new r.Struct({ length: r.uint32be }),
      data: new r.Buffer((s: { head: { length: number } }) => s.head.length),
    });
    expect(failure(() => decodeFrom(Block, bytes('ff ff ff ff')))).toBe(
      'RangeError: message.data: needs 4294967295 bytes at offset 4, beyond the limit of 65536 bytes',
    );
    expect(decodeFrom(Block, bytes('00 00 ff fc'))).toEqual({ needed: 65_532 });
    expect(failure(() => decodeFrom(Block, bytes('00 00 ff fd')))).toContain('beyond the limit');
    expect(decodeFrom(Block, bytes('00 00 ff fd'), 0, { limit: 2 ** 20 })).toEqual({ needed: 65_533 });
    expect(failure(() => decodeFrom(new r.Array(r.uint8), new Uint8Array(11), 0, { limit: 10, name: 'list' }))).toBe(
      'RangeError: list[10]: needs 1 bytes at offset 10, beyond the limit of 10 bytes',
    );
  });

  it('bounds elements that take no bytes, and nesting', () => {
    const none = new r.Array(new r.Struct({}), r.uint32be);
    expect(failure(() => decodeFrom(none, bytes('ff ff ff ff')))).toBe('RangeError: message[65537]: more than 65536 elements');
    const node: r.Struct<object> = new r.Struct({});
    Object.assign(node.fields, { more: r.uint8, next: new r.Optional(node, ({ more }: { more: number }) => more === 1) });
    expect(failure(() => decodeFrom(node, new Uint8Array(10_000).fill(1)))).toBe('RangeError: message: nested more than 200 deep');
    expect(decodeFrom(node, bytes('01 00'))).toEqual({ value: { more: 1, next: { more: 0 } }, end: 2 });
  });

  it('goes nowhere before the first byte', () => {
    const back = new r.Struct({ p: new r.Pointer(r.int8, r.uint8) });
    expect(failure(() => decodeFrom(back, bytes('fb')))).toBe('RangeError: message.p: there are no 1 bytes at offset -5');
  });

  it('leaves errors of other kinds, and classes of other kinds, alone', () => {
    class Secret extends r.Struct<object> {
      readonly #add = 1;
      override decode(stream: r.DecodeStream): object {
        return { sum: r.uint8.decode(stream) + this.#add };
      }
    }
    expect(decodeFrom(new r.Struct({ s: new Secret({}) }), bytes('04'))).toEqual({ value: { s: { sum: 5 } }, end: 1 });
    const failing = {
      decode: () => {
        throw new TypeError('no');
      },
    };
    expect(failure(() => decodeFrom(failing, bytes('')))).toBe('TypeError: no');
  });

  it('keeps process() and versions', () => {
    const Even = new r.Struct<{ n: number }>({ n: r.uint8 });
    Object.assign(Even, {
      process(this: { n: number }) {
        this.n *= 2;
      },
    });
    const Any = new r.VersionedStruct(r.uint8, {
      header: { h: r.uint8 },
      1: { even: Even },
      2: new r.VersionedStruct(r.uint8, { 3: { z: r.uint16be } }),
    });
    expect(decodeFrom(Any, bytes('01 05 04')).value).toEqual({ version: 1, h: 5, even: { n: 8 } });
    expect(decodeFrom(Any, bytes('02 05 03 00 07')).value).toEqual({ version: 3, z: 7 });
    expect(failure(() => decodeFrom(Any, bytes('01 05'), 0, { limit: 2 }))).toContain('message.even.n: needs 1 bytes at offset 2');
  });
});

describe('decoding a stream', () => {
  const messages = captured().map((message) => message.subarray(0, decodeFrom(Dhcp, message).end));
  const all = Uint8Array.from(messages.flatMap((message) => [...message]));
  const expected = messages.map((message) => hex(options.toBuffer(Dhcp.fromBuffer(message).options)));
  const found = async (chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string[]> =>
    (await collect(decodeStream(Dhcp, chunks))).map((message) => hex(options.toBuffer(message.options)));

  function* cut(size: number): Iterable<Uint8Array> {
    for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
  }

  it.each([1, 2, 7, 239, 240, 241, 1000, 1e6])('finds real messages in chunks of %d bytes', async (size) => {
    expect(await found(cut(size))).toEqual(expected);
  });

  it('finds them in a stream of Node', async () => {
    expect(await found(Readable.from(cut(100)))).toEqual(expected);
  });

  it('keeps values that it gave when more bytes come', async () => {
    const values = await collect(decodeStream(new r.Buffer(r.uint8), [bytes('02 01'), bytes('02 02 03'), bytes('04 01 05')]));
    expect(values.map(hex)).toEqual(['01 02', '03 04', '05']);
  });

  it('refuses a stream that ends within a message', async () => {
    const c = cdef('struct head { be16_t length; };');
    const Block = codec(c.typeof('struct head'), { data: new r.Buffer('length') });
    expect(await rejection(collect(decodeStream(Block, [bytes('00 01 07 00 05'), bytes('01')])))).toBe(
      'ShortageError: struct head.data: needs 5 bytes at offset 2, have 1',
    );
  });

  it('lets the end of the stream end what has no end of its own', async () => {
    expect(await collect(decodeStream(new r.Array(r.uint8), [bytes('01'), bytes('02 03')]))).toEqual([[1, 2, 3]]);
    expect(await collect(decodeStream(new r.Array(r.uint8), []))).toEqual([]);
  });

  it('refuses types without bytes, and messages beyond the limit', async () => {
    expect(await rejection(collect(decodeStream(new r.Struct({}), [bytes('01')])))).toBe(
      'TypeError: a type that takes no bytes cannot be decoded from a stream',
    );
    const chunks = Array.from({ length: 20 }, () => new Uint8Array(10));
    expect(await rejection(collect(decodeStream(new r.Array(r.uint8), chunks, { limit: 100 })))).toContain('beyond the limit of 100 bytes');
  });
});
