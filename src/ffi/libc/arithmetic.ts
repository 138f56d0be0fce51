/**
 * Integers: absolute values and quotients (C11 7.22.6), and pseudo-random numbers (7.22.2), the same as glibc's.
 * @module
 */
import type { Region } from '../../memory/index.ts';
import { FfiError } from '../../util/errors.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { type Integer, storeInteger } from './bytes.ts';

// `{ quot, rem }`
function quotient({ memory }: Machine, size: number, name: string) {
  return (a: Integer, b: Integer): Region => {
    if (Number(b) === 0) throw new FfiError(`${name}: division by zero`);
    const region = memory.allocate(size * 2);
    const [dividend, divisor] = [BigInt(a), BigInt(b)];
    storeInteger({ region, offset: 0 }, size, dividend / divisor, name);
    storeInteger({ region, offset: size }, size, dividend % divisor, name);
    return region;
  };
}

const DEGREE = 31;
const SEPARATION = 3;

/**
 * glibc's additive feedback generator (TYPE_3 of random_r.c): each number is the sum of the ones 3 and 31 before,
 * without its lowest bit.
 */
class Random {
  readonly #state = new Int32Array(DEGREE);
  #front = 0;
  #rear = 0;

  constructor() {
    this.seed(1);
  }

  seed(seed: number): void {
    const state = this.#state;
    state[0] = seed === 0 ? 1 : seed;
    for (let i = 1; i < DEGREE; i++) {
      // The minimal standard generator, by Schrage's method.
      const before = state[i - 1] as number;
      const high = Math.trunc(before / 127773);
      const next = 16807 * (before - high * 127773) - 2836 * high;
      state[i] = next < 0 ? next + 2147483647 : next;
    }
    this.#front = SEPARATION;
    this.#rear = 0;
    for (let i = 0; i < DEGREE * 10; i++) this.next();
  }

  next(): number {
    const state = this.#state;
    const sum = ((state[this.#front] as number) + (state[this.#rear] as number)) | 0;
    state[this.#front] = sum;
    this.#front = (this.#front + 1) % DEGREE;
    this.#rear = (this.#rear + 1) % DEGREE;
    return sum >>> 1;
  }
}

export function arithmeticFunctions(machine: Machine): CFunctions {
  const random = new Random();
  const seed = (value: number): undefined => random.seed(value) as undefined;
  const next = (): number => random.next();
  return {
    'int abs(int)': (n: number) => (n < 0 ? -n : n),
    'long labs(long)': (n: Integer) => (n < 0 ? -n : n),
    'long long llabs(long long)': (n: bigint) => (n < 0n ? -n : n),
    'struct { int quot; int rem; } div(int, int)': quotient(machine, 4, 'div'),
    'struct { long quot; long rem; } ldiv(long, long)': quotient(machine, machine.abi.longSize, 'ldiv'),
    'struct { long long quot; long long rem; } lldiv(long long, long long)': quotient(machine, 8, 'lldiv'),
    'int rand(void)': next,
    'void srand(unsigned)': seed,
    'long random(void)': next,
    'void srandom(unsigned)': seed,
  };
}
