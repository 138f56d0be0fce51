/**
 * The thread in which `runInWorker` runs a script: one script, then it ends.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { LuaError } from '../util/errors.ts';
import { createLua } from './node.ts';
import type { WorkerJob, WorkerMessage } from './sandbox.ts';

// Output that the host has not taken yet; beyond that the script waits, as the queue is the host's memory.
const WAITING_BYTES = 2 ** 20;

const job = workerData as WorkerJob;
const waiting = new Int32Array(job.waiting);

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

// The stream itself would hold back all but the first piece for as long as the script runs.
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : Uint8Array.from(chunk);
  Atomics.add(waiting, 0, bytes.length);
  post({ output: bytes });
  for (let now = Atomics.load(waiting, 0); now > WAITING_BYTES; now = Atomics.load(waiting, 0)) Atomics.wait(waiting, 0, now);
  return true;
};

function failure(error: unknown): WorkerMessage {
  if (!(error instanceof Error)) return { error: { name: 'Error', message: String(error), traceback: '' } };
  return { error: { name: error.name, message: error.message, traceback: error instanceof LuaError ? error.traceback : '' } };
}

try {
  const lua = createLua({ engine: job.engine, eval: job.eval, limits: job.limits, libc: { heapLimit: job.heapLimit } });
  try {
    const { args } = job;
    lua.setArguments(job.file ?? 'cdef', args);
    const value =
      job.file === undefined ? lua.engine.load(job.text ?? '', job.chunkName ?? '=(lua)')(...args) : lua.runFile(job.file, ...args);
    post({ value });
  } finally {
    lua.close();
  }
} catch (error) {
  post(failure(error));
}
