/**
 * Types that have been declared, with their views: what `Cdef` is without C text.
 * @module
 */
import {
  type AbiName,
  type CType,
  follow,
  isReadOnly,
  isRecord,
  printType,
  type Scope,
  stepsOf,
  type TypeParameter,
} from '../ctype/index.ts';
import { didYouMean } from '../util/text.ts';
import { Memory, type Place, type Region } from '../memory/index.ts';
import { BYTES, isView, OFFSET, TYPE } from './accessor.ts';
import { TypeObject } from './ctype.ts';
import { Description } from './declare.ts';
import type { DescribedConstants, Entry, FromDescriptions, Within } from './declare-types.ts';
import { Descriptions } from './descriptions.ts';
import { type ViewOptions, Views } from './factory.ts';
import { scalarOf } from './scalar.ts';
import { toRaw } from './convert.ts';
import type { NamedConstants, NamedType, TypeNamed } from './infer.ts';
import type {
  ArrayOf,
  Declarations,
  HostFunction,
  HostFunctions,
  Init,
  IsLoose,
  Loose,
  NamesIn,
  NoDeclarations,
  PathIn,
  SizeOf,
  ValueOf,
} from './shapes.ts';

/**
 * A host function, which may be defined anew: who calls it holds this.
 * @internal
 */
export interface DefinedFunction {
  implementation: HostFunction;
}

/** A type object, a description, a type name in C notation, or a view whose type is meant. */
export type TypeLike = string | TypeObject | object;

/** What `typeof` answers: the type object, with the constants of the type. */
export type TypeObjectOf<T, D> = T extends string
  ? TypeNamed<T, D> extends infer E
    ? IsLoose<E> extends true
      ? TypeObject & { readonly [constant: string]: Loose }
      : T extends keyof NamedConstants<D>
        ? TypeObject<ValueOf<E>, ArrayOf<E>> & NamedConstants<D>[T]
        : TypeObject<ValueOf<E>, ArrayOf<E>>
    : never
  : T extends TypeObject
    ? T
    : T extends Description
      ? TypeObject<ValueOf<Entry<T, Within<T, D>>>, ArrayOf<Entry<T, Within<T, D>>>> & DescribedConstants<T>
      : TypeObject<T>;

/** The type that a name, a type object, a description or a view stands for. */
export type TypeLikeIn<T, D> = T extends string
  ? TypeNamed<T, D>
  : T extends TypeObject<infer V>
    ? V
    : T extends Description
      ? Entry<T, Within<T, D>>
      : T;

/** The ABI that declarations are for. */
export type AbiIn<D> = D extends { readonly abi: infer A extends AbiName } ? A : AbiName;
/** What has been declared so far. */
export type DeclarationsIn<D> = IsLoose<D> extends true ? Loose : D extends Declarations ? D : NoDeclarations;

/** Where a bit-field is. */
export interface BitFieldOffset {
  /** Byte its first bit is in. */
  readonly offset: number;
  /** From the start of the struct. */
  readonly bitOffset: number;
  readonly bitWidth: number;
}

/**
 * A set of C types with the views, memory and functions that belong to it. In TypeScript, `D` is what it declares.
 */
export class Types<D = Loose> {
  /** @internal */
  readonly namespace: Scope;
  /** @internal */
  readonly memory: Memory = new Memory();
  /** @internal */
  readonly views: Views;
  /** @internal */
  readonly functions: Map<string, DefinedFunction> = new Map();
  /**
   * Enumerators, constants, functions and variables by name, as LuaJIT's `ffi.C`; other names raise a `TypeError`. Variables are zero
   * until they are written; Lua's `ffi.C` has the same ones.
   */
  readonly C: NamesIn<D>;
  readonly #typeObjects: Map<CType, TypeObject> = new Map();
  readonly #variables: Map<string, Region> = new Map();
  readonly #descriptions: Descriptions;

  /** @internal */
  constructor(scope: Scope, options: ViewOptions) {
    this.namespace = scope;
    this.#descriptions = new Descriptions(this.namespace);
    this.views = new Views(this.namespace.types, this.memory, options);
    this.C = new Proxy<Loose>(Object.create(null), {
      get: (_, name) => (typeof name === 'string' ? this.#symbol(name) : undefined),
      set: (_, name, value) => this.#setSymbol(String(name), value),
      has: (_, name) => ['constant', 'function', 'variable'].includes(this.namespace.names.get(String(name))?.kind ?? ''),
    });
  }

  /**
   * Adds what `descriptions` describe, with all that they refer to, all or none. What is declared already by an equal
   * description is no mistake.
   * @returns this object, typed as by `cdef`
   * @throws {TypeError} when the declarations do not fit together or in here; the message names type and member
   * @throws {RangeError} for numbers that C does not take there, such as the width of a bit-field
   * @example
   * new Cdef().declare(struct('point', { x: int16, y: int16 })).typeof('struct point').size; // 4
   */
  declare<const T extends readonly Description[]>(
    ...descriptions: T
  ): IsLoose<D> extends true ? Types : Types<FromDescriptions<T[number], AbiIn<D>, DeclarationsIn<D>>> {
    this.#descriptions.declare(descriptions);
    return this as never;
  }

  /**
   * Gives declared C functions their implementation. Arguments arrive by the prototype: numbers, bigints for 64 bits,
   * a live view for a pointer to a struct, text up to the first NUL for `const char *`, a `Pointer` for others, `null` for
   * NULL. What takes bytes is declared with `const void *` or `const uint8_t *`.
   */
  define(functions: HostFunctions<D>): void {
    for (const [name, implementation] of Object.entries(functions as Record<string, HostFunction>)) {
      if (typeof implementation !== 'function') throw new TypeError(`define: '${name}' is no function`);
      const defined = this.functions.get(name);
      if (defined === undefined) this.functions.set(name, { implementation });
      else defined.implementation = implementation;
    }
  }

  /**
   * Where a declared variable is: memory of this object's own, zeroed at first.
   * @throws {TypeError} for types without a size
   * @internal
   */
  variable(name: string, type: CType): Region {
    let region = this.#variables.get(name);
    if (region === undefined) {
      if (type.size === null) throw new TypeError(`the size of the variable '${name}' is not known`);
      region = this.memory.allocate(type.size);
      this.#variables.set(name, region);
    }
    return region;
  }

  #setSymbol(name: string, value: unknown): boolean {
    const named = this.namespace.names.get(name);
    if (named?.kind !== 'variable') throw new TypeError(named === undefined ? this.#missing(name) : `C.${name} is no variable`);
    if (isReadOnly(named.type)) throw new TypeError(`C.${name} is const`);
    this.views.accessorOf(named.type).set(this.memory.bytesOf(this.variable(named.symbol ?? name, named.type)), 0, value, name);
    return true;
  }

  #symbol(name: string): unknown {
    const named = this.namespace.names.get(name);
    if (named?.kind === 'constant') return named.value;
    if (named?.kind === 'function') {
      const defined = this.functions.get(name) ?? this.functions.get(named.symbol ?? name);
      if (defined === undefined) throw new TypeError(`C.${name} is declared but has no implementation; give it one with define()`);
      return defined.implementation;
    }
    if (named?.kind === 'variable') {
      const bytes = this.memory.bytesOf(this.variable(named.symbol ?? name, named.type));
      return this.views.accessorOf(named.type).get(bytes, 0);
    }
    throw new TypeError(this.#missing(name));
  }

  #missing(name: string): string {
    const { names } = this.namespace;
    const known = [...names.keys()].filter((one) => names.get(one)?.kind !== 'typedef');
    return `missing declaration for symbol '${name}'${didYouMean(name, known)}`;
  }

  /**
   * The type object for C text such as `'struct dhcp_msg'` or `'uint8_t[4]'`; the same object each time.
   * @throws {CdefError} when the text is no type
   */
  typeof<const T extends TypeLike>(type: NamedType<T, D>): TypeObjectOf<T, D>;
  /**
   * The type object for C text in which each `$` stands for one of the parameters: `c.typeof('$[4]', type)`.
   * @throws {CdefError} when the text is no type, or has more or fewer `$` than there are parameters
   */
  typeof(text: string, first: object | string | number, ...others: readonly (object | string | number)[]): TypeObject<Loose>;
  typeof(type: TypeLike, ...parameters: readonly (object | string | number)[]): TypeObject {
    const ctype =
      parameters.length > 0 && typeof type === 'string'
        ? this.namespace.typeNamed(type, this.parametersOf(parameters))
        : this.ctypeOf(type);
    let object = this.#typeObjects.get(ctype);
    if (object === undefined) {
      object = new TypeObject(ctype, this.views, this.namespace);
      // A struct or enum without a body may get one, and then has constants.
      if (!('definition' in ctype && ctype.definition.layout === null)) this.#typeObjects.set(ctype, object);
    }
    return object;
  }

  protected parametersOf(values: readonly (object | string | number)[]): TypeParameter[] {
    return values.map((value): TypeParameter => {
      if (typeof value === 'string') return { kind: 'name', name: value };
      if (typeof value === 'number') return { kind: 'integer', value: Math.trunc(value) | 0 };
      return { kind: 'type', type: this.ctypeOf(value) };
    });
  }

  /** @internal */
  ctypeOf(type: TypeLike): CType {
    if (typeof type === 'string') return this.namespace.typeNamed(type);
    if (type instanceof TypeObject) return type.ctype;
    if (type instanceof Description) return this.#descriptions.typeOf(type);
    if (isView(type)) return type[TYPE];
    throw new TypeError(`expected a C type, got ${typeof type}`);
  }

  /**
   * Bytes of a type or of a view's type; `null` where C has no size for it.
   * @throws {CdefError} when the text is no type
   */
  sizeof<const T extends TypeLike>(type: NamedType<T, D>): SizeOf<TypeLikeIn<T, D>>;
  sizeof(type: TypeLike): number | null {
    return this.ctypeOf(type).size;
  }

  /** Alignment in bytes. */
  alignof<const T extends TypeLike>(type: NamedType<T, D>): number;
  alignof(type: TypeLike): number {
    return this.ctypeOf(type).align;
  }

  /**
   * Byte offset of a field, named by a path such as `'addr.yiaddr'` or `'options[3]'`; more of a bit-field.
   * @throws {TypeError} when the type has no such field
   */
  offsetof<const T extends TypeLike, const P extends string>(
    type: NamedType<T, D>,
    path: PathIn<ValueOf<TypeLikeIn<T, D>>, P>,
  ): number | BitFieldOffset;
  offsetof(type: TypeLike, path: string): number | BitFieldOffset {
    const ctype = this.ctypeOf(type);
    const steps = path === '' ? null : stepsOf(path);
    const target = steps === null ? `no member named '${path}'` : follow(ctype, steps);
    if (typeof target === 'string') throw new TypeError(`${printType(ctype)}: ${target}`);
    return target.bits === null ? target.offset : { offset: target.offset, ...target.bits };
  }

  /**
   * A view of fresh zeroed memory of our own, with the fields of `init` set; a plain value for scalar types.
   * @throws {TypeError} when the type has no size, or `init` does not fit it
   */
  new<const T extends TypeLike>(type: NamedType<T, D>, init?: Init<ValueOf<TypeLikeIn<T, D>>>): ValueOf<TypeLikeIn<T, D>>;
  new(type: TypeLike, init?: unknown): unknown {
    return ((this as Types).typeof(type) as TypeObject).new(init);
  }

  /**
   * `value` converted as a C cast would: numbers to numbers, anything that points to a pointer.
   * @throws {TypeError} where C has no such cast
   */
  cast<const T extends TypeLike>(type: NamedType<T, D>, value: unknown): ValueOf<TypeLikeIn<T, D>>;
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
  metatype<const T extends TypeLike, M extends object>(
    type: NamedType<T, D>,
    methods: M & ThisType<ValueOf<TypeLikeIn<T, D>> & M>,
  ): TypeObject<ValueOf<TypeLikeIn<T, D>> & M>;
  metatype(type: TypeLike, methods: object): TypeObject {
    const ctype = this.ctypeOf(type);
    if (!isRecord(ctype)) throw new TypeError(`metatype: '${printType(ctype)}' is no struct or union`);
    if (ctype.definition.layout === null) throw new TypeError(`metatype: '${printType(ctype)}' is incomplete`);
    const { prototype } = this.views.methodsClass(ctype);
    for (const name of Reflect.ownKeys(methods)) {
      Object.defineProperty(prototype, name, { ...Reflect.getOwnPropertyDescriptor(methods, name), configurable: true });
    }
    return (this as Types).typeof(type);
  }
}

function isPointing(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** One of a list, or what is no list itself. */
export type OneOf<T> = T extends readonly (infer E)[] ? E : T;

/** Declares what `cdef` was given, with the functions among its options. */
export function declared<T extends Types>(
  types: T,
  descriptions: Description | readonly Description[],
  { functions }: { readonly functions?: HostFunctions<Loose> },
): T {
  if (!(Array.isArray(descriptions) || descriptions instanceof Description))
    throw new TypeError(`cdef: expected C text or descriptions, got ${typeof descriptions}`);
  types.declare(...[descriptions as Description].flat());
  if (functions !== undefined) types.define(functions);
  return types;
}
