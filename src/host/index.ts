/**
 * Lua for programs that embed it, without files: for browsers.
 * @module
 */
export { type Engine, type EngineName, LuaBytes, type LuaFunction, type Methods, Userdata, type UserdataClass } from '../engines/engine.ts';
export { LuaError, LuaSyntaxError } from '../util/errors.ts';
export { type ConfigDefaults, createLua, engineNames, type LibcHost, Lua, type LuaOptions, type Native } from './lua.ts';
