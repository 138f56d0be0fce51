/**
 * Random loops over arrays, compiled and interpreted, in coroutines and outside, against luajit.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createLua } from '../../src/host/node.ts';
import { LOOPS_PRELUDE, luaLoops } from '../helpers/lua-loops.ts';
import { PROGRAM_PRELUDE } from '../helpers/lua-programs.ts';
import { capturePrint } from '../helpers/lua-run.ts';
import { fc } from '../helpers/properties.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;
/** Programs that one process runs. */
const BATCH = 40;
const END = '-- end of a program';

function bulk(programs: readonly string[]): string {
  const calls = programs.map((program) => `runLoops([==[\n${program}]==])\nprint('${END}')`);
  return `${PROGRAM_PRELUDE}\n${LOOPS_PRELUDE}\n${calls.join('\n')}`;
}

function byLuajit(programs: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync('luajit', ['-joff', '-'], { input: bulk(programs), maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`luajit: ${stderr}`);
  return stdout.toString('latin1').split(`${END}\n`).slice(0, -1);
}

function byJit(programs: readonly string[], isCompiled: boolean): string[] {
  const lua = createLua({ engine: 'jit', eval: isCompiled });
  expect(lua.engine.isCompiled).toBe(isCompiled);
  const lines = capturePrint(lua);
  lua.run(bulk(programs), '=bulk');
  lua.close();
  return `${lines.join('\n')}\n`.split(`${END}\n`).slice(0, -1);
}

const decisions = fc.array(fc.nat({ max: 10_000 }), { minLength: 20, maxLength: 150, size: 'max' });

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)('random loops (skipped where luajit is not installed)', () => {
  it('print what they print under luajit', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(decisions, { minLength: 1, maxLength: BATCH, size: 'max' }), (lists) => {
        const programs = lists.map(luaLoops);
        const [expected, compiled, interpreted] = [byLuajit(programs), byJit(programs, true), byJit(programs, false)];
        for (const [i, program] of programs.entries()) {
          expect(`${program}\n${compiled[i]}`).toBe(`${program}\n${expected[i]}`);
          expect(`${program}\n${interpreted[i]}`).toBe(`${program}\n${expected[i]}`);
        }
      }),
      { numRuns: 8 },
    );
  });
});
