/**
 * The thread in which scripts run: a state of Lua for each run, with limits. A script that ends none of them is ended from
 * outside, thread and all.
 * @module
 */
import { type CdefOptions, cdef, type LuaError } from '../../../src/index.ts';
import { createLua, type EngineName, engineNames } from '../../../src/host/index.ts';
import type { Greeting, Job, Outcome } from './protocol.ts';

const LIMITS = { timeMs: 1500, bytes: 64 * 2 ** 20 };
const HEAP_LIMIT = 64 * 2 ** 20;
const MOST_OUTPUT = 100_000;

let output = '';
// Lua's print and the C library's printf write lines here.
console.log = (...parts: unknown[]): void => {
  if (output.length < MOST_OUTPUT)
    output += `${parts.map((part) => (part instanceof Uint8Array ? new TextDecoder().decode(part) : part)).join(' ')}\n`;
  else if (!output.endsWith('more\n')) output += '... and more\n';
};

function run({ c, abi, engine, lua: script, bytes }: Job): Outcome {
  output = '';
  const start = performance.now();
  let error: string | null = null;
  let isCompiled: boolean | null = null;
  try {
    const declared = cdef(c, { fileName: 'text.h', abi } as CdefOptions);
    const lua = createLua({ cdef: declared, engine: engine as EngineName, limits: LIMITS, libc: { heapLimit: HEAP_LIMIT } });
    ({ isCompiled } = lua.engine);
    try {
      const results = lua.engine.load(script, '=script').all(bytes, bytes.length);
      if (results.length > 0) console.log(...results.map((result) => String(result)));
    } finally {
      lua.close();
    }
  } catch (problem) {
    error = describe(problem);
  }
  return { output, error, bytes, isCompiled, milliseconds: performance.now() - start };
}

function describe(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const { traceback } = problem as LuaError;
  return typeof traceback === 'string' && traceback !== '' ? `${problem.message}\n${traceback}` : problem.message;
}

function isCompiled(engine: EngineName): boolean {
  const lua = createLua({ engine });
  lua.close();
  return lua.engine.isCompiled;
}

addEventListener('message', (event: MessageEvent<Job>) => postMessage(run(event.data) satisfies Outcome));
postMessage({ engines: engineNames.map((name) => ({ name, isCompiled: isCompiled(name) })) } satisfies Greeting);
