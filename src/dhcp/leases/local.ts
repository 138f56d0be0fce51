/**
 * The rules by which addresses are given away, for a store that one process owns: decisions are taken at once, between two turns
 * of the event loop nobody else writes, and what was decided is made durable in groups.
 * @module
 */
import { Runs } from './runs.ts';
import { END_OF_TIME, type GrantRequest, type Lease, type LeaseStore, type OfferRequest, type Territory } from './store.ts';
import { type LeaseTable, ownerOf } from './table.ts';

interface Hold {
  /** See `ownerOf`. */
  readonly owner: string;
  readonly until: number;
  /** What is on record for the address, where that has ended. */
  readonly ended: Lease | null;
}

/** See `LeaseStore`. Offers are kept in memory: after a restart an offered address is free, and its client is granted it all the same. */
export class LocalStore implements LeaseStore {
  readonly #table: LeaseTable;
  // Offered addresses, the oldest first.
  readonly #holds: Map<number, Hold> = new Map();
  readonly #offered: Map<string, number> = new Map();
  // The same, so that a search passes over them at once, however many there are.
  readonly #held = new Runs();

  constructor(table: LeaseTable) {
    this.#table = table;
  }

  async offer(request: OfferRequest): Promise<number | null> {
    const { territory, client, now, holdSeconds } = request;
    const owner = ownerOf(territory.id, client.key);
    this.#dropHolds(now);
    let address = this.#known(request, owner);
    let ended: Lease | null = null;
    if (address === undefined) {
      if (!this.#table.isIndexed) {
        await this.#table.indexed();
        // Others may have been asked for meanwhile.
        address = this.#known(request, owner);
      }
      address ??= this.#unused(request);
      if (address === null) {
        ended = this.#longestEnded(request, owner);
        address = ended?.address ?? null;
      }
    }
    if (address === null) return null;
    const before = this.#offered.get(owner);
    if (before !== undefined) {
      ended ??= before === address ? (this.#holds.get(before)?.ended ?? null) : null;
      this.#dropHold(before, before !== address);
    }
    this.#offered.set(owner, address);
    this.#holds.set(address, { owner, until: now + holdSeconds, ended });
    this.#held.add(address);
    return address;
  }

  // An address that has to do with the client, or null where it can have no other; undefined where any will do.
  #known(request: OfferRequest, owner: string): number | null | undefined {
    const { reserved, wanted } = request;
    if (reserved !== null) return this.#isFreeFor(reserved, request, owner) ? reserved : null;
    const before = [this.#offered.get(owner), this.#table.addressOf(owner), wanted];
    for (const address of before) if (address !== undefined && address !== null && this.#isOpen(address, request, owner)) return address;
    return undefined;
  }

  #isOpen(address: number, request: OfferRequest, owner: string): boolean {
    const { territory } = request;
    return isInPools(territory, address) && !territory.reserved.has(address) && this.#isFreeFor(address, request, owner);
  }

  // An address that was never given away: none of the clients that may come back has it.
  #unused({ territory }: OfferRequest): number | null {
    for (const { first, last } of territory.pools) {
      for (let next = this.#nextFree(first); next <= last; next = this.#nextFree(next + 1)) if (!territory.reserved.has(next)) return next;
    }
    return null;
  }

  #nextFree(address: number): number {
    for (let next = address; ; ) {
      const unused = this.#table.nextUnused(next);
      next = this.#held.nextGap(unused);
      if (next === unused) return next;
    }
  }

  // The one that has not been used for longest. Those that are offered have been taken out of the table's order.
  #longestEnded(request: OfferRequest, owner: string): Lease | null {
    for (const lease of this.#table.ended(request.territory.id, request.now)) if (this.#isOpen(lease.address, request, owner)) return lease;
    return null;
  }

  async grant({ territory, client, address, now, leaseSeconds }: GrantRequest): Promise<boolean> {
    this.#dropHolds(now);
    const { key, hardware, hostName, relay } = client;
    const owner = ownerOf(territory.id, key);
    const record = this.#table.get(address);
    if (!this.#isHeldFor(address, owner) || !isFreeOf(record, territory.id, key, now)) return false;
    const addressOfOwner = this.#table.addressOf(owner);
    if (addressOfOwner !== null && addressOfOwner !== address) this.#end(addressOfOwner, territory, key, now);
    this.#dropOffer(owner);
    const expires = Math.min(now + leaseSeconds, END_OF_TIME);
    this.#table.put(
      { address, subnet: territory.id, client: key, hardware, state: 'active', expires, seen: now, hostName, relay },
      { record, owner, addressOfOwner },
    );
    await this.#table.flush();
    return true;
  }

  async release(territory: Territory, client: string, address: number, now: number): Promise<boolean> {
    const isTheirs = this.#table.exclusively(() => this.#end(address, territory, client, now));
    if (isTheirs) await this.#table.flush();
    return isTheirs;
  }

  async decline(territory: Territory, client: string, address: number, now: number, until: number): Promise<boolean> {
    const lease = this.#table.get(address);
    const isTheirs = lease?.subnet === territory.id && lease.client === client && lease.state === 'active';
    const owner = ownerOf(territory.id, client);
    const isOffered = this.#offered.get(owner) === address;
    if (!isTheirs && !isOffered) return false;
    this.#dropOffer(owner);
    await this.holdBack(territory, address, now, until);
    return true;
  }

  async holdBack(territory: Territory, address: number, now: number, until: number): Promise<void> {
    const hold = this.#holds.get(address);
    if (hold !== undefined) this.#dropOffer(hold.owner);
    this.#table.put({
      address,
      subnet: territory.id,
      client: '',
      hardware: '',
      state: 'declined',
      expires: until,
      seen: now,
      hostName: '',
      relay: '',
    });
    await this.#table.flush();
  }

  async ofClient(subnet: number, client: string): Promise<Lease | null> {
    const address = this.#table.addressOf(ownerOf(subnet, client));
    const lease = address === null ? null : this.#table.get(address);
    return lease?.client === client && lease.subnet === subnet ? lease : null;
  }

  async ofAddress(address: number): Promise<Lease | null> {
    return this.#table.get(address);
  }

  async *leases(): AsyncGenerator<Lease> {
    yield* this.#table.all();
  }

  async put(lease: Lease): Promise<void> {
    this.#table.exclusively(() => this.#table.put(lease));
    await this.#table.flush();
  }

  async adopt(leases: readonly Lease[], now: number): Promise<boolean[]> {
    const adopted = this.#table.exclusively(() =>
      leases.map((lease) => {
        const isFree = isFreeOf(this.#table.get(lease.address), lease.subnet, lease.client, now);
        if (isFree) this.#table.put(lease);
        return isFree;
      }),
    );
    await this.#table.flush();
    return adopted;
  }

  async remove(address: number): Promise<boolean> {
    const isThere = this.#table.exclusively(() => {
      if (this.#table.get(address) === null) return false;
      this.#table.remove(address);
      return true;
    });
    await this.#table.flush();
    return isThere;
  }

  close(): Promise<void> {
    return this.#table.close();
  }

  // Nobody else has it, was offered it, or made it be held back.
  #isFreeFor(address: number, { territory, client, now }: OfferRequest, owner: string): boolean {
    return this.#isHeldFor(address, owner) && isFreeOf(this.#table.get(address), territory.id, client.key, now);
  }

  // Nobody else was offered it.
  #isHeldFor(address: number, owner: string): boolean {
    const hold = this.#holds.get(address);
    return hold === undefined || hold.owner === owner;
  }

  #end(address: number, territory: Territory, client: string, now: number): boolean {
    const lease = this.#table.get(address);
    if (lease === null || lease.state !== 'active' || lease.client !== client || lease.subnet !== territory.id) return false;
    this.#table.put({ ...lease, state: 'released', expires: Math.min(lease.expires, now), seen: now });
    return true;
  }

  #dropOffer(owner: string): void {
    const address = this.#offered.get(owner);
    if (address === undefined) return;
    this.#offered.delete(owner);
    if (this.#holds.get(address)?.owner === owner) this.#dropHold(address, true);
  }

  // With `isOpen` others may have it.
  #dropHold(address: number, isOpen: boolean): void {
    const ended = this.#holds.get(address)?.ended ?? null;
    this.#holds.delete(address);
    this.#held.remove(address);
    if (isOpen && ended !== null) this.#table.putBack(ended);
  }

  #dropHolds(now: number): void {
    for (const [address, { owner, until }] of this.#holds) {
      if (until > now) return;
      this.#dropHold(address, true);
      if (this.#offered.get(owner) === address) this.#offered.delete(owner);
    }
  }
}

// An address with this record can be the client's.
function isFreeOf(lease: Lease | null, subnet: number, client: string, now: number): boolean {
  if (lease === null || lease.state === 'released' || lease.expires <= now) return true;
  return lease.state === 'active' && lease.client === client && lease.subnet === subnet;
}

function isInPools({ pools }: Territory, address: number): boolean {
  return pools.some(({ first, last }) => address >= first && address <= last);
}
