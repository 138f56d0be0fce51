/**
 * A server that is killed in the middle of load: every lease that a client saw acknowledged is in the store.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
/** Clients that are under way at a time. */
const WINDOW = 200;

let command: BuiltCommand;
let relay: Socket;
const folder = mkdtempSync(path.join(tmpdir(), 'cdef-kill-'));
const store = path.join(folder, 'leases');
const file = path.join(folder, 'dhcpd.lua');

beforeAll(async () => {
  command = buildCommand();
  relay = createSocket('udp4');
  relay.bind(0, RELAY);
  await once(relay, 'listening');
  relay.setRecvBufferSize(4 * 1024 * 1024);
  writeFileSync(
    file,
    `address, port, network, pools = '${SERVER}', ${relay.address().port}, '127.0.0.0/8', { '127.16.0.1-127.23.255.254' }
    store, log_level, lease_time, client_rate = { path = '${store}' }, 'error', 86400, 1000000
    function on_request(request, reply) reply.options.domain_name = request.hardware end`,
  );
});

afterAll(() => {
  command?.remove();
  relay?.close();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<ChildProcess> {
  const server = spawn(process.execPath, [path.join(command.bundle, 'cli.js'), 'dhcpd', '--config', file], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // It is there once it answers.
  const timer = setInterval(() => relay.send(message({ type: 8, giaddr: RELAY, ciaddr: '127.0.0.9' }), relay.address().port, SERVER), 20);
  await once(relay, 'message');
  clearInterval(timer);
  return server;
}

it(`loses none of the leases that it acknowledged, killed ${ROUNDS.length} times`, async () => {
  const { port } = relay.address();
  // By client: the address that it was told is its own.
  const acknowledged: Map<string, string> = new Map();
  const macOf = (id: number): string =>
    `02:00:00:${[id >> 16, id >> 8, id].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join(':')}`;
  let next = 1;
  const discover = (id: number): void => relay.send(message({ type: 1, mac: macOf(id), xid: id, giaddr: RELAY }), port, SERVER);
  const request = (id: number, address: Uint8Array): void =>
    relay.send(
      message({
        type: 3,
        mac: macOf(id),
        xid: id,
        giaddr: RELAY,
        options: [
          [54, [127, 0, 0, 1]],
          [50, address],
        ],
      }),
      port,
      SERVER,
    );
  relay.on('message', (bytes: Buffer) => {
    const id = bytes.readUInt32BE(AT.xid);
    // The answer to the question whether it is there.
    if (id === 0x12345678) return;
    const type = bytes[242];
    if (type === 2) request(id, bytes.subarray(AT.yiaddr, AT.yiaddr + 4));
    // What a server that is gone had offered may be another's by now.
    else if (type === 6) discover(id);
    else {
      expect(type).toBe(5);
      acknowledged.set(macOf(id).replaceAll(':', ''), formatAddress(addressAt(bytes, AT.yiaddr)));
      // Every fourth time somebody who has a lease already comes back.
      discover(next % 4 === 0 ? 1 + (((next * 7919) % 65_521) % next) : next);
      next++;
    }
  });

  let before = 0;
  for (const [round, milliseconds] of ROUNDS.entries()) {
    const server = await start();
    for (let i = 0; i < WINDOW; i++) discover(next++);
    await until('the first lease', () => acknowledged.size > before);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await ended(server, 'SIGKILL');
    // What it had sent is here by now.
    await new Promise((resolve) => setTimeout(resolve, 50));
    before = acknowledged.size;

    const leases = await openStore({ kind: 'lmdb', path: store });
    const lost: string[] = [];
    for (const [client, address] of acknowledged) {
      const lease = await leases.ofClient(1, `hw:1:${client}`);
      if (lease?.state !== 'active' || formatAddress(lease.address) !== address) lost.push(`${client} ${address}`);
    }
    await leases.close();
    expect(lost, `of ${acknowledged.size} leases, in round ${round + 1}`).toEqual([]);
    expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
  }
  console.log(`${acknowledged.size} leases acknowledged, killed ${ROUNDS.length} times: 0 lost`);
  expect(acknowledged.size).toBeGreaterThan(10 * ROUNDS.length);
});
