/**
 * What the callbacks of variants.mjs come to in JavaScript written by hand: the same keys, tables and addresses, and nothing of Lua. How far an
 * engine in JavaScript could get that makes a string of each key.
 * @module
 */
import assert from 'node:assert/strict';
import { parseIPv4 } from '../../dist/dhcp/address.js';
import { RING } from './variants.mjs';

const ADDRESS = '192.168.1.1';
const HEADER = 44;

// One call with an argument for each byte is the quickest way to a short string.
const hardware = new Function('bytes', `return String.fromCharCode(${Array.from({ length: 16 }, (_, i) => `bytes[${28 + i}]`)})`);

function offering() {
  const blocked = new Map();
  const leases = new Map();
  const call = (buffer) => {
    if (buffer.length < HEADER || buffer[0] !== 1) return false;
    const key = hardware(buffer);
    if (blocked.get(key) !== undefined) return false;
    leases.set(key, ADDRESS);
    buffer[0] = 2;
    parseIPv4(ADDRESS, buffer, 16);
    return true;
  };
  const check = (_calls, used) => assert.equal(leases.size, used, 'leases');
  return { call, check };
}

const empty = () => ({ call: () => undefined, check: () => {} });

/** `start(ring)` by variant: answers what `start` of variants.mjs does. */
export const byHand = {
  name: empty,
  reference: empty,
  string() {
    let packets = 0;
    let bytes = 0;
    const call = (buffer) => {
      const text = Buffer.prototype.latin1Slice.call(buffer, 0, buffer.length);
      packets++;
      bytes += text.length;
      return text.length;
    };
    return { call, check: (calls) => assert.equal(bytes / packets, bytes / calls) };
  },
  userdata: offering,
  functions: offering,
  ffi: offering,
  address: offering,
  loop(ring) {
    const { call, check } = offering();
    const buffer = new Uint8Array(1500);
    const loop = (count) => {
      let sent = 0;
      for (let i = 0; i < count; i++) {
        const packet = ring[i % RING];
        buffer.set(packet);
        if (call(buffer) && buffer[0] === 2) sent++;
      }
      return sent;
    };
    return { loop, check };
  },
};
