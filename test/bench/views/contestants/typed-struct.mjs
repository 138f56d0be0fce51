/**
 * typed-struct: objects with properties over a Buffer.
 * @module
 */
import { Struct } from 'typed-struct';
import { SIZE, START } from '../rows.mjs';

const Header = new Struct('Header')
  .UInt8('op')
  .UInt8('htype')
  .UInt8('hlen')
  .UInt8('hops')
  .UInt32BE('xid')
  .UInt16BE('secs')
  .UInt16BE('flags')
  .Buffer('ciaddr', 4)
  .Buffer('yiaddr', 4)
  .Buffer('siaddr', 4)
  .Buffer('giaddr', 4)
  .Buffer('chaddr', 16)
  .compile();
const viewOf = (bytes, offset) => new Header(bytes.subarray(offset, offset + SIZE), false);

function decodeAll(bytes, offset) {
  const { op, htype, hlen, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr } = viewOf(bytes, offset);
  return { op, htype, hlen, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr };
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
  for (let i = 0; i < count; i++) sum += viewOf(ring[i & 1023], START).xid;
  return sum;
};

export const read = (ring) => {
  const bound = ring.map((bytes) => viewOf(bytes, START));
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += bound[i & 1023].xid;
    return sum;
  };
};

export const write = (ring) => {
  const bound = ring.map((bytes) => viewOf(bytes, START));
  return (count) => {
    for (let i = 0; i < count; i++) bound[i & 1023].xid = i;
    return 0;
  };
};

export const encode = (_, values) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    values.xid = i;
    const view = new Header();
    const { ciaddr, yiaddr, siaddr, giaddr, chaddr, ...scalars } = values;
    Object.assign(view, scalars);
    view.ciaddr.set(ciaddr);
    view.yiaddr.set(yiaddr);
    view.siaddr.set(siaddr);
    view.giaddr.set(giaddr);
    view.chaddr.set(chaddr);
    const made = Header.raw(view);
    sum += made[7] + made[11] + made[43];
  }
  return sum;
};

export const fill = () => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const view = new Header();
    view.op = 2;
    view.htype = 1;
    view.hlen = 6;
    view.hops = 3;
    view.xid = i;
    view.secs = 500;
    view.flags = 0x8000;
    sum += (view.xid & 0xff) + (view.secs & 0xff);
  }
  return sum;
};

export const scan = (bytes) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += viewOf(bytes, i * SIZE).xid;
  return sum;
};
