/**
 * The functions of Lua's `ffi` module and the behaviour of its cdata, for any engine.
 *
 * An engine calls these with its own values `V` and turns the errors they throw into Lua errors.
 * @module
 */
import {
  type CType,
  type CTypes,
  follow,
  type IntegerType,
  isReadOnly,
  isRecord,
  isVector,
  type PointerType,
  type RecordType,
  type TypeParameter,
} from '../ctype/index.ts';
import { formatNumber, type LuaNumber } from '../lua/index.ts';
import { formatAddress, type Place, type Region } from '../memory/index.ts';
import { FfiError, MemoryAccessError } from '../util/errors.ts';
import { decodeUtf8 } from '../util/utf8.ts';
import { BYTES, type Cdef, isView, OFFSET, Pointer, TYPE } from '../view/index.ts';
import { Access } from './access.ts';
import type { LuaAdapter } from './adapter.ts';
import { Arithmetic } from './arith.ts';
import { Bit } from './bit.ts';
import { Calls } from './call.ts';
import { CData, CTypeObject } from './cdata.ts';
import type { CLibrary } from './clibrary.ts';
import { isTargetCompatible } from './compatible.ts';
import { Converter } from './convert.ts';
import {
  badArgument,
  cannotConvert,
  constantLocation,
  INVALID_TYPE,
  missingDeclaration,
  NATIVE_IS_OFF,
  noIterator,
  notCallable,
  SIZE_UNKNOWN,
  WRONG_PARAMETERS,
} from './messages.ts';
import { Errno } from './errno.ts';
import { Finalizers } from './finalizers.ts';
import { isSameType, numberOfType } from './identity.ts';
import { Metatypes } from './metatype.ts';
import { RecentNames } from './names.ts';
import { libraryFile, type Native, type NativeLibrary } from './native.ts';
import { convertNumber } from './numbers.ts';
import { inLuaJitWords } from './parse-messages.ts';
import type { Placer } from './placer.ts';
import { repr } from './repr.ts';

/** Up to so many bytes are copied one by one, as that is quicker than to ask for it. */
const FEW_BYTES = 32;

/** Largest object that `ffi.new` makes; LuaJIT's limit. */
const MAX_OBJECT = 2 ** 31 - 1;

/** Types and names that scripts may add: what LuaJIT's table of 65536 has room for. */
const MAX_TYPES = 65_440;

// The types that arguments of ffi functions are converted to; looked up once.
interface ArgumentTypes {
  /** `void *` */
  readonly target: PointerType;
  /** `const void *` */
  readonly source: PointerType;
  /** `const char *` */
  readonly text: PointerType;
  readonly int: CType;
}

function argumentTypes(types: CTypes): ArgumentTypes {
  const readable = { isConst: true, isVolatile: false };
  return {
    target: types.pointer(types.void),
    source: types.pointer(types.withQualifiers(types.void, readable)),
    text: types.pointer(types.withQualifiers(types.base('char'), readable)),
    int: types.base('int'),
  };
}

/** One Lua state's ffi. */
export class Ffi<V> {
  readonly access: Access<V>;
  readonly arithmetic: Arithmetic<V>;
  readonly bit: Bit<V>;
  readonly finalizers: Finalizers<V>;
  /** C's `errno` of this state. */
  readonly errnoCell: Errno = new Errno();
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #metatypes: Metatypes<V>;
  readonly #calls: Calls<V>;
  readonly #types: ArgumentTypes;
  readonly #casts: RecentNames<(value: V) => V> = new RecentNames();
  readonly #casters: Map<CType, (value: V) => V> = new Map();
  /** To `void *` and `const void *`. */
  readonly #target: Placer<V>;
  readonly #source: Placer<V>;
  readonly #native: Native | null;
  // Variables of the C library that have their first value.
  readonly #initialized: Set<string> = new Set();

  /**
   * `library`: C functions behind `ffi.C` besides those that are defined in `cdef`; none by default. With `native` those
   * of the process come next, and addresses are the process's.
   * @throws {TypeError} when `cdef` has another ABI than the process, or addresses of its own already
   */
  constructor(cdef: Cdef, lua: LuaAdapter<V>, library: CLibrary = () => ({}), native: Native | null = null) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#native = native;
    if (native !== null) useNative(cdef, native);
    this.#types = argumentTypes(cdef.namespace.types);
    cdef.namespace.types.limitTo(MAX_TYPES);
    this.finalizers = new Finalizers(lua);
    this.#metatypes = new Metatypes(lua);
    this.#converter = new Converter(cdef, lua);
    this.#target = this.#converter.placer(this.#types.target, 'assign');
    this.#source = this.#converter.placer(this.#types.source, 'assign');
    this.#calls = new Calls(cdef, lua, this.#converter, { library, native }, this.errnoCell);
    this.access = new Access(cdef, lua, this.#converter, this.#metatypes);
    this.arithmetic = new Arithmetic(cdef.namespace.types, cdef.memory, lua, this.#converter, this.#metatypes);
    this.bit = new Bit(cdef.namespace.types, lua, this.#converter);
  }

  // Runs `work`; its errors become errors about argument `index` of `name`.
  #argument<T>(index: number, name: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof FfiError) badArgument(index, name, error.message);
      throw error;
    }
  }

  /** The C type that an argument means: a string, a ctype object, or a cdata's type. */
  ctypeOf(value: V | undefined, index: number, name: string): CType {
    const lua = this.#lua;
    if (value !== undefined) {
      const type = lua.typeOf(value);
      if (type === 'string') {
        const named = inLuaJitWords(() => this.#cdef.namespace.typeNamed(lua.toName(value)));
        // Other arrays are nobody's, as nothing of them can be made.
        if (named.kind === 'array' && (named.size ?? 0) > MAX_OBJECT) throw new FfiError(SIZE_UNKNOWN);
        return named;
      }
      if (type === 'cdata') return lua.toCData(value).type;
    }
    badArgument(index, name, `C type expected, got ${this.#got(value)}`);
  }

  // What an argument is, for messages; undefined stands for one that is not there.
  #got(value: V | undefined): string {
    return value === undefined ? 'no value' : this.#lua.typeOf(value);
  }

  // A string, or a number as one, as latin1 text.
  #text(value: V | undefined, index: number, name: string): string {
    const type = value === undefined ? null : this.#lua.typeOf(value);
    if (type === 'number') return formatNumber(this.#lua.toNumber(value as V));
    if (type !== 'string') badArgument(index, name, `string expected, got ${this.#got(value)}`);
    return this.#lua.toName(value as V);
  }

  #given(value: V | undefined, index: number, name: string): V {
    if (value === undefined) badArgument(index, name, 'value expected');
    return value;
  }

  // ---- ffi.*

  /** `ffi.cdef(text, ...)` */
  cdef(text?: V, parameters: readonly V[] = []): void {
    const type = text === undefined ? 'nil' : this.#lua.typeOf(text);
    if (type !== 'string' && type !== 'number') badArgument(1, 'cdef', `string expected, got ${this.#got(text)}`);
    const given = type === 'string' ? decodeUtf8(this.#lua.toBytes(text as V)) : formatNumber(this.#lua.toNumber(text as V));
    const typeParameters = this.#typeParameters(parameters, 'cdef');
    inLuaJitWords(() => this.#cdef.namespace.declare(given, '<cdef>', {}, typeParameters));
  }

  /** `ffi.typeof(ct, ...)` */
  typeof(ct?: V, parameters: readonly V[] = []): V {
    const lua = this.#lua;
    if (parameters.length === 0) return lua.fromCData(new CTypeObject(this.ctypeOf(ct, 1, 'typeof')));
    if (lua.typeOf(ct as V) !== 'string') badArgument(1, 'typeof', WRONG_PARAMETERS);
    const typeParameters = this.#typeParameters(parameters, 'typeof');
    return lua.fromCData(new CTypeObject(inLuaJitWords(() => this.#cdef.namespace.typeNamed(lua.toName(ct as V), typeParameters))));
  }

  // The arguments behind a text, for its `$`.
  #typeParameters(values: readonly V[], name: string): TypeParameter[] {
    const lua = this.#lua;
    return values.map((value, i): TypeParameter => {
      switch (lua.typeOf(value)) {
        case 'string':
          return { kind: 'name', name: lua.toName(value) };
        case 'number':
          return { kind: 'integer', value: Math.trunc(lua.toNumber(value)) | 0 };
        case 'cdata':
          return { kind: 'type', type: lua.toCData(value).type };
        default:
          return badArgument(i + 2, name, `type parameter expected, got ${lua.typeOf(value)}`);
      }
    });
  }

  /** `ffi.new(ct [, nelem] [, init...])` */
  new(ct: V | undefined, args: readonly V[], name = 'new'): V {
    const type = this.ctypeOf(ct, 1, name);
    return this.#lua.fromCData(this.#construct(type, args, name));
  }

  #construct(type: CType, args: readonly V[], name: string): CData {
    const { size, values } = this.#sizeForNew(type, args, name);
    if (size > MAX_OBJECT) badArgument(1, name, SIZE_UNKNOWN);
    const region = this.#cdef.memory.allocate(size, type.align);
    this.#converter.initializer.initialize(type, region, size, values);
    if (!isAggregate(type)) return this.#scalarFrom(type, region);
    const cdata = this.#converter.at(type, { region, offset: 0 });
    const finalizer = isRecord(type) ? this.#metatypes.method(type, '__gc') : null;
    if (finalizer !== null) this.finalizers.set(cdata, finalizer);
    return cdata;
  }

  // A pointer or number is kept as such, not as its bytes.
  #scalarFrom(type: CType, region: Region): CData {
    if (type.kind === 'pointer' || type.kind === 'reference') {
      const place = this.#converter.pointerAt(type, { region, offset: 0 });
      return this.#converter.at(type, place);
    }
    return this.#converter.box(type, this.#converter.numberOf(new CData(this.#cdef.namespace.types.reference(type), region, 0, null)) ?? 0);
  }

  #sizeForNew(type: CType, args: readonly V[], name: string): { size: number; values: readonly V[] } {
    if (!isVariable(type)) {
      if (type.size === null) badArgument(1, name, SIZE_UNKNOWN);
      return { size: type.size, values: args };
    }
    const [count, ...values] = args;
    if (count === undefined) badArgument(2, name, 'value expected');
    const length = Number(this.#argument(2, name, () => this.#converter.toRaw(this.#types.int, count)));
    const size = sizeOfVariable(type, length);
    if (size === null) badArgument(1, name, SIZE_UNKNOWN);
    return { size, values };
  }

  /** `ffi.cast(ct, value)` */
  cast(ct?: V, object?: V): V {
    const lua = this.#lua;
    const name = ct !== undefined && lua.typeOf(ct) === 'string' ? lua.toName(ct) : null;
    const known = name === null || object === undefined ? undefined : this.#casts.get(name);
    if (known !== undefined) return known(object as V);
    const type = this.ctypeOf(ct, 1, 'cast');
    const caster = this.caster(type);
    // Text that defines a type is a new one each time.
    if (name !== null && this.#cdef.namespace.knownType(name) === type) this.#casts.set(name, caster);
    return caster(this.#given(object, 2, 'cast'));
  }

  /** `ffi.cast` to one type. */
  caster(type: CType): (value: V) => V {
    let caster = this.#casters.get(type);
    if (caster === undefined) {
      caster = this.#makeCaster(type);
      this.#casters.set(type, caster);
    }
    return caster;
  }

  #makeCaster(type: CType): (value: V) => V {
    const lua = this.#lua;
    const { types } = this.#cdef.namespace;
    const isPointer = type.kind === 'pointer' || type.kind === 'reference';
    if (!isPointer && !isScalar(type)) badArgument(1, 'cast', INVALID_TYPE);
    // The type that was last found to be another one.
    let other: CType | null = null;
    const isSame = (value: V): boolean => {
      const cdata = lua.cdataOf(value);
      if (cdata === null || cdata.type === other) return false;
      if (isSameType(types, cdata.type, type)) return true;
      other = cdata.type;
      return false;
    };
    if (!isPointer) return (value) => (isSame(value) ? value : lua.fromCData(this.#castNumber(type, value)));
    const placer = this.#converter.placer(type, 'cast');
    const Class = this.#converter.classOf(type);
    return (value) => {
      if (isSame(value)) return value;
      const { region, offset } = placer.of(value);
      return lua.fromCData(new Class(type, region, offset, null));
    };
  }

  #castNumber(type: CType, value: V): CData {
    // Of an enum, a string is a constant's name.
    const isName = type.kind === 'enum' && this.#lua.typeOf(value) === 'string';
    const place = isName ? null : this.#placeBehind(value);
    if (place !== null && (type.kind === 'integer' || type.kind === 'enum')) {
      return this.#converter.box(type, convertNumber(BigInt(this.#cdef.memory.addressOf(place)), type));
    }
    return this.#converter.box(type, this.#converter.toRaw(type, value));
  }

  // The place of a value that is a pointer, an array or a host's buffer.
  #placeBehind(value: V): Place | null {
    const lua = this.#lua;
    const type = lua.typeOf(value);
    if (type === 'userdata' || type === 'string' || type === 'nil') return this.#converter.toPlace(this.#types.target, value, 'cast');
    if (type !== 'cdata') return null;
    const cdata = lua.toCData(value);
    if (cdata instanceof CTypeObject) return null;
    const { kind } = cdata.valueType;
    return kind === 'pointer' || isPlainArray(cdata.valueType) || kind === 'function'
      ? this.#converter.toPlace(this.#types.target, value, 'cast')
      : null;
  }

  /** `ffi.sizeof(ct [, nelem])`; null where the size is not known. */
  sizeof(ct?: V, count?: V): number | null {
    const lua = this.#lua;
    const type = this.ctypeOf(ct, 1, 'sizeof');
    const target = type.kind === 'reference' ? type.target : type;
    if (!isVariable(target)) return target.size;
    if (ct !== undefined && lua.typeOf(ct) === 'cdata') {
      const cdata = lua.toCData(ct);
      if (cdata instanceof CData) return cdata.region.bytes.length - cdata.offset;
    }
    if (count === undefined) badArgument(2, 'sizeof', 'value expected');
    const length = this.#argument(2, 'sizeof', () => this.#converter.toRaw(this.#types.int, count));
    return sizeOfVariable(target, Number(length));
  }

  /** `ffi.alignof(ct)` */
  alignof(ct?: V): number {
    const type = this.ctypeOf(ct, 1, 'alignof');
    return type.kind === 'reference' ? type.target.align : type.align;
  }

  /** `ffi.offsetof(ct, field)`: one number; three for a bit-field (byte, bit within, width); none where unknown. */
  offsetof(ct?: V, field?: V): readonly number[] {
    const type = this.ctypeOf(ct, 1, 'offsetof');
    const record = type.kind === 'reference' ? type.target : type;
    const name = this.#text(field, 2, 'offsetof');
    const target = isRecord(record) ? follow(record, [name]) : '';
    if (typeof target === 'string') return [];
    if (target.bits === null) return [target.offset];
    const unit = target.type.size ?? 1;
    const container = Math.floor(target.bits.bitOffset / (unit * 8)) * unit;
    // One that fills its type is a member like others.
    if (target.bits.bitWidth === unit * 8 && target.bits.bitOffset === container * 8) return [container];
    return [container, target.bits.bitOffset - container * 8, target.bits.bitWidth];
  }

  /** `ffi.istype(ct, obj)` */
  istype(ct?: V, object?: V): boolean {
    const type = stripped(this.ctypeOf(ct, 1, 'istype'));
    const value = this.#given(object, 2, 'istype');
    if (this.#lua.typeOf(value) !== 'cdata') return false;
    const cdata = this.#lua.toCData(value);
    const other = stripped(cdata.type);
    const { types } = this.#cdef.namespace;
    if (types.unqualified(type) === types.unqualified(other)) return true;
    if (isRecord(type)) {
      const pointed = other.kind === 'pointer' ? other.target : other;
      return isRecord(pointed) && pointed.definition === type.definition;
    }
    if (type.kind === 'pointer' && other.kind === 'pointer') return isTargetCompatible(type.target, other.target);
    if (type.kind === 'array' && other.kind === 'array') return type.size === other.size && isTargetCompatible(type.element, other.element);
    return type.kind === 'integer' && other.kind === 'integer' && type.size === other.size && type.isSigned === other.isSigned;
  }

  /** `ffi.metatype(ct, metatable)` */
  metatype(ct?: V, table?: V): V {
    const type = this.ctypeOf(ct, 1, 'metatype');
    if (table === undefined || this.#lua.typeOf(table) !== 'table') badArgument(2, 'metatype', `table expected, got ${this.#got(table)}`);
    if (type.isConst || type.isVolatile) badArgument(1, 'metatype', INVALID_TYPE);
    if (!isRecord(type) && type.kind !== 'complex') badArgument(1, 'metatype', INVALID_TYPE);
    this.#metatypes.set(type, table);
    return this.#lua.fromCData(new CTypeObject(type));
  }

  /** `ffi.gc(cdata, finalizer)` */
  gc(object?: V, finalizer?: V): V {
    const lua = this.#lua;
    if (object === undefined || lua.typeOf(object) !== 'cdata') badArgument(1, 'gc', `cdata expected, got ${this.#got(object)}`);
    const cdata = lua.toCData(object);
    const isPointing = cdata instanceof CData && (cdata.type.kind === 'pointer' || cdata.type.kind === 'reference');
    const isHeld = cdata instanceof CData && (isPointing || isRecord(cdata.valueType) || isPlainArray(cdata.valueType));
    if (!isHeld) badArgument(1, 'gc', INVALID_TYPE);
    this.finalizers.set(cdata, lua.typeOf(this.#given(finalizer, 2, 'gc')) === 'nil' ? null : (finalizer as V));
    return object;
  }

  /** `ffi.errno([newerr])` */
  errno(value?: V): number {
    if (value === undefined) return this.errnoCell.value;
    return this.errnoCell.replace(Number(this.#argument(1, 'errno', () => this.#converter.toRaw(this.#types.int, value))));
  }

  /**
   * `ffi.load(name [, global])`: a library, for `symbol` and `setSymbol`.
   * @throws {FfiError} when it cannot be loaded, or native libraries are not allowed
   */
  load(name?: V, global?: V): NativeLibrary {
    const lua = this.#lua;
    const type = name === undefined ? undefined : lua.typeOf(name);
    if (name === undefined || (type !== 'string' && type !== 'number')) badArgument(1, 'load', `string expected, got ${this.#got(name)}`);
    const text = type === 'number' ? formatNumber(lua.toNumber(name)) : decodeUtf8(lua.toBytes(name));
    if (this.#native === null) throw new FfiError(`cannot load '${text}': ${NATIVE_IS_OFF}`);
    const isGlobal = global !== undefined && isTrue(lua, global);
    const library = this.#native.load(libraryFile(text), isGlobal);
    if (typeof library === 'string') throw new FfiError(library);
    return library;
  }

  /** `ffi.string(ptr [, len])` */
  string(value?: V, length?: V): V {
    const lua = this.#lua;
    const pointer = this.#given(value, 1, 'string');
    if (length === undefined || lua.typeOf(length) === 'nil') {
      if (lua.typeOf(pointer) === 'string') return pointer;
      const place = this.#argument(1, 'string', () => this.#converter.toPlace(this.#types.text, pointer, 'assign'));
      return lua.fromBytes(untilNul(place, this.#reach(pointer)));
    }
    const { region, offset } = this.#source.quick(pointer) ?? this.#argument(1, 'string', () => this.#source.of(pointer));
    const count = this.#count(length, 2, 'string');
    if (count > 0) region.check(offset, count, 'string');
    return lua.fromBytes(region.bytes, offset, offset + count);
  }

  // How far an array reaches; a string without a NUL ends there instead of raising.
  #reach(pointer: V): number | null {
    if (this.#lua.typeOf(pointer) !== 'cdata') return null;
    const cdata = this.#lua.toCData(pointer);
    if (cdata instanceof CTypeObject || cdata.valueType.kind !== 'array') return null;
    return cdata.valueType.size ?? cdata.region.bytes.length - cdata.offset;
  }

  // A number of bytes. LuaJIT takes it as an int; what that would cut off is refused here.
  #count(value: V, index: number, name: string): number {
    // Plain numbers, which nearly all are, need no conversion.
    const isNumber = this.#lua.typeOf(value) === 'number';
    const count = isNumber ? Math.trunc(this.#lua.toNumber(value)) : this.#wholeNumber(value, index, name);
    if (count >= 0 && count <= MAX_OBJECT) return count;
    badArgument(index, name, 'length out of range');
  }

  #wholeNumber(value: V, index: number, name: string): number {
    const int = this.#argument(index, name, () => this.#converter.toRaw(this.#types.int, value));
    const cdata = this.#lua.typeOf(value) === 'cdata' ? this.#lua.toCData(value) : null;
    return Math.trunc(cdata instanceof CData ? Number(this.#converter.numberOf(cdata)) : Number(int));
  }

  /** `ffi.copy(dst, src, len)` and `ffi.copy(dst, str)` */
  copy(target?: V, source?: V, length?: V): void {
    const lua = this.#lua;
    const [into, out] = [this.#given(target, 1, 'copy'), this.#given(source, 2, 'copy')];
    const to = this.#target.quick(into) ?? this.#argument(1, 'copy', () => this.#target.of(into));
    if (lua.typeOf(out) === 'string') {
      this.#copyString(to, out, length);
      return;
    }
    const from = this.#source.quick(out) ?? this.#argument(2, 'copy', () => this.#source.of(out));
    const count = this.#count(this.#given(length, 3, 'copy'), 3, 'copy');
    if (count === 0) return;
    from.region.check(from.offset, count, 'copy');
    to.region.check(to.offset, count, 'copy');
    const [bytes, room] = [from.region.bytes, to.region.bytes];
    if (count > FEW_BYTES || bytes.buffer === room.buffer) room.set(bytes.subarray(from.offset, from.offset + count), to.offset);
    else for (let i = 0; i < count; i++) room[to.offset + i] = bytes[from.offset + i] as number;
  }

  // The string and its NUL, unless there is a length.
  #copyString(to: Place, string: V, length: V | undefined): void {
    const size = this.#lua.lengthOf(string) + 1;
    const count = length === undefined ? size : this.#count(length, 3, 'copy');
    if (count > size)
      throw new MemoryAccessError(`copy: needs ${count} bytes at offset 0, have ${size}`, { offset: 0, size: count, have: size });
    if (count === 0) return;
    to.region.check(to.offset, count, 'copy');
    const { bytes } = to.region;
    if (count < size - 1) bytes.set(this.#lua.toBytes(string).subarray(0, count), to.offset);
    else this.#lua.copyBytes(string, bytes, to.offset);
    if (count === size) bytes[to.offset + count - 1] = 0;
  }

  /** `ffi.fill(dst, len [, c])` */
  fill(target?: V, length?: V, value?: V): void {
    const [into, size] = [this.#given(target, 1, 'fill'), this.#given(length, 2, 'fill')];
    const to = this.#target.quick(into) ?? this.#argument(1, 'fill', () => this.#target.of(into));
    const count = this.#count(size, 2, 'fill');
    const isGiven = value !== undefined && this.#lua.typeOf(value) !== 'nil';
    const byte = isGiven ? Number(this.#argument(3, 'fill', () => this.#converter.toRaw(this.#types.int, value))) : 0;
    if (count === 0) return;
    to.region.check(to.offset, count, 'fill');
    to.region.bytes.fill(byte & 0xff, to.offset, to.offset + count);
  }

  /** The cdata that a literal such as `1ULL` or `1i` stands for. */
  literal(literal: Exclude<LuaNumber, { kind: 'double' }>): V {
    const { types } = this.#cdef.namespace;
    if (literal.kind === 'imaginary') {
      const parts = [0, literal.value].map((part) => this.#lua.fromNumber(part));
      return this.new(this.#lua.fromCData(new CTypeObject(types.base('double _Complex'))), parts);
    }
    return this.#lua.fromCData(this.#converter.box(types.integerOfSize(8, literal.kind === 'int64'), literal.value));
  }

  // ---- ffi.C

  /** `ffi.C[name]`, or `library[name]`. */
  symbol(name: V, library: NativeLibrary | null = null): V {
    const key = this.#symbolName(name, '__index');
    const named = this.#cdef.namespace.names.get(key);
    if (named?.kind === 'constant') return this.access.constant(named.value);
    if (named?.kind !== 'function') {
      if (named?.kind !== 'variable') throw missingDeclaration(key);
      const { region, offset } = this.#variable(named.symbol ?? key, named.type, library);
      return this.#converter.readerOf(named.type)(region, offset);
    }
    return this.#lua.fromCData(this.#calls.functionNamed(key, named.type, named.symbol ?? key, library));
  }

  /** `ffi.C[name] = value`, or `library[name] = value`. */
  setSymbol(name: V, value: V, library: NativeLibrary | null = null): void {
    const key = this.#symbolName(name, '__newindex');
    const named = this.#cdef.namespace.names.get(key);
    if (named === undefined || named.kind === 'typedef') throw missingDeclaration(key);
    if (named.kind !== 'variable' || isReadOnly(named.type)) throw constantLocation();
    const { region, offset } = this.#variable(named.symbol ?? key, named.type, library);
    this.#converter.writerOf(named.type)(region, offset, value);
  }

  #variable(name: string, type: CType, library: NativeLibrary | null): Place {
    // As `environ[]`, whose size the library alone knows.
    if (type.size === null && (type.kind !== 'array' || this.#native === null)) throw new FfiError(SIZE_UNKNOWN);
    const found = this.#calls.variableNamed(name, library);
    if (found !== null) return found;
    const region = this.#cdef.variable(name, type);
    if (!this.#initialized.has(name)) {
      this.#initialized.add(name);
      const target = type.kind === 'pointer' ? this.#calls.initialTarget(name) : null;
      if (target !== null) this.#converter.writerOf(type)(region, 0, this.#lua.fromCData(this.#converter.at(type, target)));
    }
    return { region, offset: 0 };
  }

  #symbolName(name: V, method: '__index' | '__newindex'): string {
    const type = this.#lua.typeOf(name);
    if (type !== 'string') badArgument(2, method, `string expected, got ${type}`);
    return this.#lua.toName(name);
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
    if (object instanceof CTypeObject) return this.#lua.fromCData(this.#construct(object.type, args, repr(object.type)));
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
  caller(object: CData | CTypeObject): ((args: readonly V[]) => V | null) | null {
    if (object instanceof CTypeObject || object.type.kind !== 'function' || typeof object.value !== 'string') return null;
    return this.#calls.caller(object.type, object.value);
  }

  /** `tostring(object)`; a Lua value where `__tostring` of a metatype answers. */
  tostring(object: CData | CTypeObject): V | string {
    if (object instanceof CTypeObject) return `ctype<${repr(object.type)}>`;
    const method = this.#metatypes.method(object.type, '__tostring');
    if (method !== null) return this.#lua.call(method, [this.#lua.fromCData(object)]);
    return this.#print(object);
  }

  #print(object: CData): string {
    const type = object.valueType;
    const prefix = `cdata<${repr(object.type)}>: `;
    if (type.kind === 'integer' && type.size === 8 && object.type.kind !== 'reference')
      return `${object.value}${type.isSigned ? 'LL' : 'ULL'}`;
    if (type.kind === 'complex') return this.#printComplex(object);
    if (type.kind === 'enum' && object.type.kind !== 'reference') return `${prefix}${Number(object.value) | 0}`;
    const isNull = object.region === this.#cdef.memory.wild && object.offset === 0;
    if (isNull && (object.type.kind === 'pointer' || object.type.kind === 'reference')) return `${prefix}NULL`;
    return prefix + this.address(object);
  }

  /** Where a cdata's value is, or what it points to is: `0x1000`. A boxed number lives nowhere; it gets a place to show one. */
  address(object: CData): string {
    const isBoxed = object.value !== null && typeof object.value !== 'string';
    const place = isBoxed ? { region: this.#cdef.memory.allocate(object.valueType.size ?? 0), offset: 0 } : object;
    // LuaJIT: eight digits or more, an even number of them.
    const digits = formatAddress(this.#cdef.memory.addressOf(place)).slice(2);
    return `0x${digits.padStart(Math.max(8, digits.length + (digits.length % 2)), '0')}`;
  }

  /** The address that an object of the host has for C. */
  addressOfObject(object: object): string {
    return formatAddress(this.#cdef.memory.addressOf(this.#converter.placeOfObject(object)));
  }

  #printComplex(object: CData): string {
    const type = object.valueType as CType & { kind: 'complex' };
    const { types } = this.#cdef.namespace;
    const [re, im] = [0, type.part.size].map((at) =>
      Number(this.#converter.numberOf(new CData(types.reference(type.part), object.region, object.offset + at, null))),
    );
    const text = `${formatNumber(re as number)}${Object.is(im, -0) || (im as number) < 0 ? '' : '+'}${formatNumber(im as number)}`;
    return `${text}${/[a-z]$/.test(text) ? 'I' : 'i'}`;
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

  /**
   * A JavaScript value of the host as cdata: a bigint as a 64-bit integer, a view as a reference to its struct or
   * array, a `Pointer` as a pointer. Null for all other values.
   */
  fromHost(value: unknown): CData | null {
    const { types } = this.#cdef.namespace;
    if (typeof value === 'bigint') {
      const isUnsigned = value >= 1n << 63n;
      const type = types.integerOfSize(8, !isUnsigned);
      return this.#converter.box(type, isUnsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value));
    }
    if (typeof value !== 'object') return null;
    if (value instanceof Pointer) return this.#converter.at(value.type, value);
    if (!isView(value)) return null;
    return this.#converter.at(types.reference(value[TYPE]), { region: this.#cdef.memory.regionOf(value[BYTES]), offset: value[OFFSET] });
  }

  /**
   * A cdata as the host sees it: numbers, bigints, booleans; live views of structs and arrays; `Pointer`s, null for
   * NULL. Functions and variable-length arrays stay cdata.
   */
  toHost(cdata: CData): unknown {
    const type = cdata.valueType;
    const { views } = this.#cdef;
    if (type.kind === 'pointer') {
      const place = cdata.type.kind === 'reference' ? this.#converter.pointerAt(type, cdata) : cdata;
      return views.pointerTo(type.target, place);
    }
    if (type.kind === 'function' || type.size === null) return cdata;
    if (type.kind !== 'array' && type.kind !== 'complex' && !isRecord(type)) return this.#converter.numberOf(cdata);
    cdata.region.check(cdata.offset, type.size, repr(type));
    return views.accessorOf(type).get(this.#cdef.memory.bytesOf(cdata.region), cdata.offset);
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
    return ['64bit', 'le', 'fpu', 'hardfp', 'gc64'].includes(this.#text(parameter, 1, 'abi'));
  }
}

function useNative({ memory, namespace }: Cdef, native: Native): void {
  const { name } = namespace.types.abi;
  if (name !== native.abi) throw new TypeError(`native libraries have the ABI ${native.abi} here, the declarations ${name}`);
  memory.useRealAddresses(native.memory);
}

function isTrue<V>(lua: LuaAdapter<V>, value: V): boolean {
  const type = lua.typeOf(value);
  return type === 'boolean' ? lua.toBoolean(value) : type !== 'nil';
}

function isAggregate(type: CType): boolean {
  return type.kind === 'array' || type.kind === 'complex' || isRecord(type);
}

function isPlainArray(type: CType): boolean {
  return type.kind === 'array' && !isVector(type);
}

function stripped(type: CType): CType {
  return type.kind === 'reference' ? type.target : type;
}

function pointedTo(type: CType): CType {
  return type.kind === 'pointer' ? type.target : type;
}

function isNumeric(type: CType): boolean {
  return isScalar(type) || type.kind === 'complex';
}

function isScalar(type: CType): boolean {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'bool' || type.kind === 'enum';
}

function isVariable(type: CType): boolean {
  return (type.kind === 'array' && type.length === '?') || (isRecord(type) && type.definition.layout?.isVariable === true);
}

// Bytes of a variable-length array or struct with `length` elements; null where there is no such size.
function sizeOfVariable(type: CType, length: number): number | null {
  if (length < 0) return null;
  if (type.kind === 'array') return limited(length * (type.element.size as number));
  const layout = (type as RecordType).definition.layout;
  const last = layout?.fields.at(-1);
  if (layout === undefined || layout === null || last?.type.kind !== 'array') return null;
  return limited(last.offset + length * (last.type.element.size as number));
}

function limited(size: number): number | null {
  return size <= MAX_OBJECT ? size : null;
}

function untilNul({ region, offset }: Place, reach: number | null): Uint8Array {
  region.check(offset, reach === null ? 1 : reach, 'string');
  const rest = region.bytes.subarray(offset, reach === null ? undefined : offset + reach);
  const length = rest.indexOf(0);
  if (length >= 0) return rest.subarray(0, length);
  if (reach === null) region.check(offset, rest.length + 1, 'string without a terminating NUL');
  return rest;
}
