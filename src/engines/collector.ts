/**
 * JavaScript's collector, as far as Lua's `collectgarbage` can see and drive it.
 * @module
 */
import { assert } from '../util/assert.ts';

interface Host {
  /** With `--expose-gc`. */
  readonly gc?: () => void;
  readonly process?: {
    memoryUsage?: () => { heapUsed: number; arrayBuffers?: number };
    /** Node's, from 20.16 on. */
    getBuiltinModule?: (name: string) => unknown;
  };
}

interface V8 {
  setFlagsFromString(flags: string): void;
  getHeapStatistics(): { heap_size_limit: number; used_heap_size: number };
}

interface Vm {
  createContext(globals: object, options: { microtaskMode: 'afterEvaluate' }): object;
  runInContext(code: string, context: object): unknown;
  runInNewContext(code: string): unknown;
}

// What drives V8's collector within Node; null elsewhere, undefined as long as nobody asked.
let found: (() => void) | null | undefined;

function find(): (() => void) | null {
  const { gc, process } = globalThis as Host;
  const [v8, vm] = ['node:v8', 'node:vm'].map((name) => process?.getBuiltinModule?.(name)) as [V8?, Vm?];
  if (v8 === undefined || vm === undefined) return gc ?? null;
  v8.setFlagsFromString('--expose-gc');
  const collectNow = gc ?? (vm.runInNewContext('gc') as unknown);
  assert(typeof collectNow === 'function', 'a new context has gc');
  // What a WeakRef was made of or gave is held until the job ends (ECMAScript, KeepDuringJob), and V8 takes the end of a queue of
  // microtasks for that: here a queue of its own, which is empty.
  const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
  return () => {
    vm.runInContext('0', context);
    collectNow();
  };
}

/** Collects what is unreachable, at once: a `WeakRef` of it is empty then. False where the host does not allow that. */
export function collect(): boolean {
  if (found === undefined) found = find();
  found?.();
  return found !== null;
}

/** What V8 counts as room and has no use for: 32 MiB of its young generation; and 16 MiB, for what else is made meanwhile. */
const MARGIN = 48 * 2 ** 20;

/**
 * Whether V8's heap may grow by so many bytes at once. Where it may not V8 ends the process, also the process of a thread that has a limit
 * of its own. True where nobody can tell.
 */
export function hasRoom(bytes: number): boolean {
  const v8 = (globalThis as Host).process?.getBuiltinModule?.('node:v8') as V8 | undefined;
  if (v8 === undefined) return true;
  const isThere = (): boolean => {
    const { heap_size_limit: limit, used_heap_size: used } = v8.getHeapStatistics();
    return limit - used > bytes + MARGIN;
  };
  return isThere() || (collect() && isThere());
}

/** What the process uses, of which a state is a part; 0 in a browser. */
export function usedBytes(): number {
  const usage = (globalThis as Host).process?.memoryUsage?.();
  return usage === undefined ? 0 : usage.heapUsed + (usage.arrayBuffers ?? 0);
}
