import { describe, expect, it } from 'vitest';
import { isRecord } from '../../../src/ctype/index.ts';
import { type JsonLayout, layoutAsJson, layoutAsText, typeNames } from '../../../src/report/index.ts';
import { cdef } from '../../../src/view/index.ts';

const json = (text: string): JsonLayout => layoutAsJson(cdef(text).namespace);

function text(source: string, name: string): string {
  const type = cdef(source).typeof(name).ctype;
  if (!isRecord(type)) throw new Error(`${name} is no struct`);
  return layoutAsText(type, name);
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

  it('names untagged types by their first typedef, and leaves out those without any', () => {
    const c = cdef('typedef struct { int x; } first, second; struct { int y; } variable; typedef enum { A } e_t;');
    expect([...typeNames(c.namespace).values()]).toEqual(['first', 'e_t']);
    expect(layoutAsJson(c.namespace).types.map(({ name }) => name)).toEqual(['first']);
    expect(layoutAsJson(c.namespace).enums.map(({ name }) => name)).toEqual(['e_t']);
  });
});

describe('a layout as text', () => {
  it('shows offsets, holes and padding', () => {
    expect(text('struct sample { char flag; double value; short last; };', 'struct sample')).toMatchInlineSnapshot(`
      "struct sample {  // size 24, align 8
        offset   size
             0      1  char flag;
             1      7  // hole
             8      8  double value;
            16      2  short last;
            18      6  // padding
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
            12     :2  // hole
            12     :7  unsigned int f : 7;  // bit 5
            13    :20  // hole
            16      8  const char *(*fn)(int);
                       static const K = 5;
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
      };
      "
    `);
    expect(text('struct v { int n; char data[?]; };', 'struct v')).toMatchInlineSnapshot(`
      "struct v {  // size 4 + ?, align 4
        offset   size
             0      4  int n;
             4      0  char data[?];
      };
      "
    `);
    expect(text('union u { int a; char b[6]; };', 'union u')).toMatchInlineSnapshot(`
      "union u {  // size 8, align 4
        offset   size
             0      4  int a;
             0      6  char b[6];
      };
      "
    `);
    expect(text('struct fwd;', 'struct fwd')).toBe('struct fwd is incomplete\n');
  });
});
