/**
 * A DHCP server without sockets: what it is given, what it sends, logs and counts.
 * @module
 */
import { formatAddress } from '../../src/dhcp/address.ts';
import { LocalStore } from '../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../src/dhcp/leases/memory.ts';
import type { LeaseStore } from '../../src/dhcp/leases/store.ts';
import { LimitedDesk } from '../../src/dhcp/limited.ts';
import { Rates } from '../../src/dhcp/limits.ts';
import { findLinks } from '../../src/dhcp/links.ts';
import { createLog } from '../../src/dhcp/log.ts';
import type { Policy } from '../../src/dhcp/policy.ts';
import type { Probe } from '../../src/dhcp/probe.ts';
import { DhcpServer, type ServerPlan } from '../../src/dhcp/server.ts';
import { readSettings } from '../../src/dhcp/settings.ts';
import type { Sender, Transport } from '../../src/dhcp/transport.ts';
import { ip } from './dhcp.ts';

/** A reply as it left. */
export interface Sent {
  readonly bytes: Uint8Array;
  /** `192.0.2.1:67` */
  readonly to: string;
  /** The transport's name. */
  readonly by: string;
}

/** A transport that is spoken to. */
export class FakeTransport implements Transport {
  readonly name: string;
  readonly port = 67;
  readonly localAddress: number | null;
  readonly link: string | null;
  readonly sent: Sent[];
  /** What sending fails with. */
  failure: Error | null = null;
  #handler: (bytes: Uint8Array, sender: Sender) => void = () => {};

  constructor(sent: Sent[], name: string, localAddress: string | null = null, link: string | null = null) {
    this.sent = sent;
    this.name = name;
    this.localAddress = localAddress === null ? null : ip(localAddress);
    this.link = link;
  }

  receive(handler: (bytes: Uint8Array, sender: Sender) => void): void {
    this.#handler = handler;
  }

  hear(bytes: Uint8Array, from = '0.0.0.0'): void {
    this.#handler(bytes, { address: from, port: 68 });
  }

  send(bytes: Uint8Array, address: string, port: number, failed: (error: Error) => void): void {
    if (this.failure !== null) failed(this.failure);
    else this.sent.push({ bytes, to: `${address}:${port}`, by: this.name });
  }

  async close(): Promise<void> {}
}

/** What a test server is made of. */
export interface TestServerParts {
  /** Globals of a configuration. */
  readonly globals?: Readonly<Record<string, unknown>>;
  readonly policy?: Policy;
  readonly store?: LeaseStore;
  readonly probe?: Probe;
  /** Interfaces and addresses of the machine. */
  readonly local?: readonly (readonly [string, string])[];
}

const DEFAULTS = { network: '192.0.2.0/24', pools: ['192.0.2.100-192.0.2.102'], client_rate: 1000 };

/** A plan from the globals of a configuration. */
export function planOf({ globals = {}, policy = () => null, local = [['eth0', '192.0.2.1']] }: TestServerParts): ServerPlan {
  const values: Record<string, unknown> = 'subnets' in globals ? globals : { ...DEFAULTS, ...globals };
  const settings = readSettings((name) => values[name]);
  const links = findLinks(
    settings,
    local.map(([name, address]) => ({ name, address: ip(address) })),
  );
  return { settings, links, policy };
}

/** A server and its surroundings. */
export class TestServer {
  readonly sent: Sent[] = [];
  readonly lines: string[] = [];
  readonly counts: Record<string, number> = {};
  readonly store: LeaseStore;
  readonly transports: readonly FakeTransport[];
  readonly server: DhcpServer;
  readonly #rates: Rates;
  now = 1_700_000_000;

  constructor(parts: TestServerParts = {}, transports?: (sent: Sent[]) => FakeTransport[]) {
    this.store = parts.store ?? new LocalStore(new MemoryTable());
    this.transports = transports?.(this.sent) ?? [new FakeTransport(this.sent, 'any'), new FakeTransport(this.sent, 'eth0', '192.0.2.1')];
    const count = (what: string): void => {
      this.counts[what] = (this.counts[what] ?? 0) + 1;
    };
    const plan = planOf(parts);
    this.#rates = new Rates(plan.settings);
    this.server = new DhcpServer(
      {
        store: new LimitedDesk(this.store, plan.settings),
        allows: (sender, relay, now) => this.#rates.excess(sender, relay, now) === null,
        transports: this.transports,
        heard: () => {},
        log: createLog({ form: 'text', write: (line) => this.lines.push(line.slice(25).trimEnd()) }),
        metrics: {
          received: (type) => count(`received ${type}`),
          sent: (kind) => count(`sent ${kind}`),
          dropped: (reason) => count(`dropped ${reason}`),
          answeredIn: () => {},
        },
        probe: parts.probe ?? (async () => false),
        now: () => this.now,
      },
      plan,
    );
  }

  /** Hears a datagram and waits until nothing is under way. */
  async hear(bytes: Uint8Array, transport = 0): Promise<Sent[]> {
    const before = this.sent.length;
    (this.transports[transport] as FakeTransport).hear(bytes);
    await settled();
    return this.sent.slice(before);
  }
}

/** When promises that need nothing from outside are settled. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** `OFFER 192.0.2.100 to 255.255.255.255:68 by eth0` */
export function shortOf({ bytes, to, by }: Sent): string {
  const type = bytes[240] === 53 ? ['', '', 'OFFER', '', '', 'ACK', 'NAK'][bytes[242] as number] : 'BOOTREPLY';
  const yiaddr = new DataView(bytes.buffer, bytes.byteOffset).getUint32(16);
  return `${type} ${formatAddress(yiaddr)} to ${to} by ${by}`;
}
