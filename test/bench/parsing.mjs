// Megabytes of C declarations a second: ours, LuaJIT's ffi.cdef, gcc -fsyntax-only, on a text that all accept.
// Each contestant runs in a process of its own, in turn; its time is that of the parsing alone for ours and LuaJIT, and of
// the whole process less that for an empty file for gcc.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { structs: { type: 'string', default: '1500' }, rounds: { type: 'string', default: '5' } } });
const folder = mkdtempSync(path.join(tmpdir(), 'cdef-bench-'));
const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

// Structs, unions, enums, typedefs and prototypes, as headers have them; within what LuaJIT takes.
function declarations(count) {
  const parts = [];
  for (let i = 0; i < count; i++) {
    parts.push(`/* Record number ${i}, as a header would describe it. */
enum kind_${i} { KIND_${i}_A = 1, KIND_${i}_B, KIND_${i}_C = 0x${i.toString(16)} };
typedef struct record_${i} {
  unsigned char op, htype, hlen, hops;   // four bytes
  unsigned int xid : 20, flags : 12;
  enum kind_${i} kind;
  union { int32_t number; float real; char bytes[8]; } value;
  struct record_${i} *next, *previous;
  int (*compare)(const struct record_${i} *a, const struct record_${i} *b);
  uint64_t counters[4][2];
} record_${i}_t;
extern int record_${i}_send(record_${i}_t *record, const char *name, size_t length);
`);
  }
  return parts.join('\n');
}

const text = declarations(Number(values.structs));
const header = path.join(folder, 'text.h');
const empty = path.join(folder, 'empty.c');
const unit = path.join(folder, 'text.c');
writeFileSync(header, text);
writeFileSync(empty, '#include <stdint.h>\n#include <stddef.h>\n');
writeFileSync(unit, `#include <stdint.h>\n#include <stddef.h>\n${text}`);

function ours() {
  const script = `import { readFileSync } from 'node:fs'; import { cdef } from ${JSON.stringify(entry)};
    const text = readFileSync(${JSON.stringify(header)}, 'utf8'); const start = performance.now(); cdef(text); console.log((performance.now() - start) / 1000);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

function luajit() {
  const script = `local ffi = require 'ffi'; local text = io.open(${JSON.stringify(header)}):read('*a'); local start = os.clock(); ffi.cdef(text); print(os.clock() - start)`;
  return Number(execFileSync('luajit', ['-e', script], { encoding: 'utf8' }));
}

function seconds(command, args) {
  const start = performance.now();
  execFileSync(command, args);
  return (performance.now() - start) / 1000;
}

const gcc = () => seconds('gcc', ['-fsyntax-only', unit]) - seconds('gcc', ['-fsyntax-only', empty]);
const has = (command, flag) => spawnSync(command, [flag]).status === 0;
const contestants = [
  ['cdef', ours],
  ...(has('luajit', '-v') ? [['luajit ffi.cdef', luajit]] : []),
  ...(has('gcc', '--version') ? [['gcc -fsyntax-only', gcc]] : []),
];

try {
  const times = new Map(contestants.map(([name]) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) for (const [name, run] of contestants) times.get(name).push(run());
  const megabytes = Buffer.byteLength(text) / 1e6;
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  const first = median(times.get('cdef'));
  console.log(`${megabytes.toFixed(2)} MB, ${values.structs} structs, medians of ${values.rounds} rounds, Node ${process.versions.node}\n`);
  for (const [name, list] of times) {
    const time = median(list);
    console.log(
      `${name.padEnd(20)} ${(megabytes / time).toFixed(1).padStart(7)} MB/s   cdef is ${(time / first).toFixed(2)} times as fast`,
    );
  }
  if (contestants.length < 3) console.log('\nluajit or gcc is not installed: not compared.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
