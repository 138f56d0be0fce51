/**
 * What descriptions (`declare.ts`) declare, as types: the shapes that C text has through `infer.ts`, so that both ways give the
 * same views. Nothing here exists at run time.
 * @module
 */
import type { AbiName } from '../ctype/index.ts';
import type { ArrayShape, Description, EnumShape, FunctionShape, NamedShape, NameShape, RecordShape, SameShape, Type } from './declare.ts';
import type { AbiOf, Decayed, Returned, ToHost, TypeNamed, ViewOf } from './infer.ts';
import type { Constant, Fits32 } from './infer-constants.ts';
import type { Pointer } from './pointer.ts';
import type {
  ArrayOf,
  Byte,
  Declarations,
  Empty,
  HostFunction,
  Init,
  IsLoose,
  Loose,
  NoDeclarations,
  RecordLike,
  ValueOf,
} from './shapes.ts';
import type { Complex } from './factory.ts';

/** What descriptions declare on top of what `Base` does, with what they refer to. */
export interface FromDescriptions<T, A extends AbiName, Base extends Declarations = NoDeclarations> extends Declarations {
  readonly abi: A;
  readonly types: Joined<Base, 'types', { readonly [S in NamedIn<T> as TypeKey<S>]: ShapeEntry<S, FromDescriptions<T, A, Base>> }>;
  readonly constants: Joined<Base, 'constants', Enumerators<NamedIn<T>>>;
  readonly functions: Joined<
    Base,
    'functions',
    {
      readonly [S in NamedIn<T> as FunctionKey<S>]: S extends NamedShape<'prototype', string, infer F>
        ? Entry<F, FromDescriptions<T, A, Base>>
        : never;
    }
  >;
  readonly members: Joined<Base, 'members', { readonly [S in NamedIn<T> as TypeKey<S>]: ConstantsOf<S> }>;
}

// What is described again is the same.
type Joined<Base extends Declarations, Part extends 'types' | 'constants' | 'functions' | 'members', Own> = NoDeclarations extends Base
  ? Own
  : Own & Omit<Base[Part], keyof Own>;

/** The declarations that a description is looked at in: `D` and its own; `D` may be unknown. */
export type Within<T, D> =
  IsLoose<D> extends true
    ? FromDescriptions<T, AbiName>
    : D extends Declarations
      ? TypeKey<NamedIn<T>> extends keyof D['types']
        ? D
        : FromDescriptions<T, D['abi'], D>
      : FromDescriptions<T, AbiName>;

/** The view of a described struct, the value of another described type: `Viewed<typeof point>`. */
export type Viewed<T extends Description, A extends AbiName = 'x86_64-linux-gnu'> = ValueOf<Entry<T, FromDescriptions<T, A>>>;

/** An entry of `Declarations.types` for a description or a name. */
export type Entry<T, D> = T extends string ? TypeNamed<T, D> : T extends Description<infer S> ? ShapeEntry<S, D> : never;

type ShapeEntry<S, D> =
  S extends NameShape<infer Name extends string>
    ? TypeNamed<Name, D>
    : S extends RecordShape<'struct' | 'union', unknown, infer F, unknown>
      ? View<F, D>
      : S extends SameShape<'pointer', infer T>
        ? Pointer<ValueOf<Entry<T, D>>> | null
        : S extends ArrayShape<infer T, infer N>
          ? N extends '?'
            ? Loose
            : ArrayOf<Entry<T, D>, N extends number ? N : number>
          : S extends EnumShape<unknown, infer V, infer T>
            ? EnumEntry<V, T, D>
            : S extends FunctionShape<infer R, infer P, infer V>
              ? HostFunctionOf<R, P, V, D>
              : S extends { readonly type: infer T }
                ? Entry<T, D>
                : never;

// ---- Names

/** The shapes with names, or with enumerators, in a union of descriptions. */
type NamedIn<T> = T extends Description<infer S> ? NamedInShape<S> : never;
type NamedInShape<S> =
  S extends RecordShape<'struct' | 'union', infer Tag, infer F, unknown>
    ? (Tag extends string ? S : never) | NamedInFields<F>
    : S extends EnumShape<unknown, unknown, unknown>
      ? S
      : S extends FunctionShape<infer R, infer P, unknown>
        ? NamedIn<R> | NamedIn<P[keyof P & number]>
        : S extends NamedShape<'typedef' | 'prototype', string, infer T>
          ? S | NamedIn<T>
          : S extends { readonly type: infer T }
            ? NamedIn<T>
            : never;
type NamedInFields<F> = F extends readonly (infer P)[] ? (P extends Description ? NamedIn<P> : NamedIn<P[keyof P]>) : NamedIn<F[keyof F]>;

type TypeKey<S> =
  S extends RecordShape<infer Kind extends string, infer Tag extends string, unknown, unknown>
    ? `${Kind} ${Tag}`
    : S extends EnumShape<infer Tag extends string, unknown, unknown>
      ? `enum ${Tag}`
      : S extends NamedShape<'typedef', infer Name extends string, unknown>
        ? Name
        : never;
type FunctionKey<S> = S extends NamedShape<'prototype', infer Name extends string, unknown> ? Name : never;

// ---- Constants

type Values<V> = { readonly [K in keyof V & string]: Constant<`${V[K] & (number | bigint)}`> };
type Enumerators<S> = {
  readonly [K in S extends EnumShape<unknown, infer V, unknown> ? keyof V & string : never]: S extends EnumShape<unknown, infer V, unknown>
    ? K extends keyof V
      ? Constant<`${V[K] & (number | bigint)}`>
      : never
    : never;
};

/** The constants of a type: enumerators, `static const` members. */
export type ConstantsOf<S> =
  S extends EnumShape<unknown, infer V, unknown>
    ? Values<V>
    : S extends RecordShape<'struct' | 'union', unknown, unknown, infer C>
      ? Values<C>
      : S extends NamedShape<'typedef', string, Description<infer T>>
        ? ConstantsOf<T>
        : Empty;

/** The constants of a description's type. */
export type DescribedConstants<T> = T extends Description<infer S> ? ConstantsOf<S> : Empty;

// Visual C++ makes every enum an `int`, unless it says what it is.
type EnumEntry<V, T, D> = 'int' extends T
  ? [`${V[keyof V] & (number | bigint)}`] extends [infer Text extends string]
    ? [Text] extends [Fits32<Text>]
      ? number
      : AbiOf<D> extends 'x86_64-pc-windows-msvc'
        ? number
        : Loose
    : never
  : ValueOf<Entry<T, D>>;

// ---- Views

type View<F, D> = ViewOf<FieldsOf<F, D>>;
type FieldsOf<F, D> = F extends readonly [infer P, ...infer R]
  ? (P extends Description<infer S> ? (S extends { readonly fields: infer G } ? FieldsOf<G, D> : Empty) : NamedFields<P, D>) &
      FieldsOf<R, D>
  : F extends readonly []
    ? Empty
    : NamedFields<F, D>;
type NamedFields<F, D> = {
  -readonly [K in keyof F as IsConst<F[K]> extends true ? never : K]: ValueOf<Entry<F[K], D>>;
} & { readonly [K in keyof F as IsConst<F[K]> extends true ? K : never]: ValueOf<Entry<F[K], D>> };
type IsConst<T> = T extends string
  ? ` ${T} ` extends `${string} const ${string}`
    ? true
    : false
  : T extends Description<infer S>
    ? S extends SameShape<'const', Type>
      ? true
      : S extends ArrayShape<infer E, unknown>
        ? IsConst<E>
        : S extends SameShape<'bits' | 'aligned', infer E>
          ? IsConst<E>
          : S extends NamedShape<'typedef', string, infer E>
            ? IsConst<E>
            : false
    : false;

// ---- Functions

type HostFunctionOf<R, P, V, D> = (P extends readonly unknown[] ? ParametersOf<P, D> : never) extends infer A extends unknown[]
  ? V extends true
    ? (...args: [...A, ...unknown[]]) => Result<R, D>
    : (...args: A) => Result<R, D>
  : HostFunction;
type ParametersOf<P extends readonly unknown[], D> = { -readonly [I in keyof P]: Parameter<P[I], D> };
// Arrays and functions are pointers there; text where it is `const char`.
type Parameter<T, D> =
  T extends Description<SameShape<'const', infer E>>
    ? Parameter<E, D>
    : T extends Description<SameShape<'pointer', infer E>> | Description<ArrayShape<infer E, unknown>>
      ? PointerParameter<E, D>
      : Decayed<Entry<T, D>>;
type PointerParameter<E, D> =
  E extends Description<SameShape<'const', infer C>>
    ? IsChar<C> extends true
      ? string | null
      : ToHost<ValueOf<Entry<C, D>>>
    : E extends 'const char'
      ? string | null
      : ToHost<ValueOf<Entry<E, D>>>;
type IsChar<C> = C extends 'char' | Description<NameShape<'char'>> ? true : false;

type Result<T, D> = T extends Description<SameShape<'pointer', infer E>> ? PointerResult<Entry<E, D>> : PlainResult<Entry<T, D>>;
type PointerResult<T> =
  IsLoose<T> extends true
    ? Loose
    : // biome-ignore lint/suspicious/noConfusingVoidType: C's
      [T] extends [Byte | void]
      ? string | Pointer<ValueOf<T>> | ArrayBufferView | null
      : T extends RecordLike
        ? T | Pointer<T> | ArrayBufferView | null
        : Pointer<ValueOf<T>> | ArrayBufferView | null;
type PlainResult<T> =
  IsLoose<T> extends true
    ? Loose
    : [T] extends [never]
      ? never
      : [T] extends [Pointer<infer E> | null]
        ? Returned<E>
        : T extends RecordLike | Complex
          ? Init<T>
          : ValueOf<T>;
