/**
 * The `jit` module where there is no JIT compiler, as LuaJIT answers when built without one: scripts that switch it
 * off or ask for its status run; switching it on raises.
 * @module
 */
import { decodeUtf8 } from '../../util/utf8.ts';
import { JIT_MODULES, jitFields } from '../luajit.ts';
import { loadFengari } from './load.ts';
import { raiseText, setFunction, setText } from './tables.ts';
import { lauxlib, lua, type LuaFunction, type LuaState, TAG, toLuaString } from './vm.ts';

// `jit.on()`, `jit.off()` and `jit.flush()` for the engine; with a function or `true` for parts of a program.
function mode(name: string): LuaFunction {
  return (L) => {
    const count = lua.lua_gettop(L);
    const type = count === 0 ? TAG.nil : lua.lua_type(L, 1);
    if (type === TAG.nil) {
      if (name === 'on') raiseText(L, 1, 'JIT compiler permanently disabled by build option');
      return 0;
    }
    const isTrace = name === 'flush' && type === TAG.number;
    if (type !== TAG.function && type !== TAG.boolean && !isTrace) functionExpected(L, name);
    return 0;
  };
}

function functionExpected(L: LuaState, name: string): never {
  const got = lua.lua_gettop(L) === 0 ? 'no value' : decodeUtf8(lauxlib.luaL_typename(L, 1));
  return raiseText(L, 1, `bad argument #1 to '${name}' (function expected, got ${got})`);
}

// `jit.opt.start(...)` takes any options of a compiler that is not there.
function luaopen_jit_opt(L: LuaState): number {
  lua.lua_createtable(L, 0, 1);
  setFunction(L, 'start', () => 0);
  return 1;
}

/** Opens the `jit` module and pushes its table. */
export function luaopen_jit(L: LuaState): number {
  loadFengari();
  lua.lua_checkstack(L, 4);
  lua.lua_createtable(L, 0, 10);
  const functions: Record<string, LuaFunction> = {
    on: mode('on'),
    off: mode('off'),
    flush: mode('flush'),
    status: (S) => {
      lua.lua_pushboolean(S, false);
      return 1;
    },
    // There is nothing to hear of.
    attach: (S) => (lua.lua_type(S, 1) === TAG.function ? 0 : functionExpected(S, 'attach')),
  };
  for (const [name, fn] of Object.entries(functions)) setFunction(L, name, fn);
  lauxlib.luaL_requiref(L, toLuaString('jit.opt'), luaopen_jit_opt, 0);
  lua.lua_setfield(L, -2, toLuaString('opt'));
  const { version_num, ...texts } = jitFields('fengari');
  for (const [name, text] of Object.entries(texts)) setText(L, name, String(text));
  lua.lua_pushinteger(L, version_num);
  lua.lua_setfield(L, -2, toLuaString('version_num'));
  lauxlib.luaL_getsubtable(L, lua.LUA_REGISTRYINDEX, toLuaString('_PRELOAD'));
  for (const name of JIT_MODULES) setFunction(L, name, (S) => raiseText(S, 1, `${name} is of the engine 'jit': there is no compiler here`));
  lua.lua_pop(L, 1);
  return 1;
}
