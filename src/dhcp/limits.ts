/**
 * How much one sender may ask of the server.
 * @module
 */
import type { ServerSettings } from './settings.ts';

/** Counts what each of many senders does, second by second, in bounded memory. */
export class RateLimit {
  readonly #most: number;
  readonly #counts: Map<string, number> = new Map();
  #second = 0;

  /** @param most messages a second and sender */
  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a message; false when the sender has had its share of this second. */
  allows(sender: string, now: number): boolean {
    if (now !== this.#second) {
      this.#second = now;
      this.#counts.clear();
    }
    const count = (this.#counts.get(sender) ?? 0) + 1;
    // Senders that are made up do not fill the memory.
    if (count === 1 && this.#counts.size >= MAX_SENDERS) return false;
    this.#counts.set(sender, count);
    return count <= this.#most;
  }
}

/** Senders in one second. */
const MAX_SENDERS = 200_000;

/** What `Rates` need of the settings. */
export type RateSettings = Pick<ServerSettings, 'clientRate' | 'relayRate'>;

/** How many messages a second one sender, and one port of a relay, may send. */
export class Rates {
  #clients: RateLimit;
  #relays: RateLimit;

  constructor({ clientRate, relayRate }: RateSettings) {
    this.#clients = new RateLimit(clientRate);
    this.#relays = new RateLimit(relayRate);
  }

  /** Counts anew, by other settings. */
  follow({ clientRate, relayRate }: RateSettings): void {
    this.#clients = new RateLimit(clientRate);
    this.#relays = new RateLimit(relayRate);
  }

  /** Counts a message; tells which of the two has sent too much, or null. `relay` is empty for none. */
  excess(sender: string, relay: string, now: number): string | null {
    if (!this.#clients.allows(sender, now)) return sender;
    return relay === '' || this.#relays.allows(relay, now) ? null : relay;
  }
}

/** How exactly it is known when leases have ended, in seconds. */
const SLOT = 60;

/**
 * How many leases each sender has, whatever identifiers it uses: who asks for more than its share gets none until
 * a minute after the first of them has ended.
 */
export class LeaseLimit {
  /** Leases that a sender may have. */
  most: number;
  // By client: who sent for it last, and when the lease ends.
  readonly #leases: Map<string, { readonly sender: string; readonly ends: number }> = new Map();
  readonly #counts: Map<string, number> = new Map();
  // Clients whose lease ends in a slot; one that was renewed stands in several.
  readonly #slots: Map<number, string[]> = new Map();
  #swept = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Whether `client`, known or not, may have a lease through this sender. */
  allows(sender: string, client: string, now: number): boolean {
    this.#sweep(now);
    return (this.#counts.get(sender) ?? 0) < this.most || this.#leases.get(client)?.sender === sender;
  }

  has(client: string): boolean {
    return this.#leases.has(client);
  }

  /** True when the client had none. */
  given(sender: string, client: string, ends: number): boolean {
    const before = this.#leases.get(client);
    if (before?.sender !== sender) {
      this.ended(client);
      this.#counts.set(sender, (this.#counts.get(sender) ?? 0) + 1);
    }
    this.#leases.set(client, { sender, ends });
    const slot = Math.floor(ends / SLOT);
    const others = this.#slots.get(slot);
    if (others === undefined) this.#slots.set(slot, [client]);
    else others.push(client);
    return before === undefined;
  }

  ended(client: string): void {
    const lease = this.#leases.get(client);
    if (lease === undefined) return;
    this.#leases.delete(client);
    const count = (this.#counts.get(lease.sender) as number) - 1;
    if (count === 0) this.#counts.delete(lease.sender);
    else this.#counts.set(lease.sender, count);
  }

  // Forgets what has ended, slot by slot.
  #sweep(now: number): void {
    const current = Math.floor(now / SLOT);
    if (current === this.#swept) return;
    this.#swept = current;
    for (const [slot, clients] of this.#slots) {
      if (slot >= current) continue;
      this.#slots.delete(slot);
      for (const client of clients) if ((this.#leases.get(client)?.ends ?? now + 1) <= now) this.ended(client);
    }
  }
}
