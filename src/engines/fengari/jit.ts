/**
 * The `jit` module where there is no JIT compiler, as LuaJIT answers when built without one: scripts that switch it
 * off or ask for its status run; switching it on raises.
 * @module
 */
import { loadFengari } from './load.ts';
import { raiseText, setFunction, setText } from './tables.ts';
import { lua, type LuaFunction, type LuaState, TAG, toLuaString } from './vm.ts';

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
    if (type !== TAG.function && type !== TAG.boolean && !isTrace) {
      raiseText(L, 1, `bad argument #1 to '${name}' (function expected)`);
    }
    return 0;
  };
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
    attach: () => 0,
  };
  for (const [name, fn] of Object.entries(functions)) setFunction(L, name, fn);
  setText(L, 'os', 'Linux');
  setText(L, 'arch', 'x64');
  setText(L, 'version', 'cdef on fengari');
  lua.lua_pushinteger(L, 20199);
  lua.lua_setfield(L, -2, toLuaString('version_num'));
  return 1;
}
