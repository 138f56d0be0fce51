/**
 * Filling the table on top of the stack, and raising: what the modules for fengari have in common.
 * @module
 */
import { decodeUtf8 } from '../../util/utf8.ts';
import { lauxlib, lua, type LuaFunction, type LuaState, type LuaString, type TaggedValue, toLuaString } from './vm.ts';

export function setText(L: LuaState, name: string, text: string): void {
  lua.lua_pushstring(L, toLuaString(text));
  lua.lua_setfield(L, -2, toLuaString(name));
}

export function setFunction(L: LuaState, name: string, fn: LuaFunction): void {
  lua.lua_pushcfunction(L, fn);
  lua.lua_setfield(L, -2, toLuaString(name));
}

/** Raises a Lua error with the place of the function at `level`: 0 the running one, 1 its caller. */
export function raiseText(L: LuaState, level: 0 | 1, message: string): never {
  lua.lua_checkstack(L, 4);
  lauxlib.luaL_where(L, level);
  const place = decodeUtf8(((L.stack[L.top - 1] as TaggedValue).value as LuaString).realstring);
  lua.lua_pop(L, 1);
  lua.lua_pushstring(L, toLuaString(place + message));
  return lua.lua_error(L);
}
