/**
 * `npm run bench:views`: reading and writing a packed header of 44 bytes in buffers, by this library, by hand and by other packages.
 *
 *     node test/bench/views.mjs [--rounds 5] [--only CONTESTANT]... [--row ROW]...
 *
 * Each measurement is a process of its own, so that no contestant runs code that V8 has fitted to another one, and the median of its batches.
 * The rounds are interleaved; what is quoted is the best of them in nanoseconds, as other programs on the machine only ever make it
 * slower, and the ratio to the fastest code written by hand. All contestants of a row must come to the same check-sum.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatTable, median, spread } from './table.mjs';
import { CONTESTANTS, ROWS } from './views/rows.mjs';

const child = fileURLToPath(new URL('views/measure.mjs', import.meta.url));

function readOptions() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: Object.keys(CONTESTANTS) },
      row: { type: 'string', multiple: true, default: Object.keys(ROWS) },
    },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isSafeInteger(rounds) && rounds >= 1)) throw new RangeError('--rounds: expected a number from 1');
  for (const [name, all, list] of [
    ['only', CONTESTANTS, values.only],
    ['row', ROWS, values.row],
  ]) {
    for (const value of list) {
      if (!Object.hasOwn(all, value)) throw new RangeError(`--${name}: expected one of ${Object.keys(all).join(', ')}`);
    }
  }
  return { rounds, contestants: values.only, rows: values.row };
}

/** Nanoseconds per operation and a check-sum; null where the contestant cannot do it. */
function measure(contestant, row) {
  const output = execFileSync(process.execPath, [...process.execArgv, child, contestant, row], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output);
}

const { rounds, contestants, rows } = readOptions();
const times = new Map(rows.map((row) => [row, new Map(contestants.map((contestant) => [contestant, []]))]));
for (let round = 0; round < rounds; round++) {
  for (const row of rows) {
    const sums = new Map();
    for (const contestant of contestants) {
      const result = measure(contestant, row);
      if (result === null) continue;
      times.get(row).get(contestant).push(result.nanoseconds);
      sums.set(contestant, result.sum);
    }
    if (new Set(sums.values()).size > 1) throw new Error(`${row}: check-sums differ: ${JSON.stringify([...sums])}`);
  }
}

const nanoseconds = (value) => (value < 100 ? value.toPrecision(3) : Math.round(value).toLocaleString('en'));
const bestOf = (row, contestant) => {
  const found = times.get(row).get(contestant);
  return found.length === 0 ? null : Math.min(...found);
};
const byHand = contestants.filter((name) => CONTESTANTS[name].isByHand);
const best = new Map(rows.map((row) => [row, Math.min(...byHand.map((name) => bestOf(row, name) ?? Number.POSITIVE_INFINITY))]));

console.log(`Node ${process.versions.node}, V8 ${process.versions.v8}; best of ${rounds} interleaved rounds, a process each`);
console.log('Nanoseconds; in brackets the speed as a part of that of the fastest code written by hand.\n');
const table = contestants.map((contestant) => [
  CONTESTANTS[contestant].title,
  ...rows.map((row) => {
    const value = bestOf(row, contestant);
    if (value === null) return '-';
    return Number.isFinite(best.get(row)) ? `${nanoseconds(value)} (${(best.get(row) / value).toPrecision(2)})` : nanoseconds(value);
  }),
]);
console.log(formatTable(['', ...rows.map((row) => ROWS[row])], table));
const spreads = [...times.values()].flatMap((one) => [...one.values()]).filter((list) => list.length > 1);
if (spreads.length > 0) console.log(`\nDifference between rounds: ${Math.round(median(spreads.map(spread)))} % in the middle.`);
