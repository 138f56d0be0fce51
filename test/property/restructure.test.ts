import * as r from 'restructure';
import { expect, it } from 'vitest';
import { codec, decodeFrom, fromRestructure } from '../../src/codec/index.ts';
import { fc } from '../helpers/properties.ts';
import { hex } from '../helpers/bytes.ts';

/** A field: its restructure type, how a view's value reads in restructure's terms, and values it can encode. */
interface Kind {
  readonly type: r.Type<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: numbers, views, structs
  readonly same: (value: any) => unknown;
  readonly values: fc.Arbitrary<unknown>;
}

const unchanged = (value: unknown): unknown => value;
const number = (type: r.Number, values: fc.Arbitrary<unknown>): Kind => ({ type, same: unchanged, values });
const BITS = [8, 16, 24, 32] as const;
const integers: Kind[] = BITS.flatMap((bits) =>
  (['BE', 'LE'] as const).flatMap((endian) => [
    number(new r.Number(`UInt${bits}`, endian), fc.integer({ min: 0, max: 2 ** bits - 1 })),
    number(new r.Number(`Int${bits}`, endian), fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })),
  ]),
);
const floats: Kind[] = [
  number(r.floatbe, fc.float()),
  number(r.floatle, fc.float()),
  number(r.doublebe, fc.double()),
  number(r.doublele, fc.double()),
];
const unsigned = integers.filter(({ type }) => (type as r.Number).type.startsWith('U')).map(({ type }) => type as r.Number);

const scalar = fc.constantFrom(...integers, ...floats);
const boolean: fc.Arbitrary<Kind> = fc
  .constantFrom(...unsigned)
  .map((type) => ({ type: new r.Boolean(type), same: Boolean, values: fc.boolean() }));
const enumeration: fc.Arbitrary<Kind> = fc.constantFrom(...unsigned).map((type) => {
  const options = ['A', 'B', 'C'];
  return { type: new r.Enum(type, options), same: (value: number) => options[value] ?? value, values: fc.constantFrom(...options) };
});
const bitfield: fc.Arbitrary<Kind> = fc
  .tuple(fc.constantFrom(...unsigned), fc.array(fc.boolean(), { maxLength: 32 }))
  .map(([type, isNamed]) => {
    const flags = isNamed.slice(0, type.size() * 8).map((named, i) => (named ? `f${i}` : null));
    const names = flags.filter((flag) => flag !== null);
    const values = fc.record(Object.fromEntries(names.map((name) => [name, fc.boolean()])));
    return { type: new r.Bitfield(type, flags), same: (view) => view.toObject(), values };
  });
const bytes: fc.Arbitrary<Kind> = fc.nat(5).chain((length) => {
  const data = fc.uint8Array({ minLength: length, maxLength: length });
  return fc.constantFrom(
    { type: new r.Buffer(length), same: (view: { bytes: Uint8Array }) => Uint8Array.from(view.bytes), values: data },
    {
      type: new r.String(length, 'ascii'),
      same: (view: { bytes: Uint8Array }) => new TextDecoder('ascii').decode(view.bytes),
      values: data.map((all) => String.fromCharCode(...all.map((byte) => byte & 0x7f))),
    },
    { type: new r.Reserved(r.uint16be, length), same: () => undefined, values: fc.constant(undefined) },
  );
});

const named = (kinds: Kind[]): [string, Kind][] => kinds.map((kind, i) => [`m${i}`, kind]);
const structOf = (kinds: Kind[]): Kind => ({
  type: new r.Struct(Object.fromEntries(named(kinds).map(([name, { type }]) => [name, type]))),
  same: (view) => {
    const entries = named(kinds).map(([name, { same }]) => [name, same(view[name])]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  },
  values: fc.record(Object.fromEntries(named(kinds).map(([name, { values }]) => [name, values]))),
});
const arrayOf = (kind: Kind, length: number): Kind => ({
  type: new r.Array(kind.type, length),
  same: (view) => Array.from(view, kind.same),
  values: fc.array(kind.values, { minLength: length, maxLength: length }),
});
const is24 = ({ type }: Kind): boolean =>
  [type, (type as r.Boolean).type].some((one) => one instanceof r.Number && one.type.endsWith('24'));

const { struct } = fc.letrec<{ struct: Kind; field: Kind }>((tie) => ({
  struct: fc.array(tie('field'), { maxLength: 6 }).map(structOf),
  field: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: boolean },
    { weight: 1, arbitrary: enumeration },
    { weight: 1, arbitrary: bitfield },
    { weight: 1, arbitrary: bytes },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('field'), fc.nat(3))
        .filter(([kind]) => !is24(kind) || kind.type instanceof r.Bitfield)
        .map(([kind, length]) => arrayOf(kind, length)),
    },
    { weight: 1, arbitrary: tie('struct') },
  ),
}));

// Bytes beyond ASCII and NaN's payload have no one value in both.
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one) => (one instanceof Uint8Array ? [...one] : Object.is(one, -0) ? '-0' : one)));

it('views of random structs show what restructure decodes', () => {
  fc.assert(
    fc.property(struct, fc.uint8Array({ minLength: 2000, maxLength: 2000 }), ({ type, same }, noise) => {
      const ctype = fromRestructure(type);
      expect(ctype.size).toBe(type.size());
      const source = noise.slice(0, ctype.size as number);
      const decoded = (type as r.Struct<object>).fromBuffer(source);
      expect(plain(same(ctype.view(source)))).toEqual(plain(decoded));
      // And so does the stream that checks.
      expect(plain(decodeFrom(type, source).value)).toEqual(plain(decoded));
    }),
    { numRuns: 400 },
  );
});

it('views of random structs encode to what restructure encodes', () => {
  const valued = struct.chain((kind) => kind.values.map((value) => ({ ...kind, value })));
  fc.assert(
    fc.property(valued, ({ type, same, value }) => {
      const encoded = (type as r.Struct<object>).toBuffer(value as object);
      const ctype = fromRestructure(type);
      const view = ctype.view(encoded);
      expect(hex((type as r.Struct<object>).toBuffer(same(view) as object))).toBe(hex(encoded));
      // Written field by field, and through the codec.
      const copy = codec(ctype).toBuffer(view.toObject());
      expect(hex(copy)).toBe(hex(encoded));
    }),
    { numRuns: 400 },
  );
});
