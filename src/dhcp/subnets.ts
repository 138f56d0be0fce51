/**
 * Subnets: which addresses there are, for whom, with what options; and which subnet a message is about.
 * @module
 */
import { formatIPv4, hexOf } from './address.ts';
import type { AddressRange, Client, Territory } from './leases/store.ts';
import { OPTION } from './registry.ts';
import { AT, addressAt, type Request } from './request.ts';

/** An address, or only options, kept for one client. */
export interface Reservation {
  /** As `clientOf` makes them; any of the client's. */
  readonly keys: readonly string[];
  readonly address: number | null;
  readonly hostName: string | null;
  readonly options: ReadonlyMap<number, Uint8Array>;
}

/** What a subnet is made of. */
export interface SubnetSettings {
  readonly id: number;
  readonly network: number;
  readonly prefixLength: number;
  readonly pools: readonly AddressRange[];
  readonly reservations: readonly Reservation[];
  /** Relay agents whose `giaddr` is in none of the subnets. */
  readonly relays: readonly number[];
  readonly leaseSeconds: number;
  /** T1 and T2; half and seven eighths of the lease where null (RFC 2131, section 4.4.5). */
  readonly renewSeconds: number | null;
  readonly rebindSeconds: number | null;
  readonly options: ReadonlyMap<number, Uint8Array>;
  /** The servers' own address on it, if it has one: where messages come in by it, they are from this subnet. */
  readonly serverAddress: number | null;
}

/** A subnet; see `SubnetSettings`. */
export class Subnet implements Territory {
  readonly settings: SubnetSettings;
  readonly mask: number;
  /** The mask in network order, as option 1 has it. */
  readonly maskBytes: Uint8Array;
  readonly #byClient: Map<string, Reservation> = new Map();
  readonly #reserved: Set<number> = new Set();

  constructor(settings: SubnetSettings) {
    this.settings = settings;
    this.mask = maskOf(settings.prefixLength);
    this.maskBytes = Uint8Array.of(this.mask >>> 24, this.mask >>> 16, this.mask >>> 8, this.mask);
    for (const reservation of settings.reservations) {
      for (const key of reservation.keys) this.#byClient.set(key, reservation);
      if (reservation.address !== null) this.#reserved.add(reservation.address);
    }
  }

  get id(): number {
    return this.settings.id;
  }

  get pools(): readonly AddressRange[] {
    return this.settings.pools;
  }

  contains(address: number): boolean {
    return (address & this.mask) >>> 0 === this.settings.network;
  }

  get reserved(): ReadonlySet<number> {
    return this.#reserved;
  }

  isReserved(address: number): boolean {
    return this.#reserved.has(address);
  }

  isInPools(address: number): boolean {
    return this.pools.some(({ first, last }) => address >= first && address <= last);
  }

  /** What is kept for a client, found by its identifier or, failing that, by its hardware address. */
  reservationOf({ key }: Client, hardwareKey: string): Reservation | null {
    if (this.#byClient.size === 0) return null;
    return this.#byClient.get(key) ?? this.#byClient.get(hardwareKey) ?? null;
  }
}

/** The mask of a prefix, 24 to 0xffffff00. */
export function maskOf(prefixLength: number): number {
  return prefixLength === 0 ? 0 : (-1 << (32 - prefixLength)) >>> 0;
}

/** RFC 3527: the relay names the client's link in it. */
const LINK_SELECTION = 5;

/**
 * The subnet that a message is about: what its relay agent says (link selection, RFC 3527; then `giaddr`), else what the client says
 * (subnet selection, RFC 3011), else the address that it has, else where it came in.
 * @param localAddress the server's address on the link where the message came in; null where unknown
 */
export function subnetOf(subnets: readonly Subnet[], request: Request, localAddress: number | null): Subnet | null {
  const { giaddr, ciaddr } = request;
  const isRelay = (one: Subnet): boolean => one.contains(giaddr) || one.settings.relays.includes(giaddr);
  // Replies go to relay agents that are known, whatever subnet these select.
  const relayed = giaddr === 0 ? null : (subnets.find(isRelay) ?? null);
  if (giaddr !== 0 && relayed === null) return null;
  const selected = linkSelection(request) ?? request.number32(OPTION.subnetSelection);
  if (selected !== null) return subnets.find((one) => one.contains(selected)) ?? null;
  if (relayed !== null) return relayed;
  const local = localAddress === null ? null : (subnets.find((one) => one.settings.serverAddress === localAddress) ?? null);
  if (ciaddr !== 0) {
    const own = subnets.find((one) => one.contains(ciaddr));
    if (own !== undefined) return own;
  }
  return local ?? (subnets.length === 1 ? (subnets[0] as Subnet) : null);
}

function linkSelection(request: Request): number | null {
  if (request.giaddr === 0) return null;
  const relay = request.option(OPTION.relayAgent);
  if (relay === null) return null;
  for (let at = 0; at + 2 <= relay.length; at += 2 + (relay[at + 1] as number)) {
    if (relay[at] === LINK_SELECTION && relay[at + 1] === 4 && at + 6 <= relay.length) return addressAt(relay, at + 2);
  }
  return null;
}

/** As much of a circuit id tells ports apart. */
const MAX_CIRCUIT = 100;

/**
 * The relay agent's port that a message came through, for limits on what comes through one of them: `giaddr`, a blank, and the circuit id
 * (RFC 3046) as hex digits. Empty for none.
 */
export function portOf(request: Request): string {
  if (request.giaddr === 0) return '';
  const relay = request.option(OPTION.relayAgent);
  const circuit = relay !== null && relay[0] === 1 ? relay.subarray(2, 2 + Math.min(relay[1] as number, MAX_CIRCUIT)) : null;
  return `${formatIPv4(request.bytes, AT.giaddr)} ${circuit === null ? '' : hexOf(circuit)}`;
}

/** The key that a reservation by hardware address has. */
export function hardwareKeyOf(request: Request, hex: string): string {
  return `hw:${request.bytes[AT.htype]}:${hex}`;
}
