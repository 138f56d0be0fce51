/**
 * Values between JavaScript and a fengari state.
 * @module
 */
import { CTypeObject } from '../../ffi/index.ts';
import { decodeStrictUtf8 } from '../../util/utf8.ts';
import { isView } from '../../view/index.ts';
import { LuaBytes, type LuaFunction as CallableFunction, Userdata } from '../engine.ts';
import { fromEntries, MAX_DEPTH } from '../tables.ts';
import { cdataIn, numberValue, push } from './adapter.ts';
import type { FengariFfi } from './ffi.ts';
import {
  lua,
  luaS_bless,
  type LuaFunction,
  type LuaState,
  type LuaString,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  TYPE_MASK,
} from './vm.ts';

/** What the engine knows and values need: calling functions, userdata classes. */
export interface ValueContext {
  readonly state: FengariFfi;
  functionFrom(value: TaggedValue): CallableFunction;
  luaFunction(fn: (...args: unknown[]) => unknown): LuaFunction;
  userdataValue(userdata: Userdata): TaggedValue;
}

/** Pushes a JavaScript value; see `Engine` for how. */
export function pushValue(L: LuaState, value: unknown, context: ValueContext): void {
  // What is passed per packet comes first.
  if (typeof value === 'number') {
    L.stack[L.top++] = numberValue(value);
    return;
  }
  if (value instanceof Userdata) {
    push(L, context.userdataValue(value));
    return;
  }
  if (value instanceof Uint8Array) {
    L.stack[L.top++] = new TValue(TAG.lightUserdata, value);
    return;
  }
  pushOther(L, value, context, 0);
}

function pushOther(L: LuaState, value: unknown, context: ValueContext, depth: number): void {
  lua.lua_checkstack(L, 4);
  if (typeof value === 'string') push(L, stringValue(L, Uint8Array.from(toLuaString(value))));
  else if (value instanceof LuaBytes) push(L, stringValue(L, Uint8Array.from(value.bytes.subarray(value.start, value.end))));
  else if (typeof value === 'function') lua.lua_pushcfunction(L, context.luaFunction(value as (...args: unknown[]) => unknown));
  else if (value instanceof Userdata) push(L, context.userdataValue(value));
  else if (isPlain(value) && !isView(value)) pushTable(L, value, context, depth);
  else context.state.pushHost(L, value);
}

function stringValue(L: LuaState, bytes: Uint8Array): TaggedValue {
  return new TValue(TAG.string, luaS_bless(L, bytes));
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

function pushTable(L: LuaState, value: object, context: ValueContext, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError(`objects nested deeper than ${MAX_DEPTH} levels`);
  const entries: Iterable<[unknown, unknown]> = Array.isArray(value)
    ? value.map((one, i): [number, unknown] => [i + 1, one])
    : Object.entries(value);
  lua.lua_createtable(L, 0, 0);
  for (const [key, one] of entries) {
    pushOther(L, key, context, depth + 1);
    pushOther(L, one, context, depth + 1);
    lua.lua_settable(L, -3);
  }
}

/** A Lua value as JavaScript's; see `Engine` for how. */
export function toJavaScript(L: LuaState, value: TaggedValue, context: ValueContext, depth = 0): unknown {
  switch (value.type & TYPE_MASK) {
    case TAG.nil:
      return undefined;
    case TAG.boolean:
      return Boolean(value.value);
    case TAG.number:
      return value.value;
    case TAG.string & TYPE_MASK:
      return textOrBytes((value.value as LuaString).realstring);
    case TAG.table:
      return fromTable(L, value, context, depth);
    case TAG.function:
      return context.functionFrom(value);
    case TAG.userdata: {
      const cdata = cdataIn(value);
      if (cdata instanceof CTypeObject) return cdata;
      if (cdata !== null) return context.state.ffi.hostValues.toHost(cdata);
      return context.state.adapter.toHostObject(value);
    }
    default:
      return value.value;
  }
}

function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  return decodeStrictUtf8(bytes) ?? Uint8Array.from(bytes);
}

function fromTable(L: LuaState, table: TaggedValue, context: ValueContext, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new RangeError(`tables nested deeper than ${MAX_DEPTH} levels, or within themselves`);
  const entries: [unknown, unknown][] = [];
  lua.lua_checkstack(L, 4);
  push(L, table);
  lua.lua_pushnil(L);
  while (lua.lua_next(L, -2) !== 0) {
    const key = toJavaScript(L, L.stack[L.top - 2] as TaggedValue, context, depth + 1);
    entries.push([key, toJavaScript(L, L.stack[L.top - 1] as TaggedValue, context, depth + 1)]);
    lua.lua_pop(L, 1);
  }
  lua.lua_pop(L, 1);
  return fromEntries(entries);
}
