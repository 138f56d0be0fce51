/**
 * `cdef dhcpd` with several workers: one configuration, one log, one set of counters and limits.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { AT } from '../../src/dhcp/request.ts';
import { type BuiltCommand, buildCommand } from '../helpers/command.ts';
import { type MessageParts, message } from '../helpers/dhcp.ts';
import { ended, textOf, until } from './network.ts';

const SERVER = '127.0.0.1';
const RELAY = '127.9.0.2';

let command: BuiltCommand;
let folder: string;
let relay: Socket;
let server: ChildProcess;
const replies: Buffer[] = [];

beforeAll(() => {
  command = buildCommand();
});
afterAll(() => command?.remove());

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-workers-'));
  replies.length = 0;
  relay = createSocket('udp4');
  relay.bind(0, RELAY);
  await once(relay, 'listening');
  relay.on('message', (bytes) => replies.push(bytes));
});

afterEach(async () => {
  await ended(server, 'SIGKILL');
  relay.close();
  rmSync(folder, { recursive: true });
});

const file = (name: string): string => path.join(folder, name);
const log = (): string => textOf(file('log'));

function configure(more: string): void {
  writeFileSync(
    file('dhcpd.lua'),
    `address, port, network, pools = '${SERVER}', ${relay.address().port}, '127.0.0.0/8', { '127.16.0.1-127.23.255.254' }
    workers, store, log = 3, { kind = 'memory' }, 'json'
    ${more}`,
  );
}

function start(): void {
  const output = openSync(file('log'), 'a');
  server = spawn(process.execPath, [path.join(command.bundle, 'cli.js'), 'dhcpd', '--config', file('dhcpd.lua')], {
    stdio: ['ignore', output, output],
  });
}

const logged = (what: string): Promise<void> => until(what, () => log().includes(what), log);

function send(id: number, parts: MessageParts = {}): void {
  const hex = id.toString(16).padStart(4, '0');
  const mac = `02:00:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`;
  relay.send(message({ type: 1, mac, xid: id, giaddr: RELAY, ...parts }), relay.address().port, SERVER);
}

/** Offers that are asked for, as addresses by transaction. */
async function offers(first: number, count: number): Promise<Map<number, string>> {
  replies.length = 0;
  for (let id = first; id < first + count; id++) send(id);
  await until('offers', () => replies.length >= count, log);
  return new Map(replies.map((bytes) => [bytes.readUInt32BE(AT.xid), [...bytes.subarray(AT.yiaddr, AT.yiaddr + 4)].join('.')]));
}

it('answers each message once, offers no address twice, and counts all of it', async () => {
  configure(`metrics = { port = 0, address = '127.0.0.9' } metrics.port = ${relay.address().port}`);
  start();
  await logged('"started"');
  const given = await offers(1, 300);
  expect([given.size, new Set(given.values()).size]).toEqual([300, 300]);
  // Every message is counted when its reply has been logged.
  await until('the log', () => log().split('"event":"OFFER"').length === 301, log);
  const metrics = await (await fetch(`http://127.0.0.9:${relay.address().port}/metrics`)).text();
  expect(metrics).toContain('dhcp_messages_received_total{type="DISCOVER"} 300\n');
  expect(metrics).toContain('dhcp_messages_sent_total{type="OFFER"} 300\n');
  expect(metrics).toContain('dhcp_reply_seconds_count 300\n');
  expect(replies.length).toBe(300);
  await ended(server, 'SIGTERM');
  expect(server.exitCode).toBe(0);
  expect(log().trim().split('\n').at(-1)).toContain('"stopped"');
});

it('limits what all workers hear and give', async () => {
  configure(`client_leases, client_rate = 2, 10`);
  start();
  await logged('"started"');
  const mac = '02:00:00:00:00:77';
  // With an identifier and an address of its own each.
  const select = (id: number): void => send(id, { mac, type: 3, options: [[61, [0, id]], [54, [127, 0, 0, 1]], [50, [127, 16, 0, id]]] }); // biome-ignore format: short
  for (const id of [1, 2]) select(id);
  await until('two leases', () => log().split('"event":"ACK"').length === 3, log);
  for (const id of [3, 4, 5]) select(id);
  await until('refusals', () => log().split('"event":"leases"').length === 4, log);
  expect(log().split('"event":"ACK"').length).toBe(3);
  // A flood: of one second's messages ten are let through by each worker at most, and then none.
  for (let i = 0; i < 200; i++) send(4, { mac });
  await logged('"event":"rate"');
});

it('follows a new configuration with all workers or with none', async () => {
  configure(`function on_discover(_, reply) reply.address = '127.20.0.1' end`);
  start();
  await logged('"started"');
  configure('this is no Lua');
  server.kill('SIGHUP');
  await logged('cannot reload');
  expect(new Set((await offers(1, 1)).values())).toEqual(new Set(['127.20.0.1']));
  // The first that reads it is the server. Workers find it wrong, not all of them.
  configure(`local readers = io.open('${file('readers')}', 'a+')
    readers:write('.') readers:seek('set')
    if #readers:read('*a') > 2 then error('not I') end
    readers:close()`);
  server.kill('SIGHUP');
  await logged('not I');
  expect((await offers(1, 1)).get(1)).toBe('127.20.0.1');
  configure('');
  server.kill('SIGHUP');
  await logged('"reloaded"');
  // Whichever of them answers.
  expect(new Set((await offers(100, 50)).values()).has('127.20.0.1')).toBe(false);
});

it('says why it cannot start', async () => {
  configure(`address = '192.0.2.1'`);
  start();
  await once(server, 'exit');
  expect([server.exitCode, log()]).toEqual([1, expect.stringMatching(/^cdef: .*EADDRNOTAVAIL/)]);
});
