/**
 * Cursors: a struct's view that moves from record to record, so that a scan makes no object per record.
 *
 * A cursor's class inherits from the view's and replaces the accessors of scalars by ones over a `DataView`, which pays for
 * what is read more often than it is made (`data.ts`). The `DataView` is an object of
 * its own, though that is one more look at memory: V8 stops compiling reads of DataViews once they came with maps of several
 * subclasses.
 * @module
 */
import { printType, type RecordType } from '../ctype/index.ts';
import { type Stored, TYPE, type View, type ViewFactory } from './accessor.ts';
import { conversionFor } from './convert.ts';
import { dataScalarOf } from './data.ts';
import { isConstant, placedFields, type Property } from './record.ts';
import { scalarOf } from './scalar.ts';

/** What a cursor moves over; see `Stored` for the names. */
interface Moving extends Stored {
  '@data': DataView;
  '@start': number;
  '@size': number;
  '@length': number;
}

/**
 * What a cursor has besides the fields of its struct, which are read and set as those of a view. A cursor is one object: `copy()` what
 * is to stay when it moves on. Each member is also a static one, for structs with a field of its name.
 */
export abstract class Cursor<V = unknown> implements Iterable<V> {
  /** The record it is at. */
  get index(): number {
    return Cursor.index(this);
  }

  static index(cursor: object): number {
    // Not kept: moving is faster for it.
    const { '@offset': offset, '@start': start, '@size': size } = cursor as Moving;
    return size === 0 ? 0 : (offset - start) / size;
  }

  /** How many records there are. */
  get length(): number {
    return (this as unknown as Moving)['@length'];
  }

  static length(cursor: object): number {
    return (cursor as Moving)['@length'];
  }

  /**
   * Goes to a record.
   * @throws {RangeError} when there is no such record
   */
  moveTo(index: number): void {
    move(this as unknown as Moving, index);
  }

  static moveTo(cursor: object, index: number): void {
    move(cursor as Moving, index);
  }

  /** Goes from record to record; each time it gives the cursor itself. */
  [Symbol.iterator](): IterableIterator<V> {
    let index = 0;
    const next = (): IteratorResult<V> => {
      if (index >= Cursor.length(this)) return { done: true, value: undefined };
      move(this as unknown as Moving, index++);
      return { done: false, value: this as unknown as V };
    };
    return { next, [Symbol.iterator]: () => this[Symbol.iterator]() };
  }
}

function move(cursor: Moving, index: number): void {
  if (index >>> 0 !== index || index >= cursor['@length']) throw outside(cursor, index);
  cursor['@offset'] = cursor['@start'] + index * cursor['@size'];
}

function outside(cursor: Moving, index: number): RangeError {
  return new RangeError(`${printType((cursor as Moving & View)[TYPE])}: record ${index} is none of ${cursor['@length']}`);
}

/** Makes cursors of one struct over `length` records, all of them within `bytes`. */
export type CursorConstructor = new (bytes: Uint8Array, start: number, length: number) => object;

const NOTHING = new Uint8Array(0);

/** The cursor class of a complete struct or union. */
export function makeCursorClass(type: RecordType, factory: ViewFactory): CursorConstructor {
  const size = type.size as number;
  const CursorView = class {
    constructor(given: Uint8Array, start: number, length: number) {
      const self = this as unknown as Moving;
      // Without records nothing can be read, not even bytes that are there.
      const bytes = length === 0 ? NOTHING : given;
      self['@bytes'] = bytes;
      self['@offset'] = start;
      self['@data'] = factory.dataOf(bytes);
      self['@start'] = start;
      self['@size'] = size;
      self['@length'] = length;
    }
  };
  const { prototype } = CursorView;
  const View = factory.recordClass(type);
  Object.setPrototypeOf(prototype, View.prototype);
  Object.defineProperty(CursorView, 'name', { value: View.name });
  const members = Object.getOwnPropertyDescriptors(Cursor.prototype);
  for (const key of Reflect.ownKeys(members) as (keyof typeof members)[]) {
    // Fields come first, and what a metatype adds.
    if (!(key in prototype)) Object.defineProperty(prototype, key, members[key] as PropertyDescriptor);
  }
  for (const field of placedFields(type, factory)) {
    const scalar = scalarOf(field.type);
    const data = field.bits === null ? dataScalarOf(field.type) : null;
    if (scalar === null || data === null) continue;
    const { offset } = field;
    const { read } = data;
    const write = data.write as (data: DataView, offset: number, value: unknown) => void;
    const { unchanged, convert } = conversionFor(scalar, field.type, null, factory.overflow);
    const where = `${printType(type)}.${field.name}`;
    const property: Property<Moving> = {
      get() {
        return read(this['@data'], this['@offset'] + offset);
      },
      set(value) {
        if (typeof value === unchanged) write(this['@data'], this['@offset'] + offset, value);
        else write(this['@data'], this['@offset'] + offset, convert(value, where));
      },
    };
    const inherited = Object.getOwnPropertyDescriptor(View.prototype, field.name);
    Object.defineProperty(prototype, field.name, { ...inherited, get: property.get, ...(isConstant(field) ? {} : { set: property.set }) });
  }
  return CursorView;
}
