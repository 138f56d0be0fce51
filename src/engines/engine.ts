/**
 * What an engine that runs Lua offers to the layers above: text in, values across, errors as `LuaError`.
 * @module
 */
import type { CLibrary, Native } from '../ffi/index.ts';
import type { Cdef } from '../view/index.ts';
import type { ScriptHost } from './host.ts';

/** Names of the engines that `createLua` can make. */
export const engineNames: readonly EngineName[] = ['fengari', 'jit'];

/** The name of an engine. */
export type EngineName = 'fengari' | 'jit';

/** The name of chunks that the host runs for itself; tools pass over them. */
export const HOST_CHUNK = '=(host)';

/**
 * A Lua function as a JavaScript function. It holds the function itself: calling it looks up nothing by name. It
 * returns the first result.
 *
 * @throws {LuaError} when the Lua code raises
 */
export interface LuaFunction {
  (...args: unknown[]): unknown;
  /** Calls it for all of its results. */
  all(...args: unknown[]): unknown[];
}

/** Text for Lua that is bytes: arrives as a Lua string with exactly these, as they are when it gets there. */
export class LuaBytes {
  readonly bytes: Uint8Array;
  /** Where in `bytes` the text begins. */
  readonly start: number;
  /** Where it ends: the first byte behind it. */
  readonly end: number;

  /**
   * All of `bytes`, or those from `start` up to `end`.
   * @throws {RangeError} when they are not all there
   */
  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= bytes.length))
      throw new RangeError(`bytes ${start} to ${end} of ${bytes.length}`);
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }
}

/** A class of userdata, see `defineClass`. */
export interface UserdataClass<T extends object> {
  /** A Lua value for `object`, to be passed to Lua functions; methods are called as `value:method(...)`. */
  wrap(object: T): Userdata<T>;
}

/** A JavaScript object on its way to Lua as userdata of a class. */
export class Userdata<T extends object = object> {
  readonly object: T;
  /** The engine's class. */
  readonly owner: object;
  /** The engine's own value, made on first use. */
  handle: unknown = null;

  constructor(object: T, owner: object) {
    this.object = object;
    this.owner = owner;
  }
}

/** Methods of a userdata class: the object first, then what Lua passed. */
// biome-ignore lint/suspicious/noExplicitAny: arguments come from Lua, where anything may be passed
export type Methods<T extends object> = Readonly<Record<string, (object: T, ...args: any[]) => unknown>>;

/** What a script may use up in one call from the host; whatever goes beyond raises an error that no `pcall` holds. */
export interface Limits {
  /**
   * fengari: instructions of the Lua machine, counted by the thousand in every coroutine: what a coroutine has done since its last thousand
   * is free. jit: rounds of loops and calls of functions, counted by the thousand.
   */
  readonly steps?: number;
  /**
   * Milliseconds by the clock, looked at every thousand steps, and by jit more often where steps take long: a single long host function is
   * not interrupted.
   */
  readonly timeMs?: number;
  /** Bytes allocated through `ffi`, whether or not they are freed, and of a string that `string.rep` makes. */
  readonly bytes?: number;
  /** Ends, once aborted, what runs and all that is called later. */
  readonly signal?: AbortSignal;
}

/** What of LuaJIT a state has; everything by default. */
export interface Dialect {
  /** The literals `1LL`, `1ULL`, `1i`, `0b101`; hexadecimal numbers above 2^31-1 that do not wrap. */
  readonly literals?: boolean;
  /** `==` between cdata and other types, `type`, `tonumber` and `collectgarbage` as in LuaJIT. */
  readonly repairs?: boolean;
  /** `bit`, and the names of Lua 5.1 that Lua 5.3 lacks: `unpack`, `setfenv`, `math.pow` ... */
  readonly lua51?: boolean;
}

/** What an engine is made of: `createFengari`, `createJit`. */
export interface EngineOptions extends Dialect {
  /** Declarations that Lua's `ffi` is to see from the start; new ones by default. */
  readonly cdef?: Cdef;
  /** C functions behind `ffi.C`, besides those that are defined in `cdef`; none by default. */
  readonly library?: CLibrary;
  /** Native libraries for `ffi.load`, and behind `ffi.C` where there is nothing else; none by default. */
  readonly native?: Native;
  /** What scripts may use up; no limits by default. */
  readonly limits?: Limits;
  /** Whether `jit` may compile functions to JavaScript, where the host allows that; true by default. Else they are interpreted. */
  readonly eval?: boolean;
  /** Whether text that `jit` generates has source maps; false by default. */
  readonly sourceMaps?: boolean;
  /** The world outside. */
  readonly host: ScriptHost;
}

/**
 * One Lua state.
 *
 * Values cross as follows. To Lua: numbers, booleans; text as UTF-8; `LuaBytes` as a string of these bytes; null and
 * undefined as nil; bigints as 64-bit cdata; struct views and pointers as cdata; functions as functions; plain arrays
 * and objects as tables (copies); buffers and all other objects as light userdata, which `ffi.cast` takes.
 * To JavaScript: numbers, booleans, nil as undefined; strings as text where they are UTF-8, else as `Uint8Array`; tables
 * as arrays (keys 1 to n), objects (keys that are text, and the empty table) or Maps (other keys), copied; functions as `LuaFunction`; 64-bit cdata as bigint, struct cdata as views,
 * pointers as `Pointer`; userdata as the object they wrap.
 */
export interface Engine {
  readonly name: EngineName;
  /** The C declarations that this state's `ffi` sees, and the place to define C functions. */
  readonly cdef: Cdef;
  /** Whether it compiles Lua to JavaScript; else it interprets, as `jit.status()` tells scripts. */
  readonly isCompiled: boolean;
  /**
   * Compiles Lua text to a function, without running it.
   * @param chunkName as in Lua: `@file.lua` for files, `=name` for other sources
   * @throws {LuaSyntaxError} when it is not Lua
   */
  load(text: string | Uint8Array, chunkName: string): LuaFunction;
  getGlobal(name: string): unknown;
  setGlobal(name: string, value: unknown): void;
  /**
   * Sets a field of the table that a global variable holds.
   * @throws {TypeError} when it holds none
   */
  setField(table: string, key: string | number, value: unknown): void;
  /** Makes `require(name)` answer `value`. */
  setModule(name: string, value: unknown): void;
  /**
   * Makes a class of userdata, and a table of the same functions under the global `name`: in Lua, `object:op()` calls
   * a method of a wrapped object, and so does `name.op(object)`.
   * @param from makes the methods' object of what was passed to Lua without `wrap`, such as a buffer; null refuses it
   */
  defineClass<T extends object>(name: string, methods: Methods<T>, from?: (object: unknown) => T | null): UserdataClass<T>;
  /**
   * Makes the state usable after the host has ended a call without unwinding it, as `node:vm` does by `breakOnSigint`; nothing of Lua may be
   * running. Engines that cannot be used any more then do not have it.
   */
  recover?(): void;
  /** Ends the state; using it afterwards raises. */
  close(): void;
}
