/**
 * The machine's operations are literal numbers: they are those of `code.ts`.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Op } from '../../../src/engines/jit/interpreter/code.ts';

const MACHINE = fileURLToPath(new URL('../../../src/engines/jit/interpreter/machine.ts', import.meta.url));

it('every operation is in the machine, under its number', () => {
  const text = readFileSync(MACHINE, 'utf8');
  const cases = [...text.matchAll(/case (\d+): ?\{?\s*\/\/ (\w+)/g)].map(([, number, name]) => [name, Number(number)]);
  // The last one is what is left.
  expect(Object.fromEntries(cases)).toEqual(Object.fromEntries(Object.entries(Op).filter(([name]) => name !== 'CLEAR')));
  expect(text).toContain('default: // CLEAR');
});
