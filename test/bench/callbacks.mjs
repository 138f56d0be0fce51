/**
 * `npm run bench`: callbacks per second from a host into Lua, as the article "Embedding LuaJIT in 30 minutes (or so)"
 * measures them, on this library, in JavaScript written by hand and, where it is installed, on LuaJIT with a host in C.
 *
 *     node test/bench/callbacks.mjs [--packets 1000000] [--rounds 3] [--only VARIANT]...
 *
 * In each round all variants take turns, and so do we, LuaJIT, and LuaJIT without its compiler, each in a process of its own that passes so
 * many packets, on fengari a tenth of them; what is quoted is the median of the rounds. Profile with
 * `node --cpu-prof test/bench/callbacks.mjs --only ffi --rounds 1`, which writes one profile for the child.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { engineNames } from '../../dist/host/node.js';
import { buildHost } from './luajit.mjs';
import { formatTable, median, rate, ratio, spread } from './table.mjs';
import { variants } from './variants.mjs';

const ours = fileURLToPath(new URL('ours.mjs', import.meta.url));

function readOptions() {
  const { values } = parseArgs({
    options: {
      packets: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true, default: Object.keys(variants) },
    },
  });
  const packets = Number(values.packets);
  const rounds = Number(values.rounds);
  if (!(Number.isSafeInteger(rounds) && rounds >= 1)) throw new RangeError('--rounds: expected a number from 1');
  if (!(Number.isSafeInteger(packets) && packets >= 10)) throw new RangeError('--packets: expected a number from 10');
  for (const name of values.only) {
    if (!Object.hasOwn(variants, name)) throw new RangeError(`--only: expected one of ${Object.keys(variants).join(', ')}`);
  }
  return { packets, rounds, names: values.only };
}

// What is compared, in the order of the table, the engine that is looked at second: for each a title and the program that runs a variant.
function engines(host) {
  const list = [...engineNames, 'by-hand'].map((engine) => ({
    title: `${engine}/s`,
    share: engine === 'fengari' ? 0.1 : 1,
    command: (name, packets) => [process.execPath, [...process.execArgv, ours, name, String(packets), engine]],
  }));
  if (host.missing === undefined) {
    for (const jit of ['on', 'off']) {
      list.push({ title: `LuaJIT -j${jit}/s`, share: 1, command: (name, packets) => host.command(name, packets, jit) });
    }
  }
  return list;
}

// Runs one variant on one engine; returns its callbacks per second.
function measure(engine, name, packets) {
  const [program, args] = engine.command(name, packets);
  const output = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [variant, count, seconds] = output.trim().split(' ');
  if (variant !== name || Number(count) !== packets) throw new Error(`${program} answered '${output}'`);
  return packets / Number(seconds);
}

function versionOf(module) {
  return createRequire(import.meta.url)(`${module}/package.json`).version;
}

const { packets, rounds, names } = readOptions();
const host = buildHost();
const list = engines(host);
console.log(`Node ${process.versions.node}, fengari ${versionOf('fengari')}, ${host.version ?? 'no LuaJIT'}`);
console.log(
  `${packets.toLocaleString('en')} packets for each, on fengari a tenth, in each of ${rounds} interleaved rounds; medians, callbacks per second`,
);
console.log("V8's limit of inlining is raised, by raiseInliningLimit of cdef/lua.");
if (host.missing !== undefined) console.log(`Without LuaJIT: ${host.missing} is missing.`);
console.log();

// rates[variant][engine] are the rates of the rounds.
const rates = new Map(names.map((name) => [name, list.map(() => [])]));
for (let round = 0; round < rounds; round++) {
  for (const name of names) {
    list.forEach((engine, i) => {
      rates.get(name)[i].push(measure(engine, name, Math.floor(packets * engine.share)));
    });
  }
}

const heading = [
  'variant',
  ...list.map(({ title }) => title),
  ...list.slice(2).map(({ title }) => `jit to ${title.slice(0, -2).replace('LuaJIT ', '')}`),
];
const rows = [...rates].map(([name, perEngine]) => {
  const medians = perEngine.map(median);
  const [, own, ...others] = medians;
  const cells = medians.map(rate);
  return [`${name.padEnd(10)} ${variants[name].title}`, ...cells, ...others.map((other) => ratio(own / other))];
});
console.log(formatTable(heading, rows));

const spreads = list.map(({ title }, i) => `${title.slice(0, -2)} ${Math.max(...[...rates.values()].map((one) => spread(one[i])))} %`);
if (rounds > 1) console.log(`\nLargest difference between rounds: ${spreads.join(', ')}.`);
