/**
 * `string.buffer`, which is the ffi's (`src/ffi/buffer`), over fengari's values.
 * @module
 */
import { type BufferHost, type BufferLibrary, StringBuffer } from '../../ffi/index.ts';
import { push } from './adapter.ts';
import type { FengariFfi } from './ffi.ts';
import { formatter } from './format.ts';
import { setFunction, setText } from './tables.ts';
import {
  lauxlib,
  lua,
  luaH_getint,
  luaH_setfrom,
  type LuaFunction,
  type LuaState,
  type LuaTable,
  NIL,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  type Userdata,
} from './vm.ts';

type Functions = BufferLibrary<TaggedValue>['functions'];

/** Pushes the module, as a loader of `package.preload` does. */
export function openBuffer(L: LuaState, state: FengariFfi): number {
  lua.lua_checkstack(L, 8);
  lua.lua_createtable(L, 0, 20);
  const metatable = topTable(L);
  const { functions, methods } = state.ffi.buffers(hostOf(state, metatable));
  for (const [name, fn] of Object.entries(functionsOf(state, methods))) setFunction(L, name, fn);
  lua.lua_pushvalue(L, -1);
  lua.lua_setfield(L, -2, toLuaString('__index'));
  lua.lua_getfield(L, -1, toLuaString('tostring'));
  lua.lua_setfield(L, -2, toLuaString('__tostring'));
  setText(L, '__metatable', 'buffer');
  lua.lua_pop(L, 1);
  lua.lua_createtable(L, 0, 3);
  for (const [name, fn] of Object.entries(functionsOf(state, functions))) setFunction(L, name, fn);
  return 1;
}

function topTable(L: LuaState): LuaTable {
  return (L.stack[L.top - 1] as TaggedValue).value as LuaTable;
}

function functionsOf(state: FengariFfi, functions: Functions): Record<string, LuaFunction> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, fn]) => [
      name,
      state.wrap((L) => {
        const results = fn(L.stack.slice(L.ci.funcOff + 1, L.top).map(({ type, value }) => new TValue(type, value)));
        lua.lua_checkstack(L, results.length);
        for (const result of results) push(L, result);
        return results.length;
      }),
    ]),
  );
}

function hostOf(state: FengariFfi, metatable: LuaTable): BufferHost<TaggedValue> {
  const { adapter } = state;
  const format = formatter(state);
  const isNumber = (value: TaggedValue): boolean => value.type === TAG.integer || value.type === TAG.float;
  return {
    tables: {
      lengthOf: (table) => {
        let length = 0;
        while (luaH_getint(table.value as LuaTable, length + 1).type !== TAG.nil) length++;
        return length;
      },
      entries: (table) => entriesOf(table.value as LuaTable),
      make: () => {
        const { L } = adapter;
        lua.lua_checkstack(L, 1);
        lua.lua_createtable(L, 0, 0);
        const table = new TValue(TAG.table, topTable(L));
        lua.lua_pop(L, 1);
        return table;
      },
      set: (table, key, value) => {
        if (key.type === TAG.nil) throw new TypeError('table index is nil');
        if (isNumber(key) && Number.isNaN(key.value)) throw new TypeError('table index is NaN');
        luaH_setfrom(adapter.L, table.value as LuaTable, key, value);
      },
      metatableOf: (table) => (table.value as LuaTable).metatable,
      setMetatable: (table, mt) => {
        (table.value as LuaTable).metatable = mt.value as LuaTable;
      },
      identityOf: (table) => table.value as LuaTable,
    },
    bufferOf: (value) => {
      const data = value.type === TAG.userdata ? (value.value as Userdata).data : null;
      return data instanceof StringBuffer ? data : null;
    },
    fromBuffer: (buffer) => adapter.newUserdata(buffer, metatable),
    textOf: (value) => {
      const { L } = adapter;
      lua.lua_checkstack(L, 4);
      push(L, value);
      const isText = isNumber(value) || lauxlib.luaL_getmetafield(L, -1, toLuaString('__tostring')) !== TAG.nil;
      if (isText && !isNumber(value)) lua.lua_pop(L, 1);
      if (isText) lauxlib.luaL_tolstring(L, -1);
      const { type, value: text } = isText ? (L.stack[L.top - 1] as TaggedValue) : NIL;
      lua.lua_pop(L, isText ? 2 : 1);
      return isText ? new TValue(type, text) : null;
    },
    format: (args) => {
      const { L } = adapter;
      lua.lua_checkstack(L, args.length + 1);
      lua.lua_pushcfunction(L, state.wrap(format));
      for (const one of args.slice(1)) push(L, one);
      lua.lua_call(L, args.length - 1, 1);
      const { type, value } = L.stack[L.top - 1] as TaggedValue;
      lua.lua_pop(L, 1);
      return new TValue(type, value);
    },
  };
}

function* entriesOf(table: LuaTable): Generator<readonly [TaggedValue, TaggedValue]> {
  for (let entry = table.f; entry !== undefined; entry = entry.n) {
    if (entry.value.type !== TAG.nil) yield [entry.key, entry.value];
  }
}
