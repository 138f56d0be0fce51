/**
 * Types of what is described in TypeScript: the same as of the same C text. `@ts-expect-error` marks what must not compile.
 */
import {
  aligned,
  array,
  type ArrayView,
  be,
  bits,
  bool,
  type ByteArrayView,
  Cdef,
  cdef,
  char,
  constant,
  double,
  enumeration,
  float32,
  fn,
  int,
  int16,
  int64,
  le,
  long,
  type Pointer,
  pointer,
  prototype,
  type RecordView,
  size,
  struct,
  typedef,
  uint16,
  uint32,
  uint64,
  uint8,
  union,
  type Viewed,
} from '../../src/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <T extends true>(): T | undefined => undefined;
/** The fields of a view. */
type Fields<V> = { [K in keyof V as K extends keyof RecordView ? never : K]: V[K] };
const buffer = new ArrayBuffer(512);

// ---- One struct, described and as text

const address = struct({ a: uint8, b: be(uint16) });
const operation = enumeration('operation', { REQUEST: 1, REPLY: 2 }, { type: uint8 });
const quad = typedef('quad', array(float32, 4));
const message = struct(
  'message',
  [
    {
      op: operation,
      xid: be(uint32),
      id: uint64,
      signed: int64,
      ok: bool,
      name: array(char, 16),
      grid: array(array(int16, 3), 2),
      flags: bits(uint16, 4),
      wide: bits(uint64, 40),
      next: pointer('struct message'),
      text: pointer(constant(char)),
      nothing: pointer('void'),
      addresses: array(address, 2),
      word: long,
      length: size,
      quad,
      fixed: constant(uint32),
      far: aligned(16, le(double)),
      callback: pointer(fn(int, [pointer('void'), size])),
    },
    bits(uint8, 3),
    union({ number: uint32, parts: array(uint8, 4) }),
    { tail: array(uint16) },
  ],
  { packed: true, constants: { VERSION: 3, LARGE: 2n ** 60n } },
);
const find = prototype('find', fn(pointer(message), [pointer(constant(message)), pointer(constant(char)), uint64, pointer(uint8)]));
const print = prototype('print', fn('int', [pointer(constant('char'))], { variadic: true }));
const c = cdef([message, find, print]);

const t = cdef(`
  enum operation { REQUEST = 1, REPLY = 2 };
  typedef float quad[4];
  struct __attribute__((packed)) message {
    enum operation op; be32_t xid; uint64_t id; int64_t signed_; bool ok; char name[16]; int16_t grid[2][3]; uint16_t flags : 4;
    uint64_t wide : 40; struct message *next; const char *text; void *nothing; struct { uint8_t a; be16_t b; } addresses[2];
    long word; size_t length; quad quad; const uint32_t fixed; double far; int (*callback)(void *, size_t); uint8_t : 3;
    union { uint32_t number; uint8_t parts[4]; }; uint16_t tail[];
  };
  struct message *find(const struct message *, const char *, uint64_t, uint8_t *);
  int print(const char *, ...);
`);
const view = c.typeof(message).view(buffer);
const twin = t.typeof('struct message').view(buffer);
type View = Fields<typeof view>;
type Twin = Fields<typeof twin>;
type Shared = Exclude<keyof Twin, 'signed_' | 'next'>;
same<Equal<keyof View, Shared | 'signed' | 'next'>>();
same<Equal<Pick<View, Shared>, Pick<Twin, Shared>>>();
same<Equal<View['xid'], number>>();
same<Equal<View['id'], bigint>>();
same<Equal<View['signed'], bigint>>();
same<Equal<View['name'], ByteArrayView<16>>>();
same<Equal<View['grid'], ArrayView<ArrayView<number, 3>, 2>>>();
same<Equal<View['word'], bigint>>();
const record: RecordView = view;
const far: number | undefined = view.next?.at().next?.at().xid;
view.addresses.set(0, { a: 1, b: 2 });
// @ts-expect-error a misspelt field
view.xidd;
// @ts-expect-error a const member
view.fixed = 1;
// @ts-expect-error a wrong value
view.xid = 'a';

// ---- Names, constants, functions

same<Equal<Fields<Viewed<typeof message>>['xid'], number>>();
const version: 3 = c.typeof(message).VERSION;
const large: bigint | number = c.typeof(message).LARGE;
const reply: 2 = c.C.REPLY;
const request: 1 = c.typeof(operation).REQUEST;
const byName: number = c.typeof('struct message').view(buffer).xid;
same<Equal<ReturnType<typeof quads>, ArrayView<number, 4>>>();
const quads = () => c.typeof('quad').view(buffer);
// @ts-expect-error a misspelt name
c.typeof('struct massage');
// @ts-expect-error a misspelt constant
c.C.REPLLY;
same<Equal<typeof c.C.print, typeof t.C.print>>();
same<Equal<Parameters<typeof c.C.find>[1], string | null>>();
same<Equal<Parameters<typeof c.C.find>[2], bigint>>();
same<Equal<Parameters<typeof c.C.find>[3], Pointer<number> | null>>();
c.define({ find: (from, name, id) => (from !== null && name === 'a' && id === 1n ? from : null) });
// @ts-expect-error a misspelt function
c.define({ fund: () => null });
// @ts-expect-error a parameter that is a bigint
c.define({ find: (_from, _name, id: number) => id });
c.new(message, { xid: 5, name: 'abc', addresses: [{ a: 1 }], number: 7 });
// @ts-expect-error a misspelt field
c.new(message, { xidd: 5 });
c.offsetof(message, 'addresses[1].b');
// @ts-expect-error no such member
c.offsetof(message, 'addresses[1].c');
const bytes: number = c.sizeof(message);
same<Equal<ReturnType<typeof pointers>, Pointer<number> | null>>();
const pointers = () => c.cast(pointer(uint32), view);

// ---- Another ABI, other descriptions, references to one another

const small = cdef(struct('s', { word: long, bytes: size }), { abi: 'i386-linux-gnu' });
const word: number = small.typeof('struct s').view(buffer).word;
const node = struct('node', { value: int, list: pointer('struct list') });
const list = struct('list', { first: pointer(node), rest: pointer('struct list') });
const both = cdef([node, list]);
const value: number | undefined = both.new(node).list?.at().rest?.at().first?.at().value;
const more = both.declare(struct('pair', { left: 'struct node', right: typedef('index', uint16) }));
const left: number = more.new('struct pair').left.value + more.new('struct node').value + more.new('index');
const text = more.cdef('struct third { struct pair pair; };');
const right: number = text.new('struct third').pair.right;
const loose = new Cdef().declare(node);
const typed: number = loose.typeof(node).view(buffer).value;
const anonymous: number = both.typeof(struct({ x: be(int16) })).view(buffer).x;
same<Equal<ReturnType<typeof octets>, ByteArrayView>>();
const octets = () => both.typeof(uint8).array(buffer);
// @ts-expect-error no type
struct('s', { x: 5 });
// @ts-expect-error no such order
struct('s', { x: int }, { order: 'middle' });
// @ts-expect-error nothing but functions have prototypes
prototype('f', int);

export { anonymous, byName, bytes, far, large, left, record, reply, request, right, typed, value, version, word };
