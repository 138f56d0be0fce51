/**
 * The table `ffi` of the jit engine, and what makes cdata values of its Lua.
 * @module
 */
import type { CLibrary, Ffi, Native } from '../../../ffi/index.ts';
import type { Cdef } from '../../../view/index.ts';
import { type LuaFunction, NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { given, type JitAdapter } from './adapter.ts';
import { makeNamespace } from './namespace.ts';
import { Operations } from './operations.ts';

/** The ffi of a state of the jit engine. */
export interface JitFfi {
  readonly cdef: Cdef;
  readonly adapter: JitAdapter;
  readonly ffi: Ffi<unknown>;
  /** What `require 'ffi'` answers. */
  readonly table: LuaTable;
}

/**
 * Gives a state its ffi, over the declarations of `cdef`.
 * @param library C functions behind `ffi.C` besides those that are defined in `cdef`; none by default
 * @param native native libraries; none by default
 */
export function openFfi(state: LuaState, cdef: Cdef, library?: CLibrary, native?: Native): JitFfi {
  const operations = new Operations(state, cdef, library, native);
  const { adapter, ffi } = operations;
  state.cdata = operations;
  const table = state.library({ ...functions(state, ffi), C: makeNamespace(state, ffi, null), os: ffi.os, arch: ffi.arch });
  return { cdef, adapter, ffi, table };
}

function functions(state: LuaState, ffi: Ffi<unknown>): Record<string, LuaFunction> {
  const withNil = (fn: (...args: unknown[]) => unknown): LuaFunction => {
    return (...args) => fn(...given(args));
  };
  // The same for those that are called most: an argument that is something is no nil.
  const withTwo = (fn: (first: unknown, second: unknown) => unknown): LuaFunction => {
    const other = withNil(fn);
    return (...args) => (args[1] === undefined || args[0] === undefined ? other(...args) : fn(args[0], args[1]));
  };
  const withThree = (fn: (first: unknown, second: unknown, third: unknown) => void): LuaFunction => {
    const other = withNil(fn);
    return (...args) => {
      const { length } = args;
      const isGiven = args[0] !== undefined && args[1] !== undefined && (length === 2 || (length === 3 && args[2] !== undefined));
      if (isGiven) fn(args[0], args[1], args[2]);
      else other(...args);
      return NONE;
    };
  };
  return {
    cdef: withNil((text, ...parameters) => {
      ffi.cdef(text, parameters);
      return NONE;
    }),
    typeof: withNil((ct, ...parameters) => ffi.typeof(ct, parameters)),
    new: withNil((ct, ...args) => ffi.creation.new(ct, args)),
    cast: makeCast(ffi),
    sizeof: withNil((ct, count) => ffi.inquiry.sizeof(ct, count) ?? undefined),
    alignof: withNil((ct) => ffi.inquiry.alignof(ct)),
    offsetof: withNil((ct, field) => ffi.inquiry.offsetof(ct, field)),
    istype: withNil((ct, object) => ffi.inquiry.istype(ct, object)),
    metatype: withNil((ct, metatable) => ffi.metatype(ct, metatable)),
    string: withTwo((value, length) => ffi.transfer.string(value, length)),
    copy: withThree((target, source, length) => ffi.transfer.copy(target, source, length)),
    fill: withThree((target, length, value) => ffi.transfer.fill(target, length, value)),
    gc: withNil((object, finalizer) => ffi.gc(object, finalizer)),
    errno: withNil((value) => ffi.errno(value)),
    load: withNil((name, global) => makeNamespace(state, ffi, ffi.symbols.load(name, global))),
    abi: withNil((parameter) => ffi.abi(parameter)),
  };
}

// `ffi.cast`; most often to a type that the text names.
function makeCast({ creation }: Ffi<unknown>): LuaFunction {
  const slow = (...args: unknown[]): unknown => creation.cast(...(given(args) as []));
  return (...args) => {
    const ct = args[0];
    const value = args[1];
    const cast = typeof ct === 'string' && value !== undefined ? creation.recentCaster(ct) : undefined;
    return cast === undefined ? slow(...args) : cast(value);
  };
}
