/**
 * `cdef(text)`: C declarations to an object with LuaJIT's vocabulary.
 * @module
 */
import type { PreprocessOptions } from '../cparser/index.ts';
import { type AbiName, type CType, follow, isRecord, Namespace, printType } from '../ctype/index.ts';
import { Memory, type Place } from '../memory/index.ts';
import { BYTES, isView, OFFSET, TYPE } from './accessor.ts';
import { TypeObject } from './ctype.ts';
import { Views } from './factory.ts';
import { scalarOf } from './scalar.ts';
import { toRaw } from './accessor.ts';

/** A JavaScript function that stands for a declared C function. */
// biome-ignore lint/suspicious/noExplicitAny: arguments and result follow the C prototype
export type HostFunction = (...args: any[]) => unknown;

/** Options of `cdef`. */
export interface CdefOptions extends PreprocessOptions {
  /** Whose sizes and layouts; `x86_64-linux-gnu` by default. Only the first `cdef` of an object chooses. */
  readonly abi?: AbiName;
  /** The name of the text in error messages; `<cdef>` by default. */
  readonly fileName?: string;
  /** Implementations of declared C functions, as `define` takes them. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
}

/** A type object, a type name in C notation, or a view whose type is meant. */
export type TypeLike = string | TypeObject | object;

/** Where a bit-field is. */
export interface BitFieldOffset {
  /** Byte its first bit is in. */
  readonly offset: number;
  /** From the start of the struct. */
  readonly bitOffset: number;
  readonly bitWidth: number;
}

/** A set of C declarations with the views, memory and functions that belong to it. */
export class Cdef {
  /** @internal */
  readonly namespace: Namespace;
  /** @internal */
  readonly memory: Memory = new Memory();
  /** @internal */
  readonly views: Views;
  /** @internal */
  readonly functions: Map<string, HostFunction> = new Map();
  /** Enumerators, constants and functions by name, as LuaJIT's `ffi.C`; other names raise a `TypeError`. */
  // biome-ignore lint/suspicious/noExplicitAny: a constant or a function, by its declaration
  readonly C: Readonly<Record<string, any>>;
  readonly #typeObjects: Map<CType, TypeObject> = new Map();

  /** @throws {RangeError} for an ABI that is not known */
  constructor(options: { readonly abi?: AbiName } = {}) {
    this.namespace = new Namespace(options.abi);
    this.views = new Views(this.namespace.types, this.memory);
    this.C = new Proxy(Object.create(null), {
      get: (_, name) => (typeof name === 'string' ? this.#symbol(name) : undefined),
      has: (_, name) => ['constant', 'function'].includes(this.namespace.names.get(String(name))?.kind ?? ''),
    });
  }

  /**
   * Adds C declarations, all or none.
   * @throws {CdefError} at the first mistake in the text
   */
  cdef(text: string, options: CdefOptions = {}): void {
    if (typeof text !== 'string') throw new TypeError(`cdef: expected C text, got ${typeof text}`);
    this.namespace.declare(text, options.fileName ?? '<cdef>', options);
    if (options.functions !== undefined) this.define(options.functions);
  }

  /**
   * Gives declared C functions their implementation. Arguments arrive by the prototype: numbers, bigints for 64 bits,
   * a live view for a pointer to a struct, text up to the first NUL for `const char *`, a `Pointer` for others, `null` for
   * NULL. What takes bytes is declared with `const void *` or `const uint8_t *`.
   */
  define(functions: Readonly<Record<string, HostFunction>>): void {
    for (const [name, implementation] of Object.entries(functions)) {
      if (typeof implementation !== 'function') throw new TypeError(`define: '${name}' is no function`);
      this.functions.set(name, implementation);
    }
  }

  #symbol(name: string): unknown {
    const named = this.namespace.names.get(name);
    if (named?.kind === 'constant') return named.value;
    if (named?.kind === 'function') {
      const implementation = this.functions.get(name);
      if (implementation === undefined) throw new TypeError(`C.${name} is declared but has no implementation; give it one with define()`);
      return implementation;
    }
    if (named?.kind === 'variable') throw new TypeError(`C.${name} is a variable; only functions and constants are supported`);
    throw new TypeError(`missing declaration for symbol '${name}'`);
  }

  /**
   * The type object for C text such as `'struct dhcp_msg'` or `'uint8_t[4]'`; the same object each time.
   * @throws {CdefError} when the text is no type
   */
  typeof(type: TypeLike): TypeObject {
    const ctype = this.ctypeOf(type);
    let object = this.#typeObjects.get(ctype);
    if (object === undefined) {
      object = new TypeObject(ctype, this.views);
      // A struct or enum without a body may get one, and then has constants.
      if (!('definition' in ctype && ctype.definition.layout === null)) this.#typeObjects.set(ctype, object);
    }
    return object;
  }

  /** @internal */
  ctypeOf(type: TypeLike): CType {
    if (typeof type === 'string') return this.namespace.typeNamed(type);
    if (type instanceof TypeObject) return type.ctype;
    if (isView(type)) return type[TYPE];
    throw new TypeError(`expected a C type, got ${typeof type}`);
  }

  /**
   * Bytes of a type or of a view's type; `null` where C has no size for it.
   * @throws {CdefError} when the text is no type
   */
  sizeof(type: TypeLike): number | null {
    return this.ctypeOf(type).size;
  }

  /** Alignment in bytes. */
  alignof(type: TypeLike): number {
    return this.ctypeOf(type).align;
  }

  /**
   * Byte offset of a field, named by a path such as `'addr.yiaddr'` or `'options[3]'`; more of a bit-field.
   * @throws {TypeError} when the type has no such field
   */
  offsetof(type: TypeLike, path: string): number | BitFieldOffset {
    const ctype = this.ctypeOf(type);
    const isPath = /^(?:[^.[\]]+|\[\d+\])(?:\.[^.[\]]+|\[\d+\])*$/.test(path);
    const steps = [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
    const target = isPath ? follow(ctype, steps) : `no member named '${path}'`;
    if (typeof target === 'string') throw new TypeError(`${printType(ctype)}: ${target}`);
    return target.bits === null ? target.offset : { offset: target.offset, ...target.bits };
  }

  /**
   * A view of fresh zeroed memory of our own, with the fields of `init` set; a plain value for scalar types.
   * @throws {TypeError} when the type has no size, or `init` does not fit it
   */
  // biome-ignore lint/suspicious/noExplicitAny: fields are typed once types are inferred from the C text
  new(type: TypeLike, init?: unknown): any {
    return this.typeof(type).new(init);
  }

  /**
   * `value` converted as a C cast would: numbers to numbers, anything that points to a pointer.
   * @throws {TypeError} where C has no such cast
   */
  cast(type: TypeLike, value: unknown): unknown {
    const ctype = this.ctypeOf(type);
    if (ctype.kind === 'pointer') return this.views.pointerTo(ctype.target, this.#castPlace(value));
    const scalar = scalarOf(ctype);
    if (scalar === null) throw new TypeError(`cast to '${printType(ctype)}', expected a number or pointer type`);
    const bytes = new Uint8Array(ctype.size as number);
    const number = isPointing(value) ? this.memory.addressOf(this.#castPlace(value)) : value;
    (scalar.write as (bytes: Uint8Array, offset: number, value: unknown) => void)(bytes, 0, toRaw(scalar, number, printType(ctype)));
    return scalar.read(bytes, 0);
  }

  // A cast takes pointers of any type, and numbers as addresses.
  #castPlace(value: unknown): Place {
    if (typeof value === 'number' || typeof value === 'bigint') {
      if (!Number.isInteger(Number(value))) throw new RangeError(`cast: ${value} is no address`);
      return this.memory.placeAt(Number(value));
    }
    if (isView(value)) return { region: this.memory.regionOf(value[BYTES]), offset: value[OFFSET] };
    return this.views.placeOf(value, this.namespace.types.void, 'cast');
  }

  /**
   * Gives views of a struct further properties and methods; fields keep precedence.
   * @param methods an object whose properties (getters, setters, functions) every view inherits; `this` is the view
   * @throws {TypeError} when the type is no struct or union
   */
  metatype(type: TypeLike, methods: object): TypeObject {
    const ctype = this.ctypeOf(type);
    if (!isRecord(ctype)) throw new TypeError(`metatype: '${printType(ctype)}' is no struct or union`);
    if (ctype.definition.layout === null) throw new TypeError(`metatype: '${printType(ctype)}' is incomplete`);
    const { prototype } = this.views.methodsClass(ctype);
    for (const name of Reflect.ownKeys(methods)) {
      Object.defineProperty(prototype, name, { ...Reflect.getOwnPropertyDescriptor(methods, name), configurable: true });
    }
    return this.typeof(type);
  }
}

function isPointing(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/**
 * Reads C declarations and returns the object to use them through.
 *
 * @param text C text: structs, unions, enums, typedefs, constants, prototypes
 * @throws {CdefError} at the first mistake, with file, line, column and the offending line
 * @example
 * const c = cdef('struct point { int16_t x, y; };');
 * const bytes = new Uint8Array(8);
 * const p = c.typeof('struct point').view(bytes, 4);
 * p.x = -2; // writes bytes 4 and 5
 */
export function cdef(text: string, options: CdefOptions = {}): Cdef {
  const c = new Cdef(options);
  c.cdef(text, options);
  return c;
}
