/**
 * Leases in LMDB (symas.com/lmdb): a file that survives the process, and the machine, at any moment.
 *
 * Two tables: records by address, and addresses by client. There is one transaction at a time: what is written while it goes to the disk is
 * held in memory, and is the next one.
 * @module
 */
import { existsSync } from 'node:fs';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Database, RootDatabase } from 'lmdb';
import { EndQueue } from './ends.ts';
import { handleCommitFailures } from './lmdb-failures.ts';
import { LeaseRecords } from './record.ts';
import { Runs } from './runs.ts';
import { type Lease, StoreUnavailable } from './store.ts';
import { type LeaseTable, ownerOf, type Seen } from './table.ts';

type Lmdb = typeof import('lmdb');
type Table = Database<Buffer, Buffer>;

const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** The longest key that LMDB takes, less what goes in front of the client's. */
const MAX_KEY = 1900;
/**
 * Milliseconds from one transaction's start to the next one's, at least. Each costs two syncs and a way through Node's thread pool, which on a fast
 * disk would be as much for each client as all else; nobody who has not been served for so long waits.
 */
const COMMIT_MS = 5;
/** Records that the index reads between two turns of the event loop: a few milliseconds. */
const INDEX_STEP = 2000;

/**
 * How a process uses the records: a server `own`s them; `fill` and `share` are for others that write beside it, and `read` for those
 * that do not. The latter two make no store where there is none.
 */
export type LmdbUse = 'own' | 'fill' | 'share' | 'read';

/**
 * Opens a store's folder, or makes it.
 * @throws {StoreUnavailable} when the package `lmdb` is not there, or the folder cannot be used
 */
export async function openLmdb(path: string, use: LmdbUse = 'own'): Promise<LeaseTable> {
  let lmdb: Lmdb;
  try {
    lmdb = await import('lmdb');
  } catch (error) {
    throw new StoreUnavailable("leases are kept by the package 'lmdb', which is not installed: npm install lmdb", { cause: error });
  }
  if ((use === 'share' || use === 'read') && !existsSync(path)) throw new StoreUnavailable(`there are no leases in '${path}'`);
  try {
    // Promises of writes are kept when they are on disk.
    const root = lmdb.open<Buffer, Buffer>({ path, maxDbs: 2, overlappingSync: false, readOnly: use === 'read', ...BINARY });
    const [leases, clients] = ['leases', 'clients'].map((name) => root.openDB<Buffer, Buffer>({ name, ...BINARY })) as [Table, Table];
    return new LmdbTable(root, leases, clients, use);
  } catch (error) {
    throw new StoreUnavailable(`cannot open the leases in '${path}': ${(error as Error).message}`, { cause: error });
  }
}

class LmdbTable implements LeaseTable {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #leases: Table;
  readonly #clients: Table;
  readonly #records = new LeaseRecords();
  readonly #key = Buffer.alloc(4);
  // What has been written and is not yet on disk, where reads of LMDB do not see it: for the next transaction, and in the one under way.
  #next = new Writes();
  #underWay = NOTHING;
  // Of the next transaction, once somebody waits for it; and of the last one that has begun.
  #nextCommit: Promise<void> | null = null;
  #lastCommit: Promise<void> = Promise.resolve();
  #begun = Number.NEGATIVE_INFINITY;
  // The index: of all records that have been read so far, or written.
  readonly #ends = new EndQueue();
  readonly #used = new Runs();
  #isIndexed = false;
  #indexing: Promise<void> | null = null;
  readonly #use: LmdbUse;
  readonly #endHandling = handleCommitFailures();
  #isClosed = false;

  constructor(root: RootDatabase<Buffer, Buffer>, leases: Table, clients: Table, use: LmdbUse) {
    this.#root = root;
    this.#leases = leases;
    this.#clients = clients;
    this.#use = use;
    // Whoever needs it gets the error.
    if (use === 'own') this.indexed().catch(() => {});
  }

  get isIndexed(): boolean {
    return this.#isIndexed;
  }

  indexed(): Promise<void> {
    this.#indexing ??= this.#index().catch((error: Error) => {
      throw new StoreUnavailable(`leases cannot be read: ${error.message}`, { cause: error });
    });
    return this.#indexing;
  }

  // Reads the records of earlier runs, bit by bit, so that whoever needs no index is answered meanwhile.
  async #index(): Promise<void> {
    let count = 0;
    for (const { key, value } of this.#leases.getRange({ snapshot: false })) {
      if (++count % INDEX_STEP === 0) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#isClosed) return;
      }
      const address = addressOfKey(key);
      // What has been written since then is in the index, or has been removed from it.
      if (this.#used.nextGap(address) === address && this.#writtenLease(address) === undefined) this.#addToIndex(address, value);
    }
    this.#isIndexed = true;
  }

  #addToIndex(address: number, record: Uint8Array): void {
    const { subnet, expires } = this.#records.decodeEnd(record);
    this.#ends.push(subnet, { address, expires });
    this.#used.add(address);
  }

  // Good until the next one: lmdb copies keys at once.
  #keyOf(address: number): Buffer {
    this.#key.writeUInt32BE(address);
    return this.#key;
  }

  // Undefined for what has not been written of late.
  #writtenLease(address: number): Lease | null | undefined {
    const written = this.#next.leases.get(address);
    return written === undefined ? this.#underWay.leases.get(address) : written;
  }

  get(address: number): Lease | null {
    const written = this.#writtenLease(address);
    if (written !== undefined) return written;
    const bytes = this.#leases.getBinary(this.#keyOf(address));
    return bytes === undefined ? null : this.#records.decode(address, bytes);
  }

  addressOf(owner: string): number | null {
    let written = this.#next.clients.get(owner);
    if (written === undefined) written = this.#underWay.clients.get(owner);
    if (written !== undefined) return written;
    const bytes = this.#clients.getBinary(keyOfClient(owner));
    return bytes === undefined ? null : addressOfKey(bytes);
  }

  put(lease: Lease, seen: Seen = this.#look(lease)): void {
    const { address, subnet, client, expires } = lease;
    this.#forgetClient(seen.record, client);
    this.#next.leases.set(address, lease);
    if (client !== '' && seen.addressOfOwner !== address) this.#next.clients.set(seen.owner, address);
    this.#ends.push(subnet, { address, expires });
    this.#used.add(address);
  }

  #look({ address, subnet, client }: Lease): Seen {
    const owner = ownerOf(subnet, client);
    return { record: this.get(address), owner, addressOfOwner: client === '' ? null : this.addressOf(owner) };
  }

  remove(address: number): void {
    this.#forgetClient(this.get(address), '');
    this.#next.leases.set(address, null);
    this.#used.remove(address);
  }

  // Whoever had the address before is no longer known by it.
  #forgetClient(before: Lease | null, client: string): void {
    if (before === null || before.client === client || before.client === '') return;
    const owner = ownerOf(before.subnet, before.client);
    if (this.addressOf(owner) === before.address) this.#next.clients.set(owner, null);
  }

  ended(subnet: number, now: number): Iterable<Lease> {
    return this.#ends.before(subnet, now, (address) => this.get(address));
  }

  putBack({ subnet, address, expires }: Lease): void {
    this.#ends.push(subnet, { address, expires });
  }

  *all(): Generator<Lease> {
    const fresh = [...new Set([...this.#underWay.leases.keys(), ...this.#next.leases.keys()])].sort((a, b) => a - b);
    const isFresh = new Set(fresh);
    let next = 0;
    for (const { key, value } of this.#leases.getRange({ snapshot: false })) {
      const address = addressOfKey(key);
      for (; next < fresh.length && (fresh[next] as number) <= address; next++) {
        const lease = this.get(fresh[next] as number);
        if (lease !== null) yield lease;
      }
      if (!isFresh.has(address)) yield this.#records.decode(address, value);
    }
    for (; next < fresh.length; next++) {
      const lease = this.get(fresh[next] as number);
      if (lease !== null) yield lease;
    }
  }

  nextUnused(address: number): number {
    for (;;) {
      const next = this.#used.nextGap(address);
      // Other processes may have written one.
      const record = this.#writtenLease(next) === undefined ? this.#leases.getBinary(this.#keyOf(next)) : undefined;
      if (record === undefined) return next;
      this.#addToIndex(next, record);
    }
  }

  exclusively<T>(work: () => T): T {
    // The owner's own writes follow its decisions; whatever others wrote meanwhile gives way.
    if (this.#use === 'own') return work();
    try {
      return this.#root.transactionSync(() => {
        const result = work();
        this.#write(this.#next);
        return result;
      });
    } catch (error) {
      throw unwritable(error as Error);
    } finally {
      this.#next = new Writes();
    }
  }

  // All that is in the way of a commit is seen by its promises.
  #write({ leases, clients }: Writes): ReadonlySet<Promise<boolean>> {
    const written: Set<Promise<boolean>> = new Set();
    for (const [address, lease] of leases) {
      const key = this.#keyOf(address);
      written.add(lease === null ? this.#leases.remove(key) : this.#leases.put(key, this.#records.encode(lease)));
    }
    for (const [client, address] of clients) {
      const key = keyOfClient(client);
      written.add(address === null ? this.#clients.remove(key) : this.#clients.put(key, bytesOf(address)));
    }
    return written;
  }

  flush(): Promise<void> {
    if (this.#next.isEmpty) return this.#lastCommit;
    this.#nextCommit ??= this.#commit();
    return this.#nextCommit;
  }

  // Whoever flushes gets the error.
  async #commit(): Promise<void> {
    await this.#lastCommit.catch(() => {});
    const rest = this.#begun + COMMIT_MS - performance.now();
    await (rest > 0 ? sleep(rest) : turn());
    this.#begun = performance.now();
    this.#lastCommit = this.#nextCommit as Promise<void>;
    this.#nextCommit = null;
    this.#underWay = this.#next;
    this.#next = new Writes();
    try {
      await Promise.all(this.#write(this.#underWay));
    } catch (error) {
      // The disk is full, say: it is tried again with the next transaction.
      this.#next = this.#underWay.followedBy(this.#next);
      throw unwritable(error as Error);
    } finally {
      this.#underWay = NOTHING;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    try {
      await this.flush();
    } finally {
      await this.#root.close();
      this.#endHandling();
    }
  }
}

/** Records by address, and addresses by client; null for what is taken out. */
class Writes {
  readonly leases: Map<number, Lease | null>;
  readonly clients: Map<string, number | null>;

  constructor(leases: Writes['leases'] = new Map(), clients: Writes['clients'] = new Map()) {
    this.leases = leases;
    this.clients = clients;
  }

  get isEmpty(): boolean {
    return this.leases.size === 0 && this.clients.size === 0;
  }

  followedBy({ leases, clients }: Writes): Writes {
    return new Writes(new Map([...this.leases, ...leases]), new Map([...this.clients, ...clients]));
  }
}

const NOTHING = new Writes();

function unwritable(cause: Error): StoreUnavailable {
  return new StoreUnavailable(`leases cannot be written: ${cause.message}`, { cause });
}

// Network order, so that keys are in the order of addresses.
function bytesOf(address: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(address);
  return bytes;
}

function addressOfKey(key: Uint8Array): number {
  return (((key[0] as number) << 24) | ((key[1] as number) << 16) | ((key[2] as number) << 8) | (key[3] as number)) >>> 0;
}

function keyOfClient(key: string): Buffer {
  return Buffer.from(key.slice(0, MAX_KEY), 'latin1');
}
