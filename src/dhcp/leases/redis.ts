/**
 * Leases in Redis or Valkey, for servers that share their pools: what is decided, is decided there, by a script
 * (`lua/redis/leases.lua`), and so is when a lease ends, by that server's clock.
 * @module
 */
import { createHash } from 'node:crypto';
import { packageScript } from '../declarations.ts';
import { type RedisClient, RedisLink } from './link.ts';
import { LeaseRecords, shortened } from './record.ts';
import { type GrantRequest, type Lease, type LeaseStore, type OfferRequest, StoreUnavailable, type Territory } from './store.ts';

/** Options of `openRedis`. */
export interface RedisOptions {
  /** `redis://[[user]:password@]host[:port][/database]`, `rediss://` for TLS, or `unix:` and a path. */
  readonly url: string;
  /** In front of all keys; for a cluster, one with braces, such as `{dhcp}:`, which keeps them together. */
  readonly prefix: string;
  /** How long an answer may take, 1000 by default. */
  readonly timeoutMs?: number;
  /** Whose time counts: `store` (the default) for all servers alike, or that of whoever asks. */
  readonly clock?: 'store' | 'caller';
  /** Takes what is wrong with the store's own settings; by default it is a warning of the process. */
  readonly warn?: (text: string) => void;
}

/**
 * Opens a store. It need not be there yet: until it is, whatever is asked of it fails.
 * @throws {StoreUnavailable} when the package `redis` is not installed
 * @throws {TypeError} when the URL is none
 */
export async function openRedis(options: RedisOptions): Promise<LeaseStore> {
  const { url, prefix, timeoutMs = 1000, clock = 'store', warn = (text) => process.emitWarning(text) } = options;
  const { settings, name } = targetOf(url);
  const redis = await import('redis').catch((error) => {
    throw new StoreUnavailable("leases in Redis need the package 'redis', which is not installed: npm install redis", { cause: error });
  });
  const connect = (): RedisClient => {
    const client = redis.createClient({
      ...(settings.url !== undefined && { url: settings.url }),
      socket: {
        ...(settings.path === undefined ? {} : { path: settings.path, tls: false }),
        reconnectStrategy: false,
        connectTimeout: timeoutMs,
      },
      // All that is needed, and the first versions know it, too.
      RESP: 2,
      disableOfflineQueue: true,
      maintNotifications: 'disabled',
      commandOptions: { typeMapping: { [redis.RESP_TYPES.BLOB_STRING]: Buffer } },
    });
    return client as unknown as RedisClient;
  };
  const link = new RedisLink({ name, connect, script: packageScript('redis/leases.lua'), prefix, timeoutMs, warn });
  await link.open();
  return new RedisStore(link, clock);
}

// The password is nobody's business.
function targetOf(url: string): { settings: { url?: string; path?: string }; name: string } {
  if (url.startsWith('unix:')) {
    const path = url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
    return { settings: { path }, name: `Redis at ${path}` };
  }
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: '', host: '' };
  if ((protocol !== 'redis:' && protocol !== 'rediss:') || host === '')
    throw new TypeError('expected a URL such as redis://127.0.0.1:6379');
  return { settings: { url }, name: `Redis at ${host}` };
}

/** Blocks of 256 addresses that are read at a time. */
const SCAN_BLOCKS = 4;

class RedisStore implements LeaseStore {
  readonly #link: RedisLink;
  readonly #clock: 'store' | 'caller';
  readonly #records = new LeaseRecords();
  readonly #territories: WeakMap<Territory, { digest: string; ranges: Buffer }> = new WeakMap();

  constructor(link: RedisLink, clock: 'store' | 'caller') {
    this.#link = link;
    this.#clock = clock;
  }

  #run(operation: string, now: number | null, ...rest: (string | number | Buffer)[]): Promise<unknown> {
    const time = now === null || this.#clock === 'store' ? '' : String(now);
    return this.#link.run([operation, time, ...rest.map((one) => (typeof one === 'number' ? String(one) : one))]);
  }

  async offer({ territory, client, reserved, wanted, now, holdSeconds }: OfferRequest): Promise<number | null> {
    const { digest, ranges } = this.#territoryOf(territory);
    for (;;) {
      const rest = [territory.id, client.key, reserved ?? '', wanted ?? '', holdSeconds, digest, ranges];
      const found = await this.#run('offer', now, ...rest);
      // A long search lets others have their turn.
      if (found === null || typeof found === 'number') return found;
    }
  }

  #territoryOf(territory: Territory): { digest: string; ranges: Buffer } {
    const known = this.#territories.get(territory);
    if (known !== undefined) return known;
    const ranges = rangesOf(territory);
    const made = { ranges, digest: createHash('sha1').update(ranges).digest('base64') };
    this.#territories.set(territory, made);
    return made;
  }

  async grant({ territory, client, address, now, leaseSeconds }: GrantRequest): Promise<boolean> {
    const { hardware, hostName, relay } = shortened(client);
    return (await this.#run('grant', now, territory.id, client.key, hardware, hostName, relay, address, leaseSeconds)) === 1;
  }

  async release(territory: Territory, client: string, address: number, now: number): Promise<boolean> {
    return (await this.#run('release', now, territory.id, client, address)) === 1;
  }

  async decline(territory: Territory, client: string, address: number, now: number, until: number): Promise<boolean> {
    return (await this.#run('decline', now, territory.id, client, address, until - now)) === 1;
  }

  async holdBack(territory: Territory, address: number, now: number, until: number): Promise<void> {
    await this.#run('holdback', now, territory.id, address, until - now);
  }

  async ofClient(subnet: number, client: string): Promise<Lease | null> {
    const found = (await this.#run('client', null, subnet, client)) as [number, Buffer] | null;
    const lease = found === null ? null : this.#records.decode(...found);
    return lease?.client === client && lease.subnet === subnet ? lease : null;
  }

  async ofAddress(address: number): Promise<Lease | null> {
    const found = (await this.#run('address', null, address)) as Buffer | null;
    return found === null ? null : this.#records.decode(address, found);
  }

  async *leases(): AsyncGenerator<Lease> {
    const scan = (from: number): Promise<unknown> => this.#run('scan', null, from, SCAN_BLOCKS);
    let next = scan(0);
    for (;;) {
      const [from, ...found] = (await next) as [number | null, ...(number | Buffer)[]];
      if (from === null) return;
      next = scan(from);
      // It is asked for again, or nobody wants it.
      next.catch(() => {});
      const leases: Lease[] = [];
      for (let i = 0; i < found.length; i += 2) leases.push(this.#records.decode(found[i] as number, found[i + 1] as Buffer));
      yield* leases.sort((a, b) => a.address - b.address);
    }
  }

  async put(lease: Lease): Promise<void> {
    await this.#write('put', null, lease);
  }

  async adopt(leases: readonly Lease[], now: number): Promise<boolean[]> {
    return Promise.all(leases.map(async (lease) => (await this.#write('adopt', now, lease)) === 1));
  }

  #write(operation: string, now: number | null, lease: Lease): Promise<unknown> {
    const { address, subnet, client, expires } = lease;
    return this.#run(operation, now, subnet, client, address, expires, this.#records.encode(lease));
  }

  async remove(address: number): Promise<boolean> {
    return (await this.#run('remove', null, address)) === 1;
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** What a territory has to give, the lowest first: pairs of a first and a last address, four bytes each, in network order. */
function rangesOf({ pools, reserved }: Territory): Buffer {
  const kept = [...reserved].sort((a, b) => a - b);
  const numbers: number[] = [];
  let from = 0;
  let next = 0;
  for (const { first, last } of [...pools].sort((a, b) => a.first - b.first)) {
    from = Math.max(from, first);
    while (next < kept.length && (kept[next] as number) < from) next++;
    for (; next < kept.length && (kept[next] as number) <= last; next++) {
      const address = kept[next] as number;
      if (address > from) numbers.push(from, address - 1);
      from = address + 1;
    }
    if (from <= last) numbers.push(from, last);
    from = Math.max(from, last + 1);
  }
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * i);
  return bytes;
}
