/**
 * Callbacks: Lua functions as C function pointers (LuaJIT's manual, "Callbacks"). A callback has an address, and lives
 * until `free` is called, whether or not a pointer to it is left.
 * @module
 */
import { type CType, type FunctionType, isRecord, type PointerType } from '../ctype/index.ts';
import type { Memory, Place, Region } from '../memory/index.ts';
import { FfiError } from '../util/errors.ts';
import type { LuaAdapter } from './adapter.ts';
import type { Converter } from './convert.ts';
import { CData } from './cdata.ts';
import { badArgument, cannotConvert, wrongArgumentCount } from './messages.ts';
import type { ExposedFunction } from './native-call.ts';
import { repr } from './repr.ts';

// LuaJIT on x64 has room for as many.
const MAX_CALLBACKS = 896;
const MAX_PARAMETERS = 16;

interface Slot<V> {
  readonly type: FunctionType;
  fn: V;
  /** Ends what native code could call it by. */
  readonly free: () => void;
}

/** Gives a function an address that native code can call. */
export type Expose<V> = (type: FunctionType, run: (args: readonly V[]) => V | null) => ExposedFunction;

export class Callbacks<V> {
  readonly #memory: Memory;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #slots: Map<Region, Slot<V>> = new Map();
  // Freed ones are known, too.
  readonly #all: WeakSet<Region> = new WeakSet();
  /** Where there are native libraries; else callbacks have addresses that only Lua can call. */
  expose: Expose<V> | null = null;

  constructor(memory: Memory, lua: LuaAdapter<V>, converter: Converter<V>) {
    this.#memory = memory;
    this.#lua = lua;
    this.#converter = converter;
  }

  /**
   * A place that is called as `fn`.
   * @throws {FfiError} for prototypes that callbacks cannot have, and when there are too many
   */
  create(pointer: PointerType & { readonly target: FunctionType }, fn: V): Place {
    const type = pointer.target;
    if (!isSupported(type)) throw cannotConvert('function', repr(pointer));
    if (this.#slots.size >= MAX_CALLBACKS) throw new FfiError('too many callbacks');
    const run = (args: readonly V[]): V | null => this.callFromHost({ region, offset: 0 }, args);
    const { region, free } = this.expose?.(type, run) ?? { region: this.#memory.allocate(0), free: () => undefined };
    this.#all.add(region);
    this.#slots.set(region, { type, fn: this.#lua.keep(fn), free });
    return { region, offset: 0 };
  }

  /** Whether a callback is or was at `place`. */
  isCallback({ region, offset }: Place): boolean {
    return offset === 0 && this.#all.has(region);
  }

  #slotAt(place: Place): Slot<V> {
    const slot = place.offset === 0 ? this.#slots.get(place.region) : undefined;
    if (slot === undefined) throw new FfiError('bad callback');
    return slot;
  }

  /** `callback:free()` and `callback:set(fn)`, for function pointers of Lua; null for other names. */
  method(name: string): V | null {
    if (name !== 'free' && name !== 'set') return null;
    this.#methods ??= {
      free: this.#lua.fromFunction(([self]) => {
        const { region } = this.#own(self, 'free');
        this.#slots.get(region)?.free();
        this.#slots.delete(region);
        return null;
      }),
      set: this.#lua.fromFunction(([self, fn]) => {
        const slot = this.#slotAt(this.#own(self, 'set'));
        if (fn === undefined || this.#lua.typeOf(fn) !== 'function')
          badArgument(2, 'set', `function expected, got ${typeText(this.#lua, fn)}`);
        slot.fn = this.#lua.keep(fn);
        return null;
      }),
    };
    return this.#methods[name];
  }

  #methods: { readonly free: V; readonly set: V } | null = null;

  // The place of the callback that a method is called on.
  #own(self: V | undefined, name: string): Place {
    const lua = this.#lua;
    if (self === undefined || lua.typeOf(self) !== 'cdata') badArgument(1, name, `cdata expected, got ${typeText(lua, self)}`);
    const cdata = lua.toCData(self);
    const type = cdata instanceof CData ? cdata.valueType : null;
    if (!(cdata instanceof CData) || type?.kind !== 'pointer') throw new FfiError('bad callback');
    const place = cdata.type.kind === 'reference' ? this.#converter.pointerAt(type, cdata) : cdata;
    this.#slotAt(place);
    return place;
  }

  /**
   * Calls the Lua function with arguments as C would pass them on: each is converted to its parameter's type, and from
   * there to Lua. `type` is the pointer's: it is cast to, while pointers reach Lua with the callback's own types.
   * @throws whatever the Lua function raises
   */
  callFromLua(place: Place, type: FunctionType, args: readonly V[]): V | null {
    const { type: own, fn } = this.#slotAt(place);
    const converted = args.map((arg, i) => {
      const parameter = type.parameters[i];
      if (parameter === undefined) throw wrongArgumentCount();
      return this.#argument(parameter.type, own.parameters[i]?.type, arg, i);
    });
    if (args.length < type.parameters.length) throw wrongArgumentCount();
    return this.#result(type, this.#lua.call(fn, converted));
  }

  /**
   * Calls the Lua function from JavaScript, with Lua values; the result is converted to C's type. Null where that is `void`.
   * @throws whatever the Lua function raises, as an `Error`
   */
  callFromHost(place: Place, args: readonly V[]): V | null {
    const { type, fn } = this.#slotAt(place);
    return this.#result(type, this.#lua.callFromHost(fn, args));
  }

  #result(type: FunctionType, value: V): V | null {
    return type.result.kind === 'void' ? null : this.#through(type.result, value);
  }

  // LuaJIT names the function as the call does; here it has no name.
  #argument(type: CType, own: CType | undefined, value: V, index: number): V {
    try {
      return this.#through(type, value, own);
    } catch (error) {
      if (error instanceof FfiError) badArgument(index + 1, '?', error.message);
      throw error;
    }
  }

  // A value as it is after C has had it, and taken it for a pointer of the type `taken`.
  #through(type: CType, value: V, taken: CType = type): V {
    const region = this.#memory.allocate(type.size as number);
    this.#converter.writerOf(type)(region, 0, value);
    const isPointer = type.kind === 'pointer' && taken.kind === 'pointer';
    return this.#converter.readerOf(isPointer ? taken : type)(region, 0);
  }
}

function typeText<V>(lua: LuaAdapter<V>, value: V | undefined): string {
  return value === undefined ? 'no value' : lua.typeOf(value);
}

function isSupported({ parameters, result, variadic }: FunctionType): boolean {
  if (variadic || parameters.length > MAX_PARAMETERS) return false;
  return (result.kind === 'void' || isPassed(result)) && parameters.every(({ type }) => isPassed(type));
}

function isPassed(type: CType): boolean {
  return !isRecord(type) && type.kind !== 'complex' && type.kind !== 'array' && type.size !== null && type.size <= 8;
}
