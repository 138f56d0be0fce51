/**
 * The server: datagrams to requests, outcomes to datagrams, and nothing that a datagram can do gets further than here.
 *
 * A reply leaves once the store has its lease. Many messages wait for the store at a time, and those that come in
 * meanwhile are written together.
 * @module
 */
import { LuaError } from '../host/node.ts';
import { formatAddress } from './address.ts';
import { clientOf, senderOf } from './client.ts';
import { type Client, type LeaseDesk, StoreUnavailable } from './leases/store.ts';
import { TooManyLeases } from './limited.ts';
import type { Links } from './links.ts';
import { limitedLog, type Log, type LogFields } from './log.ts';
import type { DropReason, Metrics } from './metrics.ts';
import type { Policy } from './policy.ts';
import type { Probe } from './probe.ts';
import { type Arrival, type Outcome, Responder, transactionOf, typeName } from './protocol.ts';
import { MalformedMessage, Request } from './request.ts';
import type { ServerSettings } from './settings.ts';
import type { Sender, Transport } from './transport.ts';

/** What may change while the server runs. */
export interface ServerPlan {
  readonly settings: ServerSettings;
  readonly links: Links;
  readonly policy: Policy;
}

/** What a server is made of. */
export interface ServerParts {
  readonly store: LeaseDesk;
  /** Counts a message of a sender and a relay's port; false when it is one too many. */
  readonly allows: (sender: string, relay: string, now: number) => boolean;
  readonly transports: readonly Transport[];
  /** Told of each datagram. */
  readonly heard: () => void;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Asks whether an address is in use, where the settings want that. */
  readonly probe: Probe;
  /** Seconds since 1970, with a fraction. */
  readonly now: () => number;
}

/** Messages that wait for the policy or the store; more are dropped, as their senders will ask again. */
const MAX_WAITING = 4096;

const BROADCAST = '255.255.255.255';

/** A policy that failed. */
class PolicyFailure extends Error {
  override readonly name = 'PolicyFailure';
}

// A message on its way through the server.
interface Visit {
  readonly transport: Transport;
  readonly request: Request;
  readonly client: Client;
  /** Milliseconds of `performance.now`. */
  readonly arrived: number;
}

/** Answers what comes in by its transports, until it is stopped. */
export class DhcpServer {
  readonly #parts: ServerParts;
  // For what anybody on the network can cause.
  readonly #limitedLog: Log;
  readonly #byAddress: Map<number, Transport> = new Map();
  #plan: ServerPlan;
  #responder: Responder;
  #waiting = 0;
  #isStoreAway = false;
  #stopped: (() => void) | null = null;

  constructor(parts: ServerParts, plan: ServerPlan) {
    this.#parts = parts;
    this.#limitedLog = limitedLog(parts.log, parts.now);
    for (const transport of parts.transports) if (transport.localAddress !== null) this.#byAddress.set(transport.localAddress, transport);
    this.#plan = plan;
    this.#responder = this.#responderFor(plan);
    for (const transport of parts.transports) {
      transport.receive((bytes, sender) => this.#receive(transport, bytes, sender));
    }
  }

  /** Follows another plan from the next message on. What needs another socket or store stays as it was. */
  change(plan: ServerPlan): void {
    this.#plan = plan;
    this.#responder = this.#responderFor(plan);
  }

  /** Takes no more messages, and resolves when those that are here have been answered. The transports are left open. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stopped = resolve;
      if (this.#waiting === 0) resolve();
    });
  }

  #responderFor({ settings, links, policy }: ServerPlan): Responder {
    return new Responder({
      subnets: links.subnets,
      store: this.#parts.store,
      policy: guarded(policy),
      serverIdOf: (subnet) => links.serverIds.get(subnet.id) as number,
      offerSeconds: settings.offerSeconds,
      declineSeconds: settings.declineSeconds,
      rapidCommit: settings.rapidCommit,
      probe: settings.probe ? this.#parts.probe : null,
    });
  }

  #receive(transport: Transport, bytes: Uint8Array, sender: Sender): void {
    this.#parts.heard();
    if (this.#stopped !== null) return;
    const arrived = performance.now();
    const { metrics } = this.#parts;
    let request: Request;
    try {
      request = new Request(bytes);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#drop('malformed', { from: sender.address, reason: error.message });
      return;
    }
    metrics.received(typeName(request));
    const client = clientOf(request);
    if (client === null) {
      this.#drop('malformed', { from: sender.address, reason: 'neither client identifier nor hardware address' });
      return;
    }
    const visit = { transport, request, client, arrived };
    const now = Math.floor(this.#parts.now());
    const refusal = this.#refusal(visit, now);
    if (refusal !== null) {
      this.#drop(refusal, () => fieldsOf(visit));
      return;
    }
    const { localAddress } = transport;
    void this.#answer(visit, { localAddress: localAddress ?? this.#plan.links.broadcastAddress, now });
  }

  async #answer(visit: Visit, arrival: Arrival): Promise<void> {
    this.#waiting++;
    try {
      this.#finish(visit, await this.#responder.respond(visit.request, visit.client, arrival));
    } catch (error) {
      this.#fail(visit, error);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#stopped?.();
    }
  }

  // Why a message is dropped before anybody looks at it.
  #refusal({ client }: Visit, now: number): DropReason | null {
    if (this.#waiting >= MAX_WAITING) return 'busy';
    return this.#parts.allows(senderOf(client), client.relay, now) ? null : 'rate';
  }

  #finish(visit: Visit, outcome: Outcome): void {
    if (this.#isStoreAway && outcome.kind !== 'ignored') {
      this.#isStoreAway = false;
      this.#parts.log('warning', 'the lease store is back');
    }
    switch (outcome.kind) {
      case 'ignored':
        this.#drop('ignored', () => ({ reason: outcome.reason, ...fieldsOf(visit) }));
        return;
      case 'released':
      case 'declined':
        if (outcome.kind === 'declined') this.#parts.log('warning', 'declined', () => fieldsOf(visit, outcome.address));
        else this.#parts.log('info', 'released', () => fieldsOf(visit, outcome.address));
        return;
      default:
        this.#send(visit, outcome);
    }
  }

  #send(visit: Visit, { kind, bytes, destination, address, subnet }: Extract<Outcome, { bytes: Uint8Array }>): void {
    const { settings } = this.#plan;
    const { transport, arrived } = visit;
    const isRelay = destination.to === 'relay';
    // The socket decides by which interface a broadcast leaves.
    const own = subnet.settings.serverAddress;
    const way = transport.link !== null || own === null ? transport : (this.#byAddress.get(own) ?? transport);
    const to = destination.to === 'broadcast' ? BROADCAST : formatAddress(destination.address);
    way.send(bytes, to, isRelay ? settings.port || way.port : settings.clientPort, (error) => {
      this.#drop('send error', () => ({ to, reason: error.message, ...fieldsOf(visit, address) }));
    });
    this.#parts.metrics.sent(kind);
    this.#parts.metrics.answeredIn((performance.now() - arrived) / 1000);
    this.#parts.log('info', kind, () => fieldsOf(visit, address));
  }

  #fail(visit: Visit, error: unknown): void {
    if (error instanceof StoreUnavailable) {
      if (!this.#isStoreAway) this.#parts.log('error', 'the lease store is unavailable', { reason: error.message });
      this.#isStoreAway = true;
      this.#parts.metrics.dropped('store unavailable');
      return;
    }
    if (error instanceof TooManyLeases) {
      this.#drop('leases', () => fieldsOf(visit));
      return;
    }
    const isPolicy = error instanceof PolicyFailure;
    const cause = isPolicy ? error.cause : error;
    const { message, trace } = described(cause);
    this.#parts.metrics.dropped(isPolicy ? 'policy error' : 'internal error');
    this.#limitedLog('error', isPolicy ? 'policy error' : 'internal error', () => ({ message, trace, ...fieldsOf(visit) }));
  }

  #drop(reason: DropReason, fields: LogFields | (() => LogFields)): void {
    this.#parts.metrics.dropped(reason);
    this.#limitedLog(reason === 'ignored' ? 'info' : 'warning', reason, fields);
  }
}

function guarded(policy: Policy): Policy {
  return (request, context) => {
    try {
      return policy(request, context);
    } catch (cause) {
      throw new PolicyFailure('the policy failed', { cause });
    }
  };
}

function fieldsOf({ request, client, transport }: Visit, address?: number): LogFields {
  return {
    type: typeName(request),
    xid: transactionOf(request),
    client: client.key,
    hardware: client.hardware === '' ? undefined : client.hardware,
    name: client.hostName === '' ? undefined : client.hostName,
    address: address === undefined || address === 0 ? undefined : formatAddress(address),
    relay: request.giaddr === 0 ? undefined : formatAddress(request.giaddr),
    link: transport.link ?? undefined,
  };
}

function described(error: unknown): { message: string; trace: string | undefined } {
  if (error instanceof LuaError) return { message: error.message, trace: error.traceback };
  return error instanceof Error ? { message: error.message, trace: error.stack } : { message: String(error), trace: undefined };
}
