// A server's workers, as the server sees them: what it tells them, and those that cannot be started.
import type { Worker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { ServerMessage } from '../../../src/dhcp/channel.ts';
import type { Front } from '../../../src/dhcp/front.ts';
import { LocalStore } from '../../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../../src/dhcp/leases/memory.ts';
import { Rates } from '../../../src/dhcp/limits.ts';
import { noMetrics } from '../../../src/dhcp/metrics.ts';
import { readSettings } from '../../../src/dhcp/settings.ts';
import { openWorkers } from '../../../src/dhcp/workers.ts';

const settings = readSettings(
  (name) => (({ network: '192.0.2.0/24', pools: ['192.0.2.1-192.0.2.199'], workers: 2 }) as Record<string, unknown>)[name],
);

class FakeWorker extends EventEmitter {
  readonly sent: ServerMessage[] = [];
  readonly process: { readonly pid: number | undefined; kill(): void };
  #isDead = false;

  constructor(pid: number | undefined) {
    super();
    this.process = { pid, kill: () => this.#exit() };
    if (pid === undefined) setImmediate(() => this.emit('error', new Error('spawn EAGAIN')));
    else setImmediate(() => this.emit('message', { kind: 'ready', listening: [], warnings: [] }));
  }

  #exit(): void {
    this.#isDead = true;
    this.emit('exit', null, 'SIGKILL');
  }

  isConnected(): boolean {
    return this.process.pid !== undefined && !this.#isDead;
  }

  isDead(): boolean {
    return this.#isDead;
  }

  send(message: ServerMessage): void {
    this.sent.push(message);
  }
}

function open(workers: readonly FakeWorker[]): Promise<Front> {
  const waiting = [...workers];
  return openWorkers(
    {
      file: 'dhcpd.lua',
      engine: 'jit',
      fork: () => waiting.shift() as unknown as Worker,
      desk: new LocalStore(new MemoryTable()),
      rates: new Rates({ clientRate: 2, relayRate: 100 }),
      log: () => {},
      write: () => {},
      metrics: noMetrics,
      failed: () => {},
    },
    settings,
  );
}

it('tells each worker once in a second who has sent too much', async () => {
  const workers = [new FakeWorker(1), new FakeWorker(2)];
  const front = await open(workers);
  const hear = (second: number): void => {
    const heard = Array.from({ length: 10 }, () => ['a', '', second]);
    for (const worker of workers) worker.emit('message', { kind: 'work', operations: [], heard, lines: '', counts: null });
  };
  hear(7);
  for (const { sent } of workers) expect(sent).toEqual([{ kind: 'excess', who: 'a', second: 7 }]);
  hear(8);
  for (const { sent } of workers) expect(sent.slice(1)).toEqual([{ kind: 'excess', who: 'a', second: 8 }]);
  await front.close();
});

it('fails at the start when the system has no process for a worker', async () => {
  await expect(open([new FakeWorker(1), new FakeWorker(undefined)])).rejects.toThrow('spawn EAGAIN');
});
