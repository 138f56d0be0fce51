import { describe, expect, it } from 'vitest';
import { jsonForm, keaForm, type Lease, type LeaseForm } from '../../../src/dhcp/index.ts';
import { END_OF_TIME } from '../../../src/dhcp/leases/store.ts';
import { ip } from '../../helpers/dhcp.ts';

const HEADER = 'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context';
const lease: Lease = {
  address: ip('192.0.2.10'),
  subnet: 7,
  client: 'id:01020000000001',
  hardware: '020000000001',
  state: 'active',
  expires: 1_800_000_000,
  seen: 1_799_996_400,
  hostName: 'pc',
  relay: '',
};

function read(form: LeaseForm, ...lines: string[]): (Lease | null)[] {
  const reader = form.reader('leases.csv');
  return lines.map((line) => reader.read(line));
}

const kea = (...lines: string[]): (Lease | null)[] => read(keaForm, HEADER, ...lines).slice(1);

function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

const variants: readonly (readonly [string, Lease, string])[] = [
  ['identifiers', lease, '192.0.2.10,02:00:00:00:00:01,01:02:00:00:00:00:01,3600,1800000000,7,0,0,pc,0,'],
  ['hardware addresses', { ...lease, client: 'hw:1:020000000001' }, '192.0.2.10,02:00:00:00:00:01,,3600,1800000000,7,0,0,pc,0,'],
  [
    'names with commas',
    { ...lease, hostName: 'a,b&c &#x2c ü' },
    '192.0.2.10,02:00:00:00:00:01,01:02:00:00:00:00:01,3600,1800000000,7,0,0,a&#x2cb&#x26c &#x26#x2c ü,0,',
  ],
  ['released leases', { ...lease, state: 'released' }, '192.0.2.10,02:00:00:00:00:01,01:02:00:00:00:00:01,3600,1800000000,7,0,0,pc,2,'],
  ['declined addresses', { ...lease, client: '', hardware: '', state: 'declined', hostName: '' }, '192.0.2.10,,,3600,1800000000,7,0,0,,1,'],
  [
    'leases that never end',
    { ...lease, expires: END_OF_TIME },
    '192.0.2.10,02:00:00:00:00:01,01:02:00:00:00:00:01,4294967295,6094963695,7,0,0,pc,0,',
  ],
];

describe('leases as Kea has them', () => {
  it.each(variants)('%s', (_, one, text) => {
    expect(keaForm.header).toBe(HEADER);
    expect(keaForm.write(one)).toBe(text);
    expect(kea(text)).toEqual([one]);
  });

  it('are read from older and newer files, whatever the order of columns', () => {
    const old = 'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname';
    const line = '192.0.2.10,02:00:00:00:00:01,01:02:00:00:00:00:01,3600,1800000000,7,0,0,pc';
    expect(read(keaForm, old, line)).toEqual([null, lease]);
    expect(read(keaForm, `${HEADER},pool_id`, `${line},0,{ "a": 1&#x2c "b": 2 },0`)).toEqual([null, lease]);
    expect(kea(`${line},0`, `${line},0,\r`, '')).toEqual([lease, lease, null]);
    const mixed = 'subnet_id,expire,valid_lifetime,hwaddr,client_id,address,state';
    expect(read(keaForm, mixed, '7,1800000000,3600,02:00:00:00:00:01,01:02:00:00:00:00:01,192.0.2.10,0')).toEqual([
      null,
      { ...lease, hostName: '' },
    ]);
  });

  it('are over where Kea has forgotten or reclaimed them', () => {
    const line = (lifetime: number, state: number): string =>
      `192.0.2.10,02:00:00:00:00:01,01:02:00:00:00:00:01,${lifetime},1800000000,7,0,0,pc,${state},`;
    expect(kea(line(0, 0), line(3600, 2), line(3600, 3), line(3600, 0)).map((one) => one?.state)).toEqual([
      'released',
      'released',
      'released',
      'active',
    ]);
  });

  it('do not bring control characters', () => {
    expect(kea('192.0.2.10,02:00:00:00:00:01,,1,2,7,0,0,a&#x0a\x1b[31mb,0,')[0]?.hostName).toBe('a??[31mb');
    expect(keaForm.write({ ...lease, hostName: 'a\nb' })).toContain(',a?b,0,');
  });

  it.each([
    ['192.0.2.256,02:00:00:00:00:01,,3600,1800000000,7,0,0,pc,0,', '2:1', 'address: expected an IPv4 address'],
    ['192.0.2.10,02:zz,,3600,1800000000,7,0,0,pc,0,', '2:12', "hwaddr: expected bytes such as '02:00:00:00:00:01'"],
    [`192.0.2.10,${'01:'.repeat(20)}01,,3600,1800000000,7,0,0,pc,0,`, '2:12', 'hwaddr: expected at most 20 bytes'],
    ['192.0.2.10,,,3600,1800000000,7,0,0,pc,0,', '2:12', 'hwaddr: expected the address of a client that has no client_id'],
    ['192.0.2.10,02:00,01,-1,1800000000,7,0,0,pc,0,', '2:21', 'valid_lifetime: expected a whole number up to 4294967295'],
    ['192.0.2.10,02:00,01,3600,soon,7,0,0,pc,0,', '2:26', 'expire: expected a whole number up to 8589934590'],
    ['192.0.2.10,02:00,01,3600,1,4294967296,0,0,pc,0,', '2:28', 'subnet_id: expected a whole number up to 4294967295'],
    ['192.0.2.10,02:00,01,3600,1,7,0,0,pc,5,', '2:37', 'state: expected a whole number up to 4'],
    [`192.0.2.10,02:00,01,3600,1,7,0,0,${'x'.repeat(256)},0,`, '2:34', 'hostname: expected at most 255 bytes'],
    ['192.0.2.10,02:00,01,3600,1,7,0,0,pc,0,,', '2:40', 'expected 11 values, got 12'],
    ['192.0.2.10,02:00,01', '2:1', 'expected 11 values, got 3'],
  ])('%s', (line, place, reason) => {
    expect(failure(() => kea(line)).split('\n')[0]).toBe(`leases.csv:${place}: error: ${reason}`);
  });

  it('show the place of a mistake', () => {
    expect(failure(() => kea('192.0.2.10,02:00,01,3600,soon,7,0,0,pc,0,'))).toMatchInlineSnapshot(`
      "leases.csv:2:26: error: expire: expected a whole number up to 8589934590
          2 | 192.0.2.10,02:00,01,3600,soon,7,0,0,pc,0,
            |                          ^~~~"
    `);
    expect(failure(() => read(keaForm, 'address,hwaddr'))).toMatchInlineSnapshot(`
      "leases.csv:1:1: error: expected the names of Kea's columns, of which there is no 'client_id'
          1 | address,hwaddr
            | ^~~~~~~~~~~~~~"
    `);
  });
});

describe('leases as JSON', () => {
  it.each(variants)('%s', (_, one) => {
    expect(jsonForm.header).toBe(null);
    expect(read(jsonForm, jsonForm.write(one))).toEqual([one]);
  });

  it('have times and bytes as people write them', () => {
    expect(jsonForm.write(lease)).toBe(
      '{"address":"192.0.2.10","subnet":7,"client":"id:01020000000001","hardware":"02:00:00:00:00:01","state":"active",' +
        '"expires":"2027-01-15T08:00:00Z","seen":"2027-01-15T07:00:00Z","hostName":"pc"}',
    );
    expect(read(jsonForm, '', '  ')).toEqual([null, null]);
  });

  const object = JSON.parse(jsonForm.write(lease)) as object;
  it.each([
    ['{"address":', '1:12', 'expected JSON'],
    ['[1]', '1:1', 'expected an object'],
    [JSON.stringify({ ...object, address: '1.2.3' }), '1:2', 'address: expected an IPv4 address'],
    [JSON.stringify({ ...object, subnet: -1 }), '1:25', 'subnet: expected a whole number up to 4294967295'],
    [JSON.stringify({ ...object, client: 'a,b' }), '1:36', "client: expected 'id:' and hex digits, or 'hw:1:' and those"],
    [JSON.stringify({ ...object, hardware: 'zz' }), '1:65', "hardware: expected bytes such as '02:00:00:00:00:01'"],
    [JSON.stringify({ ...object, state: 'lost' }), '1:96', 'state: expected active, released, declined'],
    [JSON.stringify({ ...object, state: 'declined' }), '1:36', 'client: expected nothing, as the address is declined'],
    [JSON.stringify({ ...object, expires: 'soon' }), '1:113', "expires: expected a time such as '2030-01-31T12:00:00Z'"],
    [JSON.stringify({ ...object, hostName: 3 }), '1:176', 'hostName: expected a string of at most 255 characters'],
    ['{}', '1:1', 'address: expected an IPv4 address'],
  ])('%s', (line, place, reason) => {
    expect(failure(() => read(jsonForm, line)).split('\n')[0]).toBe(`leases.csv:${place}: error: ${reason}`);
  });
});
