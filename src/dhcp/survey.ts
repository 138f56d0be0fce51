/**
 * What a server that starts has to know of the leases on record: how many each sender has, and whether they are of its subnets.
 * @module
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { formatAddress } from './address.ts';
import { type Lease, type LeaseStore, StoreUnavailable } from './leases/store.ts';
import type { Log } from './log.ts';
import type { Subnet } from './subnets.ts';

/** Records between two turns of the event loop, so that clients do not wait. */
const STEP = 500;
/** How long a store that is away is left alone. */
const PAUSE_MS = 2000;

/** Options of `surveyLeases`. */
export interface SurveyOptions {
  readonly store: Pick<LeaseStore, 'leases'>;
  readonly subnets: readonly Subnet[];
  readonly log: Log;
  /** Takes each record. */
  count(lease: Lease): void;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** Reads all records, between other work, and warns of those under another subnet's id than their address has. */
export async function surveyLeases({ store, subnets, log, count, signal }: SurveyOptions): Promise<void> {
  for (;;) {
    try {
      let seen = 0;
      let strange = 0;
      let first: Lease | null = null;
      for await (const lease of store.leases()) {
        if (++seen % STEP === 0) await setImmediate();
        if (signal.aborted) return;
        count(lease);
        // Those that nobody can read have no subnet.
        const subnet = lease.subnet === 0 ? undefined : subnets.find((one) => one.contains(lease.address));
        if (subnet === undefined || subnet.id === lease.subnet) continue;
        strange++;
        first ??= lease;
      }
      if (first !== null) {
        const own = subnets.find((one) => one.contains((first as Lease).address)) as Subnet;
        log('warning', "leases are on record under another id of their subnet, and their clients do not find them: set the subnets' id", {
          leases: strange,
          address: formatAddress(first.address),
          recorded: first.subnet,
          configured: own.id,
        });
      }
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      // What was counted is counted once.
      await setTimeout(PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
    }
  }
}
