/**
 * The order of `pairs`: 1, 2, 3 ... first, as in LuaJIT, whose tables have a part that is an array. fengari goes by when a key was set, and sets
 * the elements of `{ a, b, c }` from the last to the first. Here a new element stands beside its neighbours, and before all other keys.
 * @module
 */
import { ltable, type LuaState, type LuaTable, type MutableEntry, type MutableTable, TAG, type TaggedValue } from './vm.ts';

let isInstalled = false;

/** Orders tables, process-wide; the order is nothing that Lua promises. */
export function installOrder(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { luaH_setint, luaH_setfrom } = ltable;
  ltable.luaH_setint = (table, key, value) => {
    const { size } = (table as MutableTable).strong;
    luaH_setint(table, key, value);
    if ((table as MutableTable).strong.size > size) place(table as MutableTable);
  };
  ltable.luaH_setfrom = (L: LuaState, table: LuaTable, key: TaggedValue, value: TaggedValue) => {
    const { size } = (table as MutableTable).strong;
    luaH_setfrom(L, table, key, value);
    if ((table as MutableTable).strong.size > size) place(table as MutableTable);
  };
}

// The entry that was added last, at the end of the list, goes where it belongs.
function place(table: MutableTable): void {
  const entry = table.l as MutableEntry;
  if (entry.key.type !== TAG.integer) return;
  const index = entry.key.value as number;
  if (index < 1 || entry === table.f) return;
  const before = index === 1 ? undefined : table.strong.get(index - 1);
  if (before !== undefined) {
    if (before.n !== entry) move(table, entry, before.n as MutableEntry);
    return;
  }
  const first = table.f as MutableEntry;
  const after = index === 1 ? first : (table.strong.get(index + 1) ?? (first.key.type === TAG.integer ? undefined : first));
  if (after !== undefined) move(table, entry, after);
}

// Takes the last entry of the list and puts it before another one.
function move(table: MutableTable, entry: MutableEntry, after: MutableEntry): void {
  const last = entry.p as MutableEntry;
  last.n = undefined;
  table.l = last;
  const before = after.p ?? undefined;
  entry.p = before;
  entry.n = after;
  after.p = entry;
  if (before === undefined) table.f = entry;
  else before.n = entry;
}
