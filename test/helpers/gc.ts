/**
 * Garbage collection on demand.
 * @module
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Collects what nothing refers to; weak references are seen as empty afterwards. */
export async function collectGarbage(): Promise<void> {
  // A WeakRef that was looked at stays filled until the end of the turn.
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    gc();
  }
}
