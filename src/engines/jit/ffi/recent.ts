/**
 * The strings that were last made from memory. Programs make the same ones again and again: names, keys, addresses. LuaJIT has one object
 * for all equal strings; here a short string that is still among the recent ones is the same object again, so that it is not made
 * anew, its hash is known, and tables find it without comparing characters.
 *
 * A table by hash; a string that another one meets in its place is forgotten.
 * @module
 */
import { stringOf } from './bytes.ts';

const BITS = 12;
const SIZE: number = 2 ** BITS;
/** The longest strings that are kept. */
const LONGEST = 32;
const WORDS: number = LONGEST / 4;
/** One character has one string anyway, and few more are as quick to make. */
const SHORTEST = 4;

/** Multiplicative hashing: 2^32 by the golden ratio. */
const FACTOR = 0x9e3779b1 | 0;

type Octets = { readonly [index: number]: number };

export class RecentStrings {
  readonly #strings: string[] = new Array<string>(SIZE).fill('');
  /** The bytes of each, four by four, the last ones overlapping. */
  readonly #words: Int32Array = new Int32Array(SIZE * WORDS);
  readonly #current: Int32Array = new Int32Array(WORDS);

  /** The string of the bytes from `start` to `end`, which the caller has checked. */
  of(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST || length < SHORTEST) return stringOf(bytes, start, end);
    const current = this.#current;
    const last = end - 4;
    let hash = length;
    let count = 0;
    for (let at = start; at < last; at += 4) {
      const word = wordAt(bytes, at);
      current[count++] = word;
      hash = Math.imul(hash ^ word, FACTOR);
      hash ^= hash >>> 15;
    }
    const word = wordAt(bytes, last);
    current[count++] = word;
    const slot = Math.imul(hash ^ word, FACTOR) >>> (32 - BITS);
    const known = this.#strings[slot] as string;
    if (known.length === length && this.#isAt(slot * WORDS, count)) return known;
    return this.#keep(slot, stringOf(bytes, start, end), count);
  }

  #isAt(place: number, count: number): boolean {
    const words = this.#words;
    const current = this.#current;
    for (let i = 0; i < count; i++) if (words[place + i] !== current[i]) return false;
    return true;
  }

  #keep(slot: number, text: string, count: number): string {
    this.#strings[slot] = text;
    for (let i = 0; i < count; i++) this.#words[slot * WORDS + i] = this.#current[i] as number;
    return text;
  }
}

function wordAt(b: Octets, o: number): number {
  return (b[o] as number) | ((b[o + 1] as number) << 8) | ((b[o + 2] as number) << 16) | ((b[o + 3] as number) << 24);
}
