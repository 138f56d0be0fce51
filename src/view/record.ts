/**
 * Struct and union views: a class per ctype with a getter and a setter per field on its prototype, made of closures.
 * Views hold the caller's bytes and an offset, nothing else.
 *
 * Fields come first: a field called `toObject` hides the helper of that name. What the library itself needs is under
 * symbols.
 * @module
 */
import { type Field, fieldsOf, printType, type RecordType } from '../ctype/index.ts';
import {
  type Accessor,
  BYTES,
  bytesOf,
  describe,
  isView,
  OFFSET,
  type RecordConstructor,
  shortage,
  toRaw,
  TYPE,
  type ViewFactory,
} from './accessor.ts';
import { INSPECT, type InspectOptions, inspectRecord } from './inspect.ts';
import { bitFieldOf } from './scalar.ts';

/** What every struct view can do; see `view()` of a type. */
export abstract class RecordView {
  readonly [BYTES]: Uint8Array;
  readonly [OFFSET]: number;
  declare readonly [TYPE]: RecordType;

  constructor(bytes: Uint8Array, offset: number) {
    this[BYTES] = bytes;
    this[OFFSET] = offset;
  }

  /** The fields as a plain object: numbers, strings of bytes as arrays, nested structs as objects. A copy. */
  toObject(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const name of fieldsOf(this[TYPE]).keys()) define(object, name, plain(this[name as keyof this]));
    return object;
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
  const View = class extends RecordView {};
  Object.defineProperty(View, 'name', { value: name });
  const { prototype } = View;
  Object.defineProperty(prototype, TYPE, { value: type });
  for (const field of fieldsOf(type).values()) {
    const where = `${name}.${field.name}`;
    const property = field.bits === null ? ordinaryField(field, where, factory) : bitField(field, where);
    if (field.type.isConst || type.isConst) {
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
  const { kind, read } = scalar;
  const write = scalar.write as (bytes: Uint8Array, offset: number, value: unknown) => void;
  return {
    get() {
      return read(this[BYTES], this[OFFSET]);
    },
    set(value) {
      write(this[BYTES], this[OFFSET], toRaw(kind, value, where));
    },
  };
}

/** Getter and setter for a struct as a field or an array element: a live view, and assignment as in C. */
export function recordAccessor(type: RecordType, factory: ViewFactory): Accessor {
  const View = factory.recordClass(type);
  const size = type.size as number;
  return {
    get: (bytes, offset) => new View(bytes, offset),
    set: (bytes, offset, value, where) => {
      if (isView(value)) {
        if ((value[TYPE] as RecordType).definition !== type.definition) {
          throw new TypeError(`${where}: expected ${printType(type)}, got ${printType(value[TYPE])}`);
        }
        copyBytes(bytes, offset, value[BYTES].subarray(value[OFFSET], value[OFFSET] + size));
      } else if (ArrayBuffer.isView(value)) {
        const source = bytesOf(value);
        if (source.length !== size) throw shortage(where, source, 0, size);
        copyBytes(bytes, offset, source);
      } else {
        // Checked as a whole before anything is cleared.
        if (typeof value !== 'object' || value === null) throw new TypeError(`${where}: expected an object, got ${describe(value)}`);
        bytes.fill(0, offset, offset + size);
        assignFields(new View(bytes, offset), type, value, where);
      }
    },
  };
}

/**
 * Sets the fields that `values` names.
 * @throws {TypeError} when it names a field the struct does not have
 */
export function assignFields(view: object, type: RecordType, values: object, where: string): void {
  const fields = fieldsOf(type);
  for (const [name, value] of Object.entries(values)) {
    if (!fields.has(name)) throw new TypeError(`${where}: ${printType(type)} has no field named '${name}'`);
    (view as Record<string, unknown>)[name] = value;
  }
}

function copyBytes(target: Uint8Array, offset: number, source: Uint8Array): void {
  target.set(source, offset);
}
