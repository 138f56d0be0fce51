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

/**
 * How many leases each sender has been given lately, whatever identifiers it uses: who asks for more than its share gets none until
 * the first of them has ended.
 */
export class LeaseLimit {
  readonly #most: number;
  // By sender: clients and when their leases end.
  readonly #leases: Map<string, Map<string, number>> = new Map();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether `client`, known or not, may have a lease through this sender. */
  allows(sender: string, client: string, now: number): boolean {
    const leases = this.#leases.get(sender);
    if (leases === undefined || leases.has(client) || leases.size < this.#most) return true;
    for (const [one, ends] of leases) if (ends <= now) leases.delete(one);
    return leases.size < this.#most;
  }

  given(sender: string, client: string, ends: number): void {
    const leases = this.#leases.get(sender) ?? new Map<string, number>();
    this.#leases.set(sender, leases);
    leases.delete(client);
    leases.set(client, ends);
  }

  ended(sender: string, client: string): void {
    const leases = this.#leases.get(sender);
    leases?.delete(client);
    if (leases?.size === 0) this.#leases.delete(sender);
  }

  /** Forgets what has ended. */
  sweep(now: number): void {
    for (const [sender, leases] of this.#leases) {
      for (const [client, ends] of leases) if (ends <= now) leases.delete(client);
      if (leases.size === 0) this.#leases.delete(sender);
    }
  }
}
