/**
 * A lease store for clients who may want more than their share: one hardware address, and one port of a relay, have so many leases at a time,
 * whatever identifiers they make up.
 * @module
 */
import { senderOf } from './client.ts';
import type { Client, GrantRequest, Lease, LeaseDesk, OfferRequest, Territory } from './leases/store.ts';
import { LeaseLimit } from './limits.ts';
import type { ServerSettings } from './settings.ts';

/** What `LimitedDesk` needs of the settings. */
export type ShareSettings = Pick<ServerSettings, 'clientLeases' | 'relayLeases'>;

/** A client's sender has all the leases that it may have. */
export class TooManyLeases extends Error {
  override readonly name = 'TooManyLeases';
}

/** See `LeaseDesk`; `offer` and `grant` also throw `TooManyLeases`. */
export class LimitedDesk implements LeaseDesk {
  readonly #store: LeaseDesk;
  readonly #clients: LeaseLimit;
  readonly #relays: LeaseLimit;
  // By client, grants that wait for the store, and whether the client has a lease by now.
  readonly #asking: Map<string, { waiting: number; isLeased: boolean }> = new Map();

  constructor(store: LeaseDesk, { clientLeases, relayLeases }: ShareSettings) {
    this.#store = store;
    this.#clients = new LeaseLimit(clientLeases);
    this.#relays = new LeaseLimit(relayLeases);
  }

  /** Allows by other settings from now on. */
  follow({ clientLeases, relayLeases }: ShareSettings): void {
    this.#clients.most = clientLeases;
    this.#relays.most = relayLeases;
  }

  /** Counts a lease that was on record before. */
  count(lease: Lease, now: number): void {
    const { client: key, hardware, relay, state, expires } = lease;
    if (state !== 'active' || expires <= now) return;
    const asking = this.#asking.get(key);
    if (asking !== undefined) asking.isLeased = true;
    if (!this.#clients.has(key)) this.#clients.given(senderOf({ key, hardware }), key, expires);
    if (relay !== '' && !this.#relays.has(key)) this.#relays.given(relay, key, expires);
  }

  #check(client: Client, now: number): void {
    const isWithin =
      this.#clients.allows(senderOf(client), client.key, now) &&
      (client.relay === '' || this.#relays.allows(client.relay, client.key, now));
    if (!isWithin) throw new TooManyLeases('has all the leases that it may have');
  }

  async offer(request: OfferRequest): Promise<number | null> {
    this.#check(request.client, request.now);
    return await this.#store.offer(request);
  }

  // Counted before it is granted, as others may ask meanwhile.
  async grant(request: GrantRequest): Promise<boolean> {
    const { client, now, leaseSeconds } = request;
    const { key } = client;
    const ends = now + leaseSeconds;
    this.#check(client, now);
    const isNew = this.#given(client, ends);
    const asking = this.#asking.get(key) ?? { waiting: 0, isLeased: !isNew };
    if (asking.waiting++ === 0) this.#asking.set(key, asking);
    try {
      const isGranted = await this.#store.grant(request);
      if (isGranted) {
        asking.isLeased = true;
        // It may have been released since it was counted.
        if (!this.#clients.has(key)) this.#given(client, ends);
      }
      return isGranted;
    } finally {
      if (--asking.waiting === 0) {
        this.#asking.delete(key);
        if (!asking.isLeased) this.#ended(key);
      }
    }
  }

  // True for a client that had no lease.
  #given(client: Client, ends: number): boolean {
    if (client.relay !== '') this.#relays.given(client.relay, client.key, ends);
    return this.#clients.given(senderOf(client), client.key, ends);
  }

  async release(territory: Territory, client: string, address: number, now: number): Promise<boolean> {
    const isTheirs = await this.#store.release(territory, client, address, now);
    if (isTheirs) this.#ended(client);
    return isTheirs;
  }

  async decline(territory: Territory, client: string, address: number, now: number, until: number): Promise<boolean> {
    const isTheirs = await this.#store.decline(territory, client, address, now, until);
    if (isTheirs) this.#ended(client);
    return isTheirs;
  }

  #ended(client: string): void {
    this.#clients.ended(client);
    this.#relays.ended(client);
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
