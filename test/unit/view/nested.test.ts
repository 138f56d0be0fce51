import { expect, it } from 'vitest';
import { cdef } from '../../../src/index.ts';

it('structs that nest one another many times over are looked at once each', () => {
  // Looked at over and over this would take longer than any test.
  const levels = Array.from({ length: 29 }, (_, i) => `struct t${i + 1} { struct t${i} l, r; };`).join('');
  const type = cdef(`struct t0 { char c; }; ${levels}` as string).typeof('struct t29');
  expect(type.size).toBe(2 ** 29);
  expect(type.array(new Uint8Array(0)).length).toBe(0);
});
