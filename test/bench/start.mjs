/**
 * What importing an entry costs: `npm run bench:start`, after `npm run build`. Prints the median over several processes of
 * the time that `import` takes, with the first `cdef` of a small struct for the main entry, and how much code is loaded.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNS = 15;
const ENTRIES = ['cdef', 'cdef/restructure', 'cdef/report', 'cdef/arrow', 'cdef/fengari', 'cdef/lua'];
const root = fileURLToPath(new URL('../..', import.meta.url));

function timed(text) {
  const script = `const start = performance.now(); ${text}; console.log(performance.now() - start)`;
  const times = Array.from({ length: RUNS }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' })),
  );
  return times.sort((a, b) => a - b)[RUNS >> 1];
}

console.log(`node ${process.version}, median of ${RUNS}`);
for (const entry of ENTRIES) console.log(`import ${entry.padEnd(18)} ${timed(`await import('${entry}')`).toFixed(1).padStart(7)} ms`);
const first = "const { cdef } = await import('cdef'); cdef('struct p { int x, y; };').typeof('struct p').view(new Uint8Array(8)).x";
console.log(`and a first struct      ${timed(first).toFixed(1).padStart(9)} ms`);
