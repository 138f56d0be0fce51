/**
 * This library: cursors, which are made once and read through a DataView.
 * @module
 */
import { START } from '../rows.mjs';
import { headerType, useOthers } from './header.mjs';

const type = headerType();
useOthers();

export const bind = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += type.cursor(ring[i & 1023], START, 1).xid;
  return sum;
};

export const read = (ring) => {
  const bound = ring.map((bytes) => type.cursor(bytes, START, 1));
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += bound[i & 1023].xid;
    return sum;
  };
};

export const write = (ring) => {
  const bound = ring.map((bytes) => type.cursor(bytes, START, 1));
  return (count) => {
    for (let i = 0; i < count; i++) bound[i & 1023].xid = i;
    return 0;
  };
};

// Made once, as the DataView of the code by hand.
export const scan = (bytes) => {
  const cursor = type.cursor(bytes);
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      cursor.moveTo(i);
      sum += cursor.xid;
    }
    return sum;
  };
};
