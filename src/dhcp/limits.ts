/**
 * How much one sender may ask of the server.
 * @module
 */

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

/** How exactly it is known when leases have ended, in seconds. */
const SLOT = 60;

/**
 * How many leases each sender has been given lately, whatever identifiers it uses: who asks for more than its share gets none until
 * a minute after the first of them has ended.
 */
export class LeaseLimit {
  /** Leases that a sender may have. */
  most: number;
  // By sender and client, when the lease ends.
  readonly #ends: Map<string, number> = new Map();
  readonly #counts: Map<string, number> = new Map();
  // What ends in which slot, as sender and client; a lease that was renewed stands in several.
  readonly #slots: Map<number, [string, string][]> = new Map();
  #swept = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Whether `client`, known or not, may have a lease through this sender. */
  allows(sender: string, client: string, now: number): boolean {
    this.#sweep(now);
    return (this.#counts.get(sender) ?? 0) < this.most || this.#ends.has(keyOf(sender, client));
  }

  given(sender: string, client: string, ends: number): void {
    const key = keyOf(sender, client);
    if (!this.#ends.has(key)) this.#counts.set(sender, (this.#counts.get(sender) ?? 0) + 1);
    this.#ends.set(key, ends);
    const slot = Math.floor(ends / SLOT);
    const others = this.#slots.get(slot);
    if (others === undefined) this.#slots.set(slot, [[sender, client]]);
    else others.push([sender, client]);
  }

  ended(sender: string, client: string): void {
    if (!this.#ends.delete(keyOf(sender, client))) return;
    const count = (this.#counts.get(sender) as number) - 1;
    if (count === 0) this.#counts.delete(sender);
    else this.#counts.set(sender, count);
  }

  // Forgets what has ended, slot by slot.
  #sweep(now: number): void {
    const current = Math.floor(now / SLOT);
    if (current === this.#swept) return;
    this.#swept = current;
    for (const [slot, leases] of this.#slots) {
      if (slot >= current) continue;
      this.#slots.delete(slot);
      for (const [sender, client] of leases) {
        if ((this.#ends.get(keyOf(sender, client)) ?? now + 1) <= now) this.ended(sender, client);
      }
    }
  }
}

function keyOf(sender: string, client: string): string {
  return `${sender} ${client}`;
}
