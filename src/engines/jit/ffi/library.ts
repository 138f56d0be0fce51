/**
 * The table `ffi` of the jit engine, and what makes cdata values of its Lua.
 * @module
 */
import type { CLibrary, Ffi, Native, NativeLibrary } from '../../../ffi/index.ts';
import type { Cdef } from '../../../view/index.ts';
import { type LuaFunction, NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { LuaUserdata } from '../runtime/values.ts';
import { given, type JitAdapter } from './adapter.ts';
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
  const table = state.library({ ...functions(state, ffi), C: namespace(state, ffi, null), os: ffi.os, arch: ffi.arch });
  return { cdef, adapter, ffi, table };
}

function functions(state: LuaState, ffi: Ffi<unknown>): Record<string, LuaFunction> {
  const withNil = (fn: (...args: unknown[]) => unknown): LuaFunction => {
    return (...args) => fn(...given(args));
  };
  return {
    cdef: withNil((text, ...parameters) => {
      ffi.cdef(text, parameters);
      return NONE;
    }),
    typeof: withNil((ct, ...parameters) => ffi.typeof(ct, parameters)),
    new: withNil((ct, ...args) => ffi.new(ct, args)),
    cast: withNil((ct, value) => ffi.cast(ct, value)),
    sizeof: withNil((ct, count) => ffi.sizeof(ct, count) ?? undefined),
    alignof: withNil((ct) => ffi.alignof(ct)),
    offsetof: withNil((ct, field) => ffi.offsetof(ct, field)),
    istype: withNil((ct, object) => ffi.istype(ct, object)),
    metatype: withNil((ct, metatable) => ffi.metatype(ct, metatable)),
    string: withNil((value, length) => ffi.string(value, length)),
    copy: withNil((target, source, length) => {
      ffi.copy(target, source, length);
      return NONE;
    }),
    fill: withNil((target, length, value) => {
      ffi.fill(target, length, value);
      return NONE;
    }),
    gc: withNil((object, finalizer) => ffi.gc(object, finalizer)),
    errno: withNil((value) => ffi.errno(value)),
    load: withNil((name, global) => namespace(state, ffi, ffi.load(name, global))),
    abi: withNil((parameter) => ffi.abi(parameter)),
  };
}

// `ffi.C`, or a loaded library: a userdata that answers for every declared name.
function namespace(state: LuaState, ffi: Ffi<unknown>, library: NativeLibrary | null): LuaUserdata {
  const metatable = state.library({
    __index: (_object: unknown, name: unknown) => ffi.symbol(name, library),
    __newindex: (_object: unknown, name: unknown, value: unknown) => {
      ffi.setSymbol(name, value, library);
      return NONE;
    },
  });
  return new LuaUserdata(library ?? { library: 'ffi.C' }, metatable);
}
