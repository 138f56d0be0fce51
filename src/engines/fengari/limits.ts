/**
 * Limits on what a script may do, kept by fengari's count hook.
 * @module
 */
import type { Memory } from '../../memory/index.ts';
import type { Limits } from '../engine.ts';
import { raiseText } from './tables.ts';
import { lauxlib, lua, type LuaFunction, type LuaState, type TaggedValue, toLuaString } from './vm.ts';

// Instructions between two looks at the limits: few enough to end a loop within a millisecond.
const STRIDE = 1000;

/** Watches one Lua state. */
export class Watch {
  readonly #main: LuaState;
  readonly #limits: Limits;
  readonly #memory: Memory;
  #left = 0;
  #deadline = 0;

  constructor(main: LuaState, limits: Limits, memory: Memory) {
    this.#main = main;
    this.#limits = limits;
    this.#memory = memory;
    // A script could take the hook away.
    lua.lua_getglobal(main, toLuaString('debug'));
    lua.lua_pushnil(main);
    lua.lua_setfield(main, -2, toLuaString('sethook'));
    lua.lua_pop(main, 1);
    for (const name of ['pcall', 'xpcall']) wrapFunction(main, '_G', name, keepingHooks);
    if (limits.bytes !== undefined) wrapFunction(main, 'string', 'rep', (original) => limitedRepetition(original, limits.bytes as number));
  }

  /** Before the host calls into Lua, and Lua is not running already. */
  begin(): void {
    const { steps, timeMs, bytes } = this.#limits;
    this.#left = steps ?? Number.POSITIVE_INFINITY;
    this.#deadline = timeMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeMs;
    if (bytes !== undefined) this.#memory.allowance = bytes;
    this.#hook(this.#main, STRIDE);
  }

  /** When the call is over. */
  end(): void {
    this.#memory.allowance = Number.POSITIVE_INFINITY;
  }

  // Coroutines inherit the hook, and what they run counts as well.
  #hook(L: LuaState, count: number): void {
    lua.lua_sethook(L, (running) => this.#look(running), lua.LUA_MASKCOUNT, count);
  }

  #reason(): string | null {
    const { steps, timeMs, signal } = this.#limits;
    if (signal?.aborted === true) return 'aborted';
    if (this.#left < 0) return `more than ${steps} steps`;
    return performance.now() > this.#deadline ? `more than ${timeMs} ms` : null;
  }

  #look(L: LuaState): void {
    this.#left -= STRIDE;
    const reason = this.#reason();
    if (reason === null) return;
    // From now on at every instruction, so that no `pcall` gets any further.
    this.#hook(L, 1);
    lua.lua_checkstack(L, 4);
    // A message handler runs within this hook, and is to be watched like all else.
    L.allowhook = 1;
    raiseText(L, 0, reason);
  }
}

// Puts what `wrap` makes of a library function in its place.
function wrapFunction(L: LuaState, table: string, name: string, wrap: (original: LuaFunction) => LuaFunction): void {
  lua.lua_getglobal(L, toLuaString(table));
  lua.lua_getfield(L, -1, toLuaString(name));
  const { value } = L.stack[L.top - 1] as TaggedValue;
  lua.lua_pop(L, 1);
  lua.lua_pushcfunction(L, wrap(value as LuaFunction));
  lua.lua_setfield(L, -2, toLuaString(name));
  lua.lua_pop(L, 1);
}

// Bit 0 of a call's status says that hooks run again once its error is caught. fengari keeps the bit where it is set, but
// never sets it: after an error in a coroutine there would be no more hooks (lapi.js, lua_pcallk).
function keepingHooks(original: LuaFunction): LuaFunction {
  return (L) => {
    L.ci.callstatus |= 1;
    return original(L);
  };
}

// string.rep makes any length in one step.
function limitedRepetition(original: LuaFunction, bytes: number): LuaFunction {
  return (L) => {
    const text = lauxlib.luaL_checkstring(L, 1).length;
    const separator = lua.lua_isnoneornil(L, 3) ? 0 : lauxlib.luaL_checkstring(L, 3).length;
    const length = (text + separator) * lauxlib.luaL_checkinteger(L, 2);
    return length > bytes ? raiseText(L, 1, `string of more than ${bytes} bytes`) : original(L);
  };
}
