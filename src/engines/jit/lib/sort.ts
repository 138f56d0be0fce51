/**
 * `table.sort`: the quicksort of Lua 5.1 (`ltablib.c`) step by step, so that what compares equal comes out in LuaJIT's order, and an order
 * that is none is noticed where LuaJIT notices it. It sorts a copy, as functions that compare may change the table.
 * @module
 */
import { fault } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { isTrue } from '../runtime/values.ts';
import { functionArgument, tableArgument } from './arguments.ts';

type Less = (left: unknown, right: unknown) => boolean;

export function sortFunction(state: LuaState): LuaFunction {
  const { calls } = state;
  const { less } = helpersOf(state) as { less: Less };
  return builtIn('sort', function sort(table: unknown, order: unknown): unknown {
    const count = arguments.length;
    const list = tableArgument(table, 1, 'sort', count);
    const callee = order === undefined ? null : (functionArgument(order, 2, 'sort', count) as LuaFunction);
    const values = list.arr.slice();
    try {
      if (callee !== null) {
        quicksort(values, (left, right) => {
          const raw = calls_sort(callee, left, right);
          return isTrue(Array.isArray(raw) ? calls.first(raw) : raw);
        });
      } else if (!sortNumbers(values))
        quicksort(values, values.every(isString) ? lessString : (left, right) => calls_sort(less, left, right));
    } finally {
      store(list, values);
    }
    return NONE;
  });
}

// Its name says that `sort` calls a function: see `frames.ts`.
const { calls_sort } = {
  calls_sort<T>(callee: (left: unknown, right: unknown) => T, left: unknown, right: unknown): T {
    return callee(left, right);
  },
};

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function lessString(left: unknown, right: unknown): boolean {
  return (left as string) < (right as string);
}

/** Numbers that are each equal to themselves only: any way to sort them comes to the same. False where there are others. */
function sortNumbers(values: unknown[]): boolean {
  for (const value of values) if (typeof value !== 'number' || value === 0 ? !Object.is(value, 0) : Number.isNaN(value)) return false;
  const sorted = Float64Array.from(values as number[]).sort();
  for (let i = 0; i < sorted.length; i++) values[i] = sorted[i];
  return true;
}

function store(list: LuaTable, values: unknown[]): void {
  const { arr } = list;
  if (arr.length === values.length && values[values.length - 1] !== undefined) for (let i = 0; i < values.length; i++) arr[i] = values[i];
  // From the end, so that what is nil now does not shorten the array part under what is to come.
  else for (let i = values.length; i > 0; i--) list.setNumber(i, values[i - 1]);
}

function quicksort(values: unknown[], less: Less): void {
  sortRange(values, less, 0, values.length - 1);
}

function swap(values: unknown[], a: number, b: number): void {
  const value = values[a];
  values[a] = values[b];
  values[b] = value;
}

// Goes into the smaller part and goes on with the larger, so the nesting is that of a logarithm.
function sortRange(values: unknown[], less: Less, first: number, last: number): void {
  let lower = first;
  let upper = last;
  while (lower < upper) {
    if (less(values[upper], values[lower])) swap(values, lower, upper);
    if (upper - lower === 1) return;
    // The middle counts from 1 in Lua.
    const middle = ((lower + upper + 2) >> 1) - 1;
    if (less(values[middle], values[lower])) swap(values, middle, lower);
    else if (less(values[upper], values[middle])) swap(values, middle, upper);
    if (upper - lower === 2) return;
    const pivot = partition(values, less, lower, middle, upper);
    if (pivot - lower < upper - pivot) {
      sortRange(values, less, lower, pivot - 1);
      lower = pivot + 1;
    } else {
      sortRange(values, less, pivot + 1, upper);
      upper = pivot - 1;
    }
  }
}

// Where the pivot comes to stand: smaller elements before it, larger ones behind.
function partition(values: unknown[], less: Less, lower: number, middle: number, upper: number): number {
  const pivot = values[middle];
  swap(values, middle, upper - 1);
  let i = lower;
  let j = upper - 1;
  for (;;) {
    while (less(values[++i], pivot)) if (i >= upper) throw fault('invalid order function for sorting');
    while (less(pivot, values[--j])) if (j <= lower) throw fault('invalid order function for sorting');
    if (j < i) break;
    swap(values, i, j);
  }
  swap(values, upper - 1, i);
  return i;
}
