/**
 * By hand, the methods of Node's Buffer.
 * @module
 */
import { SIZE, START } from '../rows.mjs';

const decodeAll = (b, o) => ({
  op: b.readUInt8(o),
  htype: b.readUInt8(o + 1),
  hlen: b.readUInt8(o + 2),
  hops: b.readUInt8(o + 3),
  xid: b.readUInt32BE(o + 4),
  secs: b.readUInt16BE(o + 8),
  flags: b.readUInt16BE(o + 10),
  ciaddr: b.subarray(o + 12, o + 16),
  yiaddr: b.subarray(o + 16, o + 20),
  siaddr: b.subarray(o + 20, o + 24),
  giaddr: b.subarray(o + 24, o + 28),
  chaddr: b.subarray(o + 28, o + 44),
});

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
  for (let i = 0; i < count; i++) sum += ring[i & 1023].readUInt32BE(START + 4);
  return sum;
};

export const read = (ring) => {
  const bound = ring.map((bytes) => ({ bytes, offset: START }));
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const { bytes, offset } = bound[i & 1023];
      sum += bytes.readUInt32BE(offset + 4);
    }
    return sum;
  };
};

export const write = (ring) => {
  const bound = ring.map((bytes) => ({ bytes, offset: START }));
  return (count) => {
    for (let i = 0; i < count; i++) {
      const { bytes, offset } = bound[i & 1023];
      bytes.writeUInt32BE(i, offset + 4);
    }
    return 0;
  };
};

export const encode = (_, values) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    values.xid = i;
    const made = Buffer.allocUnsafe(SIZE);
    made.writeUInt8(values.op, 0);
    made.writeUInt8(values.htype, 1);
    made.writeUInt8(values.hlen, 2);
    made.writeUInt8(values.hops, 3);
    made.writeUInt32BE(values.xid, 4);
    made.writeUInt16BE(values.secs, 8);
    made.writeUInt16BE(values.flags, 10);
    made.set(values.ciaddr, 12);
    made.set(values.yiaddr, 16);
    made.set(values.siaddr, 20);
    made.set(values.giaddr, 24);
    made.set(values.chaddr, 28);
    sum += made[7] + made[11] + made[43];
  }
  return sum;
};

export const fill = () => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const made = Buffer.alloc(SIZE);
    made.writeUInt8(2, 0);
    made.writeUInt8(1, 1);
    made.writeUInt8(6, 2);
    made.writeUInt8(3, 3);
    made.writeUInt32BE(i, 4);
    made.writeUInt16BE(500, 8);
    made.writeUInt16BE(0x8000, 10);
    sum += made[7] + made[9];
  }
  return sum;
};

export const scan = (bytes) => (count) => {
  let sum = 0;
  for (let i = 0, at = 0; i < count; i++, at += SIZE) sum += bytes.readUInt32BE(at + 4);
  return sum;
};
