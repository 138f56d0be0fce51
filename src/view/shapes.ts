/**
 * The types that declarations have in TypeScript, whether the compiler infers them from C text (`infer.ts`) or `cdef types`
 * writes them (`report/typescript.ts`): what views hold, what `new` and `set` take, what host functions get.
 * Nothing here exists at run time.
 * @module
 */
import type { AbiName } from '../ctype/index.ts';
import type { ArrayView, ByteArrayView } from './array.ts';
import type { Cursor } from './cursor.ts';
import type { Complex } from './factory.ts';
import type { Pointer } from './pointer.ts';
import type { RecordView } from './record.ts';

/** What is not known: everything is allowed. */
// biome-ignore lint/suspicious/noExplicitAny: the one place that turns checking off
export type Loose = any;

/** No members. */
// biome-ignore lint/complexity/noBannedTypes: as a member of mapped and conditional types it means just that
export type Empty = {};

/** Whether a type is `any`. */
export type IsLoose<T> = 0 extends 1 & T ? true : false;

/** A JavaScript function that stands for a declared C function. */
export type HostFunction = (...args: Loose[]) => unknown;

/** What a set of C declarations declares, as types. An interface of your own takes the same shape. */
export interface Declarations {
  readonly abi: AbiName;
  /** Types by their name in C (`'struct dhcp_msg'`, `'be_addr'`): the view of a struct, the value of a scalar. */
  readonly types: object;
  /** Enumerators, macros and `static const` by name. */
  readonly constants: object;
  /** Functions by name, as their host functions are. */
  readonly functions: object;
  /** Constants within a type by the type's name: `static const` members of a struct, enumerators of an enum. */
  readonly members: object;
}

/** Declarations of which nothing is known. */
export interface NoDeclarations extends Declarations {
  readonly types: Empty;
  readonly constants: Empty;
  readonly functions: Empty;
  readonly members: Empty;
}

/** What makes a view a struct's; its methods may be hidden by fields of their names. */
export type RecordLike = Pick<RecordView, keyof RecordView & symbol>;

/** A one-byte integer: a `number`, but arrays of it are `ByteArrayView`s. */
export interface Byte {
  readonly byte: number;
}

/** A struct or union without a body: there are pointers to it, but no values. */
export interface Incomplete<Name extends string = string> {
  readonly incomplete: Name;
}

/** Stands where the C text names a type that it does not declare. */
export interface UnknownType<Name extends string = string> {
  readonly unknownType: Name;
}

/** The value that JavaScript sees for an entry of `Declarations.types`. */
export type ValueOf<T> = IsLoose<T> extends true ? T : T extends Byte ? number : T;

/** The view of an array of a type. */
export type ArrayOf<T, N extends number = number> =
  IsLoose<T> extends true ? ArrayView<T, N> : [T] extends [never] ? never : [T] extends [Byte] ? ByteArrayView<N> : ArrayView<T, N>;

/** Bytes of a value: unknown for types without a size. */
// biome-ignore lint/suspicious/noConfusingVoidType: C's
export type SizeOf<T> = IsLoose<T> extends true ? number | null : [T] extends [void | Incomplete | HostFunction] ? null : number;

/** What a number, a bigint or a boolean is set from: they stand in for one another, as in C. */
export type Scalar = number | bigint | boolean;

/** What a value of type `T` is initialised with or set from. */
export type Init<T> =
  IsLoose<T> extends true
    ? T
    : T extends Scalar
      ? Scalar
      : T extends ByteArrayView
        ? string | Uint8Array | DataView | Iterable<Scalar>
        : T extends ArrayView<infer E>
          ? Iterable<Init<E>>
          : T extends RecordLike
            ? T | RecordInit<T> | ArrayBufferView
            : T extends Pointer<infer Target>
              ? T | Target | ArrayView<Target> | ArrayBufferView | null
              : T extends Complex
                ? Complex | number
                : T;

/** Some or all fields of a struct. */
export type RecordInit<V> = { readonly [K in keyof V as FieldName<V, K>]?: Init<V[K]> };

/** A view's property that is a field: methods, symbols and `bytes` are none; a field of bytes has a view. */
type FieldName<V, K extends keyof V> = K extends string
  ? IsLoose<V[K]> extends true
    ? K
    : [V[K]] extends [never]
      ? K
      : V[K] extends HostFunction | Uint8Array
        ? never
        : K
  : never;

/** What `toObject` and `toArray` answer: views as plain objects and arrays; bytes of what has no value in JavaScript. */
export type Plain<T> =
  IsLoose<T> extends true
    ? T
    : [T] extends [never]
      ? number[]
      : T extends ArrayView<infer E>
        ? Plain<E>[]
        : T extends RecordLike
          ? PlainRecord<T>
          : T;

/** The fields of a struct's view as plain values. */
export type PlainRecord<V> = { [K in keyof V as FieldName<V, K>]: Plain<V[K]> };

/** Constants and functions by name: `c.C`. */
export type NamesIn<D> =
  IsLoose<D> extends true
    ? Readonly<Record<string, Loose>>
    : D extends { readonly constants: infer C; readonly functions: infer F }
      ? C & F
      : never;

/** Implementations of the declared functions, all or some. */
export type HostFunctions<D> =
  IsLoose<D> extends true
    ? Readonly<Record<string, HostFunction>>
    : D extends { readonly functions: infer F }
      ? { readonly [K in keyof F]?: F[K] }
      : never;

/** `Path` where it leads to a field of `V`, such as `'addr.yiaddr[3]'`; else what is wrong with it. */
export type PathIn<V, Path extends string> =
  IsLoose<V> extends true
    ? Path
    : string extends Path
      ? Path
      : PathTarget<V, Path> extends infer Found
        ? [Found] extends [UnknownType<infer Name>]
          ? `no member named '${Name}'`
          : Path
        : never;
/** A view that moves over records, see `cursor()` of a type; fields hide members of their name. */
export type CursorOf<V> = IsLoose<V> extends true ? Loose : V extends RecordLike ? V & Omit<Cursor<V>, keyof V & string> : never;

/** The values of the column that `Path` leads to. */
export type ColumnValue<V, Path extends string> =
  IsLoose<V> extends true ? Loose : PathTarget<V, Path> extends infer E ? (E extends bigint ? bigint : number) : never;

type PathTarget<V, Path extends string> =
  IsLoose<V> extends true
    ? V
    : Path extends ''
      ? V
      : Path extends `.${infer R}`
        ? PathTarget<V, R>
        : Path extends `[${number}]${infer R}`
          ? V extends ArrayView<infer E>
            ? PathTarget<E, R>
            : UnknownType<Path>
          : FirstName<Path> extends infer Name extends string
            ? Name extends keyof V
              ? Path extends `${Name}${infer R}`
                ? PathTarget<V[Name], R>
                : never
              : UnknownType<Name>
            : never;
type FirstName<Path extends string> = Path extends `${infer A}.${string}`
  ? A extends `${infer B}[${string}`
    ? B
    : A
  : Path extends `${infer B}[${string}`
    ? B
    : Path;
