/**
 * Lua's tables. A key lives in one of three places:
 *
 *     arr[k - 1]   integers from 1 on, without a gap at the end: the last element is never nil
 *     $name        string keys that compiled text names: properties, so that V8's hidden classes and inline caches serve them
 *     hash         all other keys, and string keys that are only ever computed
 *
 * A cleared property or hash entry stays with the value undefined, as `next` may be at it; the hash drops such entries when a new key
 * comes in, as Lua's does. Each state has classes of its own, which know the state's names.
 * @module
 */
import { hasRoom } from '../../collector.ts';
import { compiled } from './compiled.ts';
import type { PropertyNames } from './names.ts';

/** The array part of tables that have none. Shared, so it is never written to. */
export const EMPTY: unknown[] = [];

/** The hash part, and how many of its entries are cleared. */
export class HashPart extends Map<unknown, unknown> {
  dead = 0;
}

/** What tables of one state share. */
export interface TableSpace {
  readonly names: PropertyNames;
  /** Where `next` was last, for tables whose keys have no order but that of their places. */
  readonly cursors: (TableCursor | null)[];
  /** Round robin over `cursors`. */
  turn: number;
}

/** Elements that may be missing in front of a new one that still goes to the array part. */
const MAX_GAP = 8;
/** Cleared entries that a hash part may keep in any case. */
const FEW_DEAD = 16;
/** Tables with more hash entries than this keep computed string keys there, even if compiled text names them. */
const FEW_ENTRIES = 8;
const CURSORS = 8;
/** LuaJIT has twice as many; V8's arrays end the process not far beyond. */
const MOST_ELEMENTS = 2 ** 26;
/** Parts with more elements than these are large: V8 makes them anew in one piece when they grow. */
const LARGE_ARRAY = 2 ** 19;
const LARGE_HASH = 2 ** 17;
/** Bytes that V8 needs for that, for each element that is there. */
const ARRAY_GROWTH = 12;
const HASH_GROWTH = 56;

/** A table as one with properties, for the few who reach them by name. */
export type Fields = Record<string, unknown>;

/** Own properties in front of the keys. */
const OWN_PROPERTIES = 3;

// Not a literal: where V8 has seen that arrays of one live long it makes them in the old generation, where they keep alive what they lead to.
function arrayOf(...values: unknown[]): unknown[] {
  return values;
}

// An array of two with room for four: V8 would give it room for nineteen, and most lists are short. Not for numbers, whose arrays
// have to keep the kind that V8 gave them.
function pairOf(first: unknown, second: unknown): unknown[] {
  const arr = arrayOf(first, second, second, second);
  arr.pop();
  arr.pop();
  return arr;
}

// A large part may grow: asked now and then, so that growing within the next elements is covered.
function admit(size: number, growth: number): void {
  if (size >= MOST_ELEMENTS) throw new RangeError('table overflow');
  if (!hasRoom(size * growth)) throw new RangeError('not enough memory');
}

/**
 * A table. Its private methods are TypeScript's: for JavaScript's own, V8 would have a property in each table.
 */
export class LuaTable {
  /**
   * Keys 1 to n. Number arrays stay arrays of numbers: see `append`, which may put another array in its place. The old one is empty then, as
   * loops in compiled text hold on to array parts.
   */
  arr: unknown[];
  hash: HashPart | null;
  mt: LuaTable | null;
  /** On the prototypes of each state's classes. */
  declare readonly space: TableSpace;

  constructor(arr: unknown[] = EMPTY) {
    this.arr = arr;
    this.hash = null;
    this.mt = null;
  }

  /** The value of a key, without metamethods. */
  get(key: unknown): unknown {
    if (typeof key === 'string') return this.getString(key);
    if (typeof key === 'number') {
      const { arr } = this;
      if (key > 0 && key <= arr.length) {
        const value = arr[key - 1];
        if (value !== undefined) return value;
      }
    }
    return this.hash === null ? undefined : this.hash.get(key);
  }

  getString(key: string): unknown {
    const { hash } = this;
    if (hash !== null) {
      const value = hash.get(key);
      if (value !== undefined) return value;
    }
    const property = this.space.names.find(key);
    return property === undefined ? undefined : (this as unknown as Fields)[property];
  }

  /** Sets a key, without metamethods. The caller has refused nil and NaN. */
  set(key: unknown, value: unknown): void {
    if (typeof key === 'string') this.setString(key, value);
    else if (typeof key === 'number') this.setNumber(key, value);
    else this.setHash(key, value);
  }

  /** Sets a key that is computed. */
  setString(key: string, value: unknown): void {
    const { hash } = this;
    const old = hash === null || value === undefined ? undefined : hash.get(key);
    // Short, as V8 puts short functions into their callers.
    if (old === undefined) this.setOtherString(key, value);
    // To find out is quicker than to store it again; 0 and -0 are equal.
    else if (old !== value || value === 0) (hash as HashPart).set(key, value);
  }

  // A key that the hash part does not have with a value, or is to have none.
  private setOtherString(key: string, value: unknown): void {
    const { hash } = this;
    if (hash?.has(key) === true) {
      this.setHash(key, value);
      return;
    }
    const property = this.space.names.find(key);
    if (property !== undefined && ((this as unknown as Fields)[property] !== undefined || hash === null || hash.size < FEW_ENTRIES)) {
      if (value !== undefined || (this as unknown as Fields)[property] !== undefined) (this as unknown as Fields)[property] = value;
    } else if (isEventName(key)) this.setField(key, value);
    else this.setHash(key, value);
  }

  /** Sets a key that compiled text or a library names. */
  setField(key: string, value: unknown): void {
    const { hash } = this;
    if (hash?.has(key) === true) this.setHash(key, value);
    else (this as unknown as Fields)[this.space.names.propertyOf(key)] = value;
  }

  setNumber(key: number, value: unknown): void {
    const { arr } = this;
    const length = arr.length;
    if (key > 0 && key <= length && Number.isInteger(key)) {
      if (value === undefined && key === length) this.shorten();
      else arr[key - 1] = value;
    } else if (value !== undefined && key > length && key <= length + MAX_GAP && Number.isInteger(key) && this.isGap(length + 1, key)) {
      for (let i = length + 1; i < key; i++) this.append(undefined);
      this.append(value);
    } else this.setHash(key, value);
  }

  // Neither of the keys in between is in the hash.
  private isGap(from: number, to: number): boolean {
    if (this.hash !== null) for (let i = from; i < to; i++) if (this.hash.get(i) !== undefined) return false;
    return true;
  }

  /** Sets the key behind the last of the array part. A literal for numbers alone: V8 keeps arrays of numbers apart by where they were made. */
  append(value: unknown): void {
    const { arr } = this;
    if (arr === EMPTY) this.arr = typeof value === 'number' ? [value] : arrayOf(value);
    else if (arr.length === 1 && typeof value !== 'number') {
      this.arr = pairOf(arr[0], value);
      arr.pop();
    } else {
      if (arr.length >= LARGE_ARRAY && (arr.length & 0xffff) === 0) admit(arr.length, ARRAY_GROWTH);
      arr.push(value);
    }
    if (this.hash !== null && value !== undefined) this.migrate(this.hash);
  }

  // Takes the keys behind the array part out of the hash.
  private migrate(hash: HashPart): void {
    const { arr } = this;
    hash.delete(arr.length);
    for (let value = hash.get(arr.length + 1); value !== undefined; value = hash.get(arr.length + 1)) {
      arr.push(value);
      hash.delete(arr.length);
    }
  }

  // The last element becomes nil.
  private shorten(): void {
    const { arr } = this;
    arr.pop();
    while (arr.length > 0 && arr[arr.length - 1] === undefined) arr.pop();
  }

  private setHash(key: unknown, value: unknown): void {
    let { hash } = this;
    if (value === undefined) {
      if (hash === null || hash.get(key) === undefined) return;
      hash.set(key, undefined);
      hash.dead++;
      return;
    }
    if (hash === null) {
      hash = new HashPart();
      this.hash = hash;
    } else if (hash.get(key) === undefined) {
      if (hash.has(key)) hash.dead--;
      else if (hash.dead > FEW_DEAD && hash.dead * 2 > hash.size) hash = this.withoutDead(hash);
      if (hash.size >= LARGE_HASH && (hash.size & 0x7fff) === 0) admit(hash.size, HASH_GROWTH);
    }
    hash.set(key, value);
  }

  private withoutDead(hash: HashPart): HashPart {
    const live = new HashPart();
    for (const [key, value] of hash) if (value !== undefined) live.set(key, value);
    this.hash = live;
    return live;
  }

  /** Drops all that it remembers of cleared keys, and where `next` was: nobody goes over it now. */
  forget(): void {
    if (this.hash !== null) this.withoutDead(this.hash);
    this.space.cursors.fill(null);
  }

  /** `#table`, without metamethods: a border. */
  length(): number {
    return this.arr.length;
  }

  /**
   * The key and value behind `key`, from the start where it is undefined; null at the end, undefined where there is no such key.
   */
  next(key: unknown): [unknown, unknown] | null | undefined {
    const cursor = this.cursorAt(key);
    if (cursor === null) return undefined;
    return cursor.step() ? [cursor.key, cursor.value] : null;
  }

  /** Goes over all keys. */
  cursor(): TableCursor {
    return new TableCursor(this);
  }

  private cursorAt(key: unknown): TableCursor | null {
    const { cursors } = this.space;
    if (key === undefined) return this.newCursor();
    for (const cursor of cursors) if (cursor !== null && cursor.table === this && cursor.key === key) return cursor;
    const cursor = this.newCursor();
    if (cursor.seek(key)) return cursor;
    return null;
  }

  private newCursor(): TableCursor {
    const { space } = this;
    const cursor = new TableCursor(this);
    space.cursors[space.turn] = cursor;
    space.turn = (space.turn + 1) % CURSORS;
    return cursor;
  }
}

/** Names of metamethods are properties in every table, so that those who look for them need look nowhere else. */
function isEventName(key: string): boolean {
  return key.charCodeAt(0) === 95 && key.charCodeAt(1) === 95;
}

/** Goes over a table's keys: the array part, the properties, the hash. Fields may be cleared meanwhile. */
export class TableCursor {
  readonly table: LuaTable;
  key: unknown;
  value: unknown;
  #index: number;
  #properties: string[] | null;
  #entries: IterableIterator<[unknown, unknown]> | null;

  constructor(table: LuaTable) {
    this.table = table;
    this.key = undefined;
    this.value = undefined;
    this.#index = 0;
    this.#properties = null;
    this.#entries = null;
  }

  /** Goes to the next key; false at the end. */
  step(): boolean {
    if (this.#properties === null) {
      const { arr } = this.table;
      while (this.#index < arr.length) {
        const value = arr[this.#index++];
        if (value !== undefined) {
          this.key = this.#index;
          this.value = value;
          return true;
        }
      }
      this.#properties = Object.keys(this.table);
      this.#index = OWN_PROPERTIES;
    }
    return this.stepProperties(this.#properties);
  }

  private stepProperties(properties: string[]): boolean {
    while (this.#index < properties.length) {
      const property = properties[this.#index++] as string;
      const value = (this.table as unknown as Fields)[property];
      if (value !== undefined) {
        this.key = this.table.space.names.keyOf(property);
        this.value = value;
        return true;
      }
    }
    if (this.#entries === null) {
      if (this.table.hash === null) return false;
      this.#entries = this.table.hash.entries();
    }
    for (;;) {
      const { done, value: entry } = this.#entries.next();
      if (done === true) return false;
      if (entry[1] !== undefined) {
        this.key = entry[0];
        this.value = entry[1];
        return true;
      }
    }
  }

  /** Goes to `key`, which may have been cleared; false where the table never had it. */
  seek(key: unknown): boolean {
    const { arr, hash, space } = this.table;
    this.key = key;
    if (typeof key === 'number' && key > 0 && key <= arr.length && Number.isInteger(key)) {
      this.#index = key;
      return true;
    }
    this.#properties = Object.keys(this.table);
    if (hash?.has(key) === true) {
      this.#index = this.#properties.length;
      this.#entries = hash.entries();
      for (let entry = this.#entries.next(); entry.done !== true; entry = this.#entries.next()) if (entry.value[0] === key) return true;
    }
    // A loop may have emptied the array part from its end.
    if (typeof key === 'number') {
      this.#index = OWN_PROPERTIES;
      return Number.isInteger(key) && key > 0;
    }
    const property = typeof key === 'string' ? space.names.find(key) : undefined;
    this.#index = property === undefined ? 0 : this.#properties.indexOf(property) + 1;
    return this.#index > 0;
  }
}

/** Fields that a table can have room for in itself: V8 starts with as many for a constructor that sets three. */
export const MOST_ROOM = 8;
/** Instances that V8 looks at before it settles their size: more than it needs. */
const SAMPLES = 16;

/**
 * The classes of a state's tables, which differ only in how many fields a table has room for in itself. Fields beyond that go where V8
 * has them elsewhere; room that stays empty is copied by the collector with each table.
 */
export class TableClasses {
  readonly #space: TableSpace;
  readonly #classes: (typeof LuaTable | undefined)[] = [];

  constructor(names: PropertyNames) {
    this.#space = { names, cursors: new Array<TableCursor | null>(CURSORS).fill(null), turn: 0 };
  }

  /** The class of tables that are likely to have so many fields. */
  ofRoom(fields: number): typeof LuaTable {
    const room = Math.min(fields, MOST_ROOM);
    this.#classes[room] ??= this.#make(room);
    return this.#classes[room] as typeof LuaTable;
  }

  // V8 gives all instances room for as many properties as the first ones have.
  #make(room: number): typeof LuaTable {
    const StateTable = tableClass(room);
    Object.setPrototypeOf(StateTable.prototype, LuaTable.prototype);
    Object.defineProperty(StateTable.prototype, 'space', { value: this.#space });
    for (let i = 0; i < SAMPLES; i++) {
      const sample = new StateTable() as unknown as Fields;
      for (let field = 0; field < room; field++) sample[`$${field}`] = null;
    }
    return StateTable;
  }
}

// A class that does itself what LuaTable's constructor does: V8 puts that into its callers, but no chain of constructors. Where text is
// compiled each has its own, as V8 would have one set of inline caches for all classes made by the same text.
function tableClass(room: number): typeof LuaTable {
  const text = 'class StateTable { constructor(arr = EMPTY) { this.arr = arr; this.hash = null; this.mt = null; } }';
  const make = compiled<(empty: unknown[]) => typeof LuaTable>(`return (EMPTY) => ${text} // ${room}`);
  if (make !== null) return make(EMPTY);
  return class StateTable {
    arr: unknown[];
    hash: HashPart | null;
    mt: LuaTable | null;
    constructor(arr: unknown[] = EMPTY) {
      this.arr = arr;
      this.hash = null;
      this.mt = null;
    }
  } as unknown as typeof LuaTable;
}
