/**
 * What every lease store has to do.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { type Client, END_OF_TIME, type Lease, type LeaseStore, type OfferRequest, type Territory } from '../../src/dhcp/leases/store.ts';
import { ip } from '../helpers/dhcp.ts';

const NOW = 1_700_000_000;

/** A subnet with the addresses 10 to 10 + `count` - 1, of which `reserved` are kept. */
export function territory(count: number, { id = 1, reserved = [] as number[] } = {}): Territory {
  const first = ip('192.0.2.10') + id * 65536;
  return { id, pools: [{ first, last: first + count - 1 }], reserved: new Set(reserved) };
}

export function client(name: string): Client {
  return { key: `id:${name}`, hardware: '020000000001', hostName: name, relay: '' };
}

/** Tests of a store; `withStore` opens an empty one for a test and closes it again. */
export function leaseContract(withStore: (work: (store: LeaseStore) => Promise<void>) => Promise<void>): void {
  const all = async (store: LeaseStore): Promise<Lease[]> => {
    const found: Lease[] = [];
    for await (const lease of store.leases()) found.push(lease);
    return found;
  };
  const offer = (store: LeaseStore, where: Territory, who: string, rest: Partial<OfferRequest> = {}): Promise<number | null> =>
    store.offer({ territory: where, client: client(who), reserved: null, wanted: null, now: NOW, holdSeconds: 60, ...rest });
  const grant = (store: LeaseStore, where: Territory, who: string, address: number, now = NOW, leaseSeconds = 3600): Promise<boolean> =>
    store.grant({ territory: where, client: client(who), address, now, leaseSeconds });
  const test = (name: string, work: (store: LeaseStore) => Promise<void>): void => it(name, () => withStore(work));

  describe('offers', () => {
    test('go to different clients as different addresses, and to one client as the same', async (store) => {
      const where = territory(3);
      const { first } = where.pools[0] as { first: number };
      const got = [
        await offer(store, where, 'a'),
        await offer(store, where, 'b'),
        await offer(store, where, 'a'),
        await offer(store, where, 'c'),
      ];
      expect(got).toEqual([first, first + 1, first, first + 2]);
      expect(await offer(store, where, 'd')).toBe(null);
      // The hold is over.
      expect(await offer(store, where, 'd', { now: NOW + 61 })).not.toBe(null);
    });

    test('prefer what is kept, then what the client had, then what it wants', async (store) => {
      const where = territory(5);
      const { first } = where.pools[0] as { first: number };
      expect(await offer(store, where, 'a', { wanted: first + 3 })).toBe(first + 3);
      expect(await grant(store, where, 'a', first + 3)).toBe(true);
      expect(await offer(store, where, 'a', { wanted: first + 1 })).toBe(first + 3);
      expect(await offer(store, where, 'a', { wanted: first + 1, reserved: first + 100 })).toBe(first + 100);
      expect(await offer(store, where, 'b', { wanted: first + 3 })).toBe(first);
      expect(await offer(store, where, 'c', { wanted: first + 50 })).toBe(first + 1);
      expect(await offer(store, where, 'd', { reserved: first + 3 })).toBe(null);
    });

    test('leave reserved addresses alone', async (store) => {
      const { first } = territory(3).pools[0] as { first: number };
      const where = territory(3, { reserved: [first, first + 2] });
      expect(await offer(store, where, 'a', { wanted: first })).toBe(first + 1);
      expect(await offer(store, where, 'b')).toBe(null);
      expect(await offer(store, where, 'c', { reserved: first + 2 })).toBe(first + 2);
    });

    test('take new addresses before used ones, and of those the one unused for longest', async (store) => {
      const where = territory(4);
      const { first } = where.pools[0] as { first: number };
      expect(await grant(store, where, 'a', first, NOW, 100)).toBe(true);
      expect(await grant(store, where, 'b', first + 1, NOW, 50)).toBe(true);
      expect(await grant(store, where, 'c', first + 2, NOW, 1000)).toBe(true);
      const later = NOW + 200;
      expect(await offer(store, where, 'd', { now: later })).toBe(first + 3);
      expect(await offer(store, where, 'e', { now: later })).toBe(first + 1);
      expect(await offer(store, where, 'f', { now: later })).toBe(first);
      expect(await offer(store, where, 'g', { now: later })).toBe(null);
      // Its own is another's by now, or free again.
      expect(await offer(store, where, 'a', { now: later })).toBe(null);
    });

    test('are kept apart by subnet', async (store) => {
      const one = territory(1);
      const two = territory(1, { id: 2 });
      expect(await offer(store, one, 'a')).toBe(one.pools[0]?.first);
      expect(await offer(store, two, 'a')).toBe(two.pools[0]?.first);
      expect(await offer(store, two, 'b')).toBe(null);
    });

    test('try several pools', async (store) => {
      const { first } = territory(1).pools[0] as { first: number };
      const where = {
        ...territory(1),
        pools: [
          { first, last: first },
          { first: first + 10, last: first + 10 },
        ],
      };
      expect([await offer(store, where, 'a'), await offer(store, where, 'b'), await offer(store, where, 'c')]).toEqual([
        first,
        first + 10,
        null,
      ]);
    });
  });

  describe('leases', () => {
    test('are given, prolonged, and on record', async (store) => {
      const where = territory(3);
      const { first } = where.pools[0] as { first: number };
      expect(await store.ofClient(1, 'id:a')).toBe(null);
      expect(await store.ofAddress(first)).toBe(null);
      expect(await grant(store, where, 'a', first)).toBe(true);
      const lease = {
        address: first,
        subnet: 1,
        client: 'id:a',
        hardware: '020000000001',
        state: 'active',
        expires: NOW + 3600,
        seen: NOW,
        hostName: 'a',
        relay: '',
      };
      expect(await store.ofClient(1, 'id:a')).toEqual(lease);
      expect(await store.ofAddress(first)).toEqual(lease);
      expect(await grant(store, where, 'a', first, NOW + 1800)).toBe(true);
      expect(await all(store)).toEqual([{ ...lease, expires: NOW + 5400, seen: NOW + 1800 }]);
      expect(await store.ofClient(2, 'id:a')).toBe(null);
    });

    test('are refused where another client has the address, or was offered it', async (store) => {
      const where = territory(3);
      const { first } = where.pools[0] as { first: number };
      await offer(store, where, 'a');
      expect(await grant(store, where, 'b', first)).toBe(false);
      expect(await grant(store, where, 'a', first)).toBe(true);
      expect(await grant(store, where, 'b', first)).toBe(false);
      expect(await offer(store, where, 'b', { wanted: first })).toBe(first + 1);
      // When it has ended, it is free.
      expect(await grant(store, where, 'b', first, NOW + 3600)).toBe(true);
      expect(await store.ofClient(1, 'id:a')).toBe(null);
      expect(await grant(store, where, 'a', first, NOW + 3601)).toBe(false);
    });

    test('end when the client gets another address', async (store) => {
      const where = territory(3);
      const { first } = where.pools[0] as { first: number };
      await grant(store, where, 'a', first);
      await grant(store, where, 'a', first + 1, NOW + 10);
      expect((await store.ofAddress(first))?.state).toBe('released');
      expect(await grant(store, where, 'b', first, NOW + 10)).toBe(true);
      expect((await store.ofClient(1, 'id:a'))?.address).toBe(first + 1);
    });

    test('end on release by the client that has them', async (store) => {
      const where = territory(1);
      const { first } = where.pools[0] as { first: number };
      await grant(store, where, 'a', first);
      expect(await store.release(where, 'id:b', first, NOW + 5)).toBe(false);
      expect(await store.release(where, 'id:a', first + 1, NOW + 5)).toBe(false);
      expect(await store.release(where, 'id:a', first, NOW + 5)).toBe(true);
      expect(await store.release(where, 'id:a', first, NOW + 5)).toBe(false);
      // The client gets it again, if nobody else has meanwhile.
      expect(await store.ofClient(1, 'id:a')).toMatchObject({ address: first, state: 'released', expires: NOW + 5 });
      expect(await offer(store, where, 'b', { now: NOW + 6 })).toBe(first);
    });

    test('of declined addresses are held back', async (store) => {
      const where = territory(2);
      const { first } = where.pools[0] as { first: number };
      await grant(store, where, 'a', first);
      expect(await store.decline(where, 'id:b', first, NOW, NOW + 600)).toBe(false);
      expect(await store.decline(where, 'id:a', first, NOW, NOW + 600)).toBe(true);
      expect(await store.ofAddress(first)).toMatchObject({ state: 'declined', client: '', expires: NOW + 600 });
      expect(await store.ofClient(1, 'id:a')).toBe(null);
      expect(await grant(store, where, 'a', first)).toBe(false);
      expect(await offer(store, where, 'a', { wanted: first })).toBe(first + 1);
      // Only offered, but found in use.
      expect(await store.decline(where, 'id:a', first + 1, NOW, NOW + 300)).toBe(true);
      expect(await offer(store, where, 'a')).toBe(null);
      expect(await offer(store, where, 'a', { now: NOW + 301 })).toBe(first + 1);
      await store.holdBack(where, first + 1, NOW, NOW + 900);
      expect(await grant(store, where, 'a', first + 1, NOW + 302)).toBe(false);
    });

    test('that never end, do not', async (store) => {
      const where = territory(1);
      const { first } = where.pools[0] as { first: number };
      expect(await grant(store, where, 'a', first, NOW, 0xffffffff)).toBe(true);
      expect(await store.ofAddress(first)).toMatchObject({ expires: END_OF_TIME });
      expect(await grant(store, where, 'b', first, NOW + 1e9)).toBe(false);
      expect(await grant(store, where, 'a', first, NOW + 1e9)).toBe(true);
    });

    test('are taken over where the address is nobody else’s', async (store) => {
      const where = territory(4);
      const { first } = where.pools[0] as { first: number };
      await grant(store, where, 'a', first);
      await grant(store, where, 'b', first + 1);
      await store.holdBack(where, first + 2, NOW, NOW + 100);
      const lease = (address: number, who: string): Lease => ({
        address,
        subnet: 1,
        client: `id:${who}`,
        hardware: '',
        state: 'active',
        expires: NOW + 5000,
        seen: NOW - 10,
        hostName: '',
        relay: '',
      });
      const some = [lease(first, 'a'), lease(first + 1, 'x'), lease(first + 2, 'x'), lease(first + 3, 'x'), lease(first + 3, 'y')];
      expect(await store.adopt(some, NOW + 1)).toEqual([true, false, false, true, false]);
      expect((await all(store)).map(({ client: who, expires }) => [who, expires - NOW])).toEqual([
        ['id:a', 5000],
        ['id:b', 3600],
        ['', 100],
        ['id:x', 5000],
      ]);
      expect(await store.ofClient(1, 'id:x')).toEqual(lease(first + 3, 'x'));
      expect(await store.adopt([lease(first + 2, 'y')], NOW + 100)).toEqual([true]);
      expect(await store.adopt([], NOW)).toEqual([]);
    });

    test('can be put, listed by address and removed', async (store) => {
      const where = territory(3);
      const { first } = where.pools[0] as { first: number };
      const lease: Lease = {
        address: first + 1,
        subnet: 1,
        client: 'id:x',
        hardware: '',
        state: 'active',
        expires: NOW + 10,
        seen: NOW,
        hostName: 'ü "quoted", text',
        relay: '192.0.2.9 0102ff',
      };
      await store.put(lease);
      await store.put({ ...lease, address: first, client: 'id:y' });
      expect((await all(store)).map(({ address }) => address)).toEqual([first, first + 1]);
      expect(await store.ofClient(1, 'id:x')).toEqual(lease);
      expect(await store.remove(first)).toBe(true);
      expect(await store.remove(first)).toBe(false);
      expect(await store.ofClient(1, 'id:y')).toBe(null);
      expect(await offer(store, where, 'z')).toBe(first);
    });
  });

  it('no address is ever two clients’, whatever happens', () =>
    withStore(async (store) => {
      const where = territory(8);
      const { first } = where.pools[0] as { first: number };
      // A model beside it: who may believe to have which address until when.
      const believed: Map<number, { who: string; until: number }> = new Map();
      let state = 12345;
      const random = (below: number): number => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 8) % below;
      };
      let now = NOW;
      for (let round = 0; round < 1500; round++) {
        now += random(20);
        const who = `c${random(14)}`;
        const address = first + random(8);
        const had = believed.get(address);
        const isOthers = had !== undefined && had.who !== who && had.until > now;
        switch (random(5)) {
          case 0:
          case 1: {
            const offered = await offer(store, where, who, { now, wanted: random(2) === 0 ? address : null });
            if (offered === null) break;
            const owner = believed.get(offered);
            expect(owner === undefined || owner.who === who || owner.until <= now).toBe(true);
            if (random(2) === 0 && (await grant(store, where, who, offered, now, 100 + random(200)))) {
              for (const [one, { who: whose }] of believed) if (whose === who) believed.delete(one);
              believed.set(offered, { who, until: (await store.ofAddress(offered))?.expires as number });
            }
            break;
          }
          case 2:
            if (await grant(store, where, who, address, now, 100)) {
              expect(isOthers).toBe(false);
              for (const [one, { who: whose }] of believed) if (whose === who) believed.delete(one);
              believed.set(address, { who, until: now + 100 });
            }
            break;
          case 3:
            if (await store.release(where, `id:${who}`, address, now)) {
              expect(had?.who).toBe(who);
              believed.delete(address);
            }
            break;
          default:
            if (random(4) === 0 && (await store.decline(where, `id:${who}`, address, now, now + 50))) {
              expect(isOthers).toBe(false);
              believed.delete(address);
            }
        }
      }
      for (const [address, { who, until }] of believed) if (until > now) expect((await store.ofAddress(address))?.client).toBe(`id:${who}`);
    }));
}
