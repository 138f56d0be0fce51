/**
 * What generated code calls, by the names it has there. Those that may call Lua have twins.
 * @module
 */
import { bitsOfNumber } from '../../../ffi/index.ts';
import type { LuaNumber } from '../../../lua/index.ts';
import type { BitOperator } from '../ast.ts';
import { fault } from './errors.ts';
import { LOOK, type LuaFunction, looked, NONE, returned, TWIN, twinOf, yieldTwin } from './functions.ts';
import { Indexing } from './indexing.ts';
import { described, isCData, modulo, Operators, PENDING, power, toNumber } from './operators.ts';
import type { LuaState } from './state.ts';
import { EMPTY, LuaTable, TableCursor } from './table.ts';

export type Helpers = Readonly<Record<string, unknown>>;

const HELPERS: WeakMap<LuaState, Helpers> = new WeakMap();

/** A state's helpers. */
export function helpersOf(state: LuaState): Helpers {
  let helpers = HELPERS.get(state);
  if (helpers === undefined) {
    helpers = makeHelpers(state);
    HELPERS.set(state, helpers);
  }
  return helpers;
}

/** What the text of a chunk may name: the helpers, and the library's functions that it does in line, as they are by now. */
export function namesInText(state: LuaState): Helpers {
  return { ...helpersOf(state), ...state.intrinsics };
}

function makeHelpers(state: LuaState): Helpers {
  const { calls, Table } = state;
  const indexing = new Indexing(state);
  return Object.freeze({
    ...bound(indexing, ['index', 'setIndex', 'setField']),
    find: indexing.find.bind(indexing),
    foundTwin: indexing.foundTwin.bind(indexing),
    store: indexing.store.bind(indexing),
    storeField: indexing.storeField.bind(indexing),
    storedTwin: indexing.storedTwin.bind(indexing),
    PENDING,
    twinOf,
    yieldTwin,
    LOOK,
    looked,
    mark: calls.mark,
    ...bound(new Operators(state), ['arithmetic', 'concat', 'length', 'equals', 'less', 'lessOrEqual']),
    ...bound(calls, ['first', 'results']),
    watch: state.watch,
    enter: (fn: LuaFunction) => {
      state.frames ??= [];
      state.frames.push(fn);
    },
    leave: () => {
      state.frames?.pop();
    },
    bound: Operators.prototype.bound,
    // Not a list in the text: V8 would go back to slow code at each of them.
    tail: (callee: LuaFunction, ...args: readonly unknown[]) => calls.tail(callee, args),
    callable: calls.callable.bind(calls),
    NONE,
    TWIN,
    LuaTable,
    strings: state.stringType,
    modulo,
    power,
    returned,
    bitOperation: (operator: BitOperator, left: unknown, right: unknown) => bitOperation(state, operator, left, right),
    bitNot: (value: unknown) => bitNot(state, value),
    environmentOf: (environments: WeakMap<LuaFunction, unknown>, fn: LuaFunction, own: unknown) => environments.get(fn) ?? own,
    cursorOf: (iterator: unknown, object: unknown, control: unknown) => cursorOf(state, iterator, object, control),
    listOf: (iterator: unknown, object: unknown, control: unknown) =>
      object instanceof LuaTable && iterator === state.nextElement && control === 0 ? object : null,
    Table,
    tableOf: (values: unknown[]) => new Table(arrayPart(values)),
    listTable: (...values: unknown[]) => new Table(arrayPart(values)),
    fill: filled,
    tableClass: (room: number) => state.tableClasses.ofRoom(room),
    keys: (keys: readonly string[]) => {
      for (const key of keys) state.names.propertyOf(key);
    },
    literal: (value: Exclude<LuaNumber, { kind: 'double' }>) => {
      if (state.cdata === null) throw fault('numbers of 64 bits and imaginary ones need the ffi', 0);
      return state.cdata.literal(value);
    },
  });
}

// Methods and their twins.
function bound<T extends object>(object: T, names: readonly (keyof T & string)[]): Record<string, unknown> {
  const methods = object as unknown as Record<string, (...args: unknown[]) => unknown>;
  const result: Record<string, unknown> = {};
  for (const name of names.flatMap((one) => [one, `${one}Twin`])) result[name] = methods[name]?.bind(object);
  return result;
}

// Gives a new table its positional values.
function filled(table: LuaTable, values: unknown[]): LuaTable {
  if (table.arr.length > 0 || table.hash !== null) {
    values.forEach((value, i) => {
      table.setNumber(i + 1, value);
    });
    return table;
  }
  table.arr = arrayPart(values);
  return table;
}

// Positional values as an array part, which does not end in nil.
function arrayPart(values: unknown[]): unknown[] {
  return values.length > 0 && values[values.length - 1] !== undefined ? values : trimmed(values);
}

function trimmed(values: unknown[]): unknown[] {
  while (values.length > 0 && values[values.length - 1] === undefined) values.pop();
  return values.length === 0 ? EMPTY : values;
}

// ---- loops

/** Goes over what `ipairs` goes over, where the text does not say that. */
class ListCursor {
  readonly table: LuaTable;
  key = 0;
  value: unknown = undefined;

  constructor(table: LuaTable) {
    this.table = table;
  }

  step(): boolean {
    this.key++;
    this.value = this.table.get(this.key);
    return this.value !== undefined;
  }
}

function cursorOf(state: LuaState, iterator: unknown, object: unknown, control: unknown): TableCursor | ListCursor | null {
  if (!(object instanceof LuaTable)) return null;
  if (iterator === state.next && control === undefined) return new TableCursor(object);
  return iterator === state.nextElement && control === 0 ? new ListCursor(object) : null;
}

// ---- bits

/** The operators as functions of `bit`, which cdata are given to. */
const BIT_FUNCTIONS: Readonly<Record<BitOperator, string>> = {
  '&': 'band',
  '|': 'bor',
  '~': 'bxor',
  '<<': 'lshift',
  '>>': 'rshift',
  '~>>': 'arshift',
};

// 32 bits of a number, as the `bit` library takes them.
function toBits(value: unknown): number {
  const number = toNumber(value);
  if (number === undefined) throw fault(`attempt to perform bitwise operation on ${described(value, '')}`);
  return bitsOfNumber(number);
}

function bitOperation(state: LuaState, operator: BitOperator, left: unknown, right: unknown): unknown {
  if (state.cdata !== null && (isCData(left) || isCData(right))) return state.cdata.bit[BIT_FUNCTIONS[operator]]?.([left, right]);
  const [a, b] = [toBits(left), toBits(right)];
  switch (operator) {
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '~':
      return a ^ b;
    case '<<':
      return a << b;
    case '>>':
      return (a >>> b) | 0;
    case '~>>':
      return a >> b;
  }
}

function bitNot(state: LuaState, value: unknown): unknown {
  return state.cdata !== null && isCData(value) ? state.cdata.bit['bnot']?.([value]) : ~toBits(value);
}
