/**
 * The benchmark's programs by the original: what the contract says they print is what LuaJIT prints.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { programsContract } from '../contract/programs.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)("the benchmark's programs (skipped where luajit is not installed)", () => {
  it('luajit is there to run them', () => expect(hasLuajit).toBe(true));

  programsContract('luajit', (file, size) => spawnSync('luajit', [file, size]).stdout.toString('latin1').split('\n').slice(0, -1));
});
