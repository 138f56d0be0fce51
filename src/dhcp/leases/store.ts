/**
 * Leases, and the place that keeps them: what every lease store has to do, wherever it keeps its records.
 *
 * Times are whole seconds since 1970, addresses numbers (192.0.2.1 is 0xc0000201).
 * @module
 */

/** A record of one address. */
export interface Lease {
  readonly address: number;
  /** The subnet's id, see `Subnet`. */
  readonly subnet: number;
  /** Who has or had it, see `clientKey`; empty for an address that was declined. */
  readonly client: string;
  /** The hardware address as hex digits, without its type; empty where unknown. */
  readonly hardware: string;
  readonly state: 'active' | 'released' | 'declined';
  /** When it ends or ended, at most `END_OF_TIME`; until then a declined address is held back. */
  readonly expires: number;
  /** When the client was last heard of. */
  readonly seen: number;
  /** Option 12 as the client sent it, without control characters. */
  readonly hostName: string;
  /** The relay agent's port that the client is behind, see `portOf`; empty for none. */
  readonly relay: string;
}

/** A stretch of addresses to give away, both ends included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** What a store has to know of a subnet. */
export interface Territory {
  readonly id: number;
  readonly pools: readonly AddressRange[];
  /** Addresses kept for somebody: nobody else gets them, even if they are in a pool. */
  readonly reserved: ReadonlySet<number>;
}

/** Who asks. */
export interface Client {
  readonly key: string;
  readonly hardware: string;
  readonly hostName: string;
  readonly relay: string;
}

/** What `offer` chooses from, in this order: `reserved`, what the client has or had, `wanted`, any free address. */
export interface OfferRequest {
  readonly territory: Territory;
  readonly client: Client;
  /** The address that is kept for the client; then there is no other for it. */
  readonly reserved: number | null;
  /** The address that the client asked for. */
  readonly wanted: number | null;
  readonly now: number;
  /** How long the address is kept for the client. */
  readonly holdSeconds: number;
}

export interface GrantRequest {
  readonly territory: Territory;
  readonly client: Client;
  readonly address: number;
  readonly now: number;
  readonly leaseSeconds: number;
}

/** The last second that a record can tell: leases that never end, end then. */
export const END_OF_TIME = 0xffffffff;

/** A lease store. All methods throw `StoreUnavailable` while the records are out of reach: nothing has changed then, or it is as if it had not. */
export interface LeaseStore {
  /** Chooses an address for a client and keeps it for a while; null when there is none. No other client is offered it, or granted it, meanwhile. */
  offer(request: OfferRequest): Promise<number | null>;
  /**
   * Gives a client an address, which need not have been offered, and ends what else it has on the subnet. Once it resolves to true the lease outlives whatever happens to this process. False: the
   * address is another client's, or held back.
   */
  grant(request: GrantRequest): Promise<boolean>;
  /** Ends a client's lease; false when it does not have this address. */
  release(territory: Territory, client: string, address: number, now: number): Promise<boolean>;
  /** Takes an address away from a client who found it in use, and holds it back until `until`; false when the client does not have it. */
  decline(territory: Territory, client: string, address: number, now: number, until: number): Promise<boolean>;
  /** Records that an address is in use by somebody unknown, such as one that answered a probe. */
  holdBack(territory: Territory, address: number, now: number, until: number): Promise<void>;
  /** What is on record for a client on a subnet, also if it has ended; null for nothing. */
  ofClient(subnet: number, client: string): Promise<Lease | null>;
  ofAddress(address: number): Promise<Lease | null>;
  /** All records, by address; those that ended are among them until the address is given away again. */
  leases(): AsyncIterable<Lease>;
  /** Writes a record as it is, in place of what is there for the address. */
  put(lease: Lease): Promise<void>;
  /**
   * Writes records, in this order, but none for an address that at `now` is another client's or held back. For each it tells whether it
   * was written.
   */
  adopt(leases: readonly Lease[], now: number): Promise<boolean[]>;
  /** Forgets an address. */
  remove(address: number): Promise<boolean>;
  close(): Promise<void>;
}

/** What answering clients takes of a store. */
export type LeaseDesk = Pick<LeaseStore, 'offer' | 'grant' | 'release' | 'decline' | 'holdBack' | 'ofClient' | 'ofAddress'>;

/** The store cannot be reached, or refuses to write. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
