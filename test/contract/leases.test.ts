import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalStore } from '../../src/dhcp/leases/local.ts';
import { openLmdb } from '../../src/dhcp/leases/lmdb.ts';
import { MemoryTable } from '../../src/dhcp/leases/memory.ts';
import { END_OF_TIME, type Lease, StoreUnavailable } from '../../src/dhcp/leases/store.ts';
import { client, leaseContract, territory } from './leases.ts';

describe('leases in memory', () => {
  leaseContract(async (work) => {
    const store = new LocalStore(new MemoryTable());
    await work(store);
    await store.close();
  });
});

describe('leases in LMDB', () => {
  leaseContract(async (work) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-leases-'));
    const store = new LocalStore(await openLmdb(folder));
    try {
      await work(store);
    } finally {
      await store.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('are there after the store was closed, or the process was killed', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-leases-'));
    const where = territory(200);
    const { first } = where.pools[0] as { first: number };
    const now = 1_700_000_000;
    const store = new LocalStore(await openLmdb(folder));
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        store.grant({ territory: where, client: client(`c${i}`), address: first + i, now, leaseSeconds: 100 + i }),
      ),
    );
    await store.close();
    const again = new LocalStore(await openLmdb(folder));
    for (let i = 0; i < 100; i++) expect(await again.ofClient(1, `id:c${i}`)).toMatchObject({ address: first + i, expires: now + 100 + i });
    expect(await again.grant({ territory: where, client: client('new'), address: first, now, leaseSeconds: 10 })).toBe(false);
    expect(
      await again.offer({
        territory: { ...where, pools: [{ first, last: first + 99 }] },
        client: client('new'),
        reserved: null,
        wanted: null,
        now: now + 150,
        holdSeconds: 1,
      }),
    ).toBe(first);
    await again.close();
    rmSync(folder, { recursive: true });
  });

  it('are shared with other processes, which see and end them', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-leases-'));
    const where = territory(3);
    const { first } = where.pools[0] as { first: number };
    const now = 1_700_000_000;
    const server = new LocalStore(await openLmdb(folder));
    for (const i of [0, 1]) await server.grant({ territory: where, client: client(`c${i}`), address: first + i, now, leaseSeconds: 100 });
    const other = new LocalStore(await openLmdb(folder, 'share'));
    const reader = new LocalStore(await openLmdb(folder, 'read'));
    expect(await other.release(where, 'id:c0', first, now + 1)).toBe(true);
    expect(await other.release(where, 'id:c0', first, now + 1)).toBe(false);
    expect(await other.remove(first + 1)).toBe(true);
    expect((await server.ofAddress(first))?.state).toBe('released');
    expect(await server.ofClient(1, 'id:c1')).toBe(null);
    const listed = [];
    for await (const lease of reader.leases()) listed.push(lease.address);
    expect(listed).toEqual([first]);
    await expect(reader.remove(first)).rejects.toThrow(StoreUnavailable);
    for (const store of [reader, other, server]) await store.close();
    rmSync(folder, { recursive: true });
    await expect(openLmdb(folder, 'read')).rejects.toThrow(`there are no leases in '${folder}'`);
    await expect(openLmdb(folder, 'share')).rejects.toThrow(`there are no leases in '${folder}'`);
  });

  it('of other processes are not overlooked, nor those of earlier ones while they are being read', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-leases-'));
    const count = 5000;
    const where = territory(count + 3);
    const { first } = where.pools[0] as { first: number };
    const now = 1_700_000_000;
    const lease = (i: number, expires: number): Lease => ({
      address: first + i,
      subnet: 1,
      client: `id:${i}`,
      hardware: '',
      state: 'active',
      expires,
      seen: now,
      hostName: '',
      relay: '',
    });
    const before = new LocalStore(await openLmdb(folder));
    await before.adopt(
      Array.from({ length: count }, (_, i) => lease(i, now + 100 + i)),
      now,
    );
    await before.close();
    const server = new LocalStore(await openLmdb(folder));
    const other = new LocalStore(await openLmdb(folder, 'share'));
    const offer = (name: string, at = now): Promise<number | null> =>
      server.offer({ territory: where, client: client(name), reserved: null, wanted: null, now: at, holdSeconds: 1000 });
    // These two need the index, and ask before it is there.
    expect(await Promise.all([offer('a'), offer('b')])).toEqual([first + count, first + count + 1]);
    expect(await other.adopt([lease(count + 2, now + 50)], now)).toEqual([true]);
    // What others write is seen from the next turn of the event loop on.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await offer('c')).toBe(null);
    expect(await offer('c', now + 99)).toBe(first + count + 2);
    expect(await offer('d', now + 100)).toBe(first);
    for (const store of [other, server]) await store.close();
    rmSync(folder, { recursive: true });
  });

  it('that cannot be read are addresses held back for good', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-leases-'));
    const where = territory(3);
    const { first } = where.pools[0] as { first: number };
    const now = 1_700_000_000;
    const { open } = await import('lmdb');
    const root = open<Buffer, Buffer>({ path: folder, maxDbs: 2, encoding: 'binary', keyEncoding: 'binary' });
    const table = root.openDB<Buffer, Buffer>({ name: 'leases', encoding: 'binary', keyEncoding: 'binary' });
    for (const [i, bytes] of [Buffer.alloc(0), Buffer.alloc(18, 0xff)].entries()) {
      const key = Buffer.alloc(4);
      key.writeUInt32BE(first + i);
      await table.put(key, bytes);
    }
    await root.close();
    const store = new LocalStore(await openLmdb(folder));
    expect(await store.ofAddress(first)).toMatchObject({ state: 'declined', client: '', expires: END_OF_TIME });
    const request = { territory: where, client: client('a'), reserved: null, wanted: first, now, holdSeconds: 1 };
    expect(await store.offer(request)).toBe(first + 2);
    expect(await store.grant({ territory: where, client: client('a'), address: first + 1, now, leaseSeconds: 1 })).toBe(false);
    expect(await store.remove(first)).toBe(true);
    expect(await store.offer({ ...request, client: client('b') })).toBe(first);
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('cannot be opened where there is no folder to make', async () => {
    await expect(openLmdb('/dev/null/leases')).rejects.toThrow(/^cannot open the leases in '\/dev\/null\/leases': /);
  });
});
