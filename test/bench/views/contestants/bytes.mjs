/**
 * By hand, byte operations on the bytes and an offset: nothing has to be made to read a field.
 * @module
 */
import { SIZE, START } from '../rows.mjs';

const read16 = (b, o) => (b[o] << 8) | b[o + 1];
const read32 = (b, o) => ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0;
function write16(b, o, value) {
  b[o] = value >> 8;
  b[o + 1] = value;
}
function write32(b, o, value) {
  b[o] = value >> 24;
  b[o + 1] = value >> 16;
  b[o + 2] = value >> 8;
  b[o + 3] = value;
}

const decodeAll = (b, o) => ({
  op: b[o],
  htype: b[o + 1],
  hlen: b[o + 2],
  hops: b[o + 3],
  xid: read32(b, o + 4),
  secs: read16(b, o + 8),
  flags: read16(b, o + 10),
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
  for (let i = 0; i < count; i++) sum += read32(ring[i & 1023], START + 4);
  return sum;
};

export const read = (ring) => {
  const bound = ring.map((bytes) => ({ bytes, offset: START }));
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const { bytes, offset } = bound[i & 1023];
      sum += read32(bytes, offset + 4);
    }
    return sum;
  };
};

export const write = (ring) => {
  const bound = ring.map((bytes) => ({ bytes, offset: START }));
  return (count) => {
    for (let i = 0; i < count; i++) {
      const { bytes, offset } = bound[i & 1023];
      write32(bytes, offset + 4, i);
    }
    return 0;
  };
};

function put(b, o, given, length) {
  for (let i = 0; i < length; i++) b[o + i] = given[i];
}

function encodeAll(values) {
  const b = new Uint8Array(SIZE);
  b[0] = values.op;
  b[1] = values.htype;
  b[2] = values.hlen;
  b[3] = values.hops;
  write32(b, 4, values.xid);
  write16(b, 8, values.secs);
  write16(b, 10, values.flags);
  put(b, 12, values.ciaddr, 4);
  put(b, 16, values.yiaddr, 4);
  put(b, 20, values.siaddr, 4);
  put(b, 24, values.giaddr, 4);
  put(b, 28, values.chaddr, 16);
  return b;
}

export const encode = (_, values) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    values.xid = i;
    const made = encodeAll(values);
    sum += made[7] + made[11] + made[43];
  }
  return sum;
};

export const fill = () => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const b = new Uint8Array(SIZE);
    b[0] = 2;
    b[1] = 1;
    b[2] = 6;
    b[3] = 3;
    write32(b, 4, i);
    write16(b, 8, 500);
    write16(b, 10, 0x8000);
    sum += b[7] + b[9];
  }
  return sum;
};

export const scan = (bytes) => (count) => {
  let sum = 0;
  for (let i = 0, at = 0; i < count; i++, at += SIZE) sum += read32(bytes, at + 4);
  return sum;
};
