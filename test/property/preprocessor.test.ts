import { describe, expect, it } from 'vitest';
import { CdefError } from '../../src/util/errors.ts';
import { Cdef } from '../../src/view/index.ts';
import { PREPROCESSED } from '../helpers/preprocessed.ts';
import { fc } from '../helpers/properties.ts';

const include = ({ name }: { name: string }): { name: string; text: string } | null =>
  name === 'a.h' ? { name, text: '#ifndef A\n#define A f(x) g\nint inc;\n#endif\n#include "b.h"\n' } : null;

/** Reads a text both ways; raises on everything but a CdefError, and on what takes long. */
function reads(text: string): void {
  for (const error of new Cdef().namespace.declareAll(text, 'f.h', { include })) expect(error).toBeInstanceOf(CdefError);
  try {
    new Cdef().cdef(text, { include });
  } catch (error) {
    if (!(error instanceof CdefError)) throw error;
  }
}

const PIECES = [
  ...['#define ', '#undef ', '#if ', '#ifdef ', '#elif ', '#else\n', '#endif\n', '#include "a.h"\n', '#line 3\n', '#pragma pack(1)\n'],
  ...['f', 'g', 'f(', 'g(x', 'x', ')', '(', ',', '#', '##', '...', '__VA_ARGS__', '__VA_OPT__(', 'defined ', '\n', '\n', '\\\n', ' '],
  ...[
    '1',
    '+',
    '"s"',
    "'c'",
    '"',
    "'",
    '/*',
    '*/',
    '//',
    'int ',
    'struct s {',
    '};',
    ';',
    '_Pragma("pack(2)")',
    '__LINE__',
    '@',
    '\0',
    'é',
  ],
];

describe('preprocessing', () => {
  it('of random pieces ends in text or a CdefError', () => {
    const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((list) => list.join(''));
    fc.assert(fc.property(soup, reads), { numRuns: 1500 });
  });

  it('of texts with mistakes ends in text or a CdefError', () => {
    const mutation = fc.tuple(fc.nat(300), fc.nat(8), fc.constantFrom('', ...PIECES));
    const mutated = fc
      .tuple(fc.constantFrom(...PREPROCESSED), fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([[whole], list]) => list.reduce((text, [at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed), whole));
    fc.assert(fc.property(mutated, reads), { numRuns: 1500 });
  });
});
