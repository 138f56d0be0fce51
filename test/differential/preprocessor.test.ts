import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { PREPROCESSED, tokensOf } from '../helpers/preprocessed.ts';
import { whyNoGcc } from './gcc.ts';

const reason = whyNoGcc();

describe.skipIf(reason !== null)(`preprocessing by gcc${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  it.each(PREPROCESSED)('leaves the same tokens of %j', (text, expected) => {
    const { stdout, status } = spawnSync('gcc', ['-std=gnu11', '-E', '-P', '-w', '-xc', '-'], { input: text, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(tokensOf(stdout)).toBe(expected);
  });
});
