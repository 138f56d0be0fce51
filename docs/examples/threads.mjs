import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { cdef } from 'cdef';

const c = cdef(`
  struct job { double input, result; };
  struct shared { int32_t next, done; struct job jobs[100]; };
`);
const THREADS = 2;

if (isMainThread) {
  const memory = new SharedArrayBuffer(c.sizeof('struct shared'));
  const shared = c.typeof('struct shared').view(memory);
  for (let i = 0; i < shared.jobs.length; i++) shared.jobs.at(i).input = i;

  const threads = Array.from({ length: THREADS }, () => new Worker(new URL(import.meta.url), { workerData: memory }));
  await Promise.all(threads.map((thread) => new Promise((resolve) => thread.on('exit', resolve))));

  let sum = 0;
  for (const job of c.typeof('struct job').cursor(memory, c.offsetof('struct shared', 'jobs'))) sum += job.result;
  console.log(shared.done, sum);
} else {
  const shared = c.typeof('struct shared').view(workerData);
  const counters = new Int32Array(workerData, 0, 2); // next, done
  for (;;) {
    const i = Atomics.add(counters, 0, 1);
    if (i >= shared.jobs.length) break;
    const job = shared.jobs.at(i);
    job.result = job.input ** 2;
    Atomics.add(counters, 1, 1);
  }
}
