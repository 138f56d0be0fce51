/**
 * Measures one row of one contestant: `node measure.mjs CONTESTANT ROW`. Prints `{ nanoseconds, sum }`, or `null`.
 *
 * A contestant exports, by the row's name, a function that takes the data and returns the batch to run: a function of the
 * number of operations, which returns the sum of what it read, or of what it wrote as the harness finds it.
 * @module
 */
import { BATCH, makeRecords, makeRing, makeValues, RECORDS, RING, SIZE, START } from './rows.mjs';
import { median } from '../table.mjs';

const [contestant, row] = process.argv.slice(2);
const contestants = await import(`./contestants/${contestant}.mjs`);
const make = contestants[row];
if (make === undefined) {
  console.log('null');
} else {
  console.log(JSON.stringify(run()));
}

function run() {
  const ring = makeRing();
  const batch = make(row === 'scan' ? makeRecords() : ring, makeValues());
  const sum = batch(row === 'scan' ? RECORDS / 10 : RING) + checked(ring);
  // Till V8 is done with it.
  until(200, () => batch(RING));
  // A batch takes two milliseconds: on a busy machine most of them are then not interrupted, and the median is one of those.
  const largest = row === 'scan' ? RECORDS : BATCH;
  const size = Math.min(largest, Math.max(RING, Math.round(2 / (median(until(20, () => batch(RING))) / RING))));
  until(200, () => batch(size));
  const times = until(300, () => batch(size));
  return { nanoseconds: (median(times) / size) * 1e6, sum };
}

// Milliseconds of each of the calls that fill so much time, three at least.
function until(milliseconds, call) {
  const times = [];
  const start = performance.now();
  let before = start;
  while (before - start < milliseconds || times.length < 3) {
    call();
    const after = performance.now();
    times.push(after - before);
    before = after;
  }
  return times;
}

// What `write` has left in the packets.
function checked(ring) {
  if (row !== 'write') return 0;
  return ring.reduce((sum, bytes) => bytes.subarray(START, START + SIZE).reduce((all, byte) => all + byte, sum), 0);
}
