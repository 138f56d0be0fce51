/**
 * binary-parser: generated code that decodes whole structs; it does not encode.
 * @module
 */
import { Parser } from 'binary-parser';
import { SIZE, START } from '../rows.mjs';

const header = () =>
  new Parser()
    .endianness('big')
    .uint8('op')
    .uint8('htype')
    .uint8('hlen')
    .uint8('hops')
    .uint32('xid')
    .uint16('secs')
    .uint16('flags')
    .buffer('ciaddr', { length: 4 })
    .buffer('yiaddr', { length: 4 })
    .buffer('siaddr', { length: 4 })
    .buffer('giaddr', { length: 4 })
    .buffer('chaddr', { length: 16 });
const packet = new Parser().seek(START).nest('header', { type: header() });
const alone = header();

export const decode = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const all = packet.parse(ring[i & 1023]).header;
    sum += all.hops + all.xid + all.flags + all.chaddr.length;
  }
  return sum;
};

export const bind = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += packet.parse(ring[i & 1023]).header.xid;
  return sum;
};

export const scan = (bytes) => (count) => {
  let sum = 0;
  for (let i = 0, at = 0; i < count; i++, at += SIZE) sum += alone.parse(bytes.subarray(at, at + SIZE)).xid;
  return sum;
};
