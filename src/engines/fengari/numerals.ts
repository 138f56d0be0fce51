/**
 * Numbers as text, as LuaJIT has them: `4294967295` and `inf` where fengari says `4294967295.0` and `Infinity`.
 * @module
 */
import { formatNumber } from '../../lua/index.ts';
import { lobject } from './internals.ts';
import { lua, luaS_bless, type LuaState, TAG, toLuaString } from './vm.ts';

const STATES: WeakSet<object> = new WeakSet();
let isInstalled = false;

/** Makes a state write numbers as LuaJIT. fengari is changed process-wide, once; other states see no difference. */
export function installNumerals(L: LuaState): void {
  STATES.add(L.l_G);
  if (isInstalled) return;
  isInstalled = true;
  const { luaO_tostring, luaO_pushvfstring } = lobject;
  // For concatenation and where text is asked for.
  lobject.luaO_tostring = (S, value) => {
    if (value.type !== TAG.float || !STATES.has(S.l_G)) {
      luaO_tostring(S, value);
      return;
    }
    // Not through the stack, whose top is where the VM concatenates.
    value.setsvalue(luaS_bless(S, Uint8Array.from(toLuaString(formatNumber(value.value as number)))));
  };
  // For `tostring`, which formats floats with just this.
  lobject.luaO_pushvfstring = (S, format, args) => {
    const isFloat = format.length === 2 && format[0] === 0x25 && format[1] === 0x66;
    if (isFloat && STATES.has(S.l_G)) return lua.lua_pushstring(S, toLuaString(formatNumber(args[0] as number)));
    return luaO_pushvfstring(S, format, args);
  };
}
