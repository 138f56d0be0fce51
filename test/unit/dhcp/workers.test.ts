// A server's workers, as the server sees them: what it tells them, and those that cannot be started.
import type { Worker } from 'node:cluster';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
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

  /** @param end by what status or signal it ends before it is ready, if it does */
  constructor(pid: number | undefined, end: number | string | null = null) {
    super();
    this.process = { pid, kill: () => this.exit('SIGKILL') };
    if (pid === undefined) setImmediate(() => this.emit('error', new Error('spawn EAGAIN')));
    else if (end !== null) setImmediate(() => this.exit(end));
    else setImmediate(() => this.emit('message', { kind: 'ready', listening: [], warnings: [] }));
  }

  exit(end: number | string): void {
    this.#isDead = true;
    this.emit('exit', typeof end === 'number' ? end : null, typeof end === 'string' ? end : null);
  }

  isConnected(): boolean {
    return this.process.pid !== undefined && !this.#isDead;
  }

  isDead(): boolean {
    return this.#isDead;
  }

  send(message: ServerMessage): void {
    this.sent.push(message);
    this.emit('sent', message);
  }
}

function open(
  workers: readonly FakeWorker[],
  {
    file = 'dhcpd.lua',
    next = () => undefined,
    failed = () => {},
  }: Partial<{ file: string; next(): unknown; failed(error: Error): void }> = {},
): Promise<Front> {
  const waiting = [...workers];
  return openWorkers(
    {
      file,
      engine: 'jit',
      fork: () => (waiting.shift() ?? next()) as Worker,
      desk: new LocalStore(new MemoryTable()),
      rates: new Rates({ clientRate: 2, relayRate: 100 }),
      log: () => {},
      write: () => {},
      metrics: noMetrics,
      failed,
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

it('takes an answer that comes too late for no answer to the next question', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdef-workers-'));
  const file = path.join(folder, 'dhcpd.lua');
  writeFileSync(file, "network, pools = '192.0.2.0/24', { '192.0.2.1-192.0.2.199' }");
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  });
  const [worker, prompt] = [new FakeWorker(1), new FakeWorker(2)];
  prompt.on('sent', ({ round }: { round?: number }) => {
    if (round !== undefined) prompt.emit('message', { kind: 'done', round, reason: null });
  });
  const front = await open([worker, prompt], { file });
  const asked = async (): Promise<number> => ((await once(worker, 'sent')) as [{ round: number }])[0].round;
  const answer = (round: number, reason: string | null): unknown => worker.emit('message', { kind: 'done', round, reason });

  const first = asked();
  const late = expect(front.prepare()).rejects.toThrow('a worker does not answer');
  const round = await first;
  vi.advanceTimersByTime(60_000);
  await late;

  const second = asked();
  const refused = expect(front.prepare()).rejects.toThrow('the address is not there');
  const next = await second;
  answer(round, null);
  answer(next, 'the address is not there');
  await refused;
  await front.close();
});

it.each([
  ['gives up when none is left and none can be started', 1, ['no worker is left, and none can be started: a worker ended with 1']],
  ['goes on when its workers are killed, also those that only start', 'SIGKILL', []],
])('%s', async (_, end, expected) => {
  const workers = [new FakeWorker(1), new FakeWorker(2)];
  const failures: string[] = [];
  let tries = 0;
  const enough = new EventEmitter();
  const next = (): unknown => {
    if (++tries === 6) enough.emit('tries');
    return new FakeWorker(tries, end);
  };
  const front = await open(workers, { next, failed: ({ message }) => failures.push(message) });
  const tried = once(enough, 'tries');
  for (const worker of workers) worker.exit('SIGKILL');
  await tried;
  // The last of them ends after this turn of the event loop.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  await front.close();
  expect(failures.slice(0, 1)).toEqual(expected);
});
