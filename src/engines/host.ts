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
  /** For the modules `jit.v`, `jit.p` ...; missing where there is nothing that helps them. */
  readonly tools?: ScriptTools;
}

/** What tools that look at running scripts need. */
export interface ScriptTools {
  /** The file that V8 writes to of the code it makes; null where it was not told to. In latin1, as all paths. */
  readonly traces: string | null;
}
