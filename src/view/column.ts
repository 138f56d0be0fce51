/**
 * Columns: one scalar of every element of an array, `packets.column('ip.ttl')`, for scans over millions of records. A
 * column is live: it holds nothing but where its values are.
 *
 * Sums and searches are loops of the scalar's kind. For the rest, such a loop copies the values of a block to a small array that
 * stays in the processor's nearest cache, and one loop for all kinds looks at them there. Nothing is allocated on the way.
 * @module
 */
import { type ArrayType, type CType, follow, type PathTarget, printType, stepsOf } from '../ctype/index.ts';
import { BYTES, describe, isBuffer, OFFSET, TYPE, type View } from './accessor.ts';
import { type BigIntArray, loopsOf, LOW, type NumberArray, type NumberLoops, type Range, type Source, type WideLoops } from './loops.ts';

/** How `where` and `count` compare a column's values with one value. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** The typed arrays that hold a column's values. */
export type ColumnArray<V extends number | bigint> = V extends bigint ? BigIntArray : NumberArray;

// A bit each for less, equal, greater.
const MATCHES: Readonly<Record<Comparison, number>> = { '==': 2, '!=': 5, '<': 1, '<=': 3, '>': 4, '>=': 6 };

const BLOCK = 128;
// Values of the block being scanned. No code of the caller's runs while they are needed.
const VALUES = new Float64Array(BLOCK);
const WIDE = new BigInt64Array(BLOCK);
const WIDE_UNSIGNED = new BigUint64Array(WIDE.buffer);
const PAIRS = new Uint32Array(WIDE.buffer);
const HIGH_SIGNED = new Int32Array(WIDE.buffer);
const HIGH = 1 - LOW;

/**
 * One scalar of every element of an array. Values are numbers; `bool` is 0 or 1, enumerators are their numbers; integers
 * of 64 bits are bigints, in aggregates too. `rows`, wherever it is taken, limits an operation to the elements with these
 * indices, as `where` gives them.
 */
export abstract class Column<V extends number | bigint = number | bigint> implements Iterable<V> {
  /** Where the scalar is in an element, such as `ip.ttl`; empty where elements are scalars. */
  readonly path: string;
  /** The scalar's type in C notation. */
  readonly typeName: string;
  /** Number of elements. */
  readonly length: number;
  protected readonly source: Source;
  protected readonly start: number;
  protected readonly stride: number;

  /** @internal */
  constructor({ path, type, length, source, start, stride }: Placed) {
    this.path = path;
    this.typeName = printType(type);
    this.length = length;
    this.source = source;
    this.start = start;
    this.stride = stride;
  }

  /** The value of the element at `index`, negative from the end; `undefined` beyond the ends. */
  at(index: number): V | undefined {
    const i = index < 0 ? index + this.length : index;
    return i >= 0 && i < this.length && Number.isInteger(i) ? this.value(i) : undefined;
  }

  *[Symbol.iterator](): IterableIterator<V> {
    for (let i = 0; i < this.length; i++) yield this.value(i);
  }

  /**
   * The values in a typed array of the narrowest class that holds them all: `Uint16Array`, `Float64Array`, `BigInt64Array`.
   * @param into an array to use instead of a new one, of that class or, for numbers, any
   * @throws {RangeError} when `into` is too short
   * @throws {TypeError} when it is of the wrong kind
   */
  abstract copy(into?: ColumnArray<V>): ColumnArray<V>;

  /** The sum: of 64-bit integers exact, else as doubles add up; 0 of no values. */
  abstract sum(rows?: Uint32Array): V;

  /** The least value, NaN aside; `undefined` of no values. */
  min(rows?: Uint32Array): V | undefined {
    return this.extreme(rows, 1);
  }

  /** The greatest value, NaN aside; `undefined` of no values. */
  max(rows?: Uint32Array): V | undefined {
    return this.extreme(rows, -1);
  }

  /**
   * How many values compare so with `value`, or satisfy a predicate.
   * @example
   * packets.column('length').count('>', 1000);
   */
  count(comparison: Comparison, value: number | bigint, rows?: Uint32Array): number;
  count(predicate: (value: V) => boolean, rows?: Uint32Array): number;
  count(test: Comparison | ((value: V) => boolean), valueOrRows?: number | bigint | Uint32Array, rows?: Uint32Array): number {
    return this.#select(test, valueOrRows, rows, null);
  }

  /**
   * The indices of the elements whose value compares so with `value`, or satisfies a predicate, ascending (or in the order of `rows`).
   * @param options `into`: memory for the indices, at least as long as the column (or `rows`); the result is its beginning
   * @throws {RangeError} when `into` is too short or a row is beyond the end
   * @example
   * const large = packets.column('length').where('>', 1000);
   * const total = packets.column('ttl').sum(large);
   */
  where(comparison: Comparison, value: number | bigint, options?: WhereOptions): Uint32Array;
  where(predicate: (value: V) => boolean, options?: WhereOptions): Uint32Array;
  where(test: Comparison | ((value: V) => boolean), valueOrOptions?: number | bigint | WhereOptions, more?: WhereOptions): Uint32Array {
    const options = (typeof test === 'function' ? (valueOrOptions as WhereOptions | undefined) : more) ?? {};
    const { rows } = options;
    const most = rows?.length ?? this.length;
    if (most > 2 ** 32) throw new RangeError(`${most} elements have indices beyond 32 bits`);
    const into = options.into ?? new Uint32Array(most);
    if (into.length < most) throw new RangeError(`${most} indices may be found, 'into' has room for ${into.length}`);
    return into.subarray(0, this.#select(test, typeof test === 'function' ? rows : (valueOrOptions as number | bigint), rows, into));
  }

  #select(
    test: Comparison | ((value: V) => boolean),
    valueOrRows: number | bigint | Uint32Array | undefined,
    givenRows: Uint32Array | undefined,
    into: Uint32Array | null,
  ): number {
    if (typeof test === 'function') {
      const rows = valueOrRows as Uint32Array | undefined;
      let found = 0;
      const count = rows?.length ?? this.length;
      for (let i = 0; i < count; i++) {
        const row = rows === undefined ? i : this.checkedRow(rows[i] as number);
        if (!test(this.value(row))) continue;
        if (into !== null) into[found] = row;
        found++;
      }
      return found;
    }
    if (!Object.hasOwn(MATCHES, test))
      throw new TypeError(`expected a predicate or one of ${Object.keys(MATCHES).join(' ')}, got ${describe(test)}`);
    if (typeof valueOrRows !== 'number' && typeof valueOrRows !== 'bigint') {
      throw new TypeError(`${this.path}: expected a number to compare with, got ${describe(valueOrRows)}`);
    }
    return this.compare(test, valueOrRows, givenRows, into);
  }

  protected checkedRow(row: number): number {
    if (row >= this.length) throw new RangeError(`row ${row} is beyond the ${this.length} elements`);
    return row;
  }

  protected abstract value(index: number): V;
  /** `direction` 1 finds the least value, -1 the greatest. */
  protected abstract extreme(rows: Uint32Array | undefined, direction: 1 | -1): V | undefined;
  protected abstract compare(
    comparison: Comparison,
    value: number | bigint,
    rows: Uint32Array | undefined,
    into: Uint32Array | null,
  ): number;
}

/** Options of `where`. */
export interface WhereOptions {
  /** Look at these elements alone. */
  readonly rows?: Uint32Array | undefined;
  /** Where to write the indices. */
  readonly into?: Uint32Array | undefined;
}

interface Placed {
  readonly path: string;
  readonly type: CType;
  readonly length: number;
  readonly source: Source;
  readonly start: number;
  readonly stride: number;
}

class NumberColumn extends Column<number> {
  readonly #loops: NumberLoops;

  constructor(placed: Placed, loops: NumberLoops) {
    super(placed);
    this.#loops = loops;
  }

  protected value(index: number): number {
    this.#loops.gather(this.source, this.start + index * this.stride, this.stride, 1, VALUES, 0);
    return VALUES[0] as number;
  }

  override copy(into?: NumberArray): NumberArray {
    const out = into ?? new this.#loops.Array(this.length);
    if (!isBuffer(out) || out instanceof BigInt64Array || out instanceof BigUint64Array || out instanceof DataView) {
      throw new TypeError(`${this.path}: expected a typed array of numbers, got ${describe(out)}`);
    }
    checkRoom(out, this.length);
    this.#loops.gather(this.source, this.start, this.stride, this.length, out, 0);
    return out;
  }

  override sum(rows?: Uint32Array): number {
    const { source, start, stride } = this;
    if (rows === undefined) return this.#loops.sum(source, start, stride, this.length);
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += this.#loops.sum(source, start + this.checkedRow(rows[i] as number) * stride, stride, 1);
    return sum;
  }

  // The next block, from the `from`th on, into VALUES.
  #load(from: number, count: number, rows: Uint32Array | undefined): void {
    const { source, start, stride } = this;
    if (rows === undefined) {
      this.#loops.gather(source, start + from * stride, stride, count, VALUES, 0);
      return;
    }
    for (let i = 0; i < count; i++) {
      this.#loops.gather(source, start + this.checkedRow(rows[from + i] as number) * stride, stride, 1, VALUES, i);
    }
  }

  protected extreme(rows: Uint32Array | undefined, direction: 1 | -1): number | undefined {
    const total = rows?.length ?? this.length;
    let best = NaN;
    for (let from = 0; from < total; from += BLOCK) {
      const count = Math.min(BLOCK, total - from);
      this.#load(from, count, rows);
      best = direction === 1 ? leastOf(VALUES, count, best) : greatestOf(VALUES, count, best);
    }
    return total === 0 ? undefined : best;
  }

  protected compare(comparison: Comparison, given: number | bigint, rows: Uint32Array | undefined, into: Uint32Array | null): number {
    const value = Number(given);
    if (typeof given === 'bigint' && BigInt(value) !== given) throw new RangeError(`${this.path}: ${given} is beyond a column of numbers`);
    const { source, start, stride } = this;
    const range = rangeOf(comparison, value);
    if (rows === undefined) return this.#loops.select(source, start, stride, this.length, range, into, 0, 0);
    let found = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = this.checkedRow(rows[i] as number);
      found = this.#loops.select(source, start + row * stride, stride, 1, range, into, row, found);
    }
    return found;
  }
}

// The values that compare so with `value`: strict comparisons begin or end with the next double.
function rangeOf(comparison: Comparison, value: number): Range {
  const isInside = comparison !== '!=';
  switch (comparison) {
    case '==':
    case '!=':
      return { low: value, high: value, isInside };
    case '<=':
      return { low: -Infinity, high: value, isInside };
    case '>=':
      return { low: value, high: Infinity, isInside };
    case '<':
      return { low: -Infinity, high: -doubleAbove(-value), isInside };
    case '>':
      return { low: doubleAbove(value), high: Infinity, isInside };
  }
}

// NaN, which is in no range, above infinity.
function doubleAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const double = Float64Array.of(value);
  const bits = new BigInt64Array(double.buffer);
  bits[0] = (bits[0] as bigint) + (value > 0 ? 1n : -1n);
  return value === Infinity ? NaN : (double[0] as number);
}

function leastOf(values: Float64Array, count: number, best: number): number {
  for (let i = 0; i < count; i++) {
    const one = values[i] as number;
    if (one < best || Number.isNaN(best)) best = one;
  }
  return best;
}

function greatestOf(values: Float64Array, count: number, best: number): number {
  for (let i = 0; i < count; i++) {
    const one = values[i] as number;
    if (one > best || Number.isNaN(best)) best = one;
  }
  return best;
}

class WideColumn extends Column<bigint> {
  readonly #loops: WideLoops;
  // The high halves of PAIRS, with their sign where they have one.
  readonly #high: Uint32Array | Int32Array;
  readonly #isSigned: boolean;

  constructor(placed: Placed, loops: WideLoops) {
    super(placed);
    this.#loops = loops;
    this.#isSigned = loops.Array === BigInt64Array;
    this.#high = this.#isSigned ? HIGH_SIGNED : PAIRS;
  }

  protected value(index: number): bigint {
    this.#loops.gather(this.source, this.start + index * this.stride, this.stride, 1, PAIRS, 0);
    return (this.#isSigned ? WIDE : WIDE_UNSIGNED)[0] as bigint;
  }

  override copy(into?: BigIntArray): BigIntArray {
    const out = into ?? new this.#loops.Array(this.length);
    if (!(out instanceof BigInt64Array || out instanceof BigUint64Array)) {
      throw new TypeError(`${this.path}: expected an array of 64-bit integers, got ${describe(out)}`);
    }
    checkRoom(out, this.length);
    const pairs = new Uint32Array(out.buffer, out.byteOffset, this.length * 2);
    this.#loops.gather(this.source, this.start, this.stride, this.length, pairs, 0);
    return out;
  }

  #load(from: number, count: number, rows: Uint32Array | undefined): void {
    const { source, start, stride } = this;
    if (rows === undefined) {
      this.#loops.gather(source, start + from * stride, stride, count, PAIRS, 0);
      return;
    }
    for (let i = 0; i < count; i++) {
      this.#loops.gather(source, start + this.checkedRow(rows[from + i] as number) * stride, stride, 1, PAIRS, i);
    }
  }

  override sum(rows?: Uint32Array): bigint {
    const total = rows?.length ?? this.length;
    const high = this.#high;
    let sum = 0n;
    // Halves add up exactly in doubles for 2^21 values at a time.
    for (let part = 0; part < total; part += 2 ** 21) {
      let lows = 0;
      let highs = 0;
      for (let from = part; from < Math.min(total, part + 2 ** 21); from += BLOCK) {
        const count = Math.min(BLOCK, total - from);
        this.#load(from, count, rows);
        for (let i = 0; i < count * 2; i += 2) {
          lows += PAIRS[i + LOW] as number;
          highs += high[i + HIGH] as number;
        }
      }
      sum += (BigInt(highs) << 32n) + BigInt(lows);
    }
    return sum;
  }

  protected extreme(rows: Uint32Array | undefined, direction: 1 | -1): bigint | undefined {
    const total = rows?.length ?? this.length;
    const high = this.#high;
    let bestHigh = direction * Infinity;
    let bestLow = 0;
    for (let from = 0; from < total; from += BLOCK) {
      const count = Math.min(BLOCK, total - from);
      this.#load(from, count, rows);
      for (let i = 0; i < count * 2; i += 2) {
        const low = PAIRS[i + LOW] as number;
        const difference = direction * ((high[i + HIGH] as number) - bestHigh);
        if (difference > 0 || (difference === 0 && direction * (low - bestLow) >= 0)) continue;
        bestHigh = high[i + HIGH] as number;
        bestLow = low;
      }
    }
    return total === 0 ? undefined : (BigInt(bestHigh) << 32n) + BigInt(bestLow);
  }

  protected compare(comparison: Comparison, given: number | bigint, rows: Uint32Array | undefined, into: Uint32Array | null): number {
    const mask = MATCHES[comparison];
    if (typeof given === 'number' && !Number.isInteger(given)) throw new RangeError(`${this.path}: ${given} is no integer`);
    const total = rows?.length ?? this.length;
    const high = this.#high;
    // Floored, so that pairs compare as the numbers do, negative ones and those beyond 64 bits too.
    const valueHigh = Number(BigInt(given) >> 32n);
    const valueLow = Number(BigInt(given) & 0xffffffffn);
    let found = 0;
    for (let from = 0; from < total; from += BLOCK) {
      const count = Math.min(BLOCK, total - from);
      this.#load(from, count, rows);
      for (let i = 0; i < count; i++) {
        const difference = (high[i * 2 + HIGH] as number) - valueHigh || (PAIRS[i * 2 + LOW] as number) - valueLow;
        const order = difference < 0 ? 1 : difference === 0 ? 2 : 4;
        if ((mask & order) === 0) continue;
        if (into !== null) into[found] = rows === undefined ? from + i : (rows[from + i] as number);
        found++;
      }
    }
    return found;
  }
}

function checkRoom(out: NumberArray | BigIntArray, length: number): void {
  if (out.length < length) throw new RangeError(`${length} values do not fit an array of ${out.length}`);
}

/**
 * The column of the scalar at `path` of an array's elements.
 * @throws {TypeError} when there is no such member, it is no scalar, or no typed array holds it (`long double`, `__int128`)
 * @throws {RangeError} when the path goes beyond the end of an array
 */
export function columnOf(array: View & { readonly length: number }, path: string): Column {
  const { element } = array[TYPE] as ArrayType;
  const target = targetOf(element, path);
  const made = loopsOf(target);
  if (made === null) throw new TypeError(`${pathName(element, path)} is '${printType(target.type)}', which is no column`);
  const { loops, scalar } = made;
  const bytes = array[BYTES];
  const { type } = target;
  const placed: Placed = {
    path,
    type,
    length: array.length,
    source: {
      view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      bytes,
      isLittle: !('order' in type) || type.order === 'little',
      scalar,
    },
    // Readers of bit-fields count from the struct's start, and their place says where in it they are.
    start: array[OFFSET] + (scalar === null ? target.offset : 0),
    stride: element.size as number,
  };
  return (loops.kind === 'bigint' ? new WideColumn(placed, loops) : new NumberColumn(placed, loops)) as Column;
}

/** How a path within an element is named in messages. */
function pathName(element: CType, path: string): string {
  return `${printType(element)}${path === '' || path.startsWith('[') ? '' : '.'}${path}`;
}

/**
 * What `path` leads to within an element of an array; an empty path to the element itself.
 * @throws {TypeError} when there is no such member
 * @throws {RangeError} when it goes beyond the end of an array
 */
export function targetOf(element: CType, path: string): PathTarget {
  const where = pathName(element, path);
  const steps = stepsOf(path);
  if (steps === null) throw new TypeError(`${where}: no member named '${path}'`);
  let type = element;
  for (const step of steps) {
    // What lies behind a flexible array is the next element's.
    if (typeof step === 'number' && type.kind === 'array' && !(step < Number(type.length ?? 0))) {
      throw new RangeError(`${where}: index ${step} is outside ${printType(type)}`);
    }
    const next = follow(type, [step]);
    if (typeof next === 'string') throw new TypeError(`${where}: ${next}`);
    type = next.type;
  }
  return follow(element, steps) as PathTarget;
}
