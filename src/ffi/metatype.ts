/**
 * Metatypes: the metatables that `ffi.metatype` gives to structs, unions and complex numbers.
 * @module
 */
import { type CType, isRecord } from '../ctype/index.ts';
import { FfiError } from '../util/errors.ts';
import type { LuaAdapter } from './adapter.ts';
import type { CData, CTypeObject } from './cdata.ts';
import { INVALID_TYPE, protectedMetatable } from './messages.ts';

/** The metamethods that a metatype may define. */
export type Metamethod =
  | '__index'
  | '__newindex'
  | '__call'
  | '__new'
  | '__gc'
  | '__tostring'
  | '__len'
  | '__concat'
  | '__eq'
  | '__lt'
  | '__le'
  | '__add'
  | '__sub'
  | '__mul'
  | '__div'
  | '__mod'
  | '__pow'
  | '__unm'
  | '__pairs'
  | '__ipairs';

export class Metatypes<V> {
  readonly #lua: LuaAdapter<V>;
  readonly #tables: Map<object, V> = new Map();

  constructor(lua: LuaAdapter<V>) {
    this.#lua = lua;
  }

  /**
   * Gives a type its metatable, once and for all.
   * @throws {FfiError} for types that cannot have one, and the second time
   */
  set(type: CType, table: V): void {
    const key = this.#key(type);
    if (key === null) throw new FfiError(INVALID_TYPE);
    if (this.#tables.has(key)) throw protectedMetatable();
    this.#tables.set(key, table);
  }

  // Qualified variants share the metatable.
  #key(type: CType): object | null {
    if (isRecord(type)) return type.definition;
    return type.kind === 'complex' ? type.part : null;
  }

  /** The metatable of a type, or of what it points or refers to; null where there is none. */
  tableOf(type: CType): V | null {
    const value = type.kind === 'reference' ? type.target : type;
    // One level only: a pointer to a pointer has none.
    const key = this.#key(value.kind === 'pointer' ? value.target : value);
    return (key === null ? undefined : this.#tables.get(key)) ?? null;
  }

  /** The metamethod of a type, or of what it points or refers to; null where there is none. */
  method(type: CType, name: Metamethod): V | null {
    const table = this.tableOf(type);
    if (table === null) return null;
    const method = this.#lua.rawGet(table, name);
    return this.#lua.typeOf(method) === 'nil' ? null : method;
  }

  /** What `__index` answers; null where there is no answer. */
  index(object: CData, key: V): V | null {
    const method = this.method(object.type, '__index');
    return method === null ? null : this.#lookUp(method, () => this.#lua.fromCData(object), key);
  }

  /** What `__index` of a ctype object's type answers. */
  indexType(object: CTypeObject, key: V): V | null {
    const method = this.method(object.type.kind === 'pointer' ? object.type.target : object.type, '__index');
    return method === null ? null : this.#lookUp(method, () => this.#lua.fromCData(object), key);
  }

  // A table that has no such key leaves it to the caller to complain; a function's nil is an answer.
  #lookUp(method: V, object: () => V, key: V): V | null {
    const lua = this.#lua;
    if (lua.typeOf(method) === 'function') return lua.call(method, [object(), key]);
    const value = lua.get(method, key);
    return lua.typeOf(value) === 'nil' ? null : value;
  }

  /** Runs `__newindex`, of a ctype object that of its type; false where there is none. */
  newIndex(object: CData | CTypeObject, key: V, value: V): boolean {
    const method = this.method(object.type, '__newindex');
    if (method === null) return false;
    const lua = this.#lua;
    if (lua.typeOf(method) === 'function') lua.call(method, [lua.fromCData(object), key, value]);
    else lua.set(method, key, value);
    return true;
  }
}
