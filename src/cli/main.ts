#!/usr/bin/env node
/**
 * The `cdef` command: finds the subcommand, prints errors, sets the exit status: 0, 1 for failing input, 2 for wrong
 * usage.
 * @module
 */
import { readFileSync } from 'node:fs';
import module from 'node:module';
import type { LuaError } from '../util/errors.ts';
import { didYouMean } from '../util/text.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, generalHelp } from './help.ts';
import { UsageError } from './usage.ts';

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

async function main(args: readonly string[]): Promise<number> {
  const [first = 'repl'] = args;
  if (first === '--version') {
    process.stdout.write(`cdef ${version()}\n`);
    return 0;
  }
  if (first === '--help' || first === '-h' || (args.length === 1 && first === 'help')) {
    process.stdout.write(generalHelp());
    return 0;
  }
  // Options without a command are the prompt's.
  const [name, rest] = first.startsWith('-')
    ? ['repl', [...args]]
    : first === 'help'
      ? [args[1] as string, ['--help']]
      : [first, args.slice(1)];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`unknown command '${name}'${didYouMean(name, Object.keys(COMMANDS))}`);
  // A script's own arguments may be --help, too.
  const own = command.hasScript === true ? rest.slice(0, 1) : rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
  if (own.includes('--help')) {
    process.stdout.write(commandHelp(name));
    return 0;
  }
  const run = await command.load();
  return run(rest);
}

// By their names: commands are bundled apart from this file, and have classes of their own.
function report(error: unknown): number {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'UsageError') {
    process.stderr.write(`cdef: ${message}\n\n${generalHelp()}`);
    return 2;
  }
  process.stderr.write(`cdef: ${message}\n${name === 'LuaError' ? `${(error as LuaError).traceback}\n` : ''}`);
  return 1;
}

// Node 22 and later keep what they compiled for the next run.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// Whoever reads our output may stop early: `cdef layout big.h | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Set, not exited with: what is written to a pipe must get out first.
process.exitCode = await main(process.argv.slice(2)).catch(report);
