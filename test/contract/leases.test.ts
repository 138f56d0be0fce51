import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalStore } from '../../src/dhcp/leases/local.ts';
import { openLmdb } from '../../src/dhcp/leases/lmdb.ts';
import { MemoryTable } from '../../src/dhcp/leases/memory.ts';
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

  it('cannot be opened where there is no folder to make', async () => {
    await expect(openLmdb('/dev/null/leases')).rejects.toThrow(/^cannot open the leases in '\/dev\/null\/leases': /);
  });
});
