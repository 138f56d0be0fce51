/**
 * The server's side of DHCP (RFC 2131, sections 3 and 4.3): a message in, at most one out. It knows no sockets and no clock.
 *
 *     message    option 54   option 50   ciaddr       the client is
 *     REQUEST    set         set         0            selecting an offer
 *     REQUEST    -           set         0            rebooting, and remembers an address
 *     REQUEST    -           -           set          renewing (unicast) or rebinding (broadcast)
 *
 * @module
 */
import type { Client, LeaseDesk } from './leases/store.ts';
import { encodeUtf8 } from '../util/utf8.ts';
import { hexOf } from './address.ts';
import { type Draft, type Policy, PolicyRefusal } from './policy.ts';
import { OPTION } from './registry.ts';
import { Reply } from './reply.ts';
import { AT, type Request } from './request.ts';
import { hardwareKeyOf, type Reservation, type Subnet, subnetOf } from './subnets.ts';

/** Message types (RFC 2132, section 9.6). */
export const TYPE = { DISCOVER: 1, OFFER: 2, REQUEST: 3, DECLINE: 4, ACK: 5, NAK: 6, RELEASE: 7, INFORM: 8 } as const;

const TYPE_BYTES: readonly Uint8Array[] = Array.from({ length: 9 }, (_, type) => Uint8Array.of(type));

/** Where a message came in. */
export interface Arrival {
  /** The server's address on the link; null where unknown. */
  readonly localAddress: number | null;
  /** Seconds since 1970. */
  readonly now: number;
}

/** What became of a message. */
export type Outcome =
  | {
      readonly kind: 'OFFER' | 'ACK' | 'NAK' | 'BOOTREPLY';
      readonly bytes: Uint8Array;
      readonly destination: Destination;
      readonly address: number;
      readonly subnet: Subnet;
      readonly client: Client;
    }
  /** Recorded, and needs no answer. */
  | { readonly kind: 'released' | 'declined'; readonly address: number; readonly subnet: Subnet; readonly client: Client }
  /** No answer; `reason` for the log. */
  | { readonly kind: 'ignored'; readonly reason: string };

/** Where a reply goes (RFC 2131, section 4.1): to the relay's server port, else to the client's port. */
export type Destination = { readonly to: 'relay' | 'client'; readonly address: number } | { readonly to: 'broadcast' };

/** Options of `Responder`. */
export interface ResponderOptions {
  readonly subnets: readonly Subnet[];
  readonly store: LeaseDesk;
  readonly policy: Policy;
  /** The server's address for the clients of a subnet: what option 54 says. */
  readonly serverIdOf: (subnet: Subnet) => number;
  /** How long an offered address is kept. */
  readonly offerSeconds: number;
  /** How long an address that a client declined is held back. */
  readonly declineSeconds: number;
  /** Answers DISCOVER with ACK where the client asks for it (RFC 4039). */
  readonly rapidCommit: boolean;
  /** Asks whether somebody uses an address that is about to be offered; not at all where null. */
  readonly probe: ((address: number) => Promise<boolean>) | null;
}

const ignored = (reason: string): Outcome => ({ kind: 'ignored', reason });

/** How many addresses that turn out to be in use are tried for one client. */
const MAX_PROBES = 3;

// What a message is about.
interface Context {
  readonly request: Request;
  readonly arrival: Arrival;
  readonly subnet: Subnet;
  readonly client: Client;
  readonly reservation: Reservation | null;
  readonly draft: Draft;
}

/** Answers messages; see `ResponderOptions`. */
export class Responder {
  readonly #options: ResponderOptions;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /**
   * @param sender who the message is from, as `clientOf` says
   * @throws {StoreUnavailable} when leases cannot be looked up or recorded; the client is to get no answer
   * @throws {LuaError} when the policy raises
   */
  respond(request: Request, sender: Client, arrival: Arrival): Outcome | Promise<Outcome> {
    // Not async: a promise of a promise takes three turns of the queue of microtasks.
    const subnet = subnetOf(this.#options.subnets, request, arrival.localAddress);
    if (subnet === null) return ignored('no subnet for it');
    const serverId = request.number32(OPTION.serverId);
    if (serverId !== null && serverId !== this.#options.serverIdOf(subnet)) return ignored('for another server');
    const reservation = subnet.reservationOf(sender, hardwareKeyOf(request, sender.hardware));
    // A machine with a reserved address is one client, also if its boot loader and its system identify themselves differently.
    const client = reservation === null || reservation.address === null ? sender : { ...sender, key: reservation.keys[0] ?? sender.key };
    const draft = draftOf(subnet, reservation);
    const context = { request, arrival, subnet, client, reservation, draft };
    const refusal = this.#options.policy(request, context);
    if (refusal !== null && refusal !== PolicyRefusal.nak) return ignored(refusal);
    const isRefused = refusal === PolicyRefusal.nak;
    switch (request.type) {
      case 0:
        return isRefused ? ignored('refused by the policy') : this.#bootp(context);
      case TYPE.DISCOVER:
        return isRefused ? ignored('refused by the policy') : this.#discover(context);
      case TYPE.REQUEST:
        return isRefused ? this.#nak(context, 'refused by the policy') : this.#request(context);
      case TYPE.DECLINE:
        return this.#decline(context);
      case TYPE.RELEASE:
        return this.#release(context);
      case TYPE.INFORM:
        return isRefused ? ignored('refused by the policy') : this.#inform(context);
      default:
        return ignored('a message for clients');
    }
  }

  // ---- messages

  async #bootp(context: Context): Promise<Outcome> {
    const { draft, arrival } = context;
    // Such leases never end: only who is known gets one.
    if (draft.address === null) return ignored('BOOTP client without a reservation');
    const forever = 2 ** 32 - 1 - arrival.now;
    if (!(await this.#grant(context, draft.address, forever))) return ignored('its reserved address is in use');
    const reply = this.#reply(context, null, draft.address);
    return this.#answered(context, 'BOOTREPLY', reply, draft.address);
  }

  async #discover(context: Context): Promise<Outcome> {
    const { request } = context;
    const address = await (this.#options.probe === null ? this.#offer(context) : this.#probedOffer(context, this.#options.probe));
    if (address === null) return ignored('no address left');
    if (this.#options.rapidCommit && request.has(OPTION.rapidCommit)) {
      if (await this.#grant(context, address, context.draft.leaseSeconds)) {
        const reply = this.#reply(context, TYPE.ACK, address);
        reply.set(OPTION.rapidCommit, new Uint8Array(0));
        return this.#answered(context, 'ACK', reply, address);
      }
    }
    return this.#answered(context, 'OFFER', this.#reply(context, TYPE.OFFER, address), address);
  }

  #offer({ request, subnet, client, draft, arrival }: Context): Promise<number | null> {
    const wanted = request.number32(OPTION.requestedAddress);
    const { store, offerSeconds } = this.#options;
    return store.offer({ territory: subnet, client, reserved: draft.address, wanted, now: arrival.now, holdSeconds: offerSeconds });
  }

  async #probedOffer(context: Context, probe: (address: number) => Promise<boolean>): Promise<number | null> {
    const { store, declineSeconds } = this.#options;
    const { subnet, client, arrival } = context;
    const { now } = arrival;
    for (let tries = 0; tries < MAX_PROBES; tries++) {
      const address = await this.#offer(context);
      if (address === null) return null;
      const known = await store.ofAddress(address);
      const isTheirs = known?.client === client.key && known.state === 'active' && known.expires > now;
      if (isTheirs || !(await probe(address))) return address;
      await store.holdBack(subnet, address, now, now + declineSeconds);
    }
    return null;
  }

  async #request(context: Context): Promise<Outcome> {
    const { request, subnet, client, draft } = context;
    const isSelecting = request.has(OPTION.serverId);
    const requested = request.number32(OPTION.requestedAddress);
    const address = requested ?? request.ciaddr;
    if (address === 0) return ignored('asks for no address');
    if (!subnet.contains(address)) return this.#nak(context, 'the address is of another network');
    if (!isSelecting && request.ciaddr === 0) {
      // RFC 2131, section 4.3.2: who knows nothing of the client stays silent, another server may know it.
      const lease = await this.#options.store.ofClient(subnet.id, client.key);
      if (lease === null && draft.address === null) return ignored('remembers an address that is not on record');
      const own = draft.address ?? lease?.address;
      if (own !== address) return this.#nak(context, 'the address is not on record for the client');
    }
    const isAllowed = draft.address === null ? subnet.isInPools(address) && !subnet.isReserved(address) : draft.address === address;
    if (!isAllowed) return this.#nak(context, 'the address is not for the client');
    if (!(await this.#grant(context, address, draft.leaseSeconds))) return this.#nak(context, 'the address is taken');
    return this.#answered(context, 'ACK', this.#reply(context, TYPE.ACK, address), address);
  }

  async #decline({ request, subnet, client, arrival }: Context): Promise<Outcome> {
    const address = request.number32(OPTION.requestedAddress) ?? 0;
    const { now } = arrival;
    const isTheirs = await this.#options.store.decline(subnet, client.key, address, now, now + this.#options.declineSeconds);
    return isTheirs ? { kind: 'declined', address, subnet, client } : ignored('declines an address that it does not have');
  }

  async #release({ request, subnet, client, arrival }: Context): Promise<Outcome> {
    const address = request.ciaddr;
    const isTheirs = await this.#options.store.release(subnet, client.key, address, arrival.now);
    return isTheirs ? { kind: 'released', address, subnet, client } : ignored('releases an address that it does not have');
  }

  async #inform(context: Context): Promise<Outcome> {
    const { request, subnet } = context;
    if (request.ciaddr === 0) return ignored('has no address to answer to');
    // Nobody is made to send to strangers.
    if (!subnet.contains(request.ciaddr)) return ignored('its address is of another network');
    const reply = this.#reply(context, TYPE.ACK, null);
    reply.ciaddr = request.ciaddr;
    return this.#answered(context, 'ACK', reply, request.ciaddr);
  }

  #grant({ subnet, client, arrival }: Context, address: number, leaseSeconds: number): Promise<boolean> {
    return this.#options.store.grant({ territory: subnet, client, address, now: arrival.now, leaseSeconds });
  }

  // ---- replies

  #answered(context: Context, kind: 'OFFER' | 'ACK' | 'NAK' | 'BOOTREPLY', reply: Reply, address: number): Outcome {
    const { subnet, client } = context;
    return { kind, bytes: reply.encode(), destination: destinationOf(context, kind === 'NAK'), address, subnet, client };
  }

  // RFC 2131, table 3: neither addresses nor options beyond these.
  #nak(context: Context, reason: string): Outcome {
    const { request, subnet } = context;
    const reply = new Reply(request);
    reply.set(OPTION.messageType, TYPE_BYTES[TYPE.NAK] as Uint8Array);
    reply.setNumber32(OPTION.serverId, this.#options.serverIdOf(subnet));
    reply.set(
      OPTION.message,
      Uint8Array.from(reason, (character) => character.charCodeAt(0)),
    );
    copyBack(reply);
    reply.isBroadcast = request.giaddr !== 0;
    return this.#answered(context, 'NAK', reply, 0);
  }

  // With a lease where there is an address, for BOOTP clients without DHCP's options where there is no type.
  #reply({ request, subnet, draft }: Context, type: number | null, address: number | null): Reply {
    const reply = new Reply(request);
    const wishes = request.option(OPTION.parameterList);
    reply.set(OPTION.subnetMask, subnet.maskBytes);
    for (const [code, value] of draft.options) {
      if (wishes === null || wishes.includes(code) || draft.always.has(code)) reply.set(code, value);
    }
    reply.siaddr = draft.nextServer;
    reply.serverName = draft.serverName;
    reply.bootFile = draft.bootFile;
    if (type !== null) {
      reply.set(OPTION.messageType, TYPE_BYTES[type] as Uint8Array);
      reply.setNumber32(OPTION.serverId, this.#options.serverIdOf(subnet));
      if (address !== null) {
        const { leaseSeconds } = draft;
        reply.setNumber32(OPTION.leaseTime, leaseSeconds);
        reply.setNumber32(OPTION.renewalTime, draft.renewSeconds ?? Math.floor(leaseSeconds / 2));
        reply.setNumber32(OPTION.rebindingTime, draft.rebindSeconds ?? Math.floor((leaseSeconds * 7) / 8));
      }
      if (type === TYPE.ACK) reply.ciaddr = request.ciaddr;
    }
    copyBack(reply);
    reply.yiaddr = address ?? 0;
    return reply;
  }
}

// RFC 6842: the client's identifier. RFC 3046, section 2.2: the relay agent's information.
function copyBack(reply: Reply): void {
  for (const code of [OPTION.clientId, OPTION.relayAgent]) {
    const value = reply.request.option(code);
    if (value !== null) reply.set(code, value);
  }
}

const NONE: ReadonlySet<number> = new Set();

function optionsFor(general: ReadonlyMap<number, Uint8Array>, reservation: Reservation): Map<number, Uint8Array> {
  const options = new Map([...general, ...reservation.options]);
  if (reservation.hostName !== null) options.set(OPTION.hostName, encodeUtf8(reservation.hostName));
  return options;
}

function draftOf({ settings }: Subnet, reservation: Reservation | null): Draft {
  return {
    address: reservation?.address ?? null,
    leaseSeconds: settings.leaseSeconds,
    renewSeconds: settings.renewSeconds,
    rebindSeconds: settings.rebindSeconds,
    options: reservation === null ? settings.options : optionsFor(settings.options, reservation),
    always: NONE,
    nextServer: 0,
    serverName: null,
    bootFile: null,
  };
}

// A client without an address and without the broadcast flag should get the reply at its hardware address, which takes a raw
// socket: it is broadcast to it.
function destinationOf({ request, subnet }: Context, isNak: boolean): Destination {
  if (request.giaddr !== 0) return { to: 'relay', address: request.giaddr };
  if (!isNak && request.ciaddr !== 0 && subnet.contains(request.ciaddr)) return { to: 'client', address: request.ciaddr };
  return { to: 'broadcast' };
}

/** What a message calls itself, for logs and counters. */
export function typeName(request: Request): string {
  const names = ['BOOTP', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM'];
  return names[request.type] as string;
}

/** The transaction id, as eight hex digits. */
export function transactionOf({ bytes }: Request): string {
  return hexOf(bytes.subarray(AT.xid, AT.xid + 4));
}
