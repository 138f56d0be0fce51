/**
 * The library's own functions that compiled text does in line (`emit-intrinsics.ts`): it asks whether it calls one of these.
 * @module
 */
import type { LuaFunction } from './functions.ts';
import type { LuaTable } from './table.ts';

const INTRINSICS: Readonly<Record<string, readonly string[]>> = {
  bit: ['band', 'bor', 'bxor', 'lshift', 'rshift', 'arshift', 'rol', 'ror', 'bnot', 'tobit'],
  math: ['floor', 'ceil', 'sqrt', 'abs', 'min', 'max'],
  string: ['byte'],
  _G: ['ipairs'],
};

/** By what compiled text calls them; null where there is no library. */
export type Intrinsics = Readonly<Record<string, LuaFunction | null>>;

/** What compiled text calls one of them. */
export function helperOf(name: string): string {
  return `I_${name}`;
}

export const NO_INTRINSICS: Intrinsics = Object.fromEntries(
  Object.values(INTRINSICS).flatMap((names) => names.map((name) => [helperOf(name), null])),
);

/** They by their names as helpers, from libraries that nobody has changed yet. */
export function intrinsicsOf(globals: LuaTable): Intrinsics {
  const found: Record<string, LuaFunction> = {};
  for (const [library, names] of Object.entries(INTRINSICS)) {
    const table = globals.getString(library) as LuaTable;
    for (const name of names) found[helperOf(name)] = table.getString(name) as LuaFunction;
  }
  return found;
}
