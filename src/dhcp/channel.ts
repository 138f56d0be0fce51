/**
 * What a server's process and its workers tell each other. All of it is JSON, and what a turn of the event loop has to say is one message.
 * @module
 */
import { TooManyLeases } from './limited.ts';
import type { GrantRequest, LeaseDesk, OfferRequest, Territory } from './leases/store.ts';
import { StoreUnavailable } from './leases/store.ts';
import type { DropReason, Metrics } from './metrics.ts';

/** A number that the answer bears, a method of `LeaseDesk`, and its arguments: a subnet's id in place of the subnet. */
export type Operation = readonly [number, keyof LeaseDesk, readonly unknown[]];

/** The number, and the result; or null, the error's name and its message. */
export type Result = readonly [number, unknown] | readonly [number, null, string, string];

/** What a worker counted, see `Metrics`. */
export interface Counts {
  readonly received: Record<string, number>;
  readonly sent: Record<string, number>;
  readonly dropped: Partial<Record<DropReason, number>>;
  readonly seconds: number[];
}

/** A message's sender, its relay's port, and the second. */
export type Heard = readonly [string, string, number];

/** From a worker. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly listening: readonly string[]; readonly warnings: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }
  /** It has prepared, or follows; with `reason` it cannot. */
  | { readonly kind: 'done'; readonly round: number; readonly reason: string | null }
  | {
      readonly kind: 'work';
      readonly operations: readonly Operation[];
      readonly heard: readonly Heard[];
      readonly lines: string;
      readonly counts: Counts | null;
    };

/** To a worker. */
export type ServerMessage =
  /** The answer bears the number. */
  | { readonly kind: 'prepare' | 'follow'; readonly round: number }
  | { readonly kind: 'drop' | 'stop' }
  | { readonly kind: 'results'; readonly results: readonly Result[] }
  /** Who has sent too much in a second, all workers together. */
  | { readonly kind: 'excess'; readonly who: string; readonly second: number };

/** Does what a worker asks of the leases. */
export async function performed(desk: LeaseDesk, subnetOf: (id: number) => Territory, [id, name, args]: Operation): Promise<Result> {
  try {
    return [id, await perform(desk, subnetOf, name, args)];
  } catch (error) {
    const { name: kind, message } = error as Error;
    return [id, null, kind, message];
  }
}

type Rest<T extends unknown[]> = T extends [unknown, ...infer R] ? R : never;

function perform(desk: LeaseDesk, subnetOf: (id: number) => Territory, name: keyof LeaseDesk, args: readonly unknown[]): Promise<unknown> {
  switch (name) {
    case 'offer':
    case 'grant': {
      const request = args[0] as { territory: number };
      const whole = { ...request, territory: subnetOf(request.territory) } as unknown;
      return name === 'offer' ? desk.offer(whole as OfferRequest) : desk.grant(whole as GrantRequest);
    }
    case 'release':
      return desk.release(subnetOf(args[0] as number), ...(args.slice(1) as Rest<Parameters<LeaseDesk['release']>>));
    case 'decline':
      return desk.decline(subnetOf(args[0] as number), ...(args.slice(1) as Rest<Parameters<LeaseDesk['decline']>>));
    case 'holdBack':
      return desk.holdBack(subnetOf(args[0] as number), ...(args.slice(1) as Rest<Parameters<LeaseDesk['holdBack']>>));
    case 'ofClient':
      return desk.ofClient(...(args as Parameters<LeaseDesk['ofClient']>));
    case 'ofAddress':
      return desk.ofAddress(...(args as Parameters<LeaseDesk['ofAddress']>));
  }
}

/** The leases as a worker sees them. */
export class RemoteDesk implements LeaseDesk {
  readonly #send: (operation: Operation) => void;
  readonly #asked: Map<number, { resolve(value: unknown): void; reject(error: Error): void }> = new Map();
  #next = 1;

  constructor(send: (operation: Operation) => void) {
    this.#send = send;
  }

  #ask(name: keyof LeaseDesk, ...args: unknown[]): Promise<never> {
    return new Promise<never>((resolve, reject) => {
      const id = this.#next++;
      this.#asked.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#send([id, name, args]);
    });
  }

  settle(results: readonly Result[]): void {
    for (const [id, value, kind, message] of results) {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (kind === undefined) asked?.resolve(value);
      else asked?.reject(errorOf(kind, message as string));
    }
  }

  offer(request: OfferRequest): Promise<number | null> {
    return this.#ask('offer', { ...request, territory: request.territory.id });
  }

  grant(request: GrantRequest): Promise<boolean> {
    return this.#ask('grant', { ...request, territory: request.territory.id });
  }

  release({ id }: Territory, ...rest: Rest<Parameters<LeaseDesk['release']>>): Promise<boolean> {
    return this.#ask('release', id, ...rest);
  }

  decline({ id }: Territory, ...rest: Rest<Parameters<LeaseDesk['decline']>>): Promise<boolean> {
    return this.#ask('decline', id, ...rest);
  }

  holdBack({ id }: Territory, ...rest: Rest<Parameters<LeaseDesk['holdBack']>>): Promise<void> {
    return this.#ask('holdBack', id, ...rest);
  }

  ofClient(...args: Parameters<LeaseDesk['ofClient']>): ReturnType<LeaseDesk['ofClient']> {
    return this.#ask('ofClient', ...args);
  }

  ofAddress(...args: Parameters<LeaseDesk['ofAddress']>): ReturnType<LeaseDesk['ofAddress']> {
    return this.#ask('ofAddress', ...args);
  }
}

function errorOf(kind: string, message: string): Error {
  if (kind === 'StoreUnavailable') return new StoreUnavailable(message);
  return kind === 'TooManyLeases' ? new TooManyLeases(message) : new Error(message);
}

/** Counts until somebody takes what was counted. */
export class CountingMetrics implements Metrics {
  readonly #begun: () => void;
  #counts: Counts | null = null;

  /** @param begun called when there is something to take again */
  constructor(begun: () => void) {
    this.#begun = begun;
  }

  #now(): Counts {
    if (this.#counts === null) {
      this.#counts = { received: {}, sent: {}, dropped: {}, seconds: [] };
      this.#begun();
    }
    return this.#counts;
  }

  received(type: string): void {
    const { received } = this.#now();
    received[type] = (received[type] ?? 0) + 1;
  }

  sent(kind: string): void {
    const { sent } = this.#now();
    sent[kind] = (sent[kind] ?? 0) + 1;
  }

  dropped(reason: DropReason): void {
    const { dropped } = this.#now();
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  }

  answeredIn(seconds: number): void {
    this.#now().seconds.push(seconds);
  }

  take(): Counts | null {
    const counts = this.#counts;
    this.#counts = null;
    return counts;
  }
}

/** Adds what another process counted. */
export function addCounts(metrics: Metrics, { received, sent, dropped, seconds }: Counts): void {
  for (const [type, count] of Object.entries(received)) metrics.received(type, count);
  for (const [kind, count] of Object.entries(sent)) metrics.sent(kind, count);
  for (const [reason, count] of Object.entries(dropped)) metrics.dropped(reason as DropReason, count);
  for (const one of seconds) metrics.answeredIn(one);
}
