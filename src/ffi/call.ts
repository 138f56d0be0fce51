/**
 * Calls of C functions: JavaScript functions that the embedder defined, whose arguments and results are converted by
 * the declared prototype; where there is none of a name, those of the C library or of the process.
 * @module
 */
import { type CType, type FunctionType, isRecord, type PointerType, type RecordType } from '../ctype/index.ts';
import { formatAddress, type Place, type Region } from '../memory/index.ts';
import { type Cdef, type HostFunction, Pointer, type Raw, scalarOf } from '../view/index.ts';
import { FfiError } from '../util/errors.ts';
import { decodeUtf8, encodeUtf8 } from '../util/utf8.ts';
import type { LuaAdapter } from './adapter.ts';
import { argumentError, Arguments, convertArgument } from './arguments.ts';
import { CData } from './cdata.ts';
import type { CLibrary } from './clibrary.ts';
import type { Converter } from './convert.ts';
import type { Errno } from './errno.ts';
import { LibraryCalls } from './library-call.ts';
import { CANNOT_CALL, undefinedSymbol, wrongArgumentCount } from './messages.ts';
import { isNumber, rawConverter } from './numbers.ts';
import type { Native, NativeLibrary } from './native.ts';
import { NativeCalls } from './native-call.ts';
import type { Placer } from './placer.ts';
import { repr } from './repr.ts';

/** A Lua argument as the JavaScript function gets it. */
type ToHost<V> = (value: V) => unknown;
/** A JavaScript result as Lua gets it; null for no result. */
type FromHost<V> = (value: unknown) => V | null;

/** A pointer as the JavaScript function gets it: what is made of the place that the Lua value means. */
interface Placed<V> {
  readonly placer: Placer<V>;
  readonly make: (place: Place) => unknown;
}

interface Conversions<V> {
  readonly parameters: readonly ToHost<V>[];
  /** How those are made that are pointers to data, but for text. */
  readonly placed: readonly (Placed<V> | null)[];
  readonly result: FromHost<V>;
}

/** Parameters of a function that is worth text of its own; prototypes are the script's. */
const MOST_PARAMETERS = 16;

/** Calls one function of C with Lua values; null where its result is `void`. */
export type Caller<V> = (...args: V[]) => V | null;

/** What `ffi.C` has besides the functions that are defined in the `Cdef`. */
export interface Implementations {
  readonly library: CLibrary;
  /** The process's own libraries; null where they are not allowed. */
  readonly native: Native | null;
}

export class Calls<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #known: Map<FunctionType, Conversions<V>> = new Map();
  readonly #functions: Map<string, CData> = new Map();
  readonly #regions: Map<string, Region> = new Map();
  readonly #names: Map<Region, string> = new Map();
  readonly #library: LibraryCalls<V>;
  readonly #native: NativeCalls<V> | null;
  readonly #loaded: WeakMap<NativeLibrary, Map<string, CData>> = new WeakMap();
  #callers = 0;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>, { library, native }: Implementations, errno: Errno) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    const { memory, namespace } = cdef;
    const args = new Arguments(cdef, lua, converter);
    this.#native = native === null ? null : new NativeCalls(cdef, lua, converter, args, native, errno);
    converter.callbacks.expose = this.#native === null ? null : this.#native.expose.bind(this.#native);
    this.#library = new LibraryCalls(cdef, lua, converter, args, library, {
      memory,
      errno,
      abi: namespace.types.abi,
      callFunctionPointer: (pointer, args) => this.#callForNumber(pointer, args),
      placeOfObject: (object) => converter.placeOfObject(object),
      objectAt: (place) => converter.objectAt(place),
    });
  }

  /** What a pointer variable of the C library points to at first; null for other variables. */
  initialTarget(name: string): Place | null {
    return this.#native === null ? this.#library.variable(name) : null;
  }

  /** The place of a variable of a loaded library, or of the process; null where there are no native libraries. */
  variableNamed(name: string, library: NativeLibrary | null): Place | null {
    return this.#native === null ? null : this.#cdef.memory.placeAt(this.#native.symbol(name, library));
  }

  // A call from the C library.
  #callForNumber(pointer: CData, args: readonly CData[]): Raw {
    const type = (pointer.type as PointerType).target as FunctionType;
    const values = args.map((arg) => this.#lua.fromCData(arg));
    const result = this.callPlace(type, pointer, values);
    return this.#converter.toRaw(type.result, result ?? this.#lua.nil());
  }

  /**
   * A declared function as a value: of a loaded library, or else of `ffi.C`. `symbol` is its name unless `asm` says otherwise.
   * Functions have an address like everything else; there is nothing to read there.
   * @throws {FfiError} for functions without an implementation
   */
  functionNamed(name: string, type: FunctionType, symbol: string, library: NativeLibrary | null): CData {
    const functions = library === null ? this.#functions : this.#functionsOf(library);
    let cdata = functions.get(name);
    if (cdata === undefined) {
      // A host function may go by either name.
      const linked = this.#cdef.functions.has(name) ? name : symbol;
      const isOwn = library === null && (this.#cdef.functions.has(linked) || this.#library.has(linked));
      if (!isOwn && this.#native === null) throw undefinedSymbol(linked);
      cdata = isOwn
        ? new (this.#converter.classOf(type))(type, this.#regionOf(linked, type), 0, linked)
        : this.#nativeFunction(linked, type, library);
      functions.set(name, cdata);
    }
    return cdata;
  }

  #functionsOf(library: NativeLibrary): Map<string, CData> {
    let functions = this.#loaded.get(library);
    if (functions === undefined) {
      functions = new Map();
      this.#loaded.set(library, functions);
    }
    return functions;
  }

  #regionOf(symbol: string, type: FunctionType): Region {
    let region = this.#regions.get(symbol);
    if (region === undefined) {
      // Native code may get a pointer to it, but knows no end of its arguments.
      const isExposed = this.#native !== null && !type.variadic;
      const exposed = isExposed ? this.#native.expose(type, (args) => this.call(type, symbol, args)) : null;
      region = exposed?.region ?? this.#cdef.memory.allocate(0);
      this.#regions.set(symbol, region);
      this.#names.set(region, symbol);
    }
    return region;
  }

  #nativeFunction(symbol: string, type: FunctionType, library: NativeLibrary | null): CData {
    const native = this.#native as NativeCalls<V>;
    return native.functionAt(native.symbol(symbol, library), type, symbol);
  }

  /** Calls what a pointer of Lua to a function points to: a declared function, a callback, or code of a native library. */
  callPlace(type: FunctionType, place: Place, args: readonly V[]): V | null {
    const { callbacks } = this.#converter;
    if (callbacks.isCallback(place)) return callbacks.callFromLua(place, type, args);
    if (this.#native !== null && this.#cdef.memory.isForeign(place.region)) return this.#native.call(type, place, args);
    return this.call(type, this.#nameAt(place), args);
  }

  // The name of the function that a function pointer points to.
  #nameAt(place: Place): string {
    const name = place.offset === 0 ? this.#names.get(place.region) : undefined;
    if (name === undefined) throw new FfiError(`address ${formatAddress(this.#cdef.memory.addressOf(place))} is no function`);
    return name;
  }

  /** Calls the function `name` of type `type`; null where its result is `void`. */
  call(type: FunctionType, name: string, args: readonly V[]): V | null {
    const defined = this.#cdef.functions.get(name);
    return defined === undefined ? this.#library.call(type, name, args) : this.#callHost(type, name, defined.implementation, args);
  }

  /** `call` for one function; what can be known of it is found out once. The embedder may define it anew. */
  caller(type: FunctionType, name: string): Caller<V> {
    const { functions, views } = this.#cdef;
    const general: Caller<V> = (...args) => this.call(type, name, args);
    const defined = functions.get(name);
    const isUsual = defined !== undefined && !type.variadic && type.parameters.length <= MOST_PARAMETERS;
    const conversions = isUsual ? this.#knownConversions(type) : null;
    if (conversions === null) return general;
    const { placed } = conversions;
    const parts = { ...conversions, defined, name, general, failed: argumentError };
    return views.compiler.compile<Caller<V>>(parts, callerText(this.#callers++, placed)) ?? general;
  }

  // Null where there are none: an error of the call, not of the function.
  #knownConversions(type: FunctionType): Conversions<V> | null {
    try {
      return this.#conversions(type);
    } catch (error) {
      if (error instanceof FfiError) return null;
      throw error;
    }
  }

  #conversions(type: FunctionType): Conversions<V> {
    let conversions = this.#known.get(type);
    if (conversions === undefined) {
      const placed = type.parameters.map((parameter) => this.#placed(parameter.type));
      const parameters = type.parameters.map((parameter, i) => this.#toHost(parameter.type, placed[i]));
      conversions = { parameters, placed, result: this.#fromHost(type.result) };
      this.#known.set(type, conversions);
    }
    return conversions;
  }

  // As in LuaJIT, what is wrong is found from left to right.
  #callHost(type: FunctionType, name: string, implementation: HostFunction, args: readonly V[]): V | null {
    const { parameters, result } = this.#conversions(type);
    const { length } = parameters;
    const values = args.map((arg, i) => {
      if (i >= length && !type.variadic) throw wrongArgumentCount();
      return convertArgument(i, name, () => (parameters[i] ?? this.#variadic.bind(this))(arg));
    });
    if (args.length < length) throw wrongArgumentCount();
    return result(implementation(...values));
  }

  // ---- Lua to JavaScript

  #toHost(type: CType, placed: Placed<V> | null = this.#placed(type)): ToHost<V> {
    if (placed !== null) return (value) => placed.make(placed.placer.of(value));
    if (type.kind === 'pointer') return this.#otherPointerToHost(type);
    if (isRecord(type)) {
      const accessor = this.#cdef.views.accessorOf(type);
      const size = type.size as number;
      // By value: a copy.
      return (value) => {
        const copy = this.#cdef.memory.allocate(size);
        this.#converter.writerOf(type)(copy, 0, value);
        return accessor.get(this.#cdef.memory.bytesOf(copy), 0);
      };
    }
    const lua = this.#lua;
    if (!isNumber(type) || (type.size ?? 0) > 8) return (value) => this.#converter.toRaw(type, value);
    const convert = rawConverter(type);
    return (value) => (lua.isNumber(value) ? convert(lua.toNumber(value)) : this.#converter.toRaw(type, value));
  }

  #placed(type: CType): Placed<V> | null {
    if (type.kind !== 'pointer' || type.target.kind === 'function' || isText(type)) return null;
    const { target } = type;
    const placer = this.#converter.placer(type, 'assign');
    if (!isRecord(target)) return { placer, make: this.#cdef.views.pointersTo(target) };
    const make = target.size === null ? (place: Place) => this.#hostPointer(target, place, false) : this.#recordToHost(target, target.size);
    return { placer, make };
  }

  // To functions and to text.
  #otherPointerToHost(type: PointerType): ToHost<V> {
    const lua = this.#lua;
    const { target } = type;
    if (target.kind === 'function') return (value) => this.#hostFunction(target, this.#converter.toPlace(type, value, 'assign'));
    const placer = this.#converter.placer(type, 'assign');
    // The text that was passed last; scripts pass the same ones over and over.
    let text = '';
    return (value) => {
      // What the host passed in comes back as it was.
      if (!lua.isString(value)) return this.#hostPointer(target, placer.of(value), true);
      if (lua.toName(value) !== text) text = textOf(lua, value);
      return text;
    };
  }

  #recordToHost(type: RecordType, size: number): (place: Place) => unknown {
    const { memory, views } = this.#cdef;
    const View = views.recordClass(type);
    const name = repr(type);
    return ({ region, offset }) => {
      if (region === memory.wild && offset === 0) return null;
      region.check(offset, size, name);
      return new View(memory.bytesOf(region), offset);
    };
  }

  #hostPointer(target: CType, place: Place, isText: boolean): unknown {
    if (place.region === this.#cdef.memory.wild && place.offset === 0) return null;
    if (isRecord(target) && target.size !== null) return this.#recordToHost(target, target.size)(place);
    const pointer = this.#cdef.views.pointerTo(target, place);
    return isText && pointer !== null ? pointer.text() : pointer;
  }

  // What a function pointer points to, for the host to call: its own function, or one of Lua or C by the prototype.
  #hostFunction(type: FunctionType, place: Place): HostFunction | null {
    if (place.region === this.#cdef.memory.wild && place.offset === 0) return null;
    const { callbacks } = this.#converter;
    const isCallback = callbacks.isCallback(place);
    const isForeign = this.#cdef.memory.isForeign(place.region);
    const own = isCallback || isForeign ? undefined : this.#cdef.functions.get(this.#nameAt(place))?.implementation;
    if (own !== undefined) return own;
    const fromHost = type.parameters.map((parameter) => this.#fromHost(parameter.type));
    const toHost = type.result.kind === 'void' ? null : this.#toHost(type.result);
    return (...args) => {
      if (args.length !== fromHost.length) throw wrongArgumentCount();
      const values = fromHost.map((convert, i) => convert(args[i]) as V);
      const result = isCallback ? callbacks.callFromHost(place, values) : this.callPlace(type, place, values);
      return result === null ? undefined : toHost?.(result);
    };
  }

  // Behind `...`: what the Lua value itself says.
  #variadic(value: V): unknown {
    const lua = this.#lua;
    switch (lua.typeOf(value)) {
      case 'nil':
        return null;
      case 'boolean':
        return lua.toBoolean(value);
      case 'number':
        return lua.toNumber(value);
      case 'string':
        return textOf(lua, value);
      case 'userdata':
        return lua.toHostObject(value);
      case 'cdata': {
        const cdata = lua.toCData(value);
        if (!(cdata instanceof CData)) break;
        const type = cdata.valueType;
        const raw = this.#converter.numberOf(cdata);
        if (raw !== null) return raw;
        const target = type.kind === 'pointer' ? type.target : type.kind === 'array' ? type.element : type;
        const place = type.kind === 'pointer' && cdata.type.kind === 'reference' ? this.#converter.pointerAt(type, cdata) : cdata;
        if (target.kind === 'function') return this.#hostFunction(target, place);
        return this.#hostPointer(target, place, false);
      }
    }
    throw new FfiError(`cannot convert '${this.#converter.typeText(value)}' to 'void *'`);
  }

  // ---- JavaScript to Lua

  #fromHost(type: CType): FromHost<V> {
    if (type.kind === 'void') return () => null;
    if (type.kind === 'pointer') {
      return (value) => {
        const place = this.#resultPlace(type, value);
        return this.#lua.fromCData(this.#converter.at(type, place));
      };
    }
    if (isRecord(type) || type.kind === 'complex') {
      const accessor = this.#cdef.views.accessorOf(type);
      return (value) => {
        const region = this.#cdef.memory.allocate(type.size as number);
        accessor.set(this.#cdef.memory.bytesOf(region), 0, value, `result of type '${repr(type)}'`);
        return this.#lua.fromCData(this.#converter.at(type, { region, offset: 0 }));
      };
    }
    const scalar = scalarOf(type);
    if (scalar === null) throw new FfiError(CANNOT_CALL);
    const accessor = this.#cdef.views.accessorOf(type);
    const where = `result of type '${repr(type)}'`;
    const bytes = new Uint8Array(type.size as number);
    const isInt = type.kind === 'integer' && type.size === 4 && type.isSigned;
    return (value) => {
      // As most that C functions return.
      if (isInt && typeof value === 'number' && (value | 0) === value) return this.#lua.fromNumber(value | 0);
      // A function that returns nothing where a number is declared leaves zero, never garbage.
      accessor.set(bytes, 0, value ?? 0, where);
      return this.#converter.rawToLua(type, scalar.read(bytes, 0) as Raw);
    };
  }

  #resultPlace(type: PointerType, value: unknown): Place {
    const { target } = type;
    const isText = target.kind === 'void' || (target.kind === 'integer' && target.size === 1);
    if (typeof value !== 'string' || !isText) {
      if (value instanceof Pointer) return value;
      return this.#cdef.views.placeOf(value, type.target, `result of type '${repr(type)}'`);
    }
    const bytes = encodeUtf8(value);
    const region = this.#cdef.memory.allocate(bytes.length + 1);
    region.bytes.set(bytes);
    return { region, offset: 0 };
  }
}

// A string as C would read it: up to the first NUL. What is ASCII, as most is, needs no decoding.
function textOf<V>(lua: LuaAdapter<V>, value: V): string {
  const latin1 = lua.toName(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character but NUL
  if (/^[\x01-\x7f]*$/.test(latin1)) return latin1;
  const bytes = lua.toBytes(value);
  const nul = bytes.indexOf(0);
  return decodeUtf8(nul < 0 ? bytes : bytes.subarray(0, nul));
}

/**
 * A call with as many arguments as the prototype has. Text of its own for each function: V8 keeps what it learns about code by its text, and code that all
 * functions shared would call them and their conversions without knowing which.
 */
function callerText(id: number, placed: readonly unknown[]): string {
  const count = placed.length;
  let declarations = '';
  let conversions = '';
  placed.forEach((one, i) => {
    declarations += one === null ? `const p${i}=parameters[${i}];` : `const{placer:q${i},make:m${i}}=placed[${i}];`;
    // Most often the same type as before.
    const value = one === null ? `p${i}(args[${i}])` : `m${i}((a=args[${i}])?.isCData===true&&a.type===q${i}.last?a:q${i}.of(a))`;
    conversions += `${i === 0 ? '' : `at=${i + 1};`}v${i}=${value};`;
  });
  const values = placed.map((_, i) => `v${i}`).join(',');
  const converted = count === 0 ? '' : `let at=1,a,${values};try{${conversions}}catch(error){throw failed(error,at,name);}`;
  return `${declarations}return function caller${id}(...args){
if(args.length!==${count})return general(...args);
${converted}return result((0,defined.implementation)(${values}));
}`;
}

// Whether pointers of the type are text to the host.
function isText({ target }: PointerType): boolean {
  return target.kind === 'integer' && target.name === 'char' && target.isConst;
}
