/**
 * Random loops over arrays, compiled and interpreted, in coroutines and outside, against luajit.
 * @module
 */
import { describe, it } from 'vitest';
import { expectAsLuajit, hasLuajit } from '../helpers/lua-batches.ts';
import { LOOPS_PRELUDE, luaLoops } from '../helpers/lua-loops.ts';
import { PROGRAM_PRELUDE } from '../helpers/lua-programs.ts';
import { fc } from '../helpers/properties.ts';

/** Programs that one process runs. */
const BATCH = 40;

const decisions = fc.array(fc.nat({ max: 10_000 }), { minLength: 20, maxLength: 150, size: 'max' });

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)('random loops (skipped where luajit is not installed)', () => {
  it('print what they print under luajit', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(decisions, { minLength: 1, maxLength: BATCH, size: 'max' }), (lists) => {
        expectAsLuajit({ prelude: `${PROGRAM_PRELUDE}\n${LOOPS_PRELUDE}`, run: 'runLoops', programs: lists.map(luaLoops) });
      }),
      { numRuns: 8 },
    );
  });
});
