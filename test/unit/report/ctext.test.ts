import { describe, expect, it } from 'vitest';
import { array, bits, type Cdef, cdef, pointer, struct, uint8 } from '../../../src/index.ts';
import { toC } from '../../../src/report/index.ts';

describe('toC', () => {
  it('writes a type behind what it needs', () => {
    const c = cdef(`
      typedef struct { be16_t port; float f; } address;
      enum kind { A, B = -5 };
      struct list { struct list *next; address from, to[2]; enum kind kind : 4, : 3; int : 0; struct other *other; };
      struct unrelated { int x; };
    `);
    expect(toC(c.typeof('struct list'))).toBe(`typedef struct {
  be16_t port;
  float f;
} address;
enum kind {
  A = 0,
  B = -5,
};
struct other;
struct list {
  struct list *next;
  address from;
  address to[2];
  enum kind kind : 4;
  enum kind : 3;
  int : 0;
  struct other *other;
};
`);
  });

  it('writes an enum without a body, whose size Visual C++ knows', () => {
    const c = cdef('struct s { enum e a; char b; };', { abi: 'x86_64-pc-windows-msvc' });
    const text = toC(c.typeof('struct s'));
    expect(text).toBe('enum e;\nstruct s {\n  enum e a;\n  char b;\n};\n');
  });

  it('writes attributes and pragmas where the layout needs them', () => {
    const text = `struct __attribute__((packed, aligned(4))) a {
  char c;
  int i __attribute__((aligned(8)));
};
#pragma pack(push, 2)
struct b {
  char c;
  union {
    int i;
    struct {
      double d;
#pragma pack(push)
#pragma pack()
    } inner;
#pragma pack(pop)
  };
  int j;
};
#pragma pack(pop)
struct __attribute__((scalar_storage_order("big-endian"))) c {
  uint32_t n;
  unsigned int b : 5;
  const char *const name[3];
};
struct __attribute__((ms_struct)) d {
  char c : 3;
  int i : 3 __attribute__((packed));
  int (*f)(const char *text, ...);
};
`;
    expect(toC(cdef(text) as Cdef)).toBe(text);
  });

  it('names in advance what is pointed to, and defines it', () => {
    const c = cdef('struct b; struct a { struct b *b; }; struct b { struct a *a; struct a whole; };');
    const text = 'struct b;\nstruct a {\n  struct b *b;\n};\nstruct b {\n  struct a *a;\n  struct a whole;\n};\n';
    expect(toC(c as Cdef)).toBe(text);
    expect(toC(c.typeof('struct a'))).toBe(text);
  });

  it('writes all that a namespace has', () => {
    const text = `enum {
  RED = 0,
  GREEN = 1,
};
struct incomplete;
typedef int (*callback)(struct incomplete *, int);
typedef long word __attribute__((aligned(16)));
static const unsigned int LIMIT = 4294967295LL;
extern const char *names[4];
int f(int (*c)(struct incomplete *, int), long w);
`;
    const c = cdef(`enum { RED, GREEN }; struct incomplete; typedef int (*callback)(struct incomplete *, int);
      typedef long word __attribute__((aligned(16))); static const unsigned LIMIT = -1; extern const char *names[4]; int f(callback c, long w);`);
    // A function's parameters are known by their types.
    expect(toC(c as Cdef)).toBe(text);
  });

  it('gives names to what has none', () => {
    const c = cdef('struct s { struct { int x; } a, *b; enum { E } e, f; };');
    expect(toC(c.typeof('struct s'))).toBe(`typedef struct {
  int x;
} unnamed;
typedef enum {
  E = 0,
} unnamed_2;
struct s {
  unnamed a;
  unnamed *b;
  unnamed_2 e;
  unnamed_2 f;
};
`);
    expect(toC(c.typeof('struct s *[3]'), { name: 'list' })).toMatch(/\nstruct s \{\n.*\n\};\ntypedef struct s \*list\[3\];\n$/s);
    expect(toC(c.typeof('uint8_t'))).toBe('typedef unsigned char type_t;\n');
  });

  it('stays small where untagged structs contain each other often', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `typedef struct { t${i} *a, *b; } t${i + 1};`);
    const text = toC(cdef(`typedef int t0; ${levels.join('\n')}`) as Cdef);
    expect(text.length).toBeLessThan(5000);
    const nested = `struct { int x; } a, *b;`;
    let deep = nested;
    for (let i = 0; i < 30; i++) deep = `struct { ${deep} } *a, *b;`;
    expect(toC(cdef(`struct s { ${deep} };`).typeof('struct s')).length).toBeLessThan(5000);
  });

  it('follows pointers however far they lead', () => {
    const tagged = Array.from({ length: 20_000 }, (_, i) => `struct s${i + 1} { struct s${i} *p; };`).join('\n');
    expect(toC(cdef(`struct s0; ${tagged}` as string).typeof('struct s20000')).split('\n')).toHaveLength(60_002);
    const untagged = Array.from({ length: 20_000 }, (_, i) => `typedef struct { t${i} *p; } t${i + 1};`).join('\n');
    expect(toC(cdef(`typedef int t0; ${untagged}` as string).typeof('t20000')).split('\n')).toHaveLength(60_002);
  });

  it('writes descriptions as they are', () => {
    const inner = struct('inner', [{ x: uint8 }, bits(uint8, 3)]);
    const text = 'struct inner {\n  uint8_t x;\n  uint8_t : 3;\n};\n';
    expect(toC(inner)).toBe(text);
    expect(toC(pointer(array(inner, 2)), { name: 'p' })).toBe(`${text}typedef struct inner (*p)[2];\n`);
  });

  it('takes nothing else', () => {
    expect(() => toC('struct s' as never)).toThrow(new TypeError('toC: expected a type, a description or a Cdef, got string'));
  });
});
