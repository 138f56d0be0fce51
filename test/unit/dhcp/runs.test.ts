import { expect, it } from 'vitest';
import { Runs } from '../../../src/dhcp/leases/runs.ts';
import { Random } from '../../helpers/random.ts';

it('knows what a set knows', () => {
  const random = new Random(7);
  const runs = new Runs();
  const set: Set<number> = new Set();
  for (let i = 0; i < 20_000; i++) {
    const address = 0xfffffff0 - random.below(60);
    if (random.often(0.5)) {
      runs.add(address);
      set.add(address);
    } else {
      runs.remove(address);
      set.delete(address);
    }
    const from = 0xfffffff0 - random.below(70);
    let gap = from;
    while (set.has(gap)) gap++;
    expect(runs.nextGap(from)).toBe(gap);
  }
});
