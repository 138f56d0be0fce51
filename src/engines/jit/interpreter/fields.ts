/**
 * Fields and elements where no metamethod is asked.
 * @module
 */
import { type Fields, LuaTable } from '../runtime/table.ts';
import type { Activation } from './activation.ts';

/** What may be asked of any value but nil: tables have all of it, cdata some, others nothing. */
export interface Indexed {
  readonly [property: string]: unknown;
  readonly arr?: unknown[];
  readonly hash?: unknown;
  readonly mt?: Fields | null;
  getAt?(key: unknown): unknown;
  setAt?(key: unknown, value: unknown): void;
  readonly hasElements?: boolean;
}

/** Whether a cdata reads or writes its elements itself; in coroutines not where a metamethod would, as that may yield. */
export function hasAccess({ isTwin }: Activation, object: Indexed, key: unknown): boolean {
  return !isTwin || (typeof key === 'number' && object.hasElements === true);
}

/** Most often a field of what the metatable says, which strings have one of for all. */
export function methodOf(object: Indexed | string | undefined, property: string, strings: Fields | null): unknown {
  if (object === undefined) return undefined;
  let methods: unknown;
  if (typeof object === 'string') methods = strings?.['$__index'];
  else {
    const own = object[property];
    if (own !== undefined || object.hash !== null) return own;
    methods = object.mt?.['$__index'];
  }
  return methods instanceof LuaTable ? (methods as unknown as Fields)[property] : undefined;
}

/** A field that is there already is overwritten; a new one is added where nothing else may be asked. */
export function storedField(object: Indexed, property: string, value: unknown): boolean {
  if (value === undefined) return false;
  if (object[property] === undefined && (object.hash !== null || (object.mt !== null && object.mt?.['$__newindex'] !== undefined)))
    return false;
  (object as Fields)[property] = value;
  return true;
}

/** An element that is there already, or may be. */
export function storedElement(object: Indexed | undefined, key: unknown, value: unknown): boolean {
  if (typeof key !== 'number' || value === undefined || object === undefined) return false;
  const array = object.arr;
  if (array === undefined || !(key > 0 && key <= array.length) || (key | 0) !== key) return false;
  if (object.mt !== null && array[key - 1] === undefined) return false;
  array[key - 1] = value;
  return true;
}
