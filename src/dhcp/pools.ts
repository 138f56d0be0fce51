/**
 * How full the pools are.
 * @module
 */
import { setImmediate } from 'node:timers/promises';
import { formatAddress } from './address.ts';
import type { LeaseStore } from './leases/store.ts';
import type { PoolUse } from './metrics.ts';
import type { Subnet } from './subnets.ts';

/** Records between two turns of the event loop, so that clients do not wait. */
const STEP = 500;
/** Seconds that a count is good for: counting a million leases takes some of them. */
const FRESH = 60;

/** Counts leases by subnet, at most once a minute. */
export class PoolCounter {
  readonly #store: LeaseStore;
  readonly #now: () => number;
  #latest: Promise<PoolUse[]> | null = null;
  #since = Number.NEGATIVE_INFINITY;

  /** @param now seconds since 1970 */
  constructor(store: LeaseStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** @throws {StoreUnavailable} when the store does not answer */
  use(subnets: readonly Subnet[]): Promise<PoolUse[]> {
    const now = this.#now();
    if (this.#latest === null || now - this.#since >= FRESH || now < this.#since) {
      this.#since = now;
      const latest = this.#count(subnets, now);
      this.#latest = latest;
      // What failed is tried again.
      latest.catch(() => {
        if (this.#latest === latest) this.#latest = null;
      });
    }
    return this.#latest;
  }

  async #count(subnets: readonly Subnet[], now: number): Promise<PoolUse[]> {
    const counts = new Map(subnets.map((subnet) => [subnet.id, { subnet, active: 0, declined: 0 }]));
    let seen = 0;
    for await (const { address, subnet, state, expires } of this.#store.leases()) {
      if (++seen % STEP === 0) await setImmediate();
      const count = counts.get(subnet);
      if (count === undefined || state === 'released' || expires <= now || !count.subnet.isInPools(address)) continue;
      count[state]++;
    }
    return [...counts.values()].map(({ subnet, active, declined }) => ({
      subnet: `${formatAddress(subnet.settings.network)}/${subnet.settings.prefixLength}`,
      total: subnet.pools.reduce((sum, { first, last }) => sum + last - first + 1, 0),
      active,
      declined,
    }));
  }
}
