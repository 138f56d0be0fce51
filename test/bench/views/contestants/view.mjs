/**
 * This library: a view per header.
 * @module
 */
import { SIZE, START } from '../rows.mjs';
import { headerType, useOthers } from './header.mjs';

const type = headerType();
useOthers();

const decodeAll = (bytes, offset) => {
  const view = type.view(bytes, offset);
  return {
    op: view.op,
    htype: view.htype,
    hlen: view.hlen,
    hops: view.hops,
    xid: view.xid,
    secs: view.secs,
    flags: view.flags,
    ciaddr: view.ciaddr,
    yiaddr: view.yiaddr,
    siaddr: view.siaddr,
    giaddr: view.giaddr,
    chaddr: view.chaddr,
  };
};

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
  for (let i = 0; i < count; i++) sum += type.view(ring[i & 1023], START).xid;
  return sum;
};

export const read = (ring) => {
  const bound = ring.map((bytes) => type.view(bytes, START));
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += bound[i & 1023].xid;
    return sum;
  };
};

export const write = (ring) => {
  const bound = ring.map((bytes) => type.view(bytes, START));
  return (count) => {
    for (let i = 0; i < count; i++) bound[i & 1023].xid = i;
    return 0;
  };
};

export const encode = (_, values) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    values.xid = i;
    const { bytes } = type.new(values);
    sum += bytes[7] + bytes[11] + bytes[43];
  }
  return sum;
};

export const fill = () => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const view = type.new();
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
  for (let i = 0, at = 0; i < count; i++, at += SIZE) sum += type.view(bytes, at).xid;
  return sum;
};
