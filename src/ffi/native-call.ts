/**
 * Calls of native functions, at their addresses and by the prototypes that scripts declare, and of Lua by native code.
 * @module
 */
import { type CType, type FunctionType, isRecord } from '../ctype/index.ts';
import type { Place, Region } from '../memory/index.ts';
import { FfiError } from '../util/errors.ts';
import type { Cdef, Raw } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { type Arguments, convertArgument } from './arguments.ts';
import type { CData } from './cdata.ts';
import type { Converter } from './convert.ts';
import type { Errno } from './errno.ts';
import { undefinedSymbol, wrongArgumentCount } from './messages.ts';
import type { Native, NativeFunction, NativeLibrary, NativeType, NativeValue, VariadicValues } from './native.ts';
import { nativeSignature, nativeType } from './native-types.ts';
import { convertNumber } from './numbers.ts';

type Call<V> = (args: readonly V[]) => V | null;

/** A function that native code can call: a place to be passed on, and its end. */
export interface ExposedFunction {
  readonly region: Region;
  free(): void;
}

const SMALL: ReadonlySet<NativeType> = new Set(['bool', 'int8', 'uint8', 'int16', 'uint16'] as const);

// A region that was passed, and its address.
interface Used {
  readonly region: Region;
  readonly start: number;
}

export class NativeCalls<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #arguments: Arguments<V>;
  readonly #native: Native;
  readonly #errno: Errno;
  readonly #bindings: Map<FunctionType, Map<number, Call<V>>> = new Map();
  readonly #names: Map<number, string> = new Map();
  // The memory that native code works on right now, the innermost call last: JavaScript might else take it away.
  readonly #inUse: Used[][] = [];
  // What Lua raised in functions that native code called; it cannot cross that code, and goes on behind it.
  #raised: { readonly error: unknown } | null = null;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>, args: Arguments<V>, native: Native, errno: Errno) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    this.#arguments = args;
    this.#native = native;
    this.#errno = errno;
  }

  /**
   * The address of a function or variable, of a loaded library or of all that the process has.
   * @throws {FfiError} where there is none
   */
  symbol(name: string, library: NativeLibrary | null): number {
    const address = (library ?? this.#native.process).symbol(name);
    if (typeof address === 'number') return address;
    throw library === null ? undefinedSymbol(name) : new FfiError(address);
  }

  /** The function `name` of a library, at its address. */
  functionAt(address: number, type: FunctionType, name: string): CData {
    this.#names.set(address, name);
    const { region, offset } = this.#cdef.memory.placeAt(address);
    return this.#converter.at(type, { region, offset });
  }

  /**
   * Calls the function at `place`, which `type` says how to; null where its result is `void`.
   * @throws {FfiError} when arguments do not convert, or types cannot be passed
   */
  call(type: FunctionType, place: Place, args: readonly V[]): V | null {
    let bindings = this.#bindings.get(type);
    if (bindings === undefined) {
      bindings = new Map();
      this.#bindings.set(type, bindings);
    }
    const address = this.#cdef.memory.addressOf(place);
    let call = bindings.get(address);
    if (call === undefined) {
      call = this.#bind(type, address);
      bindings.set(address, call);
    }
    return call(args);
  }

  #bind(type: FunctionType, address: number): Call<V> {
    const run = this.#native.functionAt(address, nativeSignature(type));
    const name = this.#names.get(address) ?? '?';
    const count = type.parameters.length;
    const parameters = type.parameters.map((parameter) => this.#arguments.ofType(parameter.type));
    const result = type.result.kind === 'void' ? () => null : this.#receiver(type.result);
    return (args) => {
      const used: Used[] = [];
      const values: NativeValue[] = [];
      const more: [NativeType, NativeValue][] = [];
      for (const [i, arg] of args.entries()) {
        if (i >= count && !type.variadic) throw wrongArgumentCount();
        const cdata = convertArgument(i, name, () => parameters[i]?.(arg) ?? this.#arguments.variadic(arg));
        const value = this.#pass(cdata, used);
        if (i < count) values.push(value);
        else more.push(promoted(cdata.type, value));
      }
      if (args.length < count) throw wrongArgumentCount();
      this.#inUse.push(used);
      try {
        return result(this.#run(run, values, more));
      } finally {
        this.#inUse.pop();
      }
    };
  }

  #run(run: NativeFunction, values: readonly NativeValue[], more: VariadicValues): NativeValue {
    const native = this.#native;
    native.errno = this.#errno.value;
    const value = run(values, more);
    this.#errno.value = native.errno;
    const raised = this.#raised;
    if (raised === null) return value;
    this.#raised = null;
    throw raised.error;
  }

  // ---- values

  #pass(cdata: CData, used: Used[]): NativeValue {
    const { type, region, offset } = cdata;
    if (isRecord(type) || type.kind === 'complex') return region.bytes;
    if (type.kind !== 'pointer') return cdata.value as Raw;
    const { memory } = this.#cdef;
    const address = memory.passedAddress(cdata);
    if (region !== memory.wild && !memory.isForeign(region)) used.push({ region, start: address - offset });
    return address;
  }

  // Where a pointer of native code points: mostly into what it was given.
  #placeAt(address: number): Place {
    for (let call = this.#inUse.length - 1; call >= 0; call--) {
      for (const { region, start } of this.#inUse[call] as Used[]) {
        const offset = address - start;
        if (offset >= 0 && offset <= region.bytes.length) return { region, offset };
      }
    }
    return this.#cdef.memory.placeAt(address);
  }

  // Values of native code for Lua.
  #receiver(type: CType): (value: NativeValue) => V {
    const { memory } = this.#cdef;
    if (type.kind === 'pointer') {
      return (value) => {
        return this.#lua.fromCData(this.#converter.at(type, this.#placeAt(Number(value))));
      };
    }
    if (type.kind === 'reference') {
      const read = this.#converter.readerOf(type.target);
      return (value) => {
        const { region, offset } = this.#placeAt(Number(value));
        return read(region, offset);
      };
    }
    if (isRecord(type) || type.kind === 'complex') {
      const { types } = this.#cdef.namespace;
      return (value) => {
        const region = memory.allocate(type.size as number, type.align);
        region.bytes.set(value as Uint8Array);
        return this.#lua.fromCData(this.#converter.at(types.unqualified(type), { region, offset: 0 }));
      };
    }
    return (value) => this.#converter.rawToLua(type, convertNumber(value as Raw, type));
  }

  // ---- from native code

  /**
   * Makes a function that native code can call by the type `type`; `run` gets Lua values of its parameters' types.
   * What it throws goes on when the native function that is running returns; until then there are no further calls.
   */
  expose(type: FunctionType, run: Call<V>): ExposedFunction {
    const receive = type.parameters.map((parameter) => this.#receiver(parameter.type));
    const nothing = type.result.kind === 'void' ? undefined : 0;
    const answer = nothing === undefined ? () => undefined : this.#answerer(type.result);
    const { address, free } = this.#native.callback(nativeSignature(type), (values) => {
      if (this.#raised !== null) return nothing;
      const { errno } = this.#native;
      try {
        this.#errno.value = errno;
        return answer(run(receive.map((convert, i) => convert(values[i]))));
      } catch (error) {
        // Nobody is there to raise it to, where no function runs that Lua called.
        if (this.#inUse.length > 0) this.#raised = { error };
        return nothing;
      } finally {
        this.#native.errno = this.#errno.value;
      }
    });
    return { region: this.#cdef.memory.regionAt(address), free };
  }

  #answerer(type: CType): (value: V | null) => NativeValue {
    const convert = this.#arguments.ofType(type);
    // What it returns a pointer to is kept as long as the call that it is in.
    return (value) => this.#pass(convert(value ?? this.#lua.nil()), this.#inUse.at(-1) ?? []);
  }
}

// The default argument promotions: C11 6.5.2.2p6.
function promoted(type: CType, value: NativeValue): [NativeType, NativeValue] {
  const native = nativeType(type);
  if (native === 'float') return ['double', value];
  return SMALL.has(native) ? ['int32', Number(value)] : [native, value];
}
