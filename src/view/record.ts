/**
 * Struct and union views: a class per ctype with a getter and a setter per field on its prototype, made of closures.
 * Views hold the caller's bytes and an offset, nothing else.
 *
 * Fields come first: a field called `set` hides the method of that name, which is then called as `RecordView.set(view, ...)`.
 * The library itself calls its methods only so.
 * @module
 */
import { type ArrayType, type Field, fieldsOf, innermostElement, noField, printType, type RecordType } from '../ctype/index.ts';
import {
  type Accessor,
  allocatorOf,
  BYTES,
  bytesOf,
  copierOf,
  describe,
  initOf,
  isView,
  nameOf,
  OFFSET,
  PLAIN,
  plainOf,
  type RecordConstructor,
  shortage,
  type Stored,
  TYPE,
  type ViewFactory,
  type Where,
} from './accessor.ts';
import { copyBytes, isByte } from './array.ts';
import { compileRead, compileStore, type Reading, type StoreAll, type Storing } from './compile.ts';
import { conversionFor } from './convert.ts';
import { isEqual } from './equal.ts';
import { INSPECT, type InspectOptions, inspectRecord, isReadable } from './inspect.ts';
import { define, jsonable } from './plain.ts';
import { bitFieldOf, scalarOf } from './scalar.ts';
import type { PlainRecord, RecordInit, RecordLike } from './shapes.ts';

const FACTORY: unique symbol = Symbol('factory');
const ASSIGN: unique symbol = Symbol('assign');
const TO_OBJECT: unique symbol = Symbol('to object');

/**
 * What every struct view can do; see `view()` of a type. Each method is also a static one, for structs with a field of
 * its name.
 */
export abstract class RecordView {
  declare readonly [TYPE]: RecordType;
  declare readonly [FACTORY]: ViewFactory;
  declare readonly [ASSIGN]: Store;
  declare readonly [TO_OBJECT]: (bytes: Uint8Array, offset: number) => object;

  get [BYTES](): Uint8Array {
    return (this as unknown as Stored)['@bytes'];
  }

  get [OFFSET](): number {
    return (this as unknown as Stored)['@offset'];
  }

  /**
   * Sets the fields that `values` names, all or none; the others keep their values. A view of the same struct, or bytes
   * of its size, set all fields.
   * @throws {TypeError} when there is no such field, it is const, or its value of the wrong kind
   * @throws {RangeError} when a value does not fit
   */
  set(values: this | RecordInit<this> | ArrayBufferView): void {
    RecordView.set(this, values);
  }

  static set<V extends RecordLike>(view: V, values: V | RecordInit<V> | ArrayBufferView): void {
    const { [TYPE]: type, [FACTORY]: factory, [BYTES]: bytes, [OFFSET]: offset } = view as unknown as RecordView;
    const name = (): string => printType(type);
    if (type.isConst) throw new TypeError(`${name()} is const`);
    if (typeof values !== 'object' || values === null) throw new TypeError(`${name()}: expected an object, got ${describe(values)}`);
    if ((view as unknown as RecordView)[ASSIGN](bytes, offset, values, name)) return;
    if (isView(values) || ArrayBuffer.isView(values)) {
      factory.accessorOf(type).set(bytes, offset, values, name);
      return;
    }
    // Put together elsewhere: the values may be views of what is overwritten, or wrong.
    const made = RecordView.copy(view) as unknown as RecordView & Record<string, unknown>;
    for (const [key, value] of Object.entries(values)) {
      if (!fieldsOf(type).has(key)) throw new TypeError(`${name()} ${noField(type, key)}`);
      made[key] = value;
    }
    copierOf(type, factory.memory)(bytes, offset, made[BYTES], 0, made[BYTES].length);
  }

  /**
   * The fields as a plain object: numbers, strings of bytes as arrays, nested structs as objects; `long double`, which
   * no number can hold, as its bytes. A copy.
   */
  toObject(): PlainRecord<this> {
    return RecordView.toObject(this);
  }

  static toObject<V extends RecordLike>(view: V): PlainRecord<V> {
    const { [BYTES]: bytes, [OFFSET]: offset } = view as unknown as RecordView;
    return (view as unknown as RecordView)[TO_OBJECT](bytes, offset) as PlainRecord<V>;
  }

  [PLAIN](): unknown {
    return RecordView.toObject(this);
  }

  /** For `JSON.stringify`; 64-bit integers become strings of digits. */
  toJSON(): unknown {
    return RecordView.toJSON(this);
  }

  static toJSON(view: RecordLike): unknown {
    return jsonable(RecordView.toObject(view));
  }

  /** The struct's bytes and those of its flexible array: a live `Uint8Array` over the same memory. */
  get bytes(): Uint8Array {
    return RecordView.bytes(this);
  }

  static bytes(view: RecordLike): Uint8Array {
    const { '@bytes': bytes, '@offset': offset, '@size': size } = view as unknown as Stored;
    // A call of `subarray` takes long; without it this is short enough for V8 to put it into its callers.
    return offset === 0 && size === bytes.length ? bytes : bytesWithin(view as unknown as RecordView);
  }

  /** A view of the same values in fresh memory of our own. */
  copy(): this {
    return RecordView.copy(this);
  }

  static copy<V extends RecordLike>(view: V): V {
    const { [TYPE]: type, [FACTORY]: factory, [BYTES]: bytes, [OFFSET]: offset } = view as unknown as RecordView;
    const { length } = RecordView.bytes(view);
    const made = allocatorOf(type, factory.memory)(length);
    copierOf(type, factory.memory)(made, 0, bytes, offset, length);
    return new (factory.recordClass(type))(made, 0) as V;
  }

  /**
   * Whether `other` is a view of the same struct with equal fields, flexible arrays included: padding does not count,
   * floats are equal when their bytes are, pointers when they are the same.
   */
  equals(other: object): boolean {
    return RecordView.equals(this, other);
  }

  static equals(view: RecordLike, other: object): boolean {
    if (!(other instanceof RecordView)) return false;
    const { [TYPE]: type, [FACTORY]: factory, [BYTES]: bytes, [OFFSET]: offset } = view as unknown as RecordView;
    if (type.definition !== other[TYPE].definition || !isEqual(type, bytes, offset, other[BYTES], other[OFFSET])) return false;
    const open = openArrayOf(type);
    if (open === null) return true;
    const length = openLength(open, bytes, offset);
    if (length !== openLength(open, other[BYTES], other[OFFSET])) return false;
    const rest = factory.types.array(open.type.element, length);
    return isEqual(rest, bytes, offset + open.offset, other[BYTES], other[OFFSET] + open.offset);
  }

  /** For `console.log` in Node. */
  [INSPECT](depth: number | null, options: InspectOptions, inspect: (value: unknown, options: InspectOptions) => string): string {
    return inspectRecord(this as unknown as Record<string, unknown>, this[TYPE], depth, options, inspect);
  }
}

// A struct's bytes and those of its flexible array, as a part of what it is over.
function bytesWithin({ [TYPE]: type, [BYTES]: bytes, [OFFSET]: offset }: RecordView): Uint8Array {
  let size = type.definition.layout?.size ?? 0;
  const open = openArrayOf(type);
  if (open !== null) size = Math.max(size, open.offset + openLength(open, bytes, offset) * (open.type.element.size as number));
  return bytes.subarray(offset, offset + size);
}

/** A field's getter and setter, as they stand on a prototype. */
export interface Property<This = Stored> {
  get(this: This): unknown;
  set(this: This, value: unknown): void;
}

/** The view class of a complete struct or union. */
export function makeRecordClass(type: RecordType, factory: ViewFactory): RecordConstructor {
  const name = printType(type);
  // No `super()`: a chain of constructors takes twice as long.
  let View = class {
    constructor(bytes: Uint8Array, offset: number) {
      (this as unknown as Stored)['@bytes'] = bytes;
      (this as unknown as Stored)['@offset'] = offset;
    }
  };
  const properties: Record<string, PropertyDescriptor> = Object.create(null);
  for (const field of placedFields(type, factory)) {
    properties[field.name] = { ...propertyOf(field, `${name}.${field.name}`, factory), enumerable: true, configurable: true };
  }
  if ('toJSON' in properties) {
    // JSON.stringify takes a field called toJSON for no function, and looks for properties of the view's own.
    View = class {
      constructor(bytes: Uint8Array, offset: number) {
        const place = { '@bytes': { value: bytes, writable: true }, '@offset': { value: offset, writable: true } };
        Object.defineProperties(this, { ...place, ...properties });
      }
    };
  }
  const { prototype } = View;
  Object.setPrototypeOf(prototype, factory.methodsClass(type).prototype);
  Object.defineProperty(View, 'name', { value: name });
  const whole = { [ASSIGN]: { value: assignerOf(type, factory) }, [TO_OBJECT]: { value: readerOf(type, factory) } };
  const size = type.definition.layout?.size ?? 0;
  Object.defineProperties(prototype, { [TYPE]: { value: type }, [FACTORY]: { value: factory }, '@size': { value: size }, ...whole });
  for (const field of Object.keys(properties)) Object.defineProperty(prototype, field, properties[field] as PropertyDescriptor);
  // A field's, or `Object`'s: no view has a use for its class.
  if (!('constructor' in properties)) Object.defineProperty(prototype, 'constructor', { value: View, writable: true, configurable: true });
  return View;
}

/** The fields with their types as members of `type`: what is in a const struct is const, to the last element of an array. */
export function placedFields(type: RecordType, { types }: ViewFactory): Field[] {
  return [...fieldsOf(type).values()].map((field) => {
    const isConst = type.isConst || field.isInConst === true;
    return isConst ? { ...field, type: types.qualify(field.type, { isConst, isVolatile: type.isVolatile }) } : field;
  });
}

function propertyOf(field: Field, where: string, factory: ViewFactory): Property {
  const { get, set } = isScalar(field) ? scalarProperty(field, where, factory) : compoundProperty(field, where, factory);
  return isConstant(field) ? { get, set: constantSetter(where) } : { get, set };
}

/** Whether a field, or what it is an array of, is const. */
export function isConstant({ type }: Field): boolean {
  return (type.kind === 'array' ? innermostElement(type) : type).isConst;
}

function constantSetter(where: string): Property['set'] {
  return () => {
    throw new TypeError(`${where} is const`);
  };
}

// Whether a field's value is a number, a bigint or a boolean.
function isScalar({ type }: Field): boolean {
  return type.kind === 'bool' || type.kind === 'integer' || type.kind === 'enum' || (type.kind === 'float' && scalarOf(type) !== null);
}

type Write = (bytes: Uint8Array, offset: number, value: unknown) => void;

function scalarProperty(field: Field, where: string, factory: ViewFactory): Property {
  const { read, write, unchanged, convert, offset } = scalarField(field, factory);
  const setOther = (view: Stored, value: unknown): void => write(view['@bytes'], view['@offset'] + offset, convert(value, where));
  return unchanged === 'number'
    ? numberProperty(read, write, offset, setOther)
    : otherProperty(read, write, offset, (value) => typeof value === unchanged, setOther);
}

type Read = (bytes: Uint8Array, offset: number) => unknown;
type SetOther = (view: Stored, value: unknown) => void;

// What accessors close over are parameters: for constants V8's bytecode has a check that they are initialised, and V8 puts short functions
// into their callers first.
function numberProperty(read: Read, write: Write, offset: number, setOther: SetOther): Property {
  return {
    get() {
      return read(this['@bytes'], this['@offset'] + offset);
    },
    set(value) {
      // V8 then knows the type of the value.
      if (typeof value === 'number') write(this['@bytes'], this['@offset'] + offset, value);
      else setOther(this, value);
    },
  };
}

function otherProperty(read: Read, write: Write, offset: number, isStored: (value: unknown) => boolean, setOther: SetOther): Property {
  return {
    get() {
      return read(this['@bytes'], this['@offset'] + offset);
    },
    set(value) {
      if (isStored(value)) write(this['@bytes'], this['@offset'] + offset, value);
      else setOther(this, value);
    },
  };
}

// How a scalar member is read and written: bit-fields count from the start of the struct.
function scalarField({ type, bits, offset }: Field, { overflow }: ViewFactory) {
  const scalar = bits === null ? scalarOf(type) : bitFieldOf(type, bits);
  if (scalar === null) throw new TypeError(`'${printType(type)}' has no values that JavaScript could hold`);
  const conversion = conversionFor(scalar, type, bits, overflow);
  return { read: scalar.read, write: scalar.write as Write, ...conversion, offset: bits === null ? offset : 0 };
}

function compoundProperty(field: Field, where: string, factory: ViewFactory): Property {
  const { offset, type } = field;
  if (isOpen(field)) return openArray(field, where, factory);
  let accessor: Accessor | null = null;
  // Found on first use: structs may be nested deeper than calls.
  const found = (): Accessor => {
    accessor = factory.accessorOf(type);
    return accessor;
  };
  return {
    get() {
      return (accessor ?? found()).get(this['@bytes'], this['@offset'] + offset);
    },
    set(value) {
      (accessor ?? found()).set(this['@bytes'], this['@offset'] + offset, value, where);
    },
  };
}

/** A field that is a flexible array. */
type OpenArray = Field & { readonly type: ArrayType };

function isOpen(field: Field): field is OpenArray {
  return field.type.kind === 'array' && typeof field.type.length !== 'number';
}

function openArrayOf(type: RecordType): OpenArray | null {
  for (const field of fieldsOf(type).values()) if (isOpen(field)) return field;
  return null;
}

// `T a[]` at the end: as many whole elements as the bytes hold.
function openLength({ offset, type }: OpenArray, bytes: Uint8Array, at: number): number {
  const size = type.element.size as number;
  return size === 0 ? 0 : Math.max(0, Math.floor((bytes.length - at - offset) / size));
}

function openArray(field: OpenArray, where: string, factory: ViewFactory): Property {
  const accessorAt = (bytes: Uint8Array, at: number): Accessor =>
    factory.accessorOf(factory.types.array(field.type.element, openLength(field, bytes, at)));
  return {
    get() {
      const { '@bytes': bytes, '@offset': offset } = this;
      return accessorAt(bytes, offset).get(bytes, offset + field.offset);
    },
    set(value) {
      const { '@bytes': bytes, '@offset': offset } = this;
      accessorAt(bytes, offset).set(bytes, offset + field.offset, value, where);
    },
  };
}

/** Getter and setter for a struct as a field or an array element: a live view, and assignment as in C. */
export function recordAccessor(type: RecordType, factory: ViewFactory): Accessor {
  const View = factory.recordClass(type);
  const size = type.size as number;
  const copy = copierOf(type, factory.memory);
  const allocate = allocatorOf(type, factory.memory);
  const initialise = initialiserOf(type, factory);
  const isPlain = storerOf(type, factory);
  const isOpenEnded = openArrayOf(type) !== null;

  // A whole struct given as one: whether `value` was that.
  const isCopied = (bytes: Uint8Array, offset: number, value: unknown, where: Where): boolean => {
    if (isView(value)) {
      if ((value[TYPE] as RecordType).definition !== type.definition) {
        throw new TypeError(`${nameOf(where)}: expected ${printType(type)}, got ${printType(value[TYPE])}`);
      }
      copy(bytes, offset, value[BYTES], value[OFFSET]);
      return true;
    }
    if (!ArrayBuffer.isView(value)) return false;
    const source = bytesOf(value);
    if (source.length !== size) throw shortage(nameOf(where), source, 0, size);
    copy(bytes, offset, source, 0);
    return true;
  };

  return {
    get: (bytes, offset) => new View(bytes, offset),
    plain: readerOf(type, factory),
    init: (bytes, offset, value, where) => {
      if (!isPlain(bytes, offset, value, where) && !isCopied(bytes, offset, value, where)) initialise(bytes, offset, value, where);
    },
    set: (bytes, offset, value, where) => {
      if (isCopied(bytes, offset, value, where)) return;
      if (isOpenEnded) {
        // The array at its end takes what room there is at the place itself.
        bytes.fill(0, offset, offset + size);
        initialise(bytes, offset, value, where);
        return;
      }
      // Put together elsewhere: the values may be views of what is overwritten, or wrong.
      const made = allocate(size);
      if (!isPlain(made, 0, value, where)) initialise(made, 0, value, where);
      copy(bytes, offset, made, 0);
    },
  };
}

type Initialise = (bytes: Uint8Array, offset: number, value: unknown, where: Where) => void;

// Writes the fields that an object names, const ones too, into zeroed memory.
function initialiserOf(type: RecordType, factory: ViewFactory): Initialise {
  const initialisers = new Map<string, Initialise>();
  return (bytes, offset, values, where) => {
    if (typeof values !== 'object' || values === null) throw new TypeError(`${nameOf(where)}: expected an object, got ${describe(values)}`);
    for (const key of Object.keys(values)) {
      let initialise = initialisers.get(key);
      if (initialise === undefined) {
        const field = fieldsOf(type).get(key);
        if (field === undefined) throw new TypeError(`${nameOf(where)}: ${printType(type)} ${noField(type, key)}`);
        initialise = fieldInitialiser(field, factory);
        initialisers.set(key, initialise);
      }
      initialise(bytes, offset, (values as Record<string, unknown>)[key], where);
    }
  };
}

type Store = (bytes: Uint8Array, offset: number, values: unknown, where: Where) => boolean;

// Initialises a struct from a plain object, by generated code. False where that does not do, and nothing has been written.
function storerOf(type: RecordType, factory: ViewFactory): Store {
  return lazily(() =>
    isOverlapping(type)
      ? null
      : compileStore(
          factory.compiler,
          [...fieldsOf(type).values()].map((field) => storing(field, factory)),
        ),
  );
}

// The same into a struct in use: scalars only, as other values may be views of what is overwritten.
function assignerOf(type: RecordType, factory: ViewFactory): Store {
  const stored = (field: Field): Storing => {
    const isStored = isScalar(field) && !isConstant(field);
    return isStored ? storing(field, factory) : { name: field.name, accepts: null, store: () => {} };
  };
  return lazily(() => (isOverlapping(type) ? null : compileStore(factory.compiler, placedFields(type, factory).map(stored))));
}

// Made on first use: not every struct is made of objects.
function lazily(make: () => StoreAll<Where> | null): Store {
  let store: StoreAll<Where> | null | undefined;
  return (bytes, offset, values, where) => {
    if (typeof values !== 'object' || values === null) return false;
    if (store === undefined) store = make();
    return store?.(bytes, offset, values, where) ?? false;
  };
}

// Where fields share bits, as a union's do, the order counts in which they are written.
function isOverlapping(type: RecordType): boolean {
  let end = 0;
  const starts = [...fieldsOf(type).values()].map(({ type: { size }, offset, bits }) => {
    const start = bits?.bitOffset ?? offset * 8;
    return { start, end: start + (bits?.bitWidth ?? (size ?? 0) * 8) };
  });
  for (const place of starts.sort((a, b) => a.start - b.start)) {
    if (place.start < end) return true;
    end = place.end;
  }
  return false;
}

function storing(field: Field, factory: ViewFactory): Storing {
  const { name, type, offset } = field;
  if (isScalar(field)) {
    const { write, unchanged, offset: start } = scalarField(field, factory);
    const accepts = unchanged === '' ? null : `typeof $ === '${unchanged}'`;
    return { name, accepts, store: (bytes, at, value) => write(bytes, at + start, value) };
  }
  if (type.kind === 'array' && type.size !== null && isByte(type.element)) {
    const accepts = `$ instanceof Uint8Array && $.length <= ${type.size}`;
    const store = (bytes: Uint8Array, at: number, value: Uint8Array): void => copyBytes(bytes, at + offset, value);
    return { name, accepts, store, octets: { offset, length: type.size } };
  }
  // Found on first use: structs may be nested deeper than calls.
  let initialise: Initialise | null = null;
  const store: Initialise = (bytes, at, value, where) => {
    initialise ??= fieldInitialiser(field, factory);
    initialise(bytes, at, value, where);
  };
  return { name, accepts: 'true', store };
}

// Reads a whole struct as a plain object.
function readerOf(type: RecordType, factory: ViewFactory): (bytes: Uint8Array, offset: number) => object {
  let read: ((bytes: Uint8Array, offset: number) => object) | null = null;
  const make = (): typeof read => {
    const fields = [...fieldsOf(type).values()].map((field) => reading(field, factory));
    return (
      compileRead(factory.compiler, fields) ??
      ((bytes, at) => {
        const object = {};
        for (const field of fields) define(object, field.name, field.read(bytes, at));
        return object;
      })
    );
  };
  return (bytes, offset) => {
    read ??= make() as NonNullable<typeof read>;
    return read(bytes, offset);
  };
}

function reading(field: Field, factory: ViewFactory): Reading {
  const { name, type, offset } = field;
  if (isScalar(field)) {
    const { read, offset: start } = scalarField(field, factory);
    return { name, read: (bytes, at) => read(bytes, at + start) };
  }
  // `long double`, which no number can hold, as its bytes.
  if (!isReadable(type)) return { name, read: (bytes, at) => Array.from(bytes.subarray(at + offset, at + offset + (type.size ?? 0))) };
  if (isOpen(field)) {
    const accessorAt = (bytes: Uint8Array, at: number): Accessor =>
      factory.accessorOf(factory.types.array(field.type.element, openLength(field, bytes, at)));
    return { name, read: (bytes, at) => plainOf(accessorAt(bytes, at))(bytes, at + offset) };
  }
  let read: Accessor['get'] | null = null;
  return {
    name,
    read: (bytes, at) => {
      read ??= plainOf(factory.accessorOf(type));
      return read(bytes, at + offset);
    },
  };
}

function fieldInitialiser(field: Field, factory: ViewFactory): Initialise {
  const pathIn =
    (where: Where): Where =>
    () =>
      `${nameOf(where)}.${field.name}`;
  if (isScalar(field)) {
    const { write, unchanged, convert, offset: start } = scalarField(field, factory);
    return (bytes, offset, value, where) =>
      write(bytes, offset + start, typeof value === unchanged ? value : convert(value, pathIn(where)));
  }
  if (isOpen(field)) {
    return (bytes, offset, value, where) => {
      const rest = factory.types.array(field.type.element, openLength(field, bytes, offset));
      factory.accessorOf(rest).set(bytes, offset + field.offset, value, pathIn(where));
    };
  }
  const init = initOf(factory.accessorOf(field.type));
  return (bytes, offset, value, where) => init(bytes, offset + field.offset, value, pathIn(where));
}
