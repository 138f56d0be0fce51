/** Layouts for all ABIs, against gcc and its cross compilers. */
import { describe, expect, it } from 'vitest';
import { fc } from '../helpers/properties.ts';
import { compare, type Comparison } from './compare.ts';
import { COMPILERS, whyNot } from './compilers.ts';
import { TRICKY } from './layouts.ts';
import { unit, unitText } from './random.ts';

// How many batches of random declarations, and the seed that a failure names.
const RUNS = Number(process.env['LAYOUT_RUNS'] ?? 3);
const SEED = process.env['LAYOUT_SEED'];

describe.each(COMPILERS)('layouts for $name', (compiler) => {
  const reason = whyNot(compiler);
  const skipped = reason === null ? '' : ` (skipped: ${reason})`;

  function agreeing(texts: readonly string[]): Comparison {
    const comparison = compare(
      compiler,
      texts.filter((text) => compiler.unlike?.test(text) !== true),
    );
    expect(comparison.differences).toEqual([]);
    return comparison;
  }

  it.skipIf(reason !== null)(`are gcc's for tricky structs${skipped}`, () => {
    expect(agreeing(TRICKY.map(([, text]) => text)).answers).toBeGreaterThan(500);
  });

  it.skipIf(reason !== null)(`are gcc's for random declarations${skipped}`, () => {
    const seeded = SEED === undefined ? {} : { seed: Number(SEED) };
    let [units, refused] = [0, 0];
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 200, size: 'max' }), (writers) => {
        refused += agreeing(writers.map((writer, i) => unitText(writer, compiler.abi, i))).refused;
        units += writers.length;
      }),
      { numRuns: RUNS, ...seeded },
    );
    // gcc has rules about combinations that are not worth knowing here.
    expect(refused).toBeLessThan(units / 5);
  });
});
