// What stands around the server: limits, log, metrics, probes, pools, sockets.
import { describe, expect, it } from 'vitest';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { LocalStore } from '../../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../../src/dhcp/leases/memory.ts';
import type { Lease } from '../../../src/dhcp/leases/store.ts';
import { LeaseLimits, RateLimit } from '../../../src/dhcp/limits.ts';
import { createLog, limitedLog } from '../../../src/dhcp/log.ts';
import { serveMetrics } from '../../../src/dhcp/metrics.ts';
import { PoolCounter } from '../../../src/dhcp/pools.ts';
import { pingProbe } from '../../../src/dhcp/probe.ts';
import { adoptSockets, listen, localAddresses } from '../../../src/dhcp/transport.ts';
import { ip } from '../../helpers/dhcp.ts';
import { planOf } from '../../helpers/dhcp-server.ts';

describe('a rate limit', () => {
  it('counts each sender by the second', () => {
    const limit = new RateLimit(2);
    expect(['a', 'a', 'a', 'b'].map((sender) => limit.allows(sender, 1))).toEqual([true, true, false, true]);
    expect(limit.allows('a', 2)).toBe(true);
    expect(limit.allows('a', 1)).toBe(true); // a clock that was set back
  });

  it('remembers so many senders, and lets no more pass', () => {
    const limit = new RateLimit(1);
    for (let i = 0; i < 200_000; i++) limit.allows(`${i}`, 1);
    expect(limit.allows('one more', 1)).toBe(false);
    expect(limit.allows('one more', 2)).toBe(true);
  });
});

describe('lease limits', () => {
  const most = (clientLeases: number, relayLeases = 1000) => new LeaseLimits({ clientLeases, relayLeases });
  const of = (hardware: string, key: string, relay = '') => ({ key, hardware, relay });

  it('count clients, not leases', () => {
    const limits = most(2);
    for (let i = 0; i < 5; i++) limits.given(of('02', 'a'), 1000 + i);
    limits.given(of('02', 'b'), 1000);
    expect(['a', 'b', 'c'].map((client) => limits.allows(of('02', client), 100))).toEqual([true, true, false]);
    expect(limits.allows(of('03', 'c'), 100)).toBe(true);
    limits.ended('a');
    limits.ended('nobody');
    expect(limits.allows(of('02', 'c'), 100)).toBe(true);
  });

  it('forget what has ended, but not what was renewed', () => {
    const limits = most(2);
    limits.given(of('02', 'a'), 100);
    limits.given(of('02', 'b'), 100);
    limits.given(of('02', 'b'), 1000);
    expect(limits.allows(of('02', 'c'), 110)).toBe(false);
    expect(limits.allows(of('02', 'c'), 200)).toBe(true);
    limits.given(of('02', 'c'), 300);
    expect(limits.allows(of('02', 'd'), 200)).toBe(false);
  });

  it('follow a client to another sender and to another port of a relay', () => {
    const limits = most(1, 1);
    limits.given(of('02', 'a', 'port 1'), 1000);
    expect([limits.allows(of('02', 'b'), 100), limits.allows(of('03', 'b', 'port 1'), 100)]).toEqual([false, false]);
    expect(limits.given(of('03', 'a', 'port 2'), 1000)).toBe(false);
    expect([limits.allows(of('02', 'b', 'port 1'), 100), limits.allows(of('04', 'b', 'port 2'), 100)]).toEqual([true, false]);
    expect(limits.allows(of('03', 'a', 'port 2'), 100)).toBe(true);
  });

  it('count a client for its relay until what it was given through it ends', () => {
    const limits = most(9, 1);
    limits.given(of('02', 'a', 'port'), 100);
    limits.given(of('02', 'a'), 1000);
    expect(limits.allows(of('03', 'b', 'port'), 110)).toBe(false);
    expect(limits.allows(of('03', 'b', 'port'), 200)).toBe(true);
    expect(limits.has('a')).toBe(true);
    limits.ended('a');
    expect([limits.has('a'), limits.given(of('02', 'a', 'port'), 300), limits.allows(of('03', 'b', 'port'), 200)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('forget a client once, whose lease was ended and who came back', () => {
    const limits = most(1);
    limits.given(of('02', 'a'), 100);
    limits.ended('a');
    limits.given(of('02', 'a'), 1000);
    expect([limits.allows(of('02', 'b'), 200), limits.has('a')]).toEqual([false, true]);
  });
});

describe('a log', () => {
  const lines: string[] = [];
  const make = (form: 'text' | 'json' | 'none', level?: 'warning') =>
    createLog({ form, ...(level !== undefined && { level }), write: (line) => lines.push(line), now: () => new Date(0) });
  const hostile = '\x1b[31m"\n\u2028\u202e\x9b';

  it('is lines of text, or JSON, without what a terminal obeys', () => {
    lines.length = 0;
    for (const form of ['text', 'json', 'none'] as const)
      make(form)('info', 'ACK', { address: '192.0.2.1', name: hostile, none: undefined, n: 5 });
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z info    ACK address=192.0.2.1 name="\\u001b[31m\\"\\n???" n=5\n',
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"ACK","address":"192.0.2.1","name":"\\u001b[31m\\"\\n???","n":5}\n',
    ]);
    expect(JSON.parse(lines[1] as string)).toMatchObject({ name: '\x1b[31m"\n???' });
  });

  it('leaves out what matters less, and does not make its fields', () => {
    lines.length = 0;
    const log = make('text', 'warning');
    log('info', 'x', () => {
      throw new Error('made');
    });
    log('error', 'y');
    expect(lines).toEqual(['1970-01-01T00:00:00.000Z error   y\n']);
  });

  it('is short where anybody can write to it', () => {
    lines.length = 0;
    let now = 5;
    const log = limitedLog(make('text'), () => now);
    for (let i = 0; i < 25; i++) log('warning', 'x');
    log('warning', 'y');
    expect(lines.length).toBe(21);
    now = 6.5;
    log('warning', 'y');
    expect(lines.slice(21).map((line) => line.slice(25))).toEqual([
      'warning more of these were not logged what=x count=5\n',
      'warning y\n',
    ]);
  });
});

describe('metrics', () => {
  it('are at an HTTP endpoint, with the server’s health', async () => {
    let problem: string | null = null;
    const metrics = await serveMetrics({
      address: '127.0.0.1',
      port: 0,
      poolUse: async () => [{ subnet: '192.0.2.0/24', total: 10, active: 3, declined: 1 }],
      health: async () => problem,
    });
    try {
      metrics.received('DISCOVER');
      metrics.received('DISCOVER');
      metrics.sent('OFFER');
      metrics.dropped('rate');
      metrics.answeredIn(0.002);
      const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${metrics.port}${path}`);
      const text = await (await get('/metrics')).text();
      for (const line of [
        'dhcp_messages_received_total{type="DISCOVER"} 2',
        'dhcp_messages_sent_total{type="OFFER"} 1',
        'dhcp_messages_dropped_total{reason="rate"} 1',
        'dhcp_reply_seconds_bucket{le="0.001"} 0',
        'dhcp_reply_seconds_bucket{le="0.005"} 1',
        'dhcp_addresses{subnet="192.0.2.0/24",state="active"} 3',
        'dhcp_addresses{subnet="192.0.2.0/24",state="declined"} 1',
        'dhcp_addresses{subnet="192.0.2.0/24",state="free"} 6',
      ]) {
        expect(text.split('\n')).toContain(line);
      }
      expect([(await get('/health')).status, await (await get('/health')).text()]).toEqual([200, 'ok\n']);
      problem = 'no store';
      expect([(await get('/health')).status, await (await get('/health')).text()]).toEqual([503, 'no store\n']);
      expect((await get('/etc/passwd')).status).toBe(404);
    } finally {
      await metrics.close();
    }
  });
});

describe('pools', () => {
  const lease = (address: string, state: Lease['state'], expires: number): Lease => ({
    address: ip(address),
    subnet: 1,
    client: address,
    hardware: '',
    state,
    expires,
    seen: 0,
    hostName: '',
    relay: '',
  });

  it('are counted once a minute', async () => {
    const store = new LocalStore(new MemoryTable());
    let now = 1000;
    const counter = new PoolCounter(store, () => now);
    const { subnets } = planOf({}).links;
    await store.put(lease('192.0.2.100', 'active', 2000));
    await store.put(lease('192.0.2.101', 'declined', 2000));
    await store.put(lease('192.0.2.102', 'active', 900));
    await store.put(lease('192.0.2.50', 'active', 2000));
    const expected = { subnet: '192.0.2.0/24', total: 3, active: 1, declined: 1 };
    expect(await counter.use(subnets)).toEqual([expected]);
    await store.put(lease('192.0.2.102', 'active', 2000));
    expect(await counter.use(subnets)).toEqual([expected]);
    now += 61;
    expect(await counter.use(subnets)).toEqual([{ ...expected, active: 2 }]);
  });
});

describe('a probe', () => {
  it('asks by a program, whose status is the answer', async () => {
    const errors: Error[] = [];
    const failed = (error: Error): void => {
      errors.push(error);
    };
    expect(await pingProbe(failed, { program: 'true' })(ip('192.0.2.1'))).toBe(true);
    expect(await pingProbe(failed, { program: 'false' })(ip('192.0.2.1'))).toBe(false);
    expect(errors).toEqual([]);
    expect(await pingProbe(failed, { program: '/nowhere/ping' })(ip('192.0.2.1'))).toBe(false);
    expect(errors.map(({ message }) => message)).toEqual(['spawn /nowhere/ping ENOENT']);
  });

  it('is answered by whoever answers to ARP meanwhile', async () => {
    const head = 'IP address       HW type     Flags       HW address            Mask     Device\n';
    const complete = '192.0.2.1        0x1         0x2         02:00:00:00:00:01     *        eth0\n';
    const incomplete = '192.0.2.1        0x1         0x0         00:00:00:00:00:00     *        eth0\n';
    const other = complete.replace('192.0.2.1 ', '192.0.2.11');
    for (const [before, after, expected] of [
      ['', head + complete, true],
      [head + other + incomplete, head + other + complete, true],
      [head + complete, head + complete, false],
      [head, head + incomplete, false],
      [head, head + other, false],
    ] as const) {
      const tables = [before, after];
      const probe = pingProbe(() => {}, { program: 'false', neighbours: () => tables.shift() as string });
      expect(await probe(ip('192.0.2.1')), after).toBe(expected);
    }
  });
});

describe('a transport', () => {
  it('hears and sends datagrams', async () => {
    const transport = await listen('127.0.0.1', 0);
    const client = createSocket('udp4');
    try {
      expect([transport.localAddress, transport.link]).toEqual([ip('127.0.0.1'), null]);
      const heard = new Promise<[string, number]>((resolve) => {
        transport.receive((bytes, { address, port }) => {
          resolve([String(bytes), port]);
          transport.send(Uint8Array.of(4, 5), address, port, (error) => {
            throw error;
          });
        });
      });
      client.send(Uint8Array.of(1, 2), transport.port, '127.0.0.1');
      const [answer] = await once(client, 'message');
      expect([...answer]).toEqual([4, 5]);
      expect(await heard).toEqual(['\x01\x02', client.address().port]);
    } finally {
      client.close();
      await transport.close();
    }
  });

  it('tells of what it cannot send, and goes on', async () => {
    const transport = await listen('127.0.0.1', 0);
    const error = await new Promise<Error>((resolve) => transport.send(new Uint8Array(70_000), '127.0.0.1', 9, resolve));
    expect(error.message).toContain('EMSGSIZE');
    await transport.close();
  });

  it('is refused where the address is not the machine’s', async () => {
    await expect(listen('192.0.2.1', 0)).rejects.toThrow('EADDRNOTAVAIL');
  });

  it('is not taken over from others', async () => {
    const isServed = (): boolean => true;
    expect(await adoptSockets({}, 5, isServed)).toEqual([]);
    expect(await adoptSockets({ LISTEN_PID: '4', LISTEN_FDS: '1', LISTEN_FDNAMES: 'lo' }, 5, isServed)).toEqual([]);
    await expect(adoptSockets({ LISTEN_PID: '5', LISTEN_FDS: '1', LISTEN_FDNAMES: 'eth77' }, 5, isServed)).rejects.toThrow(
      "socket 1: no network interface with an address is named 'eth77'",
    );
    expect(localAddresses()).toContainEqual({ name: 'lo', address: ip('127.0.0.1') });
  });
});
