/**
 * Loads fengari when it is first needed: programs that only could run Lua do not wait for it.
 * @module
 */
import { setInternals } from './internals.ts';
import { fengariModules, type FengariModules } from './modules.ts';
import { setApi } from './vm.ts';

let isLoaded = false;

/**
 * Fills in what `vm.ts` and `internals.ts` export; once. Whatever opens a state, or a library in one, calls it first.
 * @param given fengari, where that is not the one that `require` finds
 * @internal
 */
export function loadFengari(given?: FengariModules): void {
  if (isLoaded) return;
  const modules = given ?? fengariModules();
  setApi(modules);
  setInternals(modules);
  isLoaded = true;
}
