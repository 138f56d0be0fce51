/**
 * Calls of C functions without a frame. `ffi.C.f(x)` is a call of a userdata to fengari: its `__call` is looked up, the arguments are moved,
 * a frame is made, the result is moved back. Here `luaD_precall`, through which the VM calls, knows the functions of C and calls them at
 * once. A frame is made for an error alone, which needs the name of the function.
 * @module
 */
import { Handle } from './adapter.ts';
import type { FengariFfi } from './ffi.ts';
import { ldo, luaE_extendCI } from './internals.ts';
import { lua, type LuaState, NIL, TAG, type TaggedValue, TValue } from './vm.ts';

const STATES: WeakMap<object, FengariFfi> = new WeakMap();
// The state of the last call, as there is mostly one.
let lastGlobal: object | null = null;
let last: FengariFfi | null = null;
let isInstalled = false;

/** For hooks of calls and returns, which are to see all of them (`lua.h`). */
const CALL_HOOKS = 1 | 2;
/** Slots that a function in JavaScript may use (`LUA_MINSTACK`). */
const LEAST_ROOM = 20;

type Slot = TaggedValue & { setfrom(value: TaggedValue): void };

/** Makes a state's calls of C functions quick. The VM is changed process-wide, once; other states see no difference. */
export function installCalls(L: LuaState, state: FengariFfi): void {
  STATES.set(L.l_G, state);
  if (isInstalled) return;
  isInstalled = true;
  const original = ldo.luaD_precall;
  ldo.luaD_precall = (S, at, results) => {
    const callee = S.stack[at] as TaggedValue;
    // A number, not TAG: this runs all the time, and imported bindings are loaded each time.
    if (callee.type === 7 && (S.hookmask & CALL_HOOKS) === 0 && callee.value instanceof Handle) {
      const handle = callee.value;
      const ffi = S.l_G === lastGlobal ? last : stateOf(S);
      if (ffi !== null && handle.caller !== null) {
        handle.caller ??= callerOf(ffi, handle);
        if (handle.caller !== null) {
          settle(S, at, results, call(S, ffi, handle.caller, at));
          return true;
        }
      }
    }
    return original(S, at, results);
  };
}

function stateOf(L: LuaState): FengariFfi | null {
  const state = STATES.get(L.l_G) ?? null;
  if (state !== null) [lastGlobal, last] = [L.l_G, state];
  return state;
}

function callerOf({ ffi, adapter }: FengariFfi, handle: Handle): NonNullable<Handle['caller']> | null {
  const value = new TValue(TAG.userdata, handle);
  return adapter.typeOf(value) === 'cdata' ? ffi.caller(adapter.toCData(value)) : null;
}

function call(L: LuaState, state: FengariFfi, run: NonNullable<Handle['caller']>, at: number): TaggedValue | null {
  const { adapter } = state;
  const previous = adapter.L;
  const { ci } = L;
  const { top } = ci;
  adapter.L = L;
  try {
    return L.top === at + 2 ? run(L.stack[at + 1] as TaggedValue) : run(...L.stack.slice(at + 1, L.top));
  } catch (error) {
    if (error instanceof Error) enterFrame(L, at);
    return state.raise(L, error);
  } finally {
    adapter.L = previous;
    ci.top = top;
  }
}

// As for a call of a function in JavaScript, which then raises.
function enterFrame(L: LuaState, at: number): void {
  lua.lua_checkstack(L, LEAST_ROOM);
  const info = luaE_extendCI(L);
  // What has a frame is a function.
  info.func = new TValue(TAG.lightFunction, () => 0);
  info.funcOff = at;
  info.nresults = 0;
  info.top = L.top + LEAST_ROOM;
  info.callstatus = 0;
}

// Puts the result where the callee was; `wanted` is negative for as many as there are.
function settle(L: LuaState, at: number, wanted: number, result: TaggedValue | null): void {
  const { stack } = L;
  let end = at + wanted;
  if (wanted < 0) end = result === null ? at : at + 1;
  if (end > at) (stack[at] as Slot).setfrom(result ?? NIL);
  for (let i = at + 1; i < end; i++) {
    if (i < L.top) (stack[i] as Slot).setfrom(NIL);
    else stack[i] = new TValue(TAG.nil, null);
  }
  for (let i = L.top - 1; i >= end; i--) delete stack[i];
  L.top = end;
}
