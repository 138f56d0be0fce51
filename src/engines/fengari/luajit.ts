/**
 * What makes scripts for LuaJIT feel at home in a state of fengari: literals, `==` and `type` of cdata, `bit`, Lua 5.1's names.
 * @module
 */
import type { Dialect } from '../engine.ts';
import { push } from './adapter.ts';
import { baseFunctions } from './base.ts';
import { installEquality } from './equality.ts';
import type { FengariFfi } from './ffi.ts';
import { installLiterals } from './literals.ts';
import { openLua51 } from './lua51.ts';
import { installMessages } from './messages.ts';
import { installNumerals } from './numerals.ts';
import { installOrder } from './order.ts';
import { setFunction } from './tables.ts';
import { lauxlib, lua, type LuaState, toLuaString } from './vm.ts';

/** Gives a state with Lua's standard libraries and `ffi` what `dialect` asks for. */
export function openDialect(L: LuaState, state: FengariFfi, { literals = true, repairs = true, lua51 = true }: Dialect): void {
  if (literals) installLiterals(L, state);
  if (repairs) {
    installEquality(L, state);
    installOrder();
    installMessages(L);
    installNumerals(L);
    state.adapter.hasIntegers = false;
    lua.lua_pushglobaltable(L);
    for (const [name, fn] of Object.entries(baseFunctions(L, state))) setFunction(L, name, fn);
    lua.lua_pop(L, 1);
  }
  if (lua51) {
    lauxlib.luaL_requiref(L, toLuaString('bit'), (S) => openBit(S, state), 1);
    lua.lua_pop(L, 1);
    openLua51(L, state);
  }
}

function openBit(L: LuaState, state: FengariFfi): number {
  lua.lua_checkstack(L, 4);
  lua.lua_createtable(L, 0, 12);
  for (const [name, fn] of Object.entries(state.ffi.bit.functions)) {
    setFunction(
      L,
      name,
      state.wrap((S) => {
        push(S, fn(S.stack.slice(S.ci.funcOff + 1, S.top)));
        return 1;
      }),
    );
  }
  return 1;
}
