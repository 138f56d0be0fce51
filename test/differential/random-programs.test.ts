/**
 * Random programs, compiled and interpreted, against luajit: what they print, their errors included.
 * @module
 */
import { describe, it } from 'vitest';
import { expectAsLuajit, hasLuajit } from '../helpers/lua-batches.ts';
import { luaProgram, PROGRAM_PRELUDE } from '../helpers/lua-programs.ts';
import { fc } from '../helpers/properties.ts';

/** Programs that one process runs. */
const BATCH = 100;

const decisions = fc.array(fc.nat({ max: 10_000 }), { minLength: 20, maxLength: 300, size: 'max' });

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)('random programs (skipped where luajit is not installed)', () => {
  it('print what they print under luajit', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(decisions, { minLength: 1, maxLength: BATCH, size: 'max' }), (lists) => {
        expectAsLuajit({ prelude: PROGRAM_PRELUDE, run: 'run', programs: lists.map(luaProgram) });
      }),
      { numRuns: 20 },
    );
  });
});
