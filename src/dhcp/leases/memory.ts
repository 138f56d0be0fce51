/**
 * Leases in memory: for tests, for trying things out, and for servers that may forget.
 * @module
 */
import type { Lease } from './store.ts';
import type { LeaseTable } from './table.ts';

interface End {
  readonly expires: number;
  readonly address: number;
}

/** See `LeaseTable`; nothing outlives the process. */
export class MemoryTable implements LeaseTable {
  readonly #leases: Map<number, Lease> = new Map();
  readonly #clients: Map<string, number> = new Map();
  readonly #ends: Map<number, EndHeap> = new Map();
  readonly #cursors: Map<number, number> = new Map();

  get(address: number): Lease | null {
    return this.#leases.get(address) ?? null;
  }

  addressOf(subnet: number, client: string): number | null {
    return this.#clients.get(`${subnet} ${client}`) ?? null;
  }

  put(lease: Lease): void {
    const { address, subnet, client, expires } = lease;
    this.#forgetClient(address, client);
    this.#leases.set(address, lease);
    if (client !== '') this.#clients.set(`${subnet} ${client}`, address);
    const ends = this.#ends.get(subnet) ?? new EndHeap();
    this.#ends.set(subnet, ends);
    ends.push({ expires, address });
    if (ends.size > 2 * this.#leases.size + 1000) ends.keep((end) => this.#isCurrent(subnet, end));
  }

  remove(address: number): void {
    this.#forgetClient(address, '');
    this.#leases.delete(address);
    for (const [first, next] of this.#cursors) if (address >= first && address < next) this.#cursors.set(first, address);
  }

  // Whoever had the address before is no longer known by it.
  #forgetClient(address: number, client: string): void {
    const before = this.#leases.get(address);
    if (before === undefined || before.client === client) return;
    const key = `${before.subnet} ${before.client}`;
    if (this.#clients.get(key) === address) this.#clients.delete(key);
  }

  *ended(subnet: number, now: number): Generator<Lease> {
    const ends = this.#ends.get(subnet);
    if (ends === undefined) return;
    // Taken off while they are looked at, and put back.
    const taken: End[] = [];
    try {
      for (let end = ends.first; end !== undefined && end.expires <= now; end = ends.first) {
        ends.pop();
        if (!this.#isCurrent(subnet, end)) continue;
        taken.push(end);
        yield this.#leases.get(end.address) as Lease;
      }
    } finally {
      for (const end of taken) ends.push(end);
    }
  }

  #isCurrent(subnet: number, { address, expires }: End): boolean {
    const lease = this.#leases.get(address);
    return lease !== undefined && lease.subnet === subnet && lease.expires === expires;
  }

  *all(): Generator<Lease> {
    for (const address of [...this.#leases.keys()].sort((a, b) => a - b)) {
      const lease = this.#leases.get(address);
      if (lease !== undefined) yield lease;
    }
  }

  cursor(first: number): number {
    return this.#cursors.get(first) ?? first;
  }

  setCursor(first: number, next: number): void {
    this.#cursors.set(first, next);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}

// A binary heap, the earliest end on top. Ends that are no longer true are left in it and passed over.
class EndHeap {
  #ends: End[] = [];

  get size(): number {
    return this.#ends.length;
  }

  get first(): End | undefined {
    return this.#ends[0];
  }

  push(end: End): void {
    const ends = this.#ends;
    let at = ends.push(end) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((ends[parent] as End).expires <= end.expires) break;
      ends[at] = ends[parent] as End;
      at = parent;
    }
    ends[at] = end;
  }

  pop(): void {
    const ends = this.#ends;
    const last = ends.pop() as End;
    if (ends.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= ends.length) break;
      if (child + 1 < ends.length && (ends[child + 1] as End).expires < (ends[child] as End).expires) child++;
      if ((ends[child] as End).expires >= last.expires) break;
      ends[at] = ends[child] as End;
      at = child;
    }
    ends[at] = last;
  }

  keep(isWanted: (end: End) => boolean): void {
    const wanted = this.#ends.filter(isWanted);
    this.#ends = [];
    for (const end of wanted) this.push(end);
  }
}
