import { describe, expect, it } from 'vitest';
import { LocalStore } from '../../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../../src/dhcp/leases/memory.ts';
import type { Lease, Territory } from '../../../src/dhcp/leases/store.ts';

/** Counts how often it is asked for a record. */
class CountingTable extends MemoryTable {
  reads = 0;

  override get(address: number): Lease | null {
    this.reads++;
    return super.get(address);
  }
}

const FIRST = 0x0a000001;
const SIZE = 2000;
const territory: Territory = { id: 1, pools: [{ first: FIRST, last: FIRST + SIZE - 1 }], reserved: new Set() };
const clientOf = (id: number) => ({ key: `hw:1:${id}`, hardware: '', hostName: '', relay: '' });

describe('a store of one process', () => {
  const offer = (store: LocalStore, id: number, now: number): Promise<number | null> =>
    store.offer({ territory, client: clientOf(id), reserved: null, wanted: null, now, holdSeconds: 60 });

  // Whoever makes up clients could keep the server busy otherwise.
  it.each(['without records', 'whose leases have ended'])('finds addresses %s in few steps, also when most are offered', async (kind) => {
    const table = new CountingTable();
    const store = new LocalStore(table);
    if (kind !== 'without records') {
      for (let i = 0; i < SIZE; i++)
        await store.grant({ territory, client: clientOf(-1 - i), address: FIRST + i, now: i, leaseSeconds: 1 });
    }
    const now = 10_000;
    table.reads = 0;
    const offered = new Set<number | null>();
    for (let id = 0; id < SIZE; id++) offered.add(await offer(store, id, now));
    expect([offered.size, offered.has(null)]).toEqual([SIZE, false]);
    expect(table.reads).toBeLessThan(10 * SIZE);
    table.reads = 0;
    for (let id = 0; id < 100; id++) expect(await offer(store, SIZE + id, now)).toBe(null);
    expect(table.reads).toBeLessThan(1000);
    // Nobody took them.
    for (let id = 0; id < SIZE; id++) expect(offered.has(await offer(store, 10 * SIZE + id, now + 61))).toBe(true);
  });

  it('offers a client what it was offered, whatever has been on record for that', async () => {
    const store = new LocalStore(new MemoryTable());
    for (let i = 0; i < SIZE; i++) await store.grant({ territory, client: clientOf(-1 - i), address: FIRST + i, now: i, leaseSeconds: 1 });
    for (let i = 0; i < 3; i++) expect(await offer(store, 1, 10_000)).toBe(FIRST);
    expect(await offer(store, 2, 10_000)).toBe(FIRST + 1);
    expect(await offer(store, 3, 10_061)).toBe(FIRST);
    expect(await offer(store, 4, 10_061)).toBe(FIRST + 1);
    expect(await offer(store, 5, 10_061)).toBe(FIRST + 2);
  });
});
