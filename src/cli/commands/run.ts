/**
 * `cdef run`: a Lua script with `ffi` and `jit`, as `luajit FILE.lua` would run it.
 * @module
 */
import { readFileSync } from 'node:fs';
import { createLua, type EngineName, engineNames, type NodeLua, runInWorker } from '../../host/node.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const runCommand: Command = async (args) => {
  const { own, script } = split(args);
  const { values } = readArguments({
    args: own,
    options: {
      engine: { type: 'string', default: 'fengari' },
      execute: { type: 'string', short: 'e', multiple: true },
      native: { type: 'boolean', default: false },
      memory: { type: 'string' },
    },
  });
  const engine = values.engine as EngineName;
  if (!engineNames.includes(engine)) throw new UsageError(`run: unknown engine '${values.engine}', expected ${engineNames.join(' or ')}`);
  const chunks = values.execute ?? [];
  const [file, ...rest] = script;
  if (file === undefined && chunks.length === 0) throw new UsageError('run: expected a Lua file');
  if (values.memory !== undefined) {
    const memoryMb = Number(values.memory);
    if (!(memoryMb >= 8 && memoryMb <= 2 ** 20)) throw new UsageError(`run: --memory: expected MiB from 8, got '${values.memory}'`);
    if (values.native || chunks.length > 0 || file === undefined || file === '-')
      throw new UsageError('run: --memory takes a Lua file, without -e and --native');
    await runInWorker({ file }, { memoryMb, engine, args: rest });
    return 0;
  }
  // A file of its own, as it is rarely needed.
  const native = values.native ? (await import('../../host/native.ts')).createNative() : undefined;
  const lua = createLua({ engine, ...(native !== undefined && { native }) });
  try {
    setArguments(lua, file, rest);
    for (const chunk of chunks) lua.run(chunk, '=(command line)');
    if (file === '-') lua.engine.load(readFileSync(0), '=stdin')(...rest);
    else if (file !== undefined) lua.runFile(file, ...rest);
  } finally {
    lua.close();
  }
  return 0;
};

const WITH_VALUE = new Set(['--engine', '--memory', '-e', '--execute']);

// Options end at the script's name: what follows is the script's own.
function split(args: readonly string[]): { own: string[]; script: string[] } {
  let at = 0;
  while (at < args.length) {
    const arg = args[at] as string;
    if (arg === '--') return { own: args.slice(0, at), script: args.slice(at + 1) };
    if (!arg.startsWith('-') || arg === '-') break;
    at += WITH_VALUE.has(arg) ? 2 : 1;
  }
  return { own: args.slice(0, at), script: args.slice(at) };
}

// The global `arg`: the script at 0, its arguments from 1.
function setArguments(lua: NodeLua, file: string | undefined, rest: readonly string[]): void {
  lua.engine.load('arg = { [0] = (...), select(2, ...) }', '=arg')(file ?? 'cdef', ...rest);
}
