/**
 * The programs that the benchmark runs, small: what they print on LuaJIT.
 * @module
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../bench/lua', import.meta.url));

/** Name, size, and the lines that it prints. */
const PROGRAMS: readonly (readonly [name: string, size: number, lines: readonly string[]])[] = [
  ['checksums', 2, ['cbf43926\t9b8b3938\t6fb7a8ee\t1685c44c']],
  ['constraints', 6, ['900\t106050\t130\t130\t130']],
  ['fannkuch', 6, ['720\t49\t10']],
  ['mandelbrot', 24, ['231\t394776']],
  ['matrix', 12, ['-12.11803 -4.59402411 38.6772368']],
  ['nbody', 200, ['-0.170188979', '-0.170180863']],
  ['patterns', 2, ['8663438\t40\t2868\t100\t40\t3000']],
  ['queens', 6, ['6\t4']],
  ['ring', 20, ['27680\t20\t11550']],
  ['scheduler', 2000, ['916\t601\t483\t246801\t2010']],
  ['sieve', 5000, ['669\t4999\t34\t126\t162']],
  ['sort', 300, ['192377', '880866', '194594', '509283']],
  ['spectral', 20, ['1.273839841']],
  ['strings', 3, ['243982']],
  ['trees', 6, ['4\t64\t1984', '127']],
];

/** Runs a Lua file with one argument. Answers the lines that it printed. */
export type RunProgram = (file: string, size: string) => string[];

/** Makes a test of each program. */
export function programsContract(engine: string, run: RunProgram): void {
  describe(`programs on ${engine}`, () => {
    it.each(PROGRAMS)('%s', (name, size, lines) => {
      expect(run(path.join(FOLDER, `${name}.lua`), String(size))).toEqual(lines);
    });
  });
}
