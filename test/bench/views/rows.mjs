/**
 * What is measured, on what data, and who takes part.
 * @module
 */

/** Titles of the columns. */
export const ROWS = {
  decode: 'decode all',
  bind: 'bind, read one',
  read: 'read bound',
  write: 'write bound',
  encode: 'encode object',
  fill: 'new, set fields',
  scan: 'scan of 1e6',
};

/** The contestants: a module each in `contestants/`. The checked one is shown beside those by hand and is no measure for the others. */
export const CONTESTANTS = {
  view: { title: 'cdef, views', isByHand: false },
  cursor: { title: 'cdef, cursors', isByHand: false },
  bytes: { title: 'by hand, byte operations', isByHand: true },
  dataview: { title: 'by hand, DataView', isByHand: true },
  buffer: { title: 'by hand, Buffer methods', isByHand: true },
  checked: { title: 'by hand, bytes, checked', isByHand: false },
  restructure: { title: 'restructure', isByHand: false },
  'typed-struct': { title: 'typed-struct', isByHand: false },
  'binary-parser': { title: 'binary-parser', isByHand: false },
  koffi: { title: 'koffi', isByHand: false },
};

/** Bytes of the header, where it starts in a packet (behind Ethernet, IPv4 and UDP), how many packets there are. */
export const SIZE = 44;
export const START = 42;
export const RING = 1024;
export const RECORDS = 1_000_000;
/** Operations of a batch; of the scan, records. */
export const BATCH = 100 * RING;

/** Packets in slices of Node's pool, at any address. */
export function makeRing() {
  return Array.from({ length: RING }, (_, i) => fill(Buffer.allocUnsafe(START + SIZE + (i % 5)), i * 7));
}

/** A million headers in a row. */
export function makeRecords() {
  return fill(Buffer.alloc(SIZE * RECORDS), 3);
}

function fill(bytes, seed) {
  for (let i = 0; i < bytes.length; i++) bytes[i] = (seed + i * 13) ^ (i >> 8);
  return bytes;
}

/** What `encode` and `fill` make headers of. */
export function makeValues() {
  const octets = (length) => Uint8Array.from({ length }, (_, i) => i * 3 + length);
  return {
    op: 2,
    htype: 1,
    hlen: 6,
    hops: 3,
    xid: 0x9abcdef0,
    secs: 500,
    flags: 0x8000,
    ciaddr: octets(4),
    yiaddr: octets(4),
    siaddr: octets(4),
    giaddr: octets(4),
    chaddr: octets(16),
  };
}
