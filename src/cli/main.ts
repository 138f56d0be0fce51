#!/usr/bin/env node
/**
 * The `cdef` command: finds the subcommand, prints errors, sets the exit status: 0, 1 for failing input, 2 for wrong
 * usage.
 * @module
 */
import { readFileSync } from 'node:fs';
import { LuaError } from '../util/errors.ts';
import { COMMANDS } from './commands.ts';
import { UsageError } from './usage.ts';

function help(): string {
  const commands = Object.values(COMMANDS).map((command) => `  ${command.usage}\n      ${command.summary}\n`);
  return `Usage:\n${commands.join('')}  cdef --version\n  cdef --help\n`;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    process.stdout.write(`cdef ${version()}\n`);
    return 0;
  }
  if (name === '--help' || name === 'help') {
    process.stdout.write(help());
    return 0;
  }
  if (name === undefined) throw new UsageError('expected a command');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`unknown command '${name}'`);
  if (rest[0] === '--help') {
    process.stdout.write(`Usage: ${command.usage}\n\n${command.summary}\n`);
    return 0;
  }
  const run = await command.load();
  return run(rest);
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`cdef: ${error.message}\n\n${help()}`);
    return 2;
  }
  if (error instanceof LuaError) process.stderr.write(`cdef: ${error.message}\n${error.traceback}\n`);
  else process.stderr.write(`cdef: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

// Whoever reads our output may stop early: `cdef layout big.h | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// Set, not exited with: what is written to a pipe must get out first.
process.exitCode = await main(process.argv.slice(2)).catch(report);
