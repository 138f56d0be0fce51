/**
 * What interrupts compiled code: it counts rounds of loops and calls of functions, and looks here when the count is used up. Only chunks
 * that are compiled for it count; others pay nothing.
 * @module
 */
import type { Limits } from '../../engine.ts';
import { LimitFault } from './errors.ts';
import type { LuaFunction } from './functions.ts';

/** Steps between two looks at the limits: few enough to end a loop within a millisecond, where a step is one. */
const STRIDE = 1000;
/** The first, where time is limited: each may be a call that takes long. */
const FIRST_STRIDE = 10;

export interface CountHook {
  readonly fn: LuaFunction;
  readonly count: number;
}

export class Watch {
  /** Counted down by compiled code, which calls `look` below 0. */
  left = 0;
  /** Chunks are to be compiled so that they count. */
  isCounting = false;
  hook: CountHook | null = null;
  #limits: Limits | null = null;
  // What `left` began with.
  #slice = 0;
  #steps = Number.POSITIVE_INFINITY;
  #deadline = 0;
  #stride = STRIDE;
  #lastLook = 0;
  #untilHook = Number.POSITIVE_INFINITY;
  #isInHook = false;

  /** From now on. */
  setLimits(limits: Limits): void {
    this.#limits = limits;
    this.isCounting = true;
  }

  /** Has `fn` called every `count` steps; null for none. */
  setHook(fn: LuaFunction | null, count: number): void {
    this.hook = fn === null ? null : { fn, count };
    this.#untilHook = fn === null ? Number.POSITIVE_INFINITY : count;
    this.#count();
    this.#begin();
  }

  /** Before the host calls into Lua, and Lua is not running already. */
  begin(): void {
    if (this.#limits === null) return;
    const { steps, timeMs } = this.#limits;
    this.#steps = steps ?? Number.POSITIVE_INFINITY;
    this.#stride = timeMs === undefined ? STRIDE : FIRST_STRIDE;
    if (timeMs !== undefined) {
      this.#lastLook = performance.now();
      this.#deadline = this.#lastLook + timeMs;
    }
    this.#begin();
  }

  /** Counts what a library function does at a stretch, while Lua is running. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) this.look();
  }

  #begin(): void {
    this.#slice = Math.min(this.#limits === null ? this.#untilHook : this.#stride, this.#untilHook);
    this.left = this.#slice;
  }

  // Takes what has been done since the last look into account.
  #count(): void {
    const done = this.#slice - this.left;
    this.#steps -= done;
    this.#untilHook -= done;
    this.#slice = this.left;
  }

  #reason(): string | null {
    if (this.#limits === null) return null;
    const { steps, timeMs, signal } = this.#limits;
    if (signal?.aborted === true) return 'aborted';
    if (this.#steps < 0) return `more than ${steps} steps`;
    return timeMs !== undefined && this.#now() > this.#deadline ? `more than ${timeMs} ms` : null;
  }

  // The next look is in about a millisecond, going by the steps since the last one.
  #now(): number {
    const now = performance.now();
    const took = now - this.#lastLook;
    this.#lastLook = now;
    this.#stride = Math.min(STRIDE, Math.max(1, took < 0.5 ? this.#stride * 2 : Math.floor(this.#stride / took)));
    return now;
  }

  /**
   * Looks at limits and hook.
   * @throws {LimitFault} from now on at every step, so that no `pcall` gets any further
   */
  look(): void {
    if (this.#slice === Number.POSITIVE_INFINITY) return;
    this.#count();
    const reason = this.#reason();
    if (reason !== null) {
      this.#slice = 0;
      this.left = 0;
      throw new LimitFault(reason, '');
    }
    if (this.#untilHook <= 0 && this.hook !== null && !this.#isInHook) this.#call(this.hook);
    this.#begin();
  }

  #call({ fn, count }: CountHook): void {
    this.#untilHook = count;
    this.#isInHook = true;
    try {
      fn('count');
    } finally {
      this.#isInHook = false;
    }
  }
}
