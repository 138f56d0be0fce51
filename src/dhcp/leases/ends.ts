/**
 * Which leases end first: an index that both stores of one process keep in memory.
 * @module
 */
import type { Lease } from './store.ts';

/** When the lease of an address ends. */
export interface End {
  readonly expires: number;
  readonly address: number;
}

/** Ends by subnet, the earliest first. Ends that are no longer true are left in it and passed over. */
export class EndQueue {
  readonly #heaps: Map<number, EndHeap> = new Map();
  // By address, what was pushed last.
  readonly #last: Map<number, End> = new Map();

  push(subnet: number, end: End): void {
    let heap = this.#heaps.get(subnet);
    if (heap === undefined) {
      heap = new EndHeap();
      this.#heaps.set(subnet, heap);
    }
    heap.push(end);
    this.#last.set(end.address, end);
    // Every renewal leaves an end behind.
    if (heap.size > 2 * this.#last.size + 1000)
      this.#heaps.set(
        subnet,
        heap.keeping((one) => this.#last.get(one.address) === one),
      );
  }

  /** Leases that ended before `now`; `lookUp` gives what is on record for an address. The one at which the caller stops is taken out. */
  *before(subnet: number, now: number, lookUp: (address: number) => Lease | null): Generator<Lease> {
    const heap = this.#heaps.get(subnet);
    if (heap === undefined) return;
    // Taken off while they are looked at, and put back: each address once.
    const taken: Map<number, End> = new Map();
    let current: number | null = null;
    try {
      for (let end = heap.first; end !== undefined && end.expires <= now; end = heap.first) {
        heap.pop();
        const lease = lookUp(end.address);
        if (lease === null || lease.subnet !== subnet || lease.expires !== end.expires || taken.has(end.address)) continue;
        taken.set(end.address, end);
        current = end.address;
        yield lease;
        current = null;
      }
    } finally {
      if (current !== null) taken.delete(current);
      for (const end of taken.values()) heap.push(end);
    }
  }
}

// A binary heap, the earliest end on top.
class EndHeap {
  readonly #ends: End[] = [];

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

  keeping(isWanted: (end: End) => boolean): EndHeap {
    const kept = new EndHeap();
    for (const end of this.#ends) if (isWanted(end)) kept.push(end);
    return kept;
  }
}
