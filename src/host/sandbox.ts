/**
 * Scripts in a thread of their own, whose memory has a hard limit: what the limits within a state cannot promise, as tables
 * and strings are JavaScript's.
 * @module
 */
import type { EngineName, Limits } from '../engines/engine.ts';
import { LuaError, LuaSyntaxError } from '../util/errors.ts';

/** Which script `runInWorker` runs: a file, or text with the name it has in error messages. */
export type WorkerScript = { readonly file: string } | { readonly text: string; readonly chunkName?: string };

/** Options of `runInWorker`. */
export interface WorkerOptions {
  /** MiB of JavaScript's heap, of all that `ffi` allocates (unless `limits.bytes` says otherwise), and of `malloc`, each; from 8. */
  readonly memoryMb: number;
  /**
   * MiB of stack, from 1 to 64; 4 by default, which are some 25,000 calls of Lua functions within each other (LuaJIT has room for 21,000).
   */
  readonly stackMb?: number;
  /** Which engine runs the script; `fengari` by default. */
  readonly engine?: EngineName;
  /** Whether the jit engine may compile the script, as in `createLua`. */
  readonly eval?: boolean;
  /** Milliseconds by the clock for all of it, the thread's start included; nothing runs on after them. No limit by default. */
  readonly timeMs?: number;
  /** Ends the thread once aborted. */
  readonly signal?: AbortSignal;
  /** Limits within the state, as in `createLua`. */
  readonly limits?: Omit<Limits, 'signal'>;
  /** What the script gets as `...`, and from `arg[1]`: values that threads can pass to each other. */
  readonly args?: readonly unknown[];
  /** Takes what `print`, `io` and the C library write, in order; standard output by default. */
  readonly write?: (bytes: Uint8Array) => void;
}

/** What the thread is given. */
export interface WorkerJob {
  readonly engine: EngineName;
  readonly eval: boolean;
  readonly file?: string;
  readonly text?: string;
  readonly chunkName?: string;
  readonly args: readonly unknown[];
  readonly limits: Limits;
  readonly heapLimit: number;
  readonly waiting: SharedArrayBuffer;
}

/** What the thread answers: pieces of output, then a value or an error. */
export type WorkerMessage =
  | { readonly output: Uint8Array }
  | { readonly value: unknown }
  | { readonly error: { readonly name: string; readonly message: string; readonly traceback: string } };

/** A script that was ended from outside. */
export class WorkerLimitError extends Error {
  override readonly name: string = 'WorkerLimitError';
  readonly limit: 'memory' | 'time' | 'signal';

  constructor(limit: 'memory' | 'time' | 'signal', message: string) {
    super(message);
    this.limit = limit;
  }
}

const LEAST_MB = 8;
const STACK_MB = 4;
const MOST_STACK_MB = 64;

/**
 * Runs a script in a thread of its own and returns its first result, which must be a value that threads can pass to each other.
 * @throws {WorkerLimitError} when it ran out of memory or time, or was aborted; the host goes on
 * @throws {LuaSyntaxError} when it is not Lua
 * @throws {LuaError} when it raises; `value` is the message
 * @throws {RangeError} when `memoryMb`, `stackMb` or `timeMs` is no such number
 * @example
 * const sum = await runInWorker({ text: 'return 1 + ...' }, { memoryMb: 64, timeMs: 1000, args: [2] });
 */
export async function runInWorker(script: WorkerScript, options: WorkerOptions): Promise<unknown> {
  const {
    memoryMb,
    stackMb = STACK_MB,
    engine = 'fengari',
    eval: isCompiled = true,
    timeMs,
    signal,
    limits = {},
    args = [],
    write = (bytes) => process.stdout.write(bytes),
  } = options;
  if (!(memoryMb >= LEAST_MB && memoryMb <= 2 ** 20)) throw new RangeError(`memoryMb: expected a number from ${LEAST_MB}, got ${memoryMb}`);
  if (!(stackMb >= 1 && stackMb <= MOST_STACK_MB))
    throw new RangeError(`stackMb: expected a number from 1 to ${MOST_STACK_MB}, got ${stackMb}`);
  if (timeMs !== undefined && !(timeMs > 0 && timeMs < 2 ** 31)) throw new RangeError(`timeMs: expected a number above 0, got ${timeMs}`);
  const aborted = (): WorkerLimitError => new WorkerLimitError('signal', 'aborted');
  if (signal?.aborted === true) throw aborted();
  const bytes = Math.floor(memoryMb * 2 ** 20);
  const waiting = new SharedArrayBuffer(4);
  const taken = new Int32Array(waiting);
  const job: WorkerJob = { ...script, engine, eval: isCompiled, args, limits: { bytes, ...limits }, heapLimit: bytes, waiting };
  // Loaded here: programs without workers start sooner.
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: Math.min(memoryMb, 32), stackSizeMb: stackMb },
  });
  let onAbort = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      onAbort = () => reject(aborted());
      signal?.addEventListener('abort', onAbort);
      if (timeMs !== undefined) timer = setTimeout(() => reject(new WorkerLimitError('time', `more than ${timeMs} ms`)), timeMs);
      worker.on('message', (message: WorkerMessage) => {
        if ('value' in message) resolve(message.value);
        else if ('error' in message) reject(errorOf(message.error));
        else {
          Atomics.sub(taken, 0, message.output.length);
          Atomics.notify(taken, 0);
          try {
            write(message.output);
          } catch (error) {
            reject(error);
          }
        }
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        reject(isMemory ? new WorkerLimitError('memory', `more than ${memoryMb} MiB of memory`) : error);
      });
      worker.on('exit', (code) => reject(new Error(`the script's thread ended with ${code}`)));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

function errorOf({ name, message, traceback }: { name: string; message: string; traceback: string }): Error {
  if (name === 'LuaError') return new LuaError(message, { value: message, traceback });
  if (name === 'LuaSyntaxError') return new LuaSyntaxError(message);
  return Object.assign(new Error(message), { name });
}
