/**
 * Files as a host gives them to scripts, and streams over them as C's library has them (C11 7.21.3). Paths are bytes as latin1, as all of
 * Lua's strings. What fails throws an `Error` with `code` (`ENOENT`) and `errno` as Node has them.
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

/** Files. */
export interface HostFiles {
  /** `mode` as C's `fopen` has it: `r`, `w`, `a`, with `+` and `b`. */
  open(path: string, mode: string): HostFile;
  readFile(path: string): Uint8Array;
  remove(path: string): void;
  rename(from: string, to: string): void;
  /** A name for a file that is not there yet. */
  temporaryName(): string;
  /** Runs a command of the shell with `input`, null for the process's own; missing where there are no commands. */
  run?(command: string, input: Uint8Array | null): { readonly output: Uint8Array; readonly status: number };
}

/** The number of a failure, as C's `errno`; `EIO` for one that has none. */
export function errnoOf(error: unknown): number {
  const { errno } = error as { errno?: unknown };
  return typeof errno === 'number' && errno !== 0 ? Math.abs(errno) : 5;
}

/** A failure of the system, as Node throws them. */
export function systemError(code: string, errno: number): Error {
  return Object.assign(new Error(code), { code, errno: -errno });
}

const BUFFER = 4096;
const NEWLINE = 0x0a;
const NONE = new Uint8Array(0);

/** A file that is read through a buffer and written at once. */
export class Stream {
  readonly #file: HostFile;
  readonly #canRead: boolean;
  readonly #canWrite: boolean;
  // What has been read and is not taken yet starts at `#at`.
  #buffer: Uint8Array = NONE;
  #at = 0;
  /** Whether reading has met the end. */
  isAtEnd = false;
  isClosed = false;

  /** `mode` as C's `fopen` has it. */
  constructor(file: HostFile, mode: string) {
    this.#file = file;
    this.#canRead = mode.startsWith('r') || mode.includes('+');
    this.#canWrite = !mode.startsWith('r') || mode.includes('+');
  }

  // Whether there is a byte in the buffer.
  #fill(): boolean {
    if (this.#at < this.#buffer.length) return true;
    if (!this.#canRead) throw systemError('EBADF', 9);
    this.#buffer = this.#file.read(BUFFER);
    this.#at = 0;
    this.isAtEnd = this.#buffer.length === 0;
    return !this.isAtEnd;
  }

  /** The next byte; -1 at the end. */
  next(): number {
    return this.#fill() ? (this.#buffer[this.#at++] as number) : -1;
  }

  /** Puts a byte back; the next one to be read. */
  unread(byte: number): void {
    this.isAtEnd = false;
    if (this.#at > 0 && this.#buffer[this.#at - 1] === byte) {
      this.#at--;
      return;
    }
    const rest = this.#buffer.subarray(this.#at);
    this.#buffer = new Uint8Array(rest.length + 1);
    this.#buffer[0] = byte;
    this.#buffer.set(rest, 1);
    this.#at = 0;
  }

  /** At most `length` bytes; fewer at the end. */
  read(length: number): Uint8Array {
    return this.#collect(length, null);
  }

  /** Up to a newline, which is the last byte, or the end. Null where nothing is left. */
  readLine(limit: number = Number.POSITIVE_INFINITY): Uint8Array | null {
    const line = this.#collect(limit, NEWLINE);
    return line.length === 0 ? null : line;
  }

  // Bytes up to and with `last`.
  #collect(length: number, last: number | null): Uint8Array {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (let isDone = false; !isDone && size < length && this.#fill(); ) {
      const rest = this.#buffer.subarray(this.#at, this.#at + Math.min(BUFFER, length - size));
      const end = last === null ? -1 : rest.indexOf(last);
      const part = end < 0 ? rest : rest.subarray(0, end + 1);
      isDone = end >= 0;
      parts.push(part);
      size += part.length;
      this.#at += part.length;
    }
    if (parts.length === 1) return (parts[0] as Uint8Array).slice();
    const all = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  write(bytes: Uint8Array): void {
    if (!this.#canWrite) throw systemError('EBADF', 9);
    this.#drop();
    this.#file.write(bytes);
  }

  // The file is where reading has got to, not where the buffer ends.
  #drop(): void {
    const left = this.#buffer.length - this.#at;
    this.#buffer = NONE;
    this.#at = 0;
    if (left > 0) this.#file.seek('cur', -left);
  }

  seek(whence: 'set' | 'cur' | 'end', offset: number): number {
    this.#drop();
    this.isAtEnd = false;
    return this.#file.seek(whence, offset);
  }

  /** Where reading and writing goes on, from the start. */
  tell(): number {
    return this.#file.seek('cur', 0) - (this.#buffer.length - this.#at);
  }

  close(): void {
    this.isClosed = true;
    this.#file.close();
  }
}

function refuse(): never {
  throw systemError('EACCES', 13);
}

/** Files for scripts that may have none. */
export const noFiles: HostFiles = { open: refuse, readFile: refuse, remove: refuse, rename: refuse, temporaryName: refuse };

/** What `write` takes, as a file: standard output. */
export function outputFile(write: (bytes: Uint8Array) => void): HostFile {
  const unseekable = (): never => {
    throw systemError('ESPIPE', 29);
  };
  return { read: () => NONE, write: (bytes) => write(bytes.slice()), seek: unseekable, close: () => {} };
}
