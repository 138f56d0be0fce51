import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageCdef } from '../../../src/dhcp/declarations.ts';
import { OPTION } from '../../../src/dhcp/registry.ts';
import { Reply } from '../../../src/dhcp/reply.ts';
import { AT, MalformedMessage, Request } from '../../../src/dhcp/request.ts';
import { ip, message, optionsIn } from '../../helpers/dhcp.ts';

const DISCOVER = 1;

describe('requests', () => {
  it('have their parts where struct dhcp_packet has them', () => {
    const c = packageCdef('dhcp.h');
    for (const [name, at] of Object.entries(AT)) expect(c.offsetof('struct dhcp_packet', name), name).toBe(at);
  });

  it('give header fields and options', () => {
    const options: [number, number[]][] = [
      [50, [192, 0, 2, 7]],
      [55, [1, 3]],
      [80, []],
    ];
    const request = new Request(message({ type: DISCOVER, flags: 0x8000, giaddr: '10.0.0.1', ciaddr: '192.0.2.9', options }));
    expect(request.type).toBe(1);
    expect(request.isBroadcast).toBe(true);
    expect(request.giaddr).toBe(ip('10.0.0.1'));
    expect(request.ciaddr).toBe(ip('192.0.2.9'));
    expect(Array.from(request.hardware)).toEqual([2, 0, 0, 0, 0, 1]);
    expect(request.number32(50)).toBe(ip('192.0.2.7'));
    expect(request.number32(55)).toBe(null);
    expect(Array.from(request.option(55) as Uint8Array)).toEqual([1, 3]);
    expect(request.has(80) && request.option(80)?.length === 0).toBe(true);
    expect(request.option(51)).toBe(null);
    expect([...request.codes()]).toEqual([50, 53, 55, 80]);
  });

  it('join parts of long options, also from the fields that overload gives to options', () => {
    const bytes = message({
      type: DISCOVER,
      options: [
        [52, [3]],
        [43, [1, 2]],
        [43, [3]],
      ],
    });
    bytes.set([43, 2, 4, 5, 255, 43, 1, 9], AT.file);
    bytes.set([0, 43, 1, 6, 12, 1, 97], AT.sname);
    const request = new Request(bytes);
    expect(Array.from(request.option(43) as Uint8Array)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Array.from(request.option(12) as Uint8Array)).toEqual([97]);
  });

  it('may be BOOTP, and may lack the end option', () => {
    const bytes = message({});
    bytes.fill(0, AT.cookie);
    expect(new Request(bytes).hasOptions).toBe(false);
    expect(new Request(bytes).type).toBe(0);
    const whole = message({ type: DISCOVER, options: [[43, new Array(60).fill(1)]] });
    expect(whole[whole.length - 1]).toBe(255);
    expect(new Request(whole.subarray(0, -1)).option(43)?.length).toBe(60);
  });

  const discover = (): Uint8Array => message({ type: DISCOVER });
  it.each<[string, () => Uint8Array, string]>([
    ['too short', () => discover().subarray(0, 235), '235 bytes are too short for a message'],
    ['a reply', () => discover().fill(2, 0, 1), 'op 2 is no request'],
    ['a long hardware address', () => discover().fill(255, 2, 3), 'hardware address of 255 bytes'],
    ['an option over the end', () => discover().fill(200, 241, 242), 'option 53 at byte 240 of options is cut off'],
    ['a code at the end', () => Uint8Array.from([...discover().subarray(0, 243), 12]), 'option 12 at byte 243 of options is cut off'],
    ['a type that is none', () => message({ type: 9 }), 'unknown message type'],
    ['a type of two bytes', () => message({ options: [[53, [1, 1]]] }), 'unknown message type'],
    ['an overload that is none', () => message({ type: 1, options: [[52, [4]]] }), 'malformed option overload'],
    [
      'an option over the end of file',
      () => {
        const b = message({ type: 1, options: [[52, [1]]] });
        b.set([12, 127], AT.file);
        return b;
      },
      'option 12 at byte 108 of file is cut off',
    ],
  ])('are refused: %s', (_, bytes, reason) => {
    expect(() => new Request(bytes())).toThrow(new MalformedMessage(reason));
  });

  it('are read or refused, whatever the bytes are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(300)).map(([noise, at]) => {
        const b = message({
          type: 3,
          options: [
            [52, [3]],
            [82, [1, 2, 3, 4]],
          ],
        });
        b.set(noise.subarray(0, b.length - Math.min(at, b.length)), Math.min(at, b.length));
        return b;
      }),
    );
    fc.assert(
      fc.property(bytes, (data) => {
        try {
          const request = new Request(data);
          for (const code of request.codes()) expect(request.option(code)).not.toBe(null);
          new Reply(request).encode();
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('replies', () => {
  const replyTo = (options: readonly (readonly [number, ArrayLike<number>])[] = []): Reply =>
    new Reply(new Request(message({ type: DISCOVER, flags: 0x8000, giaddr: '10.0.0.1', hops: 3, options })));

  it('keep what belongs to the client, and have 300 bytes', () => {
    const reply = replyTo();
    reply.yiaddr = ip('192.0.2.7');
    reply.siaddr = ip('192.0.2.1');
    reply.set(OPTION.messageType, Uint8Array.of(2));
    reply.bootFile = Uint8Array.from('pxe', (one) => one.charCodeAt(0));
    const bytes = reply.encode();
    expect(bytes.length).toBe(300);
    const view = packageCdef('dhcp.h').typeof('struct dhcp_packet').view(bytes);
    expect([view.op, view.htype, view.hlen, view.hops, view.xid, view.secs, view.flags, view.cookie]).toEqual([
      2, 1, 6, 0, 0x12345678, 0, 0x8000, 0x63825363,
    ]);
    expect([view.ciaddr, view.yiaddr, view.siaddr, view.giaddr].map((one) => Array.from(one.bytes).join('.'))).toEqual([
      '0.0.0.0',
      '192.0.2.7',
      '192.0.2.1',
      '10.0.0.1',
    ]);
    expect(Array.from(view.file.bytes.subarray(0, 4))).toEqual([112, 120, 101, 0]);
    expect(optionsIn(bytes)).toEqual({ message_type: 2 });
  });

  it('have the type first, then the client’s wishes, the relay’s option last', () => {
    const reply = replyTo([
      [55, [6, 3, 15]],
      [82, [1, 1, 7]],
    ]);
    for (const code of [82, 61, 15, 3, 6, 51, 54, 53]) reply.set(code, Uint8Array.of(1, 1, 7, 0).subarray(0, code === 82 ? 3 : 4));
    const bytes = reply.encode();
    const codes: number[] = [];
    for (let at = AT.options; bytes[at] !== 255; at += 2 + (bytes[at + 1] as number)) codes.push(bytes[at] as number);
    expect(codes).toEqual([53, 54, 51, 6, 3, 15, 61, 82]);
  });

  it('split long options, overload fields, and leave out what does not fit', () => {
    const reply = replyTo([
      [55, [43, 66, 67, 17, 224]],
      [82, [1, 4, 1, 2, 3, 4]],
    ]);
    reply.set(53, Uint8Array.of(2));
    reply.set(43, new Uint8Array(270).fill(7));
    reply.set(66, new Uint8Array(100).fill(97));
    reply.set(67, new Uint8Array(50).fill(98));
    reply.set(17, new Uint8Array(200).fill(99));
    reply.set(82, Uint8Array.of(1, 4, 1, 2, 3, 4));
    const bytes = reply.encode();
    // 576 bytes less the headers of IP and UDP.
    expect(bytes.length).toBeLessThanOrEqual(548);
    const found = optionsIn(bytes);
    expect(found['vendor_specific']).toBeDefined();
    expect(Object.keys(found)).toEqual([
      'message_type',
      'vendor_specific',
      'overload',
      'relay_agent',
      'tftp_server_name',
      'boot_file_name',
    ]);
    expect(found['overload']).toBe(3);
    const wide = replyTo([[57, [1500 >> 8, 1500 & 255]]]);
    for (const code of reply.codes) wide.set(code, reply.get(code) as Uint8Array);
    expect(Object.keys(optionsIn(wide.encode()))).toEqual([
      'message_type',
      'vendor_specific',
      'tftp_server_name',
      'boot_file_name',
      'root_path',
      'relay_agent',
    ]);
  });

  it('never grow beyond what the client accepts, and always end', () => {
    const entry = fc.tuple(
      fc.integer({ min: 1, max: 254 }).filter((code) => ![52, 53, 57, 82].includes(code)),
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), fc.integer({ min: 0, max: 65535 }), (entries, size) => {
        const reply = replyTo([[57, [size >> 8, size & 255]]]);
        for (const [code, value] of entries) reply.set(code, value);
        const bytes = reply.encode();
        expect(bytes.length).toBeLessThanOrEqual(Math.min(Math.max(size, 576), 1500) - 28);
        expect(bytes.length).toBeGreaterThanOrEqual(300);
        bytes[AT.op] = 1;
        const back = new Request(bytes);
        const total = entries.reduce((sum, [, value]) => sum + value.length + 4, 0);
        if (total < 250) for (const [code] of entries) expect(back.has(code)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
