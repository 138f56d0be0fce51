/**
 * A server's configuration: the globals that a Lua file has set, checked, with their defaults.
 *
 *     network = '192.0.2.0/24'
 *     pools = { '192.0.2.100-192.0.2.199' }
 *     options = { router = '192.0.2.1', dns_server = { '192.0.2.1', '9.9.9.9' } }
 *
 * @module
 */
import { formatAddress, numberOfAddress } from './address.ts';
import { keyOfHardware, keyOfIdentifier } from './client.ts';
import type { StoreSettings } from './leases/open.ts';
import type { AddressRange } from './leases/store.ts';
import { optionNamed, registeredOptions, SERVERS_OPTIONS } from './registry.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { maskOf, type Reservation, Subnet } from './subnets.ts';
import { ANY } from './transport.ts';
import { encodeOption } from './values.ts';
import { encodeUtf8 } from '../util/utf8.ts';
import { nearest } from '../util/text.ts';

/** What a server is started with. */
export interface ServerSettings {
  /** The addresses to listen at. */
  readonly addresses: readonly string[];
  /** The server's port; clients are answered at the next one, unless `clientPort` says otherwise. */
  readonly port: number;
  /** Processes that answer; with one, all is in a single process. */
  readonly workers: number;
  readonly clientPort: number;
  /** What option 54 says; found by the network interfaces where null. */
  readonly serverId: number | null;
  /** The network interface that broadcasts come from; null for the only one with an address in a subnet. */
  readonly link: string | null;
  readonly subnets: readonly Subnet[];
  readonly offerSeconds: number;
  readonly declineSeconds: number;
  readonly rapidCommit: boolean;
  /** Asks by ICMP whether a new address is in use. */
  readonly probe: boolean;
  readonly store: StoreSettings;
  /** Where Prometheus finds the counters, and others find the server's health; null for nowhere. */
  readonly metrics: { readonly address: string; readonly port: number } | null;
  readonly log: 'text' | 'json' | 'none';
  /** The least important events that are logged. */
  readonly logLevel: LogLevel;
  /** Messages a second that one hardware address, and one relay's port, may send. */
  readonly clientRate: number;
  readonly relayRate: number;
  /** Leases that one hardware address, and one relay's port, may have at a time, whatever identifiers it makes up. */
  readonly clientLeases: number;
  readonly relayLeases: number;
  /** What the policy may use up for one message. */
  readonly policySteps: number;
  readonly policyMs: number;
}

/** A value in a configuration that cannot be used; the message starts with where it stands. */
export class SettingsError extends TypeError {
  override readonly name = 'SettingsError';
}

/** Where a value comes from, for messages: `subnets[1].pools[2]`. */
class Value {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  fail(expected: string): never {
    throw new SettingsError(`${this.path}: expected ${expected}, got ${shown(this.value)}`);
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** It is a table with other keys than 1 to n; a map where not all of them are names. */
  get hasNames(): boolean {
    const { value } = this;
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  }

  field(name: string): Value {
    return new Value((this.value as Record<string, unknown>)[name], this.path === '' ? name : `${this.path}.${name}`);
  }

  /** Elements of a list; Lua's empty table is an object here. */
  list(what: string): Value[] {
    if (this.isAbsent) return [];
    if (Array.isArray(this.value)) return this.value.map((one, i) => new Value(one, `${this.path}[${i + 1}]`));
    // With a nil in it, or a name, it is a map.
    if (this.value instanceof Map) this.fail(`${what}, without holes and names`);
    if (typeof this.value === 'object' && Object.keys(this.value as object).length === 0) return [];
    return this.fail(what);
  }

  /** A table with no fields but these. */
  table(names: readonly string[]): this {
    if (!this.hasNames) this.fail('a table');
    if (this.value instanceof Map) this.fail(`a table with the fields ${names.map((name) => `'${name}'`).join(', ')} alone`);
    for (const name of Object.keys(this.value as object)) {
      if (!names.includes(name)) throw new SettingsError(`${this.path}: unknown field '${name}'${suggestion(name, names)}`);
    }
    return this;
  }

  text(fallback?: string): string {
    if (this.isAbsent && fallback !== undefined) return fallback;
    return typeof this.value === 'string' ? this.value : this.fail('a string');
  }

  flag(fallback: boolean): boolean {
    if (this.isAbsent) return fallback;
    return typeof this.value === 'boolean' ? this.value : this.fail('true or false');
  }

  integer(low: number, high: number, fallback?: number): number {
    if (this.isAbsent && fallback !== undefined) return fallback;
    const { value } = this;
    return Number.isInteger(value) && (value as number) >= low && (value as number) <= high
      ? (value as number)
      : this.fail(`an integer from ${low} to ${high}`);
  }

  oneOf<T extends string>(choices: readonly T[], fallback: T): T {
    if (this.isAbsent) return fallback;
    return choices.includes(this.value as T) ? (this.value as T) : this.fail(choices.map((one) => `'${one}'`).join(' or '));
  }

  address(): number {
    return addressOf(this.text()) ?? this.fail('an IPv4 address');
  }
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`;
  return typeof value === 'object' ? 'a table' : typeof value === 'function' ? 'a function' : String(value);
}

function suggestion(name: string, known: readonly string[]): string {
  const found = nearest(name, known);
  return found === null ? '' : `, did you mean '${found}'?`;
}

function addressOf(text: string): number | null {
  try {
    return numberOfAddress(text.trim());
  } catch {
    return null;
  }
}

const SECONDS = 2 ** 32 - 1;
const DAY = 86400;

// Fields that a subnet, and the top level for all of them, can have.
const SUBNET_FIELDS = [
  'id',
  'network',
  'pools',
  'reservations',
  'relays',
  'lease_time',
  'renew_time',
  'rebind_time',
  'options',
  'server_address',
];
const RESERVATION_FIELDS = ['hardware', 'client_id', 'address', 'host_name', 'options'];

/** Names of the globals that mean something. */
export const SETTING_NAMES: readonly string[] = [
  ...'address port workers client_port server_id link subnets offer_time decline_time rapid_commit probe store metrics log log_level'.split(
    ' ',
  ),
  ...'client_rate relay_rate client_leases relay_leases policy_steps policy_ms'.split(' '),
  ...SUBNET_FIELDS.filter((name) => name !== 'id'),
];

/**
 * Reads a configuration.
 * @param get the global of a name
 * @throws {SettingsError} for the first value that cannot be used
 */
export function readSettings(get: (name: string) => unknown): ServerSettings {
  const root = new Value(Object.fromEntries(SETTING_NAMES.map((name) => [name, get(name)])), '');
  const port = root.field('port').integer(0, 65535, 67);
  const metrics = root.field('metrics');
  if (!metrics.isAbsent) metrics.table(['address', 'port']);
  return {
    addresses: readAddresses(root.field('address')),
    port,
    clientPort: root.field('client_port').integer(0, 65535, port === 0 ? 0 : Math.min(port + 1, 65535)),
    workers: root.field('workers').integer(1, 64, 1),
    serverId: root.field('server_id').isAbsent ? null : root.field('server_id').address(),
    link: root.field('link').isAbsent ? null : root.field('link').text(),
    subnets: readSubnets(root),
    offerSeconds: root.field('offer_time').integer(1, DAY, 60),
    declineSeconds: root.field('decline_time').integer(0, SECONDS, DAY),
    rapidCommit: root.field('rapid_commit').flag(false),
    probe: root.field('probe').flag(false),
    store: readStore(root.field('store')),
    metrics: metrics.isAbsent
      ? null
      : { address: metrics.field('address').text('127.0.0.1'), port: metrics.field('port').integer(0, 65535, 9547) },
    log: root.field('log').oneOf(['text', 'json', 'none'], 'text'),
    logLevel: root.field('log_level').oneOf(LOG_LEVELS, 'info'),
    clientRate: root.field('client_rate').integer(1, 1e6, 20),
    relayRate: root.field('relay_rate').integer(1, 1e6, 100_000),
    clientLeases: root.field('client_leases').integer(1, 1e6, 16),
    relayLeases: root.field('relay_leases').integer(1, 1e9, 1_000_000),
    policySteps: root.field('policy_steps').integer(1, 1e9, 100_000),
    policyMs: root.field('policy_ms').integer(1, 60_000, 1000),
  };
}

// An address, or a list of them.
function readAddresses(value: Value): string[] {
  if (value.isAbsent) return [ANY];
  const list = typeof value.value === 'string' ? [value] : value.list('an address or a list of addresses');
  if (list.length === 0) value.fail('an address or a list of addresses');
  return [...new Set(list.map((one) => formatAddress(one.address())))];
}

function readStore(value: Value): StoreSettings {
  if (value.isAbsent) return { kind: 'lmdb', path: 'leases' };
  value.table(['kind', 'path', 'url', 'prefix']);
  const kind = value.field('kind').oneOf(['lmdb', 'memory', 'redis'], value.field('url').isAbsent ? 'lmdb' : 'redis');
  switch (kind) {
    case 'memory':
      return { kind };
    case 'lmdb':
      return { kind, path: value.field('path').text('leases') || value.field('path').fail('a folder') };
    case 'redis':
      return { kind, url: readRedisUrl(value.field('url')), prefix: value.field('prefix').text('cdef:dhcp:') };
  }
}

// As the client takes it: https://www.iana.org/assignments/uri-schemes/prov/redis, and `rediss` for TLS.
function readRedisUrl(value: Value): string {
  const text = value.text('redis://127.0.0.1:6379');
  return /^rediss?:$/.test(URL.canParse(text) ? new URL(text).protocol : '') ? text : value.fail("a URL such as 'redis://127.0.0.1:6379'");
}

// `subnets`, or one subnet whose fields are globals themselves.
function readSubnets(root: Value): Subnet[] {
  const list = root.field('subnets');
  const isSingle = !root.field('network').isAbsent;
  if (isSingle && !list.isAbsent) throw new SettingsError("network: stands beside 'subnets'; a subnet has its own");
  const subnets = isSingle
    ? [readSubnet(root, root, 1)]
    : list.list('a list of subnets').map((one, i) => readSubnet(one.table(SUBNET_FIELDS), root, i + 1));
  if (subnets.length === 0) throw new SettingsError("subnets: none; set 'network' and 'pools', or 'subnets'");
  for (const [i, one] of subnets.entries()) {
    for (const other of subnets.slice(0, i)) {
      if (other.id === one.id) throw new SettingsError(`subnets[${i + 1}].id: ${one.id} is another subnet's`);
      if (other.contains(one.settings.network) || one.contains(other.settings.network)) {
        throw new SettingsError(`subnets[${i + 1}].network: overlaps with that of another subnet`);
      }
    }
  }
  return subnets;
}

function readSubnet(value: Value, root: Value, index: number): Subnet {
  const { network, prefixLength } = networkOf(value.field('network'));
  const last = (network | ~maskOf(prefixLength)) >>> 0;
  const contains = (address: number): boolean => (address & maskOf(prefixLength)) >>> 0 === network;
  // A network's first and last address mean the network and everybody on it.
  const inside = (one: Value, address: number): number =>
    contains(address) && (prefixLength > 30 || (address !== network && address !== last))
      ? address
      : one.fail(`an address of ${value.field('network').text()}`);
  const inherited = (name: string): Value => (value.field(name).isAbsent ? root.field(name) : value.field(name));
  const leaseSeconds = inherited('lease_time').integer(1, SECONDS, 3600);
  const seconds = (name: string, most: number): number | null => (inherited(name).isAbsent ? null : inherited(name).integer(1, most));
  const rebindSeconds = seconds('rebind_time', leaseSeconds);
  const server = value.field('server_address');
  const global = value === root ? [] : root.field('reservations').list('a list of reservations');
  return new Subnet({
    id: value === root ? index : value.field('id').integer(1, 2 ** 31 - 1, index),
    network,
    prefixLength,
    pools: value
      .field('pools')
      .list('a list of pools')
      .map((one) => readPool(one, inside)),
    reservations: readReservations(
      // Those for everywhere hold where their address is, or wherever the client is.
      [...value.field('reservations').list('a list of reservations'), ...global.filter((one) => isFor(one, contains))],
      inside,
    ),
    relays: value
      .field('relays')
      .list('a list of addresses')
      .map((one) => one.address()),
    leaseSeconds,
    renewSeconds: seconds('renew_time', rebindSeconds ?? leaseSeconds),
    rebindSeconds,
    options: new Map([...readOptions(root.field('options')), ...(value === root ? [] : readOptions(value.field('options')))]),
    serverAddress: server.isAbsent ? null : inside(server, server.address()),
  });
}

function isFor(reservation: Value, contains: (address: number) => boolean): boolean {
  const { value } = reservation;
  if (typeof value !== 'object' || value === null) return true;
  const { address } = value as { address?: unknown };
  const number = typeof address === 'string' ? addressOf(address) : null;
  return number === null || contains(number);
}

function networkOf(value: Value): { network: number; prefixLength: number } {
  const expected = "a network such as '192.0.2.0/24'";
  const [, text = '', digits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(value.text()) ?? value.fail(expected);
  const network = addressOf(text) ?? value.fail(expected);
  const prefixLength = Number(digits);
  if (prefixLength > 32 || prefixLength < 1) value.fail(expected);
  if ((network & ~maskOf(prefixLength)) !== 0) value.fail(`${expected}, whose host part is zero`);
  return { network, prefixLength };
}

// '192.0.2.100-192.0.2.199', a single address, or { first, last }.
function readPool(value: Value, inside: (value: Value, address: number) => number): AddressRange {
  const expected = "a pool such as '192.0.2.100-192.0.2.199'";
  const ends = typeof value.value === 'string' ? value.value.split('-') : Array.isArray(value.value) ? value.value : value.fail(expected);
  const [first, last = first] = ends.map((end) => (typeof end === 'string' ? addressOf(end) : null) ?? value.fail(expected));
  if (ends.length > 2 || first === undefined || last === undefined || first > last) value.fail(expected);
  return { first: inside(value, first as number), last: inside(value, last as number) };
}

// No client, and no address, is in two of them.
function readReservations(values: readonly Value[], inside: (value: Value, address: number) => number): Reservation[] {
  const taken: Map<string | number, string> = new Map();
  return values.map((value) => {
    const reservation = readReservation(value, inside);
    const { keys, address } = reservation;
    for (const key of address === null ? keys : [...keys, address]) {
      const other = taken.get(key);
      const what = key === address ? 'has the address' : 'is for the client';
      if (other !== undefined) throw new SettingsError(`${value.path}: ${other} ${what}, too`);
      taken.set(key, value.path);
    }
    return reservation;
  });
}

function readReservation(value: Value, inside: (value: Value, address: number) => number): Reservation {
  value.table(RESERVATION_FIELDS);
  const hardware = value.field('hardware');
  const identifier = value.field('client_id');
  const keys: string[] = [];
  if (!identifier.isAbsent) keys.push(keyOfIdentifier(identifierOf(identifier)));
  if (!hardware.isAbsent) {
    const bytes = bytesOfHex(hardware.text()) ?? hardware.fail("a hardware address such as '02:00:00:00:00:01'");
    if (bytes.length > 16) hardware.fail('at most 16 bytes');
    keys.push(keyOfHardware(1, bytes));
  }
  if (keys.length === 0) throw new SettingsError(`${value.path}: expected 'hardware' or 'client_id'`);
  const address = value.field('address');
  const name = value.field('host_name');
  return {
    keys,
    address: address.isAbsent ? null : inside(address, address.address()),
    hostName: name.isAbsent ? null : name.text(),
    options: readOptions(value.field('options')),
  };
}

// Hex digits with colons, or the bytes themselves.
function identifierOf(value: Value): Uint8Array {
  if (value.value instanceof Uint8Array) return value.value;
  return value.text() === '' ? value.fail('at least one byte') : (bytesOfHex(value.text()) ?? encodeUtf8(value.text()));
}

function bytesOfHex(text: string): Uint8Array | null {
  if (!/^[\da-f]{1,2}([:-][\da-f]{1,2})+$/i.test(text)) return null;
  return Uint8Array.from(text.split(/[:-]/), (digits) => Number.parseInt(digits, 16));
}

/**
 * Options by name, as Lua's `options = { router = '192.0.2.1' }` has them, by code.
 * @throws {SettingsError} when there is no option of a name, or its value is not of its form
 */
function readOptions(value: Value): Map<number, Uint8Array> {
  const found: Map<number, Uint8Array> = new Map();
  if (value.isAbsent) return found;
  if (!value.hasNames || value.value instanceof Map) value.fail('a table of options by name');
  for (const [name, one] of Object.entries(value.value as object)) {
    const option = optionNamed(name);
    if (option === null) {
      const names = registeredOptions().map((known) => known.name);
      throw new SettingsError(`${value.path}: no option is named '${name}'${suggestion(name, names)}`);
    }
    if (SERVERS_OPTIONS.has(option.code)) throw new SettingsError(`${value.path}: option ${option.name} is the server's to set`);
    try {
      found.set(option.code, encodeOption(option, one));
    } catch (error) {
      throw new SettingsError(`${value.path}: ${(error as Error).message}`, { cause: error });
    }
  }
  return found;
}
