import { describe, expect, it } from 'vitest';
import { createLua } from '../../../src/host/index.ts';
import {
  aligned,
  array,
  be,
  bits,
  bool,
  Cdef,
  CdefError,
  cdef,
  char,
  constant,
  type Description,
  double,
  enumeration,
  float32,
  fn,
  int,
  int16,
  int32,
  le,
  long,
  pointer,
  prototype,
  short,
  struct,
  typedef,
  uint16,
  uint32,
  uint64,
  uint8,
  union,
} from '../../../src/index.ts';
import { layoutAsJson } from '../../../src/report/index.ts';

/** The layouts of a description, and of the same as C text. */
function layouts(description: Description, text: string): [unknown, unknown] {
  const json = (c: Cdef): unknown => layoutAsJson(c.namespace);
  return [json(cdef(description) as Cdef), json(cdef(text) as Cdef)];
}

describe('descriptions', () => {
  const PAIRS: [string, Description, string][] = [
    [
      'a packed struct in network byte order',
      struct('m', { op: uint8, xid: be(uint32), id: be(int16), chaddr: array(char, 16), flags: bits(uint16, 4) }, { packed: true }),
      'struct __attribute__((packed)) m { uint8_t op; be32_t xid; sbe16_t id; char chaddr[16]; uint16_t flags : 4; };',
    ],
    ['a union', union('u', { i: int, d: double, a: array(short, 7) }), 'union u { int i; double d; short a[7]; };'],
    [
      'the byte order of a whole struct',
      struct('s', { a: uint16, b: bits(uint32, 5), f: float32 }, { order: 'big' }),
      'struct __attribute__((scalar_storage_order("big-endian"))) s { uint16_t a; uint32_t b : 5; float f; };',
    ],
    [
      'alignments',
      struct('s', { a: char, b: aligned(8, uint16), c: aligned(4, bits(uint8, 3)) }, { align: 32 }),
      'struct __attribute__((aligned(32))) s { char a; uint16_t b __attribute__((aligned(8))); uint8_t c : 3 __attribute__((aligned(4))); };',
    ],
    [
      'aligned elements',
      struct('s', { a: char, b: array(aligned(8, struct({ x: uint64 })), 2) }),
      'struct s { char a; struct { uint64_t x; } __attribute__((aligned(8))) b[2]; };',
    ],
    [
      '#pragma pack, not for structs within',
      struct('s', { a: char, b: uint32, c: struct({ d: char, e: uint64 }) }, { pack: 2 }),
      'struct t { char d; uint64_t e; };\n#pragma pack(push, 2)\nstruct s { char a; uint32_t b;\n#pragma pack(push)\n#pragma pack()\nstruct { char d; uint64_t e; } c;\n#pragma pack(pop)\n };\n#pragma pack(pop)\n',
    ],
    [
      '#pragma pack within',
      struct('s', { a: char, b: array(struct({ c: char, d: uint32 }, { pack: 1 }), 3), e: uint32 }),
      'struct s { char a; struct __attribute__((packed)) { char c; uint32_t d; } b[3]; uint32_t e; };',
    ],
    [
      'members without names',
      struct('s', [
        { a: uint8 },
        union([{ b: uint32 }, struct({ c: uint8, d: uint8 })]),
        bits(uint8, 3),
        { e: bits(uint8, 2) },
        bits(int, 0),
        { f: bool },
      ]),
      'struct s { uint8_t a; union { uint32_t b; struct { uint8_t c, d; }; }; uint8_t : 3; uint8_t e : 2; int : 0; bool f; };',
    ],
    [
      "Microsoft's rules",
      struct('s', { a: bits(char, 3), b: bits(int, 3) }, { rules: 'ms_struct' }),
      'struct __attribute__((ms_struct)) s { char a : 3; int b : 3; };',
    ],
    ['a flexible array', struct('s', { n: uint32, a: array(uint16) }), 'struct s { uint32_t n; uint16_t a[]; };'],
    ["LuaJIT's arrays", struct('s', { n: uint32, a: array(uint16, '?') }), 'struct s { uint32_t n; uint16_t a[?]; };'],
    [
      'pointers in all places',
      struct('s', {
        a: pointer(array(int, 3)),
        b: array(pointer(int), 3),
        c: pointer(fn(pointer('void'), [int, pointer(fn(int, []))])),
        d: constant(pointer(constant(char))),
      }),
      'struct s { int (*a)[3]; int *b[3]; void *(*c)(int, int (*)(void)); const char *const d; };',
    ],
    [
      'constants',
      struct('s', { x: int }, { constants: { A: 1, B: -(2n ** 63n), C: 2n ** 64n - 1n, D: -3_000_000_000 } }),
      'struct s { static const int A = 1; static const long long B = -9223372036854775807LL - 1; static const unsigned long long C = 18446744073709551615ULL; static const long long D = -3000000000; int x; };',
    ],
    ['an enum', enumeration('e', { A: -1, B: 5 }), 'enum e { A = -1, B = 5 };'],
    ['a packed enum', enumeration('e', { A: 1, B: 200 }, { packed: true }), 'enum __attribute__((packed)) e { A = 1, B = 200 };'],
    ['an enum of a type', enumeration('e', { A: 1 }, { type: uint64 }), 'enum e : uint64_t { A = 1 };'],
    ['an untagged enum', enumeration({ A: 1, B: 2 }), 'enum { A = 1, B };'],
    [
      'names of C',
      struct('s', { a: 'unsigned long', b: 'long double', c: 'const char' }),
      'struct s { unsigned long a; long double b; const char c; };',
    ],
    ['an aligned typedef', typedef('t', aligned(2, uint64)), 'typedef uint64_t t __attribute__((aligned(2)));'],
    ['a typedef of an untagged struct', typedef('t', array(struct({ a: int }), 2)), 'typedef struct { int a; } t[2];'],
  ];
  it.each(PAIRS)('declare %s', (_, description, text) => {
    const [ours, theirs] = layouts(description, text.replace(/^struct t \{.*\n/, ''));
    expect(ours).toEqual(theirs);
  });

  it('bring what they refer to', () => {
    const inner = struct('inner', { x: be(uint16) });
    const index = typedef('index', uint32);
    const c = cdef([
      struct('outer', { first: pointer(inner), second: array(index, 2), third: pointer('struct later') }),
      prototype('find', fn(pointer(inner), [index, pointer('struct other')])),
    ]);
    expect(c.sizeof('struct inner')).toBe(2);
    expect(c.sizeof('index')).toBe(4);
    expect(c.offsetof('struct outer', 'third')).toBe(16);
    expect(c.typeof(inner)).toBe(c.typeof('struct inner'));
    c.define({ find: () => null });
    expect(c.C.find(1, null)).toBe(null);
  });

  it('are read and written as views of C text are', () => {
    const point = struct('point', { x: be(int16), y: be(float32), tag: array(char, 4) }, { packed: true });
    const c = cdef(point);
    const bytes = new Uint8Array(12);
    const view = c.typeof(point).view(bytes, 1);
    view.x = -2;
    view.y = 1.5;
    view.tag.bytes.set([0x61, 0x62, 0x63]);
    expect([...bytes]).toEqual([0, 0xff, 0xfe, 0x3f, 0xc0, 0, 0, 0x61, 0x62, 0x63, 0, 0]);
    expect(c.new(point, { x: 7 }).x).toBe(7);
    expect(c.sizeof(pointer(point))).toBe(8);
    expect(c.typeof(array(point, 3)).size).toBe(30);
  });

  it('have one type for one description, and belong to no namespace', () => {
    const pair = struct('pair', { a: long, b: pointer('void') });
    const unnamed = struct({ a: long });
    const wide = new Cdef();
    const narrow = new Cdef({ abi: 'i386-linux-gnu' });
    expect(wide.typeof(pair)).toBe(wide.typeof(pair));
    expect(wide.typeof(unnamed)).toBe(wide.typeof(unnamed));
    expect([wide.sizeof(pair), narrow.sizeof(pair), wide.sizeof(unnamed), narrow.sizeof(unnamed)]).toEqual([16, 8, 8, 4]);
  });

  it('may be declared again when they are equal', () => {
    const make = (): Description => struct('s', { e: enumeration('e', { A: 1 }), p: pointer('struct s') });
    const c = new Cdef().declare(make());
    expect(c.declare(make())).toBe(c);
    expect(c.typeof(make())).toBe(c.typeof('struct s'));
  });

  it('complete structs that C text has named', () => {
    const c = new Cdef().cdef('struct s; struct t { struct s *p; };');
    c.declare(struct('s', { x: uint32 }));
    expect(c.sizeof('struct s')).toBe(4);
  });

  it('leave nothing behind when one of them is wrong', () => {
    const c = new Cdef();
    expect(() => c.declare(struct('good', { x: int }), struct('bad', { x: 'mystery' }))).toThrow(TypeError);
    expect(() => c.sizeof('struct good')).toThrow(CdefError);
    expect(c.declare(struct('good', { x: int })).sizeof('struct good')).toBe(4);
  });

  it('are known to Lua under their names in C', () => {
    const point = struct('point', { x: be(int16), y: int32, kind: enumeration('kind', { NEAR: 3 }) });
    const lua = createLua({ cdef: cdef([point, prototype('twice', fn(int, [int]))], { functions: { twice: (n) => n * 2 } }) });
    expect(
      lua.run(`
        local ffi = require 'ffi'
        local p = ffi.new('struct point', { x = -2, kind = 'NEAR' })
        return ('%s %s %s %s'):format(p.x, p.kind, ffi.sizeof(p), ffi.C.twice(21))
      `),
    ).toBe('-2 cdata<enum kind>: 3 12 42');
    lua.close();
  });

  it('are C text to people', () => {
    expect(String(struct('s', [{ a: be(uint32) }, bits(uint8, 3)], { packed: true }))).toBe(
      'struct __attribute__((packed)) s {\n  be32_t a;\n  uint8_t : 3;\n};',
    );
    expect(String(pointer(array(constant(char), 3)))).toBe('const char (*)[3]');
    expect(String(prototype('f', fn('void', [int], { variadic: true })))).toBe('void f(int, ...);');
    expect(String(uint8)).toBe('uint8_t');
  });
});

describe('mistakes in descriptions', () => {
  const anything = (value: unknown): never => value as never;
  const nested = (times: number, around: (inner: Description) => Description): Description => {
    let description: Description = uint8;
    for (let i = 0; i < times; i++) description = around(description);
    return description;
  };
  const MISTAKES: [string, () => unknown, typeof TypeError | typeof RangeError, string][] = [
    ['a tag', () => struct('a b', {}), TypeError, 'struct: expected a name, got "a b"'],
    ['a keyword', () => struct('s', { int: uint8 }), TypeError, "struct s.int: 'int' is a word of C's own"],
    ['a hostile member', () => struct('s', { 'a; } b {': uint8 }), TypeError, 'struct s.a; } b {: expected a name, got "a; } b {"'],
    [
      'a hostile type',
      () => struct('s', { x: 'int x; } ; struct t { int' }),
      TypeError,
      "struct s.x: expected the name of a type such as 'unsigned long' or 'struct node', got \"int x; } ; struct t { int\"",
    ],
    [
      'a storage class',
      () => struct('s', { x: 'typedef int' }),
      TypeError,
      "struct s.x: expected the name of a type such as 'unsigned long' or 'struct node', got \"typedef int\"",
    ],
    [
      '__proto__',
      () => struct('s', anything({ __proto__: uint8 })),
      TypeError,
      "struct s: expected a plain object; a member '__proto__' is written ['__proto__']",
    ],
    ['no type', () => struct('s', { x: anything(5) }), TypeError, 'struct s.x: expected a type or the name of one, got 5'],
    [
      'a prototype as a type',
      () => struct('s', { x: prototype('f', fn(int, [])) }),
      TypeError,
      'struct s.x: expected a type or the name of one, got prototype',
    ],
    ['a member twice', () => struct('s', [{ x: uint8 }, struct({ x: uint8 })]), TypeError, "struct s.x: duplicate member 'x'"],
    ['a member and a constant', () => struct('s', { x: uint8 }, { constants: { x: 1 } }), TypeError, "struct s.x: duplicate member 'x'"],
    [
      'a tagged struct without a name',
      () => struct('s', [struct('t', { x: uint8 })]),
      TypeError,
      'struct s: only untagged structs and unions, and bit-fields, stand without a name; got struct',
    ],
    [
      'an order',
      () => struct('s', {}, { order: anything('middle') }),
      TypeError,
      "struct s: order must be 'big' or 'little', got \"middle\"",
    ],
    ['rules', () => struct('s', {}, { rules: anything('x') }), TypeError, "struct s: rules must be 'ms_struct' or 'gcc_struct', got \"x\""],
    [
      'little in big',
      () => struct('s', { x: array(le(uint32), 2) }, { order: 'big' }),
      TypeError,
      "struct s.x: little-endian, in a struct whose order is 'big'",
    ],
    ['an alignment', () => aligned(3, uint8), RangeError, 'aligned: alignment must be a power of two, got 3'],
    ['the alignment of a struct', () => struct('s', {}, { align: 0 }), RangeError, 'struct s: align must be a whole number from 1, got 0'],
    ['a length', () => array(uint8, -1), RangeError, 'array: length must be a whole number from 0, got -1'],
    ['a length that is no number', () => array(uint8, anything('3')), TypeError, 'array: length must be a number, got "3"'],
    ['a width', () => bits(uint8, 1.5), RangeError, 'bits: width must be a whole number from 0, got 1.5'],
    ['an array of bit-fields', () => array(bits(uint8, 3), 4), TypeError, 'array: a bit-field is a member of a struct or union'],
    ['a const function', () => constant(fn(int, [])), TypeError, 'constant: a function has no qualifiers'],
    ['an order for a pointer', () => be(pointer(int)), TypeError, 'be: expected a number type, got pointer'],
    ['an order for a struct', () => be(struct('s', {})), TypeError, "be: a struct takes the option 'order'"],
    ['an order for a name', () => be('time_t'), TypeError, "be: 'time_t' is not known to be a number"],
    ['an enumerator', () => enumeration('e', { A: 0.5 }), RangeError, 'enum e.A must be a whole number, got 0.5'],
    ['a large enumerator', () => enumeration('e', { A: 2n ** 64n }), RangeError, 'enum e.A needs more than 64 bits: 18446744073709551616'],
    ['no enumerators', () => enumeration('e', {}), TypeError, 'enum e: expected enumerators'],
    [
      'an untagged struct as a parameter',
      () => fn(int, [pointer(struct({ x: int }))]),
      TypeError,
      "fn: a struct, union or enum in a function's type needs a tag",
    ],
    ['a prototype of a number', () => prototype('f', anything(int)), TypeError, 'prototype f: expected what fn() answers, got name'],
    ['depth', () => nested(100_000, (inner) => pointer(inner)), RangeError, 'description nested deeper than 400 levels'],
    [
      'doubling',
      () => nested(100, (inner) => struct({ a: inner, b: inner })),
      RangeError,
      'description with more than 100000 parts; give a tag to what repeats',
    ],
    // What only C knows, where it is declared:
    [
      'the width of a type',
      () => cdef(struct('s', { f: bits(uint16, 17) })),
      RangeError,
      'struct s.f: bit-field width must be from 0 to 16, found 17',
    ],
    [
      'a width of zero',
      () => cdef(struct('s', { f: bits(uint16, 0) })),
      RangeError,
      "struct s.f: bit-field 'f' of width 0 must not have a name",
    ],
    [
      'a bit-field of a float',
      () => cdef(struct('s', { f: bits(float32, 1) })),
      TypeError,
      "struct s.f: bit-field of type 'float', expected an integer type",
    ],
    [
      'a big-endian bit-field',
      () => cdef(struct('s', { f: bits(be(uint32), 3) })),
      TypeError,
      'struct s.f: big-endian bit-field in a little-endian struct',
    ],
    [
      'an early flexible array',
      () => cdef(struct('s', { a: array(uint8), b: uint8 })),
      TypeError,
      "struct s.b: member after 'a[]', which must be the last",
    ],
    [
      'an unknown size',
      () => cdef(struct('s', { x: 'struct t' })),
      TypeError,
      "struct s.x: member 'x' has the type 'struct t', whose size is not known",
    ],
    [
      'an unknown name',
      () => cdef(struct('s', { n: struct({ deep: array(struct({ x: 'mystery' }), 2) }) })),
      TypeError,
      "struct s.n.deep.x: unknown type 'mystery'",
    ],
    [
      'a large array',
      () => cdef(struct('s', { x: array(uint32, 2 ** 50) })),
      RangeError,
      'struct s.x: array of 1125899906842624 elements is too large',
    ],
    [
      'a large alignment',
      () => new Cdef().typeof(aligned(2 ** 40, uint8)),
      RangeError,
      "__typeof__(__attribute__((aligned(1099511627776))) uint8_t): 'aligned' takes a power of two up to 268435456, found 1099511627776",
    ],
    [
      'one tag, two structs',
      () => cdef([struct('s', { x: int }), struct('s', { y: int })]),
      TypeError,
      'struct s: struct s is defined already',
    ],
    [
      'a tag that is there',
      () => new Cdef().cdef('struct s { int x; };').declare(struct('s', { x: int })),
      TypeError,
      'struct s: declared already, and differently',
    ],
    ['a name that is there', () => cdef(typedef('uint32_t', uint8)), TypeError, 'uint32_t: declared already, and differently'],
    [
      'an enumerator that is there',
      () => new Cdef().cdef('enum { A };').declare(enumeration('e', { B: 1, A: 2 })),
      TypeError,
      "enum e.A: 'A' is declared already",
    ],
    ['nothing to be declared under', () => cdef(struct({ x: int })), TypeError, 'declare: struct {...} has no name to be declared under'],
    ['no description', () => new Cdef().declare(anything('struct s')), TypeError, 'declare: expected a description, got string'],
    ['a prototype as a type', () => new Cdef().typeof(prototype('f', fn(int, []))), TypeError, 'expected a C type, got the prototype f'],
    [
      'a word of the preprocessor',
      () => cdef(struct('s', { _Pragma: int })),
      TypeError,
      "struct s._Pragma: '_Pragma' is a word of C's own",
    ],
  ];
  it.each(MISTAKES)('%s', (_, make, kind, message) => {
    let error: unknown;
    try {
      make();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toBe(message);
  });

  it('take names that JavaScript finds special', () => {
    const c = cdef(struct('constructor', { ['__proto__']: uint8, toString: uint8, hasOwnProperty: uint16, 日本: uint8 }));
    expect(c.sizeof('struct constructor')).toBe(6);
    expect(c.offsetof('struct constructor', '__proto__' as never)).toBe(0);
  });
});
