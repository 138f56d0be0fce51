/**
 * C's `errno`, of one Lua state: `ffi.errno` reads and sets it, C functions set it.
 * @module
 */

export class Errno {
  /** An error number as `<errno.h>` of Linux has them; 0 for none so far. */
  value = 0;

  /** Sets the number, and answers what it was. */
  replace(value: number): number {
    const before = this.value;
    this.value = value;
    return before;
  }
}
