/**
 * How far long work has come, on a terminal.
 * @module
 */

/** Work that takes less says nothing. */
const PATIENCE_MS = 500;
const INTERVAL_MS = 100;

/** Where it is shown: standard error. */
export interface ProgressTarget {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** A line such as `120,000 leases`, which goes when the work is done. */
export class Progress {
  readonly #target: ProgressTarget;
  readonly #unit: string;
  readonly #now: () => number;
  #next: number;
  #isShown = false;

  constructor(unit: string, target: ProgressTarget = process.stderr, now: () => number = Date.now) {
    this.#unit = unit;
    this.#target = target;
    this.#now = now;
    this.#next = now() + PATIENCE_MS;
  }

  /** Tells that `count` are done, of `total` where that is known. */
  update(count: number, total: number | null = null): void {
    if (this.#target.isTTY !== true || this.#now() < this.#next) return;
    this.#next = this.#now() + INTERVAL_MS;
    this.#isShown = true;
    const share = total === null || total === 0 ? '' : ` (${Math.floor((100 * count) / total)} %)`;
    this.#target.write(`\r${count.toLocaleString('en')} ${this.#unit}${share}\x1b[K`);
  }

  done(): void {
    if (this.#isShown) this.#target.write('\r\x1b[K');
    this.#isShown = false;
  }
}
