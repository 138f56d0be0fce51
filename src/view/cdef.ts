/**
 * `cdef(text)`: C declarations to an object with LuaJIT's vocabulary.
 * @module
 */
import type { PreprocessOptions } from '../cparser/index.ts';
import type { AbiName } from '../ctype/index.ts';
import { Namespace } from '../ctype/namespace.ts';
import type { Overflow } from './accessor.ts';
import type { Description } from './declare.ts';
import type { FromDescriptions } from './declare-types.ts';
import type { ViewOptions } from './factory.ts';
import type { Inferred } from './infer.ts';
import type { Declarations, HostFunctions, IsLoose, Loose } from './shapes.ts';
import { type AbiIn, declared, type DeclarationsIn, type OneOf, Types } from './types.ts';

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

/** What `cdef` declares: what is inferred from the text, or what was named. */
export type DeclaredBy<D, A extends AbiName> = D extends string ? Inferred<D, A> : D;

/**
 * A set of C declarations with the views, memory and functions that belong to it. In TypeScript, `D` is what it declares:
 * inferred from C text that the compiler knows, else `any`, unless you name it (`cdef<D>(text)`).
 */
export class Cdef<D = Loose> extends Types<D> {
  /** @internal */
  declare readonly namespace: Namespace;

  /** @throws {RangeError} for an ABI that is not known, or that has no `msBitFields` */
  constructor(options: { readonly abi?: AbiName; readonly msBitFields?: boolean } & ViewOptions = {}) {
    super(new Namespace(options.abi, options), options);
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
    this.namespace.declare(text, options.fileName ?? '<cdef>', options, this.parametersOf(options.parameters ?? []));
    if (options.functions !== undefined) this.define(options.functions as HostFunctions<D>);
    return this as never;
  }

  override declare<const T extends readonly Description[]>(
    ...descriptions: T
  ): IsLoose<D> extends true ? Cdef : Cdef<FromDescriptions<T[number], AbiIn<D>, DeclarationsIn<D>>> {
    return super.declare(...descriptions) as never;
  }
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
  return declared(c, declarations, options);
}

/** Options that have to do with C text have no meaning for descriptions. */
export type DescribedOptions<D = Loose> = Pick<CdefOptions<D>, 'abi' | 'msBitFields' | 'functions' | 'overflow' | 'eval'>;
