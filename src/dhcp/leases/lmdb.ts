/**
 * Leases in LMDB (symas.com/lmdb): a file that survives the process, and the machine, at any moment.
 *
 * Two tables: records by address, and addresses by client. What a turn of the event loop writes is one transaction, synced to disk once.
 * @module
 */
import { existsSync } from 'node:fs';
import type { Database, RootDatabase } from 'lmdb';
import { EndQueue } from './ends.ts';
import { LeaseRecords } from './record.ts';
import { type Lease, StoreUnavailable } from './store.ts';
import type { LeaseTable } from './table.ts';

type Lmdb = typeof import('lmdb');
type Table = Database<Buffer, Buffer>;

const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** The longest key that LMDB takes, less what goes in front of the client's. */
const MAX_KEY = 1900;
/** Records that the index of ends reads between two turns of the event loop. */
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
  readonly #ends = new EndQueue();
  readonly #cursors: Map<number, number> = new Map();
  // Reads the records of earlier runs into the index of ends, bit by bit; null once all are read.
  #unread: Iterator<{ key: Buffer; value: Buffer }> | null | undefined;
  readonly #use: LmdbUse;
  #isClosed = false;

  constructor(root: RootDatabase<Buffer, Buffer>, leases: Table, clients: Table, use: LmdbUse) {
    this.#root = root;
    this.#leases = leases;
    this.#clients = clients;
    this.#use = use;
    if (use === 'own') this.#readOn();
  }

  #readOn(): void {
    if (this.#unread === null || this.#isClosed) return;
    this.#read(INDEX_STEP);
    setImmediate(() => this.#readOn());
  }

  #read(count: number): void {
    if (this.#unread === undefined) this.#unread = this.#leases.getRange({ snapshot: false })[Symbol.iterator]();
    for (let i = 0; i < count && this.#unread !== null; i++) {
      const { done, value } = this.#unread.next();
      if (done === true) {
        this.#unread = null;
        return;
      }
      const { address, subnet, expires } = this.#records.decode(addressOfKey(value.key), value.value);
      if (!this.#newLeases.has(address)) this.#ends.push(subnet, { address, expires });
    }
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
    this.#newLeases.set(address, lease);
    this.#after(this.#leases.put(keyOfAddress(address), Buffer.from(this.#records.encode(lease))), this.#newLeases, address, lease);
    if (client !== '' && this.addressOf(subnet, client) !== address) this.#setClient(`${subnet} ${client}`, address);
    this.#ends.push(subnet, { address, expires });
  }

  remove(address: number): void {
    this.#forgetClient(address, '');
    this.#newLeases.set(address, null);
    this.#after(this.#leases.remove(keyOfAddress(address)), this.#newLeases, address, null);
    for (const [first, next] of this.#cursors) if (address >= first && address < next) this.#cursors.set(first, address);
  }

  #forgetClient(address: number, client: string): void {
    const before = this.get(address);
    if (before === null || before.client === client || before.client === '') return;
    if (this.addressOf(before.subnet, before.client) === address) this.#setClient(`${before.subnet} ${before.client}`, null);
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
    this.#written = before.then(() => done);
    // Whoever flushes gets the error.
    this.#written.catch(() => {});
  }

  ended(subnet: number, now: number): Iterable<Lease> {
    // Nothing may be overlooked: the rest is read now.
    this.#read(Number.POSITIVE_INFINITY);
    return this.#ends.before(subnet, now, (address) => this.get(address));
  }

  *all(): Generator<Lease> {
    const fresh = [...this.#newLeases.keys()].sort((a, b) => a - b);
    let next = 0;
    for (const { key, value } of this.#leases.getRange({ snapshot: false })) {
      const address = addressOfKey(key);
      for (; next < fresh.length && (fresh[next] as number) <= address; next++) {
        const lease = this.#newLeases.get(fresh[next] as number);
        if (lease !== undefined && lease !== null) yield lease;
      }
      if (!fresh.includes(address)) yield this.#records.decode(address, value);
    }
    for (; next < fresh.length; next++) {
      const lease = this.get(fresh[next] as number);
      if (lease !== null) yield lease;
    }
  }

  cursor(first: number): number {
    return this.#cursors.get(first) ?? first;
  }

  setCursor(first: number, next: number): void {
    this.#cursors.set(first, next);
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
    try {
      await this.#written;
    } catch (error) {
      throw new StoreUnavailable(`leases cannot be written: ${(error as Error).message}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    await this.#root.close();
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
