import { cdef } from 'cdef';
import { codec, fromRestructure } from 'cdef/restructure';
import * as r from 'restructure';

// What you have.
const header = new r.Struct({ kind: r.uint8, length: r.uint16be, name: new r.String('length') });

// The part with a fixed size, as a C type.
const c = cdef('');
const type = fromRestructure(header, { cdef: c, name: 'head' });
console.log(type.size, c.offsetof('struct head', 'length'));

// The whole, with a view for the fixed part.
const message = codec(type, { name: new r.String('length') });
const bytes = message.toBuffer({ kind: 1, length: 3, name: 'cat' });
const decoded = message.fromBuffer(bytes);
decoded.kind = 9;
console.log(bytes[0], decoded.name, header.fromBuffer(bytes).kind);

// And back: a codec is a type of restructure, in any of its structs.
const file = new r.Struct({ count: r.uint8, messages: new r.Array(message, 'count') });
const { messages } = file.fromBuffer(Buffer.concat([Buffer.from([2]), bytes, bytes]));
console.log(messages.map(({ name }) => name));
