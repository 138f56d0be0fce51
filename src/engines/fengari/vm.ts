/**
 * The parts of fengari that are used, typed. The public API is Lua's C API; the internals (values on the stack,
 * tables, strings) are used where the API would decode every string, and are pinned by the exact version.
 * @module
 */
import type { FengariModules } from './modules.ts';

/** A fengari string; `hash` is its key in tables. */
export interface LuaString {
  readonly realstring: Uint8Array;
}

export interface LuaTable {
  metatable: LuaTable | null;
  /** Its first entry; undefined for an empty one. */
  readonly f: TableEntry | undefined;
}

export interface TableEntry {
  readonly key: TaggedValue;
  readonly value: TaggedValue;
  /** The next one. */
  readonly n: TableEntry | undefined;
}

/** A table as fengari has it: a map, and a list in the order of `next`. */
export interface MutableTable extends LuaTable {
  f: MutableEntry | undefined;
  l: MutableEntry | undefined;
  readonly strong: Map<unknown, MutableEntry>;
}

export interface MutableEntry extends TableEntry {
  p: MutableEntry | null | undefined;
  n: MutableEntry | undefined;
}

/** A full userdata. */
export interface Userdata {
  metatable: LuaTable | null;
  data: unknown;
}

/** A tagged value; slots of the stack and of tables are changed in place, so whoever keeps one copies it. */
export interface TaggedValue {
  readonly type: number;
  readonly value: unknown;
}

/** A `lua_State`. */
export interface LuaState {
  top: number;
  stack: TaggedValue[];
  stack_last: number;
  readonly ci: { readonly funcOff: number; top: number; callstatus: number };
  readonly l_G: object;
  /** Whether hooks run. */
  allowhook: number;
  /** Which events have a hook. */
  readonly hookmask: number;
  /** Calls on the stack that a coroutine cannot yield across. */
  readonly nny: number;
}

export type LuaFunction = (L: LuaState) => number;
type Text = Uint8Array;

/** What `lua_getinfo` tells of a call. */
export interface CallRecord {
  readonly name: Text | null;
  /** What the name is of: `global`, `local`, `method`, `field`, `metamethod` ... */
  readonly namewhat: Text | null;
}

export interface LuaApi {
  readonly LUA_OK: number;
  readonly LUA_ERRSYNTAX: number;
  readonly LUA_MASKCOUNT: number;
  readonly LUA_MULTRET: number;
  readonly LUA_REGISTRYINDEX: number;
  readonly LUA_RIDX_GLOBALS: number;
  readonly lua_Debug: new () => CallRecord;
  lua_absindex(L: LuaState, index: number): number;
  lua_atnativeerror(L: LuaState, handler: LuaFunction | null): LuaFunction | null;
  lua_call(L: LuaState, args: number, results: number): void;
  lua_checkstack(L: LuaState, count: number): boolean;
  lua_close(L: LuaState): void;
  lua_createtable(L: LuaState, array: number, record: number): void;
  lua_error(L: LuaState): never;
  lua_getfield(L: LuaState, index: number, name: Text): number;
  lua_getglobal(L: LuaState, name: Text): number;
  lua_getinfo(L: LuaState, what: Text, call: CallRecord): number;
  lua_getstack(L: LuaState, level: number, call: CallRecord): number;
  lua_gettable(L: LuaState, index: number): number;
  lua_gettop(L: LuaState): number;
  lua_isnoneornil(L: LuaState, index: number): boolean;
  lua_insert(L: LuaState, index: number): void;
  lua_next(L: LuaState, index: number): number;
  lua_pcall(L: LuaState, args: number, results: number, handler: number): number;
  lua_pop(L: LuaState, count: number): void;
  lua_pushcfunction(L: LuaState, fn: LuaFunction): void;
  lua_pushboolean(L: LuaState, value: boolean): void;
  lua_pushinteger(L: LuaState, value: number): void;
  lua_pushglobaltable(L: LuaState): void;
  lua_pushnil(L: LuaState): void;
  lua_pushstring(L: LuaState, text: Text): Text;
  lua_pushvalue(L: LuaState, index: number): void;
  lua_rawlen(L: LuaState, index: number): number;
  lua_rawset(L: LuaState, index: number): void;
  lua_rawequal(L: LuaState, a: number, b: number): boolean;
  lua_remove(L: LuaState, index: number): void;
  lua_setfield(L: LuaState, index: number, name: Text): void;
  lua_setglobal(L: LuaState, name: Text): void;
  lua_setmetatable(L: LuaState, index: number): void;
  lua_sethook(L: LuaState, hook: ((L: LuaState) => void) | null, mask: number, count: number): void;
  lua_settable(L: LuaState, index: number): void;
  lua_settop(L: LuaState, index: number): void;
  lua_tolstring(L: LuaState, index: number): Uint8Array | null;
  lua_type(L: LuaState, index: number): number;
}

export interface LuaAuxiliary {
  luaL_checkinteger(L: LuaState, index: number): number;
  luaL_checkstring(L: LuaState, index: number): Text;
  /** Pushes a field of a value's metatable; where there is none, nothing is pushed and it answers 0. */
  luaL_getmetafield(L: LuaState, index: number, name: Text): number;
  luaL_getsubtable(L: LuaState, index: number, name: Text): boolean;
  luaL_loadbufferx(L: LuaState, text: Uint8Array, size: number, chunkName: Text, mode: Text): number;
  luaL_newstate(): LuaState;
  luaL_requiref(L: LuaState, name: Text, open: LuaFunction, isGlobal: number): void;
  luaL_tolstring(L: LuaState, index: number): Uint8Array;
  luaL_typename(L: LuaState, index: number): Text;
  luaL_traceback(L: LuaState, of: LuaState, message: Text | null, level: number): void;
  luaL_where(L: LuaState, level: number): void;
}

interface Fengari {
  readonly lua: LuaApi;
  readonly lauxlib: LuaAuxiliary;
  readonly lualib: { luaL_openlibs(L: LuaState): void };
  readonly to_luastring: (text: string, cache?: boolean) => Uint8Array;
}

// All of these are there once `loadFengari` has been called (`load.ts`), and the same from then on.

export let lua: LuaApi;
export let lauxlib: LuaAuxiliary;
export let lualib: Fengari['lualib'];
let fengari: Fengari;
/** JavaScript text as UTF-8. */
export const toLuaString: (text: string) => Uint8Array = (text) => fengari.to_luastring(text);

interface Objects {
  readonly TValue: new (type: number, value: unknown) => TaggedValue;
  readonly Udata: new (L: LuaState, size: number) => Userdata;
}
export let TValue: Objects['TValue'];
export let Udata: Objects['Udata'];

interface Strings {
  readonly TString: { readonly prototype: LuaString };
  readonly luaS_bless: (L: LuaState, bytes: Uint8Array) => LuaString;
}
export let TString: Strings['TString'];
/** A string that takes ownership of the bytes. */
export let luaS_bless: Strings['luaS_bless'];

interface Tables {
  readonly luaH_get: (L: LuaState, table: LuaTable, key: TaggedValue) => TaggedValue;
  readonly luaH_getstr: (table: LuaTable, key: LuaString) => TaggedValue;
  readonly luaH_getint: (table: LuaTable, key: number) => TaggedValue;
  /** Sets an entry, or with nil deletes it, without metamethods. */
  readonly luaH_setfrom: (L: LuaState, table: LuaTable, key: TaggedValue, value: TaggedValue) => void;
}
export let luaH_get: Tables['luaH_get'];
export let luaH_getstr: Tables['luaH_getstr'];
export let luaH_getint: Tables['luaH_getint'];
export let luaH_setfrom: Tables['luaH_setfrom'];
/** What the VM sets entries with; the exports are what is called, and may be replaced. */
export let ltable: { luaH_setfrom: Tables['luaH_setfrom']; luaH_setint: (table: LuaTable, key: number, value: TaggedValue) => void };

/** How the VM finds and calls metamethods; the exports are what it looks at, and may be replaced. */
export let ltm: {
  /** The metamethod of a value for an event, which `TMS` numbers; nil for none. */
  luaT_gettmbyobj: (L: LuaState, value: TaggedValue, event: number) => TaggedValue;
  readonly TMS: Readonly<Record<'TM_INDEX' | 'TM_NEWINDEX', number>>;
  luaT_callTM: (
    L: LuaState,
    fn: TaggedValue,
    object: TaggedValue,
    key: TaggedValue,
    /** Where the result goes, or the third operand. */
    third: TaggedValue & { setfrom(value: TaggedValue): void },
    hasResult: number,
  ) => void;
};

/** A nil. */
export let NIL: TaggedValue;

/** Fills in the exports. */
export function setApi(modules: FengariModules): void {
  fengari = modules.fengari as Fengari;
  ({ lua, lauxlib, lualib } = fengari);
  ({ TValue, Udata } = modules.lobject as Objects);
  ({ TString, luaS_bless } = modules.lstring as Strings);
  ({ luaH_get, luaH_getstr, luaH_getint, luaH_setfrom } = modules.ltable as Tables);
  ltable = modules.ltable as typeof ltable;
  ltm = modules.ltm as typeof ltm;
  NIL = new TValue(TAG.nil, null);
}

/** Type tags: the low four bits are Lua's type, the next two the variant (`lua.h`, `lobject.h`). */
export const TAG = {
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  float: 3,
  integer: 3 | 16,
  // fengari makes all strings 'long'.
  string: 4 | 16,
  table: 5,
  function: 6,
  lightFunction: 6 | 16,
  userdata: 7,
  thread: 8,
} as const;
export const TYPE_MASK = 0x0f;
