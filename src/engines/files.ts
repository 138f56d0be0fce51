/**
 * What Lua's `io` is about on every engine: streams over the files and commands that the host gives (Lua 5.1 manual 5.7).
 * @module
 */
import { errorText } from '../ffi/index.ts';
import { readLine, readNumber } from '../lua/index.ts';
import { errnoOf, type HostFile, type HostFiles, noFiles, outputFile, Stream, systemError } from '../util/files.ts';
import type { ScriptHost } from './host.ts';

const NOTHING = new Uint8Array(0);

/** A state's streams. What the host cannot do throws as in `HostFiles`. */
export class ScriptFiles {
  readonly standard: { readonly stdin: Stream; readonly stdout: Stream; readonly stderr: Stream };
  readonly #host: ScriptHost;

  constructor(host: ScriptHost) {
    this.#host = host;
    this.standard = {
      stdin: new Stream(host.input ?? memoryFile(NOTHING), 'r'),
      stdout: new Stream(outputFile(host.write), 'w'),
      stderr: new Stream(outputFile(host.writeError), 'w'),
    };
  }

  /** The host's files, which may be none. */
  get host(): HostFiles {
    return this.#host.files ?? noFiles;
  }

  isStandard(stream: Stream): boolean {
    const { stdin, stdout, stderr } = this.standard;
    return stream === stdin || stream === stdout || stream === stderr;
  }

  /** A file of a mode that C's library knows, which looks at what follows the first letter as far as it knows it. */
  open(path: string, mode: string): Stream {
    const [kind = ''] = mode;
    if (kind === '' || !'rwa'.includes(kind)) throw systemError('EINVAL', 22);
    const fullMode = mode.includes('+') ? `${kind}+` : kind;
    return new Stream(this.host.open(path, fullMode), fullMode);
  }

  /** A file without a name, which is gone when it is closed. */
  temporary(): Stream {
    const name = this.host.temporaryName();
    const stream = new Stream(this.host.open(name, 'w+'), 'w+');
    this.host.remove(name);
    return stream;
  }

  /** A command whose output is read once it is over, or that runs once all of its input is there. */
  pipe(command: string, mode: string): Stream {
    const { run } = this.host;
    if (run === undefined) throw systemError('EACCES', 13);
    if (mode === 'r') return new Stream(memoryFile(run(command, null).output), 'r');
    if (mode !== 'w') throw systemError('EINVAL', 22);
    const parts: Uint8Array[] = [];
    const close = (): void => this.#host.write(run(command, concatenated(parts)).output);
    return new Stream({ ...outputFile((bytes) => parts.push(bytes.slice())), close }, 'w');
  }
}

/** What `io.read` reads by a format that is a text, of `most` bytes; null at the end, undefined where there is no such format. */
export function readFormat(stream: Stream, format: string, most: number): Uint8Array | number | null | undefined {
  switch (format.charAt(format.startsWith('*') ? 1 : 0)) {
    case 'n':
      return readNumber(stream);
    case 'l':
      return readLine(stream, false);
    case 'L':
      return readLine(stream, true);
    case 'a':
      return stream.read(most);
    default:
      return undefined;
  }
}

/** Whether an error says what the system refused. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'errno' in error;
}

/** What the system refused, in C's words, as latin1; `path` is what it was about. */
export function failureText(error: Error, path: string | null): string {
  const text = String.fromCharCode(...errorText(errnoOf(error)));
  return path === null ? text : `${path}: ${text}`;
}

// Bytes as a file that is only read.
function memoryFile(bytes: Uint8Array): HostFile {
  let at = 0;
  const read = (length: number): Uint8Array => {
    const part = bytes.subarray(at, at + length);
    at += part.length;
    return part;
  };
  return { ...outputFile(() => {}), read };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
