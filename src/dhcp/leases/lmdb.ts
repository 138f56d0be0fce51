/**
 * Leases in LMDB (symas.com/lmdb): a file that survives the process, and the machine, at any moment.
 *
 * Two tables: records by address, and addresses by client. What a turn of the event loop writes is one transaction, synced to disk once.
 * @module
 */
import { existsSync } from 'node:fs';
import type { Database, RootDatabase } from 'lmdb';
import { EndQueue } from './ends.ts';
import { handleCommitFailures } from './lmdb-failures.ts';
import { LeaseRecords } from './record.ts';
import { Runs } from './runs.ts';
import { type Lease, StoreUnavailable } from './store.ts';
import type { LeaseTable } from './table.ts';

type Lmdb = typeof import('lmdb');
type Table = Database<Buffer, Buffer>;

const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** The longest key that LMDB takes, less what goes in front of the client's. */
const MAX_KEY = 1900;
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
  // What has been written and is not yet on disk: reads of LMDB do not see it.
  readonly #newLeases: Map<number, Lease | null> = new Map();
  readonly #newClients: Map<string, number | null> = new Map();
  #written: Promise<unknown> = Promise.resolve();
  // Of these, some could not be written: the disk is full, say.
  #isBehind = false;
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
      if (this.#used.nextGap(address) === address && !this.#newLeases.has(address)) this.#addToIndex(address, value);
    }
    this.#isIndexed = true;
  }

  #addToIndex(address: number, record: Uint8Array): void {
    const { subnet, expires } = this.#records.decodeEnd(record);
    this.#ends.push(subnet, { address, expires });
    this.#used.add(address);
  }

  get(address: number): Lease | null {
    const written = this.#newLeases.get(address);
    if (written !== undefined) return written;
    const bytes = this.#leases.getBinary(keyOfAddress(address));
    return bytes === undefined ? null : this.#records.decode(address, bytes);
  }

  addressOf(subnet: number, client: string): number | null {
    const key = `${subnet} ${client}`;
    const written = this.#newClients.get(key);
    if (written !== undefined) return written;
    const bytes = this.#clients.getBinary(keyOfClient(key));
    return bytes === undefined ? null : addressOfKey(bytes);
  }

  put(lease: Lease): void {
    const { address, subnet, client, expires } = lease;
    this.#forgetClient(address, client);
    this.#setLease(address, lease);
    if (client !== '' && this.addressOf(subnet, client) !== address) this.#setClient(`${subnet} ${client}`, address);
    this.#ends.push(subnet, { address, expires });
    this.#used.add(address);
  }

  remove(address: number): void {
    this.#forgetClient(address, '');
    this.#setLease(address, null);
    this.#used.remove(address);
  }

  #forgetClient(address: number, client: string): void {
    const before = this.get(address);
    if (before === null || before.client === client || before.client === '') return;
    if (this.addressOf(before.subnet, before.client) === address) this.#setClient(`${before.subnet} ${before.client}`, null);
  }

  #setLease(address: number, lease: Lease | null): void {
    this.#newLeases.set(address, lease);
    const bytes = keyOfAddress(address);
    const written = lease === null ? this.#leases.remove(bytes) : this.#leases.put(bytes, this.#records.encode(lease));
    this.#after(written, this.#newLeases, address, lease);
  }

  #setClient(key: string, address: number | null): void {
    this.#newClients.set(key, address);
    const bytes = keyOfClient(key);
    const written = address === null ? this.#clients.remove(bytes) : this.#clients.put(bytes, keyOfAddress(address));
    this.#after(written, this.#newClients, key, address);
  }

  // Once it is on disk it need not be held here, unless it has been written again.
  #after<K, V>(written: Promise<boolean>, held: Map<K, V>, key: K, value: V): void {
    const done = written.then(() => {
      if (held.get(key) === value) held.delete(key);
    });
    const before = this.#written;
    const all = before.then(() => done);
    this.#written = all;
    // Whoever flushes gets the error.
    all.catch(() => {
      this.#isBehind = true;
      if (this.#written === all) this.#written = Promise.resolve();
    });
  }

  // What is held here goes to the disk again.
  #catchUp(): void {
    this.#isBehind = false;
    for (const [address, lease] of [...this.#newLeases]) this.#setLease(address, lease);
    for (const [key, address] of [...this.#newClients]) this.#setClient(key, address);
  }

  ended(subnet: number, now: number): Iterable<Lease> {
    return this.#ends.before(subnet, now, (address) => this.get(address));
  }

  putBack({ subnet, address, expires }: Lease): void {
    this.#ends.push(subnet, { address, expires });
  }

  *all(): Generator<Lease> {
    const fresh = [...this.#newLeases.keys()].sort((a, b) => a - b);
    const isFresh = new Set(fresh);
    let next = 0;
    for (const { key, value } of this.#leases.getRange({ snapshot: false })) {
      const address = addressOfKey(key);
      for (; next < fresh.length && (fresh[next] as number) <= address; next++) {
        const lease = this.#newLeases.get(fresh[next] as number);
        if (lease !== undefined && lease !== null) yield lease;
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
      const record = this.#newLeases.has(next) ? undefined : this.#leases.getBinary(keyOfAddress(next));
      if (record === undefined) return next;
      this.#addToIndex(next, record);
    }
  }

  exclusively<T>(work: () => T): T {
    // The owner's own writes follow its decisions; whatever others wrote meanwhile gives way.
    if (this.#use === 'own') return work();
    try {
      return this.#root.transactionSync(work);
    } catch (error) {
      throw new StoreUnavailable(`leases cannot be written: ${(error as Error).message}`, { cause: error });
    }
  }

  async flush(): Promise<void> {
    if (this.#isBehind) this.#catchUp();
    try {
      await this.#written;
    } catch (error) {
      throw new StoreUnavailable(`leases cannot be written: ${(error as Error).message}`, { cause: error });
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

// Network order, so that keys are in the order of addresses.
function keyOfAddress(address: number): Buffer {
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(address);
  return key;
}

function addressOfKey(key: Uint8Array): number {
  return (((key[0] as number) << 24) | ((key[1] as number) << 16) | ((key[2] as number) << 8) | (key[3] as number)) >>> 0;
}

function keyOfClient(key: string): Buffer {
  return Buffer.from(key.slice(0, MAX_KEY), 'latin1');
}
