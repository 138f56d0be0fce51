/**
 * Which thread's code runs or is compiled now: parts of fengari that are given values alone ask for it.
 * @module
 */
import { lparser, lvm } from './internals.ts';
import type { LuaState } from './vm.ts';

let isInstalled = false;
/** The thread whose Lua code runs, or for which text is compiled; null outside of all. */
export let running: LuaState | null = null;

/** Keeps `running` true from now on; process-wide, once. */
export function installRunning(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { luaV_execute } = lvm;
  lvm.luaV_execute = (L) => {
    const previous = running;
    running = L;
    try {
      luaV_execute(L);
    } finally {
      running = previous;
    }
  };
  const { luaY_parser } = lparser;
  lparser.luaY_parser = (L, ...rest) => {
    const previous = running;
    running = L;
    try {
      return luaY_parser(L, ...rest);
    } finally {
      running = previous;
    }
  };
}
