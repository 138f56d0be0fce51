/**
 * Cursors: a struct's view that moves from record to record, so that a scan makes no object per record.
 *
 * A cursor is a `DataView` of the bytes, as DataViews pay for what is read more often than it is made, but with another prototype:
 * it inherits from the struct's view, and has accessors of its own for scalars (`data.ts`).
 * @module
 */
import { printType, type RecordType } from '../ctype/index.ts';
import { type Stored, TYPE, type View, type ViewFactory } from './accessor.ts';
import { type Data, dataScalarOf } from './data.ts';
import { isConstant, placedFields } from './record.ts';

/** What a cursor moves over; see `Stored` for the names. */
interface Moving extends Stored {
  '@start': number;
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

// `@at` is where in the DataView the record is.
const SEVERAL: PropertyDescriptorMap = {
  '@at': {
    get(this: Moving) {
      return this['@offset'];
    },
  },
};
const SINGLE: PropertyDescriptorMap = {
  '@at': { value: 0 },
  '@length': { value: 1 },
  '@start': {
    get(this: Moving) {
      return this['@offset'];
    },
  },
};

const NOTHING = new Uint8Array(0);
const Base = DataView as new (buffer: ArrayBufferLike, byteOffset: number, byteLength: number) => object;

/**
 * The cursor class of a complete struct or union, for one record or for several. The `DataView` of a cursor of one record starts there,
 * so that its accessors add nothing to constant offsets.
 */
export function makeCursorClass(type: RecordType, factory: ViewFactory, isSingle: boolean): CursorConstructor {
  const CursorView = class extends Base {
    constructor(given: Uint8Array, start: number, length: number) {
      // Without records nothing can be read, not even bytes that are there.
      const bytes = length === 0 ? NOTHING : given;
      if (isSingle) super(bytes.buffer, bytes.byteOffset + start, type.size as number);
      else super(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const self = this as unknown as Moving;
      self['@bytes'] = bytes;
      self['@offset'] = start;
      if (isSingle) return;
      self['@start'] = start;
      self['@length'] = length;
    }
  };
  const { prototype } = CursorView;
  const View = factory.recordClass(type);
  Object.setPrototypeOf(prototype, View.prototype);
  Object.defineProperty(CursorView, 'name', { value: View.name });
  Object.defineProperties(prototype, isSingle ? SINGLE : SEVERAL);
  const members = Object.getOwnPropertyDescriptors(Cursor.prototype);
  for (const key of Reflect.ownKeys(members) as (keyof typeof members)[]) {
    // Fields come first, and what a metatype adds.
    if (!(key in View.prototype)) Object.defineProperty(prototype, key, members[key] as PropertyDescriptor);
  }
  for (const field of placedFields(type, factory)) {
    const data = field.bits === null ? dataScalarOf(field.type) : null;
    if (data === null) continue;
    const inherited = Object.getOwnPropertyDescriptor(View.prototype, field.name) as PropertyDescriptor;
    const setInherited = inherited.set as (value: unknown) => void;
    const { get, set } = data.property(field.offset, data.isLittle, (cursor: Data, value) => setInherited.call(cursor, value));
    const isChecked = isConstant(field) || (factory.overflow === 'throw' && field.type.kind !== 'float');
    Object.defineProperty(prototype, field.name, { ...inherited, get, ...(isChecked ? {} : { set }) });
    for (const [name, value] of Object.entries(data.methods)) Object.defineProperty(prototype, name, { value });
  }
  return CursorView as unknown as CursorConstructor;
}
