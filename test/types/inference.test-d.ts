/**
 * Types from C text: views, names, `new`, `C`, host functions. `@ts-expect-error` marks what must not compile.
 */
import {
  type ArrayView,
  type ByteArrayView,
  cdef,
  type Complex,
  type Incomplete,
  type Pointer,
  type RecordView,
  type UnknownType,
} from '../../src/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <T extends true>(): T | undefined => undefined;
/** The fields of a view. */
type Fields<V> = { [K in keyof V as K extends keyof RecordView ? never : K]: V[K] };
const buffer = new ArrayBuffer(512);

// ---- A packet, a constant, a function

const c = cdef(`
  struct __attribute__((packed)) dhcp_msg {
    uint8_t op; uint8_t htype, hlen, hops; uint32_t xid; uint16_t secs; uint16_t flags;
    char ciaddr[4], yiaddr[4]; char chaddr[16];
  };
  enum dhcp_op { DISCOVER = 1, OFFER };
  struct dhcp_const { static const int A = 0x01; int x; };
  void yiaddr_set(char *msg, const char *yiaddr);
`);
const message = c.typeof('struct dhcp_msg').view(buffer);
same<
  Equal<
    Fields<typeof message>,
    {
      op: number;
      htype: number;
      hlen: number;
      hops: number;
      xid: number;
      secs: number;
      flags: number;
      ciaddr: ByteArrayView<4>;
      yiaddr: ByteArrayView<4>;
      chaddr: ByteArrayView<16>;
    }
  >
>();
const record: RecordView = message;
message.xid = 5;
const four: 4 = message.yiaddr.length;
// @ts-expect-error a misspelt field
message.xidd;
// @ts-expect-error a wrong value
message.xid = 'a';
// @ts-expect-error a misspelt struct
c.typeof('struct dhcp_mgs');
// @ts-expect-error a misspelt type
c.typeof('uint23_t');
// @ts-expect-error a misspelt enumerator
c.C.OFER;
// @ts-expect-error a misspelt constant of a struct
c.typeof('struct dhcp_const').B;
const discover: 1 = c.C.DISCOVER;
const offer: 2 = c.typeof('enum dhcp_op').OFFER;
const a: 1 = c.typeof('struct dhcp_const').A;
same<Equal<typeof c.C.yiaddr_set, (msg: Pointer<number> | null, yiaddr: string | null) => void>>();

// ---- new, set, toObject, paths, sizes, casts, arrays, metatypes

c.new('struct dhcp_msg', { op: 1, xid: 2n, chaddr: 'abc', yiaddr: [192, 0, 2, 1], ciaddr: new Uint8Array(4) });
c.typeof('struct dhcp_msg').new(message);
// @ts-expect-error a misspelt field
c.new('struct dhcp_msg', { opp: 1 });
// @ts-expect-error a wrong value
c.new('struct dhcp_msg', { op: 'x' });
// @ts-expect-error a misspelt type
c.new('struct dhcp_mgs', {});
message.set({ op: true, chaddr: Uint8Array.of(1), yiaddr: new Set([1n, 2n]) });
message.set({ ciaddr: message.yiaddr });
message.set(new DataView(buffer));
// @ts-expect-error bytes are no number
message.set({ chaddr: 5 });
// @ts-expect-error null is none either
message.set({ xid: null });

const kinds = cdef(`
  enum kind { A, B };
  struct part { int8_t x; };
  struct all { int64_t wide; bool on; enum kind kind; double d; int grid[2][3]; struct part part, parts[2]; struct part *next; unsigned low : 3; };
`);
const all = kinds.new('struct all');
all.set({ wide: 5, on: 1, kind: kinds.C.B, d: 2n, low: false });
all.set({ grid: [[1, 2n], new Int32Array(3)], part: { x: 1 }, parts: [{ x: true }, all.part] });
all.set({ part: new Uint8Array(1), parts: all.parts, next: all.part });
all.set({ next: null });
Object.assign(all, { wide: 5, part: { x: 1 }, grid: [[1]] });
// @ts-expect-error the names of enumerators are no values
all.set({ kind: 'B' });
// @ts-expect-error not so deep
all.set({ grid: [1, 2] });
// @ts-expect-error no such member within
all.set({ part: { y: 1 } });
// @ts-expect-error no such member within an element
all.set({ parts: [{ y: 1 }] });
// @ts-expect-error a struct of another type
all.set({ next: all });
// @ts-expect-error a field has one type, that which is read
all.wide = 5;
same<Equal<ReturnType<typeof message.toObject>['chaddr'], number[]>>();
c.offsetof('struct dhcp_msg', 'xid');
c.offsetof('struct dhcp_msg', 'chaddr[3]');
// @ts-expect-error no such member
c.offsetof('struct dhcp_msg', 'xidd');
// @ts-expect-error no such member
c.offsetof('struct dhcp_msg', 'chaddr.x');
const size: number = c.sizeof('struct dhcp_msg');
const ofVoid: null = c.sizeof('void');
same<Equal<ReturnType<typeof pointed>, (typeof message | Pointer<typeof message>)[]>>;
function pointed(): (typeof message | Pointer<typeof message>)[] {
  const pointer = c.cast('struct dhcp_msg *', message);
  return pointer === null ? [] : [pointer.at(), pointer.add(1)];
}
const messages = c.typeof('struct dhcp_msg').array(buffer);
same<Equal<typeof messages, ArrayView<typeof message>>>();
messages.set(0, { op: 1 });
// @ts-expect-error a misspelt field
messages.set(0, { opp: 1 });
same<Equal<ReturnType<typeof octets>, ByteArrayView>>();
const octets = () => c.typeof('uint8_t').array(buffer);
const text: string = c.typeof('char[8]').view(buffer).text();
const named = c.metatype('struct dhcp_msg', {
  get hex(): string {
    return this.xid.toString(16);
  },
});
const length: number = named.view(buffer).hex.length + named.view(buffer).xid;

// ---- Host functions

c.define({
  yiaddr_set: (msg, yiaddr) => {
    same<Equal<typeof msg, Pointer<number> | null>>();
    same<Equal<typeof yiaddr, string | null>>();
  },
});
// @ts-expect-error a misspelt function
c.define({ yiaddr_sett: () => {} });
// @ts-expect-error a wrong parameter
c.define({ yiaddr_set: (msg: number) => msg });
const f = cdef('int add(int a, uint64_t b); uint64_t total(void); int print(const char *format, ...);', {
  functions: { add: (x, y) => x + Number(y), total: () => 1n },
});
const sum: number = f.C.add(1, 2n);
// @ts-expect-error 64 bits are a bigint
f.C.add(1, 2);
// @ts-expect-error 64 bits are a bigint
cdef('uint64_t total(void);', { functions: { total: () => 1 } });
f.C.print('%d', 1, 'two');

// ---- A header with everything in it

const d = cdef(`
/* block; comment { with } everything */
#include <stdint.h>
#define LENGTH 0x10
#pragma pack(push, 1)
// line comment; } {
typedef unsigned char byte;
typedef uint64_t u64_arr[4];
typedef struct node node_t;
struct node {
	int32_t id;               // tab; "quoted"
	node_t *next;             /* self */
	struct node *prev, **pp;
	const char *name;
	volatile unsigned long long int big;
	long int l; unsigned long ul; long double ld; short int si; unsigned u; size_t sz;
	float x, y , z;
	double matrix[4][3];
	byte raw[LENGTH];
	char tags[4][8];
	uint32_t a : 3, b:5, : 0, cc : 24;
	uint64_t wide : 40;
	bool flag; _Bool flag2;
	u64_arr regs;
	enum color tint;
	enum { X1, X2 } inl;
	int (*cb)(int, const char *);
	void *user;
	const int ro;
	float _Complex root;
	int flex[];
};
typedef struct {
	struct { uint8_t lo, hi; } in;
	union { uint32_t word; struct { uint16_t w0, w1; }; uint8_t bytes[4]; };
	struct vec3 { float x, y, z; } pos[2], *ppos;
	struct node nodes[2];
	_Alignas(16) uint8_t aligned_field[8];
	uint16_t attr_field __attribute__((aligned(4)));
	struct undefined_thing *opaque;
	uint23_t wrong;
} packet_t, *packet_p;
#pragma pack(pop)
typedef struct __attribute__((packed, aligned(4))) tagged { int8_t v; } tagged_t;
union both { float f; uint32_t i; };
enum color { RED, GREEN = 5, BLUE, ALPHA = 0xff, NEXT, NEG = -1, ZERO, MASK = 1 << 4, PAR = (2), SUF = 10u, SAME = GREEN, LAST, };
enum { ANON_A, ANON_B = 0x10, };
enum wide { HUGE = 0x100000000 };
enum computed { CALC = 3 * 4, AFTER };
typedef enum { T_A = 7, T_B } tenum;
static const int MAX_LEN = 0x40;
typedef int (*compare)(const void *, const void *);
const char *name_of(struct node *n, size_t count, ...);
void sort(void *base, size_t n, int (*cmp)(const void *, const void *), int flags);
extern struct node *find(const struct node *from, enum color);
__attribute__((noreturn)) void die(const char *why) __attribute__((cold));
static inline int sq(int v) { return v * v; }
extern int some_global;
struct later;
struct last_one
{
	int ok;
}
;
struct holder { tenum e; compare f; union both u; struct tagged t; struct vec3 v; byte one; packet_p p; struct later *l; int sized[MAX_LEN]; int of[ALPHA]; };
`);
const node = d.typeof('struct node').view(buffer);
type Node = typeof node;
interface NodeFields {
  id: number;
  next: Pointer<Node> | null;
  prev: Pointer<Node> | null;
  pp: Pointer<Pointer<Node> | null> | null;
  name: Pointer<number> | null;
  big: bigint;
  l: bigint;
  ul: bigint;
  ld: never;
  si: number;
  u: number;
  sz: bigint;
  x: number;
  y: number;
  z: number;
  matrix: ArrayView<ArrayView<number, 3>, 4>;
  raw: ByteArrayView<16>;
  tags: ArrayView<ByteArrayView<8>, 4>;
  a: number;
  b: number;
  cc: number;
  wide: bigint;
  flag: boolean;
  flag2: boolean;
  regs: ArrayView<bigint, 4>;
  tint: number;
  inl: number;
  cb: Pointer<(index: number, text: string | null) => number> | null;
  user: Pointer<void> | null;
  readonly ro: number;
  root: Complex;
  flex: ArrayView<number>;
}
same<Equal<Fields<Node>, { [K in keyof NodeFields]: NodeFields[K] }>>();
// @ts-expect-error const
node.ro = 1;
// @ts-expect-error through pointers
node.next?.at().prev?.at().idd;
const id: number | undefined = node.next?.at().prev?.at().id;
const element: number | undefined = node.matrix[0]?.[1];

const packet = d.typeof('packet_t').view(buffer);
same<Equal<Fields<typeof packet.in>, { lo: number; hi: number }>>();
const word: number = packet.word + packet.w1 + packet.attr_field;
same<Equal<typeof packet.bytes, ByteArrayView<4>>>();
same<Equal<typeof packet.aligned_field, ByteArrayView<8>>>();
same<Equal<typeof packet.nodes, ArrayView<Node, 2>>>();
same<Equal<typeof packet.opaque, Pointer<Incomplete<'struct undefined_thing'>> | null>>();
same<Equal<typeof packet.wrong, UnknownType<'uint23_t'>>>();
// @ts-expect-error of an inline struct
packet.in.mid;
// @ts-expect-error of an element of an inline struct
packet.pos.at(0)?.w;

const holder = d.typeof('struct holder').view(buffer);
same<Equal<Fields<typeof holder.u>, { f: number; i: number }>>();
same<Equal<Fields<typeof holder.t>, { v: number }>>();
same<Equal<Fields<typeof holder.v>, { x: number; y: number; z: number }>>();
same<Equal<typeof holder.e, number>>();
same<Equal<typeof holder.f, Pointer<(x: Pointer<void> | null, y: Pointer<void> | null) => number> | null>>();
same<Equal<typeof holder.one, number>>();
same<Equal<typeof holder.p, Pointer<typeof packet> | null>>();
same<Equal<typeof holder.l, Pointer<Incomplete<'struct later'>> | null>>();
same<Equal<typeof holder.sized, ArrayView<number, 64>>>();
same<Equal<typeof holder.of, ArrayView<number, 255>>>();
const ok: number = d.typeof('struct last_one').view(buffer).ok + d.typeof('tagged_t').view(buffer).v;

type C = typeof d.C;
same<
  Equal<
    [C['RED'], C['BLUE'], C['ALPHA'], C['NEXT'], C['NEG'], C['ZERO'], C['MASK'], C['PAR'], C['SUF'], C['SAME'], C['LAST']],
    [0, 6, 255, 256, -1, 0, 16, 2, 10, 5, 6]
  >
>();
same<Equal<[C['ANON_A'], C['ANON_B'], C['X2'], C['T_B'], C['MAX_LEN'], C['LENGTH'], C['HUGE']], [0, 16, 1, 8, 64, 16, 4294967296]>>();
// Not worked out: loose.
d.C.AFTER.anything;
const members: 8 = d.typeof('tenum').T_B;
same<Equal<ReturnType<C['name_of']>, string | Pointer<number> | ArrayBufferView | null>>();
same<Equal<Parameters<C['name_of']>, [n: Node | null, count: bigint, ...rest: unknown[]]>>();
same<Equal<Parameters<C['sort']>[2], Pointer<(x: Pointer<void> | null, y: Pointer<void> | null) => number> | null>>();
same<Equal<Parameters<C['sort']>['length'], 4>>();
same<Equal<Parameters<C['find']>, [from: Node | null, c: number]>>();
same<Equal<C['die'], (why: string | null) => void>>();
same<Equal<C['sq'], (v: number) => number>>();
// @ts-expect-error neither comments nor macros leak names
d.C.comment;
// @ts-expect-error variables are not supported
d.C.some_global;

// ---- ABIs

const i386 = cdef('struct s { long a; size_t b; long long c; long double d; };', { abi: 'i386-linux-gnu' });
same<Equal<Fields<ReturnType<typeof ofI386.view>>, { a: number; b: number; c: bigint; d: never }>>();
const ofI386 = i386.typeof('struct s');
const windows = cdef('struct s { long a; size_t b; long double d; };', { abi: 'x86_64-pc-windows-msvc' }).typeof('struct s').view(buffer);
same<Equal<Fields<typeof windows>, { a: number; b: bigint; d: number }>>();

// ---- More text for the same object

const more = c.cdef('struct ext { struct dhcp_msg m; int q; };', {});
const xid: number = more.typeof('struct ext').view(buffer).m.xid + more.C.OFFER;
// @ts-expect-error the variable keeps its type
c.typeof('struct ext');
// @ts-expect-error a misspelt field
more.typeof('struct ext').view(buffer).m.xidd;

// ---- Loose, never an error: text that is not known, text beyond the grammar

declare const unknown: string;
cdef(unknown).typeof('anything').view(buffer).at.all;
cdef(unknown).C.anything();
cdef(unknown).new('struct x', { y: 1 }).z;
c.typeof(unknown).view(buffer).anything;
const LENGTH = 12;
same<Equal<ReturnType<typeof literal.view>['name'], ByteArrayView<12>>>();
const literal = cdef(`struct s { char name[${LENGTH}]; };`).typeof('struct s');
declare const n: number;
cdef(`struct s { char name[${n}]; };`).typeof('struct t').view(buffer).anything;
cdef('struct $ { int $; };', { parameters: ['t', 'x'] })
  .typeof('struct t')
  .view(buffer).x.anything;
cdef('#ifdef X\nstruct s { int y; };\n#endif').typeof('struct t').view(buffer).anything;
cdef('#define u8 uint8_t\nstruct s { u8 y; };').typeof('struct s').view(buffer).y.anything;
cdef('typedef int v4 __attribute__((vector_size(16))); struct s { v4 v; int x; };').typeof('struct s').view(buffer).v.anything;
const partly = cdef('struct good { int a; }; @@@nonsense@@@; struct strange { int b; weird(stuff) here; };');
// @ts-expect-error what is known stays known
partly.typeof('struct good').view(buffer).b;
partly.typeof('struct other').view(buffer).anything;
partly.typeof('struct strange').view(buffer).anything;
c.typeof('int (*)(int)').view(buffer);

export { a, discover, element, four, id, length, members, ofVoid, offer, ok, record, size, sum, text, word, xid };
