// What a server that starts knows of the leases on record, and how workers reach them.
import { describe, expect, it } from 'vitest';
import { CountingMetrics, type Operation, performed, RemoteDesk, addCounts } from '../../../src/dhcp/channel.ts';
import { LocalStore } from '../../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../../src/dhcp/leases/memory.ts';
import { type Client, type Lease, StoreUnavailable } from '../../../src/dhcp/leases/store.ts';
import { LimitedDesk, TooManyLeases } from '../../../src/dhcp/limited.ts';
import type { LogFields } from '../../../src/dhcp/log.ts';
import { readSettings } from '../../../src/dhcp/settings.ts';
import { surveyLeases } from '../../../src/dhcp/survey.ts';
import { ip } from '../../helpers/dhcp.ts';

const NOW = 1_700_000_000;

function lease(last: number, rest: Partial<Lease> = {}): Lease {
  return {
    address: ip('192.0.2.0') + last,
    subnet: 1,
    client: `id:0${last}`,
    hardware: '02000000000a',
    state: 'active',
    expires: NOW + 100,
    seen: NOW - 100,
    hostName: '',
    relay: '192.0.2.9 01',
    ...rest,
  };
}

const { subnets } = readSettings(
  (name) => (({ network: '192.0.2.0/24', pools: ['192.0.2.1-192.0.2.199'] }) as Record<string, unknown>)[name],
);
const [subnet] = subnets as [(typeof subnets)[0]];
const client = (key: string, hardware: string, relay = ''): Client => ({ key, hardware, relay, hostName: '' });

async function survey(leases: readonly Lease[], desk?: LimitedDesk): Promise<[string, LogFields][]> {
  const store = new LocalStore(new MemoryTable());
  for (const one of leases) await store.put(one);
  const warned: [string, LogFields][] = [];
  await surveyLeases({
    store,
    subnets,
    log: (level, event, fields) => warned.push([`${level}: ${event}`, fields as LogFields]),
    count: (one) => desk?.count(one, NOW),
    signal: new AbortController().signal,
  });
  return warned;
}

describe('leases on record at the start', () => {
  const ask = (desk: LimitedDesk, who: Client): Promise<number | null> =>
    desk.offer({ territory: subnet, client: who, reserved: null, wanted: null, now: NOW, holdSeconds: 60 });

  it('count for who has them, unless they have ended', async () => {
    const desk = new LimitedDesk(new LocalStore(new MemoryTable()), { clientLeases: 2, relayLeases: 3 });
    await survey([lease(1), lease(2), lease(3, { expires: NOW }), lease(4, { state: 'released' })], desk);
    await expect(ask(desk, client('id:05', '02000000000a'))).rejects.toThrow(TooManyLeases);
    expect(await ask(desk, client('id:01', '02000000000a'))).not.toBe(null);
    expect(await ask(desk, client('id:05', '02000000000b'))).not.toBe(null);
    expect(await desk.release(subnet, 'id:02', ip('192.0.2.2'), NOW)).toBe(false);
  });

  it('count for the port of the relay that they came through', async () => {
    const desk = new LimitedDesk(new LocalStore(new MemoryTable()), { clientLeases: 16, relayLeases: 2 });
    await survey([lease(1), lease(2, { hardware: '02000000000b' })], desk);
    await expect(ask(desk, client('id:05', '02000000000c', '192.0.2.9 01'))).rejects.toThrow(TooManyLeases);
    expect(await ask(desk, client('id:05', '02000000000c', '192.0.2.9 02'))).not.toBe(null);
  });

  it('are warned of where they bear another id than their subnet', async () => {
    expect(await survey([lease(1), lease(2, { address: ip('198.51.100.1'), subnet: 9 })])).toEqual([]);
    expect(await survey([lease(1), lease(2, { subnet: 2 }), lease(3, { subnet: 2 })])).toEqual([
      [
        "warning: leases are on record under another id of their subnet, and their clients do not find them: set the subnets' id",
        { leases: 2, address: '192.0.2.2', recorded: 2, configured: 1 },
      ],
    ]);
  });
});

describe('limits', () => {
  it('hold for leases that are asked for at the same time, and are not used up by those that are refused', async () => {
    const desk = new LimitedDesk(new LocalStore(new MemoryTable()), { clientLeases: 1, relayLeases: 9 });
    const grant = (key: string, last: number): Promise<boolean> =>
      desk.grant({ territory: subnet, client: client(key, '02000000000a'), address: lease(last).address, now: NOW, leaseSeconds: 60 });
    await desk.holdBack(subnet, lease(1).address, NOW, NOW + 60);
    expect(await grant('id:01', 1)).toBe(false);
    const results = await Promise.allSettled([grant('id:01', 2), grant('id:02', 3)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('hold where one of several grants to a client is refused, and where its lease is released meanwhile', async () => {
    const desk = new LimitedDesk(new LocalStore(new MemoryTable()), { clientLeases: 1, relayLeases: 9 });
    const grant = (key: string, last: number): Promise<boolean> =>
      desk.grant({ territory: subnet, client: client(key, '02000000000a'), address: lease(last).address, now: NOW, leaseSeconds: 60 });
    await desk.holdBack(subnet, lease(1).address, NOW, NOW + 60);
    expect(await Promise.all([grant('id:01', 1), grant('id:01', 2)])).toEqual([false, true]);
    await expect(grant('id:02', 3)).rejects.toThrow(TooManyLeases);
    expect(await Promise.all([desk.release(subnet, 'id:01', lease(2).address, NOW), grant('id:01', 2)])).toEqual([true, true]);
    await expect(grant('id:02', 3)).rejects.toThrow(TooManyLeases);
    expect(await Promise.all([grant('id:01', 2), desk.release(subnet, 'id:01', lease(2).address, NOW)])).toEqual([true, true]);
    expect(await grant('id:02', 3)).toBe(true);
  });
});

describe('a worker', () => {
  // As JSON, as between processes.
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  function remote(desk: LimitedDesk): RemoteDesk {
    const far = new RemoteDesk((operation: Operation) => {
      void performed(desk, () => subnet, copy(operation)).then((result) => far.settle([copy(result)]));
    });
    return far;
  }

  it('uses the leases of its server', async () => {
    const desk = remote(new LimitedDesk(new LocalStore(new MemoryTable()), { clientLeases: 1, relayLeases: 9 }));
    const one = client('id:01', '02000000000a', '192.0.2.9 ');
    const first = ip('192.0.2.1');
    const request = { territory: subnet, client: one, now: NOW };
    expect(await desk.offer({ ...request, reserved: null, wanted: null, holdSeconds: 60 })).toBe(first);
    expect(await desk.grant({ ...request, address: first, leaseSeconds: 60 })).toBe(true);
    await expect(desk.grant({ ...request, client: client('id:02', one.hardware), address: first + 1, leaseSeconds: 60 })).rejects.toThrow(
      TooManyLeases,
    );
    const known = lease(1, { client: 'id:01', expires: NOW + 60, seen: NOW, relay: '192.0.2.9 ' });
    expect([await desk.ofClient(1, 'id:01'), await desk.ofAddress(first)]).toEqual([known, known]);
    expect(await desk.decline(subnet, 'id:02', first, NOW, NOW + 60)).toBe(false);
    expect(await desk.release(subnet, 'id:01', first, NOW)).toBe(true);
    await desk.holdBack(subnet, first, NOW, NOW + 60);
    expect((await desk.ofAddress(first))?.state).toBe('declined');
  });

  it('is told what is wrong with the store', async () => {
    const store = new LocalStore(new MemoryTable());
    store.ofAddress = async () => {
      throw new StoreUnavailable('away');
    };
    const desk = remote(new LimitedDesk(store, { clientLeases: 1, relayLeases: 1 }));
    await expect(desk.ofAddress(1)).rejects.toThrow(new StoreUnavailable('away'));
  });

  it('counts for its server', () => {
    let begun = 0;
    const counting = new CountingMetrics(() => begun++);
    expect(counting.take()).toBe(null);
    expect(begun).toBe(0);
    for (let i = 0; i < 3; i++) counting.received('DISCOVER');
    counting.sent('OFFER');
    counting.dropped('rate');
    counting.answeredIn(0.5);
    expect(begun).toBe(1);
    const total: string[] = [];
    addCounts(
      {
        received: (type, count) => total.push(`${type} ${count}`),
        sent: (kind, count) => total.push(`${kind} ${count}`),
        dropped: (reason, count) => total.push(`${reason} ${count}`),
        answeredIn: (seconds) => total.push(`${seconds}`),
      },
      copy(counting.take() as NonNullable<ReturnType<typeof counting.take>>),
    );
    expect(total).toEqual(['DISCOVER 3', 'OFFER 1', 'rate 1', '0.5']);
    expect(counting.take()).toBe(null);
  });
});
