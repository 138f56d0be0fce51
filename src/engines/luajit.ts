/**
 * What both engines say of themselves in LuaJIT's `jit`.
 * @module
 */
import type { EngineName } from './engine.ts';

/** The fields of `jit` that are no functions; the number is that of a LuaJIT 2.1. */
export function jitFields(engine: EngineName): { readonly [name: string]: string | number; readonly version_num: number } {
  return { os: 'Linux', arch: 'x64', version: `cdef on ${engine}`, version_num: 20199 };
}

/** LuaJIT's modules that only the engine `jit` has. */
export const JIT_MODULES = ['jit.v', 'jit.dump', 'jit.p', 'jit.profile', 'jit.util', 'jit.zone'] as const;
