/**
 * By hand, a DataView of each header.
 * @module
 */
import { SIZE, START } from '../rows.mjs';

const viewOf = (bytes, offset) => new DataView(bytes.buffer, bytes.byteOffset + offset, SIZE);

function decodeAll(bytes, offset) {
  const d = viewOf(bytes, offset);
  return {
    op: d.getUint8(0),
    htype: d.getUint8(1),
    hlen: d.getUint8(2),
    hops: d.getUint8(3),
    xid: d.getUint32(4),
    secs: d.getUint16(8),
    flags: d.getUint16(10),
    ciaddr: bytes.subarray(offset + 12, offset + 16),
    yiaddr: bytes.subarray(offset + 16, offset + 20),
    siaddr: bytes.subarray(offset + 20, offset + 24),
    giaddr: bytes.subarray(offset + 24, offset + 28),
    chaddr: bytes.subarray(offset + 28, offset + 44),
  };
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
  for (let i = 0; i < count; i++) sum += viewOf(ring[i & 1023], START).getUint32(4);
  return sum;
};

export const read = (ring) => {
  const bound = ring.map((bytes) => viewOf(bytes, START));
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += bound[i & 1023].getUint32(4);
    return sum;
  };
};

export const write = (ring) => {
  const bound = ring.map((bytes) => viewOf(bytes, START));
  return (count) => {
    for (let i = 0; i < count; i++) bound[i & 1023].setUint32(4, i);
    return 0;
  };
};

export const encode = (_, values) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    values.xid = i;
    const made = new Uint8Array(SIZE);
    const d = new DataView(made.buffer);
    d.setUint8(0, values.op);
    d.setUint8(1, values.htype);
    d.setUint8(2, values.hlen);
    d.setUint8(3, values.hops);
    d.setUint32(4, values.xid);
    d.setUint16(8, values.secs);
    d.setUint16(10, values.flags);
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
    const d = new DataView(new ArrayBuffer(SIZE));
    d.setUint8(0, 2);
    d.setUint8(1, 1);
    d.setUint8(2, 6);
    d.setUint8(3, 3);
    d.setUint32(4, i);
    d.setUint16(8, 500);
    d.setUint16(10, 0x8000);
    sum += d.getUint8(7) + d.getUint8(9);
  }
  return sum;
};

export const scan = (bytes) => {
  const d = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return (count) => {
    let sum = 0;
    for (let i = 0, at = 0; i < count; i++, at += SIZE) sum += d.getUint32(at + 4);
    return sum;
  };
};
