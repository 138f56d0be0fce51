/**
 * JavaScript's collector, as far as Lua's `collectgarbage` can see it.
 * @module
 */
interface Host {
  /** With `--expose-gc`. */
  readonly gc?: () => void;
  readonly process?: { memoryUsage?: () => { heapUsed: number; arrayBuffers?: number } };
}

/** Collects what is unreachable, where the host allows it. */
export function collect(): void {
  (globalThis as Host).gc?.();
}

/** What the process uses, of which a state is a part; 0 in a browser. */
export function usedBytes(): number {
  const usage = (globalThis as Host).process?.memoryUsage?.();
  return usage === undefined ? 0 : usage.heapUsed + (usage.arrayBuffers ?? 0);
}
