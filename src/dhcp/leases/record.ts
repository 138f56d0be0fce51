/**
 * Leases as bytes: `struct lease_record` of `cdefs/lease.h` with its texts behind it.
 * @module
 */
import { decodeUtf8, encodeUtf8 } from '../../util/utf8.ts';
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

  encode(lease: Lease): Uint8Array {
    const client = encodeUtf8(lease.client).subarray(0, 0xffff);
    const { hardware, hostName, relay } = this.texts(lease);
    const bytes = new Uint8Array(this.#size + client.length + hardware.length + hostName.length + relay.length);
    const view = this.#type.view(bytes);
    view.version = this.#version;
    view.state = this.#codes[lease.state];
    view.client_size = client.length;
    view.hardware_size = hardware.length;
    view.host_name_size = hostName.length;
    view.relay_size = relay.length;
    view.subnet = lease.subnet;
    view.expires = lease.expires;
    view.seen = lease.seen;
    let at = this.#size;
    for (const text of [client, hardware, hostName, relay]) {
      bytes.set(text, at);
      at += text.length;
    }
    return bytes;
  }

  /** The texts whose size has one byte in a record; what is longer is cut off. */
  texts({ hardware, hostName, relay }: Pick<Lease, 'hardware' | 'hostName' | 'relay'>): Record<'hardware' | 'hostName' | 'relay', Buffer> {
    return { hardware: shortened(hardware), hostName: shortened(hostName), relay: shortened(relay) };
  }

  /** What an index needs of a record. */
  decodeEnd(bytes: Uint8Array): Pick<Lease, 'subnet' | 'expires'> {
    if (bytes.length < this.#size) return unreadable(0);
    const { subnet, expires } = this.#type.view(bytes);
    return { subnet, expires };
  }

  /** A record that is not of this version, or is cut off, is read as an address that is held back for good: whose it is cannot be known. */
  decode(address: number, bytes: Uint8Array): Lease {
    if (bytes.length < this.#size) return unreadable(address);
    const view = this.#type.view(bytes);
    const state = this.#states[view.state];
    const ends = [this.#size];
    for (const size of [view.client_size, view.hardware_size, view.host_name_size, view.relay_size])
      ends.push((ends.at(-1) as number) + size);
    if (view.version !== this.#version || state === undefined || bytes.length !== ends[4]) {
      return unreadable(address);
    }
    const text = (i: number): string => decodeUtf8(bytes.subarray(ends[i], ends[i + 1]));
    const { subnet, expires, seen } = view;
    return { address, subnet, client: text(0), hardware: text(1), state, expires, seen, hostName: text(2), relay: text(3) };
  }
}

function shortened(text: string): Buffer {
  return Buffer.from(text).subarray(0, 0xff);
}

function unreadable(address: number): Lease {
  return { address, subnet: 0, client: '', hardware: '', state: 'declined', expires: END_OF_TIME, seen: 0, hostName: '', relay: '' };
}
