/**
 * Type objects: what `c.typeof('struct dhcp_msg')` answers.
 * @module
 */
import { constantsOf, type CType, isRecord, type Scope, printType } from '../ctype/index.ts';
import { allocatorOf, bytesOf, checkBounds, initOf } from './accessor.ts';
import type { ArrayView } from './array.ts';
import type { Views } from './factory.ts';
import type { CursorOf, Init, Loose } from './shapes.ts';

/**
 * A C type as a JavaScript object. Constants of a struct are its properties: `c.typeof('struct dhcp_op').DISCOVER`.
 * In TypeScript, `V` is what a value of the type is: a struct's view, a number; `A` is the view of an array of it.
 */
export class TypeObject<V = Loose, A = ArrayView<V>> {
  /** @internal */
  readonly ctype: CType;
  /** @internal */
  readonly namespace: Scope;
  readonly #views: Views;
  /** `static const` members of the struct, enumerators of the enum. */
  readonly constants: Readonly<Record<string, number | bigint>>;
  /**
   * A live view of the value at `offset` of `source`, or the value itself where the type is a scalar.
   * The bytes are shared: writing a field writes the caller's buffer.
   * @throws {RangeError} when the buffer is too short; the message says what is needed and what is there
   * @throws {TypeError} when `source` is no buffer or the type has no size
   */
  readonly view: (source: ArrayBufferView | ArrayBufferLike, offset?: number) => V;

  /**
   * A view of fresh zeroed memory, or a scalar's value; with the fields of `init` set.
   * @throws {TypeError} when the type has no size, or `init` does not fit the type
   */
  readonly new: (init?: Init<V>) => V;

  constructor(ctype: CType, views: Views, namespace: Scope) {
    this.ctype = ctype;
    this.namespace = namespace;
    this.#views = views;
    this.view = viewOf(ctype, views);
    this.new = makerOf(ctype, views);
    const constants: Record<string, number | bigint> = {};
    const entries = isRecord(ctype) ? constantsOf(ctype) : ctype.kind === 'enum' ? (ctype.definition.layout?.constants ?? []) : [];
    for (const [name, value] of entries) {
      const property = { value, enumerable: true, writable: false, configurable: true };
      Object.defineProperty(constants, name, property);
      // A constant called `view` or `size` does not take the place of the method.
      if (!(name in this)) Object.defineProperty(this, name, property);
    }
    this.constants = constants;
  }

  /** The type in C notation. */
  get name(): string {
    return printType(this.ctype);
  }

  /** Bytes; `null` where the type has no size. */
  get size(): number | null {
    return this.ctype.size;
  }

  /** Alignment in bytes. */
  get align(): number {
    return this.ctype.align;
  }

  /**
   * A live view of `count` consecutive values; as many as fit where `count` is not given.
   * @throws {RangeError} when the buffer is too short
   */
  array(source: ArrayBufferView | ArrayBufferLike, offset = 0, count?: number): A {
    const bytes = bytesOf(source);
    const array = this.#views.types.array(this.ctype, this.#count(bytes, offset, count));
    return this.#views.accessorOf(array).get(bytes, offset) as A;
  }

  /**
   * One view that moves over `count` consecutive structs, at the first of them; over as many as fit where `count` is not given.
   * Nothing is allocated on the way, and fields are read faster than through a view, which in turn is made faster. That goes for a
   * cursor of one record too, as for a header that is read over and over.
   * @throws {RangeError} when the buffer is too short
   * @throws {TypeError} when the type is no struct or union, or has no size
   * @example
   * let octets = 0;
   * for (const flow of c.typeof('struct flow').cursor(buffer)) octets += flow.octets;
   */
  cursor(source: ArrayBufferView | ArrayBufferLike, offset = 0, count?: number): CursorOf<V> {
    const { ctype } = this;
    if (!isRecord(ctype)) throw new TypeError(`cursor: '${this.name}' is no struct or union`);
    const bytes = bytesOf(source);
    const length = this.#count(bytes, offset, count);
    return new (this.#views.cursorClass(ctype, length))(bytes, offset, length) as CursorOf<V>;
  }

  // How many values are meant; all of them are there.
  #count(bytes: Uint8Array, offset: number, count: number | undefined): number {
    const size = sizeOf(this.ctype);
    const room = bytes.length - offset;
    const length = count ?? (size === 0 ? 0 : Math.floor(room / size));
    if (offset >>> 0 !== offset || room < 0 || length >>> 0 !== length || length * size > room) this.#checkCount(bytes, offset, length);
    return length;
  }

  // Names cost more than all the rest.
  #checkCount(bytes: Uint8Array, offset: number, length: number): void {
    checkBounds(this.name, bytes, offset, 0);
    if (!Number.isInteger(length) || length < 0) throw new RangeError(`${this.name}: count must be a whole number from 0, got ${length}`);
    checkBounds(`${length} of ${this.name}`, bytes, offset, length * sizeOf(this.ctype));
  }

  toString(): string {
    return this.name;
  }
}

function sizeOf(type: CType): number {
  if (type.size === null) throw new TypeError(`the size of '${printType(type)}' is not known`);
  return type.size;
}

// `new` of a type: a closure, as for `view`.
function makerOf(type: CType, views: Views): (values?: unknown) => never {
  // Found on first use. A variable that has held two functions keeps V8 from putting what it calls into `new`, which would then
  // be too long to go into its callers.
  const where = (): string => printType(type);
  let initialise = (bytes: Uint8Array, values: unknown): void => {
    const init = initOf(views.accessorOf(type));
    initialise = (made, given) => init(made, 0, given, where);
    initialise(bytes, values);
  };
  const { size } = type;
  if (size === null || !isRecord(type)) {
    return (values) => {
      const bytes = allocatorOf(type, views.memory)(sizeOf(type));
      const accessor = views.accessorOf(type);
      if (values !== undefined) initialise(bytes, values);
      return accessor.get(bytes, 0) as never;
    };
  }
  const View = views.recordClass(type);
  const allocate = allocatorOf(type, views.memory);
  return (values) => {
    const bytes = allocate(size);
    if (values !== undefined) initialise(bytes, values);
    return new View(bytes, 0) as never;
  };
}

// `view` of a type: a closure, so that V8 knows all there is to know of the type where one is used over and over.
function viewOf(type: CType, views: Views): (source: ArrayBufferView | ArrayBufferLike, offset?: number) => never {
  const variable = isRecord(type) && type.definition.layout?.isVariable === true ? type.definition.layout.size : null;
  const size = type.size ?? variable;
  if (size === null || !isRecord(type)) {
    return (source, offset = 0) => {
      const bytes = bytesOf(source);
      checkBounds(printType(type), bytes, offset, size ?? sizeOf(type));
      return views.accessorOf(type).get(bytes, offset) as never;
    };
  }
  const View = views.recordClass(type);
  const checked = (source: unknown, offset: number): never => {
    const bytes = bytesOf(source);
    checkBounds(printType(type), bytes, offset, size);
    return new View(bytes, offset) as never;
  };
  return (source, offset = 0) => {
    try {
      // Where V8 knows how large an offset may be, adding to it cannot overflow.
      const start = offset & 0x3fffffff;
      // The length first, as V8 then knows what `source` is and need not look for its prototypes.
      if (start === offset && start + size <= (source as Uint8Array).length && source instanceof Uint8Array) {
        return new View(source, start) as never;
      }
    } catch {
      // No buffer, or no number: `checked` has the words for it. An error that is caught costs less than a look for null.
    }
    return checked(source, offset);
  };
}
