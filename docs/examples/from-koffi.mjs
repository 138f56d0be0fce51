import { array, cdef, int32, struct, uint8 } from 'cdef';

// koffi: koffi.struct('Point', { x: 'int', y: 'int' })
// ref-struct-di: Struct({ x: ref.types.int, y: ref.types.int })
const c = cdef('typedef struct { int x, y; } Point;');

// koffi.decode(buffer, 8, 'Point'), new Point(buffer): an object; here a view, which also writes.
const buffer = Buffer.alloc(16);
const point = c.typeof('Point').view(buffer, 8);
point.x = -1;
console.log(buffer.toString('hex'), point.toObject());

// koffi.encode(buffer, 0, 'Point', { x: 1, y: 2 })
c.typeof('Point').view(buffer).set({ x: 1, y: 2 });

// koffi.sizeof, koffi.alignof, koffi.offsetof
console.log(c.sizeof('Point'), c.alignof('Point'), c.offsetof('Point', 'y'));

// Structs described in JavaScript are there as well.
const row = struct('row', { id: int32, tag: array(uint8, 4) });
console.log(cdef(row).new(row, { id: 7, tag: [1, 2] }).toObject());
