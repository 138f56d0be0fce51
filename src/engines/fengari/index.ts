/**
 * Lua on fengari: the engine, and `luaopen_ffi` for programs that run a fengari state of their own.
 * @module
 */
export { createFengari } from './engine.ts';
export { cdefOf, luaopen_ffi, pushValue } from './ffi.ts';
export { loadFengari } from './load.ts';
export type { FengariModules } from './modules.ts';
export { luaopen_jit } from './jit.ts';
export { repairStringHash } from './strings.ts';
export type { LuaState } from './vm.ts';
