import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatHardware,
  formatIPv4,
  formatOption,
  MessageDecoder,
  packageCdef,
  parseIPv4,
  PcapError,
  PcapFile,
  UdpReader,
} from '../../../src/dhcp/index.ts';

/** Bytes from hex; blanks separate. */
function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/\s+/g, ''), 'hex'));
}

const CAPTURE = new URL('../../captures/dhcp.pcap', import.meta.url);

describe('IPv4 addresses', () => {
  it.each([
    ['0.0.0.0', [0, 0, 0, 0]],
    ['255.255.255.255', [255, 255, 255, 255]],
    ['192.0.2.1', [192, 0, 2, 1]],
    ['10.20.30.40', [10, 20, 30, 40]],
  ])('%s is read and written', (text, bytes) => {
    const target = new Uint8Array(6);
    parseIPv4(text, target, 1);
    expect([...target]).toEqual([0, ...bytes, 0]);
    expect(formatIPv4(target, 1)).toBe(text);
  });

  it.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4.',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3.1000',
    '01.2.3.4',
    '1.2.3.00',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1.2.3.-4',
    '+1.2.3.4',
    '0x1.2.3.4',
    '1,2,3,4',
    'a.b.c.d',
    '１.2.3.4',
  ])('%j is refused', (text) => {
    expect(() => parseIPv4(text, new Uint8Array(4))).toThrow(new TypeError(`'${text}' is no IPv4 address`));
  });

  it('a very long text is cut in the message', () => {
    expect(() => parseIPv4('9'.repeat(1000), new Uint8Array(4))).toThrow(new TypeError(`'${'9'.repeat(40)}' is no IPv4 address`));
  });

  it('every address is read as it is written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
        const target = new Uint8Array(4);
        parseIPv4(formatIPv4(bytes), target);
        expect(target).toEqual(bytes);
      }),
    );
  });

  it('hardware addresses have two digits a byte', () => {
    expect(formatHardware(hex('02 00 00 00 01 23'))).toBe('02:00:00:00:01:23');
    expect(formatHardware(new Uint8Array(0))).toBe('');
  });
});

describe('options as people read them', () => {
  it.each<[number, string, string]>([
    [1, 'ff ff ff 00', 'subnet mask 255.255.255.0'],
    [3, 'c0 00 02 01 c0 00 02 02', 'router 192.0.2.1 192.0.2.2'],
    [3, 'c0 00 02', 'router c0:00:02'],
    [3, '', 'router '],
    [51, '00 00 0e 10', 'lease 3600 s'],
    [51, 'ff ff ff ff', 'lease 4294967295 s'],
    [51, '0e 10', 'lease 0e:10'],
    [53, '01', 'type DISCOVER'],
    [53, 'ff', 'type ff'],
    [53, '', 'type '],
    [55, '01 03 06', 'wants 1 3 6'],
    [57, '05 dc', 'max size 1500'],
    [57, '01 02 03 04 05', 'max size 01:02:03:04:05'],
    [12, '6c 61 70', 'host name "lap"'],
    [12, '22 5c', 'host name "\\"\\\\"'],
    [12, '1b 5b 33 31 6d', 'host name "\\u001b[31m"'],
    [12, '0d 0a 00 07', 'host name "\\r\\n\\u0000\\u0007"'],
    [12, '7f', 'host name "?"'],
    [12, 'c2 9b', 'host name "?"'],
    [12, 'e2 80 ae', 'host name "?"'],
    [12, 'ff', 'host name "\ufffd"'],
    [61, '01 02', 'client id 01:02'],
    [200, '01 ff', 'option 200 01:ff'],
  ])('option %i with %s is %j', (code, data, expected) => {
    expect(formatOption({ code, data: hex(data) })).toBe(expected);
  });

  it('no option makes a terminal do anything', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 254 }), fc.uint8Array({ maxLength: 40 }), (code, data) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(formatOption({ code, data })).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('messages', () => {
  const decoder = new MessageDecoder(packageCdef('dhcp.h'));
  const message = (options: string): Uint8Array => {
    const bytes = new Uint8Array(240 + hex(options).length);
    bytes.set(hex('01 01 06 00 3903f326'));
    bytes.set(hex('63 82 53 63'), 236);
    bytes.set(hex(options), 240);
    return bytes;
  };

  it('decodes header and options in place', () => {
    const bytes = message('35 01 03  32 04 c0 00 02 05  00 00  ff 00 00');
    const decoded = decoder.decode(bytes);
    expect(decoded?.packet.xid).toBe(0x3903f326);
    expect(decoded?.options.map(formatOption)).toEqual(['type REQUEST', 'requested address 192.0.2.5']);
    (decoded?.options[1]?.data as Uint8Array)[3] = 9;
    expect(bytes[240 + 8]).toBe(9);
    expect(decoder.typeOf(bytes)).toBe(3);
  });

  it.each<[string, string, number]>([
    ['no option 53', 'ff', 0],
    ['no options at all', '', 0],
    ['an option 53 of two bytes', '35 02 01 01 ff', 0],
    ['an empty option 53', '35 00 ff', 0],
    ['a type behind padding', '00 00 35 01 08 ff', 8],
    ['an option that is cut off', '35 01 01 0c 05 61', 0],
    ['a code without a length', '35', 0],
    ['a type behind the end mark', 'ff 35 01 01', 0],
  ])('the type of a message with %s is %i', (_, options, type) => {
    expect(decoder.typeOf(message(options))).toBe(type);
  });

  it('plain BOOTP has no options', () => {
    const bytes = message('35 01 01 ff');
    bytes[236] = 0;
    expect(decoder.decode(bytes)).toBeNull();
    expect(decoder.typeOf(bytes)).toBe(0);
  });

  it('a message that is cut off raises a RangeError, wherever', () => {
    const bytes = message('35 01 01  0c 03 61 62 63');
    for (let length = 0; length < 240; length++) expect(() => decoder.decode(bytes.subarray(0, length))).toThrow(RangeError);
    expect(() => decoder.decode(bytes.subarray(0, 246))).toThrow(RangeError);
  });

  it('garbage decodes or raises a RangeError, and its type is a byte', () => {
    const garbage = fc.uint8Array({ maxLength: 80 }).map((tail) => {
      const bytes = message('');
      return Uint8Array.from([...bytes, ...tail]);
    });
    fc.assert(
      fc.property(fc.oneof(garbage, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        try {
          decoder.decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        const type = decoder.typeOf(bytes);
        expect(type >= 0 && type <= 255).toBe(true);
      }),
    );
  });
});

describe('captures', () => {
  // A file of one frame of three bytes, 2.5 seconds after 1970.
  function pcap(magic: number, littleEndian: boolean, fraction: number, linkType = 1): Uint8Array {
    const bytes = new Uint8Array(24 + 16 + 3);
    const data = new DataView(bytes.buffer);
    const put = (at: number, value: number): void => data.setUint32(at, value, littleEndian);
    put(0, magic);
    data.setUint16(4, 2, littleEndian);
    data.setUint16(6, 4, littleEndian);
    put(16, 65535);
    put(20, linkType);
    for (const [i, value] of [2, fraction, 3, 60].entries()) put(24 + i * 4, value);
    bytes.set([7, 8, 9], 40);
    return bytes;
  }

  it.each<[string, number, boolean, number]>([
    ['little endian, microseconds', 0xa1b2c3d4, true, 500_000],
    ['big endian, microseconds', 0xa1b2c3d4, false, 500_000],
    ['little endian, nanoseconds', 0xa1b23c4d, true, 500_000_000],
    ['big endian, nanoseconds', 0xa1b23c4d, false, 500_000_000],
  ])('%s', (_, magic, littleEndian, fraction) => {
    const bytes = pcap(magic, littleEndian, fraction);
    const file = new PcapFile(bytes);
    expect(file.linkType).toBe(1);
    const frames = [...file];
    expect(frames).toEqual([{ number: 1, time: 2.5, bytes: Uint8Array.of(7, 8, 9) }]);
    expect(frames[0]?.bytes.buffer).toBe(bytes.buffer);
  });

  it('the upper bits of the link type say something else', () => {
    expect(new PcapFile(pcap(0xa1b2c3d4, true, 0, 0xf0000001)).linkType).toBe(1);
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'no pcap file: needs 24 bytes, have 0'],
    ['a short file', new Uint8Array(23), 'no pcap file: needs 24 bytes, have 23'],
    [
      'text',
      new TextEncoder().encode('this is no capture file at all'),
      'no pcap file: unknown magic number (pcapng files are converted with `editcap -F pcap`)',
    ],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => new PcapFile(bytes)).toThrow(new PcapError(message));
  });

  it.each<[number, string]>([
    [42, 'frame 1: needs 3 bytes at offset 40, have 2'],
    [40, 'frame 1: needs 3 bytes at offset 40, have 0'],
    [39, 'frame 1: header cut off at byte 24'],
    [25, 'frame 1: header cut off at byte 24'],
  ])('a file cut off after %i bytes says where', (length, message) => {
    expect(() => [...new PcapFile(pcap(0xa1b2c3d4, true, 0).subarray(0, length))]).toThrow(new PcapError(message));
  });

  it('a file with no frames has none', () => {
    expect([...new PcapFile(pcap(0xa1b2c3d4, true, 0).subarray(0, 24))]).toEqual([]);
  });

  it('a damaged capture is read or refused, never worse', () => {
    const original = readFileSync(CAPTURE);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 20 }),
        fc.nat(original.length),
        (changes, length) => {
          const bytes = Uint8Array.from(original.subarray(0, length));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            const file = new PcapFile(bytes);
            const reader = new UdpReader(file.linkType);
            for (const frame of file) reader.read(frame.bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(PcapError);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('datagrams', () => {
  // IPv4 with UDP from port 68 to 67, payload ab cd.
  const IP = '45 00 001e 0000 0000 40 11 0000 00000000 ffffffff';
  const UDP = '0044 0043 000a 0000 abcd';
  const ETHERNET = 'ffffffffffff 020000000123';
  const found = { sourcePort: 68, destinationPort: 67, payload: hex('abcd') };

  it.each<[string, number, string]>([
    ['Ethernet', 1, `${ETHERNET} 0800 ${IP} ${UDP}`],
    ['Ethernet with padding behind', 1, `${ETHERNET} 0800 ${IP} ${UDP} 0000 0000 0000 0000`],
    ['one VLAN tag', 1, `${ETHERNET} 8100 0005 0800 ${IP} ${UDP}`],
    ['two VLAN tags', 1, `${ETHERNET} 8100 0005 8100 0006 0800 ${IP} ${UDP}`],
    ['raw IP', 101, `${IP} ${UDP}`],
    ['Linux cooked', 113, `0000 0001 0006 020000000123 0000 0800 ${IP} ${UDP}`],
    ['IP options', 101, `46 00 0022 0000 0000 40 11 0000 00000000 ffffffff 01010101 ${UDP}`],
    ["don't fragment", 101, `${IP.replace('0000 0000', '0000 4000')} ${UDP}`],
  ])('are found in %s', (_, linkType, frame) => {
    expect(new UdpReader(linkType).read(hex(frame))).toEqual(found);
  });

  it.each<[string, number, string]>([
    ['an empty frame', 1, ''],
    ['a short Ethernet header', 1, 'ffffffffffff 0200'],
    ['ARP', 1, `${ETHERNET} 0806 ${IP} ${UDP}`],
    ['IPv6', 1, `${ETHERNET} 86dd ${IP} ${UDP}`],
    ['a VLAN tag with nothing behind', 1, `${ETHERNET} 8100 00`],
    ['IP version 6 in raw IP', 101, `${IP.replace('45', '65')} ${UDP}`],
    ['TCP', 101, `${IP.replace('40 11', '40 06')} ${UDP}`],
    ['a first fragment', 101, `${IP.replace('0000 0000 40', '0000 2000 40')} ${UDP}`],
    ['a later fragment', 101, `${IP.replace('0000 0000 40', '0000 0010 40')} ${UDP}`],
    ['an IP header too short to be one', 101, `${IP.replace('45', '44')} ${UDP}`],
    ['an IP header longer than the packet', 101, `${IP.replace('45', '4f')} ${UDP}`],
    ['a cut UDP header', 101, `${IP} 0044 0043`],
    ['a UDP length below its header', 101, `${IP} 0044 0043 0007 0000 abcd`],
    ['a UDP length beyond the packet', 101, `${IP} 0044 0043 000b 0000 abcd`],
    ['a short Linux cooked header', 113, '0000 0001'],
  ])('are not found in %s', (_, linkType, frame) => {
    expect(new UdpReader(linkType).read(hex(frame))).toBeNull();
  });

  it('an empty payload is one', () => {
    expect(new UdpReader(101).read(hex(`${IP} 0044 0043 0008 0000`))?.payload).toEqual(new Uint8Array(0));
  });

  it('other link types are refused', () => {
    expect(() => new UdpReader(105)).toThrow(new PcapError('link type 105 is not supported, expected Ethernet, raw IP or Linux cooked'));
  });
});
