/**
 * The header as this library knows it, with other types alive that share its code.
 * @module
 */
import { cdef } from '../../../../dist/index.js';

const c = cdef(`
  struct __attribute__((packed)) header {
    uint8_t op, htype, hlen, hops;
    be32_t xid;
    be16_t secs, flags;
    uint8_t ciaddr[4], yiaddr[4], siaddr[4], giaddr[4], chaddr[16];
  };
`);

/** The header's type, for a constant of the module that uses it: V8 loads what is imported anew each time, which takes 0.6 ns. */
export function headerType() {
  return c.typeof('struct header');
}

/** Reads and writes sixteen other structs, as a program with many of them would have done. */
export function useOthers() {
  let sum = 0;
  for (let i = 0; i < 16; i++) {
    const other = cdef(`struct other${i} { uint8_t a; be32_t b; be16_t c; uint8_t d[4]; };`).typeof(`struct other${i}`);
    const bytes = Buffer.alloc(64);
    const cursor = other.cursor(bytes);
    for (let j = 0; j < 3000; j++) {
      const view = other.view(bytes, j % 3);
      view.b = j;
      view.c = j;
      cursor.b = j;
      sum += view.a + view.b + view.c + view.d.length + cursor.b + other.new({ a: j, d: [1] }).a;
    }
  }
  return sum;
}
