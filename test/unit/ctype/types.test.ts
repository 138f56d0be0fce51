import { describe, expect, it } from 'vitest';
import { fieldsOf, isRecord, printFieldType } from '../../../src/ctype/index.ts';
import { cdef } from '../../helpers/loose.ts';

const BASE: readonly (readonly [string, readonly string[], number, number])[] = [
  ['bool', ['_Bool', 'bool'], 1, 1],
  ['char', ['char'], 1, 1],
  ['signed char', ['signed char', 'char signed', '__signed char', '__signed__ char', 'int8_t', 'signed __int8'], 1, 1],
  ['unsigned char', ['unsigned char', 'char unsigned', 'uint8_t', 'unsigned __int8'], 1, 1],
  ['short', ['short', 'short int', 'int short', 'signed short', 'short signed int', '__int16', 'int16_t'], 2, 2],
  ['unsigned short', ['unsigned short', 'short unsigned int', 'unsigned __int16', 'uint16_t', 'char16_t'], 2, 2],
  ['int', ['int', 'signed', 'signed int', 'int signed', '__int32', 'int32_t', 'wchar_t'], 4, 4],
  ['unsigned int', ['unsigned', 'unsigned int', 'int unsigned', 'uint32_t', 'char32_t', 'unsigned __int32'], 4, 4],
  [
    'long',
    [
      'long',
      'long int',
      'int long',
      'signed long',
      'long signed int',
      'int64_t',
      'intptr_t',
      'ptrdiff_t',
      'ssize_t',
      'intmax_t',
      'int_fast16_t',
      'int_least64_t',
    ],
    8,
    8,
  ],
  [
    'unsigned long',
    [
      'unsigned long',
      'long unsigned',
      'unsigned long int',
      'int long unsigned',
      'uint64_t',
      'uintptr_t',
      'size_t',
      'uintmax_t',
      'uint_fast32_t',
    ],
    8,
    8,
  ],
  ['long long', ['long long', 'long long int', 'long int long', 'signed long long', '__int64'], 8, 8],
  ['unsigned long long', ['unsigned long long', 'long unsigned long int', 'unsigned __int64'], 8, 8],
  ['__int128', ['__int128', 'signed __int128', '__int128_t'], 16, 16],
  ['unsigned __int128', ['unsigned __int128', '__int128 unsigned'], 16, 16],
  ['float', ['float'], 4, 4],
  ['double', ['double'], 8, 8],
  ['long double', ['long double', 'double long'], 16, 16],
  ['float _Complex', ['float _Complex', '_Complex float', '__complex__ float'], 8, 4],
  ['double _Complex', ['double _Complex', '_Complex double', 'complex'], 16, 8],
  ['long double _Complex', ['long double _Complex', '_Complex double long'], 32, 16],
  ['be16_t', ['be16_t', '__be16'], 2, 2],
  ['be32_t', ['be32_t', '__be32'], 4, 4],
  ['be64_t', ['be64_t', '__be64'], 8, 8],
  ['sbe32_t', ['sbe32_t'], 4, 4],
  ['unsigned short', ['le16_t', '__le16'], 2, 2],
  ['int', ['sle32_t'], 4, 4],
];

it('va_list has the size it has for gcc', () => {
  expect(cdef('struct s { char c; va_list list; };').sizeof('struct s')).toBe(32);
  expect(cdef('struct s { char c; va_list list; };', { abi: 'i386-linux-gnu' }).sizeof('struct s')).toBe(8);
});

describe('base types', () => {
  it.each(BASE)('%s has the spellings %j', (name, spellings, size, align) => {
    const c = cdef('');
    for (const spelling of spellings) {
      const type = c.typeof(spelling);
      expect({ spelling, name: type.name, size: type.size, align: type.align }).toEqual({ spelling, name, size, align });
      expect(type).toBe(c.typeof(spellings[0] as string));
    }
  });
});

// [declaration of x, its type as it is printed]
const DECLARED: readonly (readonly [string, string])[] = [
  ['int *x', 'int *'],
  ['int **x', 'int **'],
  ['int x[3]', 'int [3]'],
  ['int x[2][3]', 'int [2][3]'],
  ['float x __attribute__((vector_size(16)))', 'float __attribute__((vector_size(16)))'],
  ['const float *x[3] __attribute__((vector_size(16)))', 'const float __attribute__((vector_size(16))) *[3]'],
  ['float *(*x)(void) __attribute__((vector_size(8)))', 'float __attribute__((vector_size(8))) *(*)(void)'],
  ['int *x[3]', 'int *[3]'],
  ['int (*x)[3]', 'int (*)[3]'],
  ['int (*x[2])[3]', 'int (*[2])[3]'],
  ['int *(*x)[3]', 'int *(*)[3]'],
  ['int ((x))', 'int'],
  ['int x[]', 'int []'],
  ['int x[?]', 'int [?]'],
  ['int x[][3]', 'int [][3]'],
  ['int x(void)', 'int (void)'],
  ['int x()', 'int (void)'],
  ['int x(int a, char *)', 'int (int a, char *)'],
  ['int x(int, ...)', 'int (int, ...)'],
  ['int (*x)(void)', 'int (*)(void)'],
  ['int *x(void)', 'int *(void)'],
  ['int (*x(int n))(char)', 'int (*(int n))(char)'],
  ['void (*x(int, void (*f)(int)))(int)', 'void (*(int, void (*f)(int)))(int)'],
  ['int x(int a[3], int b[], int c(void))', 'int (int *a, int *b, int (*c)(void))'],
  ['int x(const int a, int *const b)', 'int (int a, int *b)'],
  ['int x(const int a[2])', 'int (const int *a)'],
  ['int x(int a[static 3], int n, int b[restrict], int c[*])', 'int (int *a, int n, int *b, int *c)'],
  ['int x(register char a)', 'int (char a)'],
  ['const int x', 'const int'],
  ['int const x', 'const int'],
  ['const const int x', 'const int'],
  ['int const volatile x', 'const volatile int'],
  ['const char *x', 'const char *'],
  ['char *const x', 'char *const'],
  ['const char *const *x', 'const char *const *'],
  ['char *restrict x', 'char *'],
  ['char *__restrict__ volatile x', 'char *volatile'],
  ['const int x[3]', 'const int [3]'],
  ['const int *x[3]', 'const int *[3]'],
  ['int &x', 'int &'],
  ['int (&x)[3]', 'int (&)[3]'],
  ['struct p x', 'struct p'],
  ['const struct p *x', 'const struct p *'],
  ['struct fwd *x', 'struct fwd *'],
  ['union u x', 'union u'],
  ['enum e x', 'enum e'],
  ['p_t x', 'struct p'],
  ['const p_t *x', 'const struct p *'],
  ['cp_t x', 'const struct p *'],
  ['vec x', 'int [3]'],
  ['const vec x', 'const int [3]'],
  ['fn *x', 'int (*)(int)'],
  ['extern int x', 'int'],
  ['int __attribute__((unused)) x', 'int'],
  ['int x __asm__("y") __attribute__((weak, section("text")))', 'int'],
  ['__extension__ int x', 'int'],
  ['int __stdcall x(void)', 'int (void)'],
  ['int (__cdecl *x)(void)', 'int (*)(void)'],
  ['be32_t *x', 'be32_t *'],
  ['_Atomic int x', 'int'],
];

describe('declarations', () => {
  const PRELUDE =
    'struct p { int x; }; struct fwd; union u { int a; }; enum e { A }; typedef struct p p_t; typedef const p_t *cp_t; typedef int vec[3]; typedef int fn(int);';

  it.each(DECLARED)('%s has the type %s', (declaration, printed) => {
    const c = cdef(`${PRELUDE} typedef ${declaration.replace(/\bx\b/, 'the_type').replace(/\bextern /, '')};`);
    const type = c.typeof('the_type');
    expect(type.name).toBe(printed);
    // What was printed is the same type again; a function type is one with every other of its shape.
    expect(c.typeof(printed)).toBe(type);
    const declared = cdef(`${PRELUDE} ${declaration};`).namespace.names.get('x');
    expect(declared?.kind).toBe(type.ctype.kind === 'function' ? 'function' : 'variable');
  });

  it('declare several names with one list of specifiers', () => {
    const c = cdef('typedef int a, *b, c[2], (*d)(void);');
    expect(['a', 'b', 'c', 'd'].map((name) => c.typeof(name).name)).toEqual(['int', 'int *', 'int [2]', 'int (*)(void)']);
  });

  it('may end without a semicolon, and have too many of them', () => {
    expect(cdef(';;typedef int a;;; typedef short b').sizeof('b')).toBe(2);
  });

  it('pass over comments, spliced lines, function bodies and attributes without meaning for layouts', () => {
    const c = cdef(
      `// line \\
      still a comment
      /* block * / */ typedef /**/ int a; ty\u{70}edef sh\u{6f}rt b;
      static inline int f(int x) { if (x) { return '}'; } return "}"[0]; } typedef char c;
      typedef int d __attribute__((may_alias, __unused__, format(printf, 1, (2)))); #ident "x"
    `.replace('#ident', '\n#ident'),
    );
    expect(['a', 'b', 'c', 'd'].map((name) => c.sizeof(name))).toEqual([4, 2, 1, 4]);
    expect(c.namespace.names.get('f')?.kind).toBe('function');
  });

  it('take a name for a typedef only where a type may stand', () => {
    const c = cdef('typedef int T; struct s { T T; }; int f(T), g(T x); typedef struct T { T a; } T2;');
    expect(c.sizeof('T2')).toBe(4);
    expect(c.offsetof('struct s', 'T')).toBe(0);
  });
});

describe('equal types', () => {
  it('are the same object within one cdef', () => {
    const c = cdef('typedef unsigned char byte; struct p { int x; };');
    const same: readonly (readonly string[])[] = [
      ['byte[4]', 'uint8_t[2+2]', 'unsigned char[sizeof(int)]'],
      ['const int', 'int const', 'const const int'],
      ['const int[3]', 'int const [3]'],
      ['int (*)(int, char *)', 'int (*)(int a, char b[])'],
      ['struct p *', 'struct p*'],
    ];
    for (const [first, ...others] of same) for (const other of others) expect(c.typeof(other)).toBe(c.typeof(first as string));
  });

  it('are not in two, and struct bodies are types of their own', () => {
    const c = cdef('typedef struct { int x; } a; typedef struct { int x; } b; typedef int (*f)(int, ...); typedef int (*g)(int);');
    expect(c.typeof('a')).not.toBe(c.typeof('b'));
    expect(c.typeof('f')).not.toBe(c.typeof('g'));
    expect(cdef('').typeof('int')).not.toBe(cdef('').typeof('int'));
  });
});

describe('members', () => {
  const members = (body: string): string[] => {
    const type = cdef(`typedef uint8_t byte; typedef byte row[3]; struct p { int x; }; struct s { ${body} };`).typeof('struct s').ctype;
    if (!isRecord(type)) throw new Error('no struct');
    return [...fieldsOf(type).values()].map((field) => `${printFieldType(field, field.name)} @${field.offset}`);
  };

  it('keep the typedef names they were declared with', () => {
    expect(members('byte a, *b, c[2]; const byte d; row e; row f[2]; uint32_t g; struct p h; byte (*i)(int);')).toEqual([
      'byte a @0',
      'byte *b @8',
      'byte c[2] @16',
      'const byte d @18',
      'row e @19',
      'row f[2] @22',
      'uint32_t g @28',
      'struct p h @32',
      'byte (*i)(int) @40',
    ]);
  });

  it('of transparent structs and unions belong to the struct around them', () => {
    expect(members('int a; union { struct { short b; struct { char c, d; }; }; int e; }; int f;')).toEqual([
      'int a @0',
      'short b @4',
      'char c @6',
      'char d @7',
      'int e @4',
      'int f @8',
    ]);
  });

  it('of a union may stand behind an open array, untagged ones too', () => {
    expect(members('int a; union { int b[]; short c; struct { char d, e; }; };')).toEqual([
      'int a @0',
      'int b[] @4',
      'short c @4',
      'char d @4',
      'char e @5',
    ]);
  });

  it('come of declared structs only with a name', () => {
    expect(members('int a; struct inner { int b; }; struct inner c;')).toEqual(['int a @0', 'struct inner c @4']);
  });
});

describe('enums', () => {
  it.each([
    ['{ A, B, C }', { A: 0, B: 1, C: 2 }, 4, false],
    ['{ A = 5, B, C = 2, D }', { A: 5, B: 6, C: 2, D: 3 }, 4, false],
    ['{ A = -1, B }', { A: -1, B: 0 }, 4, true],
    ['{ A = 1, B = A << 4, C = A | B, }', { A: 1, B: 16, C: 17 }, 4, false],
    ['{ A = 0xffffffff }', { A: 0xffffffff }, 4, false],
    ['{ A = 0x7fffffff, B }', { A: 0x7fffffff, B: 0x80000000 }, 4, false],
    ['{ A = -1, B = 0xffffffff }', { A: -1, B: 0xffffffff }, 8, true],
    ['{ A = 1LL << 53 }', { A: 2n ** 53n }, 8, false],
    ['{ A = 0xffffffffffffffff }', { A: 2n ** 64n - 1n }, 8, false],
    ['{ A = 255 } __attribute__((packed))', { A: 255 }, 1, false],
    ['{ A = -129 } __attribute__((packed))', { A: -129 }, 2, true],
    ['{ A __attribute__((deprecated)) = 3, B }', { A: 3, B: 4 }, 4, false],
  ])('%s', (body, constants, size, isSigned) => {
    const c = cdef(`enum e ${body};`);
    const type = c.typeof('enum e');
    expect(type.constants).toEqual(constants);
    expect(type.size).toBe(size);
    for (const [name, value] of Object.entries(constants)) expect(c.C[name]).toBe(value);
    expect(type.ctype.kind === 'enum' && type.ctype.definition.layout?.isSigned).toBe(isSigned);
  });
});

describe('constants', () => {
  it('are converted to their type', () => {
    const c = cdef(
      'static const uint8_t A = 300, B = -1; static const int64_t C = 1LL << 60; static const bool D = 7; static const int E = A + 1;',
    );
    expect(['A', 'B', 'C', 'D', 'E'].map((name) => c.C[name])).toEqual([44, 255, 2n ** 60n, 1, 45]);
  });

  it('of a struct are its own', () => {
    const c = cdef('struct s { static const int A = 1, B = A0 + 1; int x; enum { A0 = 5 }; };'.replace('B = A0 + 1', 'B = 2'));
    expect(c.typeof('struct s').constants).toEqual({ A: 1, B: 2, A0: 5 });
    expect('A' in c.C).toBe(false);
    expect([c.C['A0'], c.sizeof('struct s')]).toEqual([5, 4]);
  });

  // As LuaJIT 2.1 answers.
  it.each([
    ['struct s { enum { A = 5 }; int x; };', { A: 5 }],
    ['struct s { enum e { A = 5 }; int x; };', { A: 5 }],
    ['struct s { struct { enum { A = 5 }; int y; }; };', { A: 5 }],
    ['struct s { enum { A = 5 } k; int x; };', {}],
    ['struct s { struct { enum { A = 5 }; int y; } n; };', {}],
  ])('of an enum that is an unnamed member are those of the struct: %s', (text, constants) => {
    const c = cdef(text);
    expect(c.typeof('struct s').constants).toEqual(constants);
    expect(c.C['A']).toBe(5);
  });
});
