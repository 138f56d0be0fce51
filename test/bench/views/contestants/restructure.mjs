/**
 * restructure: decodes and encodes whole structs.
 * @module
 */
import * as r from 'restructure';
import { SIZE, START } from '../rows.mjs';

const Header = new r.Struct({
  op: r.uint8,
  htype: r.uint8,
  hlen: r.uint8,
  hops: r.uint8,
  xid: r.uint32be,
  secs: r.uint16be,
  flags: r.uint16be,
  ciaddr: new r.Buffer(4),
  yiaddr: new r.Buffer(4),
  siaddr: new r.Buffer(4),
  giaddr: new r.Buffer(4),
  chaddr: new r.Buffer(16),
});

function decodeAll(bytes, offset) {
  const stream = new r.DecodeStream(bytes);
  stream.pos = offset;
  return Header.decode(stream);
}

export const decode = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const all = decodeAll(ring[i & 1023], START);
    sum += all.hops + all.xid + all.flags + all.chaddr.length;
  }
  return sum;
};

export const bind = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += decodeAll(ring[i & 1023], START).xid;
  return sum;
};

export const encode = (_, values) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    values.xid = i;
    const made = Header.toBuffer(values);
    sum += made[7] + made[11] + made[43];
  }
  return sum;
};

export const scan = (bytes) => (count) => {
  let sum = 0;
  const stream = new r.DecodeStream(bytes);
  for (let i = 0; i < count; i++) {
    stream.pos = i * SIZE;
    sum += Header.decode(stream).xid;
  }
  return sum;
};
