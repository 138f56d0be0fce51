import { describe, expect, it } from 'vitest';
import { LocalStore } from '../../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../../src/dhcp/leases/memory.ts';
import { type GrantRequest, StoreUnavailable } from '../../../src/dhcp/leases/store.ts';
import { TYPE } from '../../../src/dhcp/protocol.ts';
import { ipBytes, type MessageParts, message } from '../../helpers/dhcp.ts';
import { FakeTransport, planOf, type Sent, settled, shortOf, TestServer } from '../../helpers/dhcp-server.ts';

const SERVER = '192.0.2.1';
const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';
const selecting = (mac: string, address: string): MessageParts => ({
  type: TYPE.REQUEST,
  mac,
  options: [
    [54, ipBytes(SERVER)],
    [50, ipBytes(address)],
  ],
});

/** A store whose writes wait for `open`, and fail while it is away. */
class GatedStore extends LocalStore {
  isAway = false;
  readonly waiting: (() => void)[] = [];
  isGated = false;

  override async grant(request: GrantRequest): Promise<boolean> {
    if (this.isAway) throw new StoreUnavailable('gone fishing');
    const granted = await super.grant(request);
    if (this.isGated) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return granted;
  }
}
const gated = (): GatedStore => new GatedStore(new MemoryTable());

describe('replies', () => {
  // RFC 2131, section 4.1.
  const destinations: [string, MessageParts, string][] = [
    ['clients without an address', { type: TYPE.DISCOVER }, 'OFFER 192.0.2.100 to 255.255.255.255:68 by eth0'],
    ['clients that ask for a broadcast', { type: TYPE.DISCOVER, flags: 0x8000 }, 'OFFER 192.0.2.100 to 255.255.255.255:68 by eth0'],
    ['relay agents', { type: TYPE.DISCOVER, giaddr: '192.0.2.9' }, 'OFFER 192.0.2.100 to 192.0.2.9:67 by eth0'],
    ['clients that renew', { type: TYPE.REQUEST, ciaddr: '192.0.2.101' }, 'ACK 192.0.2.101 to 192.0.2.101:68 by eth0'],
    ['clients that inform themselves', { type: TYPE.INFORM, ciaddr: '192.0.2.50' }, 'ACK 0.0.0.0 to 192.0.2.50:68 by eth0'],
    ['clients that are refused', { type: TYPE.REQUEST, ciaddr: '192.0.2.200' }, 'NAK 0.0.0.0 to 255.255.255.255:68 by eth0'],
    [
      'refused clients of a relay',
      { type: TYPE.REQUEST, ciaddr: '192.0.2.200', giaddr: '192.0.2.9' },
      'NAK 0.0.0.0 to 192.0.2.9:67 by eth0',
    ],
    [
      'clients whose address is foreign',
      { type: TYPE.REQUEST, ciaddr: '198.51.100.1', options: [[50, ipBytes('192.0.2.100')]] },
      'ACK 192.0.2.100 to 255.255.255.255:68 by eth0',
    ],
  ];
  it.each(destinations)('to %s', async (_, parts, expected) => {
    expect((await new TestServer().hear(message(parts))).map(shortOf)).toEqual([expected]);
  });

  it('go to ports of choice', async () => {
    const server = new TestServer({ globals: { port: 6767, client_port: 7000 } });
    expect((await server.hear(message({ type: TYPE.DISCOVER }))).map(({ to }) => to)).toEqual(['255.255.255.255:7000']);
    expect((await server.hear(message({ type: TYPE.DISCOVER, giaddr: '192.0.2.9' }))).map(({ to }) => to)).toEqual(['192.0.2.9:6767']);
  });

  it('are not made for strangers: unknown relays, addresses of other networks', async () => {
    const server = new TestServer();
    const link = [82, [5, 4, 192, 0, 2, 0]] as const;
    expect(await server.hear(message({ type: TYPE.DISCOVER, giaddr: '198.51.100.1' }))).toEqual([]);
    expect(await server.hear(message({ type: TYPE.DISCOVER, giaddr: '198.51.100.1', options: [link] }))).toEqual([]);
    expect(await server.hear(message({ type: TYPE.INFORM, ciaddr: '198.51.100.1' }))).toEqual([]);
  });

  it('leave once the store has the lease', async () => {
    const store = gated();
    store.isGated = true;
    const server = new TestServer({ store });
    expect(await server.hear(message(selecting(A, '192.0.2.100')))).toEqual([]);
    (store.waiting.pop() as () => void)();
    await settled();
    expect(server.sent.map(shortOf)).toEqual(['ACK 192.0.2.100 to 255.255.255.255:68 by eth0']);
  });

  it('that cannot be sent are logged and counted', async () => {
    const server = new TestServer();
    (server.transports[1] as FakeTransport).failure = new Error('network is down');
    await server.hear(message({ type: TYPE.DISCOVER }));
    expect(server.counts['dropped send error']).toBe(1);
    expect(server.lines[0]).toContain('send error to=255.255.255.255 reason="network is down"');
  });
});

describe('links', () => {
  const globals = {
    subnets: [
      { network: '192.0.2.0/24', pools: ['192.0.2.100-192.0.2.199'] },
      { network: '10.0.0.0/24', pools: ['10.0.0.100-10.0.0.199'] },
    ],
  };
  const local = [
    ['eth0', SERVER],
    ['eth1', '10.0.0.1'],
  ] as const;
  const sockets = (sent: Sent[]): FakeTransport[] => [
    new FakeTransport(sent, 'any'),
    new FakeTransport(sent, 'eth0', SERVER),
    new FakeTransport(sent, 'eth1', '10.0.0.1'),
  ];

  it('of two subnets: broadcasts could be from either, and are answered where the link is named', async () => {
    const silent = new TestServer({ globals, local }, sockets);
    expect(await silent.hear(message({ type: TYPE.DISCOVER }))).toEqual([]);
    const server = new TestServer({ globals: { ...globals, link: 'eth1' }, local }, sockets);
    const [offer] = await server.hear(message({ type: TYPE.DISCOVER }));
    expect(shortOf(offer as Sent)).toBe('OFFER 10.0.0.100 to 255.255.255.255:68 by eth1');
    expect([...(offer as Sent).bytes.subarray(243, 249)]).toEqual([54, 4, 10, 0, 0, 1]);
  });

  it('of sockets that are bound to one each: replies take the way back', async () => {
    const server = new TestServer({ globals, local }, (sent) => [
      new FakeTransport(sent, 'socket 0', SERVER, 'eth0'),
      new FakeTransport(sent, 'socket 1', '10.0.0.1', 'eth1'),
    ]);
    const ask = async (transport: number): Promise<string[]> =>
      (await server.hear(message({ type: TYPE.DISCOVER }), transport)).map(shortOf);
    expect(await ask(0)).toEqual(['OFFER 192.0.2.100 to 255.255.255.255:68 by socket 0']);
    expect(await ask(1)).toEqual(['OFFER 10.0.0.100 to 255.255.255.255:68 by socket 1']);
  });

  it('give each subnet its server identifier, and every address a socket', () => {
    const plan = planOf({ globals, local });
    expect([...plan.links.serverIds]).toEqual([
      [1, 0xc0000201],
      [2, 0x0a000001],
    ]);
    expect(plan.links.addresses).toEqual(['0.0.0.0', SERVER, '10.0.0.1']);
    expect(planOf({ globals: { ...globals, server_id: '203.0.113.1' }, local }).links.serverIds.get(2)).toBe(0xcb007101);
  });

  it.each([
    [
      { link: 'eth7' },
      local,
      "link: no network interface 'eth7' has an IPv4 address; those of links that are down, or have no cable in, are not seen",
    ],
    [
      {},
      [['lo', '127.0.0.1']],
      'server_id: needed, as this machine has no address in 192.0.2.0; those of links that are down, or have no cable in, are not seen',
    ],
  ] as const)('%j of machines with %j cannot be served', (more, machine, expected) => {
    expect(() => planOf({ globals: { ...globals, ...more }, local: machine })).toThrow(expected);
  });

  it('of relays alone take the only address there is', () => {
    expect(planOf({ globals, local: [['lo', '127.0.0.1'], ['eth0', '203.0.113.5']] }).links.serverIds.get(1)).toBe(0xcb007105); // biome-ignore format: a pair a line says no more
  });
});

describe('what goes wrong', () => {
  it('in the policy drops the message, with its traceback, and no other', async () => {
    const server = new TestServer({
      policy: (request) => {
        if (request.hardware[5] === 0x0a) throw new TypeError('oh no');
        return null;
      },
    });
    expect(await server.hear(message({ type: TYPE.DISCOVER, mac: A }))).toEqual([]);
    expect(server.counts['dropped policy error']).toBe(1);
    expect(server.lines[0]).toMatch(/^error {3}policy error message="oh no" trace="TypeError: oh no\\n.* type=DISCOVER xid=12345678/);
    expect((await server.hear(message({ type: TYPE.DISCOVER, mac: B }))).length).toBe(1);
  });

  it('in the store drops messages until it is back, and is logged once', async () => {
    const store = gated();
    const server = new TestServer({ store });
    store.isAway = true;
    for (let i = 0; i < 3; i++) expect(await server.hear(message(selecting(A, '192.0.2.100')))).toEqual([]);
    expect(server.counts['dropped store unavailable']).toBe(3);
    store.isAway = false;
    expect((await server.hear(message(selecting(A, '192.0.2.100')))).length).toBe(1);
    expect(server.lines.map((line) => line.split(' type=')[0])).toEqual([
      'error   the lease store is unavailable reason="gone fishing"',
      'warning the lease store is back',
      'info    ACK',
    ]);
  });

  it('in a datagram costs a line of the log, a few times a second', async () => {
    const server = new TestServer();
    for (let i = 0; i < 30; i++) await server.hear(Uint8Array.of(1, 2, 3));
    expect(server.counts['dropped malformed']).toBe(30);
    expect(server.lines.length).toBe(20);
    expect(server.lines[0]).toBe('warning malformed from=0.0.0.0 reason="3 bytes are too short for a message"');
    server.now++;
    await server.hear(Uint8Array.of(1));
    expect(server.lines.slice(20)).toEqual([
      'warning more of these were not logged what=malformed count=10',
      'warning malformed from=0.0.0.0 reason="1 bytes are too short for a message"',
    ]);
  });

  it('in a message without a sender is malformed', async () => {
    const server = new TestServer();
    await server.hear(message({ type: TYPE.DISCOVER, mac: '' }));
    expect(server.lines).toEqual(['warning malformed from=0.0.0.0 reason="neither client identifier nor hardware address"']);
  });

  it('in a host name is shown harmless', async () => {
    const server = new TestServer();
    await server.hear(message({ type: TYPE.DISCOVER, options: [[12, new TextEncoder().encode('a\n\x1b[2Jb" x=1\u202e')]] }));
    expect(server.lines.length).toBe(1);
    expect(server.lines[0]).toContain(' name="a??[2Jb\\" x=1?" ');
  });
});

describe('limits', () => {
  it('are messages a second of a hardware address, whatever its identifiers', async () => {
    const server = new TestServer({ globals: { client_rate: 3 } });
    const ask = (i: number): Promise<Sent[]> => server.hear(message({ type: TYPE.DISCOVER, mac: A, options: [[61, [0, i, i]]] }));
    for (let i = 0; i < 5; i++) await ask(i);
    expect(server.counts).toMatchObject({ 'received DISCOVER': 5, 'dropped rate': 2 });
    expect((await server.hear(message({ type: TYPE.DISCOVER, mac: B }))).length).toBe(0); // three addresses are offered
    server.now++;
    await ask(0);
    expect(server.counts['dropped rate']).toBe(2);
  });

  it('are messages a second of a port of a relay', async () => {
    const server = new TestServer({ globals: { relay_rate: 2 } });
    const ask = (i: number, port: number): Promise<Sent[]> =>
      server.hear(
        message({
          type: TYPE.INFORM,
          ciaddr: '192.0.2.50',
          giaddr: '192.0.2.9',
          mac: `02:00:00:00:01:0${i}`,
          options: [[82, [1, 1, port]]],
        }),
      );
    const answers = [await ask(1, 1), await ask(2, 1), await ask(3, 1), await ask(4, 2)].map(({ length }) => length);
    expect(answers).toEqual([1, 1, 0, 1]);
  });

  it('are leases of a hardware address and of a relay’s port, until they end', async () => {
    const server = new TestServer({ globals: { client_leases: 1, relay_leases: 2, lease_time: 600, pools: ['192.0.2.100-192.0.2.199'] } });
    const ask = async (mac: string, id: number, relay: boolean): Promise<number> =>
      (
        await server.hear(
          message({
            ...selecting(mac, `192.0.2.${100 + id}`),
            ...(relay && { giaddr: '192.0.2.9' }),
            options: [[54, ipBytes(SERVER)], [50, ipBytes(`192.0.2.${100 + id}`)], [61, [0, id]]], // biome-ignore format: short
          }),
        )
      ).length;
    expect([await ask(A, 1, false), await ask(A, 2, false), await ask(A, 1, false)]).toEqual([1, 0, 1]);
    expect([await ask(B, 3, true), await ask('02:00:00:00:00:0c', 4, true), await ask('02:00:00:00:00:0d', 5, true)]).toEqual([1, 1, 0]);
    expect(server.counts['dropped leases']).toBe(2);
    await server.hear(message({ type: TYPE.RELEASE, mac: A, ciaddr: '192.0.2.101', options: [[61, [0, 1]]] }));
    expect(await ask(A, 2, false)).toBe(1);
    server.now += 700;
    expect(await ask('02:00:00:00:00:0d', 5, true)).toBe(1);
  });

  it('are messages that wait for the store', async () => {
    const store = gated();
    store.isGated = true;
    const server = new TestServer({ store, globals: { client_rate: 10_000 } });
    const one = server.transports[0] as FakeTransport;
    for (let i = 0; i < 4100; i++) one.hear(message(selecting(A, '192.0.2.100')));
    await settled();
    expect([store.waiting.length, server.counts['dropped busy']]).toEqual([4096, 4]);
    for (const resolve of store.waiting) resolve();
    await settled();
    expect(server.sent.length).toBe(4096);
  });
});

describe('a server that runs', () => {
  it('follows another plan from the next message on', async () => {
    const server = new TestServer();
    expect((await server.hear(message({ type: TYPE.DISCOVER }))).map(shortOf)[0]).toContain('192.0.2.100');
    server.server.change(
      planOf({ globals: { pools: ['192.0.2.7'] }, policy: (request) => (request.hardware[5] === 0x0b ? 'not you' : null) }),
    );
    expect((await server.hear(message({ type: TYPE.DISCOVER }))).map(shortOf)[0]).toContain('192.0.2.7');
    expect(await server.hear(message({ type: TYPE.DISCOVER, mac: B }))).toEqual([]);
    expect(server.lines.at(-1)).toMatch(/^info {4}ignored reason="not you" type=DISCOVER/);
  });

  it('stops when what is under way has been answered, and hears nothing more', async () => {
    const store = gated();
    store.isGated = true;
    const server = new TestServer({ store });
    await server.hear(message(selecting(A, '192.0.2.100')));
    let isStopped = false;
    const stopped = server.server.stop().then(() => {
      isStopped = true;
    });
    await server.hear(message(selecting(B, '192.0.2.101')));
    expect([isStopped, store.waiting.length]).toEqual([false, 1]);
    (store.waiting[0] as () => void)();
    await stopped;
    expect(server.sent.length).toBe(1);
  });

  it('asks whether an address is in use before it offers it, if told to', async () => {
    const asked: number[] = [];
    const probe = async (address: number): Promise<boolean> => asked.push(address & 255) === 1;
    expect((await new TestServer({ probe }).hear(message({ type: TYPE.DISCOVER }))).map(shortOf)[0]).toContain('192.0.2.100');
    expect(asked).toEqual([]);
    const server = new TestServer({ probe, globals: { probe: true } });
    expect((await server.hear(message({ type: TYPE.DISCOVER }))).map(shortOf)[0]).toContain('192.0.2.101');
    expect(asked).toEqual([100, 101]);
  });

  it('holds declined addresses back', async () => {
    const server = new TestServer({ globals: { decline_time: 100 } });
    await server.hear(message(selecting(A, '192.0.2.100')));
    await server.hear(message({ type: TYPE.DECLINE, mac: A, options: [[50, ipBytes('192.0.2.100')]] }));
    expect(server.lines.at(-1)).toMatch(/^warning declined .* address=192.0.2.100$/);
    for (const mac of [A, B]) await server.hear(message({ type: TYPE.DISCOVER, mac }));
    expect(await server.hear(message({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:0c' }))).toEqual([]);
    server.now += 101;
    expect((await server.hear(message({ type: TYPE.DISCOVER, mac: '02:00:00:00:00:0c' }))).map(shortOf)[0]).toContain('192.0.2.10');
  });
});
