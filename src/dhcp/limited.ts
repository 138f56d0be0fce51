/**
 * A lease store for clients who may want more than their share: one hardware address, and one port of a relay, have so many leases at a time,
 * whatever identifiers they make up.
 * @module
 */
import type { GrantRequest, Lease, LeaseDesk, OfferRequest, Territory } from './leases/store.ts';
import { LeaseLimits, type LeaseSettings } from './limits.ts';

/** A client's sender has all the leases that it may have. */
export class TooManyLeases extends Error {
  override readonly name = 'TooManyLeases';

  constructor(message = 'has all the leases that it may have') {
    super(message);
  }
}

/** See `LeaseDesk`; `offer` and `grant` also throw `TooManyLeases`. */
export class LimitedDesk implements LeaseDesk {
  readonly #store: LeaseDesk;
  readonly #limits: LeaseLimits;
  // By client, grants that wait for the store, and whether the client has a lease by now.
  readonly #asking: Map<string, { waiting: number; isLeased: boolean }> = new Map();

  constructor(store: LeaseDesk, settings: LeaseSettings) {
    this.#store = store;
    this.#limits = new LeaseLimits(settings);
  }

  /** Allows by other settings from now on. */
  follow(settings: LeaseSettings): void {
    this.#limits.follow(settings);
  }

  /** Counts a lease that was on record before. */
  count(lease: Lease, now: number): void {
    const { client: key, hardware, relay, state, expires } = lease;
    if (state !== 'active' || expires <= now) return;
    const asking = this.#asking.get(key);
    if (asking !== undefined) asking.isLeased = true;
    if (!this.#limits.has(key)) this.#limits.given({ key, hardware, relay }, expires);
  }

  offer(request: OfferRequest): Promise<number | null> {
    const { client, now } = request;
    return this.#limits.allows(client, now) ? this.#store.offer(request) : Promise.reject(new TooManyLeases());
  }

  // Counted before it is granted, as others may ask meanwhile.
  async grant(request: GrantRequest): Promise<boolean> {
    const { client, now, leaseSeconds } = request;
    const { key } = client;
    const ends = now + leaseSeconds;
    if (!this.#limits.allows(client, now)) throw new TooManyLeases();
    const isNew = this.#limits.given(client, ends);
    const asking = this.#asking.get(key) ?? { waiting: 0, isLeased: !isNew };
    if (asking.waiting++ === 0) this.#asking.set(key, asking);
    try {
      const isGranted = await this.#store.grant(request);
      if (isGranted) {
        asking.isLeased = true;
        // It may have been released since it was counted.
        if (!this.#limits.has(key)) this.#limits.given(client, ends);
      }
      return isGranted;
    } finally {
      if (--asking.waiting === 0) {
        this.#asking.delete(key);
        if (!asking.isLeased) this.#limits.ended(key);
      }
    }
  }

  async release(territory: Territory, client: string, address: number, now: number): Promise<boolean> {
    const isTheirs = await this.#store.release(territory, client, address, now);
    if (isTheirs) this.#limits.ended(client);
    return isTheirs;
  }

  async decline(territory: Territory, client: string, address: number, now: number, until: number): Promise<boolean> {
    const isTheirs = await this.#store.decline(territory, client, address, now, until);
    if (isTheirs) this.#limits.ended(client);
    return isTheirs;
  }

  holdBack(territory: Territory, address: number, now: number, until: number): Promise<void> {
    return this.#store.holdBack(territory, address, now, until);
  }

  ofClient(subnet: number, client: string): Promise<Lease | null> {
    return this.#store.ofClient(subnet, client);
  }

  ofAddress(address: number): Promise<Lease | null> {
    return this.#store.ofAddress(address);
  }
}
