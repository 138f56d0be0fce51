/**
 * koffi: decodes and encodes in native code; a single field is read by its own type at its offset.
 * @module
 */
import koffi from 'koffi';
import { SIZE, START } from '../rows.mjs';

const octets = (length) => koffi.array('uint8_t', length);
const Header = koffi.pack('header', {
  op: 'uint8_t',
  htype: 'uint8_t',
  hlen: 'uint8_t',
  hops: 'uint8_t',
  xid: 'uint32_be_t',
  secs: 'uint16_be_t',
  flags: 'uint16_be_t',
  ciaddr: octets(4),
  yiaddr: octets(4),
  siaddr: octets(4),
  giaddr: octets(4),
  chaddr: octets(16),
});
const XID = koffi.type('uint32_be_t');

export const decode = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const all = koffi.decode(ring[i & 1023], START, Header);
    sum += all.hops + all.xid + all.flags + all.chaddr.length;
  }
  return sum;
};

const readOne = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += koffi.decode(ring[i & 1023], START + 4, XID);
  return sum;
};
export const bind = readOne;
export const read = readOne;

export const write = (ring) => (count) => {
  for (let i = 0; i < count; i++) koffi.encode(ring[i & 1023], START + 4, XID, i);
  return 0;
};

export const encode = (_, values) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    values.xid = i;
    const made = Buffer.alloc(SIZE);
    koffi.encode(made, Header, values);
    sum += made[7] + made[11] + made[43];
  }
  return sum;
};

export const scan = (bytes) => (count) => {
  let sum = 0;
  for (let i = 0, at = 0; i < count; i++, at += SIZE) sum += koffi.decode(bytes, at + 4, XID);
  return sum;
};
