/**
 * Initialisers: what `ffi.new(ct, ...)`, `ctype(...)` and the assignment of tables and strings do (LuaJIT's manual,
 * "Initializers" and "Table Initializers").
 * @module
 */
import {
  type ArrayType,
  type ComplexType,
  type CType,
  type Field,
  isRecord,
  isTransparent,
  isVector,
  type RecordType,
} from '../ctype/index.ts';
import type { Region } from '../memory/index.ts';
import { bitFieldBytes, bitFieldOf, type Cdef, isView, type Raw, TYPE } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { CData, CTypeObject } from './cdata.ts';
import { isPointerCompatible } from './compatible.ts';
import type { Converter } from './convert.ts';
import { isSameType } from './identity.ts';
import { cannotConvert, tooManyInitializers } from './messages.ts';
import { checkValue, repr } from './repr.ts';

type Aggregate = ArrayType | RecordType | ComplexType;

export class Initializer<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
  }

  /** Fills fresh zeroed memory of `size` bytes with the initialisers of `ffi.new`. */
  initialize(type: CType, region: Region, size: number, values: readonly V[]): void {
    const [first] = values;
    if (first === undefined) return;
    const isSplit = type.kind === 'complex' || isVector(type);
    if (isSplit || (type.kind !== 'array' && !isRecord(type))) {
      if (values.length === 1) this.#fresh(type, region, 0, first);
      else if (isSplit) this.#list(type, size, region, values);
      else throw tooManyInitializers(repr(type));
    } else if (values.length === 1 && this.#isWhole(type, first)) {
      if (type.kind === 'array') this.#array(type, size, region, 0, first);
      else this.#record(type, region, 0, first);
    } else if (type.kind === 'array') {
      this.#list(type, size, region, values);
    } else {
      this.#members(type, region, 0, values);
    }
  }

  // Unlike a table, a list that is too long is refused before anything is written.
  #list(type: ArrayType | ComplexType, size: number, region: Region, values: readonly V[]): void {
    const { size: stride } = type.kind === 'complex' ? type.part : type.element;
    if (values.length * (stride as number) > size) throw tooManyInitializers(repr(type));
    this.#elements(type, size, region, 0, values);
  }

  // What has no value yet: a reference is made to refer to one.
  #fresh(type: CType, region: Region, offset: number, value: V): void {
    if (type.kind === 'reference') this.#converter.point(type, region, offset, value);
    else this.#converter.writerOf(type)(region, offset, value);
  }

  // One initialiser that stands for the whole: a table, a string for an array, a copy.
  #isWhole(type: ArrayType | RecordType, value: V): boolean {
    switch (this.#lua.typeOf(value)) {
      case 'table':
        return true;
      case 'string':
        return type.kind === 'array';
      case 'userdata':
        return isView(this.#lua.toHostObject(value));
      case 'cdata': {
        const cdata = this.#lua.toCData(value);
        if (cdata instanceof CTypeObject) return false;
        const from = cdata.valueType;
        // Qualifiers are part of an array's type, but not of a struct's.
        return isRecord(type) ? isRecord(from) && from.definition === type.definition : isSameType(this.#cdef.namespace.types, type, from);
      }
      default:
        return false;
    }
  }

  /** Assigns a Lua value to an array, struct, union or complex number in memory. */
  assign(type: Aggregate, region: Region, offset: number, value: V): void {
    if (type.kind === 'complex' || isVector(type)) this.#parts(type, region, offset, value);
    else if (type.kind === 'array') this.#array(type, type.size ?? Number.MAX_SAFE_INTEGER, region, offset, value);
    else this.#record(type, region, offset, value);
  }

  // ---- arrays; `size` is what there is room for

  #array(type: ArrayType, size: number, region: Region, offset: number, value: V): void {
    const lua = this.#lua;
    if (type.size !== null) checkValue(region, offset, type.size, type);
    switch (lua.typeOf(value)) {
      case 'table':
        this.#elements(type, size, region, offset, this.#sequence(value), type.size === null ? 'leave' : 'fill');
        return;
      case 'string': {
        const { element } = type;
        if (element.kind !== 'integer' || element.size !== 1) break;
        this.#string(lua.toBytes(value), size, region, offset);
        return;
      }
      case 'cdata': {
        const cdata = lua.toCData(value);
        if (cdata instanceof CTypeObject || cdata.valueType.kind !== 'array' || type.size === null) break;
        if (type.size !== cdata.valueType.size || !isPointerCompatible(type.element, cdata.valueType.element)) break;
        this.#copy(cdata.region, cdata.offset, region, offset, type.size, type);
        return;
      }
    }
    throw cannotConvert(this.#converter.typeText(value), repr(type));
  }

  #copy(from: Region, fromOffset: number, to: Region, toOffset: number, size: number, type: CType): void {
    checkValue(from, fromOffset, size, type);
    checkValue(to, toOffset, size, type);
    to.holdCopied(toOffset, from, fromOffset, size);
    to.bytes.set(from.bytes.subarray(fromOffset, fromOffset + size), toOffset);
  }

  // The string and its NUL, which is dropped where it does not fit; the bytes behind stay.
  #string(bytes: Uint8Array, size: number, region: Region, offset: number): void {
    const count = Math.min(bytes.length, size);
    region.check(offset, count, 'string');
    region.bytes.set(bytes.subarray(0, count), offset);
    if (count < Math.min(size, region.bytes.length - offset)) region.bytes[offset + count] = 0;
  }

  // From [0] where it is there, else from [1], to the first nil.
  #sequence(table: V): V[] {
    const lua = this.#lua;
    const values: V[] = [];
    let index = lua.typeOf(lua.rawGet(table, 0)) === 'nil' ? 1 : 0;
    for (let value = lua.rawGet(table, index); lua.typeOf(value) !== 'nil'; value = lua.rawGet(table, ++index)) values.push(value);
    return values;
  }

  // One element fills the whole array; several are followed by zeros. A table leaves the rest of a variable-length array as it is.
  #elements(
    type: ArrayType | ComplexType,
    size: number,
    region: Region,
    offset: number,
    values: readonly V[],
    rest: 'fill' | 'leave' = 'fill',
  ): void {
    const element = type.kind === 'complex' ? type.part : type.element;
    const stride = element.size as number;
    const room = Math.min(size, region.bytes.length - offset);
    const length = stride === 0 ? 0 : Math.floor(room / stride);
    const write = this.#converter.writerOf(element);
    const count = Math.min(values.length, length);
    for (let i = 0; i < count; i++) write(region, offset + i * stride, values[i] as V);
    if (values.length > length) throw tooManyInitializers(repr(type));
    if (rest === 'leave') return;
    if (count === 1) {
      const held = region.heldIn(offset, stride);
      for (let i = 1; i < length; i++) {
        region.bytes.copyWithin(offset + i * stride, offset, offset + stride);
        for (const [at, target] of held) region.hold(at + i * stride, target);
      }
    } else {
      region.bytes.fill(0, offset + count * stride, offset + length * stride);
    }
  }

  // ---- structs and unions

  #record(type: RecordType, region: Region, offset: number, value: V): void {
    const lua = this.#lua;
    const size = type.definition.layout?.size ?? 0;
    switch (lua.typeOf(value)) {
      case 'table':
        checkValue(region, offset, size, type);
        region.bytes.fill(0, offset, offset + size);
        this.#table(type, region, offset, value);
        return;
      case 'cdata': {
        const cdata = lua.toCData(value);
        if (cdata instanceof CTypeObject || type.size === null) break;
        const from = cdata.valueType;
        if (!isRecord(from) || from.definition !== type.definition) break;
        this.#copy(cdata.region, cdata.offset, region, offset, size, type);
        return;
      }
      case 'userdata': {
        const view = lua.toHostObject(value);
        if (!isView(view) || !isRecord(view[TYPE]) || view[TYPE].definition !== type.definition) break;
        const place = this.#converter.toPlace(this.#cdef.namespace.types.pointer(type), value, 'cast');
        this.#copy(place.region, place.offset, region, offset, size, type);
        return;
      }
    }
    throw cannotConvert(this.#converter.typeText(value), repr(type));
  }

  // Positions where [0] or [1] is there, names otherwise.
  #table(type: RecordType, region: Region, offset: number, table: V): void {
    const values = this.#sequence(table);
    if (values.length === 0) this.#byName(type, region, offset, table);
    else this.#positional(type, region, offset, { values, next: 0 });
  }

  #byName(type: RecordType, region: Region, offset: number, table: V): boolean {
    let isAnySet = false;
    for (const field of type.definition.layout?.fields ?? []) {
      if (isTransparent(field) && isRecord(field.type)) {
        isAnySet = this.#byName(field.type, region, offset + field.offset, table) || isAnySet;
      } else {
        const value = this.#lua.rawGet(table, field.name);
        if (this.#lua.typeOf(value) === 'nil') continue;
        this.#field(field, region, offset, value);
        isAnySet = true;
      }
      if (isAnySet && type.kind === 'union') return true;
    }
    return isAnySet;
  }

  // The flat list of `ffi.new(ct, a, b, c)`.
  #members(type: RecordType, region: Region, offset: number, values: readonly V[]): void {
    const source = { values, next: 0 };
    this.#positional(type, region, offset, source);
    if (source.next < values.length) throw tooManyInitializers(repr(type));
  }

  #positional(type: RecordType, region: Region, offset: number, source: { values: readonly V[]; next: number }): void {
    for (const field of type.definition.layout?.fields ?? []) {
      if (source.next >= source.values.length) return;
      if (isTransparent(field) && isRecord(field.type)) this.#positional(field.type, region, offset + field.offset, source);
      else this.#field(field, region, offset, source.values[source.next++] as V);
      if (type.kind === 'union') return;
    }
  }

  #field(field: Field, region: Region, offset: number, value: V): void {
    if (field.bits === null) {
      this.#fresh(field.type, region, offset + field.offset, value);
      return;
    }
    const raw = this.#converter.toRaw(field.type, value);
    const { first, count } = bitFieldBytes(field.bits);
    region.check(offset + first, count, field.name);
    const write = bitFieldOf(field.type, field.bits).write as (bytes: Uint8Array, offset: number, raw: Raw) => void;
    write(region.bytes, offset, raw);
  }

  // ---- complex numbers and vectors

  #parts(type: ComplexType | ArrayType, region: Region, offset: number, value: V): void {
    const lua = this.#lua;
    const size = type.size as number;
    if (lua.typeOf(value) === 'table') {
      this.#elements(type, size, region, offset, this.#sequence(value));
      return;
    }
    const cdata = lua.typeOf(value) === 'cdata' ? lua.toCData(value) : null;
    const from = cdata instanceof CData ? cdata : null;
    if (from !== null && from.valueType.kind === 'complex' && type.kind === 'complex') {
      this.#elements(type, size, region, offset, this.#partsOf(from, from.valueType));
    } else if (from !== null && isVector(type) && isVector(from.valueType) && from.valueType.size === size) {
      this.#copy(from.region, from.offset, region, offset, size, type);
    } else {
      const isNumber =
        from === null ? lua.typeOf(value) === 'number' : from.valueType.kind !== 'bool' && this.#converter.numberOf(from) !== null;
      if (!isNumber && !(cdata instanceof CTypeObject)) throw cannotConvert(this.#converter.typeText(value), repr(type));
      // The real part of a complex number; all parts of a vector.
      this.#elements(type, size, region, offset, type.kind === 'complex' ? [value, lua.fromNumber(0)] : [value]);
    }
  }

  #partsOf(cdata: CData, { part }: ComplexType): V[] {
    const read = this.#converter.readerOf(part);
    return [read(cdata.region, cdata.offset), read(cdata.region, cdata.offset + part.size)];
  }
}
