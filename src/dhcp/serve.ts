/**
 * A worker: a process that answers what comes in by the sockets that all workers share. The leases are its server's.
 * @module
 */
import cluster from 'node:cluster';
import type { EngineName } from '../host/node.ts';
import { CountingMetrics, type Heard, type Operation, RemoteDesk, type ServerMessage, type WorkerMessage } from './channel.ts';
import { type Front, type NextPlan, openFront } from './front.ts';
import { Rates } from './limits.ts';
import { createLog } from './log.ts';
import { loadPolicy } from './lua-policy.ts';
import { noMetrics } from './metrics.ts';

/** Whether this process has been started as a worker, and is to call `serveAsWorker`. */
export function isDhcpdWorker(): boolean {
  return cluster.isWorker;
}

/** Answers until the server says that it is enough, or is gone. The process ends then. */
export async function serveAsWorker(file: string, engine: EngineName): Promise<void> {
  // A signal for all processes is the server's to follow.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit(1));
  try {
    await serve(file, engine);
  } catch (error) {
    tell({ kind: 'failed', reason: (error as Error).message }, () => process.exit(1));
  }
}

function tell(message: WorkerMessage, told: () => void = () => {}): void {
  // Without a server this process ends, see above.
  process.send?.(message, undefined, undefined, told);
}

// What this turn of the event loop has to tell.
class Outbox {
  readonly metrics = new CountingMetrics(() => this.#later());
  #operations: Operation[] = [];
  #heard: Heard[] = [];
  #lines = '';
  #isWaiting = false;

  ask(operation: Operation): void {
    this.#operations.push(operation);
    this.#later();
  }

  hear(heard: Heard): void {
    this.#heard.push(heard);
    this.#later();
  }

  line(line: string): void {
    this.#lines += line;
    this.#later();
  }

  #later(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setImmediate(() => this.send());
  }

  send(told?: () => void): void {
    this.#isWaiting = false;
    tell({ kind: 'work', operations: this.#operations, heard: this.#heard, lines: this.#lines, counts: this.metrics.take() }, told);
    [this.#operations, this.#heard, this.#lines] = [[], [], ''];
  }
}

async function serve(file: string, engine: EngineName): Promise<void> {
  const loaded = loadPolicy(file, engine);
  const { settings } = loaded;
  const outbox = new Outbox();
  const desk = new RemoteDesk((operation) => outbox.ask(operation));
  const rates = new Rates(settings);
  const now = (): number => Date.now() / 1000;
  // Those who have sent too much by what all workers heard.
  let excess: { second: number; readonly who: Set<string> } = { second: 0, who: new Set() };
  const front = await openFront(loaded, {
    file,
    engine,
    owner: process.ppid,
    store: desk,
    metrics: settings.metrics === null ? noMetrics : outbox.metrics,
    log: createLog({ form: settings.log, level: settings.logLevel, write: (line) => outbox.line(line) }),
    now,
    allows: (sender, relay, second) => {
      // Of these the server need not hear any more.
      if (excess.second === second && (excess.who.has(sender) || excess.who.has(relay))) return false;
      outbox.hear([sender, relay, second]);
      return rates.excess(sender, relay, second) === null;
    },
  });
  let next: NextPlan | null = null;
  process.on('message', (message: ServerMessage) => {
    switch (message.kind) {
      case 'results':
        desk.settle(message.results);
        break;
      case 'excess':
        // One that is late says nothing of this second.
        if (message.second !== Math.floor(now())) break;
        if (excess.second !== message.second) excess = { second: message.second, who: new Set() };
        excess.who.add(message.who);
        break;
      case 'prepare':
        front.prepare().then(
          (prepared) => {
            next = prepared;
            tell({ kind: 'done', round: message.round, reason: null });
          },
          (error: Error) => tell({ kind: 'done', round: message.round, reason: error.message }),
        );
        break;
      case 'follow':
        void next?.follow();
        if (next !== null) rates.follow(next.settings);
        next = null;
        tell({ kind: 'done', round: message.round, reason: null });
        break;
      case 'drop':
        next?.drop();
        next = null;
        break;
      case 'stop':
        void stop(front, outbox);
    }
  });
  tell({ kind: 'ready', listening: front.listening, warnings: front.warnings });
}

async function stop(front: Front, outbox: Outbox): Promise<void> {
  await front.stop();
  outbox.send(() => process.exit(0));
}
