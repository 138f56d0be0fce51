/**
 * `npm run bench:lua`: programs of the usual kind on this library's engines, and beside them on LuaJIT with and without its compiler,
 * `lua5.4` and wasmoon, where these are installed. The jit engine without `eval`, which interprets, and fengari take part where they are
 * named: they need minutes, and many.
 *
 *     node test/bench/lua.mjs [--rounds 3] [--only PROGRAM]... [--engine TITLE]...
 *
 * Figures are seconds of processor time, the median of the rounds, in which all take turns; a process for each run, whose start is not
 * counted, but compilation is. All must print the same. Programs that need `ffi` or `bit` are left out where there is none.
 *
 * A second table has what compilation takes: milliseconds for a KB of these programs, in a fresh process and once it has compiled them.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatTable, median, ratio } from './table.mjs';

// So that LuaJIT's interpreter has about a second to do: shorter runs measure how fast V8 gets started.
const SIZES = {
  checksums: 6000,
  constraints: 6000,
  fannkuch: 10,
  mandelbrot: 2000,
  matrix: 400,
  nbody: 2000000,
  patterns: 1000,
  queens: 12,
  ring: 30000,
  scheduler: 3000000,
  sieve: 20000000,
  sort: 100000,
  spectral: 1000,
  strings: 2000,
  trees: 16,
};

/** Processes in which compilation is measured. */
const COMPILATIONS = 5;

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const MEASURE = file('measure.lua');
const inNode = (engine) => (program, size) => [process.execPath, [file('lua-engine.mjs'), engine, program, size]];
const native =
  (command, ...options) =>
  (program, size) => [command, [...options, MEASURE, program, size]];
const isInstalled = (command) => spawnSync(command, ['-v']).status === 0;

function isResolved(name) {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
}

const CONTESTANTS = [
  { title: 'jit', command: inNode('jit'), isThere: () => true },
  { title: 'luajit', command: native('luajit'), isThere: () => isInstalled('luajit') },
  { title: 'luajit -joff', command: native('luajit', '-joff'), isThere: () => isInstalled('luajit') },
  { title: 'lua5.4', command: native('lua5.4'), isThere: () => isInstalled('lua5.4') },
  { title: 'wasmoon', command: inNode('wasmoon'), isThere: () => isResolved('wasmoon') },
  // Many times slower: only where they are asked for.
  { title: 'interpreted', command: inNode('interpreted'), isThere: () => true, isSlow: true },
  { title: 'fengari', command: inNode('fengari'), isThere: () => true, isSlow: true },
];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: Object.keys(SIZES) },
    engine: { type: 'string', multiple: true, default: CONTESTANTS.filter(({ isSlow }) => !isSlow).map(({ title }) => title) },
  },
});
const rounds = Number(options.rounds);
if (!(Number.isSafeInteger(rounds) && rounds >= 1)) throw new RangeError('--rounds: expected a number from 1');
for (const name of options.only) {
  if (!Object.hasOwn(SIZES, name)) throw new RangeError(`--only: expected one of ${Object.keys(SIZES).join(', ')}`);
}
const contestants = CONTESTANTS.filter(({ title, isThere }) => options.engine.includes(title) && isThere());

// Seconds, and what the program printed; null where a module is missing.
function run({ title, command }, name, script, argument) {
  const [program, args] = command(file(script), argument);
  let output;
  try {
    output = execFileSync(program, args, { encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
  } catch (error) {
    if (/module '\w+' not found/.test(error.stderr)) return null;
    throw new Error(`${name} on ${title}: ${error.stderr}`);
  }
  const [, printed, seconds] = /^([\s\S]*)time ([\d.]+)\s*$/.exec(output) ?? [];
  if (seconds === undefined) throw new Error(`${name} on ${title} answered '${output}'`);
  return { seconds: Math.max(Number(seconds), 0.001), printed };
}

// Lua 5.3 and 5.4 write whole floats with a fraction.
const plain = (text) => text.replace(/\b(\d+)\.0\b/g, '$1');

const means = new Map();
const rows = options.only.map((name) => {
  const results = new Map(contestants.map(({ title }) => [title, []]));
  let expected = null;
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      const result = run(contestant, name, `lua/${name}.lua`, String(SIZES[name]));
      if (result === null) continue;
      expected ??= plain(result.printed);
      if (plain(result.printed) !== expected)
        throw new Error(`${name} on ${contestant.title} printed '${result.printed}', not '${expected}'`);
      results.get(contestant.title).push(result.seconds);
    }
  }
  const base = median(results.get(contestants[0].title));
  return [
    name,
    ...contestants.flatMap(({ title }, i) => {
      const seconds = results.get(title);
      if (seconds.length === 0) return ['-', '-'];
      const middle = median(seconds);
      if (i === 0) return [middle.toFixed(2)];
      means.set(title, [...(means.get(title) ?? []), middle / base]);
      return [middle.toFixed(2), ratio(middle / base)];
    }),
  ];
});

const geometric = (list) => Math.exp(list.reduce((sum, value) => sum + Math.log(value), 0) / list.length);
rows.push([
  'geometric mean',
  '',
  ...contestants.slice(1).flatMap(({ title }) => ['', means.has(title) ? ratio(geometric(means.get(title))) : '-']),
]);
const [first, ...others] = contestants;
const programs = Object.keys(SIZES).map((name) => file(`lua/${name}.lua`));
const compilation = contestants
  // It reads no files of this machine's.
  .filter(({ title }) => title !== 'wasmoon')
  .map((contestant) => {
    const runs = Array.from({ length: COMPILATIONS }, () => run(contestant, 'compilation', 'compile.lua', programs.join(' ')).printed);
    return [contestant.title, ...[0, 1].map((i) => median(runs.map((printed) => Number(printed.split(' ')[i]))).toFixed(3))];
  });
console.log(formatTable(['program', `${first.title} s`, ...others.flatMap(({ title }) => [`${title} s`, `/${first.title}`])], rows));
console.log(`\n${formatTable(['compilation, ms/KB', 'first', 'again'], compilation)}`);
