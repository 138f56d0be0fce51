/**
 * `cdef` alone: a prompt for Lua on a terminal, else a script from standard input.
 * @module
 */
import { readFileSync, writeSync } from 'node:fs';
import { type EngineName, engineNames } from '../../engines/engine.ts';
import { usesColor } from '../colors.ts';
import { createCommandLua } from '../lua.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const replCommand: Command = async (args) => {
  const { values } = readArguments({
    args,
    options: { engine: { type: 'string', default: 'fengari' }, color: { type: 'string', default: 'auto' } },
  });
  const engine = values.engine as EngineName;
  if (!engineNames.includes(engine)) throw new UsageError(`unknown engine '${engine}', expected ${engineNames.join(' or ')}`);
  const isColored = usesColor(values.color, { isTTY: process.stdout.isTTY, env: process.env });
  if (process.stdin.isTTY) {
    const { historyFileFor, runRepl } = await import('../repl.ts');
    const greeting = `cdef, Lua with ffi on ${engine}; .help tells more, .exit ends`;
    const { stdin: input, stdout: output } = process;
    const write = (bytes: Uint8Array): void => writeAll(output.fd, bytes);
    await runRepl({ input, output, write, engine, isColored, greeting, historyFile: historyFileFor(process.env) });
    return 0;
  }
  const lua = await createCommandLua({ engine });
  try {
    lua.setArguments('cdef', []);
    lua.engine.load(readFileSync(0), '=stdin')();
  } finally {
    lua.close();
  }
  return 0;
};

// A terminal that is slow to show takes less, or nothing for a moment.
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
