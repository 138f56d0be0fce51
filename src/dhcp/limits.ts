/**
 * How much one sender may ask of the server.
 * @module
 */
import { senderOf } from './client.ts';
import type { Client } from './leases/store.ts';
import type { ServerSettings } from './settings.ts';

/** Counts what each of many senders does, second by second, in bounded memory. */
export class RateLimit {
  readonly #most: number;
  // Objects that count: a sender who is known already is looked up once.
  readonly #counts: Map<string, { messages: number }> = new Map();
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
    const count = this.#counts.get(sender);
    if (count !== undefined) return ++count.messages <= this.#most;
    // Senders that are made up do not fill the memory.
    if (this.#counts.size >= MAX_SENDERS) return false;
    this.#counts.set(sender, { messages: 1 });
    return this.#most >= 1;
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

/** What `LeaseLimits` need of the settings. */
export type LeaseSettings = Pick<ServerSettings, 'clientLeases' | 'relayLeases'>;

/** Who leases are counted for: the client, who sends for it, and the port of a relay that it is heard through. */
export type Holder = Pick<Client, 'key' | 'hardware' | 'relay'>;

// What a client has, for each of two: who it counts for, and when it ends; 0 for nothing, or no more.
interface Share {
  readonly key: string;
  sender: string;
  ends: number;
  relay: string;
  relayEnds: number;
}

/**
 * How many clients with leases each sender, and each port of a relay, has, whatever identifiers they use: who asks for more than its share gets none until
 * a minute after the first of them has ended.
 */
export class LeaseLimits {
  #settings: LeaseSettings;
  // One map of clients for both limits: with hundreds of thousands of them each look-up waits for memory.
  readonly #shares: Map<string, Share> = new Map();
  readonly #senders: Map<string, number> = new Map();
  readonly #relays: Map<string, number> = new Map();
  // Clients by the slot that their lease ends in; one that was renewed stands in several.
  readonly #slots: Map<number, Share[]> = new Map();
  #swept = 0;

  constructor(settings: LeaseSettings) {
    this.#settings = settings;
  }

  /** Allows by other settings from now on. */
  follow(settings: LeaseSettings): void {
    this.#settings = settings;
  }

  /** Whether the client, known or not, may have a lease. */
  allows(client: Holder, now: number): boolean {
    this.#sweep(now);
    const { key, relay } = client;
    const sender = senderOf(client);
    const { clientLeases, relayLeases } = this.#settings;
    const isSenderFull = (this.#senders.get(sender) ?? 0) >= clientLeases;
    const isRelayFull = relay !== '' && (this.#relays.get(relay) ?? 0) >= relayLeases;
    if (!isSenderFull && !isRelayFull) return true;
    const share = this.#shares.get(key);
    if (share === undefined) return false;
    return (
      (!isSenderFull || (share.ends > 0 && share.sender === sender)) && (!isRelayFull || (share.relayEnds > 0 && share.relay === relay))
    );
  }

  has(client: string): boolean {
    return (this.#shares.get(client)?.ends ?? 0) > 0;
  }

  /** Counts a lease; true when the client had none. What is heard without a relay counts for the relay of before as long as it did. */
  given(client: Holder, ends: number): boolean {
    const { key, relay } = client;
    const sender = senderOf(client);
    let share = this.#shares.get(key);
    if (share === undefined) {
      share = { key, sender: '', ends: 0, relay: '', relayEnds: 0 };
      this.#shares.set(key, share);
    }
    const isNew = share.ends === 0;
    if (isNew || share.sender !== sender) {
      if (!isNew) decrement(this.#senders, share.sender);
      increment(this.#senders, sender);
      share.sender = sender;
    }
    share.ends = ends;
    if (relay !== '') {
      if (share.relayEnds === 0 || share.relay !== relay) {
        if (share.relayEnds > 0) decrement(this.#relays, share.relay);
        increment(this.#relays, relay);
        share.relay = relay;
      }
      share.relayEnds = ends;
    }
    const slot = Math.floor(ends / SLOT);
    const others = this.#slots.get(slot);
    if (others === undefined) this.#slots.set(slot, [share]);
    else others.push(share);
    return isNew;
  }

  ended(client: string): void {
    const share = this.#shares.get(client);
    if (share !== undefined) this.#end(share, Number.POSITIVE_INFINITY);
  }

  // What ended by then. Shares that stand in a slot may have been replaced: of these there is nothing left.
  #end(share: Share, now: number): void {
    const hadAny = share.ends > 0 || share.relayEnds > 0;
    if (share.ends > 0 && share.ends <= now) {
      decrement(this.#senders, share.sender);
      share.ends = 0;
    }
    if (share.relayEnds > 0 && share.relayEnds <= now) {
      decrement(this.#relays, share.relay);
      share.relayEnds = 0;
    }
    if (hadAny && share.ends === 0 && share.relayEnds === 0) this.#shares.delete(share.key);
  }

  // Forgets what has ended, slot by slot.
  #sweep(now: number): void {
    const current = Math.floor(now / SLOT);
    if (current === this.#swept) return;
    this.#swept = current;
    for (const [slot, shares] of this.#slots) {
      if (slot >= current) continue;
      this.#slots.delete(slot);
      for (const share of shares) this.#end(share, now);
    }
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function decrement(counts: Map<string, number>, name: string): void {
  const count = (counts.get(name) as number) - 1;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
