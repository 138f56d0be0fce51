/**
 * Struct and union views: a class per ctype with a getter and a setter per field on its prototype, made of closures.
 * Views hold the caller's bytes and an offset, nothing else.
 *
 * Fields come first: a field called `toObject` hides the helper of that name. What the library itself needs is under
 * symbols.
 * @module
 */
import { type Field, fieldsOf, innermostElement, printType, type RecordType } from '../ctype/index.ts';
import {
  type Accessor,
  BYTES,
  bytesOf,
  copierOf,
  describe,
  initOf,
  isView,
  OFFSET,
  type RecordConstructor,
  shortage,
  toRaw,
  TYPE,
  type ViewFactory,
} from './accessor.ts';
import { INSPECT, type InspectOptions, inspectRecord, isReadable } from './inspect.ts';
import { bitFieldOf } from './scalar.ts';
import type { PlainRecord } from './shapes.ts';

/** What every struct view can do; see `view()` of a type. */
export abstract class RecordView {
  readonly [BYTES]: Uint8Array;
  readonly [OFFSET]: number;
  declare readonly [TYPE]: RecordType;

  constructor(bytes: Uint8Array, offset: number) {
    this[BYTES] = bytes;
    this[OFFSET] = offset;
  }

  /**
   * The fields as a plain object: numbers, strings of bytes as arrays, nested structs as objects; `long double`, which
   * no number can hold, as its bytes. A copy.
   */
  toObject(): PlainRecord<this> {
    const object: Record<string, unknown> = {};
    for (const { name, type, offset } of fieldsOf(this[TYPE]).values()) {
      const start = this[OFFSET] + offset;
      const value = isReadable(type) ? plain(this[name as keyof this]) : Array.from(this[BYTES].subarray(start, start + (type.size ?? 0)));
      define(object, name, value);
    }
    return object as PlainRecord<this>;
  }

  /** For `JSON.stringify`; 64-bit integers become strings of digits. */
  toJSON(): unknown {
    return jsonable(this.toObject());
  }

  /** For `console.log` in Node. */
  [INSPECT](depth: number | null, options: InspectOptions, inspect: (value: unknown, options: InspectOptions) => string): string {
    return inspectRecord(this as unknown as Record<string, unknown>, this[TYPE], depth, options, inspect);
  }
}

// `__proto__` is a field name like any other.
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

function plain(value: unknown): unknown {
  const convertible = value as { toObject?: () => unknown; toArray?: () => unknown } | null;
  if (!isView(value)) return value;
  // Through the prototypes of this library: a field of that name must not be called.
  if (value instanceof RecordView) return RecordView.prototype.toObject.call(value);
  return convertible?.toArray?.();
}

function jsonable(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(jsonable);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const object = {};
  for (const [key, inner] of Object.entries(value)) define(object, key, jsonable(inner));
  return object;
}

interface Property {
  get(this: RecordView): unknown;
  set(this: RecordView, value: unknown): void;
}

/** The view class of a complete struct or union. */
export function makeRecordClass(type: RecordType, factory: ViewFactory): RecordConstructor {
  const name = printType(type);
  const View = class extends factory.methodsClass(type) {};
  Object.defineProperty(View, 'name', { value: name });
  const { prototype } = View;
  Object.defineProperty(prototype, TYPE, { value: type });
  for (const field of fieldsOf(type).values()) {
    const where = `${name}.${field.name}`;
    // What is in a const struct is const, to the last element of an array.
    const fieldType = type.isConst ? factory.types.qualify(field.type, type) : field.type;
    const placed = { ...field, type: fieldType };
    const property = field.bits === null ? ordinaryField(placed, where, factory) : bitField(placed, where);
    if ((fieldType.kind === 'array' ? innermostElement(fieldType) : fieldType).isConst) {
      property.set = () => {
        throw new TypeError(`${where} is const`);
      };
    }
    Object.defineProperty(prototype, field.name, { ...property, enumerable: true, configurable: true });
  }
  return View;
}

function ordinaryField(field: Field, where: string, factory: ViewFactory): Property {
  const { offset, type } = field;
  if (type.kind === 'array' && typeof type.length !== 'number') return openArray(field, where, factory);
  let accessor: Accessor | null = null;
  // Found on first use: a struct may point to itself.
  const found = (): Accessor => {
    accessor = factory.accessorOf(type);
    return accessor;
  };
  return {
    get() {
      return (accessor ?? found()).get(this[BYTES], this[OFFSET] + offset);
    },
    set(value) {
      (accessor ?? found()).set(this[BYTES], this[OFFSET] + offset, value, where);
    },
  };
}

// `T a[]` at the end: as many whole elements as the bytes hold.
function openArray({ offset, type }: Field, where: string, factory: ViewFactory): Property {
  if (type.kind !== 'array') throw new TypeError(`${where} is no array`);
  const { element } = type;
  const { types } = factory;
  const rest = (view: RecordView): { accessor: Accessor; start: number } => {
    const start = view[OFFSET] + offset;
    const size = element.size as number;
    const length = size === 0 ? 0 : Math.max(0, Math.floor((view[BYTES].length - start) / size));
    return { accessor: factory.accessorOf(types.array(element, length)), start };
  };
  return {
    get() {
      const { accessor, start } = rest(this);
      return accessor.get(this[BYTES], start);
    },
    set(value) {
      const { accessor, start } = rest(this);
      accessor.set(this[BYTES], start, value, where);
    },
  };
}

function bitField(field: Field, where: string): Property {
  const scalar = bitFieldOf(field.type, field.bits as NonNullable<Field['bits']>);
  const { read } = scalar;
  const write = scalar.write as (bytes: Uint8Array, offset: number, value: unknown) => void;
  return {
    get() {
      return read(this[BYTES], this[OFFSET]);
    },
    set(value) {
      write(this[BYTES], this[OFFSET], toRaw(scalar, value, where));
    },
  };
}

/** Getter and setter for a struct as a field or an array element: a live view, and assignment as in C. */
export function recordAccessor(type: RecordType, factory: ViewFactory): Accessor {
  const View = factory.recordClass(type);
  const size = type.size as number;
  const copy = copierOf(type, factory.memory);
  const initialise = initialiserOf(type, factory);

  // A whole struct given as one: whether `value` was that.
  const isCopied = (bytes: Uint8Array, offset: number, value: unknown, where: string): boolean => {
    if (isView(value)) {
      if ((value[TYPE] as RecordType).definition !== type.definition) {
        throw new TypeError(`${where}: expected ${printType(type)}, got ${printType(value[TYPE])}`);
      }
      copy(bytes, offset, value[BYTES], value[OFFSET]);
      return true;
    }
    if (!ArrayBuffer.isView(value)) return false;
    const source = bytesOf(value);
    if (source.length !== size) throw shortage(where, source, 0, size);
    copy(bytes, offset, source, 0);
    return true;
  };

  return {
    get: (bytes, offset) => new View(bytes, offset),
    init: (bytes, offset, value, where) => {
      if (!isCopied(bytes, offset, value, where)) initialise(bytes, offset, value, where);
    },
    set: (bytes, offset, value, where) => {
      if (isCopied(bytes, offset, value, where)) return;
      if (isOpen(type)) {
        // The array at its end takes what room there is at the place itself.
        bytes.fill(0, offset, offset + size);
        initialise(bytes, offset, value, where);
        return;
      }
      // Put together elsewhere: the values may be views of what is overwritten, or wrong.
      const made = factory.memory.allocate(size).bytes;
      initialise(made, 0, value, where);
      copy(bytes, offset, made, 0);
    },
  };
}

function isOpen(type: RecordType): boolean {
  const last = type.definition.layout?.fields.at(-1)?.type;
  return last?.kind === 'array' && last.size === null;
}

type Write = (bytes: Uint8Array, offset: number, value: unknown) => void;

// Writes the fields that an object names, const ones too, into zeroed memory.
function initialiserOf(type: RecordType, factory: ViewFactory): Accessor['set'] {
  const name = printType(type);
  const writers = new Map<string, Write>();
  const writerOf = (field: Field): Write => {
    const where = `${name}.${field.name}`;
    if (field.bits === null && field.type.size !== null) {
      const init = initOf(factory.accessorOf(field.type));
      return (bytes, offset, value) => init(bytes, offset + field.offset, value, where);
    }
    const property = field.bits === null ? openArray(field, where, factory) : bitField(field, where);
    const View = factory.recordClass(type);
    return (bytes, offset, value) => property.set.call(new View(bytes, offset) as RecordView, value);
  };
  return (bytes, offset, values, where) => {
    if (typeof values !== 'object' || values === null) throw new TypeError(`${where}: expected an object, got ${describe(values)}`);
    for (const [key, value] of Object.entries(values)) {
      let writer = writers.get(key);
      if (writer === undefined) {
        const field = fieldsOf(type).get(key);
        if (field === undefined) throw new TypeError(`${where}: ${name} has no field named '${key}'`);
        writer = writerOf(field);
        writers.set(key, writer);
      }
      writer(bytes, offset, value);
    }
  };
}
