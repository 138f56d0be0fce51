/**
 * Wrong usage of the command, and how a command reads its arguments.
 * @module
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Raised for arguments that make no sense; exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Runs a subcommand; the exit status is 0 unless it throws or returns another. */
export type Command = (args: string[]) => number | Promise<number>;

/**
 * `util.parseArgs` whose errors are `UsageError`s; a command that has `--include` takes gcc's `-include` for it.
 * @throws {UsageError} for unknown options
 */
export function readArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  const hasInclude = config.options !== undefined && 'include' in config.options;
  const args = config.args?.map((arg) => (hasInclude && arg === '-include' ? '--include' : arg));
  try {
    return parseArgs(args === undefined ? config : { ...config, args });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
