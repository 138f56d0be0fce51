/**
 * `npm run fuzz`: random and mutated C texts against this library, for as long as wanted.
 *
 *     npm run fuzz -- --seconds 600 --seed 7 --only text --log fuzz.log
 *
 * Prints counts each minute and findings as they come, each with a small input; ends with 1 if there were any. The
 * inputs run in a worker, which is ended when one of them hangs or takes too much memory.
 * @module
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type Counts, targets } from './targets.ts';
import type { Message, Task } from './worker.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: 'string', default: '' },
    log: { type: 'string' },
  },
});
const seed = Number(values.seed);
const root = process.cwd();
const all = targets(seed, root);
const started = performance.now();
const end = started + Number(values.seconds) * 1000;
const counts: Counts = {};
const seen = new Map<string, number>();
const next: Record<string, number> = {};

const HEAP_MEGABYTES = 1024;
const MINUTE = 60_000;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
  if (values.log !== undefined) appendFileSync(values.log, `${text}\n`);
}

function report(): void {
  const total = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  say(`seed ${seed}, ${Math.round((performance.now() - started) / 1000)} s: ${total.join(', ')}; findings ${seen.size}`);
}

function found(key: string, target: string, index: number, text: string): void {
  const times = (seen.get(key) ?? 0) + 1;
  seen.set(key, times);
  if (times === 1) say(`FINDING ${key}\n${target}, seed ${seed}, input ${index}\n${text}\nEND\n`);
}

/** Runs a worker until it is time, or until it has to be ended. */
function run(): Promise<void> {
  return new Promise((resolve) => {
    const task: Task = { seed, root, only: values.only, first: next };
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    let current = { target: '', index: 0, since: performance.now() };
    const stop = (): void => {
      clearInterval(watch);
      void worker.terminate().then(() => resolve());
    };
    const lost = (what: string): void => {
      const target = all.find(({ name }) => name === current.target);
      found(what, current.target, current.index, target?.text(current.index).slice(0, 5000) ?? '');
      stop();
    };
    const watch = setInterval(() => {
      if (performance.now() > end) stop();
      const patience = all.find(({ name }) => name === current.target)?.patience ?? MINUTE;
      if (performance.now() - current.since > patience) lost(`hang in ${current.target}`);
    }, 1000);
    worker.on('message', (message: Message) => {
      if (message.kind === 'start') {
        next[message.target] = message.index + 1;
        current = { ...message, since: performance.now() };
      } else if (message.kind === 'finding') {
        found(message.key, message.target, message.index, message.report);
      } else {
        for (const [name, count] of Object.entries(message.counts)) counts[name] = (counts[name] ?? 0) + count;
      }
    });
    worker.on('error', (error) => lost(`${(error as { code?: string }).code ?? error.name} in ${current.target}`));
  });
}

say(`seed ${seed}, ${values.seconds} s`);
const minutes = setInterval(report, MINUTE);
while (performance.now() < end) await run();
clearInterval(minutes);
report();
process.exitCode = seen.size === 0 ? 0 : 1;
