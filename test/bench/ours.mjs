/**
 * Runs one variant on this library: `node ours.mjs VARIANT PACKETS ENGINE`. Prints `VARIANT PACKETS SECONDS`, as host.c does. With `by-hand` for
 * the engine it runs by-hand.mjs, without the library.
 * V8's limit of inlining is raised for all of them, as programs are told to. A process of its own, so that no variant runs code that V8 has fitted to another one.
 * @module
 */
import assert from 'node:assert/strict';
import { createLua, raiseInliningLimit } from '../../dist/host/node.js';
import { byHand } from './by-hand.mjs';
import { makeRing, RING, variants } from './variants.mjs';

// Calls before the clock starts, for V8 and LuaJIT alike.
const WARM_UP = 20_000;

raiseInliningLimit();
const [name, packets, engine] = process.argv.slice(2);
const { answers, start } = variants[name];
const count = Number(packets);
const warmUp = Math.min(WARM_UP, count);
const ring = makeRing();
const { call, loop = callEach, check } = engine === 'by-hand' ? byHand[name](ring) : start(createLua({ engine }), ring);

function callEach(count) {
  let answered = 0;
  for (let i = 0; i < count; i++) {
    const packet = ring[i % RING];
    packet[0] = 1;
    if (call(packet) === true) answered++;
  }
  return answered;
}

loop(warmUp);
const begin = performance.now();
const answered = loop(count);
const seconds = (performance.now() - begin) / 1000;
assert.equal(answered, answers ? count : 0, 'answered');
check(warmUp + count, Math.min(RING, count));
console.log(`${name} ${count} ${seconds}`);
