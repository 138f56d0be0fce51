/**
 * Several processes that face the network, of one server: it keeps the leases, the log and the counters, they answer. Each datagram is one
 * worker's: they share the sockets (`node:cluster`), and the kernel gives it to whoever takes it first.
 * @module
 */
import type { Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineName } from '../host/node.ts';
import { addCounts, performed, type Result, type ServerMessage, type WorkerMessage } from './channel.ts';
import type { Front, NextPlan } from './front.ts';
import type { LeaseDesk, Territory } from './leases/store.ts';
import type { Rates } from './limits.ts';
import type { Log } from './log.ts';
import { loadPolicy } from './lua-policy.ts';
import type { Metrics } from './metrics.ts';
import type { ServerSettings } from './settings.ts';

/** What workers need of their server. */
export interface WorkersParts {
  readonly file: string;
  readonly engine: EngineName;
  /** Starts a process that calls `serveAsWorker`. */
  readonly fork: () => Worker;
  readonly desk: LeaseDesk;
  readonly rates: Rates;
  readonly log: Log;
  /** Takes lines of the log. */
  readonly write: (lines: string) => void;
  readonly metrics: Metrics;
  /** Told when there is no worker left, and none can be started. */
  readonly failed: (error: Error) => void;
}

/** A worker that ended has a successor after this. */
const PAUSE_MS = 50;
/** What cannot be started is tried again after this. */
const RETRY_MS = 1000;
/** So often, where there is no other worker. */
const MAX_FAILURES = 5;
/** By these a worker is ended from outside, be it one that only starts, which says nothing about whether the next one can. */
const KILLS: ReadonlySet<string | null> = new Set(['SIGKILL', 'SIGTERM']);
/** Reading a configuration takes a worker at most this long, or it is stuck. */
const DONE_MS = 60_000;

/**
 * Starts the workers that the settings ask for.
 * @throws {Error} when one of them cannot listen
 */
export async function openWorkers(parts: WorkersParts, settings: ServerSettings): Promise<Front> {
  const workers = new Workers(parts, settings);
  await workers.open(settings.workers);
  return workers;
}

class WorkerEnded extends Error {
  override readonly name = 'WorkerEnded';
  readonly isKilled: boolean;

  constructor(code: number | null, signal: string | null) {
    super(`a worker ended with ${signal ?? code}`);
    this.isKilled = KILLS.has(signal);
  }
}

class Workers implements Front {
  readonly #parts: WorkersParts;
  readonly #running: Set<Worker> = new Set();
  readonly #starting: Set<Promise<void>> = new Set();
  // By id. Those of an earlier configuration stay, as messages about them may be under way.
  readonly #subnets: Map<number, Territory> = new Map();
  // Who has sent too much in a second, as all workers have been told.
  #excess: { second: number; readonly who: Set<string> } = { second: 0, who: new Set() };
  #reloading: Promise<unknown> = Promise.resolve();
  // Workers that could not be started since one could; without those that were killed.
  #failures = 0;
  #isStopped = false;
  // Questions to workers so far.
  #rounds = 0;
  listening: readonly string[] = [];
  warnings: readonly string[] = [];

  constructor(parts: WorkersParts, settings: ServerSettings) {
    this.#parts = parts;
    this.#know(settings);
  }

  #know({ subnets }: ServerSettings): void {
    for (const subnet of subnets) this.#subnets.set(subnet.id, subnet);
  }

  async open(count: number): Promise<void> {
    try {
      await Promise.all(Array.from({ length: count }, () => this.#start()));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  // Resolves when it listens.
  #start(): Promise<void> {
    const started = this.#started().finally(() => this.#starting.delete(started));
    this.#starting.add(started);
    return started;
  }

  #started(): Promise<void> {
    const worker = this.#parts.fork();
    this.#running.add(worker);
    const results = new Results((message) => this.#send(worker, message));
    let isReady = false;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'work') this.#work(message, results);
        else if (message.kind === 'failed') reject(new Error(message.reason));
        else if (message.kind === 'ready') {
          isReady = true;
          this.listening = message.listening;
          this.warnings = message.warnings;
          resolve();
        }
      });
      worker.on('error', (error: Error) => {
        // One that cannot even be started does not exit.
        if (worker.process.pid !== undefined) return;
        this.#running.delete(worker);
        reject(error);
      });
      worker.on('exit', (code, signal) => {
        this.#running.delete(worker);
        reject(new WorkerEnded(code, signal));
        if (isReady && !this.#isStopped) {
          this.#parts.log('error', 'a worker ended, another one is started', { process: worker.process.pid, how: signal ?? code });
          void this.#replace();
        }
      });
    });
  }

  // One that ended. While a configuration is being read it is not known which one its successor has to follow.
  async #replace(): Promise<void> {
    await delay(PAUSE_MS);
    while (!this.#isStopped) {
      await this.#reloading;
      if (this.#isStopped) return;
      try {
        await this.#start();
        this.#failures = 0;
        return;
      } catch (error) {
        if (this.#isStopped) return;
        const { message } = error as Error;
        this.#parts.log('error', 'a worker cannot be started', { reason: message });
        if (!(error instanceof WorkerEnded && error.isKilled)) this.#failures++;
        if (this.#running.size === 0 && this.#failures >= MAX_FAILURES)
          this.#parts.failed(new Error(`no worker is left, and none can be started: ${message}`));
      }
      await delay(RETRY_MS);
    }
  }

  #send(worker: Worker, message: ServerMessage): void {
    // It may have ended; then nobody waits for this.
    if (worker.isConnected()) worker.send(message, () => {});
  }

  #work({ operations, heard, lines, counts }: Extract<WorkerMessage, { kind: 'work' }>, results: Results): void {
    const { desk, rates, write, metrics } = this.#parts;
    if (lines !== '') write(lines);
    if (counts !== null) addCounts(metrics, counts);
    for (const [sender, relay, second] of heard) {
      const who = rates.excess(sender, relay, second);
      if (who !== null) this.#tellExcess(who, second);
    }
    for (const operation of operations) {
      void performed(desk, (id) => this.#subnets.get(id) as Territory, operation).then((result) => results.add(result));
    }
  }

  // Once: a flood is not to become one of messages to the workers.
  #tellExcess(who: string, second: number): void {
    if (this.#excess.second !== second) this.#excess = { second, who: new Set() };
    if (this.#excess.who.has(who)) return;
    this.#excess.who.add(who);
    for (const worker of this.#running) this.#send(worker, { kind: 'excess', who, second });
  }

  async prepare(): Promise<NextPlan> {
    const { file, engine } = this.#parts;
    const loaded = loadPolicy(file, engine);
    loaded.close();
    let done: () => void = () => {};
    this.#reloading = new Promise<void>((resolve) => {
      done = resolve;
    });
    // None starts from here on.
    await Promise.allSettled(this.#starting);
    const workers = [...this.#running];
    const drop = (): void => {
      for (const worker of workers) this.#send(worker, { kind: 'drop' });
      done();
    };
    const all = async (kind: 'prepare' | 'follow'): Promise<string | undefined> => {
      const reasons = await Promise.all(workers.map((worker) => this.#told(worker, kind)));
      return reasons.find((reason) => reason !== null) ?? undefined;
    };
    const refusal = await all('prepare');
    if (refusal !== undefined) {
      drop();
      throw new Error(refusal);
    }
    const follow = async (): Promise<void> => {
      this.#know(loaded.settings);
      await all('follow');
      done();
    };
    return { settings: loaded.settings, warnings: loaded.warnings, follow, drop };
  }

  // Null when the worker has done it, or has ended; else why it has not.
  #told(worker: Worker, kind: 'prepare' | 'follow'): Promise<string | null> {
    // An answer that comes too late is none to the next question.
    const round = ++this.#rounds;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish('a worker does not answer'), DONE_MS);
      const hear = (message: WorkerMessage): void => {
        if (message.kind === 'done' && message.round === round) finish(message.reason);
      };
      const gone = (): void => finish(null);
      const finish = (reason: string | null): void => {
        clearTimeout(timer);
        worker.off('message', hear);
        worker.off('exit', gone);
        resolve(reason);
      };
      worker.on('message', hear);
      worker.on('exit', gone);
      this.#send(worker, { kind, round });
      if (!worker.isConnected()) finish(null);
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const worker of this.#running) this.#send(worker, { kind: 'stop' });
    await Promise.all([...this.#running].map(ended));
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    for (const worker of this.#running) worker.process.kill('SIGKILL');
    await Promise.all([...this.#running].map(ended));
  }
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.isDead()) resolve();
    else worker.once('exit', () => resolve());
  });
}

// What was found out in a turn of the event loop goes to the worker together.
class Results {
  readonly #send: (message: ServerMessage) => void;
  #results: Result[] = [];

  constructor(send: (message: ServerMessage) => void) {
    this.#send = send;
  }

  add(result: Result): void {
    this.#results.push(result);
    if (this.#results.length > 1) return;
    setImmediate(() => {
      const results = this.#results;
      this.#results = [];
      this.#send({ kind: 'results', results });
    });
  }
}
