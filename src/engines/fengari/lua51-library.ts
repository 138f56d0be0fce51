/**
 * Functions of Lua 5.1's libraries that Lua 5.3 has not, or has otherwise: `unpack`, `table.foreach`, `module`, `os.date('!%c')` and so
 * on. Not in Lua, as compiling that would take longer than the start of Node.
 * @module
 */
import { push } from './adapter.ts';
import { argumentAt, isGiven, numberAt, wrongType } from './arguments.ts';
import { openBuffer } from './buffer.ts';
import type { Environments } from './environments.ts';
import type { FengariFfi } from './ffi.ts';
import { bytesOfLatin1, latin1OfString } from './strings.ts';
import {
  lua,
  luaH_getint,
  luaH_setfrom,
  type LuaFunction,
  type LuaState,
  type LuaString,
  type LuaTable,
  NIL,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  TYPE_MASK,
} from './vm.ts';

/** How many values `unpack` gives at most: those that the stack has room for. */
const MOST_VALUES = 900_000;

export class Library {
  readonly #state: FengariFfi;
  readonly #environments: Environments;

  constructor(state: FengariFfi, environments: Environments) {
    this.#state = state;
    this.#environments = environments;
  }

  #table(L: LuaState, index: number, name: string): LuaTable {
    const value = argumentAt(L, index);
    if (value?.type !== TAG.table) return wrongType(this.#state.adapter, value, 'table', index, name);
    return value.value as LuaTable;
  }

  #function(L: LuaState, index: number, name: string): TaggedValue {
    const value = argumentAt(L, index);
    if (value === undefined || (value.type & TYPE_MASK) !== TAG.function)
      return wrongType(this.#state.adapter, value, 'function', index, name);
    return value;
  }

  #integer(L: LuaState, index: number, name: string, fallback: number): number {
    return isGiven(argumentAt(L, index)) ? Math.trunc(numberAt(L, this.#state.adapter, index, name)) : fallback;
  }

  #number(L: LuaState, value: number): number {
    push(L, this.#state.adapter.fromNumber(value));
    return 1;
  }

  // ---- globals

  unpack(L: LuaState): number {
    const table = this.#table(L, 1, 'unpack');
    const first = this.#integer(L, 2, 'unpack', 1);
    const last = isGiven(argumentAt(L, 3)) ? this.#integer(L, 3, 'unpack', 0) : length(L, 1);
    const count = last - first + 1;
    if (count <= 0) return 0;
    if (!(count <= MOST_VALUES) || !lua.lua_checkstack(L, count)) throw new TypeError('too many results to unpack');
    for (let index = first; index <= last; index++) push(L, luaH_getint(table, index | 0));
    return count;
  }

  module(L: LuaState): number {
    const { adapter } = this.#state;
    const given = argumentAt(L, 1);
    if (given?.type !== TAG.string) return wrongType(adapter, given, 'string', 1, 'module');
    const name = latin1OfString(given.value as LuaString);
    const options = L.stack.slice(L.ci.funcOff + 2, L.top).map(({ type, value }) => new TValue(type, value));
    const found = this.#moduleTable(L, name);
    if (adapter.rawGet(found, '_NAME').type === TAG.nil) {
      this.#setField(L, found, '_M', found);
      this.#setField(L, found, '_NAME', this.#text(name));
      this.#setField(L, found, '_PACKAGE', this.#text(name.slice(0, name.lastIndexOf('.') + 1)));
    }
    this.#environments.setAtLevel(L, 1, found);
    for (const option of options) adapter.call(option, [found]);
    return 0;
  }

  // The table of a module: the loaded one, or that of its name among the globals, made where it is missing.
  #moduleTable(L: LuaState, name: string): TaggedValue {
    const { adapter } = this.#state;
    const loaded = adapter.rawGet(globalField(L, 'package'), 'loaded');
    const key = this.#text(name);
    const known = adapter.get(loaded, key);
    if (known.type === TAG.table) return adapter.keep(known);
    let found = globals(L);
    for (const part of name.split('.').filter((one) => one !== '')) {
      let inner = adapter.keep(adapter.rawGet(found, part));
      if (inner.type === TAG.nil) {
        inner = newTable(L);
        this.#setField(L, found, part, inner);
      } else if (inner.type !== TAG.table) throw new TypeError(`name conflict for module '${name}'`);
      found = inner;
    }
    adapter.set(loaded, key, found);
    return found;
  }

  #text(latin1: string): TaggedValue {
    return this.#state.adapter.fromBytes(bytesOfLatin1(latin1));
  }

  #setField(L: LuaState, table: TaggedValue, name: string, value: TaggedValue): void {
    luaH_setfrom(L, table.value as LuaTable, this.#text(name), value);
  }

  seeAll(L: LuaState): number {
    const table = this.#table(L, 1, 'seeall');
    const metatable = table.metatable === null ? newTable(L) : new TValue(TAG.table, table.metatable);
    table.metatable = metatable.value as LuaTable;
    this.#setField(L, metatable, '__index', globals(L));
    return 0;
  }

  // ---- table

  tableFunctions(): Record<string, LuaFunction> {
    return {
      getn: (L) => {
        this.#table(L, 1, 'getn');
        return this.#number(L, length(L, 1));
      },
      maxn: (L) => {
        let max = 0;
        for (let entry = this.#table(L, 1, 'maxn').f; entry !== undefined; entry = entry.n) {
          if ((entry.key.type & TYPE_MASK) === TAG.number) max = Math.max(max, entry.key.value as number);
        }
        return this.#number(L, max);
      },
      foreach: (L) => {
        this.#table(L, 1, 'foreach');
        const fn = this.#state.adapter.keep(this.#function(L, 2, 'foreach'));
        lua.lua_settop(L, 2);
        lua.lua_checkstack(L, 6);
        lua.lua_pushnil(L);
        while (lua.lua_next(L, 1) !== 0) {
          const result = this.#state.adapter.call(fn, L.stack.slice(L.top - 2, L.top));
          if (result.type !== TAG.nil) {
            push(L, result);
            return 1;
          }
          lua.lua_pop(L, 1);
        }
        return 0;
      },
      foreachi: (L) => {
        const table = this.#table(L, 1, 'foreachi');
        const fn = this.#state.adapter.keep(this.#function(L, 2, 'foreachi'));
        const last = length(L, 1);
        for (let index = 1; index <= last; index++) {
          const result = this.#state.adapter.call(fn, [new TValue(TAG.float, index), luaH_getint(table, index)]);
          if (result.type === TAG.nil) continue;
          push(L, result);
          return 1;
        }
        return 0;
      },
      // A place beyond the end is no error.
      insert: (L) => {
        const table = this.#table(L, 1, 'insert');
        const count = L.top - L.ci.funcOff - 1;
        const end = length(L, 1) + 1;
        if (count !== 2 && count !== 3) throw new TypeError("wrong number of arguments to 'insert'");
        const at = count === 3 ? Math.trunc(numberAt(L, this.#state.adapter, 2, 'insert')) | 0 : end;
        const key = (index: number): TaggedValue => new TValue(TAG.integer, index);
        for (let index = end; index > at; index--) luaH_setfrom(L, table, key(index), luaH_getint(table, index - 1));
        luaH_setfrom(L, table, key(at), L.stack[L.top - 1] as TaggedValue);
        return 0;
      },
      remove: (L) => {
        const table = this.#table(L, 1, 'remove');
        const end = length(L, 1);
        const at = this.#integer(L, 2, 'remove', end) | 0;
        if (at < 1 || at > end) return 0;
        push(L, luaH_getint(table, at));
        const key = (index: number): TaggedValue => new TValue(TAG.integer, index);
        for (let index = at; index < end; index++) luaH_setfrom(L, table, key(index), luaH_getint(table, index + 1));
        luaH_setfrom(L, table, key(end), NIL);
        return 1;
      },
    };
  }

  /** What `require` gives by these names, each put into `table` when it is asked for. */
  preloads(): Record<string, LuaFunction> {
    const provide = (name: string, fn: LuaFunction): LuaFunction => {
      const wrapped = this.#state.wrap(fn);
      return (L) => {
        const value = new TValue(TAG.lightFunction, wrapped);
        this.#setField(L, globalField(L, 'table'), name, value);
        push(L, value);
        return 1;
      };
    };
    return {
      'string.buffer': (L) => openBuffer(L, this.#state),
      'table.new': provide('new', (L) => {
        for (const index of [1, 2]) numberAt(L, this.#state.adapter, index, 'new');
        lua.lua_createtable(L, 0, 0);
        return 1;
      }),
      'table.clear': provide('clear', (L) => {
        const table = this.#table(L, 1, 'clear');
        for (let entry = table.f; entry !== undefined; entry = table.f)
          luaH_setfrom(L, table, new TValue(entry.key.type, entry.key.value), NIL);
        return 0;
      }),
    };
  }

  // ---- the rest

  /** `coroutine.running` says nothing of the main thread. */
  running(original: LuaFunction): LuaFunction {
    return (L) => {
      original(L);
      const isMain = Boolean((L.stack[L.top - 1] as TaggedValue).value);
      lua.lua_pop(L, isMain ? 2 : 1);
      if (isMain) push(L, NIL);
      return 1;
    };
  }

  /** `os.date` with `!`, which fengari's does not know: the time is moved, so that the local one is shown as UTC. */
  date(original: LuaFunction): LuaFunction {
    return (L) => {
      const format = argumentAt(L, 1);
      if (format?.type !== TAG.string || (format.value as LuaString).realstring[0] !== 0x21) return original(L);
      const time = this.#integer(L, 2, 'date', Math.floor(Date.now() / 1000));
      const text = (format.value as LuaString).realstring.slice(1);
      const minutes = new Date(time * 1000).getTimezoneOffset();
      lua.lua_settop(L, 0);
      push(L, this.#state.adapter.fromBytes(text));
      push(L, new TValue(TAG.float, time + minutes * 60));
      return original(L);
    };
  }

  /** `debug.getinfo` calls C functions `C`. */
  getInfo(original: LuaFunction): LuaFunction {
    return (L) => {
      const results = original(L);
      const table = L.stack[L.top - 1];
      if (table?.type === TAG.table) this.#renameHost(L, table);
      return results;
    };
  }

  #renameHost(L: LuaState, table: TaggedValue): void {
    const what = this.#state.adapter.rawGet(table, 'what');
    if (what.type !== TAG.string || latin1OfString(what.value as LuaString) !== 'J') return;
    this.#setField(L, table, 'what', this.#text('C'));
    for (const [name, text] of [
      ['source', '=[C]'],
      ['short_src', '[C]'],
    ] as const) {
      if (this.#state.adapter.rawGet(table, name).type !== TAG.nil) this.#setField(L, table, name, this.#text(text));
    }
  }
}

function length(L: LuaState, index: number): number {
  return lua.lua_rawlen(L, index);
}

function globals(L: LuaState): TaggedValue {
  lua.lua_pushglobaltable(L);
  return popped(L);
}

function globalField(L: LuaState, name: string): TaggedValue {
  lua.lua_getglobal(L, toLuaString(name));
  return popped(L);
}

function newTable(L: LuaState): TaggedValue {
  lua.lua_createtable(L, 0, 0);
  return popped(L);
}

function popped(L: LuaState): TaggedValue {
  const { type, value } = L.stack[L.top - 1] as TaggedValue;
  lua.lua_pop(L, 1);
  return new TValue(type, value);
}
