/**
 * What `LocalStore` needs of the place that keeps its records.
 * @module
 */
import type { Lease } from './store.ts';

/** Records by address. Reads see all writes at once; `flush` tells when they are durable. */
export interface LeaseTable {
  get(address: number): Lease | null;
  /** The address last recorded for a client. */
  addressOf(subnet: number, client: string): number | null;
  put(lease: Lease): void;
  remove(address: number): void;
  /** The ended leases of a subnet, the earliest first. */
  ended(subnet: number, now: number): Iterable<Lease>;
  all(): Iterable<Lease>;
  /** Below this address of a pool none is without a record; for the pool's first address it says where to look for one. */
  cursor(first: number): number;
  setCursor(first: number, next: number): void;
  /** Runs `work`, between whose reads and writes no other process writes, and returns its result. */
  exclusively<T>(work: () => T): T;
  /** Resolves once everything written so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
