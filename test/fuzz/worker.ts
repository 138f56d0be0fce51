/**
 * Runs inputs one after the other and tells of each before it starts, so that whoever watches knows which one hangs.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Finding } from './checks.ts';
import { type Counts, targets } from './targets.ts';

/** What a worker is started with. */
export interface Task {
  readonly seed: number;
  readonly root: string;
  /** Which targets, by the start of their names; all where empty. */
  readonly only: string;
  /** Of each target, the first input. */
  readonly first: Readonly<Record<string, number>>;
}

/** What a worker tells. */
export type Message =
  | { readonly kind: 'start'; readonly target: string; readonly index: number }
  | { readonly kind: 'finding'; readonly target: string; readonly index: number; readonly key: string; readonly report: string }
  | { readonly kind: 'counts'; readonly counts: Counts };

const { seed, root, only, first } = workerData as Task;
const tell = (message: Message): void => parentPort?.postMessage(message);
const chosen = targets(seed, root).filter(({ name }) => name.startsWith(only));
const next: Record<string, number> = { ...first };

while (chosen.length > 0) {
  for (const target of chosen) {
    const counts: Counts = {};
    const end = performance.now() + target.slice * 1000;
    while (performance.now() < end) {
      const index = next[target.name] ?? 0;
      next[target.name] = index + 1;
      tell({ kind: 'start', target: target.name, index });
      try {
        target.run(index, counts);
      } catch (error) {
        const { key, message, stack } =
          error instanceof Finding ? error : new Finding('target throws', String(error), (error as Error).stack);
        tell({ kind: 'finding', target: target.name, index, key, report: `${message}\n--- stack\n${stack}` });
      }
    }
    tell({ kind: 'counts', counts });
  }
}
