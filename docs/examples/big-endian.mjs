import { be, cdef, struct, uint16, uint32 } from 'cdef';

const c = cdef(`
  // One member: typedef names for each order, Linux's too.
  struct mixed { be32_t network; le32_t disk; __be16 port; };

  // A whole struct: gcc's attribute. Bit-fields then start at the most significant bit.
  struct __attribute__((scalar_storage_order("big-endian"))) whole { uint32_t a; uint16_t b : 4, c : 12; };
`);

const mixed = c.new('struct mixed', { network: 0x01020304, disk: 0x01020304, port: 80 });
console.log(Buffer.from(mixed.bytes).toString('hex'), mixed.network === mixed.disk);

const whole = c.new('struct whole', { a: 1, b: 0xf, c: 0x123 });
console.log(Buffer.from(whole.bytes).toString('hex'));

// Without C text.
const described = struct('header', { length: be(uint16), id: be(uint32) }, { packed: true });
console.log(Buffer.from(cdef(described).new(described, { length: 2, id: 3 }).bytes).toString('hex'));
