/**
 * A server that is killed in the middle of load, as a whole or by its workers: every lease that a client saw acknowledged is in the store, and
 * nobody else's.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { formatAddress } from '../../src/dhcp/address.ts';
import { openStore } from '../../src/dhcp/leases/open.ts';
import { AT, addressAt } from '../../src/dhcp/request.ts';
import { type BuiltCommand, buildCommand } from '../helpers/command.ts';
import { message } from '../helpers/dhcp.ts';
import { ended, until } from './network.ts';

const SERVER = '127.0.0.1';
const RELAY = '127.9.0.1';
/** How often it is killed, and how long it works before, in milliseconds. */
const ROUNDS = [1, 50, 100, 200, 400, 800, 3, 300];
/** Which of two workers are killed, and how long after the first lease since. */
const KILLED = [[0], [1], [0, 1], [0], [1], [0], [0, 1], [1], [0], [1]].map((which, i) => ({ which, milliseconds: (i * 37) % 200 }));
/** Clients that are under way at a time. */
const WINDOW = 200;

let command: BuiltCommand;
let relay: Socket;
let folder: string;
let store: string;
let server: ChildProcess;

beforeAll(() => {
  command = buildCommand();
});

afterAll(() => command?.remove());

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-kill-'));
  store = path.join(folder, 'leases');
  relay = createSocket('udp4');
  relay.bind(0, RELAY);
  await once(relay, 'listening');
  relay.setRecvBufferSize(4 * 1024 * 1024);
});

afterEach(async () => {
  await ended(server, 'SIGKILL');
  relay.close();
  rmSync(folder, { recursive: true });
});

async function start(workers: number): Promise<void> {
  const { port } = relay.address();
  const file = path.join(folder, 'dhcpd.lua');
  writeFileSync(
    file,
    `address, port, network, pools = '${SERVER}', ${port}, '127.0.0.0/8', { '127.16.0.1-127.23.255.254' }
    store, log, lease_time, client_rate, workers = { path = '${store}' }, 'none', 86400, 1000000, ${workers}
    function on_request(request, reply) reply.options.domain_name = request.hardware end`,
  );
  server = spawn(process.execPath, [path.join(command.bundle, 'cli.js'), 'dhcpd', '--config', file], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // It is there once somebody answers, be it what an earlier one had sent.
  const timer = setInterval(() => relay.send(message({ type: 8, giaddr: RELAY, ciaddr: '127.0.0.9' }), port, SERVER), 20);
  await once(relay, 'message');
  clearInterval(timer);
}

/** Clients behind the relay, as many as there is time for, each of which remembers what it was told. */
class Crowd {
  /** By client: the address that it was told is its own. */
  readonly acknowledged: Map<string, string> = new Map();
  #next = 1;

  constructor() {
    relay.on('message', (bytes: Buffer) => this.#hear(bytes));
  }

  /** Further clients, each of which is followed by another one when it has its lease; resolves when somebody new has one. */
  async grow(): Promise<void> {
    const before = this.acknowledged.size;
    const grow = (): void => {
      for (let i = 0; i < WINDOW; i++) this.#discover(this.#next++);
    };
    grow();
    // What is sent while nobody listens is lost.
    const timer = setInterval(grow, 1000);
    await until('a lease', () => this.acknowledged.size > before).finally(() => clearInterval(timer));
  }

  #send(parts: Parameters<typeof message>[0], id: number): void {
    relay.send(message({ ...parts, mac: macOf(id), xid: id, giaddr: RELAY }), relay.address().port, SERVER);
  }

  #discover(id: number): void {
    this.#send({ type: 1 }, id);
  }

  #hear(bytes: Buffer): void {
    const id = bytes.readUInt32BE(AT.xid);
    // The answer to the question whether it is there.
    if (id === 0x12345678) return;
    const type = bytes[242];
    const address = bytes.subarray(AT.yiaddr, AT.yiaddr + 4);
    // What a server that is gone had offered may be another's by now.
    if (type === 6) this.#discover(id);
    else if (type === 2)
      this.#send({ type: 3, options: [[54, [127, 0, 0, 1]], [50, address]] }, id); // biome-ignore format: short
    else {
      expect(type).toBe(5);
      this.acknowledged.set(macOf(id).replaceAll(':', ''), formatAddress(addressAt(bytes, AT.yiaddr)));
      // Every fourth time somebody who has a lease already comes back.
      const next = this.#next++;
      this.#discover(next % 4 === 0 ? 1 + (((next * 7919) % 65_521) % next) : next);
    }
  }

  /** Compares with the store, which no server uses any more. */
  async compare(): Promise<void> {
    // What was sent is here by now; if not, nobody relies on it.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const told = [...this.acknowledged];
    const leases = await openStore({ kind: 'lmdb', path: store });
    const lost: string[] = [];
    for (const [client, address] of told) {
      const lease = await leases.ofClient(1, `hw:1:${client}`);
      if (lease?.state !== 'active' || formatAddress(lease.address) !== address) lost.push(`${client} ${address}`);
    }
    await leases.close();
    expect(lost, `of ${told.length} leases`).toEqual([]);
    expect(new Set(told.map(([, address]) => address)).size).toBe(told.length);
  }
}

function macOf(id: number): string {
  return `02:00:00:${[id >> 16, id >> 8, id].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':')}`;
}

function workersOf({ pid, exitCode, signalCode }: ChildProcess): number[] {
  expect(exitCode ?? signalCode, 'how the server ended').toBe(null);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

it(`loses none of the leases that it acknowledged, killed ${ROUNDS.length} times`, async () => {
  const crowd = new Crowd();
  for (const milliseconds of ROUNDS) {
    await start(1);
    await crowd.grow();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await ended(server, 'SIGKILL');
    await crowd.compare();
  }
  console.log(`${crowd.acknowledged.size} leases acknowledged, killed ${ROUNDS.length} times: 0 lost, 0 given twice`);
  expect(crowd.acknowledged.size).toBeGreaterThan(10 * ROUNDS.length);
});

it('goes on when its workers are killed, and loses nothing', async () => {
  const crowd = new Crowd();
  await start(2);
  const seen: Set<number> = new Set();
  let killed = 0;
  for (const { which, milliseconds } of KILLED) {
    await until('two workers', () => workersOf(server).length === 2);
    await crowd.grow();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    const workers = workersOf(server);
    for (const worker of workers) seen.add(worker);
    for (const i of which) {
      process.kill(workers[i] as number, 'SIGKILL');
      killed++;
    }
    await until('their end', () => which.every((i) => !workersOf(server).includes(workers[i] as number)));
  }
  await until('two workers', () => workersOf(server).length === 2);
  await crowd.grow();
  await ended(server, 'SIGTERM');
  expect(server.exitCode).toBe(0);
  await crowd.compare();
  console.log(`${crowd.acknowledged.size} leases acknowledged, ${killed} workers killed: 0 lost, 0 given twice`);
  expect(seen.size).toBeGreaterThan(KILLED.length);
  expect(crowd.acknowledged.size).toBeGreaterThan(10 * KILLED.length);
});
