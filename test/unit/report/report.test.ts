import { describe, expect, it } from 'vitest';
import { isRecord } from '../../../src/ctype/index.ts';
import { betterOrder, type JsonLayout, layoutAsJson, layoutAsText, type LayoutTextOptions, typeNames } from '../../../src/report/index.ts';
import { cdef } from '../../../src/view/index.ts';

const json = (text: string): JsonLayout => layoutAsJson(cdef(text).namespace);

function text(source: string, name: string, options?: LayoutTextOptions): string {
  const type = cdef(source).typeof(name).ctype;
  if (!isRecord(type)) throw new Error(`${name} is no struct`);
  return layoutAsText(type, name, options);
}

describe('a layout as JSON', () => {
  it('has exactly this form', () => {
    const layout = json(`
      enum bootp_op { BOOTREQUEST = 1 };
      typedef struct dhcp_msg { uint8_t op; uint16_t urgent : 1; struct { char a[2]; } addr; struct { int deep; }; enum bootp_op *p; } dhcp_msg_t;
      typedef int untagged_t; typedef union { int a; } only_typedef;
      struct consts { static const int A = 1; static const uint64_t BIG = -1; };
      static const int ETH_P_IP = 2048;
      void yiaddr_set(struct dhcp_msg *msg); extern int variable; struct incomplete; `);
    expect(layout).toEqual({
      abi: 'x86_64-linux-gnu',
      types: [
        {
          name: 'struct dhcp_msg',
          kind: 'struct',
          size: 16,
          align: 8,
          members: [
            { name: 'op', type: 'uint8_t', offset: 0, size: 1 },
            { name: 'urgent', type: 'uint16_t', bitOffset: 8, bitSize: 1 },
            { name: 'addr', type: 'struct {...}', offset: 2, size: 2, members: [{ name: 'a', type: 'char [2]', offset: 0, size: 2 }] },
            { name: 'deep', type: 'int', offset: 4, size: 4 },
            { name: 'p', type: 'enum bootp_op *', offset: 8, size: 8 },
          ],
        },
        { name: 'only_typedef', kind: 'union', size: 4, align: 4, members: [{ name: 'a', type: 'int', offset: 0, size: 4 }] },
        { name: 'struct consts', kind: 'struct', size: 0, align: 1, members: [], constants: { A: 1, BIG: '18446744073709551615' } },
      ],
      enums: [{ name: 'enum bootp_op', size: 4, signed: false, constants: { BOOTREQUEST: 1 } }],
      typedefs: {
        dhcp_msg_t: { type: 'struct dhcp_msg', size: 16, align: 8 },
        untagged_t: { type: 'int', size: 4, align: 4 },
        only_typedef: { type: 'union {...}', size: 4, align: 4 },
      },
      constants: { ETH_P_IP: 2048 },
      functions: ['yiaddr_set'],
    });
  });

  it('is plain data, whatever the names', () => {
    const layout = json('typedef int __proto__; enum constructor { toString = 1LL << 60 };');
    expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
    expect(Object.keys(layout.typedefs)).toEqual(['__proto__']);
    expect(layout.enums).toEqual([{ name: 'enum constructor', size: 8, signed: false, constants: { toString: '1152921504606846976' } }]);
  });

  it('counts bits from the start of the struct that lists them', () => {
    const [type] = json('struct s { int a; struct { short b; int c : 3, : 2, d : 5; }; struct { int e : 3; } in; };').types;
    expect(type?.members).toEqual([
      { name: 'a', type: 'int', offset: 0, size: 4 },
      { name: 'b', type: 'short', offset: 4, size: 2 },
      { name: 'c', type: 'int', bitOffset: 48, bitSize: 3 },
      { name: 'd', type: 'int', bitOffset: 53, bitSize: 5 },
      { name: 'in', type: 'struct {...}', offset: 8, size: 4, members: [{ name: 'e', type: 'int', bitOffset: 0, bitSize: 3 }] },
    ]);
  });

  it('gives flexible arrays no size, and arrays of untagged structs their members', () => {
    const [type] = json('struct s { struct { int x; } list[2][3]; short tail[]; };').types;
    expect(type?.members).toEqual([
      { name: 'list', type: 'struct {...} [2][3]', offset: 0, size: 24, members: [{ name: 'x', type: 'int', offset: 0, size: 4 }] },
      { name: 'tail', type: 'short []', offset: 24, size: 0 },
    ]);
  });

  it('lists types of incomplete size among the typedefs', () => {
    expect(json('typedef void v; typedef struct s s_t; typedef int f(void); typedef int a[];').typedefs).toEqual({
      v: { type: 'void', size: null, align: 1 },
      s_t: { type: 'struct s', size: null, align: 1 },
      f: { type: 'int (void)', size: null, align: 1 },
      a: { type: 'int []', size: null, align: 4 },
    });
  });

  it('lists the members of untagged bodies no more often than is good', () => {
    const doubled = Array.from({ length: 40 }, (_, i) => `typedef struct { t${i} a, b; } t${i + 1};`);
    const { types } = json(['typedef char t0;', ...doubled].join(' '));
    expect(types).toHaveLength(40);
    expect(JSON.stringify(types[2])).toMatch(/"members".*"members".*"members"/);
    expect(JSON.stringify(types).length).toBeLessThan(2_000_000);
  });

  it('names untagged types by their first typedef, and leaves out those without any', () => {
    const c = cdef('typedef struct { int x; } first, second; struct { int y; } variable; typedef enum { A } e_t;');
    expect([...typeNames(c.namespace).values()]).toEqual(['first', 'e_t']);
    expect(layoutAsJson(c.namespace).types.map(({ name }) => name)).toEqual(['first']);
    expect(layoutAsJson(c.namespace).enums.map(({ name }) => name)).toEqual(['e_t']);
  });
});

describe('a layout as text', () => {
  it('shows offsets, holes, padding, their sums and a better order', () => {
    expect(text('struct sample { char flag; double value; short last; };', 'struct sample')).toMatchInlineSnapshot(`
      "struct sample {  // size 24, align 8
        offset   size
             0      1  char flag;
             1      7  // hole
             8      8  double value;
            16      2  short last;
            18      6  // padding
        // size 24, cachelines 1, members 3
        // sum of members 11, holes 1 (7 bytes), padding 6
        // last cacheline 24 bytes
        // saves 8 bytes in the order: flag, last, value
      };
      "
    `);
  });

  it('shows nested members, unions, bit-fields and what is between them', () => {
    const source = `struct s {
      struct { char a; int b; } in;
      union { short c; char d[3]; };
      unsigned e : 3, : 2, f : 7;
      const char *(*fn)(int);
      static const int K = 5;
    };`;
    expect(text(source, 'struct s')).toMatchInlineSnapshot(`
      "struct s {  // size 24, align 8
        offset   size
             0      8  struct {
             0      1    char a;
             1      3    // hole
             4      4    int b;
             8         } in;
             8      4  union {
             8      2    short c;
             8      3    char d[3];
            12         };
            12     :3  unsigned int e : 3;  // bit 0
            12     :2  // bit hole
            12     :7  unsigned int f : 7;  // bit 5
            13    :20  // bit hole
            16      8  const char *(*fn)(int);
                       static const K = 5;
        // size 24, cachelines 1, members 5
        // sum of members 20
        // sum of bit-fields 10 bits, bit holes 2 (22 bits)
        // last cacheline 24 bytes
      };
      "
    `);
  });

  it('shows byte order and variable sizes', () => {
    expect(text('struct __attribute__((scalar_storage_order("big-endian"))) be { int a; be16_t b; };', 'struct be')).toMatchInlineSnapshot(`
      "struct be {  // size 8, align 4, big-endian
        offset   size
             0      4  sbe32_t a;
             4      2  be16_t b;
             6      2  // padding
        // size 8, cachelines 1, members 2
        // sum of members 6, padding 2
        // last cacheline 8 bytes
      };
      "
    `);
    expect(text('struct v { int n; char data[?]; };', 'struct v')).toMatchInlineSnapshot(`
      "struct v {  // size 4 + ?, align 4
        offset   size
             0      4  int n;
             4      0  char data[?];
        // size 4, cachelines 1, members 2
        // sum of members 4
        // last cacheline 4 bytes
      };
      "
    `);
    expect(text('union u { int a; char b[6]; };', 'union u')).toMatchInlineSnapshot(`
      "union u {  // size 8, align 4
        offset   size
             0      4  int a;
             0      6  char b[6];
        // size 8, cachelines 1, members 2
        // last cacheline 8 bytes
      };
      "
    `);
    expect(text('struct e { };', 'struct e')).toMatchInlineSnapshot(`
      "struct e {  // size 0, align 1
        offset   size
        // size 0, cachelines 0, members 0
      };
      "
    `);
    expect(text('struct fwd;', 'struct fwd')).toBe('struct fwd is incomplete\n');
  });

  it('tells bits in the units of bit-fields from whole bytes', () => {
    const source = 'struct s { char a; int b : 20; long : 0; char c; unsigned long d : 3; char e; long f; short g : 5; };';
    expect(text(source, 'struct s')).toMatchInlineSnapshot(`
      "struct s {  // size 32, align 8
        offset   size
             0      1  char a;
             1    :20  int b : 20;  // bit 0
             3     :4  // bit hole
             4      4  // hole
             8      1  char c;
             9     :3  unsigned long d : 3;  // bit 0
             9     :5  // bit hole
            10      1  char e;
            11      5  // hole
            16      8  long f;
            24     :5  short g : 5;  // bit 0
            24    :11  // bit padding
            26      6  // padding
        // size 32, cachelines 1, members 7
        // sum of members 11, holes 2 (9 bytes), padding 6
        // sum of bit-fields 28 bits, bit holes 2 (9 bits), bit padding 11 bits
        // last cacheline 32 bytes
        // saves 8 bytes in the order: a, c, e, b:20, :0, d:3, g:5, f
      };
      "
    `);
    expect(text('struct __attribute__((packed)) p { unsigned a : 3, b : 31; unsigned long c : 37; };', 'struct p')).toMatchInlineSnapshot(`
      "struct p {  // size 9, align 1
        offset   size
             0     :3  unsigned int a : 3;  // bit 0
             0    :31  unsigned int b : 31;  // bit 3
             4    :37  unsigned long c : 37;  // bit 2
             8     :1  // bit padding
        // size 9, cachelines 1, members 3
        // sum of bit-fields 71 bits, bit padding 1 bit
        // last cacheline 9 bytes
      };
      "
    `);
  });

  it('breaks the lines of long orders', () => {
    const members = Array.from({ length: 40 }, (_, i) => `${i % 2 === 0 ? 'char' : 'long'} member_${i};`);
    const lines = text(`struct s { ${members.join(' ')} };`, 'struct s').split('\n');
    const order = lines.slice(
      lines.findIndex((line) => line.includes('saves')),
      -2,
    );
    expect(order[0]).toBe('  // saves 136 bytes in the order: member_0, member_2, member_4, member_6, member_8, member_10, member_12,');
    expect(order.length).toBe(5);
    expect(order.every((line) => line.startsWith('  // ') && line.length <= 110)).toBe(true);
    expect(order.join(' ').match(/member_\d+/g)?.length).toBe(40);
  });

  it('marks where cache lines begin', () => {
    const source = 'struct s { char a[60]; int b; char c[8]; struct { char d[120]; long e; } f; };';
    expect(text(source, 'struct s')).toMatchInlineSnapshot(`
      "struct s {  // size 200, align 8
        offset   size
             0     60  char a[60];
            60      4  int b;
        // --- cacheline 1 (64 bytes) ---
            64      8  char c[8];
            72    128  struct {
            72    120    char d[120];
        // --- cacheline 3 (192 bytes) ---
           192      8    long e;
           200         } f;
        // size 200, cachelines 4, members 4
        // sum of members 200
        // last cacheline 8 bytes
      };
      "
    `);
    expect(text('struct s { int a, b, c; };', 'struct s', { cachelineSize: 8 })).toMatchInlineSnapshot(`
      "struct s {  // size 12, align 4
        offset   size
             0      4  int a;
             4      4  int b;
        // --- cacheline 1 (8 bytes) ---
             8      4  int c;
        // size 12, cachelines 2, members 3
        // sum of members 12
        // last cacheline 4 bytes
      };
      "
    `);
    for (const cachelineSize of [0, -1, 1.5, Number.NaN]) {
      expect(() => text('struct s { };', 'struct s', { cachelineSize })).toThrow(RangeError);
    }
  });

  it('is coloured by whoever asks', () => {
    const paint = (part: string, piece: string): string => `<${part}>${piece}</${part}>`;
    expect(text('struct s { char a; int *b[2]; };', 'struct s', { paint })).toMatchInlineSnapshot(`
      "<type>struct s</type> {  <note>// size 24, align 8</note>
      <note>  offset   size</note>
      <number>       0      1</number>  char <name>a</name>;
      <number>       1      7</number>  <unused>// hole</unused>
      <number>       8     16</number>  int *<name>b</name>[2];
      <note>  // size 24, cachelines 1, members 2</note>
      <note>  // sum of members 17, holes 1 (7 bytes)</note>
      <note>  // last cacheline 24 bytes</note>
      };
      "
    `);
  });

  it('stays as long as the C text, however often types nest in one another', () => {
    const doubled = Array.from({ length: 40 }, (_, i) => `typedef struct { t${i} a, b; } t${i + 1};`).join(' ');
    expect(text(`typedef struct { char c; } t0; ${doubled}`, 't40')).toContain('t39 b;');
    let nested = 'struct { char c; }';
    for (let i = 0; i < 40; i++) nested = `struct { ${nested} a, b; }`;
    expect(text(`struct s { ${nested} x; };`, 'struct s').split('\n').length).toBeLessThan(200);
  });

  it('shows structs of hostile sizes', () => {
    const huge = text('struct s { char a[0x7fffffffffff]; };', 'struct s');
    expect(huge).toContain('size 140737488355327, cachelines 2199023255552');
    const members = Array.from({ length: 5000 }, (_, i) => `${i % 3 === 0 ? 'char' : i % 3 === 1 ? 'long' : 'int'} m${i};`).join(' ');
    // 1667 * 1 + 1667 * 8 + 1666 * 4 bytes of members.
    expect(text(`struct s { ${members} };`, 'struct s')).toMatch(new RegExp(`size ${26_672}, .*saves ${26_672 - 21_672} bytes`, 's'));
    const bits = Array.from({ length: 5000 }, (_, i) => `int b${i} : 17;`).join(' ');
    expect(text(`struct s { char a; ${bits} };`, 'struct s')).toContain('bit holes 4999');
  });
});

describe('a better order', () => {
  const better = (source: string): string | null => {
    const { ctype } = cdef(source).typeof('struct s');
    if (!isRecord(ctype)) throw new Error('struct s is no struct');
    const found = betterOrder(ctype);
    return found === null ? null : `${found.size} (-${found.saved}): ${found.members.map(({ name }) => name || '_').join(' ')}`;
  };

  it.each<[string, string, string | null]>([
    ['fills holes, and keeps the rest in its order', 'struct s { char a; double b; char c; int d; short e; };', '16 (-16): a c e d b'],
    ['puts padding to use', 'struct s { char a; int b; char c; };', '8 (-4): a c b'],
    ['keeps bit-fields together', 'struct s { char a; long b; int c : 3, d : 20; char e; };', '16 (-8): a e c d b'],
    ['keeps unnamed bit-fields where they are', 'struct s { char a; int b; char c; int d : 3, : 0, e : 4; };', '12 (-4): b d _ e a c'],
    ['keeps a flexible array last', 'struct s { char a; int b; char c; short d[]; };', '8 (-4): a c b d'],
    [
      'keeps a struct with a flexible array last',
      'struct f { int n; char d[]; }; struct s { char a; int b; short c; struct f d; };',
      '12 (-4): a c b d',
    ],
    ['moves transparent members as one', 'struct s { char a; union { long b; char c; }; char d; };', '16 (-8): a d _'],
    ['obeys alignments that were asked for', 'struct s { char a; int b __attribute__((aligned(16))); char c[8]; };', '16 (-16): b a c'],
    ['takes members without bytes along', 'struct s { char a; int b; struct { } c; char d; int e[0]; };', '8 (-4): a c d b e'],
    ['is none where nothing can be saved', 'struct s { long a; char b; };', null],
    ['is none for packed structs', 'struct __attribute__((packed)) s { char a; int b __attribute__((aligned(4))); char c; };', null],
    ['is none under pragma pack', '#pragma pack(push, 2)\nstruct s { char a; int b; char c; };\n#pragma pack(pop)', null],
    ['is none where a member is packed', 'struct s { char a; int b __attribute__((packed)); long c; char d; };', null],
    ['is none for an empty struct', 'struct s { };', null],
  ])('%s', (_, source, expected) => {
    expect(better(source)).toBe(expected);
  });

  it('is none for unions', () => {
    const { ctype } = cdef('union u { char a; long b; char c[9]; };').typeof('union u');
    expect(isRecord(ctype) && betterOrder(ctype)).toBe(null);
  });
});
