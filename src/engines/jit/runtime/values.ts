/**
 * What Lua's values are in JavaScript, besides those that are JavaScript's own:
 *
 *     nil        undefined              string    a string of latin1: a character per byte
 *     boolean    boolean                table     LuaTable
 *     number     number                 function  a function, see `BuiltIn` and `../emit.ts` for how they are called
 *     thread     Coroutine              userdata  LuaUserdata
 *     cdata      CData, CTypeObject of the ffi
 * @module
 */
import { CData, CTypeObject, type LuaType } from '../../../ffi/index.ts';
import { Coroutine } from './coroutine.ts';
import { LuaTable } from './table.ts';

/** Any Lua value. */
export type LuaValue = unknown;

/** Userdata: an object of the host, which Lua cannot look into. */
export class LuaUserdata {
  readonly object: unknown;
  mt: LuaTable | null;

  constructor(object: unknown, mt: LuaTable | null = null) {
    this.object = object;
    this.mt = mt;
  }
}

/** A value's type as `type` names it. */
export function typeOf(value: unknown): LuaType {
  // Not a switch: V8 knows what to do with `typeof` where it is compared to a constant.
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'function') return 'function';
  if (typeof value === 'boolean') return 'boolean';
  if (value === undefined) return 'nil';
  if (value instanceof LuaTable) return 'table';
  if (value instanceof CData || value instanceof CTypeObject) return 'cdata';
  return value instanceof Coroutine ? 'thread' : 'userdata';
}

/** Whether a value counts as true in conditions. */
export function isTrue(value: unknown): boolean {
  return value !== undefined && value !== false;
}
