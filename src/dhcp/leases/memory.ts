/**
 * Leases in memory: for tests, for trying things out, and for servers that may forget.
 * @module
 */
import { EndQueue } from './ends.ts';
import { Runs } from './runs.ts';
import type { Lease } from './store.ts';
import { type LeaseTable, ownerOf } from './table.ts';

/** See `LeaseTable`; nothing outlives the process. */
export class MemoryTable implements LeaseTable {
  readonly #leases: Map<number, Lease> = new Map();
  readonly #clients: Map<string, number> = new Map();
  readonly #ends = new EndQueue();
  readonly #used = new Runs();
  readonly isIndexed = true;

  get(address: number): Lease | null {
    return this.#leases.get(address) ?? null;
  }

  addressOf(owner: string): number | null {
    return this.#clients.get(owner) ?? null;
  }

  put(lease: Lease): void {
    const { address, subnet, client, expires } = lease;
    this.#forgetClient(address, client);
    this.#leases.set(address, lease);
    if (client !== '') this.#clients.set(ownerOf(subnet, client), address);
    this.#used.add(address);
    this.#ends.push(subnet, { address, expires });
  }

  remove(address: number): void {
    this.#forgetClient(address, '');
    this.#leases.delete(address);
    this.#used.remove(address);
  }

  // Whoever had the address before is no longer known by it.
  #forgetClient(address: number, client: string): void {
    const before = this.#leases.get(address);
    if (before === undefined || before.client === client) return;
    const key = ownerOf(before.subnet, before.client);
    if (this.#clients.get(key) === address) this.#clients.delete(key);
  }

  ended(subnet: number, now: number): Iterable<Lease> {
    return this.#ends.before(subnet, now, (address) => this.get(address));
  }

  putBack({ subnet, address, expires }: Lease): void {
    this.#ends.push(subnet, { address, expires });
  }

  *all(): Generator<Lease> {
    for (const address of [...this.#leases.keys()].sort((a, b) => a - b)) {
      const lease = this.#leases.get(address);
      if (lease !== undefined) yield lease;
    }
  }

  nextUnused(address: number): number {
    return this.#used.nextGap(address);
  }

  async indexed(): Promise<void> {}

  exclusively<T>(work: () => T): T {
    return work();
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}
