/**
 * `table`, which goes past metatables. `foreach`, `foreachi`, `getn`, `move` and `remove` call a missing argument nil: in LuaJIT they are
 * written in Lua.
 * @module
 */
import { fault } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import { numberText } from '../runtime/operators.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaTable } from '../runtime/table.ts';
import { typeOf } from '../runtime/values.ts';
import { functionArgument, integerArgument, stringArgument, tableArgument } from './arguments.ts';
import { checkLength } from './limits.ts';
import { sortFunction } from './sort.ts';

export function openTable(state: LuaState): LuaTable {
  return state.library({
    concat: concatFunction(state),
    foreach: foreachFunction(state),
    foreachi: foreachiFunction(state),
    getn,
    insert,
    maxn,
    move,
    remove,
    sort: sortFunction(state),
  });
}

// ---- one element

function insert(table: unknown, position: unknown, value: unknown): unknown {
  const count = arguments.length;
  const list = table instanceof LuaTable ? table : tableArgument(table, 1, 'insert', count);
  if (count === 2) {
    // An array that ends in nothing of the hash only grows.
    if (list.hash === null && list.arr.length > 1 && position !== undefined) list.arr.push(position);
    else list.setNumber(list.length() + 1, position);
    return NONE;
  }
  if (count !== 3) throw fault("wrong number of arguments to 'insert'");
  insertAt(list, integerArgument(position, 2, 'insert', count), value);
  return NONE;
}

function insertAt(list: LuaTable, position: number, value: unknown): void {
  const length = list.length();
  if (position <= length && length > 0) {
    const first = Math.max(position, 1);
    list.append(list.arr[length - 1]);
    const { arr } = list;
    arr.copyWithin(first, first - 1, length);
    if (position < 1) arr[0] = list.get(0);
  }
  if (position < 1) shiftHash(list, position, length === 0 ? 1 : 0);
  list.setNumber(position, value);
}

// Moves the elements at `from` and above, up to `to`, on by one: integers that no array part has. However many might be there,
// only those that are cost time.
function shiftHash(list: LuaTable, from: number, to: number): void {
  const moved: [number, unknown][] = [];
  for (const [key, value] of list.hash ?? [])
    if (typeof key === 'number' && key >= from && key < to + 1 && Number.isInteger(key) && value !== undefined) moved.push([key, value]);
  for (const [key] of moved) list.setNumber(key, undefined);
  for (const [key, value] of moved) if (key < to || to > 0) list.setNumber(key + 1, value);
}

function remove(table: unknown, position: unknown): unknown {
  const list = table instanceof LuaTable ? table : tableArgument(table, 1, 'remove', 1);
  const { arr } = list;
  const { length } = arr;
  const at = position === undefined ? length : integerArgument(position, 2, 'remove', 2);
  if (at < 1 || at > length) return NONE;
  const removed = arr[at - 1];
  if (at < length) arr.copyWithin(at - 1, at, length);
  list.setNumber(length, undefined);
  return removed;
}

// ---- all elements

function getn(table: unknown): number {
  return tableArgument(table, 1, 'getn', 1).length();
}

function maxn(table: unknown): number {
  const list = tableArgument(table, 1, 'maxn', arguments.length);
  let most = list.length();
  for (const [key, value] of list.hash ?? []) if (typeof key === 'number' && key > most && value !== undefined) most = key;
  return most;
}

function concatFunction(state: LuaState): LuaFunction {
  return builtIn('concat', function concat(table: unknown, separator: unknown, from: unknown, to: unknown): string {
    const count = arguments.length;
    const list = tableArgument(table, 1, 'concat', count);
    const between = separator === undefined ? '' : stringArgument(separator, 2, 'concat', count);
    const first = from === undefined ? 1 : integerArgument(from, 3, 'concat', count);
    const last = to === undefined ? list.length() : integerArgument(to, 4, 'concat', count);
    const { stringLimit } = state;
    let text = '';
    for (let i = first; i <= last; i++) {
      const value = i > 0 && i <= list.arr.length ? list.arr[i - 1] : list.get(i);
      if (typeof value === 'string') text += value;
      else if (typeof value === 'number') text += numberText(value);
      else throw fault(`invalid value (${typeOf(value)}) at index ${i} in table for 'concat'`);
      if (i < last) text += between;
      if (text.length > stringLimit) checkLength(state, text.length);
    }
    return text;
  });
}

function foreachFunction(state: LuaState): LuaFunction {
  const { calls } = state;
  const check = (table: unknown, fn: unknown): LuaFunction => {
    tableArgument(table, 1, 'foreach', 1);
    return functionArgument(fn, 2, 'foreach', 2);
  };
  return builtIn(
    'foreach',
    (table: unknown, fn: unknown) => {
      const callee = check(table, fn);
      const cursor = (table as LuaTable).cursor();
      while (cursor.step()) {
        const result = calls.call1(callee, cursor.key, cursor.value);
        if (result !== undefined) return result;
      }
      return NONE;
    },
    function* (table: unknown, fn: unknown) {
      const callee = check(table, fn);
      const cursor = (table as LuaTable).cursor();
      while (cursor.step()) {
        const result = yield* calls.call1Twin(callee, cursor.key, cursor.value);
        if (result !== undefined) return result;
      }
      return NONE;
    },
  );
}

function foreachiFunction(state: LuaState): LuaFunction {
  const { calls } = state;
  const check = (table: unknown, fn: unknown): LuaFunction => {
    tableArgument(table, 1, 'foreachi', 1);
    return functionArgument(fn, 2, 'foreachi', 2);
  };
  return builtIn(
    'foreachi',
    (table: unknown, fn: unknown) => {
      const callee = check(table, fn);
      const length = (table as LuaTable).length();
      for (let i = 1; i <= length; i++) {
        const result = calls.call1(callee, i, (table as LuaTable).get(i));
        if (result !== undefined) return result;
      }
      return NONE;
    },
    function* (table: unknown, fn: unknown) {
      const callee = check(table, fn);
      const length = (table as LuaTable).length();
      for (let i = 1; i <= length; i++) {
        const result = yield* calls.call1Twin(callee, i, (table as LuaTable).get(i));
        if (result !== undefined) return result;
      }
      return NONE;
    },
  );
}

/** Elements that `move` goes over one by one, whether or not they are there. */
const FEW_MOVED = 2 ** 16;

function move(table: unknown, from: unknown, to: unknown, at: unknown, target: unknown): LuaTable {
  const source = tableArgument(table, 1, 'move', 1);
  const first = integerArgument(from, 2, 'move', 2);
  const last = integerArgument(to, 3, 'move', 3);
  const start = integerArgument(at, 4, 'move', 4);
  const destination = target === undefined ? source : tableArgument(target, 5, 'move', 5);
  const shift = start - first;
  if (last - first > FEW_MOVED) moveSparse(source, first, last, shift, destination);
  else if (start > last || start <= first || destination !== source)
    for (let i = first; i <= last; i++) destination.setNumber(i + shift, source.get(i));
  else for (let i = last; i >= first; i--) destination.setNumber(i + shift, source.get(i));
  return destination;
}

// Only what is there costs time: a range may have 2^32 elements.
function moveSparse(source: LuaTable, first: number, last: number, shift: number, destination: LuaTable): void {
  const moved = elements(source, first, last);
  for (const [key] of elements(destination, first + shift, last + shift).reverse()) destination.setNumber(key, undefined);
  for (const [key, value] of moved) destination.setNumber(key + shift, value);
}

function elements(table: LuaTable, first: number, last: number): [number, unknown][] {
  const found: [number, unknown][] = [];
  const end = Math.min(last, table.arr.length);
  for (let i = Math.max(first, 1); i <= end; i++) if (table.arr[i - 1] !== undefined) found.push([i, table.arr[i - 1]]);
  const hashed: [number, unknown][] = [];
  for (const [key, value] of table.hash ?? [])
    if (typeof key === 'number' && key >= first && key <= last && Number.isInteger(key) && value !== undefined) hashed.push([key, value]);
  return [...found, ...hashed.sort(([a], [b]) => a - b)];
}

// ---- LuaJIT's own

/** Room that `table.new` may be asked for; LuaJIT's limits. */
const MOST_ELEMENTS = 2 ** 27;
const MOST_FIELDS = 2 ** 26;

/** Loaders of the modules `table.new` and `table.clear`, which are functions, and then are in `library` too. */
export function tableModules(state: LuaState, library: LuaTable): Readonly<Record<string, LuaFunction>> {
  const functions = { new: newFunction(state), clear: clearFunction() };
  const modules: Record<string, LuaFunction> = {};
  for (const [name, fn] of Object.entries(functions))
    modules[`table.${name}`] = builtIn('loader', () => {
      library.setField(name, fn);
      return fn;
    });
  return modules;
}

// An empty table, whatever room it is asked for.
function newFunction(state: LuaState): LuaFunction {
  return builtIn('new', function (elementCount: unknown, fieldCount: unknown): LuaTable {
    const count = arguments.length;
    const size = integerArgument(elementCount, 1, 'new', count);
    const fields = integerArgument(fieldCount, 2, 'new', count);
    if (size > MOST_ELEMENTS || fields >>> 0 > MOST_FIELDS) throw fault('table overflow');
    return new state.Table();
  });
}

function clearFunction(): LuaFunction {
  return builtIn('clear', function (table: unknown): unknown {
    const cleared = tableArgument(table, 1, 'clear', arguments.length);
    const cursor = cleared.cursor();
    const keys: unknown[] = [];
    while (cursor.step()) keys.push(cursor.key);
    for (const key of keys.reverse()) cleared.set(key, undefined);
    return NONE;
  });
}
