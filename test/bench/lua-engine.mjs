/**
 * Runs a program on an engine in this process, one of ours or wasmoon, and says how much processor time it took, as `measure.lua` does.
 *
 *     node test/bench/lua-engine.mjs ENGINE PROGRAM SIZE
 *
 * `interpreted` is the jit engine without eval.
 * @module
 */
import { readFileSync } from 'node:fs';

const [engine, program, size] = process.argv.slice(2);

async function prepared() {
  if (engine !== 'wasmoon') {
    const { createLua } = await import('cdef/lua');
    const lua = createLua(engine === 'interpreted' ? { engine: 'jit', eval: false } : { engine });
    lua.engine.load('arg = { [0] = (...), select(2, ...) }', '=arg')(program, size);
    return () => lua.runFile(program, size);
  }
  const { LuaFactory } = await import('wasmoon');
  const lua = await new LuaFactory().createEngine();
  await lua.doString(`arg = { '${Number(size)}' }`);
  const text = readFileSync(program, 'utf8');
  return () => lua.doString(text);
}

const run = await prepared();
const start = process.cpuUsage();
await run();
const { user, system } = process.cpuUsage(start);
process.stdout.write(`time ${((user + system) / 1e6).toFixed(3)}\n`);
