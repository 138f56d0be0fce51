import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionNamed, optionOf, type OptionDefinition, registeredOptions } from '../../../src/dhcp/registry.ts';
import { decodeOption, encodeOption } from '../../../src/dhcp/values.ts';

const named = (name: string): OptionDefinition => optionNamed(name) as OptionDefinition;
const hex = (bytes: Uint8Array): string => Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join(' ');
const bytes = (text: string): Uint8Array => Uint8Array.from(text.split(' ').filter(Boolean), (one) => Number.parseInt(one, 16));

describe('the registry', () => {
  it('has each code and each name once', () => {
    const all = registeredOptions();
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(140);
    for (const { code, name } of all) {
      expect(code > 0 && code < 255, name).toBe(true);
      expect(optionNamed(name)?.code).toBe(code);
    }
  });

  it('names options without a meaning by their code', () => {
    expect(optionOf(224)).toEqual({ code: 224, name: 'option_224', form: 'bytes' });
    expect(optionNamed('option_224')).toEqual(optionOf(224));
    expect(optionNamed('option_3')?.name).toBe('router');
    for (const name of ['option_0', 'option_255', 'option_0300', 'option_', 'routr', '__proto__', 'constructor'])
      expect(optionNamed(name)).toBe(null);
    expect(() => optionOf(0)).toThrow('no DHCP option has the code 0');
    expect(() => optionOf(256)).toThrow('no DHCP option has the code 256');
  });
});

describe('values of options', () => {
  it.each<[string, unknown, string]>([
    ['subnet_mask', '255.255.255.0', 'ff ff ff 00'],
    ['router', ['192.0.2.1', '192.0.2.2'], 'c0 00 02 01 c0 00 02 02'],
    ['static_routes', ['10.0.0.0', '192.0.2.1'], '0a 00 00 00 c0 00 02 01'],
    ['default_ttl', 64, '40'],
    ['interface_mtu', 1500, '05 dc'],
    ['lease_time', 4294967295, 'ff ff ff ff'],
    ['time_offset', -3600, 'ff ff f1 f0'],
    ['client_architecture', [0, 7], '00 00 00 07'],
    ['parameter_list', [1, 3, 6], '01 03 06'],
    ['ip_forwarding', true, '01'],
    ['router_discovery', false, '00'],
    ['rapid_commit', true, ''],
    ['domain_name', 'example.org', '65 78 61 6d 70 6c 65 2e 6f 72 67'],
    // RFC 3397, section 2: the example with eng.apple.com and marketing.apple.com.
    [
      'domain_search',
      ['eng.apple.com', 'marketing.apple.com'],
      '03 65 6e 67 05 61 70 70 6c 65 03 63 6f 6d 00 09 6d 61 72 6b 65 74 69 6e 67 c0 04',
    ],
    // RFC 3442: widths of 0, 8, 17, 25 and 32 bits.
    [
      'classless_routes',
      [
        { destination: '0.0.0.0/0', router: '192.0.2.1' },
        { destination: '10.0.0.0/8', router: '192.0.2.2' },
        { destination: '10.17.128.0/17', router: '192.0.2.3' },
        { destination: '10.229.0.128/25', router: '192.0.2.4' },
        { destination: '10.198.122.47/32', router: '0.0.0.0' },
      ],
      '00 c0 00 02 01 08 0a c0 00 02 02 11 0a 11 80 c0 00 02 03 19 0a e5 00 80 c0 00 02 04 20 0a c6 7a 2f 00 00 00 00',
    ],
    [
      'relay_agent',
      new Map([
        [1, bytes('0a 0b')],
        [2, bytes('ff')],
      ]),
      '01 02 0a 0b 02 01 ff',
    ],
    ['client_id', bytes('01 02 00 00 00 00 01'), '01 02 00 00 00 00 01'],
  ])('%s', (name, value, encoded) => {
    expect(hex(encodeOption(named(name), value))).toBe(encoded);
    expect(decodeOption(named(name), bytes(encoded))).toEqual(value);
  });

  it.each<[string, unknown, string]>([
    ['router', '192.0.2.1', 'c0 00 02 01'],
    ['domain_search', 'example.org.', '07 65 78 61 6d 70 6c 65 03 6f 72 67 00'],
    ['ip_forwarding', 1, '01'],
    ['tftp_server_name', 42, '34 32'],
    ['vendor_specific', { 6: 'x', 10: bytes('01') }, '06 01 78 0a 01 01'],
    ['router', bytes('01'), '01'],
  ])('takes for %s %j', (name, value, encoded) => {
    expect(hex(encodeOption(named(name), value))).toBe(encoded);
  });

  it.each<[string, unknown, string]>([
    ['subnet_mask', 24, 'option subnet_mask: 24 is no address'],
    ['router', [], 'option router: a value of type object is no list of addresses'],
    ['router', ['192.0.2.256'], "option router: '192.0.2.256' is no IPv4 address"],
    ['static_routes', ['10.0.0.0'], 'option static_routes: a value of type object is no list of pairs of addresses'],
    ['interface_mtu', 65536, 'option interface_mtu: 65536 is no integer from 0 to 65535'],
    ['interface_mtu', 1.5, 'option interface_mtu: 1.5 is no integer from 0 to 65535'],
    ['time_offset', 2 ** 31, 'option time_offset: 2147483648 is no integer from -2147483648 to 2147483647'],
    ['ip_forwarding', 2, 'option ip_forwarding: 2 is no flag (true or false)'],
    ['domain_name', true, 'option domain_name: true is no text'],
    ['domain_search', ['a..b'], 'option domain_search: "a..b" is no domain name'],
    ['domain_search', [`${'a'.repeat(64)}.org`], `option domain_search: "${'a'.repeat(60)}" is no domain name`],
    [
      'classless_routes',
      [{ destination: '10.0.0.0/33', router: '192.0.2.1' }],
      'option classless_routes: "10.0.0.0/33" is no network such as \'10.0.0.0/8\'',
    ],
    ['relay_agent', 'x', 'option relay_agent: "x" is no table of suboptions, bytes by code'],
    ['vendor_specific', { 300: 'x' }, 'option vendor_specific: a value of type object is no table of suboptions, bytes by code'],
    ['client_id', null, 'option client_id: a value of type null is no string of bytes'],
  ])('refuses for %s %j', (name, value, message) => {
    expect(() => encodeOption(named(name), value)).toThrow(new TypeError(message));
  });

  it.each<[string, string, string]>([
    ['subnet_mask', 'ff ff ff', 'option subnet_mask: 3 bytes are no address'],
    ['router', '', 'option router: 0 bytes are no list of addresses'],
    ['static_routes', '01 02 03 04', 'option static_routes: 4 bytes are no list of pairs of addresses'],
    ['lease_time', '01', 'option lease_time: 1 bytes are no integer of 4 bytes'],
    ['ip_forwarding', '02', 'option ip_forwarding: 1 bytes are no flag (0 or 1)'],
    ['domain_search', '03 65 6e', 'option domain_search: domain name at byte 0 is cut off or too long'],
    ['domain_search', 'c0 00', 'option domain_search: domain name at byte 0 points forward'],
    // A label, then back to it, for ever.
    ['domain_search', '01 61 c0 00', 'option domain_search: domain name at byte 0 is cut off or too long'],
    ['classless_routes', '21 01 02 03 04 05 06 07 08', 'option classless_routes: route at byte 0 is cut off or malformed'],
    ['classless_routes', '18 0a 00', 'option classless_routes: route at byte 0 is cut off or malformed'],
    ['relay_agent', '01 05 00', 'option relay_agent: suboption 1 at byte 0 is cut off'],
    ['relay_agent', '01', 'option relay_agent: suboption 1 at byte 0 is cut off'],
  ])('refuses to read for %s the bytes %s', (name, data, message) => {
    expect(() => decodeOption(named(name), bytes(data))).toThrow(message);
  });

  it('reads what it reads back the same, and fails on the rest with a RangeError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...registeredOptions()), fc.uint8Array({ maxLength: 40 }), (option, data) => {
        let value: ReturnType<typeof decodeOption>;
        try {
          value = decodeOption(option, data);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        if (option.form === 'domains' && (value as string[]).some((name) => name === '' || /[.\ufffd]{2}|^\.|\.$|\ufffd/.test(name)))
          return;
        expect(decodeOption(option, encodeOption(option, value))).toEqual(value);
      }),
      { numRuns: 3000 },
    );
  });
});
