/**
 * Modules that `cdef types` writes, for random declarations: they compile, they agree with what the compiler infers, and
 * standalone classes read and write what views do.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AbiName, ABIS, fieldsOf, isRecord, type RecordType } from '../../src/ctype/index.ts';
import { standaloneTypeScript, typesAsTypeScript } from '../../src/report/index.ts';
import { ArrayView, type Cdef, RecordView } from '../../src/view/index.ts';
import { cdef } from '../helpers/loose.ts';
import { fc } from '../helpers/properties.ts';
import { type CompilerName, makeWorkbench, type Workbench } from './compilers.ts';

const TIMEOUT = 120_000;
let bench: Workbench;
beforeAll(() => {
  bench = makeWorkbench();
}, TIMEOUT);
afterAll(() => bench.remove());

// ---- Random declarations

type Member = (name: string) => string;
const SCALARS = `char;signed char;uint8_t;short;unsigned short;int;unsigned;long;unsigned long;long long;uint64_t;size_t;float;double;bool;
  long double;be16_t;be32_t;be64_t;sbe16_t;sbe32_t;byte;octets;enum color;struct inner;const int;volatile short;double _Complex`.split(
  /;\s*/,
);
const BIT_FIELDS = [
  ['signed char', 8],
  ['unsigned short', 16],
  ['int', 32],
  ['unsigned', 32],
  ['long long', 64],
  ['unsigned long long', 64],
  ['_Bool', 1],
] as const;
const plain: fc.Arbitrary<Member> = fc
  .tuple(fc.constantFrom(...SCALARS), fc.constantFrom('', '', '', '[3]', '[2][2]', '[COUNT]', '[0x2]'))
  .map(
    ([type, length]) =>
      (name) =>
        `${type} ${name}${length};`,
  );
const pointer: fc.Arbitrary<Member> = fc
  .constantFrom(
    'const char *$',
    'void *$',
    'struct inner *$, *$2',
    'struct opaque *$',
    'int **$',
    'int (*$)(int, const char *)',
    'byte *$[2]',
  )
  .map((text) => (name) => `${text.replaceAll('$', name)};`);
const bitField: fc.Arbitrary<Member> = fc.tuple(fc.constantFrom(...BIT_FIELDS), fc.nat(63)).map(
  ([[type, bits], width]) =>
    (name) =>
      `${type} ${name} : ${(width % bits) + 1};`,
);
const nested: fc.Arbitrary<Member> = fc
  .tuple(
    fc.constantFrom('struct', 'union'),
    fc.array(fc.oneof(plain, bitField), { minLength: 1, maxLength: 4 }),
    fc.constantFrom('$', '', '$[2]'),
  )
  .map(
    ([kind, members, declarator]) =>
      (name) =>
        `${kind} { ${members.map((member, i) => member(`${name}_${i}`)).join(' ')} } ${declarator.replace('$', name)};`,
  );
const ATTRIBUTES = ['', '__attribute__((packed)) ', '__attribute__((packed, scalar_storage_order("big-endian"))) '];
const NAMES = [
  'op',
  'constructor',
  '__proto__',
  'toJSON',
  'toObject',
  'class',
  'get',
  'length',
  'hasOwnProperty',
  'prototype',
  'bytes',
  'x',
];
const unit = fc
  .record({
    attributes: fc.constantFrom(...ATTRIBUTES),
    members: fc.array(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 3, arbitrary: bitField }, pointer, nested), {
      minLength: 1,
      maxLength: 12,
    }),
    abi: fc.constantFrom(...(Object.keys(ABIS) as AbiName[])),
  })
  .map(({ attributes, members, abi }) => ({
    abi,
    text: `#define COUNT 3
typedef unsigned char byte;
typedef uint8_t octets[4];
enum color { RED, GREEN = 0x10 };
struct inner { int16_t a; uint64_t b; };
struct opaque;
struct ${attributes}s { ${members.map((member, i) => member(NAMES[i] ?? `m${i}`)).join(' ')} };
typedef struct { struct s s; } holder, *holder_p;
int send(const struct s *s, const char *text, size_t count, double values[3], void (*done)(int));
holder_p find(uint64_t id, ...);
void *map(void);
`,
  }));
const units = fc.sample(unit, { numRuns: 40, ...(process.env['CI'] === undefined ? {} : { seed: 1 }) });
const declared: Cdef[] = units.map(({ text, abi }) => cdef(text, { abi }));

// TypeScript 5.0 gives fields of an intersection that are named as members of `Object` the type of those, too.
function textFor(compiler: CompilerName, text: string): string {
  return compiler === 'oldest' ? text.replace(/\b(?:constructor|hasOwnProperty)/g, 'own_$&') : text;
}

function filesOf(name: string, make: (c: Cdef) => string): Record<string, string> {
  return Object.fromEntries(declared.map((c, i) => [`${name}${i}.ts`, make(c)]));
}

describe.each<CompilerName>(['oldest', 'newest'])('generated types, in the %s TypeScript', (compiler) => {
  it('compile, and are mutually assignable with inferred ones', { timeout: TIMEOUT }, () => {
    const types = Object.fromEntries(
      units.map(({ text, abi }, i) => [`types${i}.ts`, typesAsTypeScript(cdef(textFor(compiler, text), { abi }).namespace)]),
    );
    const checks = units.map(({ text, abi }, i) => [
      `check${i}.ts`,
      `import { cdef, type Inferred } from 'cdef';
import type { Types } from './types${i}.js';
type Text = ${JSON.stringify(textFor(compiler, text))};
type Own = Inferred<Text, '${abi}'>;
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : { generated: A; inferred: B }) : { generated: A; inferred: B };
type Each<A, B> = { [K in keyof A | keyof B]: K extends keyof A & keyof B ? Mutual<A[K], B[K]> : K };
type AllTrue<T> = { [K in keyof T as T[K] extends true ? never : K]: T[K] };
type Known<T> = { [K in keyof T as 0 extends 1 & T[K] ? never : K]: T[K] };
export const types: {} extends AllTrue<Each<Types['types'], Own['types']>> ? true : AllTrue<Each<Types['types'], Own['types']>> = true;
export const fields: {} extends AllTrue<Each<Types['types']['struct s'], Own['types']['struct s']>> ? true : AllTrue<Each<Types['types']['struct s'], Own['types']['struct s']>> = true;
export const constants: {} extends AllTrue<Each<Types['constants'], Own['constants']>> ? true : AllTrue<Each<Types['constants'], Own['constants']>> = true;
export const functions: {} extends AllTrue<Each<Types['functions'], Own['functions']>> ? true : AllTrue<Each<Types['functions'], Own['functions']>> = true;
// Not because one of them is \`any\`.
export const known: keyof Known<Own['types']['struct s']> = null as never as keyof Types['types']['struct s'];
const c = cdef<Types>('' as string, { abi: '${abi}' });
export const value: number = c.new('struct inner', { a: 1 }).a + c.C.GREEN + c.sizeof('struct s');
// @ts-expect-error a misspelt field
c.new('struct inner', { aa: 1 });
`,
    ]);
    const { errors } = bench.compile(compiler, { ...types, ...(Object.fromEntries(checks) as Record<string, string>) });
    const first = /^check(\d+)/m.exec(errors)?.[1];
    expect(errors, first === undefined ? '' : `${units[Number(first)]?.abi}: ${units[Number(first)]?.text}`).toBe('');
  });
});

// ---- Standalone classes

// A value of a view or of a standalone object, as plain data; `null` where they differ by design.
function plainView(value: unknown): unknown {
  if (value instanceof ArrayView) return Array.from({ length: value.length }, (_, i) => plainView(value.at(i)));
  return value instanceof RecordView
    ? fieldsOfView(value, (value as unknown as { [key: symbol]: RecordType })[typeSymbol(value)] as RecordType)
    : value;
}

function typeSymbol(view: RecordView): symbol {
  return Object.getOwnPropertySymbols(Object.getPrototypeOf(view)).find((symbol) => symbol.description === 'type') as symbol;
}

function innermost(type: RecordType | { kind: string }): { kind: string; size?: number | null } {
  let inner = type as { kind: string; element?: { kind: string } };
  while (inner.kind === 'array' && inner.element !== undefined) inner = inner.element;
  return inner;
}

function isComparable(type: { kind: string }): boolean {
  const inner = innermost(type);
  return inner.kind !== 'pointer' && !(inner.kind === 'float' && (inner.size ?? 0) > 8);
}

function fieldsOfView(view: RecordView, type: RecordType): unknown {
  return [...fieldsOf(type).values()].flatMap((field) =>
    isComparable(field.type) ? [[field.name, plainView((view as unknown as Record<string, unknown>)[field.name])]] : [],
  );
}

function plainAlone(value: unknown, type: { kind: string }): unknown {
  if (type.kind === 'array')
    return Array.from(value as Iterable<unknown>, (one) => plainAlone(one, (type as unknown as { element: { kind: string } }).element));
  if (type.kind !== 'struct' && type.kind !== 'union') return value;
  return [...fieldsOf(type as RecordType).values()].flatMap((field) =>
    isComparable(field.type) ? [[field.name, plainAlone((value as Record<string, unknown>)[field.name], field.type)]] : [],
  );
}

type Standalone = Record<string, new (bytes: Uint8Array, offset?: number) => Record<string, unknown>>;

describe('standalone classes', () => {
  it('compile without the library, and read and write what views do', { timeout: TIMEOUT }, async () => {
    const { errors } = bench.emit(filesOf('alone', (c) => standaloneTypeScript(c.namespace)));
    expect(errors).toBe('');
    for (const [i, c] of declared.entries()) {
      const where = units[i]?.text ?? '';
      const classes = (await import(/* @vite-ignore */ pathToFileURL(path.join(bench.folder, `alone${i}.js`)).href)) as Standalone;
      const type = c.typeof('struct s');
      const { ctype } = type;
      if (!isRecord(ctype)) throw new Error('no struct');
      const Class = classes['s'] as Standalone[string] & { SIZE: number };
      const size = ctype.size as number;
      expect(Class.SIZE).toBe(size);
      const [random] = fc.sample(fc.uint8Array({ minLength: size + 5, maxLength: size + 5 }), 1) as [Uint8Array];
      const [other] = fc.sample(fc.uint8Array({ minLength: size + 5, maxLength: size + 5 }), 1) as [Uint8Array];
      const source = type.view(other, 2);
      const ours = random.slice();
      const theirs = random.slice();
      const view = type.view(ours, 3);
      const alone = new Class(theirs, 3);
      expect(plainAlone(alone, ctype), where).toEqual(plainView(view));
      // Every field is set from the same field of other bytes.
      for (const field of fieldsOf(ctype).values()) {
        if (!isComparable(field.type) || isConst(field.type)) continue;
        view[field.name] = source[field.name];
        alone[field.name] = new Class(other, 2)[field.name];
        expect(theirs, `${where}\n${field.name}`).toEqual(ours);
      }
      expect(() => new Class(theirs, 6)).toThrow(RangeError);
      expect(() => new Class(theirs, 0.5)).toThrow(RangeError);
    }
  });
});

function isConst(type: { kind: string }): boolean {
  return (innermost(type) as { isConst?: boolean }).isConst === true;
}
