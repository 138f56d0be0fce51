/**
 * Random declarations that gcc accepts, nearly always: units of a few declarations that need nothing else.
 *
 * Everything is an arbitrary of a `Writer`, a function that writes text when it is told which types exist so far. So
 * fast-check makes and shrinks what a unit consists of, and names always fit together.
 * @module
 */
import { ABIS, type AbiName } from '../../src/ctype/index.ts';
import { fc } from '../helpers/properties.ts';

/** A type with a name, for use in later declarations. */
interface Known {
  readonly spelling: string;
  readonly kind: 'record' | 'enum' | 'integer' | 'other';
  /** Bits of an integer or enum. */
  readonly bits: number;
}

/** What a unit has declared so far. */
export class Scope {
  /** Of `long`. */
  readonly longBits: 32 | 64;
  readonly #suffix: string;
  #count = 0;
  #packs = 0;
  readonly known: Known[] = [];
  /** Expressions whose values are not negative. */
  readonly expressions: string[] = [];

  constructor(abi: AbiName, suffix: string) {
    this.longBits = ABIS[abi].longSize === 8 ? 64 : 32;
    this.#suffix = suffix;
  }

  /** A new name, unique among all units. */
  name(letter: string): string {
    return `${letter}${this.#count++}${this.#suffix}`;
  }

  /** One of the types that fit; null where there is none. */
  pick(index: number, fits: (known: Known) => boolean = () => true): Known | null {
    const fitting = this.known.filter(fits);
    // From the end: the smallest index is the latest type.
    return fitting.length === 0 ? null : (fitting[fitting.length - 1 - (index % fitting.length)] as Known);
  }

  /** What `#pragma pack` may do within a body. */
  pack(index: number): string {
    if (index % 3 === 0 && this.#packs > 0) {
      this.#packs--;
      return 'pop';
    }
    const action = ['2', '1', '4', '', 'push, 1', 'push, 2', 'push', 'push, 4'][index % 8] as string;
    if (action.startsWith('push')) this.#packs++;
    return action;
  }
}

/** Writes a piece of C. */
export type Writer = (scope: Scope) => string;

type Pieces = fc.Arbitrary<Writer>;

const INDEX = fc.nat(1000);

function fixed(...texts: string[]): Pieces {
  return fc.constantFrom(...texts).map((text) => () => text);
}

/** `pieces`, or nothing. */
function sometimes(share: number, pieces: Pieces): Pieces {
  const percent = Math.round(share * 100);
  return fc.oneof({ withCrossShrink: true }, { weight: 100 - percent, arbitrary: fixed('') }, { weight: percent, arbitrary: pieces });
}

function joined(writers: readonly Writer[], separator: string): Writer {
  return (scope) =>
    writers
      .map((writer) => writer(scope))
      .filter((text) => text !== '')
      .join(separator);
}

function oneOf(...choices: [number, Pieces][]): Pieces {
  return fc.oneof({ withCrossShrink: true }, ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

function list(pieces: Pieces, minLength: number, maxLength: number, separator: string): Pieces {
  return fc.array(pieces, { minLength, maxLength }).map((writers) => joined(writers, separator));
}

// ---- numbers

const SPELLINGS: readonly ((n: number) => string)[] = [
  (n) => String(n),
  (n) => `0x${n.toString(16)}`,
  (n) => `0${n.toString(8)}`,
  (n) => `0b${n.toString(2)}u`,
  (n) => `${n >> 1}+${n - (n >> 1)}`,
  (n) => `(${n >> 1}<<1)|${n & 1}`,
  (n) => `${n}UL`,
  (n) => `sizeof(char[${n}])`,
  (n) => (n < 65 ? `'A'-${65 - n}` : String(n)),
  (n) => `(1?${n}:7)`,
  (n) => `~${-1 - n}`,
  (n) => `(unsigned char)${n + 256}`,
  (n) => `${n * 3}/3`,
  (n) => `${n}%1000`,
  (n) => `-(-${n})`,
  (n) => `${n}*!0`,
];

/** A constant from `least` to `most`, both below 256, as a literal or by what is declared. */
function number(least: number, most: number): Pieces {
  const values = fc.integer({ min: least, max: most });
  const literal = fc.tuple(values, INDEX).map(
    ([n, spelling]): Writer =>
      () => {
        const write = spelling < 700 ? SPELLINGS[0] : SPELLINGS[spelling % SPELLINGS.length];
        return (write as (n: number) => string)(n);
      },
  );
  const expression = fc.tuple(INDEX, values).map(
    ([index, n]): Writer =>
      (scope) => {
        const { expressions } = scope;
        if (expressions.length === 0) return String(n);
        const span = most - least + 1;
        return `(${expressions[index % expressions.length]})%${span}${least === 0 ? '' : `+${least}`}`;
      },
  );
  return oneOf([12, literal], [1, expression]);
}

/** An alignment, as a literal. */
const alignment: Pieces = fc.tuple(fc.constantFrom(1, 2, 4, 8, 16, 32, 64), INDEX).map(
  ([n, form]) =>
    () =>
      form < 700 ? String(n) : (SPELLINGS[form % SPELLINGS.length] as (n: number) => string)(n),
);

// ---- attributes

function attributeNames(...kinds: ('packed' | 'aligned')[]): Pieces {
  const packed = fixed('packed', '__packed__');
  const aligned = fc.tuple(alignment, fc.nat(15)).map(
    ([n, form]): Writer =>
      (scope) =>
        form === 15 ? 'aligned' : form > 11 ? `__aligned__(${n(scope)})` : `aligned(${n(scope)})`,
  );
  return fc.constantFrom(...kinds).chain((kind) => (kind === 'packed' ? packed : aligned));
}

/** `__attribute__((...))` in its spellings. */
function attributes(...kinds: ('packed' | 'aligned')[]): Pieces {
  const names = fc.array(attributeNames(...kinds), { minLength: 1, maxLength: 2 });
  return fc.tuple(names, fc.nat(9)).map(
    ([writers, form]): Writer =>
      (scope) => {
        const texts = writers.map((writer) => writer(scope));
        if (form === 9) return texts.map((text) => `__attribute__((${text}))`).join(' ');
        return `${form > 7 ? '__attribute' : '__attribute__'}((${texts.join(', ')}))`;
      },
  );
}

// Microsoft's rules, or gcc's own where the compiler was told to use Microsoft's.
const MS_STRUCT = fixed('__attribute__((ms_struct))', '__attribute__((gcc_struct))');
const STORAGE_ORDER = fixed(
  '__attribute__((scalar_storage_order("big-endian")))',
  '__attribute__((scalar_storage_order("little-endian")))',
);

// ---- types

/** Integer types in many spellings, with their bits; `long` has 0. */
const INTEGERS: readonly (readonly [string, number])[] = [
  ['char', 8],
  ['int', 32],
  ['unsigned', 32],
  ['signed char', 8],
  ['unsigned char', 8],
  ['short', 16],
  ['unsigned short int', 16],
  ['short unsigned', 16],
  ['signed', 32],
  ['unsigned int', 32],
  ['long', 0],
  ['unsigned long', 0],
  ['long int', 0],
  ['int long unsigned', 0],
  ['long long', 64],
  ['unsigned long long', 64],
  ['long long unsigned int', 64],
  ['int long signed long', 64],
  ['_Bool', 1],
];
const FLOATS = ['float', 'double', 'long double', 'float _Complex', '_Complex double', 'long double _Complex', 'double _Complex'];
const RARE = [
  '_Float32',
  '_Float64',
  '_Float32x',
  '_Float64x',
  '_Float128',
  '_Float16',
  '__int128',
  'unsigned __int128',
  '__int128_t',
  '_Decimal32',
  '_Decimal64',
  '_Decimal128',
];
const NOT_ON_32_BITS = /int128|_Float128|_Float16|_Float64x|_Decimal/;

function orInt(type: string): Writer {
  return (scope) => (scope.longBits === 32 && NOT_ON_32_BITS.test(type) ? 'int' : type);
}

const integer = fc.constantFrom(...INTEGERS);
const qualifier = fixed('const', 'volatile', 'const volatile');

const knownType = INDEX.map(
  (index): Writer =>
    (scope) =>
      scope.pick(index)?.spelling ?? 'int',
);
const scalarType = oneOf(
  [
    30,
    integer.map(
      ([type]) =>
        () =>
          type,
    ),
  ],
  [8, fc.constantFrom(...FLOATS).map((type) => () => type)],
  [3, fc.constantFrom(...RARE).map(orInt)],
);
const someType = oneOf(
  [30, scalarType],
  [14, knownType],
  [1, scalarType.map((type) => (scope) => `__typeof__(${type(scope)})`)],
  [1, knownType.map((type) => (scope) => `__typeof__((${type(scope)} *)0)`)],
  [1, knownType.map((type) => (scope) => `__typeof__(*(${type(scope)} *)0)`)],
  [1, fixed('__typeof__(1 + 1u)', "__typeof__('a' << 1L)", '__typeof__(1.0f * 2)', '__typeof__(sizeof(int))', '__typeof__(1 ? 1LL : 2)')],
);

const PARAMETERS = fixed('void', 'int, char *', 'double x, ...', 'void (*)(int), const char *', '', 'int a[3], struct unknown *');

const dimensions = list(
  oneOf([20, number(1, 9)], [1, fixed('0')]).map(
    (n): Writer =>
      (scope) =>
        `[${n(scope)}]`,
  ),
  1,
  3,
  '',
);

/** A declarator around a name. */
function declarator(letter: string): fc.Arbitrary<(scope: Scope) => { text: string; name: string }> {
  const plain: [number, Pieces][] = [
    [60, fixed('@')],
    [16, dimensions.map((text) => (scope) => `@${text(scope)}`)],
    [7, fixed('*@', '**@', '*const @', '* volatile *@')],
    [3, dimensions.map((text) => (scope) => `*@${text(scope)}`)],
    [3, PARAMETERS.map((text) => (scope) => `(*@)(${text(scope)})`)],
    [2, dimensions.map((text) => (scope) => `(*@)${text(scope)}`)],
    [2, dimensions.map((text) => (scope) => `(*@${text(scope)})(int)`)],
    [2, dimensions.map((text) => (scope) => `(@)${text(scope)}`)],
    [1, fixed('(@)', '((@))', '(*(*@)(int))[3]', '*(*@[2])(void)')],
    [2, attributes('aligned').map((text) => (scope) => `* ${text(scope)} @`)],
    // Not before the first pointer: where a typedef of an array stands there, gcc aligns that typedef from then on.
    [1, attributes('aligned').map((text) => (scope) => `(* ${text(scope)} *@)`)],
    [1, attributes('aligned').map((text) => (scope) => `(* ${text(scope)} @)(void)`)],
    [1, attributes('aligned').map((text) => (scope) => `* ${text(scope)} *const @`)],
  ];
  return oneOf(...plain).map((form) => (scope) => {
    const name = scope.name(letter);
    return { text: form(scope).replace('@', name), name };
  });
}

// ---- members

const bitWidth = fc.oneof(fc.integer({ min: 1, max: 128 }), fc.constantFrom(1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64));

interface BitBase {
  readonly spelling: string;
  readonly bits: number;
}

const bitBase = oneOfBases();

function oneOfBases(): fc.Arbitrary<(scope: Scope) => BitBase> {
  const base = integer.map(
    ([spelling, bits]) =>
      (scope: Scope): BitBase => ({ spelling, bits: bits === 0 ? scope.longBits : bits }),
  );
  const known = INDEX.map((index) => (scope: Scope): BitBase => {
    const type = scope.pick(index, ({ kind }) => kind === 'enum' || kind === 'integer');
    return type === null ? { spelling: 'unsigned', bits: 32 } : { spelling: type.spelling, bits: type.bits };
  });
  const wide = fc.constantFrom('__int128', 'unsigned __int128').map(
    (spelling) =>
      (scope: Scope): BitBase =>
        scope.longBits === 32 ? { spelling: 'int', bits: 32 } : { spelling, bits: 128 },
  );
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 40, arbitrary: base },
    { weight: 14, arbitrary: known },
    { weight: 2, arbitrary: wide },
  );
}

interface BitForm {
  readonly kind: number;
  readonly width: number;
  readonly attribute: Writer;
  readonly spelling: number;
}

const bitForm: fc.Arbitrary<BitForm> = fc.record({
  kind: fc.nat(99),
  width: bitWidth,
  attribute: sometimes(0.12, attributes('packed', 'aligned')),
  spelling: INDEX,
});

/** A run of bit-fields of one type, in one declaration or several. */
const bitFields: Pieces = fc
  .tuple(
    bitBase,
    fc.array(bitForm, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    sometimes(0.05, qualifier),
    sometimes(0.04, attributes('packed', 'aligned')),
  )
  .map(([writeBase, forms, isOne, qualified, shared]) => (scope) => {
    const { spelling, bits } = writeBase(scope);
    const one = ({ kind, width, attribute, spelling: how }: BitForm): string => {
      if (kind > 92) return `: ${how % 4 === 0 ? '1-1' : '0'}${kind > 98 ? ` ${attribute(scope)}` : ''}`;
      const n = 1 + ((width - 1) % bits);
      const written = how < 800 ? String(n) : (SPELLINGS[how % SPELLINGS.length] as (n: number) => string)(n);
      const { expressions } = scope;
      const computed = how > 970 && expressions.length > 0 ? `(${expressions[how % expressions.length]})%${bits}+1` : written;
      if (kind > 80) return `: ${computed} ${attribute(scope)}`;
      return `${scope.name('b')} : ${computed} ${attribute(scope)}`;
    };
    const type = [shared(scope), qualified(scope), spelling].filter((text) => text !== '').join(' ');
    const fields = forms.map(one);
    return isOne ? `${type} ${fields.join(', ')};` : fields.map((field) => `${type} ${field};`).join(' ');
  });

const alignas = oneOf(
  [4, alignment.map((n) => (scope) => `_Alignas(${n(scope)})`)],
  [1, fixed('_Alignas(0)', '_Alignas(double)', '_Alignas(long long)', '_Alignas(16) _Alignas(8)', '_Alignas(void *)')],
);

/** Members that are no bit-fields: several declarators, with attributes in all places. */
const ordinary: Pieces = fc
  .tuple(
    sometimes(0.06, oneOf([2, attributes('packed', 'aligned')], [2, alignas], [1, fixed('__extension__')])),
    sometimes(0.06, qualifier),
    someType,
    sometimes(0.05, oneOf([3, attributes('packed', 'aligned')], [1, qualifier])),
    fc.array(fc.tuple(declarator('m'), sometimes(0.12, attributes('packed', 'aligned'))), { minLength: 1, maxLength: 3 }),
  )
  .map(([before, qualified, type, behind, declarators]) => (scope) => {
    const head = joined([before, qualified, type, behind], ' ')(scope);
    const parts = declarators.map(([write, attribute]) => `${write(scope).text} ${attribute(scope)}`.trim());
    return `${head} ${parts.join(', ')};`;
  });

const inlineVector: Pieces = fc
  .tuple(fc.constantFrom('char', 'short', 'int', 'long long', 'float', 'double', 'unsigned char'), fc.constantFrom(8, 16, 32, 64))
  .map(
    ([type, size]) =>
      (scope) =>
        `${type} ${scope.name('m')} __attribute__((vector_size(${size})));`,
  );

const enumValue: Pieces = oneOf(
  [6, fc.integer({ min: -200, max: 300 }).map((n) => () => String(n))],
  [4, fixed('0', '1', '255', '256', '-1', '-128', '-129', '32767', '32768', '65535', '65536', "'a'", "'\\377'", "'\\x7f'", '1e3 > 2')],
  [
    2,
    fixed(
      '0x7fffffff',
      '0x80000000',
      '0xffffffff',
      '0x100000000LL',
      '-0x7fffffff - 1',
      '-0x80000001LL',
      '1ULL << 63',
      '0x7fffffffffffffffLL',
    ),
  ],
  [
    1,
    fixed(
      '~0',
      '!7',
      '(signed char)200',
      '(unsigned short)-1',
      '1 ? 2 : -3',
      '-7 / 2',
      '-7 % 3',
      '1 << 31',
      '3U - 4',
      '(_Bool)5',
      '2 > 1u',
    ),
  ],
  [2, number(0, 99)],
);

/** An enum, with or without a tag. Its bits are not those of its type but a number that always fits. */
const enumeration: fc.Arbitrary<(scope: Scope, isTagged: boolean) => Known> = fc
  .tuple(fc.array(fc.option(enumValue, { freq: 2 }), { minLength: 1, maxLength: 4 }), fc.nat(9), fc.nat(9), fc.nat(19))
  .map(([values, packed, comma, mode]) => (scope, isTagged) => {
    const tag = isTagged ? `${scope.name('e')} ` : '';
    const enumerators = values.map((value) => {
      const text = value === null ? '' : ` = ${value(scope)}`;
      return `${scope.name('E')}${text}`;
    });
    for (const text of enumerators) scope.expressions.push(`(unsigned)${(text.split(' ') as [string])[0]}`);
    const before = packed === 9 ? '__attribute__((packed)) ' : mode === 19 ? '__attribute__((mode(DI))) ' : '';
    const behind = packed === 8 ? ' __attribute__((__packed__))' : '';
    const body = `{ ${enumerators.join(', ')}${comma === 9 ? ',' : ''} }`;
    return { spelling: `enum ${before}${tag}${body}${behind}`, kind: 'enum', bits: packed > 7 ? 8 : 32 };
  });

/** How deep structs contain structs. */
const DEEPEST = 3;

/** A struct or union with a body; `tag` is a name or nothing. */
function record(depth: number): fc.Arbitrary<(scope: Scope, tag: string) => string> {
  const end = oneOf(
    [30, fixed('')],
    [2, someType.map((type) => (scope) => `${type(scope)} ${scope.name('f')}[];`)],
    [
      1,
      fc.tuple(someType, number(1, 3)).map(
        ([type, n]) =>
          (scope) =>
            `${type(scope)} ${scope.name('f')}[][${n(scope)}];`,
      ),
    ],
  );
  const attribute = oneOf(
    [6, attributes('packed')],
    [4, attributes('aligned')],
    [3, attributes('packed', 'aligned')],
    [depth === 0 ? 3 : 1, STORAGE_ORDER],
    [3, MS_STRUCT],
  );
  const head = sometimes(0.25, list(attribute, 1, 2, ' '));
  const tail = sometimes(0.12, attribute);
  const kinds = fc.constantFrom('struct', 'struct', 'struct', 'union');
  // A unit without members is rare.
  const members = fc.oneof(
    { weight: 40, arbitrary: fc.array(member(depth), { minLength: 1, maxLength: depth === 0 ? 7 : 4 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  );
  return fc
    .tuple(kinds, head, members, tail, depth === 0 ? end : fixed(''))
    .map(([kind, before, list, behind, flexible]) => (scope, tag) => {
      const front = before(scope);
      const body = joined([...list, kind === 'struct' && list.length > 0 ? flexible : () => ''], ' ')(scope);
      return [kind, front, tag, `{ ${body} }`, behind(scope)].filter((text) => text !== '').join(' ');
    });
}

function member(depth: number): Pieces {
  const flat: [number, Pieces][] = [
    [45, ordinary],
    [36, bitFields],
    [1, inlineVector],
    [
      2,
      fc.tuple(enumeration, declarator('m')).map(
        ([one, name]) =>
          (scope) =>
            `${one(scope, false).spelling} ${name(scope).text};`,
      ),
    ],
    [1, fixed('_Static_assert(1, "holds");', '_Static_assert(sizeof(char) == 1, "");')],
    [1, INDEX.map((n) => (scope) => `\n#pragma pack(${scope.pack(n)})\n`)],
  ];
  if (depth === DEEPEST) return oneOf(...flat);
  const anonymous = fc.tuple(record(depth + 1), sometimes(0.04, qualifier)).map(
    ([write, qualified]): Writer =>
      (scope) =>
        `${qualified(scope)} ${write(scope, '')};`,
  );
  const named = fc.tuple(record(depth + 1), fc.boolean(), declarator('n'), sometimes(0.12, attributes('packed', 'aligned'))).map(
    ([write, isTagged, name, attribute]): Writer =>
      (scope) => {
        const tag = isTagged ? scope.name('N') : '';
        const text = write(scope, tag);
        if (isTagged)
          scope.known.push({ spelling: `${text.slice(0, 6).trim() === 'union' ? 'union' : 'struct'} ${tag}`, kind: 'record', bits: 0 });
        return `${text} ${name(scope).text} ${attribute(scope)};`;
      },
  );
  return oneOf(...flat, [8, anonymous], [8, named]);
}

// ---- declarations

function remember(scope: Scope, known: Known): void {
  scope.known.push(known);
  scope.expressions.push(`sizeof(${known.spelling})`, `_Alignof(${known.spelling})`);
}

// Names of members that stand alone between a type and a semicolon can be asked for with offsetof.
function rememberOffsets(scope: Scope, spelling: string, body: string): void {
  const name = /^[^{]*\{ (?:[a-z ]+) (m\d+\w*);/.exec(body)?.[1];
  if (name === undefined) return;
  scope.expressions.push(
    `__builtin_offsetof(${spelling}, ${name})`,
    `sizeof(((${spelling} *)0)->${name})`,
    `sizeof(__typeof__(((${spelling} *)0)->${name})[3])`,
  );
}

const PACKS = ['push, 1', 'push, 2', 'push, 4', 'push, 8', 'push, 16'];

const recordDeclaration: Pieces = fc.tuple(record(0), fc.nat(29), fc.nat(29), sometimes(0.3, attributes('aligned')), alignment).map(
  ([write, form, pack, aligned, n]): Writer =>
    (scope) => {
      const isTagged = form < 22;
      const tag = isTagged ? scope.name('s') : '';
      const body = write(scope, tag);
      const spelling = `${body.startsWith('union') ? 'union' : 'struct'} ${tag}`;
      const typedef = form > 15 ? scope.name('T') : null;
      let text = `${body};`;
      if (form === 16) text = `typedef ${body} ${typedef}, *${scope.name('P')};`;
      else if (form === 17) text = `${body} typedef ${typedef};`;
      else if (form === 18) text = `typedef ${spelling} ${typedef};\n${body};`;
      else if (form === 19)
        text = `${spelling};\n${body} ${scope.name('v')};\ntypedef ${spelling} ${typedef} __attribute__((aligned(${n(scope)})));`;
      else if (form === 20) text = `typedef __attribute__((aligned(${n(scope)}))) ${body} ${typedef};`;
      else if (form > 15) text = `typedef ${body} ${typedef} ${aligned(scope)};`;
      const known = typedef ?? spelling;
      remember(scope, { spelling: known, kind: 'record', bits: 0 });
      if (isTagged && typedef !== null) remember(scope, { spelling, kind: 'record', bits: 0 });
      rememberOffsets(scope, known, body);
      return pack < 24 ? text : `#pragma pack(${PACKS[pack - 24] ?? 'push, 1'})\n${text}\n#pragma pack(pop)`;
    },
);

const enumDeclaration: Pieces = fc.tuple(enumeration, fc.nat(3)).map(([write, form]) => (scope) => {
  const isTypedef = form === 3;
  const known = write(scope, !isTypedef);
  const name = isTypedef ? scope.name('T') : `enum ${(/\b(e\d+\w*) \{/.exec(known.spelling) as unknown as [string, string])[1]}`;
  remember(scope, { ...known, spelling: name });
  return isTypedef ? `typedef ${known.spelling} ${name};` : `${known.spelling};`;
});

const MODES = ['QI', 'HI', 'SI', 'DI', '__DI__', 'byte', 'word', '__pointer__'];
const VECTORS = ['char', 'short', 'int', 'long long', 'float', 'double', 'unsigned char', 'unsigned short', 'long', 'unsigned long long'];

const typedefDeclaration: Pieces = fc
  .tuple(fc.nat(99), integer, someType, alignment, INDEX, declarator('t'), sometimes(0.2, qualifier))
  .map(([form, [base, baseBits], type, align, index, declare, qualified]) => (scope) => {
    const name = scope.name('t');
    const bits = baseBits === 0 ? scope.longBits : baseBits;
    const aligned = `__attribute__((aligned(${align(scope)})))`;
    const known = (kind: Known['kind'], text: string): string => {
      remember(scope, { spelling: name, kind, bits });
      return text;
    };
    if (form < 25) return known('integer', `typedef ${base} ${name} ${aligned};`);
    if (form < 32) return known('integer', `typedef ${base} ${name};`);
    if (form < 38) return known('integer', `typedef ${aligned} ${base} ${name};`);
    if (form < 42) return known('integer', `${base} typedef ${aligned} ${name};`);
    if (form < 50) {
      const element = VECTORS[index % VECTORS.length] as string;
      return known(
        'other',
        `typedef ${element} ${name} __attribute__((${index % 3 === 0 ? '__vector_size__' : 'vector_size'}(${8 << (index % 4)})));`,
      );
    }
    if (form < 56) {
      const mode = MODES[index % MODES.length] as string;
      remember(scope, { spelling: name, kind: 'integer', bits: 8 });
      return `typedef ${index % 2 === 0 ? 'unsigned ' : ''}int ${name} __attribute__((${index % 3 === 0 ? '__mode__' : 'mode'}(${mode})));`;
    }
    if (form < 60) {
      const written = type(scope);
      return known('other', `typedef ${written} ${name} __attribute__((aligned(${align(scope)})));`);
    }
    const enumOrInteger = scope.pick(index, ({ kind }) => kind === 'enum' || kind === 'integer');
    if (form < 70 && enumOrInteger !== null) {
      remember(scope, { ...enumOrInteger, spelling: name });
      return `typedef ${enumOrInteger.spelling} ${name} ${form < 65 ? aligned : ''};`;
    }
    // Not of a type that has a name: in arrays of qualified typedefs, gcc forgets what alignment those have.
    const head = `typedef ${form < 80 ? `${qualified(scope)} ${base}` : type(scope)}`;
    const declared = declare(scope);
    remember(scope, { spelling: declared.name, kind: 'other', bits: 0 });
    return `${head} ${declared.text};`;
  });

const unions: Pieces = fixed('__attribute__((transparent_union))', '__attribute__((__transparent_union__))').map((attribute) => (scope) => {
  const name = scope.name('T');
  remember(scope, { spelling: name, kind: 'record', bits: 0 });
  return `typedef union { int *${scope.name('m')}; char *${scope.name('m')}; long ${scope.name('m')}; } ${name} ${attribute(scope)};`;
});

const constants: Pieces = number(0, 200).map((n) => (scope) => `static const int ${scope.name('k')} = ${n(scope)};`);

/** A few declarations that stand for themselves. The last one is a struct or union. */
export const unit: Pieces = fc
  .tuple(
    fc.array(oneOf([5, typedefDeclaration], [3, enumDeclaration], [8, recordDeclaration], [1, unions], [1, constants]), { maxLength: 3 }),
    recordDeclaration,
  )
  .map(
    ([before, last]) =>
      (scope) =>
        `${joined([...before, last], '\n')(scope)}\n#pragma pack()`,
  );

/** A unit's text; `index` makes its names differ from those of others. */
export function unitText(writer: Writer, abi: AbiName, index: number): string {
  return writer(new Scope(abi, `_${index}`));
}
