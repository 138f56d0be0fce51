/**
 * Lua for a program that embeds it: run scripts, read their globals as configuration, call back into them. Works the
 * same on every engine, and without files; `scripts.ts` adds those. It knows no engine: `lua.ts` and `node.ts` have all of them, the command
 * loads the one that it needs.
 * @module
 */
import {
  type Dialect,
  type Engine,
  type EngineName,
  engineNames,
  type EngineOptions,
  type Limits,
  type LuaFunction,
  type Methods,
  type UserdataClass,
} from '../engines/engine.ts';
import type { ScriptHost } from '../engines/host.ts';
import { createLibc, type LibcHost, type Native } from '../ffi/index.ts';
import { type HostFile, type HostFiles, noFiles } from '../util/files.ts';
import { decodeUtf8 } from '../util/utf8.ts';
import { Cdef, type HostFunction } from '../view/index.ts';

/** Options of `createLua`. */
export interface LuaOptions extends Dialect {
  /** Which engine runs the scripts; `fengari` by default. */
  readonly engine?: EngineName;
  /**
   * Whether the jit engine may compile Lua to JavaScript, where the platform allows that: a content security policy may not. True by default;
   * false interprets, which gives the same results, but more slowly. `engine.isCompiled` tells which it is. fengari always interprets.
   */
  readonly eval?: boolean;
  /** C declarations that scripts see in `ffi` without declaring them; none by default. */
  readonly cdef?: Cdef;
  /** JavaScript functions behind `ffi.C`, for prototypes that are declared here or by the scripts. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
  /**
   * The C library's functions behind `ffi.C`: `strlen`, `malloc`, `qsort`, `snprintf` and so on, for scripts that declare
   * them. True by default; false leaves them out, an object says what they get of the world outside. `functions` of the
   * same name come first.
   */
  readonly libc?: boolean | Partial<LibcHost>;
  /**
   * Native libraries, from `createNative()` of `cdef/native`: `ffi.load` loads them, and `ffi.C` has the process's own C
   * library in the place of `libc`. Scripts can then do all that C can; there are none by default.
   */
  readonly native?: Native;
  /** What scripts may use up in one call; no limits by default. */
  readonly limits?: Limits;
  /**
   * Files for `io`, `os` and `fopen`: those of the process, none, or some of your own. By default, in Node, those of the process, unless there
   * are `limits`. Without any, opening fails as where permission is denied. `require`, `dofile` and `loadfile` read Lua files all the same.
   */
  readonly files?: boolean | HostFiles;
  /**
   * Whether code of the engine `jit` carries source maps, so that debuggers show Lua. By default where Node was started with `--inspect`;
   * never with `--enable-source-maps`, which would take the stack traces that errors in Lua are told by.
   */
  readonly sourceMaps?: boolean;
}

export type { HostFile, HostFiles };
export type { LibcHost, Native };

/** Defaults for configuration globals; the type of each default is the type that a script must give. */
export type ConfigDefaults = Readonly<Record<string, string | number | boolean>>;

/** The type of a configuration value, widened from its default. */
type Widened<T> = T extends string ? string : T extends number ? number : boolean;

/** The engines that a state can be made on. */
export type Engines = Readonly<Partial<Record<EngineName, (options: EngineOptions) => Engine>>>;

/** Bytes that scripts may have from `malloc` at a time. */
const HEAP_LIMIT = 256 * 2 ** 20;

// Of the world outside, beyond the C library's.
const NOTHING: Pick<ScriptHost, 'input' | 'exit' | 'tools' | 'sourceUrl'> = {
  input: null,
  exit: null,
  tools: null,
  sourceUrl: (_, name) => `lua:///${encodeURIComponent(name)}`,
};

// What is there on every platform. Output goes to the console, which takes lines only.
function defaultHost(): LibcHost {
  let line = '';
  return {
    write: (bytes) => {
      const lines = (line + decodeUtf8(bytes)).split('\n');
      line = lines.pop() as string;
      for (const one of lines) console.log(one);
    },
    environment: () => undefined,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    processor: () => performance.now(),
    heapLimit: HEAP_LIMIT,
  };
}

function filesFor(files: boolean | HostFiles, outside: Partial<ScriptHost>): HostFiles | null {
  if (typeof files === 'object') return files;
  const own = outside.files ?? null;
  // Scripts may still have parts.
  return files || own === null ? own : { ...noFiles, readFile: (path) => own.readFile(path) };
}

/** A Lua state and what an embedder does with it. */
export class Lua {
  readonly engine: Engine;

  /**
   * @internal `createLua` makes them
   * @param outside what a platform gives to scripts besides the C library's
   */
  constructor(options: LuaOptions, engines: Engines, outside: Partial<ScriptHost> = {}) {
    const { engine = 'fengari', native, functions, libc = true, limits, sourceMaps, literals, repairs, lua51 } = options;
    const cdef = options.cdef ?? (native === undefined ? undefined : new Cdef({ abi: native.abi }));
    const create = Object.hasOwn(engines, engine) ? engines[engine] : undefined;
    if (create === undefined) throw new RangeError(`no engine named '${engine}', expected ${engineNames.join(' or ')}`);
    const { files = limits === undefined } = options;
    const base: LibcHost = { ...defaultHost(), ...(typeof libc === 'object' && libc) };
    const host = { ...NOTHING, writeError: base.write, ...base, ...outside, files: filesFor(files, outside) };
    // They see the whole thread, and make all of it slower.
    if (limits !== undefined) host.tools = null;
    const library = libc === false || native !== undefined ? null : createLibc(host);
    this.engine = create({
      host,
      ...(cdef !== undefined && { cdef }),
      ...(library !== null && { library }),
      ...(native !== undefined && { native }),
      ...(limits !== undefined && { limits }),
      ...(options.eval !== undefined && { eval: options.eval }),
      ...(sourceMaps !== undefined && { sourceMaps }),
      ...(literals !== undefined && { literals }),
      ...(repairs !== undefined && { repairs }),
      ...(lua51 !== undefined && { lua51 }),
    });
    if (functions !== undefined) this.define(functions);
  }

  /** The C declarations that scripts see. */
  get cdef(): Cdef {
    return this.engine.cdef;
  }

  /**
   * Runs Lua text and returns its first result.
   * @param chunkName the name in error messages, as in Lua: `@file.lua`, or `=name`
   * @throws {LuaSyntaxError} when it is not Lua
   * @throws {LuaError} when it raises
   */
  run(text: string | Uint8Array, chunkName = '=(lua)'): unknown {
    return this.engine.load(text, chunkName)();
  }

  /** A global variable's value, without metamethods; tables are copied. */
  get(name: string): unknown {
    return this.engine.getGlobal(name);
  }

  /** Sets a global variable, without metamethods; plain arrays and objects become tables. */
  set(name: string, value: unknown): void {
    this.engine.setGlobal(name, value);
  }

  /**
   * Reads globals that a script has set as configuration, with defaults for those it has not.
   * @throws {TypeError} when one is not of its default's type
   * @example
   * lua.run('port = 6767');
   * const { address, port } = lua.config({ address: '0.0.0.0', port: 67 });
   */
  config<T extends ConfigDefaults>(defaults: T): { [K in keyof T]: Widened<T[K]> } {
    const values: Record<string, unknown> = {};
    for (const [name, fallback] of Object.entries(defaults)) {
      const value = this.get(name) ?? fallback;
      if (typeof value !== typeof fallback)
        throw new TypeError(`configuration: '${name}' must be a ${typeof fallback}, got ${describe(value)}`);
      Object.defineProperty(values, name, { value, enumerable: true, writable: true, configurable: true });
    }
    return values as { [K in keyof T]: Widened<T[K]> };
  }

  /**
   * A global Lua function as a JavaScript function. The function is looked up once, here, and held.
   * @throws {TypeError} when there is no such function
   */
  callback(name: string): LuaFunction {
    const value = this.get(name);
    if (typeof value !== 'function') throw new TypeError(`Lua global '${name}' must be a function, got ${describe(value)}`);
    return value as LuaFunction;
  }

  /** Defines C functions: JavaScript functions behind `ffi.C`, converted by the prototype that scripts declare. */
  define(functions: Readonly<Record<string, HostFunction>>): void {
    this.cdef.define(functions);
  }

  /**
   * Defines a class of userdata: objects of JavaScript with methods in Lua, `buf:op()` and `buf:op(2)`. The same
   * functions stand in a global table, `dhcp.op(buf)`.
   * @param from makes an object of what was passed without `wrap`, such as a `Buffer`; null refuses it
   */
  defineClass<T extends object>(name: string, methods: Methods<T>, from?: (object: unknown) => T | null): UserdataClass<T> {
    return this.engine.defineClass(name, methods, from);
  }

  /** Makes `require(name)` answer `value`. */
  setModule(name: string, value: unknown): void {
    this.engine.setModule(name, value);
  }

  /** Where `require` looks for modules: templates with `?`, separated by semicolons. */
  setPath(path: string): void {
    this.engine.setField('package', 'path', path);
  }

  close(): void {
    this.engine.close();
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
