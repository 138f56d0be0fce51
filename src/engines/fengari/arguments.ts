/**
 * Arguments of functions that are written here, checked and worded as LuaJIT's library does. What is thrown becomes a Lua error
 * through `FengariFfi.wrap`.
 * @module
 */
import { numberOfString } from '../../lua/index.ts';
import { ArgumentError } from '../../util/errors.ts';
import type { FengariAdapter } from './adapter.ts';
import { type LuaState, TAG, type TaggedValue, TYPE_MASK } from './vm.ts';

/** The argument, from 1; undefined where there is none. */
export function argumentAt(L: LuaState, index: number): TaggedValue | undefined {
  const at = L.ci.funcOff + index;
  return at < L.top ? L.stack[at] : undefined;
}

export function badArgument(index: number, name: string, reason: string): never {
  throw new ArgumentError(index, name, reason);
}

export function wrongType(adapter: FengariAdapter, value: TaggedValue | undefined, expected: string, index: number, name: string): never {
  badArgument(index, name, `${expected} expected, got ${value === undefined ? 'no value' : adapter.typeOf(value)}`);
}

/** A number, or a string that is one. */
export function numberAt(L: LuaState, adapter: FengariAdapter, index: number, name: string): number {
  const value = argumentAt(L, index);
  const type = value === undefined ? -1 : value.type & TYPE_MASK;
  if (type === TAG.number) return value?.value as number;
  const number = type === (TAG.string & TYPE_MASK) ? numberOfString(adapter.toName(value as TaggedValue)) : null;
  return number ?? wrongType(adapter, value, 'number', index, name);
}

export function isGiven(value: TaggedValue | undefined): value is TaggedValue {
  return value !== undefined && value.type !== TAG.nil;
}
