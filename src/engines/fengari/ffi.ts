/**
 * The `ffi` module for fengari: `luaopen_ffi`, as fengari's own libraries are opened, over the engine-neutral ffi.
 * @module
 */
import {
  type ArithmeticOperator,
  CData,
  type CLibrary,
  type CTypeObject,
  Ffi,
  type FieldAccess,
  type Native,
  type NativeLibrary,
  type OrderOperator,
} from '../../ffi/index.ts';
import { ArgumentError } from '../../util/errors.ts';
import { Cdef } from '../../view/index.ts';
import { cdataIn, FengariAdapter, numberValue, push } from './adapter.ts';
import { argumentMessage } from './caller.ts';
import { installCalls } from './calls.ts';
import { type Direct, installDirectCalls, knowMetatable, markDirect } from './direct.ts';
import { repairFormat } from './format.ts';
import { latin1OfString, type RepairedString, repairStringHash } from './strings.ts';
import { raiseText, setFunction, setText } from './tables.ts';
import {
  lua,
  type LuaFunction,
  type LuaState,
  type LuaTable,
  NIL,
  TAG,
  type TaggedValue,
  toLuaString,
  TValue,
  type Userdata,
} from './vm.ts';

/** One Lua state's ffi. */
export class FengariFfi {
  readonly cdef: Cdef;
  readonly adapter: FengariAdapter;
  readonly ffi: Ffi<TaggedValue>;
  /** What was thrown by JavaScript code and became the Lua error now on its way; for the cause of a `LuaError`. */
  lastCause: unknown = null;
  /** Errors that Lua code raised into JavaScript code, with the Lua values to go on with if they get back to Lua. */
  readonly raised: WeakMap<Error, TaggedValue> = new WeakMap();

  constructor(L: LuaState, cdef: Cdef, library?: CLibrary, native?: Native) {
    this.cdef = cdef;
    this.adapter = new FengariAdapter(L);
    this.adapter.wrap = (fn) => this.wrap(fn);
    this.ffi = new Ffi(cdef, this.adapter, library, native);
  }

  /** A C function for Lua; what it throws becomes a Lua error with the place of the Lua code that called it. */
  wrap(fn: LuaFunction): LuaFunction {
    const { adapter } = this;
    return (L) => {
      const previous = adapter.L;
      adapter.L = L;
      try {
        return fn(L);
      } catch (error) {
        return this.#raise(L, error, 1);
      } finally {
        adapter.L = previous;
      }
    };
  }

  /** The same for a metamethod that has a direct form. */
  wrapDirect(fn: LuaFunction, direct: Direct): LuaFunction {
    const { adapter } = this;
    return markDirect(this.wrap(fn), (L, object, key, value) => {
      const previous = adapter.L;
      // The running function's frame must not grow by what a metamethod of a metatype needs.
      const { ci } = L;
      const { top } = ci;
      adapter.L = L;
      try {
        return direct(L, object, key, value);
      } catch (error) {
        // Without a frame of its own, the place is that of the function that runs.
        return this.#raise(L, error, 0);
      } finally {
        adapter.L = previous;
        ci.top = top;
      }
    });
  }

  /** Raises what was thrown as a Lua error, with the place of the Lua code that called the running function. */
  raise(L: LuaState, error: unknown): never {
    return this.#raise(L, error, 1);
  }

  /** Runs `work` for the VM without a call: errors have the place of the function that runs. */
  direct<T>(L: LuaState, work: () => T): T {
    const { adapter } = this;
    const previous = adapter.L;
    const { ci } = L;
    const { top } = ci;
    adapter.L = L;
    try {
      return work();
    } catch (error) {
      return this.#raise(L, error, 0);
    } finally {
      adapter.L = previous;
      ci.top = top;
    }
  }

  #raise(L: LuaState, error: unknown, level: 0 | 1): never {
    // fengari unwinds the stack by throwing objects of its own.
    if (!(error instanceof Error)) throw error;
    lua.lua_checkstack(L, 4);
    const value = this.raised.get(error);
    if (value !== undefined) {
      this.lastCause = error.cause ?? null;
      push(L, value);
      return lua.lua_error(L);
    }
    this.lastCause = error;
    const isCalled = level === 1 && error instanceof ArgumentError;
    return raiseText(L, level, isCalled ? argumentMessage(L, error) : messageOf(error));
  }

  /** A JavaScript value of the host as a Lua value; pushed. */
  pushHost(L: LuaState, value: unknown): void {
    lua.lua_checkstack(L, 1);
    const cdata = this.ffi.hostValues.fromHost(value);
    if (cdata !== null) push(L, this.adapter.fromCData(cdata));
    else push(L, hostValue(value));
  }
}

/** The text of a JavaScript exception as a Lua error. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof RangeError && /call stack/.test(error.message) ? 'stack overflow' : error.message;
}

// What needs no conversion: everything that is no number, text or boolean is light userdata.
function hostValue(value: unknown): TaggedValue {
  switch (typeof value) {
    case 'undefined':
      return NIL;
    case 'boolean':
      return new TValue(TAG.boolean, value);
    case 'number':
      return numberValue(value);
    default:
      return value === null ? NIL : new TValue(TAG.lightUserdata, value);
  }
}

const STATES: WeakMap<object, FengariFfi> = new WeakMap();

/** The ffi of a state, if it has been opened. */
export function ffiOf(L: LuaState): FengariFfi | null {
  return STATES.get(L.l_G) ?? null;
}

function argument(L: LuaState, index: number): TaggedValue {
  const at = L.ci.funcOff + index;
  return at < L.top ? (L.stack[at] as TaggedValue) : NIL;
}

function optional(L: LuaState, index: number): TaggedValue | undefined {
  const at = L.ci.funcOff + index;
  return at < L.top ? L.stack[at] : undefined;
}

function argumentsFrom(L: LuaState, first: number): TaggedValue[] {
  return L.stack.slice(L.ci.funcOff + first, L.top);
}

function functions(state: FengariFfi): Record<string, LuaFunction> {
  const { ffi } = state;
  const answer = (L: LuaState, value: TaggedValue): number => {
    push(L, value);
    return 1;
  };
  const number = (L: LuaState, value: number | null): number => answer(L, value === null ? NIL : numberValue(value));
  return {
    cdef: (L) => {
      ffi.cdef(optional(L, 1), argumentsFrom(L, 2));
      return 0;
    },
    typeof: (L) => answer(L, ffi.typeof(optional(L, 1), argumentsFrom(L, 2))),
    new: (L) => answer(L, ffi.creation.new(optional(L, 1), argumentsFrom(L, 2))),
    cast: (L) => answer(L, ffi.creation.cast(optional(L, 1), optional(L, 2))),
    sizeof: (L) => number(L, ffi.inquiry.sizeof(optional(L, 1), optional(L, 2))),
    alignof: (L) => number(L, ffi.inquiry.alignof(optional(L, 1))),
    offsetof: (L) => {
      const numbers = ffi.inquiry.offsetof(optional(L, 1), optional(L, 2));
      for (const one of numbers) push(L, numberValue(one));
      return numbers.length;
    },
    istype: (L) => answer(L, new TValue(TAG.boolean, ffi.inquiry.istype(optional(L, 1), optional(L, 2)))),
    metatype: (L) => answer(L, ffi.metatype(optional(L, 1), optional(L, 2))),
    string: (L) => answer(L, ffi.transfer.string(optional(L, 1), optional(L, 2))),
    copy: (L) => {
      ffi.transfer.copy(optional(L, 1), optional(L, 2), optional(L, 3));
      return 0;
    },
    fill: (L) => {
      ffi.transfer.fill(optional(L, 1), optional(L, 2), optional(L, 3));
      return 0;
    },
    gc: (L) => answer(L, ffi.gc(optional(L, 1), optional(L, 2))),
    errno: (L) => number(L, ffi.errno(optional(L, 1))),
    load: (L) => {
      pushNamespace(L, state, ffi.symbols.load(optional(L, 1), optional(L, 2)));
      return 1;
    },
    abi: (L) => answer(L, new TValue(TAG.boolean, ffi.abi(optional(L, 1)))),
  };
}

// Metamethods get a cdata as their first argument, or, of binary operators, as one of two.
function metamethods({ ffi }: FengariFfi): Record<string, LuaFunction> {
  const object = (L: LuaState): CData | CTypeObject => cdataOf(argument(L, 1));
  const one = (L: LuaState, value: TaggedValue): number => {
    push(L, value);
    return 1;
  };
  const truth = (L: LuaState, value: boolean): number => one(L, new TValue(TAG.boolean, value));
  const all: Record<string, LuaFunction> = {
    __call: (L) => {
      const callee = object(L);
      const method = ffi.callMethod(callee);
      if (method !== null) {
        lua.lua_checkstack(L, 1);
        push(L, method);
        lua.lua_insert(L, 1);
        lua.lua_call(L, lua.lua_gettop(L) - 1, lua.LUA_MULTRET);
        return lua.lua_gettop(L);
      }
      const result = ffi.call(callee, argumentsFrom(L, 2));
      return result === null ? 0 : one(L, result);
    },
    __tostring: (L) => {
      const text = ffi.printer.tostring(object(L));
      if (typeof text !== 'string') return one(L, text);
      lua.lua_pushstring(L, toLuaString(text));
      return 1;
    },
    __eq: (L) => truth(L, ffi.arithmetic.equal(argument(L, 1), argument(L, 2))),
    __len: (L) => one(L, ffi.arithmetic.length(argument(L, 1))),
    __concat: (L) => one(L, ffi.arithmetic.concat(argument(L, 1), argument(L, 2))),
    __pairs: (L) => iterate(L, ffi, '__pairs'),
    __ipairs: (L) => iterate(L, ffi, '__ipairs'),
  };
  for (const operator of ['__add', '__sub', '__mul', '__div', '__mod', '__pow', '__unm'] as ArithmeticOperator[]) {
    all[operator] = (L) => one(L, ffi.arithmetic.arithmetic(operator, argument(L, 1), argument(L, 2)));
  }
  for (const operator of ['__lt', '__le'] as OrderOperator[]) {
    all[operator] = (L) => truth(L, ffi.arithmetic.compare(operator, argument(L, 1), argument(L, 2)));
  }
  return all;
}

/** `pairs` or `ipairs` of a cdata. */
export function iterate(L: LuaState, ffi: Ffi<TaggedValue>, name: '__pairs' | '__ipairs'): number {
  const object = argument(L, 1);
  lua.lua_checkstack(L, 2);
  const below = lua.lua_gettop(L);
  push(L, ffi.iterator(cdataOf(object), name));
  push(L, object);
  lua.lua_call(L, 1, lua.LUA_MULTRET);
  return lua.lua_gettop(L) - below;
}

function setFunctions(L: LuaState, state: FengariFfi, table: Record<string, LuaFunction>): void {
  for (const [name, fn] of Object.entries(table)) {
    setFunction(L, name, state.wrap(fn));
  }
}

// `__index` and `__newindex`, which scripts use most, as calls and in their direct form.
function setAccess(
  L: LuaState,
  state: FengariFfi,
  read: (object: TaggedValue, key: TaggedValue) => TaggedValue,
  write: (object: TaggedValue, key: TaggedValue, value: TaggedValue) => void,
): void {
  const index: LuaFunction = (S) => {
    push(S, read(argument(S, 1), argument(S, 2)));
    return 1;
  };
  const newIndex: LuaFunction = (S) => {
    write(argument(S, 1), argument(S, 2), argument(S, 3));
    return 0;
  };
  lua.lua_pushcfunction(
    L,
    state.wrapDirect(index, (_, object, key) => read(object, key)),
  );
  lua.lua_setfield(L, -2, toLuaString('__index'));
  const directWrite: Direct = (_, object, key, value) => {
    write(object, key, value ?? NIL);
    return null;
  };
  setFunction(L, '__newindex', state.wrapDirect(newIndex, directWrite));
}

// `object[key]` where that is a field of a struct, or of one that a pointer points to; null for all else. The name remembers the type
// that it was last a field of: strings in a function's code are always the same objects.
function fieldAt(access: Ffi<TaggedValue>['access'], object: TaggedValue, key: TaggedValue): FieldAccess<TaggedValue> | null {
  // Scripts may call the metamethod itself, with anything.
  if (object.type !== TAG.userdata || key.type !== TAG.string) return null;
  const { data } = object.value as Userdata;
  if (!(data instanceof CData)) return null;
  const name = key.value as RepairedString;
  const { type } = data;
  if (name.fieldType === type) return name.field as FieldAccess<TaggedValue>;
  const value = type.kind === 'reference' ? type.target : type;
  // The place of a pointer behind a reference is yet to be read.
  if (value !== type && value.kind === 'pointer') return null;
  const field = access.fieldOf(value, latin1OfString(name));
  if (field === null) return null;
  name.field = field;
  name.fieldType = type;
  return field;
}

function dataOf(object: TaggedValue): CData {
  return (object.value as Userdata).data as CData;
}

function cdataOf(value: TaggedValue): CData | CTypeObject {
  const cdata = cdataIn(value);
  if (cdata === null) throw new TypeError('cdata expected');
  return cdata;
}

// ffi.C, or a loaded library: a userdata that answers for every declared name.
function pushNamespace(L: LuaState, state: FengariFfi, library: NativeLibrary | null): void {
  lua.lua_checkstack(L, 4);
  push(L, state.adapter.newUserdata(library ?? { library: 'ffi.C' }));
  lua.lua_createtable(L, 0, 3);
  const token = {};
  setAccess(
    L,
    state,
    (_, key) => {
      // Functions stay what they are once they are declared.
      if (key.type === TAG.string && (key.value as RepairedString).fieldType === token)
        return (key.value as RepairedString).field as TaggedValue;
      const value = state.ffi.symbols.get(key, library);
      if (cdataIn(value)?.type.kind === 'function') Object.assign(key.value as RepairedString, { fieldType: token, field: value });
      return value;
    },
    (_, key, value) => state.ffi.symbols.set(key, value, library),
  );
  lua.lua_setmetatable(L, -2);
}

/** Opens the ffi of a state over the declarations of `cdef`, and pushes the module table. */
export function openFfi(L: LuaState, cdef: Cdef, library?: CLibrary, native?: Native): FengariFfi {
  repairStringHash();
  installDirectCalls();
  const state = new FengariFfi(L, cdef, library, native);
  STATES.set(L.l_G, state);
  lua.lua_checkstack(L, 8);
  lua.lua_createtable(L, 0, 20);
  setFunctions(L, state, metamethods(state));
  const { access } = state.ffi;
  setAccess(
    L,
    state,
    (object, key) => {
      const field = fieldAt(access, object, key);
      if (field === null) return access.index(cdataOf(object), key);
      const { region, offset } = dataOf(object);
      return field.read(region, offset);
    },
    (object, key, value) => {
      const field = fieldAt(access, object, key);
      if (field === null) return access.newIndex(cdataOf(object), key, value);
      const { region, offset } = dataOf(object);
      return field.write(region, offset, value);
    },
  );
  setText(L, '__metatable', 'ffi');
  // What fengari's messages call it.
  setText(L, '__name', 'cdata');
  state.adapter.metatable = (L.stack[L.top - 1] as TaggedValue).value as LuaTable;
  knowMetatable(L, state.adapter.metatable);
  installCalls(L, state);
  lua.lua_pop(L, 1);

  lua.lua_createtable(L, 0, 20);
  setFunctions(L, state, functions(state));
  pushNamespace(L, state, null);
  lua.lua_setfield(L, -2, toLuaString('C'));
  setText(L, 'os', state.ffi.os);
  setText(L, 'arch', state.ffi.arch);
  repairFormat(L, state);
  return state;
}

/**
 * Opens the `ffi` module in a fengari state and pushes its table; for `luaL_requiref(L, 'ffi', luaopen_ffi, 0)`.
 *
 * The state gets declarations of its own; `cdefOf(L)` gives them, to define C functions in JavaScript. fengari's
 * string keys are repaired process-wide, and `string.format` of the state prints integers beyond 32 bits.
 */
export function luaopen_ffi(L: LuaState): number {
  openFfi(L, ffiOf(L)?.cdef ?? new Cdef());
  return 1;
}

/**
 * The C declarations of a state in which the `ffi` module has been opened.
 * @throws {TypeError} when it has not
 */
export function cdefOf(L: LuaState): Cdef {
  const state = ffiOf(L);
  if (state === null) throw new TypeError("the 'ffi' module has not been opened in this state");
  return state.cdef;
}

/**
 * Pushes a JavaScript value for Lua: numbers, booleans and null as such, bigints as 64-bit cdata, struct views and
 * pointers as cdata, buffers and all other objects as light userdata, which `ffi.cast` takes.
 * @throws {TypeError} when the `ffi` module has not been opened in this state
 */
export function pushValue(L: LuaState, value: unknown): void {
  const state = ffiOf(L);
  if (state === null) throw new TypeError("the 'ffi' module has not been opened in this state");
  state.pushHost(L, value);
}
