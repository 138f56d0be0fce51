/**
 * What importing an entry costs: `npm run bench:start`, after `npm run build`. Prints the median over several processes of
 * the processor's time that `import` takes, which other programs on the machine change little; and of the first `cdef` of a small struct.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNS = 9;
const ENTRIES = ['cdef', 'cdef/restructure', 'cdef/report', 'cdef/arrow', 'cdef/fengari', 'cdef/lua'];
const root = fileURLToPath(new URL('../..', import.meta.url));

function timed(text) {
  const script = `const start = process.cpuUsage(); ${text}; const { user, system } = process.cpuUsage(start); console.log((user + system) / 1000)`;
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })),
  );
  return times.sort((a, b) => a - b)[RUNS >> 1];
}

console.log(`node ${process.version}, median of ${RUNS}`);
for (const entry of ENTRIES) console.log(`import ${entry.padEnd(18)} ${timed(`await import('${entry}')`).toFixed(1).padStart(7)} ms`);
const first = "const { cdef } = await import('cdef'); cdef('struct p { int x, y; };').typeof('struct p').view(new Uint8Array(8)).x";
console.log(`and a first struct      ${timed(first).toFixed(1).padStart(9)} ms`);
