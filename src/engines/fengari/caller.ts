/**
 * Messages about arguments name the function as the call did, as LuaJIT's do: by the local, field or method that was called, `?` where
 * there was none (`pcall(f)`, tail calls).
 * @module
 */
import { decodeUtf8 } from '../../util/utf8.ts';
import type { ArgumentError } from '../../util/errors.ts';
import { lua, type LuaState, toLuaString } from './vm.ts';

/** The message of an error about an argument of the C function that runs. */
export function argumentMessage(L: LuaState, { index, reason }: ArgumentError): string {
  const { name, what } = calleeOf(L);
  if (what !== 'method') return `bad argument #${index} to '${name}' (${reason})`;
  // `object:method()` does not count the object.
  return index === 1 ? `calling '${name}' on bad self (${reason})` : `bad argument #${index - 1} to '${name}' (${reason})`;
}

function calleeOf(L: LuaState): { name: string; what: string } {
  const call = new lua.lua_Debug();
  lua.lua_getstack(L, 0, call);
  lua.lua_getinfo(L, toLuaString('n'), call);
  const [name, what] = [call.name, call.namewhat].map((text) => (text === null ? '' : decodeUtf8(text))) as [string, string];
  if (what === 'metamethod') return { name: `__${name}`, what };
  if (what === 'for iterator') return { name: '(for generator)', what };
  return { name: name === '' ? '?' : name, what };
}
