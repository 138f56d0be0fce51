/**
 * `object[key]` and `object[key] = value` where the compiled text's own quick way does not apply.
 * @module
 */
import { fault } from './errors.ts';
import { described, isCData, PENDING } from './operators.ts';
import type { LuaState } from './state.ts';
import { type Fields, LuaTable } from './table.ts';

/** Metatables behind metatables that are followed; LuaJIT's limit. */
const MAX_CHAIN = 100;

export class Indexing {
  readonly #state: LuaState;
  #handler: unknown = undefined;
  #object: unknown = undefined;
  #key: unknown = undefined;
  #value: unknown = undefined;

  constructor(state: LuaState) {
    this.#state = state;
  }

  #pending(handler: unknown, object: unknown, key: unknown, value?: unknown): typeof PENDING {
    this.#handler = handler;
    this.#object = object;
    this.#key = key;
    this.#value = value;
    return PENDING;
  }

  // `stopsAtCData`: what the ffi does may have to be put off, see `deferral.ts`.
  #find(start: unknown, key: unknown, name: string, stopsAtCData: boolean): unknown {
    let object = start;
    for (let i = 0; i < MAX_CHAIN; i++) {
      let next: unknown;
      if (object instanceof LuaTable) {
        const value = object.get(key);
        if (value !== undefined || object.mt === null) return value;
        next = (object.mt as unknown as Fields).$__index;
        if (next === undefined) return undefined;
      } else if (isCData(object) && this.#state.cdata !== null)
        return stopsAtCData ? this.#pending(null, object, key) : this.#state.cdata.index(object, key);
      else {
        next = this.#state.metamethod(object, '__index');
        if (next === undefined) throw fault(`attempt to index ${described(object, object === start ? name : '')}`);
      }
      if (typeof next === 'function') return this.#pending(next, object, key);
      object = next;
    }
    throw fault('loop in gettable');
  }

  /** `name` is what messages call the object: `local 'x'`, or nothing. */
  index(object: unknown, key: unknown, name?: string): unknown {
    // Short, as V8 puts short functions into their callers. Most often a string that is computed, or an element that is not there.
    if (object instanceof LuaTable && object.mt === null) return typeof key === 'string' ? object.getString(key) : object.get(key);
    return this.indexOther(object, key, name);
  }

  private indexOther(object: unknown, key: unknown, name = ''): unknown {
    const found = this.#find(object, key, name, false);
    return found === PENDING ? this.#state.calls.call1(this.#handler, this.#object, this.#key) : found;
  }

  *indexTwin(object: unknown, key: unknown, name = ''): Generator<unknown, unknown, unknown> {
    const found = this.find(object, key, name);
    return found === PENDING ? yield* this.foundTwin() : found;
  }

  /** `object[key]` in a coroutine, or `PENDING`: there is something to call then, which `foundTwin` does. */
  find(object: unknown, key: unknown, name = ''): unknown {
    return this.#find(object, key, name, true);
  }

  *foundTwin(): Generator<unknown, unknown, unknown> {
    const { calls, deferral, cdata } = this.#state;
    if (this.#handler !== null || cdata === null) return yield* calls.call1Twin(this.#handler, this.#object, this.#key);
    const found = deferral.during(() => cdata.index(this.#object, this.#key));
    const deferred = deferral.take();
    return deferred === null ? found : yield* calls.call1Twin(deferred.callee, ...deferred.args);
  }

  // True once it is done.
  #store(start: unknown, key: unknown, value: unknown, name: string, isField: boolean, stopsAtCData: boolean): boolean {
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
        if (!stopsAtCData) this.#state.cdata.setIndex(object, key, value);
        else this.#pending(null, object, key, value);
        return !stopsAtCData;
      } else {
        next = this.#state.metamethod(object, '__newindex');
        if (next === undefined) throw fault(`attempt to index ${described(object, object === start ? name : '')}`);
      }
      if (typeof next === 'function') {
        this.#pending(next, object, key, value);
        return false;
      }
      object = next;
    }
    throw fault('loop in settable');
  }

  setIndex(object: unknown, key: unknown, value: unknown, name?: string): void {
    // Most often a list grows, or a key is a string that is computed. Short, as `index`.
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
    this.setIndexOther(object, key, value, name);
  }

  private setIndexOther(object: unknown, key: unknown, value: unknown, name = ''): void {
    if (!this.#store(object, key, value, name, false, false)) this.#stored();
  }

  *setIndexTwin(object: unknown, key: unknown, value: unknown, name = ''): Generator<unknown, void, unknown> {
    if (!this.store(object, key, value, name)) yield* this.storedTwin();
  }

  /** `object.key = value` with a key that the text names. */
  setField(object: unknown, key: string, value: unknown, name = ''): void {
    if (!this.#store(object, key, value, name, true, false)) this.#stored();
  }

  *setFieldTwin(object: unknown, key: string, value: unknown, name = ''): Generator<unknown, void, unknown> {
    if (!this.storeField(object, key, value, name)) yield* this.storedTwin();
  }

  /** `object[key] = value` in a coroutine; false where there is something to call, which `storedTwin` does. */
  store(object: unknown, key: unknown, value: unknown, name = ''): boolean {
    return this.#store(object, key, value, name, false, true);
  }

  /** `object.key = value`, likewise. */
  storeField(object: unknown, key: string, value: unknown, name = ''): boolean {
    return this.#store(object, key, value, name, true, true);
  }

  #stored(): void {
    this.#state.calls.call(this.#handler, this.#object, this.#key, this.#value);
  }

  *storedTwin(): Generator<unknown, void, unknown> {
    const { calls, deferral, cdata } = this.#state;
    if (this.#handler !== null || cdata === null) {
      yield* calls.callTwin(this.#handler, this.#object, this.#key, this.#value);
      return;
    }
    deferral.during(() => cdata.setIndex(this.#object, this.#key, this.#value));
    const deferred = deferral.take();
    if (deferred !== null) yield* calls.call1Twin(deferred.callee, ...deferred.args);
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
