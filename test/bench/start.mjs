/**
 * What importing an entry costs: `npm run bench:start`, after `npm run build`. Prints the median over several processes of
 * the processor's time that `import` takes, which other programs on the machine change little; and of the first `cdef` of a small struct.
 * Then what an empty script takes in all, on Node itself, on `cdef run`, and on LuaJIT where it is installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, ratio } from './table.mjs';

const RUNS = 9;
/** A shell tells the time of its children in hundredths of a second, so it starts several. */
const CHILDREN = 5;
const ENTRIES = ['cdef', 'cdef/struct', 'cdef/restructure', 'cdef/report', 'cdef/arrow', 'cdef/fengari', 'cdef/lua'];
const root = fileURLToPath(new URL('../..', import.meta.url));

function timed(text) {
  const script = `const start = process.cpuUsage(); ${text}; const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000)`;
  return median(
    Array.from({ length: RUNS }, () =>
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })),
    ),
  );
}

// Milliseconds of a whole process, as the shell's `times` has those of its children: minutes and seconds, of the user and the system.
function ofProcess(command) {
  const repeated = Array.from({ length: CHILDREN }, () => `${command} </dev/null >/dev/null`).join(';');
  const printed = execFileSync('sh', ['-c', `${repeated}; times`], { cwd: root, encoding: 'utf8' });
  const [user, system] = [
    ...printed
      .trim()
      .split('\n')[1]
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, m, s]) => Number(m) * 60 + Number(s));
  return ((user + system) * 1000) / CHILDREN;
}

console.log(`node ${process.version}, median of ${RUNS}`);
for (const entry of ENTRIES) console.log(`import ${entry.padEnd(18)} ${timed(`await import('${entry}')`).toFixed(1).padStart(7)} ms`);
const first = "const { cdef } = await import('cdef'); cdef('struct p { int x, y; };').typeof('struct p').view(new Uint8Array(8)).x";
console.log(`and a first struct      ${timed(first).toFixed(1).padStart(9)} ms`);

const node = `'${process.execPath}'`;
const commands = {
  node: `${node} -e ''`,
  'cdef run --engine jit': `${node} dist/node/cli.js run --engine jit -e ''`,
  'cdef run': `${node} dist/node/cli.js run -e ''`,
  ...(spawnSync('luajit', ['-v']).status === 0 && { luajit: "luajit -e ''" }),
};
const starts = Object.fromEntries(Object.keys(commands).map((title) => [title, []]));
for (let i = 0; i < RUNS; i++) for (const [title, command] of Object.entries(commands)) starts[title].push(ofProcess(command));
console.log('\nan empty script');
for (const [title, times] of Object.entries(starts)) {
  console.log(`${title.padEnd(24)} ${median(times).toFixed(0).padStart(6)} ms, ${ratio(median(times) / median(starts.node))} of node's`);
}
