/**
 * Indexing of cdata: fields by name, elements by number, and what metatypes add (LuaJIT's manual, "Indexing a cdata
 * object").
 * @module
 */
import {
  constantsOf,
  type CType,
  type Field,
  fieldsOf,
  type IntegerType,
  isReadOnly,
  isRecord,
  isVector,
  type RecordDefinition,
  type RecordType,
} from '../ctype/index.ts';
import type { Place, Region } from '../memory/index.ts';
import { bitFieldBytes, bitFieldOf, type Cdef, type Raw } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { type CData, CTypeObject } from './cdata.ts';
import { type Cells, cellsMaker } from './cells.ts';
import type { Converter, Reader, Writer } from './convert.ts';
import { cannotIndex, constantLocation, noMember, SIZE_UNKNOWN } from './messages.ts';
import type { Metatypes } from './metatype.ts';
import { repr, reprOfValue } from './repr.ts';
import { FfiError } from '../util/errors.ts';

const PARTS: ReadonlyMap<string, number> = new Map([
  ['re', 0],
  ['im', 1],
]);

/** How one field of a struct is reached, given the struct's place. Both check the bounds. */
export interface FieldAccess<V> {
  /** False where reading raises, or may, though writing does not. */
  readonly isReadable: boolean;
  readonly read: Reader<V>;
  readonly write: Writer<V>;
  /** Set where the field is a writable integer of up to 32 bits, which is a number to Lua: code may reach its bytes itself. */
  readonly integer?: { readonly offset: number; readonly type: IntegerType };
}

/** How elements of an array, or behind a pointer, are reached, given the place of the first one. Both check the bounds. */
export interface ElementAccess<V> {
  /** False where the element type has no size yet; both raise then. */
  readonly isKnown: boolean;
  /** Whether they may be written. */
  readonly isWritable: boolean;
  /** See `cellsMaker`. */
  readonly cells: ((place: Place) => Cells | null) | null;
  readonly read: (region: Region, base: number, index: number) => V;
  readonly write: (region: Region, base: number, index: number, value: V) => void;
}

export class Access<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #metatypes: Metatypes<V>;
  readonly #fields: Map<RecordDefinition, Map<string, FieldAccess<V>>> = new Map();
  readonly #elements: Map<CType, ElementAccess<V>> = new Map();

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>, metatypes: Metatypes<V>) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    this.#metatypes = metatypes;
  }

  /** `object[key]` */
  index(object: CData | CTypeObject, key: V): V {
    if (object instanceof CTypeObject) return this.#indexType(object, key);
    const type = this.#lua.typeOf(key);
    if (type === 'string') {
      const record = recordBehind(object);
      if (record !== null) {
        const name = this.#lua.toName(key);
        const field = this.#fieldsOf(record).get(name);
        if (field !== undefined) {
          const place = this.#recordPlace(object);
          return field.read(place.region, place.offset);
        }
      }
    } else if (type === 'number' || type === 'cdata') {
      const elements = this.elementsOf(object.valueType);
      const index = elements === null ? null : this.#integerKey(key);
      if (elements !== null && index !== null) {
        const { region, offset } = this.#elementsPlace(object);
        return elements.read(region, offset, index);
      }
    }
    const part = this.#complexPart(object, key);
    return part ?? this.#callbackMethod(object, key) ?? this.#metaIndex(object, key);
  }

  // Function pointers have the methods of callbacks.
  #callbackMethod({ valueType }: CData, key: V): V | null {
    if (valueType.kind !== 'pointer' || valueType.target.kind !== 'function' || !this.#lua.isString(key)) return null;
    return this.#converter.callbacks.method(this.#lua.toName(key));
  }

  /** `object[key] = value` */
  newIndex(object: CData | CTypeObject, key: V, value: V): void {
    if (object instanceof CTypeObject) {
      this.#newIndexType(object, key, value);
      return;
    }
    const type = this.#lua.typeOf(key);
    if (type === 'string') {
      const record = recordBehind(object);
      if (record !== null) {
        const field = this.#fieldsOf(record).get(this.#lua.toName(key));
        if (record.isConst) throw constantLocation();
        if (field !== undefined) {
          const place = this.#recordPlace(object);
          field.write(place.region, place.offset, value);
          return;
        }
      }
    } else if (type === 'number' || type === 'cdata') {
      const elements = this.elementsOf(object.valueType);
      const index = elements === null ? null : this.#integerKey(key);
      if (elements !== null && index !== null) {
        const { region, offset } = this.#elementsPlace(object);
        elements.write(region, offset, index, value);
        return;
      }
    }
    if (this.#complexPart(object, key) !== null) throw constantLocation();
    if (!this.#metatypes.newIndex(object, key, value)) throw this.#indexError(object, key);
  }

  // ---- fields

  /**
   * How the field `name` of a struct, or of one behind a pointer, is reached; null where it has none. What is answered once stays so,
   * as the place of fields does.
   */
  fieldOf(type: CType, name: string): FieldAccess<V> | null {
    const record = recordIn(type);
    const field = record === null ? undefined : this.#fieldsOf(record).get(name);
    if (record === null || field === undefined) return null;
    // Nothing reaches the bytes of a constant struct's fields itself: that would write them, too.
    return record.isConst ? { isReadable: field.isReadable, read: field.read, write: refuse } : field;
  }

  #fieldsOf(record: RecordType): Map<string, FieldAccess<V>> {
    const { definition } = record;
    let fields = this.#fields.get(definition);
    if (fields === undefined) {
      fields = new Map();
      for (const [name, field] of fieldsOf(record)) fields.set(name, this.#fieldAccess(record, field));
      for (const [name, value] of constantsOf(record)) fields.set(name, this.#constantAccess(value));
      // An incomplete struct has no fields yet; it may get some.
      if (definition.layout !== null) this.#fields.set(definition, fields);
    }
    return fields;
  }

  #fieldAccess(record: RecordType, field: Field): FieldAccess<V> {
    const { offset, type } = field;
    if (field.bits !== null) return this.#bitField(record, field);
    const read = this.#converter.readerOf(type);
    const isConst = field.isInConst === true || isReadOnly(type.kind === 'reference' ? type.target : type);
    const write = isConst ? refuse : this.#converter.writerOf(type);
    // A `long double` has no value for Lua; a reference may refer to anything.
    const isReadable = type.kind !== 'reference' && ((type.kind !== 'float' && type.kind !== 'integer') || type.size <= 8);
    return {
      isReadable,
      read: (region, base) => read(region, base + offset),
      write: (region, base, value) => write(region, base + offset, value),
      ...(type.kind === 'integer' && type.size <= 4 && !isConst && { integer: { offset, type } }),
    };
  }

  #bitField(record: RecordType, field: Field): FieldAccess<V> {
    const bits = field.bits as NonNullable<Field['bits']>;
    const { first, count } = bitFieldBytes(bits);
    const scalar = bitFieldOf(field.type, bits);
    const name = `${repr(record)}.${field.name}`;
    return {
      isReadable: true,
      read: (region, base) => {
        region.check(base + first, count, name);
        const raw = scalar.read(region.bytes, base);
        // LuaJIT: a bit-field is a plain number or boolean, also of an enum.
        return typeof raw === 'number' ? this.#lua.fromNumber(raw) : this.#converter.rawToLua(field.type, raw);
      },
      write: (region, base, value) => {
        if (field.isInConst === true || field.type.isConst) throw constantLocation();
        const raw = this.#converter.toRaw(field.type, value);
        region.check(base + first, count, name);
        (scalar.write as (bytes: Uint8Array, offset: number, raw: Raw) => void)(region.bytes, base, raw);
      },
    };
  }

  #constantAccess(value: number | bigint): FieldAccess<V> {
    const known = typeof value === 'number' ? this.#lua.fromNumber(value) : null;
    const read = known === null ? (): V => this.constant(value) : (): V => known;
    return { isReadable: true, read, write: refuse };
  }

  /** A constant's value for Lua; beyond 2^53 a boxed integer. */
  constant(value: number | bigint): V {
    if (typeof value === 'number') return this.#lua.fromNumber(value);
    const type = this.#cdef.namespace.types.base(value < 0n ? 'long long' : 'unsigned long long');
    return this.#lua.fromCData(this.#converter.box(type, value));
  }

  // The struct's own place: a reference's or value's, or where a pointer points.
  #recordPlace(object: CData): Place {
    const type = object.valueType;
    if (object.type.kind === 'reference' && type.kind === 'pointer') return this.#converter.pointerAt(type, object);
    return object;
  }

  // ---- elements

  // Where the first element is.
  #elementsPlace(object: CData): Place {
    return object.valueType.kind === 'pointer' ? this.#recordPlace(object) : object;
  }

  /** How elements of an array type, or behind a pointer type, are reached; null for other types. */
  elementsOf(type: CType): ElementAccess<V> | null {
    let elements = this.#elements.get(type);
    if (elements === undefined) {
      if (type.kind !== 'pointer' && type.kind !== 'array') return null;
      const element = type.kind === 'pointer' ? type.target : type.element;
      // It may get a size.
      if (element.size === null) return UNKNOWN;
      elements = this.#elementAccess(type, element, element.size);
      this.#elements.set(type, elements);
    }
    return elements;
  }

  #elementAccess(type: CType, element: CType, size: number): ElementAccess<V> {
    const read = this.#converter.readerOf(element);
    const isWritable = !isReadOnly(element) && !isVector(type);
    const write = isWritable ? this.#converter.writerOf(element) : refuse;
    const name = repr(element);
    // Readers of structs and arrays only say where they are, and writers look at the value first. A pointer may be moved anywhere; what
    // it is used for must be there.
    return {
      isKnown: true,
      isWritable,
      cells: cellsMaker(type, element),
      read: (region, base, index) => {
        const offset = base + Math.trunc(index) * size;
        if (!(offset >= 0 && offset + size <= region.bytes.length)) region.check(offset, size, name);
        return read(region, offset);
      },
      write: (region, base, index, value) => {
        const offset = base + Math.trunc(index) * size;
        if (!(offset >= 0 && offset + size <= region.bytes.length)) region.check(offset, size, name);
        write(region, offset, value);
      },
    };
  }

  #integerKey(key: V): number | null {
    if (this.#lua.typeOf(key) === 'number') return this.#lua.toNumber(key);
    const cdata = this.#lua.toCData(key);
    if (cdata instanceof CTypeObject) return null;
    const { kind } = cdata.valueType;
    return kind === 'integer' || kind === 'enum' ? Number(this.#converter.numberOf(cdata)) : null;
  }

  #complexPart(object: CData, key: V): V | null {
    const type = object.valueType;
    if (type.kind !== 'complex') return null;
    const keyType = this.#lua.typeOf(key);
    let part: number | null = null;
    if (keyType === 'string') part = PARTS.get(this.#lua.toName(key)) ?? null;
    else if (keyType === 'number' || keyType === 'cdata') part = this.#integerKey(key);
    if (part === null) return null;
    // LuaJIT takes the lowest bit of any index.
    return this.#converter.readerOf(type.part)(object.region, object.offset + (part & 1) * type.part.size);
  }

  // ---- ctypes and metatypes

  #indexType(object: CTypeObject, key: V): V {
    if (!this.#lua.isString(key)) throw this.#typeIndexError(object, key);
    const constant = constantsBehind(object.type).get(this.#lua.toName(key));
    if (constant !== undefined) return this.constant(constant);
    const value = this.#metatypes.indexType(object, key);
    if (value !== null) return value;
    throw this.#typeIndexError(object, key);
  }

  #newIndexType(object: CTypeObject, key: V, value: V): void {
    if (this.#lua.isString(key) && constantsBehind(object.type).has(this.#lua.toName(key))) throw constantLocation();
    if (!this.#metatypes.newIndex(object, key, value)) throw this.#typeIndexError(object, key);
  }

  #typeIndexError(object: CTypeObject, key: V): FfiError {
    if (!this.#lua.isString(key)) return cannotIndex('ctype', this.#keyText(key));
    return noMember(repr(pointedTo(object.type)), this.#lua.toName(key));
  }

  #metaIndex(object: CData, key: V): V {
    const value = this.#metatypes.index(object, key);
    if (value !== null) return value;
    throw this.#indexError(object, key);
  }

  #indexError(object: CData, key: V): FfiError {
    const text = reprOfValue(this.#cdef.namespace.types, recordBehind(object) ?? object.valueType);
    return this.#lua.isString(key) ? noMember(text, this.#lua.toName(key)) : cannotIndex(text, this.#keyText(key));
  }

  #keyText(key: V): string {
    const type = this.#lua.typeOf(key);
    if (type === 'cdata' && this.#lua.toCData(key) instanceof CTypeObject) return 'ctype';
    if (type === 'boolean' || type === 'userdata') return type;
    return type === 'cdata' ? repr(this.#lua.toCData(key).type) : this.#converter.typeText(key);
  }
}

/** What a pointer points to; any other type itself. */
export function pointedTo(type: CType): CType {
  return type.kind === 'pointer' ? type.target : type;
}

const NO_CONSTANTS: ReadonlyMap<string, number | bigint> = new Map();

// The constants of a struct, also behind a pointer, and behind a pointer to one.
function constantsBehind(type: CType): ReadonlyMap<string, number | bigint> {
  const behind = pointedTo(pointedTo(type));
  return isRecord(behind) ? constantsOf(behind) : NO_CONSTANTS;
}

/** The struct that a cdata is, refers to, or points to. */
export function recordBehind(object: CData): RecordType | null {
  return recordIn(object.valueType);
}

function recordIn(type: CType): RecordType | null {
  const pointed = pointedTo(type);
  return isRecord(pointed) ? pointed : null;
}

const refuse = (): never => {
  throw constantLocation();
};

function refuseUnknown(): never {
  throw new FfiError(SIZE_UNKNOWN);
}

const UNKNOWN = { isKnown: false, isWritable: false, cells: null, read: refuseUnknown, write: refuseUnknown };
