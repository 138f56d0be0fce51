import { describe, expect, inject, it } from 'vitest';
import { Cdef } from '../../../src/view/index.ts';
import { cdef } from '../../helpers/loose.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly isEvalAllowed: boolean;
  }
}

const TEXT =
  'struct in { uint8_t n; char text[3]; }; struct p { int32_t x; be16_t y; struct in in; unsigned low : 3, high : 5; uint64_t wide; };';
const VALUES = { x: -1, y: 2, in: { n: 3, text: [97, 98, 0] }, low: 5, high: 17, wide: 2n ** 63n };

function formAfterUse(options: { eval?: boolean }): { isGenerated: boolean; made: unknown } {
  const c = cdef(TEXT, options);
  expect(c.views.compiler.isAllowed).toBe(options.eval ?? true);
  const made = c.new('struct p', VALUES).toObject();
  return { isGenerated: c.views.compiler.isAllowed, made };
}

describe('the form of whole structs', () => {
  it('is generated where this run of the suite allows it, and closures where it does not', () => {
    const { isGenerated, made } = formAfterUse({});
    expect(isGenerated).toBe(inject('isEvalAllowed'));
    expect(made).toEqual(VALUES);
  });

  it('is closures where code is not wanted', () => {
    const { isGenerated, made } = formAfterUse({ eval: false });
    expect(isGenerated).toBe(false);
    expect(made).toEqual(VALUES);
  });

  it('does not hide mistakes in the code that is made', () => {
    const { compiler } = new Cdef().views;
    if (inject('isEvalAllowed')) expect(() => compiler.compile({}, 'return (')).toThrow(SyntaxError);
    else expect(compiler.compile({}, 'return (')).toBeNull();
  });
});

describe('both forms of whole structs', () => {
  const forms = [cdef(TEXT), cdef(TEXT, { eval: false })];
  const p = 'struct p';
  const results = (work: (c: Cdef) => unknown): unknown[] =>
    forms.map((c) => {
      try {
        return work(c);
      } catch (error) {
        return String(error);
      }
    });

  it.each<[string, unknown]>([
    ['all fields', VALUES],
    ['none', {}],
    ['an unknown name', { x: 1, z: 2 }],
    ['an unknown name as often as a missing value', { z: 2 }],
    ['undefined', { x: undefined }],
    ['values of other kinds', { x: 5n, y: true, wide: 7, low: 1.5 }],
    ['values of the wrong kind', { x: 'five' }],
    ['bytes', { in: { text: Uint8Array.of(65, 66) } }],
    ['as many bytes as there are', { in: { n: 1, text: Uint8Array.of(65, 66, 67) } }],
    ['a Buffer of all bytes', { in: { text: Buffer.from('abc') } }],
    ['too many bytes', { in: { text: new Uint8Array(4) } }],
    ['an error within', { y: 7, in: { n: null } }],
    ['inherited names', Object.create({ x: 1 })],
    ['no prototype', Object.assign(Object.create(null), { x: 1 })],
    ['names that objects have', { constructor: 1 }],
    ['a symbol', { [Symbol('x')]: 1, x: 2 }],
    [
      'an object of a class',
      new (class {
        x = 4;
        get y() {
          return 5;
        }
      })(),
    ],
    ['numbers that do not fit', { x: 2 ** 32 + 9, y: -1, low: 9, in: { n: 300 } }],
    ['bytes of the struct', new Uint8Array(24).fill(7)],
    ['an array', [1, 2]],
    ['a number', 5],
    ['null', null],
  ])('do the same with %s', (_, values) => {
    for (const work of [
      (c: Cdef) => c.new(p, values as never).toObject(),
      (c: Cdef) => {
        const view = c.new(p, { x: 1, y: 1, low: 1, in: { n: 1, text: 'abc' } });
        try {
          view.set(values);
        } catch (error) {
          return [String(error), view.toObject()];
        }
        return view.toObject();
      },
      (c: Cdef) => c.typeof('struct p[2]').new([values]).toArray(),
    ]) {
      const [generated, closures] = results(work as (c: Cdef) => unknown);
      expect(generated).toEqual(closures);
    }
  });

  it('take names of fields that JavaScript has a meaning for', () => {
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'arguments',
      'eval',
      'await',
      'let',
      'yield',
      'values',
      'bytes',
      'v0',
      'seen',
      'set',
      'toObject',
      'ordinary',
    ];
    const text = `struct n { uint8_t ${names.join(', ')}; };`;
    const entries = names.map((name, i) => [name, i + 1] as const);
    for (const c of [cdef(text), cdef(text, { eval: false })]) {
      const view = c.new('struct n', Object.fromEntries(entries));
      expect(JSON.stringify(view)).toBe(`{${entries.map(([name, value]) => `"${name}":${value}`).join()}}`);
    }
  });

  it('store byte arrays of all lengths at their places', () => {
    const lengths = [1, 4, 0, 16, 33, 5, 20, 64, 65, 2, 300];
    const text = `struct b { ${lengths.map((length, i) => `uint8_t f${i}[${length}]; int8_t g${i};`).join(' ')} };`;
    const octets = (length: number, from: number): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i * 7);
    for (const shorter of [0, 1]) {
      const given = Object.fromEntries(lengths.map((length, i) => [`f${i}`, octets(Math.max(0, length - shorter), i)]));
      const [generated, closures] = [cdef(text), cdef(text, { eval: false })].map((c) => c.new('struct b', given).bytes);
      expect(generated).toEqual(closures);
      let at = 0;
      for (const [i, length] of lengths.entries()) {
        const one = given[`f${i}`] as Uint8Array;
        expect([...(generated as Uint8Array).subarray(at, at + length)]).toEqual([...one, ...new Uint8Array(length - one.length)]);
        at += length + 1;
      }
    }
  });

  it('let the last name win in a union', () => {
    for (const c of [cdef('union u { uint8_t a; uint16_t b; };'), cdef('union u { uint8_t a; uint16_t b; };', { eval: false })]) {
      expect(c.new('union u', { b: 0x1234, a: 0xff }).b).toBe(0x12ff);
      expect(c.new('union u', { a: 0xff, b: 0x1234 }).b).toBe(0x1234);
    }
  });

  it('refuse integers that do not fit where that is asked for', () => {
    for (const isCodeMade of [true, false]) {
      const c = cdef(TEXT, { overflow: 'throw', eval: isCodeMade });
      expect(() => c.new(p, { y: 65536 })).toThrow(RangeError);
      expect(() => c.new(p).set({ y: 65536 })).toThrow(RangeError);
      expect(c.new(p, { y: 65535 }).y).toBe(65535);
    }
  });

  it('set const fields at the start only', () => {
    for (const isCodeMade of [true, false]) {
      const c = cdef('struct k { const int a; int b; };', { eval: isCodeMade });
      const view = c.new('struct k', { a: 1, b: 2 });
      expect(() => view.set({ a: 3 })).toThrow(TypeError);
      view.set({ b: 4 });
      expect(view.toObject()).toEqual({ a: 1, b: 4 });
    }
  });
});
