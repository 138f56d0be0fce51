/**
 * Metamethods of cdata in coroutines. The ffi calls them itself, and so they could not yield. While it is on, such a call is put off instead:
 * it is what the ffi was asked for, as metamethods are the last that it does, and the asker makes it once the ffi has returned.
 * @module
 */

/** A call that was put off. */
export interface DeferredCall {
  readonly callee: unknown;
  readonly args: readonly unknown[];
}

export class Deferral {
  isOn = false;
  #call: DeferredCall | null = null;

  /** Puts a call off; nothing else is asked of the ffi before it is taken. */
  put(callee: unknown, args: readonly unknown[]): void {
    this.#call = { callee, args };
  }

  /** What `ask` answers, which means nothing where `take` has a call then. */
  during<T>(ask: () => T): T {
    this.isOn = true;
    try {
      return ask();
    } finally {
      this.isOn = false;
    }
  }

  /** What `run` answers, with calls made as they come. */
  without<T>(run: () => T): T {
    const { isOn } = this;
    this.isOn = false;
    try {
      return run();
    } finally {
      this.isOn = isOn;
    }
  }

  take(): DeferredCall | null {
    const call = this.#call;
    this.#call = null;
    return call;
  }
}
