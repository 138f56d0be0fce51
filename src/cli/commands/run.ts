/**
 * `cdef run`: a Lua script with `ffi` and `jit`, as `luajit FILE.lua` would run it. This file reads the arguments; what runs is loaded by engine.
 * @module
 */
import { type EngineName, engineNames } from '../../engines/engine.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const runCommand: Command = async (args) => {
  const { own, script } = split(args);
  const { values } = readArguments({
    args: own,
    options: {
      engine: { type: 'string' },
      jit: { type: 'string', short: 'j', multiple: true },
      execute: { type: 'string', short: 'e', multiple: true },
      native: { type: 'boolean', default: false },
      memory: { type: 'string' },
      stack: { type: 'string' },
    },
  });
  const tools = values.jit ?? [];
  const engine = (values.engine ?? (tools.length > 0 ? 'jit' : 'fengari')) as EngineName;
  if (!engineNames.includes(engine)) throw new UsageError(`run: unknown engine '${values.engine}', expected ${engineNames.join(' or ')}`);
  if (tools.length > 0 && engine !== 'jit') throw new UsageError('run: -j is for the engine jit');
  const chunks = values.execute ?? [];
  const [file, ...rest] = script;
  if (file === undefined && chunks.length === 0) throw new UsageError('run: expected a Lua file');
  if (values.stack !== undefined && values.memory === undefined) throw new UsageError('run: --stack needs --memory');
  if (values.memory !== undefined) {
    const memoryMb = Number(values.memory);
    if (!(memoryMb >= 8 && memoryMb <= 2 ** 20)) throw new UsageError(`run: --memory: expected MiB from 8, got '${values.memory}'`);
    const stackMb = values.stack === undefined ? undefined : Number(values.stack);
    if (stackMb !== undefined && !(stackMb >= 1 && stackMb <= 64))
      throw new UsageError(`run: --stack: expected MiB from 1 to 64, got '${values.stack}'`);
    if (values.native || chunks.length > 0 || tools.length > 0 || file === undefined || file === '-')
      throw new UsageError('run: --memory takes a Lua file, without -e, -j and --native');
    const { runInWorker } = await import('../../host/sandbox.ts');
    await runInWorker({ file }, { memoryMb, engine, args: rest, ...(stackMb !== undefined && { stackMb }) });
    return 0;
  }
  const { run } = engine === 'jit' ? await import('../run-jit.ts') : await import('../run-fengari.ts');
  await run({ file, args: rest, chunks, tools, isNative: values.native });
  return 0;
};

const WITH_VALUE = new Set(['--engine', '--memory', '--stack', '-e', '--execute', '-j', '--jit']);

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
