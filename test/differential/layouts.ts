/**
 * Structs on which layout rules differ between compilers, or that are easily got wrong: a name for what is tried,
 * and C text. Tags and typedef names are unique over the whole table, as one program is made of it.
 * @module
 */

/** `[what is tried, C text]` */
export const TRICKY: readonly (readonly [string, string])[] = [
  ['bit-fields of one type in one unit', 'struct b1 { unsigned a : 3, b : 5, c : 24; };'],
  ['a bit-field that does not fit the rest of its unit', 'struct b2 { unsigned a : 20, b : 20; };'],
  ['bit-fields across types of different sizes', 'struct b3 { char a : 4; short b : 9; int c : 17; long d : 33; };'],
  ['a wide bit-field behind a narrow one', 'struct b4 { char a : 7; long long b : 60; char c : 4; };'],
  ['a bit-field in the padding of an ordinary member', 'struct b5 { short a; int b : 8; int c : 9; char d; };'],
  ['an ordinary member behind bit-fields', 'struct b6 { int a : 9; char b; int c : 7; short d; };'],
  ['signed bit-fields of all sizes', 'struct b7 { signed char a : 3; short b : 11; int c : 31; long d : 63; long long e : 2; };'],
  ['one-bit signed bit-fields', 'struct b8 { int a : 1, b : 1; long c : 1; };'],
  ['bit-fields of _Bool', 'struct b9 { _Bool a : 1, b : 1; bool c : 1; char d; _Bool e : 1; };'],
  [
    'bit-fields of enums',
    'enum be1 { BE1A, BE1B = 200 }; enum be2 { BE2A = -3, BE2B = 100 }; struct b10 { enum be1 a : 8; enum be2 b : 9; };',
  ],
  ['full-width bit-fields', 'struct b11 { char x; int a : 32; char y; long b : 64; char z; short c : 16; };'],
  ['64-bit bit-fields', 'struct b12 { unsigned long a : 40; unsigned long b : 24; long c : 40; long d : 25; };'],
  [
    'unnamed bit-fields that were asked to be aligned',
    Array.from(
      [
        'int : 0;',
        'ub4 : 0;',
        'ub1 : 0;',
        'ubi : 0;',
        'int : 0 __attribute__((aligned(1)));',
        'int : 0 __attribute__((aligned(8)));',
        'ubi : 0 __attribute__((aligned(1)));',
        'ubi : 3;',
        'ubi : 8;',
        'ubi : 3 __attribute__((packed));',
        'int : 3 __attribute__((packed, aligned(1)));',
        'int : 0 __attribute__((packed, aligned(1)));',
      ],
      (member, i) =>
        `struct ub${i} { char m __attribute__((vector_size(64))); ${member} }; struct uc${i} { char m[_Alignof(struct ub${i})]; };`,
    ).reduce(
      (text, one) => text + one,
      'typedef char ub4 __attribute__((aligned(4))), ub1 __attribute__((aligned(1))); typedef int ubi __attribute__((aligned(1)));',
    ),
  ],
  [
    'a bit-field asked to be aligned less than its type, behind an ordinary member',
    'typedef char mb32 __attribute__((aligned(32))); struct mb { char a : 1; float m; char c; mb32 b : 1 __attribute__((aligned(8))); mb32 d : 1; };',
  ],
  [
    'the pragma for the byte order, as it is at the closing brace',
    [
      '#pragma scalar_storage_order big-endian',
      'struct so1 { int x; unsigned b : 5; struct { short y; } in; };',
      'struct so2 {\n#pragma scalar_storage_order little-endian',
      'int x; unsigned b : 5; };',
      'struct so3 {\n#pragma scalar_storage_order big-endian',
      'int x; unsigned b : 5; };',
      'struct __attribute__((scalar_storage_order("little-endian"))) so4 { int x; }; union so5 { int x; };',
      '#pragma scalar_storage_order default',
      'struct so6 { int x; };',
    ].join('\n'),
  ],
  [
    'structs that are a complex number, and those with an array without a size behind it',
    [
      'struct __attribute__((ms_struct)) cd1 { _Complex double m; char f[]; }; struct __attribute__((ms_struct)) cd2 { _Complex double m; char f[][2]; };',
      'struct __attribute__((ms_struct)) cd3 { _Complex double m; char f[0]; }; struct cd4 { struct cd1 x; }; struct cd5 { struct cd3 x; };',
      'struct cd6 { char a[_Alignof(struct cd1)], b[_Alignof(struct cd2)], c[_Alignof(struct cd3)], d[_Alignof(struct cd4)], e[_Alignof(struct cd5)]; };',
    ].join('\n'),
  ],
  ['an unnamed bit-field', 'struct b13 { int a : 3; int : 7; int b : 4; };'],
  ['only an unnamed bit-field', 'struct b14 { int : 7; };'],
  ['unnamed bit-fields do not align', 'struct b15 { char a; int : 5; char b; }; struct b16 { char a; long : 33; char b; };'],
  ['zero width starts a new unit', 'struct b17 { char a : 3; char : 0; char b : 3; };'],
  ['zero width of a larger type', 'struct b18 { char a : 3; int : 0; char b : 3; }; struct b19 { char a; long : 0; char b; };'],
  ['zero width first and last', 'struct b20 { int : 0; char a; }; struct b21 { char a; int : 0; };'],
  ['zero width in a packed struct', 'struct __attribute__((packed)) b22 { char a : 3; int : 0; char b : 3; };'],
  ['zero width under pragma pack', '#pragma pack(push, 1)\nstruct b23 { char a : 3; int : 0; char b : 3; };\n#pragma pack(pop)'],
  ['zero width after bit-fields of other types', 'struct b24 { short a : 3; char : 0; int b : 5; long : 0; char c; };'],
  [
    'packed bit-fields straddle bytes',
    'struct __attribute__((packed)) p1 { unsigned a : 3; unsigned b : 30; unsigned c : 31; short d : 13; };',
  ],
  [
    'packed 64-bit bit-fields straddle words',
    'struct __attribute__((packed)) p2 { long a : 7; long b : 64; unsigned long c : 63; char d : 2; };',
  ],
  ['a bit-field of nine bytes', 'struct __attribute__((packed)) p3 { char a : 1; unsigned long b : 64; char c : 7; };'],
  ['packed ordinary members', 'struct __attribute__((packed)) p4 { char a; int b; char c; double d; short e; };'],
  ['one packed member', 'struct p5 { char a; int b __attribute__((packed)); char c; int d; };'],
  ['one packed bit-field', 'struct p6 { int a : 20; int b : 20 __attribute__((packed)); int c : 20; };'],
  ['a packed struct in a plain one', 'struct __attribute__((packed)) p7 { char a; long b; }; struct p8 { char a; struct p7 b; short c; };'],
  [
    'a plain struct in a packed one',
    'struct p9 { char a; long b; }; struct __attribute__((packed)) p10 { char a; struct p9 b; short c; };',
  ],
  ['packed behind the body', 'struct p11 { char a; int b; } __attribute__((packed));'],
  ['packed and aligned at once', 'struct __attribute__((packed, aligned(4))) p12 { char a; long b; short c; };'],
  ['aligned members in a packed struct', 'struct __attribute__((packed)) p13 { char a; int b __attribute__((aligned(4))); char c; };'],
  ['an aligned struct', 'struct __attribute__((aligned(32))) a1 { char a; };'],
  ['aligned without a number', 'struct __attribute__((aligned)) a2 { char a; }; struct a3 { char a; char b __attribute__((aligned)); };'],
  ['an alignment below the natural one', 'struct a4 { char a; long b __attribute__((aligned(2))); };'],
  ['_Alignas', 'struct a5 { char a; _Alignas(16) int b; _Alignas(double) char c; _Alignas(0) short d; };'],
  ['a typedef aligned more strictly', 'typedef int a6_t __attribute__((aligned(8))); struct a6 { char a; a6_t b; char c; };'],
  ['a typedef aligned less strictly', 'typedef long a7_t __attribute__((aligned(2))); struct a7 { char a; a7_t b; char c; };'],
  [
    'a struct typedef with an alignment of its own',
    'typedef struct { char a; } a8_t __attribute__((aligned(8))); struct a8 { char x; a8_t y; char z; };',
  ],
  [
    'an attribute before the tag, with a pointer typedef',
    'typedef struct __attribute__((aligned(16))) a9 { int a; } a9_t, *a9_p; struct a10 { char a; a9_p b; a9_t c; };',
  ],
  ['aligned bit-fields', 'struct a11 { int a : 3; int b : 4 __attribute__((aligned(8))); int c : 2; };'],
  ['an over-aligned bit-field type', 'typedef int a12_t __attribute__((aligned(16))); struct a12 { char a; a12_t b : 5; a12_t c : 30; };'],
  [
    'an under-aligned bit-field type',
    'typedef int a13_t __attribute__((aligned(1))); struct a13 { char a; a13_t b : 30; a13_t c : 9; char d; };',
  ],
  [
    'the last of several alignments of a type counts',
    'struct __attribute__((aligned(32))) a17 { char a; } __attribute__((aligned(8))); typedef int a17_t __attribute__((aligned(16), aligned(2))); struct a18 { char a; a17_t b; struct a17 c; };',
  ],
  [
    'the alignment before a typedef wins over the one behind',
    'typedef __attribute__((aligned(8))) int a19_t __attribute__((aligned(32))); typedef __attribute__((aligned(4))) struct { char a; } __attribute__((aligned(16))) a20_t; struct a19 { char a; a19_t b; char c; a20_t d; };',
  ],
  [
    "alignments within declarators are the types', not the members'",
    'struct __attribute__((packed)) a21 { char a; char *__attribute__((aligned(32))) b; char c; int (*__attribute__((aligned(8))) d)(void); }; struct a22 { char a; char *__attribute__((aligned(2))) b; char *__attribute__((aligned(32))) *c; char (__attribute__((aligned(16))) d); char (__attribute__((aligned(64))) *e); char *const __attribute__((aligned(16))) f __attribute__((aligned(4))); };',
  ],
  [
    'alignments within type names',
    'enum { A23A = _Alignof(int __attribute__((aligned(64)))), A23B = sizeof(float __attribute__((vector_size(16)))) }; struct a23 { char a[A23A]; char b[A23B]; };',
  ],
  [
    'a zero-width bit-field with an alignment, whatever the pragma says',
    '#pragma pack(push, 1)\nstruct a24 { char a; char : 0 __attribute__((aligned(16))); char b; };\nstruct a25 { char a; int : 0; char b; };\n#pragma pack(pop)',
  ],
  [
    '_Alignof a wide vector',
    'typedef float a26_t __attribute__((vector_size(32))); struct a26 { char a[_Alignof(a26_t)]; char b; a26_t c; };',
  ],
  [
    'vectors behind pointers and in arrays',
    'struct a27 { char a; float *b __attribute__((vector_size(16))); float c[2] __attribute__((vector_size(16))); __attribute__((vector_size(8))) int d, *e; };',
  ],
  [
    'structs and unions that are one number or vector',
    'struct a28_s { double _Complex a; }; struct a28_t { struct a28_s a[1]; }; union a28_u { double _Complex a; }; union a28_v { float a __attribute__((vector_size(8))); char b; }; union a28_w { int a __attribute__((vector_size(8))); char b; }; struct a28 { char a; struct a28_s b; char c; struct a28_t d; char e; union a28_u f; char g; union a28_v h; char i; union a28_w j; };',
  ],
  [
    'an aligned bit-field of an over-aligned type',
    'typedef char a29_t __attribute__((aligned(64))); struct a29 { long a; unsigned b : 9; a29_t c : 1 __attribute__((aligned(8))); a29_t d : 3; };',
  ],
  ['aligned members of a union', 'union a14 { char a; short b __attribute__((aligned(8))); };'],
  [
    'several alignments on one member',
    'struct a15 { char a; int b __attribute__((aligned(4), aligned(16))) __attribute__((aligned(8))); };',
  ],
  ['a const aligned typedef', 'typedef int a16_t __attribute__((aligned(8))); struct a16 { char a; const a16_t *b; volatile a16_t c; };'],
  [
    'pragma pack 1, 2, 4 and 8',
    [1, 2, 4, 8]
      .map((n) => `#pragma pack(push, ${n})\nstruct g1_${n} { char a; short b; char c; int d; char e; double f; };\n#pragma pack(pop)`)
      .join('\n'),
  ],
  [
    'pragma pack with bit-fields',
    [1, 2, 4]
      .map(
        (n) => `#pragma pack(push, ${n})\nstruct g2_${n} { char a : 5; int b : 29; short c : 9; long d : 50; char e; };\n#pragma pack(pop)`,
      )
      .join('\n'),
  ],
  [
    'pragma pack caps aligned members',
    '#pragma pack(push, 2)\nstruct g3 { char a; int b __attribute__((aligned(8))); char c; };\n#pragma pack(pop)',
  ],
  [
    'pragma pack and an aligned struct',
    '#pragma pack(push, 2)\nstruct g4 { char a; int b; } __attribute__((aligned(8)));\nstruct g5 { char a; struct g4 b; };\n#pragma pack(pop)',
  ],
  [
    'pragma pack and aligned bit-fields',
    '#pragma pack(push, 2)\nstruct g6 { char a; int b : 7 __attribute__((aligned(8))); long c : 3; };\n#pragma pack(pop)',
  ],
  [
    'pragma pack inside a struct counts for all of it',
    'struct g7 { char a;\n#pragma pack(push, 1)\n int b;\n struct { char c; int d; } e;\n#pragma pack(pop)\n int f; };',
  ],
  ['pragma pack that ends inside a struct', '#pragma pack(push, 1)\nstruct g8 { char a; int b;\n#pragma pack(pop)\n char c; int d; };'],
  [
    'pragma pack with labels',
    '#pragma pack(push, outer, 2)\n#pragma pack(push, inner, 1)\nstruct g9 { char a; int b; };\n#pragma pack(pop, outer)\nstruct g10 { char a; int b; };',
  ],
  ['pragma pack () resets', '#pragma pack(1)\nstruct g11 { char a; int b; };\n#pragma pack()\nstruct g12 { char a; int b; };'],
  [
    'pragma pack and unions',
    '#pragma pack(push, 2)\nunion g13 { char a[5]; int b; };\nstruct g14 { char a; union g13 b; };\n#pragma pack(pop)',
  ],
  ['pragma pack larger than any alignment', '#pragma pack(push, 16)\nstruct g15 { char a; long double b; };\n#pragma pack(pop)'],
  ['unions with bit-fields', 'union u1 { int a : 3; char b; long c : 40; };'],
  ['a union of unnamed bit-fields only', 'union u2 { int : 5; char : 2; };'],
  ['a union with a zero-width bit-field', 'union u3 { int : 0; char a; };'],
  ['a packed union', 'union __attribute__((packed)) u4 { int a; char b[5]; long c : 37; };'],
  [
    'transparent structs and unions',
    'struct u5 { char a; union { int b; struct { short c; char d; }; }; char e; struct { int f : 5, g : 9; }; };',
  ],
  ['named members of untagged types', 'struct u6 { char a; struct { char b; long c; } in; union { short d; int e : 11; } un; };'],
  ['a packed transparent struct', 'struct u7 { char a; struct { char b; int c; } __attribute__((packed)); int d; };'],
  ['an aligned transparent union', 'struct u8 { char a; union { char b; short c; } __attribute__((aligned(16))); char d; };'],
  ['a tagged struct declared inside another', 'struct u9 { char a; struct u10 { short b; long c; } d; struct u10 e; };'],
  [
    'flexible arrays',
    'struct f1 { char a; int b[]; }; struct f2 { long a; char b; short c[]; }; struct f3 { char a; struct { char p; short q; } b[]; };',
  ],
  ['a flexible array behind bit-fields', 'struct f4 { int a : 5; char b[]; };'],
  ['arrays of length zero', 'struct f5 { char a; int b[0]; char c; }; struct f6 { long a[0]; };'],
  ['empty structs', 'struct f7 { }; struct f8 { char a; struct f7 b; int c; }; union f9 { };'],
  ['an aligned empty struct', 'struct __attribute__((aligned(8))) f10 { }; struct f11 { char a; struct f10 b; char c; };'],
  ['arrays of structs', 'struct f12 { short a; char b; }; struct f13 { char a; struct f12 b[3]; char c; };'],
  ['multi-dimensional arrays', 'struct f14 { char a; int b[2][3][4]; short c[1][5]; };'],
  [
    'pointers of all kinds',
    'struct r1 { char a; void *b; char c; int (*d)(int, char *); char e; int (*f)[5]; char *g[3]; int *(*h[2])(void); };',
  ],
  ['a struct that points to itself', 'struct r2 { char a; struct r2 *next; struct r3 *unknown; };'],
  ['long double', 'struct r4 { char a; long double b; char c; }; struct __attribute__((packed)) r5 { char a; long double b; };'],
  ['complex numbers', 'struct r6 { char a; float _Complex b; char c; double _Complex d; char e; long double _Complex f; };'],
  ['__int128', 'struct r7 { char a; __int128 b; unsigned __int128 c; char d; };'],
  [
    'every integer type',
    'struct r8 { char a; signed char b; unsigned char c; short d; unsigned short e; int f; unsigned g; long h; unsigned long i; long long j; unsigned long long k; _Bool l; };',
  ],
  [
    'every name of <stdint.h>',
    `struct r9 { ${['int', 'uint'].flatMap((sign) => ['', '_least', '_fast'].flatMap((kind) => [8, 16, 32, 64].map((bits) => `char c${sign}${kind}${bits}; ${sign}${kind}${bits}_t ${sign}${kind}${bits};`))).join(' ')} intptr_t p; uintptr_t q; intmax_t m; uintmax_t n; };`,
  ],
  [
    'the names of <stddef.h> and <uchar.h>',
    'struct r10 { char a; wchar_t b; char c; size_t d; char e; ptrdiff_t f; char g; char16_t h; char i; char32_t j; char k; ssize_t l; };',
  ],
  [
    'enums',
    'enum e1 { E1A }; enum e2 { E2A = -1 }; enum e3 { E3A = 0xffffffff }; struct e4 { char a; enum e1 b; char c; enum e2 d; char e; enum e3 f; };',
  ],
  [
    'enums of eight bytes',
    'enum e5 { E5A = 0x100000000 }; enum e6 { E6A = -1, E6B = 0xffffffff }; enum e7 { E7A = -0x80000001L }; struct e8 { char a; enum e5 b; char c; enum e6 d; enum e7 e : 40; };',
  ],
  [
    'packed enums',
    'enum __attribute__((packed)) e9 { E9A = 255 }; enum e10 { E10A = -1, E10B = 128 } __attribute__((packed)); enum __attribute__((packed)) e11 { E11A = 65536 }; struct e12 { enum e9 a; enum e10 b; enum e9 c; enum e11 d; };',
  ],
  [
    'bit-fields of packed enums',
    'enum __attribute__((packed)) e13 { E13A = 5 }; struct e14 { enum e13 a : 3; enum e13 b : 6; int c : 20; };',
  ],
  [
    'a big-endian struct',
    'struct __attribute__((scalar_storage_order("big-endian"))) o1 { char a; short b; int c; long d; unsigned char e; unsigned short f; unsigned g; unsigned long h; _Bool i; };',
  ],
  [
    'big-endian bit-fields',
    'struct __attribute__((scalar_storage_order("big-endian"))) o2 { unsigned a : 3, b : 5, c : 24; short d : 9; short e : 7; long f : 33; long g : 31; };',
  ],
  [
    'big-endian bit-fields that skip to a new unit',
    'struct __attribute__((scalar_storage_order("big-endian"))) o3 { char a : 3; int b : 20; short c : 15; int d : 29; int : 0; char e : 2; _Bool f : 1; };',
  ],
  [
    'a packed big-endian struct',
    'struct __attribute__((packed, scalar_storage_order("big-endian"))) o4 { char a : 3; int b : 30; long c : 59; short d; unsigned e : 31; long f; };',
  ],
  ['a big-endian union', 'union __attribute__((scalar_storage_order("big-endian"))) o5 { unsigned a : 11; short b; long c : 45; };'],
  [
    'a transparent struct of the other byte order',
    'struct o6 { short a; struct __attribute__((scalar_storage_order("big-endian"))) { short b; int c : 9; } in; int d : 9; };',
  ],
  [
    'a little-endian struct within a big-endian one',
    'struct __attribute__((scalar_storage_order("big-endian"))) o7 { int a; struct { int b; short c : 5; } in; int d; };',
  ],
  [
    'big-endian enums',
    'enum o8e { O8A = 0x11223344 }; enum __attribute__((packed)) o9e { O9A = 0x1122 }; struct __attribute__((scalar_storage_order("big-endian"))) o8 { enum o8e a; enum o9e b; enum o8e c : 31; };',
  ],
  ['__int128 in a big-endian struct', 'struct __attribute__((scalar_storage_order("big-endian"))) o10 { char a; __int128 b; };'],
  [
    'constant expressions as lengths and widths',
    'enum x1e { X1A = sizeof(long) * 3, X1B = (1 ? 2 : 9) << 2 }; struct x1 { char a[X1A / 5]; int b : X1B - 3; char c[sizeof(struct x1 *) + _Alignof(short)]; };',
  ],
  ['a struct whose size is a power of two by chance', 'struct x2 { int a; char b; char c[3]; }; struct x3 { struct x2 a; long b; };'],
  ['deeply nested structs', 'struct x4 { char a; struct { char b; struct { char c; struct { char d; long e; } f; } g; } h; };'],
  ['qualifiers', 'struct x5 { volatile char a; int *const b; char c; const volatile long *d; };'],
  [
    'a whole-unit bit-field that is moved by its own alignment',
    'typedef unsigned long wh_t __attribute__((aligned(32))); struct wh1 { signed char : 4; wh_t a : 8 __attribute__((aligned(8))); void *p; };',
  ],
  [
    'small vectors of integers and of floats',
    'typedef short vs_t __attribute__((vector_size(8))); typedef float vf_t __attribute__((vector_size(8))); struct vs1 { char c; vs_t v; }; struct vs2 { char c; vf_t v; };',
  ],
  [
    'an alignment asked for where a run of bit-fields ends',
    '#pragma pack(push, 2)\nstruct __attribute__((packed)) z1 { char a : 1; unsigned b : 24; unsigned c : 31 __attribute__((aligned(32), packed)); unsigned d : 1; };\n#pragma pack(pop)',
  ],
  ['an alignment of nothing', 'struct z2 { char a; int b __attribute__((aligned(0))); };'],
  [
    'bit-fields as wide as an integer, of an alignment asked for',
    'struct z3 { __attribute__((aligned(1))) long long a : 64, b : 1; }; struct z4 { int a; __attribute__((aligned(1))) long long b : 64; }; struct z5 { int a, b; __attribute__((aligned(1))) long long c : 64; };',
  ],
  [
    'alignments of structs without bytes, and with packed bit-fields of an alignment',
    'struct z6 { long long a[0]; }; struct z7 { char a : 1 __attribute__((aligned(1), packed)); struct { char b __attribute__((vector_size(64))); }; }; enum { Z6 = _Alignof(struct z6), Z7 = _Alignof(struct z7) };',
  ],
  [
    'attributes without a comma, of which the second is dropped with a parenthesis',
    'struct z8 { char a; int b; } __attribute__((_((1))aligned(32)); struct z9 { char a; int b; } __attribute__((packed aligned(32)); typedef int z10 (int __attribute__((a b)); enum { Z8 = sizeof(struct z8), Z9 = sizeof(struct z9), Z10 = sizeof(z10 *) };',
  ],
];
