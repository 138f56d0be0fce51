import { describe, expect, it } from 'vitest';
import { fieldsOf, isRecord } from '../../src/ctype/index.ts';
import { type Cdef, cdef } from '../../src/view/index.ts';
import { fc } from '../helpers/properties.ts';

// Integer types with their bits, and whether they are signed.
const INTEGERS = [
  ['char', 8, true],
  ['unsigned char', 8, false],
  ['short', 16, true],
  ['unsigned short', 16, false],
  ['int', 32, true],
  ['unsigned', 32, false],
  ['long', 64, true],
  ['unsigned long', 64, false],
  ['_Bool', 1, false],
] as const;

interface Member {
  readonly type: string;
  readonly bits: number;
  readonly isSigned: boolean;
  readonly isBitField: boolean;
}

const member: fc.Arbitrary<Member> = fc
  .tuple(fc.constantFrom(...INTEGERS), fc.option(fc.integer({ min: 1, max: 64 }), { freq: 4 }))
  .map(([[type, bits, isSigned], width]) => ({
    type,
    bits: width === null ? bits : ((width - 1) % bits) + 1,
    isSigned,
    isBitField: width !== null,
  }));
const attributes = fc.constantFrom(
  '',
  '__attribute__((packed))',
  '__attribute__((scalar_storage_order("big-endian")))',
  '__attribute__((packed, scalar_storage_order("big-endian")))',
);
const struct = fc.record({ attributes, members: fc.array(member, { minLength: 1, maxLength: 10 }) });

function declare({ attributes: list, members }: { attributes: string; members: readonly Member[] }): Cdef {
  const body = members.map(({ type, bits, isBitField }, i) => `${type} m${i}${isBitField ? ` : ${bits}` : ''};`);
  return cdef(`struct ${list} s { ${body.join(' ')} };`);
}

/** `value` as a member of so many bits holds it. */
function held({ type, bits, isSigned }: Member, value: bigint): bigint {
  if (type === '_Bool') return value === 0n ? 0n : 1n;
  return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

const asBigInt = (value: unknown): bigint => BigInt(value as number | bigint | boolean);

describe('members of random structs', () => {
  it('give back what was written, and change no bit of one another', () => {
    const values = fc.array(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(struct, values, fc.constantFrom(0, 0xff), fc.nat(7), (shape, written, filling, offset) => {
        const type = declare(shape).typeof('struct s');
        const buffer = new Uint8Array((type.size as number) + 16).fill(filling);
        const view = type.view(buffer, offset);
        const filled = filling === 0 ? 0n : -1n;
        shape.members.forEach((one, i) => {
          expect(asBigInt(view[`m${i}`])).toBe(held(one, filled));
        });
        shape.members.forEach((one, i) => {
          const before = shape.members.map((_, j) => view[`m${j}`]);
          view[`m${i}`] = written[i];
          expect(asBigInt(view[`m${i}`])).toBe(held(one, written[i] as bigint));
          before.forEach((old, j) => {
            if (j !== i) expect(view[`m${j}`]).toBe(old);
          });
        });
        expect([...buffer.subarray(0, offset), ...buffer.subarray(offset + (type.size as number))].every((byte) => byte === filling)).toBe(
          true,
        );
        // Back to what it was: nothing but members has changed.
        shape.members.forEach((_, i) => {
          view[`m${i}`] = filled;
        });
        const changed = [...buffer].filter((byte) => byte !== filling);
        expect(shape.members.some(({ type: name }) => name === '_Bool') && filling !== 0 ? [] : changed).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('never overlap, stay inside, and the size is a multiple of the alignment', () => {
    fc.assert(
      fc.property(struct, (shape) => {
        const type = declare(shape).typeof('struct s').ctype;
        if (!isRecord(type)) throw new Error('no struct');
        let end = 0;
        for (const field of fieldsOf(type).values()) {
          const start = field.bits?.bitOffset ?? field.offset * 8;
          expect(start).toBeGreaterThanOrEqual(end);
          end = start + (field.bits?.bitWidth ?? (field.type.size as number) * 8);
        }
        expect(end).toBeLessThanOrEqual((type.size as number) * 8);
        expect((type.size as number) % type.align).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same through toObject, new and JSON', () => {
    const values = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(struct, values, (shape, written) => {
        const c = declare(shape);
        const view = c.new('struct s', Object.fromEntries(shape.members.map((_, i) => [`m${i}`, written[i]])));
        const copy = c.new('struct s', view.toObject());
        expect(copy.toObject()).toEqual(view.toObject());
        expect(JSON.stringify(copy)).toBe(JSON.stringify(view));
      }),
      { numRuns: 200 },
    );
  });
});

describe('cursors', () => {
  it('read and write what views do', () => {
    const scalars = [
      'char',
      'unsigned char',
      'int16_t',
      'be16_t',
      'le32_t',
      'be32_t',
      'int',
      'uint64_t',
      'be64_t',
      'int64_t',
      'float',
      'double',
      'enum e',
      'bool',
    ];
    const orders = ['', '__attribute__((scalar_storage_order("big-endian")))'];
    const data = fc.uint8Array({ minLength: 100, maxLength: 100 });
    const values = fc.array(fc.oneof(fc.integer(), fc.double(), fc.bigInt()), { minLength: scalars.length, maxLength: scalars.length });
    for (const order of orders) {
      const c = cdef(
        `enum e { A = -1 }; struct __attribute__((packed)) ${order} s { ${scalars.map((type, i) => `${type} m${i};`).join(' ')} };` as string,
      );
      const type = c.typeof('struct s');
      const cursor = type.cursor(new Uint8Array(100), 3);
      expect(Object.getOwnPropertyNames(Object.getPrototypeOf(cursor))).toEqual(
        expect.arrayContaining(scalars.slice(0, -1).map((_, i) => `m${i}`)),
      );
      fc.assert(
        fc.property(data, values, fc.nat(30), (bytes, written, offset) => {
          const byView = type.view(bytes.slice(), offset);
          const byCursor = type.cursor(bytes.slice(), offset);
          expect(byCursor.toObject()).toEqual(byView.toObject());
          written.forEach((value, i) => {
            const outcomes = [byView, byCursor].map((view) => {
              try {
                view[`m${i}`] = value;
                return 'set';
              } catch (error) {
                return String(error);
              }
            });
            expect(outcomes[1]).toBe(outcomes[0]);
          });
          expect(byCursor.bytes).toEqual(byView.bytes);
        }),
      );
    }
  });
});

describe('random types', () => {
  const leaf = fc.constantFrom(
    'int',
    'unsigned char',
    'const char',
    'volatile long',
    'double',
    'void *',
    'struct p',
    'const struct p',
    'enum e',
    'bool',
    'be32_t',
    'float _Complex',
    'long double',
    'unsigned __int128',
    'size_t',
  );
  // Around `$`, the declarator so far.
  const around = fc.constantFrom(
    '*$',
    '*const $',
    '(*$)',
    '($)[3]',
    '(*$)[2]',
    '(*$)(void)',
    '(*$)(int, char *)',
    '(*$)(const char *, ...)',
    '*volatile $',
  );

  it('printed and read again are the same types', () => {
    const c = cdef('struct p { int x; }; enum e { A };');
    fc.assert(
      fc.property(leaf, fc.array(around, { maxLength: 6 }), (base, layers) => {
        const declarator = layers.reduceRight((inner, layer) => layer.replace('$', inner), '');
        let type: ReturnType<typeof c.typeof>;
        try {
          type = c.typeof(`${base} ${declarator}`);
        } catch {
          // Arrays of functions and the like are no types.
          return;
        }
        expect(c.typeof(type.name)).toBe(type);
        expect(c.typeof(`${base} ${declarator}`)).toBe(type);
      }),
      { numRuns: 1000 },
    );
  });
});
