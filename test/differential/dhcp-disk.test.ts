/**
 * A server whose disk is full: clients get no answer that is not on disk, and leases again when there is room.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatAddress } from '../../src/dhcp/address.ts';
import { openStore } from '../../src/dhcp/leases/open.ts';
import { AT, addressAt } from '../../src/dhcp/request.ts';
import { type BuiltCommand, buildCommand } from '../helpers/command.ts';
import { message } from '../helpers/dhcp.ts';
import { ended, noNetwork, textOf, until } from './network.ts';

const SERVER = '127.0.0.1';
const RELAY = '127.9.0.2';
const reason = noNetwork(['unshare', 'mount']);

let command: BuiltCommand;
let relay: Socket;
let server: ChildProcess;
const folder = mkdtempSync(path.join(tmpdir(), 'cdef-disk-'));
const log = path.join(folder, 'log');
const disk = path.join(folder, 'disk');

beforeAll(async () => {
  command = buildCommand();
  relay = createSocket('udp4');
  relay.bind(0, RELAY);
  await once(relay, 'listening');
});

afterAll(async () => {
  await ended(server, 'SIGKILL');
  relay.close();
  command?.remove();
  rmSync(folder, { recursive: true });
});

/** What a client is told within half a second: an address; null for nothing. */
async function ask(id: number): Promise<string | null> {
  const mac = `02:00:00:00:00:${id.toString(16).padStart(2, '0')}`;
  const { port } = relay.address();
  const parts = { mac, xid: id, giaddr: RELAY };
  const reply = async (): Promise<Buffer | null> => {
    const signal = AbortSignal.timeout(500);
    try {
      for (;;) {
        const [bytes] = (await once(relay, 'message', { signal })) as [Buffer];
        if (bytes.readUInt32BE(AT.xid) === id) return bytes;
      }
    } catch {
      return null;
    }
  };
  relay.send(message({ ...parts, type: 1 }), port, SERVER);
  const offer = await reply();
  if (offer === null) return null;
  const address = offer.subarray(AT.yiaddr, AT.yiaddr + 4);
  const chosen = [[54, [127, 0, 0, 1]], [50, address]] as const; // biome-ignore format: as in the message
  relay.send(message({ ...parts, type: 3, options: chosen }), port, SERVER);
  const ack = await reply();
  return ack === null ? null : formatAddress(addressAt(ack, AT.yiaddr));
}

it.skipIf(reason !== null)(`gives leases again when there is room${reason === null ? '' : ` (skipped: ${reason})`}`, async () => {
  const config = path.join(folder, 'dhcpd.lua');
  writeFileSync(
    config,
    `address, port, network, pools = '${SERVER}', ${relay.address().port}, '127.0.0.0/8', { '127.16.0.1-127.16.0.254' }
    store, log, client_rate = { path = '${disk}/leases' }, 'json', 1000000`,
  );
  const small = 'mkdir "$1" && mount -t tmpfs -o size=1m none "$1" && shift && exec "$@"';
  const args = [process.execPath, path.join(command.bundle, 'cli.js'), 'dhcpd', '--config', config];
  server = spawn('unshare', ['-m', 'sh', '-c', `exec > '${log}' 2>&1; ${small}`, 'sh', disk, ...args], { stdio: 'ignore' });
  await until(
    'the server',
    () => textOf(log).includes('"started"'),
    () => textOf(log),
  );
  // The disk is in the server's view of the machine alone.
  const there = `/proc/${server.pid}/root${disk}`;
  const first = await ask(1);
  expect(first).toMatch(/^127\.16\.0\./);

  const { bavail, bsize } = statfsSync(there);
  writeFileSync(path.join(there, 'filler'), Buffer.alloc(bavail * bsize));
  const told: Map<number, string> = new Map([[1, first as string]]);
  let refused = 0;
  // Pages that are free already are used first.
  for (let id = 2; id < 60 && refused < 3; id++) {
    const address = await ask(id);
    if (address === null) refused++;
    else told.set(id, address);
  }
  expect(refused, textOf(log)).toBe(3);
  expect(server.exitCode, textOf(log)).toBe(null);

  rmSync(path.join(there, 'filler'));
  for (let id = 55; id < 65; id++) told.set(id, (await ask(id)) ?? 'no answer');
  expect(told.get(64), textOf(log)).toMatch(/^127\.16\.0\./);
  expect(new Set(told.values()).size).toBe(told.size);

  cpSync(path.join(there, 'leases'), path.join(folder, 'copy'), { recursive: true });
  const leases = await openStore({ kind: 'lmdb', path: path.join(folder, 'copy') });
  for (const [id, address] of told) {
    const lease = await leases.ofClient(1, `hw:1:0200000000${id.toString(16).padStart(2, '0')}`);
    expect(formatAddress(lease?.address ?? 0)).toBe(address);
  }
  await leases.close();
});
