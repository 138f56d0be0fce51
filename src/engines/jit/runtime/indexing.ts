/**
 * `object[key]` and `object[key] = value` where the compiled text's own quick way does not apply.
 * @module
 */
import { fault } from './errors.ts';
import { described, isCData } from './operators.ts';
import type { LuaState } from './state.ts';
import { type Fields, LuaTable } from './table.ts';

/** There is a function to call, which `Indexing` holds. */
const PENDING: unique symbol = Symbol('pending');

/** Metatables behind metatables that are followed; LuaJIT's limit. */
const MAX_CHAIN = 100;

export class Indexing {
  readonly #state: LuaState;
  #handler: unknown = undefined;
  #object: unknown = undefined;

  constructor(state: LuaState) {
    this.#state = state;
  }

  #pending(handler: unknown, object: unknown): typeof PENDING {
    this.#handler = handler;
    this.#object = object;
    return PENDING;
  }

  #find(start: unknown, key: unknown, name: string): unknown {
    let object = start;
    for (let i = 0; i < MAX_CHAIN; i++) {
      let next: unknown;
      if (object instanceof LuaTable) {
        const value = object.get(key);
        if (value !== undefined || object.mt === null) return value;
        next = (object.mt as unknown as Fields).$__index;
        if (next === undefined) return undefined;
      } else if (isCData(object) && this.#state.cdata !== null) return this.#state.cdata.index(object, key);
      else {
        next = this.#state.metamethod(object, '__index');
        if (next === undefined) throw fault(`attempt to index ${described(object, object === start ? name : '')}`);
      }
      if (typeof next === 'function') return this.#pending(next, object);
      object = next;
    }
    throw fault('loop in gettable');
  }

  /** `name` is what messages call the object: `local 'x'`, or nothing. */
  index(object: unknown, key: unknown, name = ''): unknown {
    // Most often a string that is computed.
    if (typeof key === 'string' && object instanceof LuaTable && object.mt === null) return object.getString(key);
    const found = this.#find(object, key, name);
    return found === PENDING ? this.#state.calls.call1(this.#handler, this.#object, key) : found;
  }

  *indexTwin(object: unknown, key: unknown, name = ''): Generator<unknown, unknown, unknown> {
    const { calls, deferral } = this.#state;
    const found = deferral.during(() => this.#find(object, key, name));
    const deferred = deferral.take();
    if (deferred !== null) return yield* calls.call1Twin(deferred.callee, ...deferred.args);
    return found === PENDING ? yield* calls.call1Twin(this.#handler, this.#object, key) : found;
  }

  // True once it is done.
  #store(start: unknown, key: unknown, value: unknown, name: string, isField: boolean): boolean {
    let object = start;
    for (let i = 0; i < MAX_CHAIN; i++) {
      let next: unknown;
      if (object instanceof LuaTable) {
        const { mt } = object;
        if (mt !== null) next = (mt as unknown as Fields).$__newindex;
        if (next === undefined || object.get(key) !== undefined) {
          store(object, key, value, isField);
          return true;
        }
      } else if (isCData(object) && this.#state.cdata !== null) {
        this.#state.cdata.setIndex(object, key, value);
        return true;
      } else {
        next = this.#state.metamethod(object, '__newindex');
        if (next === undefined) throw fault(`attempt to index ${described(object, object === start ? name : '')}`);
      }
      if (typeof next === 'function') {
        this.#pending(next, object);
        return false;
      }
      object = next;
    }
    throw fault('loop in settable');
  }

  *#stored(object: unknown, key: unknown, value: unknown, name: string, isField: boolean): Generator<unknown, void, unknown> {
    const { calls, deferral } = this.#state;
    const isDone = deferral.during(() => this.#store(object, key, value, name, isField));
    const deferred = deferral.take();
    if (deferred !== null) yield* calls.call1Twin(deferred.callee, ...deferred.args);
    else if (!isDone) yield* calls.callTwin(this.#handler, this.#object, key, value);
  }

  setIndex(object: unknown, key: unknown, value: unknown, name = ''): void {
    // Most often a list grows, or a key is a string that is computed.
    if (object instanceof LuaTable && object.mt === null && value !== undefined) {
      if (typeof key === 'string') {
        object.setString(key, value);
        return;
      }
      if (key === object.arr.length + 1) {
        object.append(value);
        return;
      }
    }
    if (!this.#store(object, key, value, name, false)) this.#state.calls.call(this.#handler, this.#object, key, value);
  }

  *setIndexTwin(object: unknown, key: unknown, value: unknown, name = ''): Generator<unknown, void, unknown> {
    yield* this.#stored(object, key, value, name, false);
  }

  /** `object.key = value` with a key that the text names. */
  setField(object: unknown, key: string, value: unknown, name = ''): void {
    if (!this.#store(object, key, value, name, true)) this.#state.calls.call(this.#handler, this.#object, key, value);
  }

  *setFieldTwin(object: unknown, key: string, value: unknown, name = ''): Generator<unknown, void, unknown> {
    yield* this.#stored(object, key, value, name, true);
  }
}

function store(table: LuaTable, key: unknown, value: unknown, isField: boolean): void {
  if (isField) table.setField(key as string, value);
  else {
    checkKey(key);
    table.set(key, value);
  }
}

/** Refuses keys that no table has. */
export function checkKey(key: unknown): void {
  if (key === undefined) throw fault('table index is nil');
  if (typeof key === 'number' && Number.isNaN(key)) throw fault('table index is NaN');
}
