/**
 * What a Lua state of this engine needs of the world outside. Paths are bytes as latin1, as all of Lua's strings.
 * @module
 */

/** An open file. */
export interface HostFile {
  /** Bytes from the current position, at most `length`; fewer than one only at the end. */
  read(length: number): Uint8Array;
  /** At the current position, or at the end where it was opened for appending. */
  write(bytes: Uint8Array): void;
  /** Goes to a position counted from the start, the current position or the end, and answers where that is. */
  seek(whence: 'set' | 'cur' | 'end', offset: number): number;
  close(): void;
}

/** Files. Whatever fails throws an `Error` with `code` (`ENOENT`) and `errno` as Node has them. */
export interface HostFiles {
  /** `mode` as C's `fopen` has it: `r`, `w`, `a`, with `+` and `b`. */
  open(path: string, mode: string): HostFile;
  readFile(path: string): Uint8Array;
  remove(path: string): void;
  rename(from: string, to: string): void;
  /** A name for a file that is not there yet. */
  temporaryName(): string;
}

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
}
