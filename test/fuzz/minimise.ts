/**
 * Smaller texts that still fail: lines, then tokens, then characters are left out while that is so.
 * @module
 */
import { tokens } from './mutate.ts';

/** Leaves out of `text` what `fails` does not need; gives up after `milliseconds`. */
export function minimise(text: string, fails: (text: string) => boolean, milliseconds: number): string {
  const deadline = performance.now() + milliseconds;
  let smallest = text;
  const splits: ((text: string) => string[])[] = [(one) => one.split(/(?<=\n)/), tokens, (one) => [...one]];
  for (const split of splits) smallest = reduced(split(smallest), fails, deadline).join('');
  return smallest;
}

// Delta debugging: ever smaller runs of parts are left out.
function reduced(parts: string[], fails: (text: string) => boolean, deadline: number): string[] {
  let kept = parts;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      if (performance.now() > deadline) return kept;
      const without = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fails(without.join(''))) kept = without;
      else at += size;
    }
  }
  return kept;
}
