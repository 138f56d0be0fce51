/**
 * The functions of Lua's `ffi` module and the behaviour of its cdata, for any engine.
 *
 * An engine calls these with its own values `V` and turns the errors they throw into Lua errors.
 * @module
 */
import { type CType, type IntegerType, isRecord } from '../ctype/index.ts';
import { formatNumber } from '../lua/index.ts';
import { decodeUtf8 } from '../util/utf8.ts';
import type { Cdef } from '../view/index.ts';
import { Access, pointedTo } from './access.ts';
import type { LuaAdapter } from './adapter.ts';
import { convertArgument } from './arguments.ts';
import { Arithmetic } from './arith.ts';
import { isPlainArray } from './arrays.ts';
import { Bit } from './bit.ts';
import { type BufferHost, BufferLibrary } from './buffer/library.ts';
import { type Caller, Calls } from './call.ts';
import { CData, CTypeObject } from './cdata.ts';
import type { CLibrary } from './clibrary.ts';
import { Converter } from './convert.ts';
import { Creation } from './creation.ts';
import { Errno } from './errno.ts';
import { Finalizers } from './finalizers.ts';
import { FunctionArguments, given } from './function-arguments.ts';
import { HostValues } from './host-values.ts';
import { numberOfType } from './identity.ts';
import { Inquiry } from './inquiry.ts';
import { badArgument, cannotConvert, INVALID_TYPE, noIterator, notCallable, WRONG_PARAMETERS } from './messages.ts';
import { Metatypes } from './metatype.ts';
import type { Native } from './native.ts';
import { inLuaJitWords } from './parse-messages.ts';
import { isNumber } from './numbers.ts';
import { Printer } from './printer.ts';
import { repr } from './repr.ts';
import { Symbols } from './symbols.ts';
import { Transfer } from './transfer.ts';

/** Types and names that scripts may add: what LuaJIT's table of 65536 has room for. */
const MAX_TYPES = 65_440;

/** One Lua state's ffi. */
export class Ffi<V> {
  readonly access: Access<V>;
  readonly arithmetic: Arithmetic<V>;
  readonly bit: Bit<V>;
  /** `ffi.new`, `ffi.cast` and literals. */
  readonly creation: Creation<V>;
  /** `ffi.sizeof`, `alignof`, `offsetof`, `istype`. */
  readonly inquiry: Inquiry<V>;
  /** `ffi.string`, `ffi.copy`, `ffi.fill`. */
  readonly transfer: Transfer<V>;
  /** `ffi.C` and `ffi.load`. */
  readonly symbols: Symbols<V>;
  /** `tostring` */
  readonly printer: Printer<V>;
  readonly hostValues: HostValues<V>;
  readonly finalizers: Finalizers<V>;
  /** C's `errno` of this state. */
  readonly errnoCell: Errno = new Errno();
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #metatypes: Metatypes<V>;
  readonly #calls: Calls<V>;
  readonly #arguments: FunctionArguments<V>;
  readonly #int: CType;

  /**
   * `library`: C functions behind `ffi.C` besides those that are defined in `cdef`; none by default. With `native` those
   * of the process come next, and addresses are the process's.
   * @throws {TypeError} when `cdef` has another ABI than the process, or addresses of its own already
   */
  constructor(cdef: Cdef, lua: LuaAdapter<V>, library: CLibrary = () => ({}), native: Native | null = null) {
    this.#cdef = cdef;
    this.#lua = lua;
    if (native !== null) useNative(cdef, native);
    const { types } = cdef.namespace;
    types.limitTo(MAX_TYPES);
    this.#int = types.base('int');
    this.finalizers = new Finalizers(lua);
    this.#metatypes = new Metatypes(lua);
    const converter = new Converter(cdef, lua);
    const args = new FunctionArguments(cdef, lua, converter);
    this.#converter = converter;
    this.#arguments = args;
    this.#calls = new Calls(cdef, lua, converter, { library, native }, this.errnoCell);
    this.access = new Access(cdef, lua, converter, this.#metatypes);
    this.arithmetic = new Arithmetic(types, cdef.memory, lua, converter, this.#metatypes);
    this.bit = new Bit(types, lua, converter);
    this.creation = new Creation(cdef, lua, converter, args, this.#metatypes, this.finalizers);
    this.inquiry = new Inquiry(cdef, lua, converter, args);
    this.transfer = new Transfer(cdef, lua, converter, args);
    this.symbols = new Symbols(cdef, lua, converter, args, this.access, this.#calls, native);
    this.printer = new Printer(cdef, lua, converter, this.#metatypes);
    this.hostValues = new HostValues(cdef, converter);
  }

  // ---- ffi.*

  /** `ffi.cdef(text, ...)` */
  cdef(text?: V, parameters: readonly V[] = []): void {
    const type = text === undefined ? 'nil' : this.#lua.typeOf(text);
    if (type !== 'string' && type !== 'number') badArgument(1, 'cdef', `string expected, got ${this.#arguments.got(text)}`);
    const source = type === 'string' ? decodeUtf8(this.#lua.toBytes(text as V)) : formatNumber(this.#lua.toNumber(text as V));
    const typeParameters = this.#arguments.typeParameters(parameters, 'cdef');
    inLuaJitWords(() => this.#cdef.namespace.declare(source, '<cdef>', { dialect: 'luajit' }, typeParameters));
  }

  /** `ffi.typeof(ct, ...)` */
  typeof(ct?: V, parameters: readonly V[] = []): V {
    const lua = this.#lua;
    if (parameters.length === 0) return lua.fromCData(new CTypeObject(this.#arguments.ctype(ct, 1, 'typeof')));
    if (!lua.isString(ct as V)) {
      this.#arguments.ctype(ct, 1, 'typeof');
      badArgument(1, 'typeof', WRONG_PARAMETERS);
    }
    const typeParameters = this.#arguments.typeParameters(parameters, 'typeof');
    return lua.fromCData(
      new CTypeObject(inLuaJitWords(() => this.#cdef.namespace.typeNamed(lua.toName(ct as V), typeParameters, 'luajit'))),
    );
  }

  /** The functions of `string.buffer` over these values. */
  buffers(host: BufferHost<V>): BufferLibrary<V> {
    return new BufferLibrary(this.#cdef, this.#lua, this.creation, this.transfer, host);
  }

  /** `ffi.metatype(ct, metatable)` */
  metatype(ct?: V, table?: V): V {
    const type = this.#arguments.ctype(ct, 1, 'metatype');
    if (table === undefined || this.#lua.typeOf(table) !== 'table')
      badArgument(2, 'metatype', `table expected, got ${this.#arguments.got(table)}`);
    if (type.isConst || type.isVolatile) badArgument(1, 'metatype', INVALID_TYPE);
    if (!isRecord(type) && type.kind !== 'complex') badArgument(1, 'metatype', INVALID_TYPE);
    this.#metatypes.set(type, table);
    return this.#lua.fromCData(new CTypeObject(type));
  }

  /** `ffi.gc(cdata, finalizer)` */
  gc(object?: V, finalizer?: V): V {
    const lua = this.#lua;
    if (object === undefined || lua.typeOf(object) !== 'cdata') badArgument(1, 'gc', `cdata expected, got ${this.#arguments.got(object)}`);
    const cdata = lua.toCData(object);
    const isPointing = cdata instanceof CData && (cdata.type.kind === 'pointer' || cdata.type.kind === 'reference');
    const isHeld = cdata instanceof CData && (isPointing || isRecord(cdata.valueType) || isPlainArray(cdata.valueType));
    if (!isHeld) badArgument(1, 'gc', INVALID_TYPE);
    this.finalizers.set(cdata, lua.typeOf(given(finalizer, 2, 'gc')) === 'nil' ? null : (finalizer as V));
    return object;
  }

  /** `ffi.errno([newerr])` */
  errno(value?: V): number {
    if (value === undefined) return this.errnoCell.value;
    return this.errnoCell.replace(Number(convertArgument(0, 'errno', () => this.#converter.toRaw(this.#int, value))));
  }

  /** `ffi.os` */
  get os(): string {
    return 'Linux';
  }

  /** `ffi.arch` */
  get arch(): string {
    return 'x64';
  }

  /** `ffi.abi(parameter)` */
  abi(parameter?: V): boolean {
    return ['64bit', 'le', 'fpu', 'hardfp', 'gc64'].includes(this.#arguments.text(parameter, 1, 'abi'));
  }

  // ---- cdata

  /** The metatable of a type, or of what it points or refers to; null where there is none. */
  metatableOf(type: CType): V | null {
    return this.#metatypes.tableOf(type);
  }

  /** The metamethod that answers calls of `object`, with the object in front of the arguments; null where `call` does. */
  callMethod(object: CData | CTypeObject): V | null {
    return this.#metatypes.method(object.type, object instanceof CTypeObject ? '__new' : '__call');
  }

  /** `object(args...)` for C functions and ctype objects; null for no result. */
  call(object: CData | CTypeObject, args: readonly V[]): V | null {
    if (object instanceof CTypeObject) return this.#lua.fromCData(this.creation.construct(object.type, args, repr(object.type)));
    const type = object.valueType;
    if (type.kind === 'function') {
      return typeof object.value === 'string' ? this.#calls.call(type, object.value, args) : this.#calls.callPlace(type, object, args);
    }
    if (type.kind === 'pointer' && type.target.kind === 'function') {
      const place = object.type.kind === 'reference' ? this.#converter.pointerAt(type, object) : object;
      return this.#calls.callPlace(type.target, place, args);
    }
    throw notCallable(repr(pointedTo(type)));
  }

  /** `call` for one function of C, quicker; null where `object` is something else. */
  caller(object: CData | CTypeObject): Caller<V> | null {
    if (object instanceof CTypeObject || object.type.kind !== 'function' || typeof object.value !== 'string') return null;
    return this.#calls.caller(object.type, object.value);
  }

  /** `tonumber(object)`; null where it is no number. */
  tonumber(object: CData | CTypeObject): number | null {
    if (object instanceof CTypeObject) return numberOfType(this.#cdef.namespace.types, object.type);
    const raw = this.#converter.numberOf(object);
    if (raw === null && isNumeric(object.valueType)) throw cannotConvert(repr(object.valueType), 'double');
    return raw === null ? null : Number(raw);
  }

  /** The integer of a cdata that is an `int64_t` or `uint64_t`; null where it is none, nor a `long long`, which is another type. */
  integer64(object: CData | CTypeObject): bigint | null {
    const isInteger = object instanceof CData && object.type.kind === 'integer' && this.#isInteger64(object.type);
    return isInteger ? (object.value as bigint) : null;
  }

  #isInteger64(type: IntegerType): boolean {
    return type === this.#cdef.namespace.types.integerOfSize(8, type.isSigned);
  }

  /** The function that iterates over `object`, from its metatype. */
  iterator(object: CData | CTypeObject, name: '__pairs' | '__ipairs'): V {
    const method = object instanceof CData ? this.#metatypes.method(object.type, name) : null;
    if (method === null) throw noIterator(object instanceof CData ? repr(pointedTo(object.valueType)) : 'ctype', name);
    return method;
  }
}

function useNative({ memory, namespace }: Cdef, native: Native): void {
  const { name } = namespace.types.abi;
  if (name !== native.abi) throw new TypeError(`native libraries have the ABI ${native.abi} here, the declarations ${name}`);
  memory.useRealAddresses(native.memory);
}

function isNumeric(type: CType): boolean {
  return isNumber(type) || type.kind === 'complex';
}
