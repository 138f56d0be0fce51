/**
 * Conversions between Lua values and C values in memory, in both directions (LuaJIT's manual, "C Type Conversion
 * Rules"). A reader and a writer per ctype are made once and kept.
 * @module
 */
import { type CType, type EnumType, type FloatType, isRecord, isVector, type PointerType, type ReferenceType } from '../ctype/index.ts';
import type { Memory, Place, Region } from '../memory/index.ts';
import { BYTES, bytesOf, type Cdef, isView, OFFSET, Pointer, type Raw, scalarOf, storePointer, TYPE } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { Callbacks } from './callback.ts';
import { CData, type CDataClass, CTypeObject } from './cdata.ts';
import { isPointerCompatible } from './compatible.ts';
import { numberOfType } from './identity.ts';
import { Initializer } from './initialize.ts';
import { cannotConvert } from './messages.ts';
import { convertNumber, numberConverter, toAddress } from './numbers.ts';
import { Placer } from './placer.ts';
import { checkValue, repr, reprOfValue } from './repr.ts';

/** Reads a Lua value from memory; checks the bounds. */
export type Reader<V> = (region: Region, offset: number) => V;
/** Writes a Lua value to memory; checks the bounds. */
export type Writer<V> = (region: Region, offset: number, value: V) => void;

/** Whether pointers must be compatible, or anything goes. */
export type Strictness = 'assign' | 'cast';

export class Converter<V> {
  readonly #lua: LuaAdapter<V>;
  readonly #cdef: Cdef;
  readonly #memory: Memory;
  readonly #readers: Map<CType, Reader<V>> = new Map();
  readonly #writers: Map<CType, Writer<V>> = new Map();
  readonly #classes: Map<CType, CDataClass> = new Map();
  readonly #initializer: Initializer<V>;
  readonly #opaque: WeakMap<object, Region> = new WeakMap();
  readonly #objects: WeakMap<Region, object> = new WeakMap();
  readonly callbacks: Callbacks<V>;

  constructor(cdef: Cdef, lua: LuaAdapter<V>) {
    this.#lua = lua;
    this.#cdef = cdef;
    this.#memory = cdef.memory;
    this.#initializer = new Initializer(cdef, lua, this);
    this.callbacks = new Callbacks(cdef.memory, lua, this);
  }

  /** The class of cdata of a type. */
  classOf(type: CType): CDataClass {
    let found = this.#classes.get(type);
    if (found === undefined) {
      found = this.#lua.classOf?.(type) ?? CData;
      this.#classes.set(type, found);
    }
    return found;
  }

  /** A cdata that is a place, or points to one. */
  at(type: CType, { region, offset }: Place): CData {
    return new (this.classOf(type))(type, region, offset, null);
  }

  // ---- C to Lua

  readerOf(type: CType): Reader<V> {
    let reader = this.#readers.get(type);
    if (reader === undefined) {
      reader = this.#makeReader(type);
      this.#readers.set(type, reader);
    }
    return reader;
  }

  #makeReader(type: CType): Reader<V> {
    const lua = this.#lua;
    const name = repr(type);
    if ((type.kind === 'array' && !isVector(type)) || isRecord(type)) {
      const reference = this.#cdef.namespace.types.reference(type);
      const Class = this.classOf(reference);
      // Text of its own: code that all types shared would make objects of classes that V8 does not know.
      const text = `return function reference${this.#readers.size}(region,offset){return lua.fromCData(new Class(reference,region,offset,null));}`;
      const made = this.#cdef.views.compiler.compile<Reader<V>>({ lua, Class, reference }, text);
      return made ?? ((region, offset) => lua.fromCData(new Class(reference, region, offset, null)));
    }
    if (type.kind === 'pointer' || type.kind === 'reference') {
      const scalar = scalarOf(type);
      const { size } = type;
      const place = (region: Region, offset: number): Place => {
        region.check(offset, size, name);
        return this.#memory.placeAt(Number(scalar?.read(region.bytes, offset)));
      };
      if (type.kind === 'pointer') {
        const Class = this.classOf(type);
        return (region, offset) => {
          const target = place(region, offset);
          return lua.fromCData(new Class(type, target.region, target.offset, null));
        };
      }
      return (region, offset) => {
        const target = place(region, offset);
        return this.readerOf(type.target)(target.region, target.offset);
      };
    }
    if (type.kind === 'complex' || isVector(type)) {
      const size = type.size as number;
      const Class = this.classOf(type);
      return (region, offset) => {
        region.check(offset, size, name);
        const copy = this.#memory.allocate(size);
        copy.bytes.set(region.bytes.subarray(offset, offset + size));
        return lua.fromCData(new Class(type, copy, 0, null));
      };
    }
    return this.#scalarReader(type, name);
  }

  #scalarReader(type: CType, name: string): Reader<V> {
    const lua = this.#lua;
    const scalar = scalarOf(type);
    const size = type.size ?? 0;
    if (scalar === null || size > 8) {
      return () => {
        throw cannotConvert(name, 'double');
      };
    }
    if (type.kind === 'float' && scalar.kind === 'number') return this.#floatReader(size, type.order === 'little', scalar.read, name);
    if (type.kind !== 'enum' && scalar.kind === 'number') {
      const { read } = scalar;
      return (region, offset) => {
        const { bytes } = region;
        if (!(offset >= 0 && offset + size <= bytes.length)) region.check(offset, size, name);
        return lua.fromNumber(read(bytes, offset));
      };
    }
    if (scalar.kind === 'boolean') {
      return (region, offset) => {
        region.check(offset, size, name);
        return lua.fromBoolean(scalar.read(region.bytes, offset));
      };
    }
    const read: (bytes: Uint8Array, offset: number) => Raw = scalar.read;
    const boxed = this.#cdef.namespace.types.unqualified(type);
    const Class = this.classOf(boxed);
    const { wild } = this.#memory;
    return (region, offset) => {
      const { bytes } = region;
      if (!(offset >= 0 && offset + size <= bytes.length)) region.check(offset, size, name);
      return lua.fromCData(new Class(boxed, wild, 0, read(bytes, offset)));
    };
  }

  #floatReader(size: number, isLittle: boolean, read: (bytes: Uint8Array, offset: number) => number, name: string): Reader<V> {
    const lua = this.#lua;
    return (region, offset) => {
      const { bytes, view } = region;
      if (!(offset >= 0 && offset + size <= bytes.length)) region.check(offset, size, name);
      if (view !== null) return lua.fromNumber(size === 8 ? view.getFloat64(offset, isLittle) : view.getFloat32(offset, isLittle));
      region.warm();
      return lua.fromNumber(read(bytes, offset));
    };
  }

  /** A scalar's value as Lua sees it: small numbers and booleans as such, 64 bits and enums boxed. */
  rawToLua(type: CType, raw: Raw): V {
    if (typeof raw === 'boolean') return this.#lua.fromBoolean(raw);
    if (typeof raw === 'number' && type.kind !== 'enum') return this.#lua.fromNumber(raw);
    return this.#lua.fromCData(this.box(this.#cdef.namespace.types.unqualified(type), raw));
  }

  /** A cdata that is a scalar. */
  box(type: CType, raw: Raw): CData {
    return new (this.classOf(type))(type, this.#memory.wild, 0, raw);
  }

  // ---- Lua to C

  writerOf(type: CType): Writer<V> {
    let writer = this.#writers.get(type);
    if (writer === undefined) {
      writer = this.#makeWriter(type);
      this.#writers.set(type, writer);
    }
    return writer;
  }

  #makeWriter(type: CType): Writer<V> {
    const name = repr(type);
    if (type.kind === 'pointer') return (region, offset, value) => this.point(type, region, offset, value);
    if (type.kind === 'reference') {
      const writer = this.writerOf(type.target);
      const scalar = scalarOf(type);
      return (region, offset, value) => {
        region.check(offset, type.size, name);
        const place = this.#memory.placeAt(Number(scalar?.read(region.bytes, offset)));
        writer(place.region, place.offset, value);
      };
    }
    if (type.kind === 'array' || type.kind === 'complex' || isRecord(type)) {
      return (region, offset, value) => this.#initializer.assign(type, region, offset, value);
    }
    const scalar = scalarOf(type);
    const size = type.size ?? 0;
    if (scalar === null || size > 8) {
      return (_region, _offset, value) => {
        throw cannotConvert(this.typeText(value), name);
      };
    }
    const write = scalar.write as (bytes: Uint8Array, offset: number, raw: Raw) => void;
    const lua = this.#lua;
    if (type.kind === 'float') return this.#floatWriter(type, write, name);
    if (scalar.kind === 'number') {
      const convert = numberConverter(type);
      return (region, offset, value) => {
        const raw = lua.isNumber(value) ? convert(lua.toNumber(value)) : (this.toRaw(type, value) as number);
        const { bytes } = region;
        if (!(offset >= 0 && offset + size <= bytes.length)) region.check(offset, size, name);
        write(bytes, offset, raw);
      };
    }
    const isWhole = scalar.kind === 'bigint' && type.kind === 'integer';
    return (region, offset, value) => {
      const boxed = isWhole ? lua.cdataOf(value) : null;
      // Integers of 64 bits are stored as they are, signed or not.
      const raw = boxed !== null && typeof boxed.value === 'bigint' && boxed.type.size === 8 ? boxed.value : this.toRaw(type, value);
      const { bytes } = region;
      if (!(offset >= 0 && offset + size <= bytes.length)) region.check(offset, size, name);
      write(bytes, offset, raw);
    };
  }

  #floatWriter(type: FloatType, write: (bytes: Uint8Array, offset: number, raw: number) => void, name: string): Writer<V> {
    const lua = this.#lua;
    const { size } = type;
    const isLittle = type.order === 'little';
    return (region, offset, value) => {
      const raw = lua.isNumber(value) ? lua.toNumber(value) : (this.toRaw(type, value) as number);
      const { bytes, view } = region;
      if (!(offset >= 0 && offset + size <= bytes.length)) region.check(offset, size, name);
      if (view === null) {
        region.warm();
        write(bytes, offset, raw);
      } else if (size === 8) view.setFloat64(offset, raw, isLittle);
      else view.setFloat32(offset, raw, isLittle);
    };
  }

  /** Makes the pointer or reference in memory point to `value`; writers of references write what they refer to. */
  point(type: PointerType | ReferenceType, region: Region, offset: number, value: V): void {
    const scalar = scalarOf(type);
    if (scalar?.kind !== 'number') throw cannotConvert('pointer', repr(type));
    const place = this.toPlace(type, value, 'assign');
    checkValue(region, offset, type.size, type);
    storePointer(this.#memory, scalar, region, offset, place);
  }

  /**
   * A Lua value as a scalar type holds it.
   * @throws {FfiError} when C has no such conversion
   */
  toRaw(type: CType, value: V): Raw {
    const lua = this.#lua;
    if (isWide(type)) throw cannotConvert(this.typeText(value), repr(type));
    switch (lua.typeOf(value)) {
      case 'number':
        return convertNumber(lua.toNumber(value), type);
      case 'boolean':
        return convertNumber(lua.toBoolean(value), type);
      case 'string':
        if (type.kind === 'enum') return this.#enumerator(type, lua.toName(value));
        break;
      case 'cdata': {
        const cdata = lua.toCData(value);
        // A ctype object is the number of its type, as in arithmetic.
        if (cdata instanceof CTypeObject) return convertNumber(numberOfType(this.#cdef.namespace.types, cdata.type), type);
        // A complex number is no truth value.
        const raw = type.kind === 'bool' && cdata.valueType.kind === 'complex' ? null : this.numberOf(cdata);
        if (raw !== null) return convertNumber(raw, type);
      }
    }
    throw cannotConvert(this.typeText(value), this.#scalarText(type, value));
  }

  #enumerator(type: CType & { kind: 'enum' }, name: string): Raw {
    const value = type.definition.layout?.constants.get(name);
    if (value === undefined) throw cannotConvert('string', repr(type));
    return type.size === 8 ? BigInt(value) : value;
  }

  /** The number a cdata holds or refers to, the real part of a complex one; null where it holds none. */
  numberOf(cdata: CData): Raw | null {
    const type = cdata.valueType;
    if (type.kind === 'complex') return this.#readScalar(type.part, cdata);
    if (isWide(type)) return null;
    if (cdata.type.kind === 'reference') return type.kind === 'pointer' ? null : this.#readScalar(type, cdata);
    return typeof cdata.value === 'string' ? null : cdata.value;
  }

  #readScalar(type: CType, place: Place): Raw | null {
    const scalar = scalarOf(type);
    if (scalar === null) return null;
    checkValue(place.region, place.offset, type.size ?? 0, type);
    return scalar.read(place.region.bytes, place.offset);
  }

  /**
   * Where a Lua value points when it becomes a pointer of type `pointer`.
   * @throws {FfiError} when it does not convert
   */
  toPlace(pointer: PointerType | ReferenceType, value: V, strictness: Strictness): Place {
    const lua = this.#lua;
    const { target } = pointer;
    switch (lua.typeOf(value)) {
      case 'nil':
        return this.#memory.null;
      case 'userdata':
        return this.#hostPlace(pointer, lua.toHostObject(value), strictness);
      case 'string':
        if (strictness === 'cast' || isStringTarget(target)) return { region: this.#terminated(value), offset: 0 };
        break;
      case 'number':
        if (strictness === 'cast') return this.#memory.placeAt(toAddress(lua.toNumber(value), pointer.size));
        break;
      case 'function':
        if (target.kind === 'function') return this.callbacks.create({ ...pointer, kind: 'pointer', target }, value);
        break;
      case 'cdata': {
        const cdata = lua.toCData(value);
        if (cdata instanceof CTypeObject) break;
        const place = this.#cdataPlace(pointer, cdata, strictness);
        if (place !== null) return place;
      }
    }
    throw cannotConvert(this.typeText(value), repr(pointer));
  }

  // The bytes of a string and a NUL: a copy, as Lua strings do not change.
  #terminated(string: V): Region {
    const region = this.#memory.allocate(this.#lua.lengthOf(string) + 1);
    this.#lua.copyBytes(string, region.bytes, 0);
    return region;
  }

  #cdataPlace({ target, size }: PointerType | ReferenceType, cdata: CData, strictness: Strictness): Place | null {
    const type = cdata.valueType;
    if (isVector(type)) return null;
    if (type.kind === 'array' || isRecord(type)) {
      const pointed = type.kind === 'array' ? type.element : type;
      // LuaJIT minds a const array, but not a const struct.
      const source = isRecord(pointed) ? this.#cdef.namespace.types.unqualified(pointed) : pointed;
      return strictness === 'cast' || isPointerCompatible(target, source) ? cdata : null;
    }
    if (type.kind === 'pointer') {
      if (strictness === 'assign' && !isPointerCompatible(target, type.target)) return null;
      return cdata.type.kind === 'reference' ? this.pointerAt(type, cdata) : cdata;
    }
    if (type.kind === 'function') return strictness === 'cast' || isPointerCompatible(target, type) ? cdata : null;
    const raw = strictness === 'cast' && (type.kind === 'integer' || type.kind === 'enum') ? this.numberOf(cdata) : null;
    return raw === null ? null : this.#memory.placeAt(toAddress(raw, size));
  }

  /** `toPlace` for one type of pointers, quicker. */
  placer(pointer: PointerType | ReferenceType, strictness: Strictness): Placer<V> {
    return new Placer(pointer, strictness, { lua: this.#lua, converter: this, memory: this.#memory });
  }

  /** Where the pointer stored at `place` points. */
  pointerAt(type: PointerType | ReferenceType, place: Place): Place {
    return this.#memory.placeAt(Number(this.#readScalar(type, place)));
  }

  // A userdata of the host: a buffer, a view or a pointer of ours; `void *` to its bytes.
  #hostPlace(pointer: PointerType | ReferenceType, object: unknown, strictness: Strictness): Place {
    if (isView(object)) {
      const type = object[TYPE];
      if (strictness === 'cast' || isPointerCompatible(pointer.target, type)) {
        return { region: this.#memory.regionOf(object[BYTES]), offset: object[OFFSET] };
      }
    } else if (object instanceof Pointer) {
      if (strictness === 'cast' || isPointerCompatible(pointer.target, object.type.target)) return object;
    } else if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) {
      return { region: this.#memory.regionOf(object instanceof Uint8Array ? object : bytesOf(object)), offset: 0 };
    } else if (typeof object === 'object' && object !== null) {
      return this.placeOfObject(object);
    }
    throw cannotConvert('userdata', repr(pointer));
  }

  /** The place of an object that has no bytes, such as a stream: an address, which is all that is to be had of it. */
  placeOfObject(object: object): Place {
    let region = this.#opaque.get(object);
    if (region === undefined) {
      region = this.#memory.allocate(0);
      this.#opaque.set(object, region);
      this.#objects.set(region, object);
    }
    return { region, offset: 0 };
  }

  /** The object that `placeOfObject` gave a place to; null where there is none. */
  objectAt({ region, offset }: Place): object | null {
    return (offset === 0 && this.#objects.get(region)) || null;
  }

  /** How a Lua value is named in a conversion error. */
  typeText(value: V): string {
    const type = this.#lua.typeOf(value);
    if (type === 'boolean') return 'bool';
    if (type === 'userdata') return 'void *';
    if (type !== 'cdata') return type;
    const cdata = this.#lua.toCData(value);
    if (cdata instanceof CTypeObject) return 'int';
    const { types } = this.#cdef.namespace;
    const { valueType } = cdata;
    if (valueType.kind === 'enum') return enumText(valueType);
    return reprOfValue(types, valueType.kind === 'function' ? types.pointer(valueType) : valueType);
  }

  // Enums show as the integers they are, except to what is no C value at all.
  #scalarText(type: CType, value: V): string {
    const source = this.#lua.typeOf(value);
    if (type.kind !== 'enum' || source === 'table' || source === 'function' || source === 'thread') return repr(type);
    return enumText(type);
  }

  /** The initialiser rules: `ffi.new(ct, ...)` and table initialisers. */
  get initializer(): Initializer<V> {
    return this.#initializer;
  }
}

// Enums are shown as the integers that they are.
function enumText({ definition }: EnumType): string {
  return definition.layout?.isSigned === true ? 'int' : 'unsigned int';
}

// long double and 128-bit integers, which Lua can hold but not reckon with.
function isWide(type: CType): boolean {
  return (type.kind === 'float' || type.kind === 'integer') && type.size > 8;
}

// const char *, const uint8_t *, const void *: what a Lua string may become without a cast.
function isStringTarget(target: CType): boolean {
  return target.isConst && (target.kind === 'void' || (target.kind === 'integer' && target.size === 1));
}
