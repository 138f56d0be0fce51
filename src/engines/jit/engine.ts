/**
 * The engine that compiles Lua to JavaScript.
 * @module
 */
import { LuaSyntaxError } from '../../util/errors.ts';
import { decodeUtf8 } from '../../util/utf8.ts';
import { Cdef } from '../../view/index.ts';
import {
  type Engine,
  type EngineOptions,
  type LuaFunction as CallableFunction,
  type Methods,
  Userdata,
  type UserdataClass,
} from '../engine.ts';
import { Crossing } from './crossing.ts';
import { bytesOfString, stringOf } from './ffi/bytes.ts';
import { openLibraries } from './libraries.ts';
import { compile } from './load.ts';
import { compilesText } from './runtime/compiled.ts';
import { switchActivations } from './runtime/activations.ts';
import { TRACE_DEPTH } from './runtime/frames.ts';
import type { LuaFunction } from './runtime/functions.ts';
import { LuaState } from './runtime/state.ts';
import { LuaTable } from './runtime/table.ts';
import { latin1Of } from './runtime/text.ts';
import { LuaUserdata } from './runtime/values.ts';
import { MethodMaker, type OwnClass } from './userdata.ts';

/** Makes a Lua state that compiles to JavaScript, with LuaJIT's libraries. */
export function createJit(options: EngineOptions): Engine {
  return new JitEngine(options.cdef ?? new Cdef(), options);
}

class JitEngine implements Engine {
  readonly name = 'jit';
  readonly cdef: Cdef;
  readonly state: LuaState;
  readonly #crossing: Crossing;
  readonly #methods: MethodMaker;
  #depth = 0;
  #isClosed = false;
  #bytes: number | undefined = undefined;

  constructor(cdef: Cdef, options: EngineOptions) {
    this.cdef = cdef;
    this.state = new LuaState(options.eval === false || !compilesText());
    this.#crossing = new Crossing(this.state, {
      callable: (fn) => this.#callable(fn),
      userdata: (userdata) => this.#userdata(userdata),
    });
    this.#methods = new MethodMaker(this.state, this.#crossing);
    const { limits, sourceMaps = false, host } = options;
    if (sourceMaps) this.state.sourceUrl = ({ name, display }) => host.sourceUrl(name.startsWith('@') ? name.slice(1) : null, display);
    if (limits !== undefined) {
      this.state.watch.setLimits(limits);
      this.#bytes = limits.bytes;
      if (limits.bytes !== undefined) this.state.stringLimit = limits.bytes;
    }
    openLibraries(this.state, { ...options, cdef, crossing: this.#crossing });
  }

  get isCompiled(): boolean {
    return !this.state.isInterpreted;
  }

  // ---- calls

  load(text: string | Uint8Array, chunkName: string): CallableFunction {
    this.#check();
    const bytes = typeof text === 'string' ? latin1Of(text) : stringOf(text, 0, text.length);
    try {
      return this.#callable(compile(this.state, bytes, latin1Of(chunkName), this.state.globals));
    } catch (error) {
      if (error instanceof LuaSyntaxError) throw new LuaSyntaxError(decodeUtf8(bytesOfString(error.message)));
      throw error;
    }
  }

  #check(): void {
    if (this.#isClosed) throw new TypeError('the Lua state is closed');
  }

  #callable(fn: LuaFunction): CallableFunction {
    const one = (...args: unknown[]): unknown => this.#call(fn, args);
    const all = (...args: unknown[]): unknown[] => this.#callAll(fn, args);
    return Object.assign(one, { all });
  }

  // Up to two arguments, as most calls have, go without a list of them: V8 makes none for `...args` that are only read.
  #call(fn: LuaFunction, args: readonly unknown[]): unknown {
    const crossing = this.#crossing;
    const { length } = args;
    const first = length > 0 ? crossing.toLua(args[0]) : undefined;
    const second = length > 1 ? crossing.toLua(args[1]) : undefined;
    const given = length > 2 ? args.map((one, i) => (i === 0 ? first : i === 1 ? second : crossing.toLua(one))) : null;
    const limit = this.#enter();
    let value: unknown;
    try {
      const raw = given !== null ? fn(...given) : length === 2 ? fn(first, second) : length === 1 ? fn(first) : fn();
      value = Array.isArray(raw) ? this.state.calls.first(raw) : raw;
    } catch (error) {
      throw crossing.errorOf(error);
    } finally {
      this.#leave(limit);
    }
    return crossing.toJavaScript(value);
  }

  #callAll(fn: LuaFunction, args: readonly unknown[]): unknown[] {
    const crossing = this.#crossing;
    const given = args.map((one) => crossing.toLua(one));
    const limit = this.#enter();
    let values: readonly unknown[];
    try {
      values = this.state.calls.call(fn, ...given);
    } catch (error) {
      throw crossing.errorOf(error);
    } finally {
      this.#leave(limit);
    }
    return values.map((one) => crossing.toJavaScript(one));
  }

  // Errors of JavaScript that Lua code runs into are to tell where that was.
  #enter(): number | undefined {
    this.#check();
    if (this.#depth++ === 0) this.#begin();
    const { stackTraceLimit } = Error as StackTraces;
    (Error as StackTraces).stackTraceLimit = TRACE_DEPTH;
    return stackTraceLimit;
  }

  #begin(): void {
    this.state.watch.begin();
    if (this.#bytes !== undefined) this.cdef.memory.allowance = this.#bytes;
  }

  #end(): void {
    this.state.frames = null;
    if (this.#bytes !== undefined) this.cdef.memory.allowance = Number.POSITIVE_INFINITY;
  }

  #leave(limit: number | undefined): void {
    if (--this.#depth === 0) this.#end();
    (Error as StackTraces).stackTraceLimit = limit;
  }

  recover(): void {
    const { state } = this;
    // Its generator cannot go on; those that have resumed it are never resumed again.
    if (state.current !== null) state.current.status = 'dead';
    state.current = null;
    state.frames = null;
    state.raised = null;
    state.deferral.isOn = false;
    state.deferral.take();
    switchActivations([]);
    this.#depth = 0;
    this.#end();
  }

  // ---- globals and modules, without metamethods

  getGlobal(name: string): unknown {
    this.#check();
    return this.#crossing.toJavaScript(this.state.globals.get(latin1Of(name)));
  }

  setGlobal(name: string, value: unknown): void {
    this.#check();
    this.state.globals.set(latin1Of(name), this.#crossing.toLua(value));
  }

  setField(table: string, key: string | number, value: unknown): void {
    this.#check();
    const target = this.state.globals.get(latin1Of(table));
    if (!(target instanceof LuaTable)) throw new TypeError(`global '${table}' is no table`);
    target.set(typeof key === 'string' ? latin1Of(key) : key, this.#crossing.toLua(value));
  }

  setModule(name: string, value: unknown): void {
    this.#check();
    this.state.loaded.set(latin1Of(name), this.#crossing.toLua(value));
  }

  // ---- userdata

  defineClass<T extends object>(name: string, methods: Methods<T>, from?: (object: unknown) => T | null): UserdataClass<T> {
    this.#check();
    const owner: OwnClass = { engine: this, name, metatable: this.state.table() };
    const functions: Record<string, LuaFunction> = {};
    for (const [method, fn] of Object.entries(methods))
      functions[method] = this.#methods.make(owner, method, fn as Methods<object>[string], from);
    const table = this.state.library(functions);
    const text = latin1Of(name);
    for (const [field, value] of Object.entries({ __index: table, __name: text, __metatable: text }))
      owner.metatable.setField(field, value);
    this.state.globals.setField(text, table);
    return { wrap: (object) => new Userdata(object, owner) };
  }

  // Throws a TypeError when the class belongs to another state.
  #userdata(userdata: Userdata): LuaUserdata {
    if (userdata.handle === null) {
      const { engine, metatable } = userdata.owner as Partial<OwnClass>;
      if (engine !== this || metatable === undefined) throw new TypeError('userdata of a class of another Lua state');
      userdata.handle = new LuaUserdata(userdata, metatable);
    }
    return userdata.handle as LuaUserdata;
  }

  close(): void {
    if (this.#isClosed) return;
    this.state.end();
    this.state.ffi?.finalizers.runAll();
    this.#isClosed = true;
  }
}

interface StackTraces {
  stackTraceLimit?: number | undefined;
}
