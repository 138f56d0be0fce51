/**
 * What `LocalStore` needs of the place that keeps its records.
 * @module
 */
import type { Lease } from './store.ts';

/** A client of a subnet, as tables and stores look it up: made once for a message, as its hash is kept with it. */
export function ownerOf(subnet: number, client: string): string {
  return `${subnet} ${client}`;
}

/** What a table has just told about an address and a client that are about to be written. */
export interface Seen {
  /** What is on record for the address. */
  readonly record: Lease | null;
  /** The client on the subnet, and `addressOf` it. */
  readonly owner: string;
  readonly addressOfOwner: number | null;
}

/** Records by address. Reads see all writes at once; `flush` tells when they are durable. */
export interface LeaseTable {
  get(address: number): Lease | null;
  /** The address last recorded for a client, see `ownerOf`. */
  addressOf(owner: string): number | null;
  /** @param seen where the caller has looked, so that it need not be looked up again */
  put(lease: Lease, seen?: Seen): void;
  remove(address: number): void;
  all(): Iterable<Lease>;
  /** Whether `ended` and `nextUnused` can be asked; else `indexed` tells when. */
  readonly isIndexed: boolean;
  indexed(): Promise<void>;
  /** The ended leases of a subnet, the earliest first. The one at which the caller stops is not among them again until it is put back. */
  ended(subnet: number, now: number): Iterable<Lease>;
  putBack(lease: Lease): void;
  /** The first address from `address` on that has no record. */
  nextUnused(address: number): number;
  /** Runs `work`, between whose reads and writes no other process writes, and returns its result. */
  exclusively<T>(work: () => T): T;
  /** Resolves once everything written so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
