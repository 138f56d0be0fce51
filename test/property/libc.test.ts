/**
 * The C library against arguments of all kinds: it answers, or raises one of the ffi's errors.
 * @module
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CData, createLibc, Ffi } from '../../src/ffi/index.ts';
import { CdefError, FfiError, MemoryAccessError } from '../../src/index.ts';
import { Cdef } from '../../src/view/index.ts';
import { plainAdapter, type PlainValue } from '../helpers/lua-values.ts';
import { LIBC_PRELUDE } from '../helpers/libc-snippets.ts';

const DECLARATIONS = `${/ffi\.cdef \[\[(.*?)\]\]/s.exec(LIBC_PRELUDE)?.[1]} int printf(const char *, ...); int puts(const char *);`;
const NAMES = [...DECLARATIONS.matchAll(/(\w+)\((?!\*)/g)].map(([, name]) => name as string);

function prepared(): Ffi<PlainValue> {
  const cdef = new Cdef();
  cdef.cdef(DECLARATIONS);
  const host = {
    write: () => {},
    environment: () => undefined,
    now: () => 1e12,
    monotonic: () => 1,
    processor: () => 1,
    heapLimit: 2 ** 24,
  };
  return new Ffi(cdef, plainAdapter, createLibc(host));
}

// One for all: callbacks live on.
const comparisons = new WeakMap<Ffi<PlainValue>, PlainValue>();
function comparisonOf(ffi: Ffi<PlainValue>): PlainValue {
  const known = comparisons.get(ffi);
  if (known !== undefined) return known;
  const made = ffi.creation.cast('comparison', (a: PlainValue, b: PlainValue) => ((a as CData).offset < (b as CData).offset ? 1 : -1));
  comparisons.set(ffi, made);
  return made;
}

type Make = (ffi: Ffi<PlainValue>) => PlainValue;

const cast =
  (type: string, value: PlainValue): Make =>
  (ffi) =>
    ffi.creation.cast(type, value);
const integer = fc.oneof(
  fc.integer({ min: -3, max: 70 }),
  fc.constantFrom(-1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 62, -(2 ** 31), 0.5, Number.NaN, Number.POSITIVE_INFINITY),
);
const format = fc
  .array(
    fc.tuple(
      fc.string({ maxLength: 2 }),
      fc.stringMatching(/^%[-+ #0']{0,3}(\*|\d{0,3})(\.(\*|-?\d{0,2}))?(hh|h|l|ll|j|z|t|L)?[diouxXcspfFeEgGaAnm%k]$/),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.flat().join(''));
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  format,
  fc.constantFrom('0x1p-1074', '1e999', '::ffff:1.2.3.4', '1.2.3.4', 'inf', '-0x'),
);
const value: fc.Arbitrary<Make> = fc.oneof(
  integer.map(
    (n): Make =>
      () =>
        n,
  ),
  text.map(
    (s): Make =>
      () =>
        s.replaceAll(/[^\0-\xff]/g, '?'),
  ),
  fc.constant<Make>(() => null),
  fc.tuple(fc.constantFrom('int', 'int64_t', 'uint8_t', 'float'), integer).map(([type, n]) => cast(type, n)),
  fc.constantFrom(0, 16, 4096, -1).map((n) => cast('void *', n)),
  // Memory with and without a NUL, and pointers into it and beside it.
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 255 })).map(
    ([size, fill]): Make =>
      (ffi) =>
        ffi.creation.new('char[?]', [size, fill]),
  ),
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -2, max: 42 })).map(
    ([size, offset]): Make =>
      (ffi) =>
        ffi.arithmetic.arithmetic('__add', ffi.creation.new('char[?]', [size, 65]), offset),
  ),
  fc.constant<Make>((ffi) => comparisonOf(ffi)),
  fc.constant<Make>((ffi) => ffi.call(ffi.symbols.get('malloc') as CData, [8])),
);

const isKnown = (error: unknown): boolean => error instanceof FfiError || error instanceof MemoryAccessError || error instanceof CdefError;

describe('the C library', () => {
  it('finds the functions it is to call', () => {
    expect(NAMES.length).toBeGreaterThan(100);
    const ffi = prepared();
    for (const name of NAMES) expect(ffi.symbols.get(name)).toBeInstanceOf(CData);
  });

  it('answers all calls, or raises an error of the ffi', () => {
    let answered = 0;
    const ffi = prepared();
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.array(value, { minLength: 1, maxLength: 6 }), (name, makes) => {
        const fn = ffi.symbols.get(name) as CData;
        const values = makes.map((make) => make(ffi));
        const type = fn.type;
        const count = type.kind === 'function' && !type.variadic ? type.parameters.length : values.length;
        while (values.length < count) values.push(values[0] as PlainValue);
        try {
          ffi.call(fn, values.slice(0, count));
          answered++;
        } catch (error) {
          if (!isKnown(error)) throw error;
        }
      }),
      { numRuns: 5000, seed: 20 },
    );
    expect(answered).toBeGreaterThan(500);
  });
});
