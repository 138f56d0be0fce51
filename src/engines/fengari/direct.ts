/**
 * Metamethods without a call. fengari calls a metamethod like any function: arguments are pushed, a frame is made, the
 * result is moved, the slots are deleted one by one. For reading and writing fields that costs more than the rest
 * together. A C function marked here has a second form that gets the operands and gives the result directly;
 * `luaT_callTM`, through which the VM calls metamethods, is replaced by one that looks for it. Everything else is left
 * to fengari's own.
 * @module
 */
import { type LuaFunction, type LuaState, ltm, TAG, type TaggedValue } from './vm.ts';

/** What a marked metamethod does: `__index` answers a value, `__newindex` takes one and answers null. */
export type Direct = (L: LuaState, object: TaggedValue, key: TaggedValue, value: TaggedValue | null) => TaggedValue | null;

const DIRECT: unique symbol = Symbol('direct');

interface Marked {
  [DIRECT]?: Direct;
}

/** Marks a metamethod with its direct form; `raise` turns what that throws into a Lua error. */
export function markDirect(fn: LuaFunction, direct: Direct, raise: (L: LuaState, error: unknown) => never): LuaFunction {
  (fn as Marked)[DIRECT] = (L, object, key, value) => {
    // The running function's frame must not grow by what a metamethod of a metatype needs.
    const { ci } = L;
    const { top } = ci;
    try {
      return direct(L, object, key, value);
    } catch (error) {
      return raise(L, error);
    } finally {
      ci.top = top;
    }
  };
  return fn;
}

let isInstalled = false;

/** Makes the VM look for direct forms; process-wide, once. Functions without the mark are called as before. */
export function installDirectCalls(): void {
  if (isInstalled) return;
  isInstalled = true;
  const original = ltm.luaT_callTM;
  ltm.luaT_callTM = (L, fn, object, key, third, hasResult) => {
    const direct = fn.type === TAG.lightFunction ? (fn.value as Marked)[DIRECT] : undefined;
    if (direct === undefined) {
      original(L, fn, object, key, third, hasResult);
    } else if (hasResult) {
      third.setfrom(direct(L, object, key, null) as TaggedValue);
    } else {
      direct(L, object, key, third);
    }
  };
}
