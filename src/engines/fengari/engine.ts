/**
 * fengari as an engine: a Lua 5.3 state with the `ffi` and `jit` modules.
 * @module
 */
import { decodeUtf8 } from '../../util/utf8.ts';
import { LuaError, LuaSyntaxError } from '../../util/errors.ts';
import { Cdef } from '../../view/index.ts';
import {
  type Engine,
  type EngineOptions,
  type LuaFunction as CallableFunction,
  type Methods,
  Userdata,
  type UserdataClass,
} from '../engine.ts';
import { push } from './adapter.ts';
import { type FengariFfi, messageOf, openFfi } from './ffi.ts';
import { openIo } from './io.ts';
import { luaopen_jit } from './jit.ts';
import { openDialect } from './luajit.ts';
import { Watch } from './limits.ts';
import { repairStringHash } from './strings.ts';
import { pushValue, toJavaScript, type ValueContext } from './values.ts';
import {
  lua,
  lauxlib,
  type LuaFunction,
  lualib,
  type LuaState,
  type LuaString,
  type LuaTable,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  TYPE_MASK,
} from './vm.ts';

/** Makes a Lua state of fengari with Lua's standard libraries, `ffi` and `jit`. */
export function createFengari(options: EngineOptions): Engine {
  return new FengariEngine(options.cdef ?? new Cdef(), options);
}

// fengari deletes array elements when it pops, and V8 turns an array of which few elements are left into a hash table:
// every access to the stack is then slow, for good (a callback took 40 us instead of 10). Elements that stay at the
// bottom keep it an array, up to about the length below.
const BOTTOM = 200;
const LONGEST_STACK = 4000;

function fillBottom(L: LuaState): void {
  lua.lua_checkstack(L, BOTTOM);
  lua.lua_settop(L, BOTTOM);
}

// After deep recursion: a new, shorter array. Only while nothing runs.
function shortenStack(L: LuaState): void {
  const stack: TaggedValue[] = new Array(BOTTOM * 2);
  for (let i = 0; i < L.top; i++) stack[i] = L.stack[i] as TaggedValue;
  L.stack = stack;
  // As fengari computes it: lstate.js, EXTRA_STACK.
  L.stack_last = stack.length - 5;
}

class FengariEngine implements Engine, ValueContext {
  readonly name = 'fengari';
  readonly isCompiled = false;
  readonly cdef: Cdef;
  readonly state: FengariFfi;
  readonly #main: LuaState;
  readonly #classes: WeakMap<object, LuaTable> = new WeakMap();
  readonly #functions: WeakMap<object, LuaFunction> = new WeakMap();
  readonly #handler: TaggedValue;
  readonly #watch: Watch | null;
  #traceback = '';
  #isClosed = false;

  constructor(cdef: Cdef, { library, native, limits, host, ...dialect }: EngineOptions) {
    repairStringHash();
    this.cdef = cdef;
    this.#main = lauxlib.luaL_newstate();
    const L = this.#main;
    lualib.luaL_openlibs(L);
    let state: FengariFfi | null = null;
    lauxlib.luaL_requiref(
      L,
      toLuaString('ffi'),
      (S) => {
        state = openFfi(S, cdef, library, native);
        return 1;
      },
      0,
    );
    this.state = state as unknown as FengariFfi;
    this.state.adapter.callFromHost = (fn, args) => this.#callValues(fn, args);
    lauxlib.luaL_requiref(L, toLuaString('jit'), luaopen_jit, 1);
    openDialect(L, this.state, dialect);
    openIo(L, this.state, host);
    this.#watch = limits === undefined ? null : new Watch(L, limits, cdef.memory);
    lua.lua_settop(L, 0);
    fillBottom(L);
    this.#handler = new TValue(TAG.lightFunction, (S: LuaState) => this.#keepTraceback(S));
    lua.lua_atnativeerror(L, (S) => this.#nativeError(S));
  }

  // The state that runs now: a coroutine's, inside a function that a coroutine called.
  get #L(): LuaState {
    if (this.#isClosed) throw new TypeError('the Lua state is closed');
    return this.state.adapter.L;
  }

  // ---- errors

  // The message handler: runs where the error happened, with the stack still there.
  #keepTraceback(L: LuaState): number {
    lua.lua_checkstack(L, 10);
    lauxlib.luaL_traceback(L, L, null, 1);
    this.#traceback = decodeUtf8(((L.stack[L.top - 1] as TaggedValue).value as LuaString).realstring);
    lua.lua_pop(L, 1);
    return 1;
  }

  // A JavaScript exception from within fengari, such as its stack overflowing, is a Lua error too.
  #nativeError(L: LuaState): number {
    const error = (L.stack[L.ci.funcOff + 1] as TaggedValue).value;
    this.state.lastCause = error;
    lua.lua_pushstring(L, toLuaString(messageOf(error)));
    return 1;
  }

  // The error value on top of the stack as a LuaError; pops it.
  #takeError(L: LuaState): LuaError {
    lua.lua_checkstack(L, 10);
    const raised = L.stack[L.top - 1] as TaggedValue;
    const value = this.#convertible(L, raised);
    const text = typeof value === 'string' ? value : this.#textOf(L, raised);
    const cause = this.state.lastCause;
    this.state.lastCause = null;
    const isCause = cause instanceof Error && text.endsWith(cause.message);
    const error = new LuaError(text, { value, traceback: this.#traceback, ...(isCause ? { cause } : {}) });
    this.state.raised.set(error, new TValue(raised.type, raised.value));
    return error;
  }

  // Undefined for a table that contains itself.
  #convertible(L: LuaState, raised: TaggedValue): unknown {
    const { top } = L;
    try {
      return toJavaScript(L, raised, this);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      lua.lua_settop(L, top - L.ci.funcOff - 1);
      return undefined;
    }
  }

  // As `tostring` gives it; its `__tostring` is the script's, and may raise itself.
  #textOf(L: LuaState, raised: TaggedValue): string {
    lua.lua_pushcfunction(L, (S) => {
      lauxlib.luaL_tolstring(S, 1);
      return 1;
    });
    push(L, raised);
    const isText = lua.lua_pcall(L, 1, 1, 0) === lua.LUA_OK;
    const { value } = L.stack[L.top - 1] as TaggedValue;
    lua.lua_pop(L, 1);
    return isText ? decodeUtf8((value as LuaString).realstring) : `(error object is a ${this.state.adapter.typeOf(raised)} value)`;
  }

  // ---- code

  load(text: string | Uint8Array, chunkName: string): CallableFunction {
    const L = this.#L;
    const bytes = typeof text === 'string' ? toLuaString(text) : text;
    lua.lua_checkstack(L, 4);
    // Text only: precompiled chunks are not checked by the VM.
    const status = lauxlib.luaL_loadbufferx(L, bytes, bytes.length, toLuaString(chunkName), toLuaString('t'));
    const { type, value } = L.stack[L.top - 1] as TaggedValue;
    lua.lua_pop(L, 1);
    if (status !== lua.LUA_OK) throw new LuaSyntaxError(decodeUtf8((value as LuaString).realstring));
    return this.functionFrom(new TValue(type, value));
  }

  /** A Lua function for JavaScript; it holds the function itself, which keeps it alive like a registry reference. */
  functionFrom({ type, value }: TaggedValue): CallableFunction {
    const fn = new TValue(type, value);
    const one = (...args: unknown[]): unknown => this.#call(fn, args, 1);
    const all = (...args: unknown[]): unknown[] => this.#call(fn, args, lua.LUA_MULTRET) as unknown[];
    return Object.assign(one, { all });
  }

  #callValues(fn: TaggedValue, args: readonly TaggedValue[]): TaggedValue {
    const pushed = (L: LuaState): void => {
      for (const arg of args) push(L, arg);
    };
    return this.#protected(fn, args.length, pushed, 1, (L) => this.state.adapter.keep(L.stack[L.top - 1] as TaggedValue));
  }

  #call(fn: TaggedValue, args: readonly unknown[], results: number): unknown {
    const pushed = (L: LuaState): void => {
      for (const arg of args) pushValue(L, arg, this);
    };
    return this.#protected(fn, args.length, pushed, results, (L, first) => {
      if (results === 1) return toJavaScript(L, L.stack[L.top - 1] as TaggedValue, this);
      const values = L.stack.slice(first, L.top).map(({ type, value }) => new TValue(type, value));
      return values.map((value) => toJavaScript(L, value, this));
    });
  }

  // Calls `fn` with what `pushed` pushes; the results are on the stack from `first` on while `taken` runs.
  #protected<T>(
    fn: TaggedValue,
    count: number,
    pushed: (L: LuaState) => void,
    results: number,
    taken: (L: LuaState, first: number) => T,
  ): T {
    const L = this.#L;
    const { top } = L;
    if (top === BOTTOM + 1) {
      if (L.stack.length > LONGEST_STACK) shortenStack(L);
      this.#watch?.begin();
    }
    lua.lua_checkstack(L, count + 4);
    push(L, this.#handler);
    push(L, fn);
    try {
      pushed(L);
      const status = lua.lua_pcall(L, count, results, -count - 2);
      if (status !== lua.LUA_OK) throw this.#takeError(L);
      return taken(L, top + 1);
    } finally {
      if (top === BOTTOM + 1) this.#watch?.end();
      lua.lua_settop(L, top - L.ci.funcOff - 1);
    }
  }

  /** A JavaScript function for Lua: arguments and result as in `Engine`; what it throws is a Lua error. */
  luaFunction(fn: (...args: unknown[]) => unknown): LuaFunction {
    let wrapped = this.#functions.get(fn);
    if (wrapped === undefined) {
      wrapped = this.state.wrap((L) => this.#answer(L, fn(...this.#arguments(L, 1))));
      this.#functions.set(fn, wrapped);
    }
    return wrapped;
  }

  #arguments(L: LuaState, first: number): unknown[] {
    const args: unknown[] = [];
    for (let at = L.ci.funcOff + first; at < L.top; at++) args.push(toJavaScript(L, L.stack[at] as TaggedValue, this));
    return args;
  }

  #answer(L: LuaState, value: unknown): number {
    if (value === undefined) return 0;
    pushValue(L, value, this);
    return 1;
  }

  // ---- globals and modules

  // Globals are read and written raw: metamethods of a script's environment could raise, outside of any protected call.

  getGlobal(name: string): unknown {
    const L = this.#L;
    lua.lua_checkstack(L, 2);
    lua.lua_pushglobaltable(L);
    const value = this.state.adapter.rawGet(L.stack[L.top - 1] as TaggedValue, name);
    lua.lua_pop(L, 1);
    return toJavaScript(L, value, this);
  }

  setGlobal(name: string, value: unknown): void {
    const L = this.#L;
    lua.lua_checkstack(L, 4);
    lua.lua_pushglobaltable(L);
    this.#rawSet(L, name, value);
  }

  setField(table: string, key: string | number, value: unknown): void {
    const L = this.#L;
    lua.lua_checkstack(L, 4);
    lua.lua_pushglobaltable(L);
    const target = this.state.adapter.rawGet(L.stack[L.top - 1] as TaggedValue, table);
    lua.lua_pop(L, 1);
    if ((target.type & TYPE_MASK) !== TAG.table) throw new TypeError(`global '${table}' is no table`);
    push(L, target);
    this.#rawSet(L, key, value);
  }

  setModule(name: string, value: unknown): void {
    const L = this.#L;
    lua.lua_checkstack(L, 4);
    lauxlib.luaL_getsubtable(L, lua.LUA_REGISTRYINDEX, toLuaString('_LOADED'));
    this.#rawSet(L, name, value);
  }

  // Sets a field of the table on top of the stack, and pops the table.
  #rawSet(L: LuaState, key: string | number, value: unknown): void {
    const { top } = L;
    try {
      pushValue(L, key, this);
      pushValue(L, value, this);
      lua.lua_rawset(L, -3);
    } finally {
      lua.lua_settop(L, top - L.ci.funcOff - 2);
    }
  }

  // ---- userdata

  defineClass<T extends object>(name: string, methods: Methods<T>, from?: (object: unknown) => T | null): UserdataClass<T> {
    const L = this.#L;
    const owner = { name };
    lua.lua_checkstack(L, 8);
    lua.lua_createtable(L, 0, 4);
    const metatable = (L.stack[L.top - 1] as TaggedValue).value as LuaTable;
    lua.lua_createtable(L, 0, 8);
    for (const [method, fn] of Object.entries(methods)) {
      lua.lua_pushcfunction(L, this.#method(owner, method, fn as Methods<object>[string], from));
      lua.lua_setfield(L, -2, toLuaString(method));
    }
    lua.lua_pushglobaltable(L);
    lua.lua_pushstring(L, toLuaString(name));
    lua.lua_pushvalue(L, -3);
    lua.lua_rawset(L, -3);
    lua.lua_pop(L, 1);
    lua.lua_setfield(L, -2, toLuaString('__index'));
    for (const field of ['__name', '__metatable']) {
      lua.lua_pushstring(L, toLuaString(name));
      lua.lua_setfield(L, -2, toLuaString(field));
    }
    lua.lua_pop(L, 1);
    this.#classes.set(owner, metatable);
    return { wrap: (object) => new Userdata(object, owner) };
  }

  #method(owner: { name: string }, method: string, fn: Methods<object>[string], from?: (object: unknown) => object | null): LuaFunction {
    return this.state.wrap((L) => {
      const self = L.ci.funcOff + 1;
      const value = self < L.top ? (L.stack[self] as TaggedValue) : undefined;
      const object = objectOf(value, owner, from);
      if (object === null) {
        const got = value === undefined ? 'no value' : this.state.adapter.typeOf(value);
        throw new TypeError(`bad argument #1 to '${method}' (${owner.name} expected, got ${got})`);
      }
      // Getters, which most calls are, need no argument list.
      return this.#answer(L, L.top === self + 1 ? fn(object) : fn(object, ...this.#arguments(L, 2)));
    });
  }

  /** @throws {TypeError} when the class belongs to another state */
  userdataValue(userdata: Userdata): TaggedValue {
    if (userdata.handle === null) {
      const metatable = this.#classes.get(userdata.owner);
      if (metatable === undefined) throw new TypeError('userdata of a class of another Lua state');
      userdata.handle = this.state.adapter.newUserdata(userdata, metatable).value;
    }
    return new TValue(TAG.userdata, userdata.handle);
  }

  close(): void {
    if (this.#isClosed) return;
    this.state.ffi.finalizers.runAll();
    lua.lua_close(this.#main);
    this.#isClosed = true;
  }
}

// The object a method is called on: a wrapped one of the class, or what `from` makes of a bare one.
function objectOf(value: TaggedValue | undefined, owner: object, from?: (object: unknown) => object | null): object | null {
  if (value === undefined || (value.type & TYPE_MASK) !== TAG.userdata) {
    return value?.type === TAG.lightUserdata && from !== undefined ? from(value.value) : null;
  }
  const { data } = value.value as { data: unknown };
  return data instanceof Userdata && data.owner === owner ? data.object : null;
}
