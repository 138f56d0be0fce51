/**
 * A process that hands out leases to clients it makes up, as fast as it can, and tells what these were told: a line for each
 * acknowledgement once the store has it, and one for each release before it is sent. The parent reads them, so it knows all that
 * a client knows when this process is killed.
 * @module
 */
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type StoreSettings } from '../../src/dhcp/leases/open.ts';
import { StoreUnavailable } from '../../src/dhcp/leases/store.ts';

/** The process's argument, as JSON. */
export interface LoadSettings {
  readonly store: StoreSettings;
  readonly pool: { readonly first: number; readonly last: number };
  /** In front of the clients' names. */
  readonly name: string;
  readonly clients: number;
  /** How often each client renews its lease, or gives it back and asks again; until killed where null. */
  readonly rounds: number | null;
}

const { store: settings, pool, name, clients, rounds } = JSON.parse(process.argv[2] as string) as LoadSettings;
const store = await openStore(settings);
const territory = { id: 1, pools: [pool], reserved: new Set<number>() };
let unavailable = 0;

function tell(...parts: (string | number)[]): void {
  writeSync(1, `${process.hrtime.bigint()} ${parts.join(' ')}\n`);
}

async function insisting<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      unavailable++;
      await delay(20);
    }
  }
}

async function live(i: number): Promise<void> {
  const client = { key: `id:${name}-${i}`, hardware: '', hostName: '', relay: '' };
  let address: number | null = null;
  for (let round = 0; rounds === null || round < rounds; round++) {
    const now = Math.floor(Date.now() / 1000);
    if (address !== null && (i + round) % 5 === 0) {
      const left: number = address;
      tell('BYE', client.key, left);
      address = null;
      await insisting(() => store.release(territory, client.key, left, now));
    }
    // Some remember an address from another time, which may be anybody's.
    if (address === null && (i + round) % 3 === 0) address = pool.first + Math.floor(Math.random() * (pool.last - pool.first + 1));
    if (address === null) {
      address = await insisting(() => store.offer({ territory, client, reserved: null, wanted: null, now, holdSeconds: 10 }));
      if (address === null) {
        await delay(5);
        continue;
      }
    }
    const wanted: number = address;
    if (await insisting(() => store.grant({ territory, client, address: wanted, now, leaseSeconds: 3600 })))
      tell('ACK', client.key, wanted);
    else address = null;
  }
}

await Promise.all(Array.from({ length: clients }, (_, i) => live(i)));
tell('END', name, unavailable);
await store.close();
