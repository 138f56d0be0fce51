import { cdef } from 'cdef';
import { codec, TlvList } from 'cdef/restructure';
import * as r from 'restructure';

const c = cdef('struct __attribute__((packed)) header { uint8_t kind; be32_t id; };');
const message = codec(c.typeof('struct header'), {
  name: new r.String(r.uint8, 'utf8'),           // a length in front
  readings: new r.Array(r.uint16be, r.uint8),    // a count in front
  options: new TlvList({ pad: 0, end: 255 }),
});

const bytes = message.toBuffer({
  kind: 1,
  id: 0x01020304,
  name: 'probe',
  readings: [100, 200, 300],
  options: [{ code: 12, data: Buffer.from('host') }, { code: 50, data: Uint8Array.of(192, 0, 2, 1) }],
});
console.log(bytes.length, Buffer.from(bytes).toString('hex'));

const decoded = message.fromBuffer(bytes);
decoded.id = 7; // the fixed part is a view: this writes into the bytes
console.log(decoded.name, decoded.readings, bytes[4], decoded.options.map(({ code, data }) => `${code}:${data.length}`).join(' '));

try {
  message.fromBuffer(bytes.subarray(0, 9));
} catch (error) {
  console.log(error.message);
}
