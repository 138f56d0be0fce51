/**
 * Leases as bytes: `struct lease_record` of `cdefs/lease.h` with its texts behind it.
 * @module
 */
import { packageCdef } from '../declarations.ts';
import { END_OF_TIME, type Lease } from './store.ts';

interface RecordView {
  version: number;
  state: number;
  client_size: number;
  hardware_size: number;
  host_name_size: number;
  relay_size: number;
  subnet: number;
  expires: number;
  seen: number;
}

/** Writes and reads the records that stores keep. */
export class LeaseRecords {
  readonly #type: { view(bytes: Uint8Array): RecordView };
  readonly #size: number;
  readonly #version: number;
  readonly #codes: Readonly<Record<Lease['state'], number>>;
  readonly #states: readonly (Lease['state'] | undefined)[];

  constructor() {
    const c = packageCdef('lease.h');
    this.#type = c.typeof('struct lease_record') as unknown as { view(bytes: Uint8Array): RecordView };
    this.#size = c.sizeof('struct lease_record') as number;
    this.#version = c.C['LEASE_VERSION'] as number;
    const code = (name: string): number => c.C[name] as number;
    this.#codes = { active: code('LEASE_ACTIVE'), released: code('LEASE_RELEASED'), declined: code('LEASE_DECLINED') };
    const states: (Lease['state'] | undefined)[] = [];
    for (const [state, number] of Object.entries(this.#codes)) states[number] = state as Lease['state'];
    this.#states = states;
  }

  encode(lease: Lease): Buffer {
    const { client, hardware, hostName, relay } = lease;
    const clientSize = Buffer.byteLength(client);
    const [hardwareSize, hostNameSize, relaySize] = [Buffer.byteLength(hardware), Buffer.byteLength(hostName), Buffer.byteLength(relay)];
    if (clientSize > 0xffff || hardwareSize > 0xff || hostNameSize > 0xff || relaySize > 0xff)
      return this.encode({ ...shortened(lease), client: cut(client, 0xffff) });
    const bytes = Buffer.allocUnsafe(this.#size + clientSize + hardwareSize + hostNameSize + relaySize);
    const view = this.#type.view(bytes);
    view.version = this.#version;
    view.state = this.#codes[lease.state];
    view.client_size = clientSize;
    view.hardware_size = hardwareSize;
    view.host_name_size = hostNameSize;
    view.relay_size = relaySize;
    view.subnet = lease.subnet;
    view.expires = lease.expires;
    view.seen = lease.seen;
    let at = this.#size + bytes.write(client, this.#size);
    for (const text of [hardware, hostName, relay]) if (text !== '') at += bytes.write(text, at);
    return bytes;
  }

  /** What an index needs of a record. */
  decodeEnd(bytes: Uint8Array): Pick<Lease, 'subnet' | 'expires'> {
    if (bytes.length < this.#size) return unreadable(0);
    const { subnet, expires } = this.#type.view(bytes);
    return { subnet, expires };
  }

  /** A record that is not of this version, or is cut off, is read as an address that is held back for good: whose it is cannot be known. */
  decode(address: number, bytes: Buffer): Lease {
    if (bytes.length < this.#size) return unreadable(address);
    const view = this.#type.view(bytes);
    const state = this.#states[view.state];
    const hardwareAt = this.#size + view.client_size;
    const hostNameAt = hardwareAt + view.hardware_size;
    const relayAt = hostNameAt + view.host_name_size;
    const end = relayAt + view.relay_size;
    if (view.version !== this.#version || state === undefined || bytes.length !== end) return unreadable(address);
    return {
      address,
      subnet: view.subnet,
      client: textIn(bytes, this.#size, hardwareAt),
      hardware: textIn(bytes, hardwareAt, hostNameAt),
      state,
      expires: view.expires,
      seen: view.seen,
      hostName: textIn(bytes, hostNameAt, relayAt),
      relay: textIn(bytes, relayAt, end),
    };
  }
}

function textIn(bytes: Buffer, start: number, end: number): string {
  return start === end ? '' : bytes.toString('utf8', start, end);
}

/** The same with texts whose size fits a byte. */
export function shortened<T extends Pick<Lease, 'hardware' | 'hostName' | 'relay'>>(lease: T): T {
  const { hardware, hostName, relay } = lease;
  return { ...lease, hardware: cut(hardware, 0xff), hostName: cut(hostName, 0xff), relay: cut(relay, 0xff) };
}

function cut(text: string, most: number): string {
  const bytes = Buffer.from(text);
  // No half character at the end.
  return bytes.length <= most
    ? text
    : bytes
        .subarray(0, most)
        .toString()
        .replace(/\ufffd+$/, '');
}

function unreadable(address: number): Lease {
  return { address, subnet: 0, client: '', hardware: '', state: 'declined', expires: END_OF_TIME, seen: 0, hostName: '', relay: '' };
}
