/**
 * fengari's values for the ffi. A value is a tagged value of fengari; those handed out may be slots of the stack or
 * of a table, so whoever keeps one copies it.
 * @module
 */
import { CData, CTypeObject, type LuaAdapter, type LuaType } from '../../ffi/index.ts';
import { Userdata as HostUserdata } from '../engine.ts';
import { latin1OfString } from './strings.ts';
import {
  lua,
  luaH_getint,
  luaH_getstr,
  luaS_bless,
  type LuaFunction,
  type LuaState,
  type LuaString,
  type LuaTable,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  TYPE_MASK,
  Udata,
  type Userdata,
} from './vm.ts';

// A userdata for a cdata; leaner than fengari's own, of which one is made per field read that gives a struct.
export class Handle implements Userdata {
  metatable: LuaTable | null;
  readonly data: unknown;
  /** Of a C function: what calls it; null for what is none, undefined as long as nobody asked. */
  caller: ((...args: TaggedValue[]) => TaggedValue | null) | null | undefined;

  constructor(metatable: LuaTable | null, data: unknown) {
    this.metatable = metatable;
    this.data = data;
    this.caller = undefined;
  }
}

// Makes handles userdata to fengari, before there is one.
function adoptHandles(): void {
  if (Handle.prototype instanceof Udata) return;
  Object.setPrototypeOf(Handle.prototype, Udata.prototype);
  // What fengari's constructor would set; `lua_setuservalue` on a cdata is nobody's business.
  Object.assign(Handle.prototype, { id: 0, len: 0, uservalue: new TValue(TAG.nil, null) });
}

const TYPES: readonly LuaType[] = ['nil', 'boolean', 'userdata', 'number', 'string', 'table', 'function', 'userdata', 'thread'];

/** Pushes a value onto the stack: a copy, as slots are changed in place. */
export function push(L: LuaState, value: TaggedValue): void {
  L.stack[L.top] = new TValue(value.type, value.value);
  L.top++;
}

/** The cdata or ctype object in a value; null where it is something else. */
export function cdataIn(value: TaggedValue | undefined): CData | CTypeObject | null {
  if (value === undefined || value.type !== TAG.userdata) return null;
  const { data } = value.value as Userdata;
  return data instanceof CData || data instanceof CTypeObject ? data : null;
}

/** The number that a JavaScript number is in Lua 5.3: an integer where it fits 32 bits. */
export function numberValue(value: number): TaggedValue {
  const isInteger = (value | 0) === value && !Object.is(value, -0);
  return new TValue(isInteger ? TAG.integer : TAG.float, value);
}

export class FengariAdapter implements LuaAdapter<TaggedValue> {
  /** The running state: a coroutine's own while it runs. */
  L: LuaState;
  /** The metatable of every cdata. */
  metatable: LuaTable | null = null;
  /** Whether numbers of the ffi that fit 32 bits are Lua 5.3's integers, which wrap. */
  hasIntegers = true;
  /** Makes a function of Lua that turns what JavaScript code throws into Lua errors. */
  wrap: (fn: LuaFunction) => LuaFunction = (fn) => fn;
  /** See `LuaAdapter`; a state without an engine around it lets fengari's own errors through. */
  callFromHost: (callee: TaggedValue, args: readonly TaggedValue[]) => TaggedValue = (callee, args) => this.call(callee, args);
  readonly #names: Map<string, LuaString> = new Map();

  constructor(L: LuaState) {
    adoptHandles();
    this.L = L;
  }

  typeOf(value: TaggedValue): LuaType {
    const type = TYPES[value.type & TYPE_MASK] as LuaType;
    return type === 'userdata' && cdataIn(value) !== null ? 'cdata' : type;
  }

  isNumber(value: TaggedValue): boolean {
    return (value.type & TYPE_MASK) === TAG.number;
  }

  isString(value: TaggedValue): boolean {
    return value.type === TAG.string;
  }

  toBoolean(value: TaggedValue): boolean {
    return Boolean(value.value);
  }

  toNumber(value: TaggedValue): number {
    return value.value as number;
  }

  toBytes(value: TaggedValue): Uint8Array {
    return (value.value as LuaString).realstring;
  }

  lengthOf(value: TaggedValue): number {
    return (value.value as LuaString).realstring.length;
  }

  copyBytes(value: TaggedValue, target: Uint8Array, offset: number): void {
    target.set((value.value as LuaString).realstring, offset);
  }

  toName(value: TaggedValue): string {
    return latin1OfString(value.value as LuaString);
  }

  toCData(value: TaggedValue): CData | CTypeObject {
    return (value.value as Userdata).data as CData | CTypeObject;
  }

  cdataOf(value: TaggedValue): CData | null {
    const cdata = cdataIn(value);
    return cdata instanceof CData ? cdata : null;
  }

  bufferOf({ type, value }: TaggedValue): Uint8Array | null {
    return type === TAG.lightUserdata && value instanceof Uint8Array ? value : null;
  }

  toHostObject(value: TaggedValue): unknown {
    const object = value.type === TAG.userdata ? (value.value as Userdata).data : value.value;
    return object instanceof HostUserdata ? object.object : object;
  }

  keep({ type, value }: TaggedValue): TaggedValue {
    return new TValue(type, value);
  }

  nil(): TaggedValue {
    return new TValue(TAG.nil, null);
  }

  fromBoolean(value: boolean): TaggedValue {
    return new TValue(TAG.boolean, value);
  }

  fromNumber(value: number): TaggedValue {
    return this.hasIntegers ? numberValue(value) : new TValue(TAG.float, value);
  }

  fromBytes(bytes: Uint8Array, start?: number, end?: number): TaggedValue {
    return new TValue(TAG.string, luaS_bless(this.L, bytes.slice(start, end)));
  }

  fromCData(cdata: CData | CTypeObject): TaggedValue {
    cdata.handle ??= new Handle(this.metatable, cdata);
    return new TValue(TAG.userdata, cdata.handle);
  }

  fromFunction(fn: (args: readonly TaggedValue[]) => TaggedValue | null): TaggedValue {
    const wrapped = this.wrap((L) => {
      const result = fn(L.stack.slice(L.ci.funcOff + 1, L.top));
      if (result === null) return 0;
      push(L, result);
      return 1;
    });
    return new TValue(TAG.lightFunction, wrapped);
  }

  /** A full userdata of its own identity. */
  newUserdata(data: unknown, metatable: LuaTable | null = null): TaggedValue {
    return new TValue(TAG.userdata, new Handle(metatable, data));
  }

  rawGet(table: TaggedValue, key: string | number): TaggedValue {
    if (typeof key === 'number') return luaH_getint(table.value as LuaTable, key);
    return luaH_getstr(table.value as LuaTable, this.#name(key));
  }

  // Names from C are ASCII or UTF-8; kept, as metamethods are looked up all the time.
  #name(text: string): LuaString {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = luaS_bless(this.L, Uint8Array.from(toLuaString(text)));
      if (this.#names.size < 10_000) this.#names.set(text, name);
    }
    return name;
  }

  get(object: TaggedValue, key: TaggedValue): TaggedValue {
    const { L } = this;
    if (object.type === TAG.table && key.type === TAG.string) {
      const found = luaH_getstr(object.value as LuaTable, key.value as LuaString);
      if (found.type !== TAG.nil || (object.value as LuaTable).metatable === null) return found;
    }
    lua.lua_checkstack(L, 2);
    push(L, object);
    push(L, key);
    lua.lua_gettable(L, -2);
    return this.#pop(2);
  }

  set(object: TaggedValue, key: TaggedValue, value: TaggedValue): void {
    const { L } = this;
    lua.lua_checkstack(L, 3);
    for (const one of [object, key, value]) push(L, one);
    lua.lua_settable(L, -3);
    lua.lua_pop(L, 1);
  }

  call2(callee: TaggedValue, first: TaggedValue, second: TaggedValue): TaggedValue {
    return this.call(callee, [first, second]);
  }

  call(callee: TaggedValue, args: readonly TaggedValue[]): TaggedValue {
    const { L } = this;
    lua.lua_checkstack(L, args.length + 2);
    push(L, callee);
    for (const arg of args) push(L, arg);
    lua.lua_call(L, args.length, 1);
    return this.#pop(1);
  }

  tryCall(callee: TaggedValue, args: readonly TaggedValue[]): void {
    const { L } = this;
    lua.lua_checkstack(L, args.length + 2);
    push(L, callee);
    for (const arg of args) push(L, arg);
    if (lua.lua_pcall(L, args.length, 0, 0) !== lua.LUA_OK) lua.lua_pop(L, 1);
  }

  // The value on top, with `count` slots removed.
  #pop(count: number): TaggedValue {
    const { L } = this;
    const { type, value } = L.stack[L.top - 1] as TaggedValue;
    lua.lua_pop(L, count);
    return new TValue(type, value);
  }
}
