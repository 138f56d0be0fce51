import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_NAMES, type ServerSettings, SettingsError } from '../../../src/dhcp/settings.ts';
import { createLua } from '../../../src/host/node.ts';
import { ip } from '../../helpers/dhcp.ts';

const SINGLE = "network = '192.0.2.0/24' ";

/** A configuration as the server reads it. */
function read(text: string): ServerSettings {
  const lua = createLua();
  lua.run(text);
  return readSettings((name) => lua.get(name));
}

const firstSubnet = (text: string): ServerSettings['subnets'][number]['settings'] => read(text).subnets[0]?.settings as never;

describe('defaults', () => {
  it('are those of a server on its usual port, with leases on disk', () => {
    const { subnets, ...rest } = read(SINGLE);
    expect(rest).toEqual({
      addresses: ['0.0.0.0'],
      port: 67,
      workers: 1,
      clientPort: 68,
      serverId: null,
      link: null,
      offerSeconds: 60,
      declineSeconds: 86400,
      rapidCommit: false,
      probe: false,
      store: { kind: 'lmdb', path: 'leases' },
      metrics: null,
      log: 'text',
      logLevel: 'info',
      clientRate: 20,
      relayRate: 100_000,
      clientLeases: 16,
      relayLeases: 1_000_000,
      policySteps: 100_000,
      policyMs: 1000,
    });
    expect(subnets.map(({ settings }) => settings)).toEqual([
      {
        id: 1,
        network: ip('192.0.2.0'),
        prefixLength: 24,
        pools: [],
        reservations: [],
        relays: [],
        leaseSeconds: 3600,
        renewSeconds: null,
        rebindSeconds: null,
        options: new Map(),
        serverAddress: null,
      },
    ]);
  });
});

describe('what a configuration says', () => {
  it.each([
    ["address = '127.0.0.1'", { addresses: ['127.0.0.1'] }],
    ["address = { '127.0.0.1', '127.0.0.2', '127.0.0.1' }", { addresses: ['127.0.0.1', '127.0.0.2'] }],
    ['port = 6767', { port: 6767, clientPort: 6768 }],
    ['port = 6767 client_port = 68', { port: 6767, clientPort: 68 }],
    ["server_id = '192.0.2.1'", { serverId: ip('192.0.2.1') }],
    ["link = 'eth0'", { link: 'eth0' }],
    ["store = { kind = 'memory' }", { store: { kind: 'memory' } }],
    ["store = { path = '/var/lib/x' }", { store: { kind: 'lmdb', path: '/var/lib/x' } }],
    ["store = { url = 'rediss://u:p@h' }", { store: { kind: 'redis', url: 'rediss://u:p@h', prefix: 'cdef:dhcp:' } }],
    ["store = { url = 'redis://h:1' }", { store: { kind: 'redis', url: 'redis://h:1', prefix: 'cdef:dhcp:' } }],
    ['metrics = {}', { metrics: { address: '127.0.0.1', port: 9547 } }],
    ['metrics = { port = 0 }', { metrics: { address: '127.0.0.1', port: 0 } }],
    ["log = 'json' log_level = 'warning'", { log: 'json', logLevel: 'warning' }],
    ['probe = true rapid_commit = true', { probe: true, rapidCommit: true }],
    ['offer_time = 5 decline_time = 0', { offerSeconds: 5, declineSeconds: 0 }],
    ['client_rate = 1 relay_rate = 2 client_leases = 3 relay_leases = 4', { clientRate: 1, relayRate: 2, clientLeases: 3, relayLeases: 4 }],
    ['policy_steps = 10 policy_ms = 20', { policySteps: 10, policyMs: 20 }],
  ])('%s', (text, expected) => {
    expect(read(SINGLE + text)).toMatchObject(expected);
  });

  it('of a subnet: pools in three forms, times, relays', () => {
    const text = `${SINGLE} pools = { '192.0.2.10-192.0.2.20', '192.0.2.30', { '192.0.2.40', '192.0.2.41' } }
      lease_time, renew_time, rebind_time = 100, 40, 80  relays = { '10.0.0.1' } server_address = '192.0.2.2'`;
    expect(firstSubnet(text)).toMatchObject({
      pools: [
        { first: ip('192.0.2.10'), last: ip('192.0.2.20') },
        { first: ip('192.0.2.30'), last: ip('192.0.2.30') },
        { first: ip('192.0.2.40'), last: ip('192.0.2.41') },
      ],
      leaseSeconds: 100,
      renewSeconds: 40,
      rebindSeconds: 80,
      relays: [ip('10.0.0.1')],
      serverAddress: ip('192.0.2.2'),
    });
  });

  it('of several subnets: what they do not say themselves, the top level says for all', () => {
    const { subnets } = read(`
      lease_time = 100
      options = { domain_name = 'a', ntp_server = '192.0.2.9' }
      reservations = { { hardware = '02:00:00:00:00:01', address = '10.0.0.5' }, { hardware = '2-0-0-0-0-2', host_name = 'everywhere' } }
      subnets = {
        { network = '192.0.2.0/24', options = { domain_name = 'b' } },
        { id = 7, network = '10.0.0.0/8', lease_time = 200, reservations = { { client_id = '01:aa', address = '10.0.0.6' } } },
      }`);
    expect(subnets.map(({ settings }) => [settings.id, settings.leaseSeconds])).toEqual([[1, 100], [7, 200]]); // biome-ignore format: short
    expect(subnets.map(({ settings }) => String.fromCharCode(...(settings.options.get(15) ?? [])))).toEqual(['b', 'a']);
    expect(subnets.map(({ settings }) => settings.options.has(42))).toEqual([true, true]);
    expect(subnets.map(({ settings }) => settings.reservations.map(({ keys, address, hostName }) => [keys, address, hostName]))).toEqual([
      [[['hw:1:020000000002'], null, 'everywhere']],
      [
        [['id:01aa'], ip('10.0.0.6'), null],
        [['hw:1:020000000001'], ip('10.0.0.5'), null],
        [['hw:1:020000000002'], null, 'everywhere'],
      ],
    ]);
  });

  it('of a client’s identifier: hex digits, text or bytes', () => {
    const one = (id: string): unknown =>
      firstSubnet(`${SINGLE} reservations = { { client_id = ${id}, address = '192.0.2.9' } }`).reservations[0]?.keys;
    expect([one("'ff:00:01'"), one("'printer'"), one("'\\255\\0'")]).toEqual([['id:ff0001'], ['id:7072696e746572'], ['id:ff00']]);
  });

  it('of networks with two addresses and one: all of them can be given away', () => {
    expect(firstSubnet("network = '192.0.2.0/31' pools = { '192.0.2.0-192.0.2.1' }").pools.length).toBe(1);
    expect(firstSubnet("network = '192.0.2.5/32' pools = { '192.0.2.5' }").pools.length).toBe(1);
  });
});

describe('what cannot be used is named', () => {
  it.each([
    ['', "subnets: none; set 'network' and 'pools', or 'subnets'"],
    ['subnets = {}', "subnets: none; set 'network' and 'pools', or 'subnets'"],
    ['subnets = 3', 'subnets: expected a list of subnets, got 3'],
    ['subnets = { 3 }', 'subnets[1]: expected a table, got 3'],
    ['subnets = { {} }', 'subnets[1].network: expected a string, got nothing'],
    ["subnets = { { network = '10.0.0.0/8' }, { network = '10.1.0.0/16' } }", 'subnets[2].network: overlaps with that of another subnet'],
    ["subnets = { { network = '10.0.0.0/8', id = 2 }, { network = '11.0.0.0/8' } }", "subnets[2].id: 2 is another subnet's"],
    ["subnets = { { network = '10.0.0.0/8', pool = 1 } }", "subnets[1]: unknown field 'pool', did you mean 'pools'?"],
    [`${SINGLE} subnets = {}`, "network: stands beside 'subnets'; a subnet has its own"],
    ["network = '192.0.2.0'", "network: expected a network such as '192.0.2.0/24', got '192.0.2.0'"],
    ["network = '192.0.2.1/24'", "network: expected a network such as '192.0.2.0/24', whose host part is zero, got '192.0.2.1/24'"],
    ["network = '192.0.2.0/33'", "network: expected a network such as '192.0.2.0/24', got '192.0.2.0/33'"],
    ["network = '0.0.0.0/0'", "network: expected a network such as '192.0.2.0/24', got '0.0.0.0/0'"],
    [`${SINGLE} pools = '192.0.2.1'`, "pools: expected a list of pools, got '192.0.2.1'"],
    [
      `${SINGLE} pools = { '192.0.2.9-192.0.2.1' }`,
      "pools[1]: expected a pool such as '192.0.2.100-192.0.2.199', got '192.0.2.9-192.0.2.1'",
    ],
    [
      `${SINGLE} pools = { '192.0.2.1-192.0.2.2-192.0.2.3' }`,
      "pools[1]: expected a pool such as '192.0.2.100-192.0.2.199', got '192.0.2.1-192.0.2.2-192.0.2.3'",
    ],
    [`${SINGLE} pools = { '192.0.2.0-192.0.2.9' }`, "pools[1]: expected an address of 192.0.2.0/24, got '192.0.2.0-192.0.2.9'"],
    [`${SINGLE} pools = { '192.0.3.1' }`, "pools[1]: expected an address of 192.0.2.0/24, got '192.0.3.1'"],
    [`${SINGLE} pools = { {} }`, "pools[1]: expected a pool such as '192.0.2.100-192.0.2.199', got a table"],
    [`${SINGLE} reservations = { { address = '192.0.2.9' } }`, "reservations[1]: expected 'hardware' or 'client_id'"],
    [
      `${SINGLE} reservations = { { hardware = 'x' } }`,
      "reservations[1].hardware: expected a hardware address such as '02:00:00:00:00:01', got 'x'",
    ],
    [
      `${SINGLE} reservations = { { hardware = '02:01', address = '10.0.0.1' } }`,
      "reservations[1].address: expected an address of 192.0.2.0/24, got '10.0.0.1'",
    ],
    [`${SINGLE} reservations = { { hardwear = '02:01' } }`, "reservations[1]: unknown field 'hardwear', did you mean 'hardware'?"],
    [`${SINGLE} options = { rooter = '192.0.2.1' }`, "options: no option is named 'rooter', did you mean 'router'?"],
    [`${SINGLE} options = { router = 'x' }`, "options: option router: 'x' is no IPv4 address"],
    [`${SINGLE} options = 3`, 'options: expected a table of options by name, got 3'],
    [`${SINGLE} port = 70000`, 'port: expected an integer from 0 to 65535, got 70000'],
    [`${SINGLE} port = '67'`, "port: expected an integer from 0 to 65535, got '67'"],
    [`${SINGLE} address = 'localhost'`, "address: expected an IPv4 address, got 'localhost'"],
    [`${SINGLE} address = {}`, 'address: expected an address or a list of addresses, got a table'],
    [`${SINGLE} address = { 5 }`, 'address[1]: expected a string, got 5'],
    [`${SINGLE} lease_time = 0`, 'lease_time: expected an integer from 1 to 4294967295, got 0'],
    [`${SINGLE} lease_time = 10 renew_time = 11`, 'renew_time: expected an integer from 1 to 10, got 11'],
    [`${SINGLE} store = { kind = 'floppy' }`, "store.kind: expected 'lmdb' or 'memory' or 'redis', got 'floppy'"],
    [`${SINGLE} store = 'x'`, "store: expected a table, got 'x'"],
    [`${SINGLE} store = { pth = 'x' }`, "store: unknown field 'pth', did you mean 'path'?"],
    [`${SINGLE} metrics = 5`, 'metrics: expected a table, got 5'],
    [`${SINGLE} log = 'xml'`, "log: expected 'text' or 'json' or 'none', got 'xml'"],
    [`${SINGLE} probe = 1`, 'probe: expected true or false, got 1'],
    [`${SINGLE} server_address = '10.0.0.1'`, "server_address: expected an address of 192.0.2.0/24, got '10.0.0.1'"],
    [`${SINGLE} link = print`, 'link: expected a string, got a function'],
    [`${SINGLE} pools = { nil, '192.0.2.9' }`, 'pools: expected a list of pools, without holes and names, got a table'],
    [`${SINGLE} pools = { '192.0.2.9', also = '192.0.2.10' }`, 'pools: expected a list of pools, without holes and names, got a table'],
    ["subnets = { [2] = { network = '192.0.2.0/24' } }", 'subnets: expected a list of subnets, without holes and names, got a table'],
    [
      `${SINGLE} reservations = { { hardware = '02:01' }, nil, { hardware = '02:02' } }`,
      'reservations: expected a list of reservations, without holes and names, got a table',
    ],
    [
      `${SINGLE} metrics = { 9547, address = '127.0.0.1' }`,
      "metrics: expected a table with the fields 'address', 'port' alone, got a table",
    ],
    [`${SINGLE} options = { router = '192.0.2.1', 5 }`, 'options: expected a table of options by name, got a table'],
    [`${SINGLE} options = { [3] = '192.0.2.1' }`, 'options: expected a table of options by name, got a table'],
    [`${SINGLE} options = { message_type = 5 }`, "options: option message_type is the server's to set"],
    [`${SINGLE} options = { option_82 = 'x' }`, "options: option relay_agent is the server's to set"],
    [`${SINGLE} rebind_time = 10 renew_time = 20`, 'renew_time: expected an integer from 1 to 10, got 20'],
    [`${SINGLE} store = { url = 'http://x' }`, "store.url: expected a URL such as 'redis://127.0.0.1:6379', got 'http://x'"],
    [`${SINGLE} store = { url = '' }`, "store.url: expected a URL such as 'redis://127.0.0.1:6379', got ''"],
    [`${SINGLE} store = { path = '' }`, "store.path: expected a folder, got ''"],
    [`${SINGLE} reservations = { { client_id = '' } }`, "reservations[1].client_id: expected at least one byte, got ''"],
    [
      `${SINGLE} reservations = { { hardware = '02:01', address = '192.0.2.8' }, { hardware = '2-1', host_name = 'x' } }`,
      'reservations[2]: reservations[1] is for the client, too',
    ],
    [
      `${SINGLE} reservations = { { hardware = '02:01', address = '192.0.2.8' }, { hardware = '02:02', address = '192.0.2.8' } }`,
      'reservations[2]: reservations[1] has the address, too',
    ],
    [
      "reservations = { { hardware = '02:01' } } subnets = { { network = '192.0.2.0/24', reservations = { { hardware = '02:01' } } } }",
      'reservations[1]: subnets[1].reservations[1] is for the client, too',
    ],
  ])('%s', (text, expected) => {
    expect(() => read(text)).toThrow(new SettingsError(expected));
  });

  it('and whatever a global is, nothing else is thrown', () => {
    const values = [
      '3',
      '-1',
      '1e300',
      '0/0',
      "'x'",
      "'\\255'",
      'true',
      '{}',
      '{ 1 }',
      '{ {} }',
      '{ { { } } }',
      '{ x = 1 }',
      'print',
      '{ [2] = 1 }',
      '{ [{}] = 1 }',
    ];
    for (const name of SETTING_NAMES) {
      for (const value of values) {
        try {
          read(`${SINGLE} ${name} = ${value}`);
        } catch (error) {
          expect(error, `${name} = ${value}`).toBeInstanceOf(SettingsError);
        }
      }
    }
  });
});
