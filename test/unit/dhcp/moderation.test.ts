import { describe, expect, it } from 'vitest';
import { Moderation } from '../../../src/dhcp/moderation.ts';

// A moderation whose turns are ended by hand, at times of one's own; `turn` gives the milliseconds that it then slept.
function moderated() {
  let time = 0;
  let slept = 0;
  const ends: (() => void)[] = [];
  const moderation = new Moderation({
    now: () => time,
    afterTurn: (work) => ends.push(work),
    sleep: (milliseconds) => {
      slept += milliseconds;
      time += milliseconds;
    },
  });
  const turn = (afterMs: number, messages = 1): number => {
    time += afterMs;
    slept = 0;
    for (let i = 0; i < messages; i++) moderation.heard();
    expect(ends).toHaveLength(1);
    ends.pop()?.();
    return slept;
  };
  return { turn, turns: (count: number, afterMs: number) => Array.from({ length: count }, () => turn(afterMs)) };
}

describe('turns of the event loop', () => {
  it('follow one another at once while messages are rare', () => {
    expect(moderated().turns(100, 5)).toEqual(Array(100).fill(0));
  });

  it('have pauses between them while messages are frequent', () => {
    const { turns } = moderated();
    expect(turns(20, 1)).toEqual([...Array(8).fill(0), ...Array(12).fill(3)]);
  });

  it('have none behind a few that are close together, as those of one client', () => {
    const { turn, turns } = moderated();
    for (let i = 0; i < 20; i++) expect([turn(50), ...turns(7, 1)]).toEqual(Array(8).fill(0));
  });

  it('have none again once a message was waited for', () => {
    const { turn, turns } = moderated();
    turns(20, 1);
    expect(turn(5)).toBe(0);
    expect(turns(7, 1)).toEqual(Array(7).fill(0));
    expect(turn(1)).toBe(3);
  });

  it('have none behind one with many messages', () => {
    const { turn, turns } = moderated();
    turns(20, 1);
    expect([turn(1, 15), turn(1, 16), turn(1, 100), turn(1, 1)]).toEqual([3, 0, 0, 3]);
  });
});
