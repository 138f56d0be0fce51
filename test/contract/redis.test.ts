import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedis, type RedisOptions } from '../../src/dhcp/leases/redis.ts';
import { END_OF_TIME, type Lease, type LeaseStore, StoreUnavailable } from '../../src/dhcp/leases/store.ts';
import { freePort, hasRedis, RedisServer, redisTitle } from '../helpers/redis.ts';
import { client, leaseContract, territory } from './leases.ts';

describe.skipIf(!hasRedis)(`leases in ${redisTitle}`, () => {
  const server = new RedisServer(['--appendonly', 'no']);
  let stores = 0;
  beforeAll(() => server.start());
  afterAll(() => server.remove());

  const open = (options: Partial<RedisOptions> = {}): Promise<LeaseStore> =>
    openRedis({ url: server.url, prefix: `test${stores++}:`, clock: 'caller', warn: () => {}, ...options });
  const seconds = (): number => Math.floor(Date.now() / 1000);
  const where = territory(3);
  const { first } = where.pools[0] as { first: number };

  leaseContract(async (work) => {
    const store = await open();
    await work(store);
    await store.close();
  });

  it('end by the clock of the store', async () => {
    const store = await open({ clock: 'store' });
    const before = seconds();
    // Servers whose clocks are wrong.
    expect(await store.grant({ territory: where, client: client('a'), address: first, now: 5, leaseSeconds: 100 })).toBe(true);
    expect(await store.grant({ territory: where, client: client('b'), address: first, now: 4e9, leaseSeconds: 100 })).toBe(false);
    await store.holdBack(where, first + 1, 5, 105);
    for await (const { expires } of store.leases()) {
      expect(expires).toBeGreaterThanOrEqual(before + 100);
      expect(expires).toBeLessThanOrEqual(seconds() + 100);
    }
    await store.close();
  });

  it('are reached by a socket, too', async () => {
    const store = await open({ url: `unix:${server.socket}` });
    expect(await store.ofAddress(first)).toBe(null);
    await store.close();
  });

  it('are granted once, however many ask', async () => {
    const prefix = 'shared:';
    const some = await Promise.all([open({ prefix }), open({ prefix }), open({ prefix })]);
    const pool = territory(100);
    const start = pool.pools[0]?.first as number;
    const granted = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const store = some[i % 3] as LeaseStore;
        const who = client(`c${i}`);
        const address = await store.offer({ territory: pool, client: who, reserved: null, wanted: null, now: 1, holdSeconds: 60 });
        if (address === null) return null;
        const got = await store.grant({ territory: pool, client: who, address, now: 1, leaseSeconds: 60 });
        return got ? address : null;
      }),
    );
    const addresses = granted.filter((address) => address !== null).sort((a, b) => a - b);
    expect(addresses).toEqual(Array.from({ length: 100 }, (_, i) => start + i));
    for (const store of some) await store.close();
  });

  it('are found in large pools, and pools whose addresses are reserved', async () => {
    const store = await open();
    const reserved = new Set(Array.from({ length: 2000 }, (_, i) => first + 2 * i));
    const large = { id: 1, pools: [{ first, last: first + 2 ** 20 }], reserved };
    const offer = (name: string, now = 1): Promise<number | null> =>
      store.offer({ territory: large, client: client(name), reserved: null, wanted: null, now, holdSeconds: 60 });
    expect([await offer('a'), await offer('b'), await offer('c')]).toEqual([first + 1, first + 3, first + 5]);
    // Blocks without a free address, more than one look goes through.
    const lease = (address: number): Lease => ({
      address,
      subnet: 1,
      client: `id:${address}`,
      hardware: '',
      state: 'active',
      expires: 1000,
      seen: 0,
      hostName: '',
      relay: '',
    });
    const from = first + 6;
    const count = 256 * 150;
    for (let i = 0; i < count; i += 4096)
      await store.adopt(
        Array.from({ length: Math.min(4096, count - i) }, (_, k) => lease(from + i + k)),
        1,
      );
    expect(await offer('d')).toBe(from + count);
    expect(await offer('e', 30)).toBe(from + count + 1);
    // What a, b, c and d were offered, comes first.
    expect([await offer('f', 61), await offer('g', 61)].sort()).toEqual([first + 1, first + 3]);
    let listed = 0;
    let before = 0;
    for await (const { address } of store.leases()) {
      expect(address).toBeGreaterThan(before);
      before = address;
      listed++;
    }
    expect(listed).toBe(count);
    await store.close();
  });

  it('that somebody else has spoilt do no harm', async () => {
    const prefix = 'spoilt:';
    const store = await open({ prefix });
    const offer = (name: string): Promise<number | null> =>
      store.offer({ territory: where, client: client(name), reserved: null, wanted: null, now: 1, holdSeconds: 60 });
    await store.remove(first);
    const block = `${prefix}leases:${first >>> 8}`;
    await server.command('HSET', block, String(first & 255), 'no record', 'nobody', 'x', String((first + 1) & 255), Buffer.alloc(18, 255));
    await server.command('ZADD', `${prefix}blocks`, String(first >>> 8), String(first >>> 8));
    await server.command('HSET', `${prefix}clients:1`, 'id:a', 'x', 'id:b', '1e99', 'id:c', String(first + 1));
    await server.command('ZADD', `${prefix}free:1`, '0', 'x', '0', '-1');
    await server.command('SET', `${prefix}hold:${first + 2}`, 'x');
    expect(await store.ofAddress(first)).toMatchObject({ state: 'declined', client: '', expires: END_OF_TIME });
    for (const name of ['a', 'b', 'c']) expect(await store.ofClient(1, `id:${name}`)).toBe(null);
    expect(await store.grant({ territory: where, client: client('a'), address: first, now: 1, leaseSeconds: 9 })).toBe(false);
    expect([await offer('a'), await offer('b'), await offer('c')]).toEqual([first + 2, null, null]);
    const listed: number[] = [];
    for await (const { address } of store.leases()) listed.push(address);
    expect(listed).toEqual([first, first + 1]);
    expect(await store.remove(first)).toBe(true);
    expect(await offer('c')).toBe(first);
    // A key of another type concerns those that need it.
    await server.command('SET', `${prefix}ends:1`, 'x');
    const [granted, other] = await Promise.allSettled([
      store.grant({ territory: where, client: client('a'), address: first + 2, now: 1, leaseSeconds: 9 }),
      store.ofAddress(first + 1),
    ]);
    expect(granted).toMatchObject({ reason: expect.any(StoreUnavailable) });
    expect((granted as PromiseRejectedResult).reason.message).toContain('WRONGTYPE');
    expect(other.status).toBe('fulfilled');
    await store.close();
  });

  it('of another format are left alone', async () => {
    await server.command('SET', 'later:store', '2 x');
    const store = await open({ prefix: 'later:' });
    await expect(store.ofAddress(first)).rejects.toThrow(
      /^Redis at 127\.0\.0\.1:\d+: its leases are of a format that this version does not/,
    );
    await store.close();
  });

  it('are not given away when they were there and are gone', async () => {
    const store = await open({ prefix: 'gone:' });
    expect(await store.grant({ territory: where, client: client('a'), address: first, now: 1, leaseSeconds: 9 })).toBe(true);
    await server.command('EVAL', "for _, key in ipairs(redis.call('KEYS', 'gone:*')) do redis.call('DEL', key) end", '0');
    const again = { territory: where, client: client('b'), address: first, now: 1, leaseSeconds: 9 };
    await expect(store.grant(again)).rejects.toThrow('has lost the leases that were there, or is another server');
    const restarted = await open({ prefix: 'gone:' });
    expect(await restarted.grant(again)).toBe(true);
    await expect(store.grant(again)).rejects.toThrow(StoreUnavailable);
    for (const one of [store, restarted]) await one.close();
  });

  it('are out of reach while the store is away, at once, and there again by themselves', async () => {
    const own = new RedisServer();
    await own.start();
    const store = await openRedis({ url: own.url, prefix: '', timeoutMs: 300 });
    const grant = (name: string): Promise<boolean> =>
      store.grant({ territory: where, client: client(name), address: first, now: 0, leaseSeconds: 1000 });
    const back = async (): Promise<void> => {
      const until = Date.now() + 20_000;
      for (;;) {
        try {
          await store.ofAddress(first);
          return;
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
          if (Date.now() > until) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    try {
      expect(await grant('a')).toBe(true);
      await own.end('SIGKILL');
      await expect(grant('b')).rejects.toThrow(StoreUnavailable);
      await own.start();
      await back();
      expect(await grant('b')).toBe(false);

      own.signal('SIGSTOP');
      await expect(store.release(where, 'id:a', first, 0)).rejects.toThrow(/no answer within 300 ms/);
      const asked = Date.now();
      await expect(grant('a')).rejects.toThrow(StoreUnavailable);
      expect(Date.now() - asked).toBeLessThan(200);
      own.signal('SIGCONT');
      await back();
      // What was given up was not done after all.
      expect((await store.ofClient(1, 'id:a'))?.state).toBe('active');
    } finally {
      await store.close();
      await own.remove();
    }
  });

  it('need a server that keeps them, and say so', async () => {
    const own = new RedisServer(['--appendonly', 'no', '--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
    await own.start();
    const warnings: string[] = [];
    const store = await openRedis({ url: own.url, prefix: '', warn: (text) => warnings.push(text) });
    expect(warnings.map((text) => text.replace(/\d+ /, 'PORT '))).toEqual([
      expect.stringMatching(/^Redis at 127\.0\.0\.1:.* forgets leases when it ends: set 'appendonly yes' and 'appendfsync always'$/),
      expect.stringMatching(/ drops leases when its memory is full: set 'maxmemory-policy noeviction'$/),
    ]);
    await own.command('CONFIG', 'SET', 'appendonly', 'yes');
    warnings.length = 0;
    await (await openRedis({ url: own.url, prefix: '', warn: (text) => warnings.push(text) })).close();
    expect(warnings).toEqual([expect.stringContaining(' drops leases ')]);
    warnings.length = 0;
    await own.command('CONFIG', 'SET', 'appendfsync', 'everysec', 'maxmemory', '0');
    await (await openRedis({ url: own.url, prefix: '', warn: (text) => warnings.push(text) })).close();
    expect(warnings).toEqual([expect.stringMatching(/ may lose the leases of its last moments: set 'appendfsync always'$/)]);
    await store.close();
    await own.remove();
  });

  it('may be out of reach from the start', async () => {
    const store = await openRedis({ url: `redis://user:secret@127.0.0.1:${await freePort()}`, prefix: '' });
    await expect(store.ofAddress(1)).rejects.toThrow(/^Redis at 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    await store.close();
    await expect(store.ofAddress(1)).rejects.toThrow('is closed');
    await expect(openRedis({ url: 'http://127.0.0.1', prefix: '' })).rejects.toThrow('expected a URL such as redis://127.0.0.1:6379');
  });
});
