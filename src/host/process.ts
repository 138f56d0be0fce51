/**
 * Node's process and its files, for engines whose library is ours.
 * @module
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmdirSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { constants } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { HostFile, HostFiles, ScriptHost } from '../engines/host.ts';
import { startProfile } from './profiler.ts';

/** Paths come as bytes, in latin1. */
function nameOf(file: string): Buffer {
  return Buffer.from(file, 'latin1');
}

/** A descriptor with a position of its own, as streams of C have it. */
class NodeFile implements HostFile {
  readonly #descriptor: number;
  readonly #isAppending: boolean;
  #position = 0;

  constructor(descriptor: number, isAppending: boolean) {
    this.#descriptor = descriptor;
    this.#isAppending = isAppending;
  }

  read(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    const count = readSync(this.#descriptor, bytes, 0, length, this.#position);
    this.#position += count;
    return bytes.subarray(0, count);
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const count = writeSync(this.#descriptor, bytes, at, bytes.length - at, this.#isAppending ? null : this.#position);
      at += count;
      this.#position = this.#isAppending ? this.#size() : this.#position + count;
    }
  }

  #size(): number {
    return fstatSync(this.#descriptor).size;
  }

  seek(whence: 'set' | 'cur' | 'end', offset: number): number {
    const from = { set: 0, cur: this.#position, end: whence === 'end' ? this.#size() : 0 }[whence];
    if (from + offset < 0) throw Object.assign(new Error('EINVAL: invalid argument, lseek'), { code: 'EINVAL', errno: -22 });
    this.#position = from + offset;
    return this.#position;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

const MODES: Readonly<Record<string, number>> = {
  r: constants.O_RDONLY,
  'r+': constants.O_RDWR,
  w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
  'w+': constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  'a+': constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
};

const files: HostFiles = {
  open: (file, mode) => {
    const plain = mode.replace('b', '');
    return new NodeFile(openSync(nameOf(file), MODES[plain] ?? constants.O_RDONLY, 0o666), plain.startsWith('a'));
  },
  readFile: (file) => readFileSync(nameOf(file)),
  remove: (file) => {
    const name = nameOf(file);
    if (statSync(name).isDirectory()) rmdirSync(name);
    else unlinkSync(name);
  },
  rename: (from, to) => renameSync(nameOf(from), nameOf(to)),
  run,
  temporaryName: () => path.join(tmpdir(), `lua_${process.pid.toString(36)}${Math.random().toString(36).slice(2, 8)}`),
};

/** What a command of the shell may print. */
const MOST_OUTPUT = 2 ** 30;

function run(command: string, input: Uint8Array | null): { output: Uint8Array; status: number } {
  // Loaded here, as it takes some milliseconds that most scripts need not wait for.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stdout, status } = spawnSync('/bin/sh', ['-c', Buffer.from(command, 'latin1').toString()], {
    stdio: [input === null ? 'inherit' : 'pipe', 'pipe', 'inherit'],
    ...(input !== null && { input }),
    maxBuffer: MOST_OUTPUT,
  });
  return { output: stdout ?? new Uint8Array(0), status: status ?? -1 };
}

/** Standard input: what comes, in order. */
const input: HostFile = {
  read: (length) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(0, bytes, 0, length, null));
  },
  write: () => {
    throw Object.assign(new Error('EBADF: bad file descriptor, write'), { code: 'EBADF', errno: -9 });
  },
  seek: () => {
    throw Object.assign(new Error('ESPIPE: invalid seek, lseek'), { code: 'ESPIPE', errno: -29 });
  },
  close: () => {},
};

// Where V8 was told to write what it makes of functions; a later option overrides an earlier one.
function traceFile(): string | null {
  const options = process.execArgv.map((option) => option.replaceAll('_', '-'));
  const [, file] = process.execArgv.map((option) => /^--redirect[-_]code[-_]traces[-_]to=(.+)/.exec(option)).findLast(Boolean) ?? [];
  if (!options.includes('--redirect-code-traces')) return null;
  return Buffer.from(file ?? `code-${process.pid}-0.asm`).toString('latin1');
}

/** Whether Node was started for a debugger, without a look at the inspector itself, which takes milliseconds to load. */
export function isInspected(): boolean {
  const { NODE_OPTIONS = '', VSCODE_INSPECTOR_OPTIONS } = process.env;
  return (
    [...process.execArgv, ...NODE_OPTIONS.split(' ')].some((one) => one.startsWith('--inspect')) || VSCODE_INSPECTOR_OPTIONS !== undefined
  );
}

/** This process. */
export const processHost: Pick<ScriptHost, 'writeError' | 'input' | 'files' | 'exit' | 'sourceUrl' | 'tools'> = {
  writeError: (bytes) => {
    process.stderr.write(bytes);
  },
  input,
  files,
  exit: (code) => process.exit(code),
  sourceUrl: (file, name) => (file === null ? `lua:///${encodeURIComponent(name)}` : pathToFileURL(nameOf(file).toString()).href),
  tools: {
    get traces(): string | null {
      return traceFile();
    },
    profile: startProfile,
  },
};
