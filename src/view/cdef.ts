/**
 * `cdef(text)`: C declarations to an object with LuaJIT's vocabulary.
 * @module
 */
import type { PreprocessOptions } from '../cparser/index.ts';
import {
  type AbiName,
  type CType,
  follow,
  isReadOnly,
  isRecord,
  Namespace,
  printType,
  stepsOf,
  type TypeParameter,
} from '../ctype/index.ts';
import { didYouMean } from '../util/text.ts';
import { Memory, type Place, type Region } from '../memory/index.ts';
import { BYTES, isView, OFFSET, type Overflow, TYPE } from './accessor.ts';
import { TypeObject } from './ctype.ts';
import { Description } from './declare.ts';
import type { DescribedConstants, Entry, FromDescriptions, Within } from './declare-types.ts';
import { Descriptions } from './descriptions.ts';
import { type ViewOptions, Views } from './factory.ts';
import { scalarOf } from './scalar.ts';
import { toRaw } from './convert.ts';
import type { Inferred, NamedConstants, NamedType, TypeNamed } from './infer.ts';
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

/** Options of `cdef`; `D` is what the text declares, for its functions. */
export interface CdefOptions<D = Loose> extends PreprocessOptions {
  /** Whose sizes and layouts; `x86_64-linux-gnu` by default. Only the first `cdef` of an object chooses. */
  readonly abi?: AbiName;
  /** Microsoft's bit-fields on an ABI that leaves the choice, as gcc's `-mms-bitfields`. Only the first `cdef` of an object chooses. */
  readonly msBitFields?: boolean;
  /**
   * What becomes of integers written to fields and elements they do not fit: `'wrap'`, the default, stores their low bits, as C
   * does; `'throw'` throws a `RangeError`, also for fractions. Only the first `cdef` of an object chooses; Lua always wraps.
   */
  readonly overflow?: Overflow;
  /**
   * Whether views may make code at run time, where that is allowed; `true` by default. Without it everything works the same,
   * but structs are made of objects several times slower. Only the first `cdef` of an object chooses.
   */
  readonly eval?: boolean;
  /** The name of the text in error messages; `<cdef>` by default. */
  readonly fileName?: string;
  /** What the `$` of the text stand for, in order: types, identifiers, integers. */
  readonly parameters?: readonly (object | string | number)[];
  /** Implementations of declared C functions, as `define` takes them. */
  readonly functions?: HostFunctions<D>;
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

/** What `cdef` declares: what is inferred from the text, or what was named. */
export type DeclaredBy<D, A extends AbiName> = D extends string ? Inferred<D, A> : D;

type AbiIn<D> = D extends { readonly abi: infer A extends AbiName } ? A : AbiName;
type DeclarationsIn<D> = IsLoose<D> extends true ? Loose : D extends Declarations ? D : NoDeclarations;

/** Where a bit-field is. */
export interface BitFieldOffset {
  /** Byte its first bit is in. */
  readonly offset: number;
  /** From the start of the struct. */
  readonly bitOffset: number;
  readonly bitWidth: number;
}

/**
 * A set of C declarations with the views, memory and functions that belong to it. In TypeScript, `D` is what it declares:
 * inferred from C text that the compiler knows, else `any`, unless you name it (`cdef<D>(text)`).
 */
export class Cdef<D = Loose> {
  /** @internal */
  readonly namespace: Namespace;
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

  /** @throws {RangeError} for an ABI that is not known, or that has no `msBitFields` */
  constructor(options: { readonly abi?: AbiName; readonly msBitFields?: boolean } & ViewOptions = {}) {
    this.namespace = new Namespace(options.abi, options);
    this.#descriptions = new Descriptions(this.namespace);
    this.views = new Views(this.namespace.types, this.memory, options);
    this.C = new Proxy<Loose>(Object.create(null), {
      get: (_, name) => (typeof name === 'string' ? this.#symbol(name) : undefined),
      set: (_, name, value) => this.#setSymbol(String(name), value),
      has: (_, name) => ['constant', 'function', 'variable'].includes(this.namespace.names.get(String(name))?.kind ?? ''),
    });
  }

  /**
   * Adds C declarations, all or none.
   * @returns this object; in TypeScript, typed with what the text adds. A variable keeps the type it has:
   *   `const more = c.cdef(text)`
   * @throws {CdefError} at the first mistake in the text
   */
  cdef<const Text extends string>(
    text: Text,
    options: CdefOptions<Inferred<Text, AbiIn<D>, DeclarationsIn<D>>> = {},
  ): Cdef<Inferred<Text, AbiIn<D>, DeclarationsIn<D>>> {
    if (typeof text !== 'string') throw new TypeError(`cdef: expected C text, got ${typeof text}`);
    this.namespace.declare(text, options.fileName ?? '<cdef>', options, this.#parameters(options.parameters ?? []));
    if (options.functions !== undefined) this.define(options.functions as HostFunctions<D>);
    return this as never;
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
  ): IsLoose<D> extends true ? Cdef : Cdef<FromDescriptions<T[number], AbiIn<D>, DeclarationsIn<D>>> {
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
      parameters.length > 0 && typeof type === 'string' ? this.namespace.typeNamed(type, this.#parameters(parameters)) : this.ctypeOf(type);
    let object = this.#typeObjects.get(ctype);
    if (object === undefined) {
      object = new TypeObject(ctype, this.views, this.namespace);
      // A struct or enum without a body may get one, and then has constants.
      if (!('definition' in ctype && ctype.definition.layout === null)) this.#typeObjects.set(ctype, object);
    }
    return object;
  }

  #parameters(values: readonly (object | string | number)[]): TypeParameter[] {
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
    return ((this as Cdef).typeof(type) as TypeObject).new(init);
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
    return (this as Cdef).typeof(type);
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
export function cdef<const D extends string | Declarations, A extends AbiName = 'x86_64-linux-gnu'>(
  text: D extends string ? D : string,
  options?: CdefOptions<DeclaredBy<D, A>> & { readonly abi?: D extends string ? A : AbiIn<D> },
): Cdef<DeclaredBy<D, A>>;
/**
 * Declares what is described in TypeScript, and returns the object to use it through.
 * @throws {TypeError} as `Cdef.declare`
 * @throws {RangeError} as `Cdef.declare`
 * @example
 * const point = struct('point', { x: int16, y: int16 });
 * cdef(point).typeof(point).view(new Uint8Array(4)).x;
 */
export function cdef<const T extends Description | readonly Description[], A extends AbiName = 'x86_64-linux-gnu'>(
  descriptions: T,
  options?: DescribedOptions<FromDescriptions<OneOf<T>, A>> & { readonly abi?: A },
): Cdef<FromDescriptions<OneOf<T>, A>>;
export function cdef(declarations: string | Description | readonly Description[], options: CdefOptions = {}): Cdef {
  const c: Cdef = new Cdef(options);
  if (typeof declarations === 'string') return c.cdef(declarations, options);
  if (!(Array.isArray(declarations) || declarations instanceof Description))
    throw new TypeError(`cdef: expected C text or descriptions, got ${typeof declarations}`);
  c.declare(...[declarations as Description].flat());
  if (options.functions !== undefined) c.define(options.functions);
  return c;
}

/** Options that have to do with C text have no meaning for descriptions. */
export type DescribedOptions<D = Loose> = Pick<CdefOptions<D>, 'abi' | 'msBitFields' | 'functions' | 'overflow' | 'eval'>;
type OneOf<T> = T extends readonly (infer E)[] ? E : T;
