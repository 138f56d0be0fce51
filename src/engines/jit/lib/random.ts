/**
 * `math.random` and `math.randomseed`: LuaJIT's generator, so that scripts get its numbers. It is four combined Tausworthe generators of 223
 * bits together (P. L'Ecuyer, "Tables of maximally-equidistributed combined LFSR generators", 1999, table 3, first entry of 64 bits), seeded
 * as LuaJIT's `lib_math.c` does. Words of 64 bits are two of 32: bigints would cost fifty times as much.
 * @module
 */
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import { numberArgument } from './arguments.ts';

/** Bits of each generator. */
const BITS = [63, 58, 55, 47] as const;

const NOT_A_NUMBER = 0xfff8_0000_0000_0000n;

class Generator223 {
  // Of each generator the high word, then the low one.
  readonly #words = new Int32Array(8);
  #high = 0;
  #low = 0;

  constructor(seed: number) {
    const double = new Float64Array(1);
    const bits = new BigUint64Array(double.buffer);
    let number = seed;
    for (const [i, count] of BITS.entries()) {
      number = number * Math.PI + Math.E;
      double[0] = number;
      // The NaN of x86 is negative.
      let word = Number.isNaN(number) ? NOT_A_NUMBER : (bits[0] as bigint);
      // The bits that count must not all be zero.
      const least = 1n << BigInt(64 - count);
      if (word < least) word += least;
      this.#words[2 * i] = Number(BigInt.asIntN(32, word >> 32n));
      this.#words[2 * i + 1] = Number(BigInt.asIntN(32, word));
    }
    for (let i = 0; i < 10; i++) this.next();
  }

  /** From 0, below 1, with 52 bits. */
  next(): number {
    this.#high = 0;
    this.#low = 0;
    this.#advance(0, 63, 31, 18);
    this.#advance(2, 58, 19, 28);
    this.#advance(4, 55, 24, 7);
    this.#advance(6, 47, 21, 8);
    return ((this.#high & 0xf_ffff) * 2 ** 32 + (this.#low >>> 0)) * 2 ** -52;
  }

  // z = (((z << q) ^ z) >> (k - s)) ^ ((z without its lowest 64 - k bits) << s); q and s are below 32, and so is 64 - k.
  #advance(at: number, k: number, q: number, s: number): void {
    const words = this.#words;
    const high = words[at] as number;
    const low = words[at + 1] as number;
    const mixedHigh = ((high << q) | (low >>> (32 - q))) ^ high;
    const mixedLow = (low << q) ^ low;
    const kept = low & (-1 << (64 - k));
    const right = k - s;
    const movedHigh = right < 32 ? mixedHigh >>> right : 0;
    const movedLow = right < 32 ? (mixedLow >>> right) | (mixedHigh << (32 - right)) : mixedHigh >>> (right - 32);
    const newHigh = movedHigh ^ ((high << s) | (kept >>> (32 - s)));
    const newLow = movedLow ^ (kept << s);
    words[at] = newHigh;
    words[at + 1] = newLow;
    this.#high ^= newHigh;
    this.#low ^= newLow;
  }
}

/** A state's own generator. */
export function randomFunctions(): { random: LuaFunction; randomseed: LuaFunction } {
  let generator = new Generator223(0);
  return {
    random: builtIn('random', function random(first: unknown, second: unknown): number {
      const count = arguments.length;
      const fraction = generator.next();
      if (count === 0) return fraction;
      const lower = numberArgument(first, 1, 'random', count);
      if (count === 1) return Math.floor(fraction * lower) + 1;
      return Math.floor(fraction * (numberArgument(second, 2, 'random', count) - lower + 1)) + lower;
    }),
    randomseed: builtIn('randomseed', function randomseed(seed: unknown): unknown {
      generator = new Generator223(numberArgument(seed, 1, 'randomseed', arguments.length));
      return NONE;
    }),
  };
}
