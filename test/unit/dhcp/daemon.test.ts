import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDhcpd, type Dhcpd, startDhcpd } from '../../../src/dhcp/index.ts';
import { formatIPv4 } from '../../../src/dhcp/address.ts';
import { TYPE } from '../../../src/dhcp/protocol.ts';
import { AT } from '../../../src/dhcp/request.ts';
import { luaFolder } from '../../../src/host/node.ts';
import { ipBytes, type MessageParts, message } from '../../helpers/dhcp.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cdef-dhcpd-'));
const file = path.join(folder, 'dhcpd.lua');
afterAll(() => rmSync(folder, { recursive: true }));

// The test is a relay agent on the loopback network: replies come to its address, at the server's port.
const SERVER = '127.0.0.1';
const RELAY = '127.0.0.77';

function configuration(more = ''): void {
  writeFileSync(
    file,
    `address, port, network = '${SERVER}', 0, '127.0.0.0/24'
    pools = { '127.0.0.100-127.0.0.199' }
    store = { path = '${path.join(folder, 'leases')}' }
    ${more}`,
  );
}

describe('a server on the network', () => {
  let lines: string[] = [];
  let running: Dhcpd | null = null;
  let relay: Socket | null = null;

  async function start(): Promise<Dhcpd> {
    lines = [];
    running = await startDhcpd({ file, write: (text) => lines.push(...text.trimEnd().split('\n')) });
    return running;
  }

  async function stop(): Promise<void> {
    await running?.stop();
    running = null;
    relay?.close();
    relay = null;
  }

  beforeEach(() => {
    rmSync(path.join(folder, 'leases'), { recursive: true, force: true });
    configuration();
  });
  afterEach(stop);

  async function ask(parts: MessageParts): Promise<string> {
    const port = Number((running as Dhcpd).listening[0]?.split(':')[1]);
    if (relay === null) {
      relay = createSocket('udp4');
      relay.bind(port, RELAY);
      await once(relay, 'listening');
    }
    relay.send(message({ giaddr: RELAY, ...parts }), port, SERVER);
    const [reply] = (await once(relay, 'message')) as [Buffer];
    return `${['', '', 'OFFER', '', '', 'ACK', 'NAK'][reply[242] as number]} ${formatIPv4(reply, AT.yiaddr)}`;
  }

  const request = (mac: string, address: string): MessageParts => ({
    type: TYPE.REQUEST,
    mac,
    options: [
      [54, ipBytes(SERVER)],
      [50, ipBytes(address)],
    ],
  });

  it('gives addresses that are the same after a restart', async () => {
    await start();
    expect(await ask({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:01' })).toBe('OFFER 127.0.0.100');
    expect(await ask(request('02:00:00:00:00:01', '127.0.0.100'))).toBe('ACK 127.0.0.100');
    expect(await ask(request('02:00:00:00:00:02', '127.0.0.150'))).toBe('ACK 127.0.0.150');
    await stop();
    expect(lines.some((line) => / ACK +type=REQUEST .* client=hw:1:020000000001 .* address=127.0.0.100 relay=127.0.0.77$/.test(line))).toBe(
      true,
    );
    expect(lines.at(-1)).toMatch(/info {4}stopped$/);
    await start();
    expect(await ask({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:02' })).toBe('OFFER 127.0.0.150');
    expect(await ask({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:01' })).toBe('OFFER 127.0.0.100');
    expect(await ask(request('02:00:00:00:00:02', '127.0.0.100'))).toBe('NAK 0.0.0.0');
  });

  it('follows its file when told to, unless that is broken', async () => {
    const server = await start();
    expect(await ask({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:09' })).toBe('OFFER 127.0.0.100');
    configuration("function on_discover(_, reply) reply.address = '127.0.0.50' end");
    expect(await server.reload()).toBe(true);
    expect(await ask({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:09' })).toBe('OFFER 127.0.0.50');
    for (const [broken, reason] of [
      ['function', 'dhcpd.lua:4: '],
      ["error('no')", 'dhcpd.lua:4: no'],
      ['lease_time = 0', 'lease_time: expected an integer'],
    ] as const) {
      configuration(broken);
      expect(await server.reload()).toBe(false);
      expect(await ask({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:09' })).toBe('OFFER 127.0.0.50');
      expect(lines.filter((line) => line.includes('cannot reload')).at(-1)).toContain(reason);
    }
    configuration("log = 'json' lease_tiem = 5");
    expect(await server.reload()).toBe(true);
    expect(await ask({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:09' })).toBe('OFFER 127.0.0.100');
    expect(lines.some((line) => line.endsWith('changes take effect at the next start setting=log'))).toBe(true);
    expect(lines.some((line) => line.endsWith("the global 'lease_tiem' means nothing, did you mean 'lease_time'?"))).toBe(true);
  });

  it('shows its counters and its health', async () => {
    configuration('metrics = { port = 0 }');
    const server = await start();
    await ask(request('02:00:00:00:00:01', '127.0.0.100'));
    const get = async (name: string): Promise<string> => (await fetch(`http://127.0.0.1:${server.metricsPort}/${name}`)).text();
    expect(await get('metrics')).toContain('dhcp_messages_sent_total{type="ACK"} 1\n');
    expect(await get('metrics')).toContain('dhcp_addresses{subnet="127.0.0.0/24",state="active"} 1\n');
    expect(await get('health')).toBe('ok\n');
  });

  it('does not start where something is missing, and leaves nothing open', async () => {
    configuration("address = '192.0.2.1'");
    await expect(start()).rejects.toThrow('EADDRNOTAVAIL');
    configuration(`store = { path = '${file}/leases' }`);
    await expect(start()).rejects.toThrow(`cannot open the leases in '${file}/leases'`);
    configuration("link = 'eth77'");
    await expect(start()).rejects.toThrow("link: no network interface 'eth77'");
    configuration();
    await start();
  });
});

describe('a check', () => {
  it('accepts the example of the package', () => {
    expect(checkDhcpd(path.join(luaFolder, 'dhcpd.example.lua')).split('\n')).toEqual([
      'subnet 192.0.2.0/24: 100 addresses, 2 reservations',
      'listens at 0.0.0.0:67; leases: lmdb in leases',
      'decided in Lua: on_discover, on_request',
    ]);
  });

  it('says what the file says', () => {
    configuration("reservations = { { hardware = '02:01', address = '127.0.0.9' } } function on_request() end on_relase = 5");
    expect(checkDhcpd(file).split('\n')).toEqual([
      'subnet 127.0.0.0/24: 100 addresses, 1 reservations',
      `listens at 127.0.0.1:0; leases: lmdb in ${folder}/leases`,
      'decided in Lua: on_request',
      "warning: the global 'on_relase' means nothing, did you mean 'on_release'?",
    ]);
    configuration('port = 1e9');
    expect(() => checkDhcpd(file)).toThrow(`${file}: port: expected an integer from 0 to 65535, got 1000000000`);
  });

  it.each(['on_request = {}', "callback = 'x'"])('refuses a policy that is no function: %s', (text) => {
    configuration(text);
    expect(() => checkDhcpd(file)).toThrow(`${file}: ${text.split(' ')[0]}: expected a function`);
  });
});
