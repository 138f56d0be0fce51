/**
 * Random structs as C text, for tests of what is made of layouts.
 * @module
 */
import { fc } from './properties.ts';

const BIT_FIELDS = [
  ['char', 8],
  ['unsigned short', 16],
  ['int', 32],
  ['unsigned long', 64],
  ['_Bool', 1],
] as const;
const SCALARS = ['char', 'short', 'int', 'long', 'double', 'void *', 'long double'];

/** What a member is, without its name; null for one that has none. */
type Member = (name: string) => string;

const scalar: fc.Arbitrary<Member> = fc.tuple(fc.constantFrom(...SCALARS), fc.constantFrom('', '', '', '[3]', '[2][5]', '[70]', '[0]')).map(
  ([type, length]) =>
    (name) =>
      `${type} ${name}${length};`,
);

const bitField: fc.Arbitrary<Member> = fc
  .tuple(fc.constantFrom(...BIT_FIELDS), fc.nat(63), fc.constantFrom('named', 'named', 'named', 'named', 'unnamed', 'zero'))
  .map(([[type, bits], width, kind]) => (name) => {
    if (kind === 'zero') return `${type} : 0;`;
    return `${type} ${kind === 'named' ? name : ''} : ${(width % bits) + 1};`;
  });

const alignedScalar: fc.Arbitrary<Member> = fc.tuple(fc.constantFrom(...SCALARS), fc.constantFrom(2, 8, 32)).map(
  ([type, align]) =>
    (name) =>
      `${type} ${name} __attribute__((aligned(${align})));`,
);

const { body } = fc.letrec<{ body: string; nested: Member }>((tie) => ({
  body: fc
    .array(
      fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 5, arbitrary: scalar },
        { weight: 4, arbitrary: bitField },
        { weight: 1, arbitrary: alignedScalar },
        { weight: 1, arbitrary: tie('nested') },
      ),
      { maxLength: 8 },
    )
    // Names need to be unique through transparent members; the depth of a name says where it stands.
    .map((members) => members.map((member, i) => member(`m${i}`)).join(' ')),
  nested: fc.tuple(fc.constantFrom('struct', 'union'), tie('body'), fc.boolean()).map(
    ([kind, text, isNamed]) =>
      (name) =>
        `${kind} { ${isNamed ? text : text.replace(/\bm(?=\d)/g, `${name}_m`)} }${isNamed ? ` ${name}` : ''};`,
  ),
}));

const ATTRIBUTES = [
  '',
  '',
  '',
  'packed',
  'aligned(16)',
  'scalar_storage_order("big-endian")',
  'packed, scalar_storage_order("big-endian")',
];

/** The definition of a struct or union `name`, without the name: `struct { ... }` and its attributes. */
export interface RandomRecord {
  readonly kind: 'struct' | 'union';
  readonly attributes: string;
  readonly members: string;
}

/** Structs of all kinds of members, nested, packed, big-endian, with flexible arrays; sometimes unions. */
export const randomRecord: fc.Arbitrary<RandomRecord> = fc
  .record({
    kind: fc.constantFrom('struct' as const, 'struct' as const, 'struct' as const, 'union' as const),
    attributes: fc.constantFrom(...ATTRIBUTES),
    members: body,
    tail: fc.constantFrom('', '', '', ' short tail[];'),
  })
  .map(({ kind, attributes, members, tail }) => ({
    kind,
    attributes,
    // C wants a named member before a flexible array.
    members: kind === 'struct' && tail !== '' ? `char first; ${members}${tail}` : members,
  }));

/** C text for a record. */
export function recordText({ kind, attributes, members }: RandomRecord, tag: string): string {
  return `${kind} ${attributes === '' ? '' : `__attribute__((${attributes})) `}${tag} { ${members} };`;
}
