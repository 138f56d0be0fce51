/**
 * What a Lua state needs of the world outside.
 * @module
 */
import type { HostFile, HostFiles } from '../util/files.ts';

export type { HostFile, HostFiles };

export interface ScriptHost {
  /** Standard output: bytes, the writer's to keep. */
  write(bytes: Uint8Array): void;
  writeError(bytes: Uint8Array): void;
  /** Standard input; null where there is none. */
  readonly input: HostFile | null;
  /** Null where scripts have no files. */
  readonly files: HostFiles | null;
  /** The value of an environment variable; undefined for one that is not set. */
  environment(name: string): string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds of processor time. */
  processor(): number;
  /** `os.exit`; null where scripts may not end the process. */
  readonly exit: ((code: number) => never) | null;
  /** The URL by which debuggers are to know a Lua file, or, where `path` is null, other text that messages call `name`. */
  sourceUrl(path: string | null, name: string): string;
  /** For the modules `jit.v`, `jit.p` ...; null where there is nothing that helps them. */
  readonly tools: ScriptTools | null;
}

/** What tools that look at running scripts need. */
export interface ScriptTools {
  /** The file that V8 writes to of the code it makes; null where it was not told to. In latin1, as all paths. */
  readonly traces: string | null;
  /** Starts to sample where JavaScript is, every so many microseconds. */
  profile(microseconds: number): RunningProfile;
}

export interface RunningProfile {
  /** Ends it, and tells where some functions are, which are asked for at the end. */
  stop(functions: () => readonly object[]): ScriptProfile;
}

export interface ScriptProfile {
  /** In order, with `performance.now()` of each. */
  readonly samples: readonly { readonly node: ProfileNode; readonly time: number }[];
  /** Of the functions that `stop` was given; null for what is no function of JavaScript. */
  readonly places: readonly (FunctionPlace | null)[];
}

/** A function on the stack, below those that called it. */
export interface ProfileNode {
  /** The caller; null for the root. */
  readonly parent: ProfileNode | null;
  readonly name: string;
  /** The script's; '' for V8's own functions. */
  readonly url: string;
  /** Whether the script is of this package. */
  readonly isOwn: boolean;
  /** As in `FunctionPlace`. */
  readonly key: string;
  /** Where the function begins, from 1. */
  readonly line: number;
  /** Samples by line, from 1, while it was the innermost: lines of other scripts, too, as V8 inlines functions. */
  readonly ticks: ReadonlyMap<number, number>;
}

/** Where a function of JavaScript is. */
export interface FunctionPlace {
  /** The same for the same function only. */
  readonly key: string;
  /** Its first line, from 1, and how many there are. */
  readonly line: number;
  readonly lines: number;
}
