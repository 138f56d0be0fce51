/**
 * The ways in which the article "Embedding LuaJIT in 30 minutes (or so)" hands a packet to Lua, on this library.
 * host.c has the same under the same names.
 *
 * `start(lua, ring)` takes a fresh Lua state and returns `call(buffer)`, which runs the script's callback on one packet,
 * or `loop(count)`, where the loop over the packets is in Lua. `check(calls, used)` throws when the state is not what
 * `calls` calls with the first `used` packets of the ring leave behind.
 * @module
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineDhcpClass, dhcpFunctions, packageCdef } from '../../dist/dhcp/index.js';
import { LuaBytes, luaFolder } from '../../dist/host/node.js';

export const RING = 1024;
const PACKET_SIZE = 300;
const PACKET_BYTES = BigInt(PACKET_SIZE);

const article = (name) => path.join(luaFolder, 'article', `${name}.lua`);
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The packets: a ring of DHCP messages from as many clients. What tells the hardware addresses apart are two bytes of
 * five bits, as keys of 01 1f and 11 0f are easily confused: fengari does, unrepaired.
 */
export function makeRing() {
  return Array.from({ length: RING }, (_, i) => {
    const packet = new Uint8Array(PACKET_SIZE);
    packet.set([1, 1, 6, 0]); // op, htype, hlen, hops
    packet.set([i & 255, i >> 8], 4); // xid
    packet.set([2, 0, 0, 0, i >> 5, i & 31], 28); // chaddr
    for (let at = 44; at < PACKET_SIZE; at++) packet[at] = (i * 7 + at * 13) & 255;
    return packet;
  });
}

function checkOffer(packet) {
  assert.equal(packet[0], 2, 'op');
  assert.deepEqual([...packet.subarray(16, 20)], [192, 168, 1, 1], 'yiaddr');
}

function checkLeases(lua, expected) {
  assert.equal(lua.runFile(beside('leases.lua')), expected, 'leases');
}

// Variants whose callback turns the packet into an offer.
function offering(script, prepare) {
  return {
    answers: true,
    start(lua, ring) {
      const pass = prepare(lua);
      lua.runFile(article(script));
      const callback = lua.callback('callback');
      const check = (_calls, used) => {
        ring.slice(0, used).forEach(checkOffer);
        checkLeases(lua, used);
      };
      return { call: pass(callback), check };
    },
  };
}

export const variants = {
  name: {
    title: 'empty callback, by name',
    answers: false,
    start(lua) {
      lua.runFile(beside('empty.lua'));
      return { call: (buffer) => lua.get('callback')(buffer, buffer.length), check: () => {} };
    },
  },
  reference: {
    title: 'empty callback, by reference',
    answers: false,
    start(lua) {
      lua.runFile(beside('empty.lua'));
      const callback = lua.callback('callback');
      return { call: (buffer) => callback(buffer, buffer.length), check: () => {} };
    },
  },
  string: {
    title: 'callback.lua: binary string',
    answers: false,
    start(lua) {
      lua.runFile(article('callback'));
      const callback = lua.callback('callback');
      const check = (calls) => {
        assert.equal(lua.get('packets'), calls, 'packets');
        // fengari's integers have 32 bits.
        assert.equal(lua.get('bytes') | 0, (calls * PACKET_SIZE) | 0, 'bytes');
      };
      return { call: (buffer) => callback(new LuaBytes(buffer)), check };
    },
  },
  userdata: {
    title: 'userdata.lua: methods',
    ...offering('userdata', (lua) => {
      const cdef = packageCdef('dhcp.h');
      const { wrap } = defineDhcpClass(lua, cdef);
      const type = cdef.typeof('struct dhcp_msg');
      return (callback) => (buffer) => callback(wrap(type.view(buffer)));
    }),
  },
  functions: {
    title: 'functions.lua: no metatables',
    ...offering('functions', (lua) => {
      defineDhcpClass(lua, packageCdef('dhcp.h'));
      return (callback) => (buffer) => callback(buffer);
    }),
  },
  ffi: {
    title: 'ffi.lua: struct',
    ...offering('ffi', (lua) => {
      lua.define(dhcpFunctions(packageCdef('dhcp.h')));
      return (callback) => (buffer) => callback(buffer, buffer.length);
    }),
  },
  address: {
    title: 'address.lua: struct, yiaddr_set in Lua',
    ...offering('address', () => (callback) => (buffer) => callback(buffer, buffer.length)),
  },
  loop: {
    title: 'loop.lua: event loop in Lua',
    answers: true,
    start(lua, ring) {
      let next = 0;
      let end = 0;
      let sent = 0;
      let packet = null;
      lua.define({
        ...dhcpFunctions(packageCdef('dhcp.h')),
        receive(buffer, size) {
          if (next === end || size < PACKET_BYTES) return -1;
          const from = ring[next++ % RING];
          buffer.copyFrom(from);
          packet = buffer;
          return from.length;
        },
        send() {
          if (packet.region.bytes[packet.offset] === 2) sent++;
          return 0;
        },
      });
      const run = lua.runFile(article('loop'));
      const loop = (count) => {
        next = 0;
        end = count;
        sent = 0;
        assert.deepEqual(run.all(), [count, count], 'received and answered');
        return sent;
      };
      const check = (_calls, used) => {
        checkOffer(packet.bytes(PACKET_SIZE));
        checkLeases(lua, used);
      };
      return { loop, check };
    },
  },
};
