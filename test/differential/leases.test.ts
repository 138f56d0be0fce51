import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type StoreSettings } from '../../src/dhcp/leases/open.ts';
import { type Built, buildHelper } from '../helpers/built.ts';
import type { LoadSettings } from '../helpers/lease-load.ts';
import { hasRedis, RedisServer, redisTitle } from '../helpers/redis.ts';

const FIRST = 0x0a000001;
let program: Built;
beforeAll(async () => {
  program = await buildHelper('lease-load');
});
afterAll(() => program.remove());

interface Told {
  readonly at: bigint;
  readonly what: string;
  readonly who: string;
  readonly value: number;
}

/** A process that hands out leases, and what it told. */
class Load {
  readonly #process: ChildProcess;
  #text = '';
  #errors = '';
  readonly ended: Promise<unknown>;

  constructor(settings: LoadSettings) {
    this.#process = spawn(process.execPath, [program.file, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout?.on('data', (data) => {
      this.#text += data;
    });
    this.#process.stderr?.on('data', (data) => {
      this.#errors += data;
    });
    this.ended = once(this.#process, 'close');
  }

  /** Lines that are whole; the last one may be cut off by a kill. */
  get told(): Told[] {
    return this.#text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [at, what, who, value] = line.split(' ') as [string, string, string, string];
        return { at: BigInt(at), what, who, value: Number(value) };
      });
  }

  get errors(): string {
    return this.#errors;
  }

  /** Waits until it has told so many lines more. */
  async more(count: number): Promise<void> {
    const wanted = this.#text.length + 40 * count;
    for (const until = Date.now() + 60_000; this.#text.length < wanted; await delay(5)) {
      if (Date.now() > until || this.#process.exitCode !== null) throw new Error(`the load stands still\n${this.#errors}`);
    }
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

/**
 * Compares what clients were told with each other and with the store.
 * @returns how many leases were acknowledged, how many of them the store does not have, and how many were another client's at that time
 */
async function count(told: readonly Told[], settings: StoreSettings): Promise<{ acknowledged: number; lost: number; doubled: number }> {
  const store = await openStore(settings);
  const owners: Map<number, string> = new Map();
  let acknowledged = 0;
  let doubled = 0;
  for (const { what, who, value: address } of [...told].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    if (what === 'ACK') {
      acknowledged++;
      const owner = owners.get(address);
      if (owner !== undefined && owner !== who) doubled++;
      owners.set(address, who);
    } else if (what === 'BYE') owners.delete(address);
  }
  let lost = 0;
  for (const [address, who] of owners) {
    const lease = await store.ofAddress(address);
    if (lease?.client !== who || lease.state !== 'active') lost++;
    else expect((await store.ofClient(1, who))?.address).toBe(address);
  }
  await store.close();
  return { acknowledged, lost, doubled };
}

describe('servers that are killed, with leases in LMDB', () => {
  it('have lost no lease that a client knows of', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-leases-'));
    const store = { kind: 'lmdb', path: folder } as const;
    const told: Told[] = [];
    const pool = { first: FIRST, last: FIRST + 999 };
    for (let i = 0; i < 6; i++) {
      // The same clients, as if they had asked again.
      const load = new Load({ store, pool, name: `n${i}`, clients: 100, rounds: null });
      await load.more(500 + 300 * i);
      await load.kill();
      expect(load.errors).toBe('');
      told.push(...load.told);
      const { acknowledged, ...faults } = await count(told, store);
      expect(faults).toEqual({ lost: 0, doubled: 0 });
      expect(acknowledged).toBeGreaterThan(100 * (i + 1));
    }
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(!hasRedis)(`servers that share their leases in ${redisTitle}`, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = new RedisServer();
    await redis.start();
  });
  afterAll(() => redis.remove());
  let running: Load[] = [];
  afterEach(async () => {
    await Promise.all(running.map((load) => load.kill()));
    running = [];
  });
  let prefixes = 0;
  const sharedStore = (): StoreSettings => ({ kind: 'redis', url: redis.url, prefix: `load${prefixes++}:` });
  const start = (settings: LoadSettings): Load => {
    const load = new Load(settings);
    running.push(load);
    return load;
  };

  it('give the last addresses to one client each', async () => {
    const store = sharedStore();
    const pool = { first: FIRST, last: FIRST + 149 };
    // 300 clients.
    const loads = ['a', 'b', 'c'].map((name) => start({ store, pool, name, clients: 100, rounds: 12 }));
    await Promise.all(loads.map((load) => load.ended));
    const told = loads.flatMap((load) => load.told);
    expect(loads.map(({ errors }) => errors).join('')).toBe('');
    expect(told.filter(({ what }) => what === 'END').map(({ value }) => value)).toEqual([0, 0, 0]);
    const { acknowledged, ...faults } = await count(told, store);
    expect(faults).toEqual({ lost: 0, doubled: 0 });
    expect(acknowledged).toBeGreaterThan(500);
    // All of them were wanted, and all were given.
    expect(new Set(told.filter(({ what }) => what === 'ACK').map(({ value }) => value)).size).toBe(150);
  });

  it('and are killed, have lost none and given none twice', async () => {
    const store = sharedStore();
    const pool = { first: FIRST, last: FIRST + 199 };
    const told: Told[] = [];
    const survivor = start({ store, pool, name: 's', clients: 100, rounds: null });
    for (let i = 0; i < 4; i++) {
      const load = start({ store, pool, name: `k${i}`, clients: 60, rounds: null });
      await load.more(200 + 100 * i);
      await load.kill();
      told.push(...load.told);
    }
    await survivor.more(100);
    await survivor.kill();
    told.push(...survivor.told);
    expect(running.map(({ errors }) => errors).join('')).toBe('');
    const { acknowledged, ...faults } = await count(told, store);
    expect(faults).toEqual({ lost: 0, doubled: 0 });
    expect(acknowledged).toBeGreaterThan(1000);
  });

  it('and whose store is stopped, killed and restarted, have lost none and given none twice', async () => {
    const store = sharedStore();
    const pool = { first: FIRST, last: FIRST + 199 };
    const loads = ['a', 'b'].map((name) => start({ store, pool, name, clients: 120, rounds: null }));
    const more = async (): Promise<void> => {
      await Promise.all(loads.map((load) => load.more(150)));
    };
    await more();
    for (let i = 0; i < 2; i++) {
      await redis.end('SIGKILL');
      await delay(200);
      await redis.start();
      await more();
      redis.signal('SIGSTOP');
      // Longer than servers wait.
      await delay(1500);
      redis.signal('SIGCONT');
      await more();
      await redis.end('SIGTERM');
      await delay(100);
      await redis.start();
      await more();
    }
    await Promise.all(loads.map((load) => load.kill()));
    expect(loads.map(({ errors }) => errors).join('')).toBe('');
    const { acknowledged, ...faults } = await count(
      loads.flatMap((load) => load.told),
      store,
    );
    expect(faults).toEqual({ lost: 0, doubled: 0 });
    expect(acknowledged).toBeGreaterThan(1000);
  });
});
