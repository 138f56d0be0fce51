/**
 * What a command is, how it reads its arguments, and wrong usage of it.
 * @module
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../util/text.ts';

/** Raised for arguments that make no sense; exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Runs a subcommand; the exit status is 0 unless it throws or returns another. */
export type Command = (args: string[]) => number | Promise<number>;

/** A subcommand as the help knows it. */
export interface CommandEntry {
  /** What follows `cdef` and the name; `...` in it are the options. */
  readonly usage: string;
  readonly summary: string;
  /** Options with their values, such as `-o, --output FILE`, and what they do. */
  readonly options: readonly (readonly [string, string])[];
  /** Whether arguments behind the first one that is no option are a script's own. */
  readonly hasScript?: boolean;
  /** Words that can come first. */
  readonly words?: readonly string[];
  load(): Promise<Command>;
}

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
    throw new UsageError(messageOf(error as NodeJS.ErrnoException, Object.keys(config.options ?? {})));
  }
}

// Node's advice on how to pass such a thing as an argument helps nobody who has misspelt an option.
function messageOf({ code, message }: NodeJS.ErrnoException, known: readonly string[]): string {
  const [, flag = ''] = /'(--?[^' ]*)'/.exec(message) ?? [];
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' || flag === '') return message;
  const names = known.map((name) => `--${name}`);
  return `unknown option '${flag}'${flag.startsWith('--') ? didYouMean(flag, names) : ''}`;
}
