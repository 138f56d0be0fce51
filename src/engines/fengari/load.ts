/**
 * Loads fengari when it is first needed: programs that only could run Lua do not wait for it.
 * @module
 */
import { setInternals } from './internals.ts';
import { fengariModules } from './modules.ts';
import { setApi } from './vm.ts';

let isLoaded = false;

/** Fills in what `vm.ts` and `internals.ts` export; once. Whatever opens a state, or a library in one, calls it first. */
export function loadFengari(): void {
  if (isLoaded) return;
  const modules = fengariModules();
  setApi(modules);
  setInternals(modules);
  isLoaded = true;
}
