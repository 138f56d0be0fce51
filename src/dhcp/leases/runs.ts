/**
 * A set of addresses that lie close together, kept as runs: which addresses of a pool have a record.
 * @module
 */

/** Addresses as runs without a gap; adding a million in order makes one. */
export class Runs {
  // First and last address of each run, the lowest run first. Between two runs there is a gap.
  readonly #firsts: number[] = [];
  readonly #lasts: number[] = [];

  /** The first address from `address` on that is not in the set. */
  nextGap(address: number): number {
    const last = this.#lasts[this.#at(address)];
    return last !== undefined && last >= address ? last + 1 : address;
  }

  add(address: number): void {
    const at = this.#at(address);
    const last = this.#lasts[at];
    if (last !== undefined && last >= address) return;
    const joinsBefore = last === address - 1;
    const joinsBehind = this.#firsts[at + 1] === address + 1;
    if (joinsBefore && joinsBehind) {
      this.#lasts[at] = this.#lasts[at + 1] as number;
      this.#firsts.splice(at + 1, 1);
      this.#lasts.splice(at + 1, 1);
    } else if (joinsBefore) this.#lasts[at] = address;
    else if (joinsBehind) this.#firsts[at + 1] = address;
    else {
      this.#firsts.splice(at + 1, 0, address);
      this.#lasts.splice(at + 1, 0, address);
    }
  }

  remove(address: number): void {
    const at = this.#at(address);
    const [first, last] = [this.#firsts[at], this.#lasts[at]];
    if (first === undefined || last === undefined || last < address) return;
    if (first === last) {
      this.#firsts.splice(at, 1);
      this.#lasts.splice(at, 1);
    } else if (first === address) this.#firsts[at] = address + 1;
    else {
      this.#lasts[at] = address - 1;
      if (last > address) {
        this.#firsts.splice(at + 1, 0, address + 1);
        this.#lasts.splice(at + 1, 0, last);
      }
    }
  }

  // The last run that starts at or before an address; -1 for none.
  #at(address: number): number {
    let low = 0;
    let high = this.#firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#firsts[middle] as number) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
