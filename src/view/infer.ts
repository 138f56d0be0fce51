/**
 * TypeScript types from C text: `cdef('struct point { int x, y; };')` has them without a step of its own.
 *
 *     C text --infer-declarations--> entries --this file, on demand--> Declarations --> views, constants, functions
 *
 * `infer-members` reads the body of a struct when the struct is asked for, `infer-constants` works out values. Nothing here
 * exists at run time, and nothing here is ever an error of its own: what the text says beyond this grammar has the loose type
 * `any`. `cdef types` writes the same types for any text.
 * @module
 */
import type { AbiName } from '../ctype/index.ts';
import type { ArrayView } from './array.ts';
import type { Complex } from './factory.ts';
import type { Constant, Enumerators, EnumValue, Length, Value } from './infer-constants.ts';
import type { Entries, Entry } from './infer-declarations.ts';
import type { Member, Members } from './infer-members.ts';
import type { AfterParenthesis, Fuel, Normal, Trim, TrimEnd, TrimStart } from './infer-text.ts';
import type { Pointer } from './pointer.ts';
import type { RecordView } from './record.ts';
import type {
  ArrayOf,
  Byte,
  Declarations,
  Empty,
  HostFunction,
  Incomplete,
  Init,
  IsLoose,
  Loose,
  NoDeclarations,
  RecordLike,
  UnknownType,
  ValueOf,
} from './shapes.ts';

/** What C text declares on top of what `Base` does; loose where the compiler does not know the text. */
export type Inferred<Text extends string, A extends AbiName, Base extends Declarations = NoDeclarations> =
  IsLoose<Text> extends true
    ? Loose
    : IsLoose<Base> extends true
      ? Loose
      : Text extends `${string}$${string}`
        ? Loose
        : Empty extends Record<Text, 1>
          ? Loose
          : FromText<Text, A, Base>;

/** The declarations of C text. An interface, so that each part waits until somebody asks for it. */
export interface FromText<Text extends string, A extends AbiName, Base extends Declarations> extends Declarations {
  readonly abi: A;
  readonly types: With<Base, 'types', Types<Entries<Text>, FromText<Text, A, Base>>>;
  readonly constants: With<Base, 'constants', AllConstants<Entries<Text>>>;
  readonly functions: With<Base, 'functions', Functions<Entries<Text>, FromText<Text, A, Base>>>;
  readonly members: With<Base, 'members', TypeConstants<Entries<Text>>>;
}
type With<Base extends Declarations, Part extends 'types' | 'constants' | 'functions' | 'members', Own> = Base extends NoDeclarations
  ? NoDeclarations extends Base
    ? Own
    : Own & Base[Part]
  : Own & Base[Part];

// ---- Entries by name

type Types<E, D> = [E] extends [null]
  ? Loose
  : {
      readonly [X in E as X extends readonly [infer K extends string, 's' | 'e' | 'u' | 't' | '?', string, string]
        ? K extends ''
          ? never
          : K
        : never]: TypeOfKey<E, X, D>;
    };
type TypeOfKey<E, X, D> = X extends readonly [infer K, 'u', '', '']
  ? Extract<E, readonly [K, 's', string, string]> extends infer Defined
    ? [Defined] extends [never]
      ? Incomplete<K & string>
      : TypeOfEntry<Defined, D>
    : never
  : TypeOfEntry<X, D>;
type TypeOfEntry<X, D> = X extends Entry
  ? X[1] extends 's'
    ? X[3] extends ''
      ? View<X[2], D>
      : X[3] extends '{*'
        ? Pointer<View<X[2], D>> | null
        : Dimensioned<View<X[2], D>, X[3], D>
    : X[1] extends 'e'
      ? EnumOf<X[2], D>
      : X[1] extends 't'
        ? Described<X[2], X[3], D>
        : Loose
  : never;

type AllConstants<E> = [E] extends [null] ? Loose : { readonly [P in ConstantPair<E> as P[0]]: Constant<P[1]> };
type ConstantPair<E> = E extends Entry
  ? E[1] extends 'e'
    ? Enumerators<E[2]>
    : E[1] extends 'c'
      ? E[3] extends `${string}${'float' | 'double'}${string}`
        ? never
        : readonly [E[0], ConstantValue<E[2], E[3]>]
      : E[1] extends '?'
        ? readonly [string, '']
        : never
  : never;
// A value that its type is sure to hold.
type ConstantValue<V extends string, T extends string> = T extends ''
  ? Value<V>
  : T extends `${string}${'int' | 'unsigned' | 'long' | 'int32_t' | 'uint32_t' | 'int64_t' | 'uint64_t'}`
    ? Value<V> extends
        | `-${string}`
        | `${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${string}`
      ? ''
      : Value<V>
    : '';

type TypeConstants<E> = [E] extends [null]
  ? Loose
  : {
      readonly [X in E as X extends readonly [infer K extends string, 's' | 'e' | 't', string, string]
        ? K extends ''
          ? never
          : K
        : never]: MembersOf<E, X>;
    };
type MembersOf<E, X> = X extends Entry
  ? X[1] extends 'e'
    ? { readonly [P in Enumerators<X[2]> as P[0]]: Constant<P[1]> }
    : X[1] extends 's'
      ? X[2] extends `${string}static${string}`
        ? { readonly [P in StaticPair<Members<X[2]>> as P[0]]: Constant<P[1]> }
        : Empty
      : X[2] extends `${'struct' | 'union' | 'enum'} ${string}`
        ? X[3] extends ''
          ? Extract<E, readonly [X[2], 's' | 'e', string, string]> extends infer Target
            ? [Target] extends [never]
              ? Empty
              : MembersOf<E, Target>
            : never
          : Empty
        : Empty
  : never;
type StaticPair<M> = M extends Member ? (M[2] extends '=' ? readonly [M[0], ConstantValue<M[3], M[1]>] : never) : never;

type Functions<E, D> = [E] extends [null]
  ? Loose
  : {
      readonly [X in E as X extends readonly [infer K extends string, 'f' | '?', string, string] ? K : never]: X extends readonly [
        string,
        'f',
        infer R extends string,
        infer P extends string,
      ]
        ? Function<R, P, D>
        : Loose;
    };

// ---- Views

/** The view of a struct with this body: what every view can do, and its fields. */
type View<Body extends string, D> = Body extends `${string}const${string}`
  ? ViewOf<MutableFields<Members<Body>, D> & ConstFields<Members<Body>, D>>
  : ViewOf<Fields<Members<Body>, D>>;
// A field called `toObject` hides the method.
export type ViewOf<F> = string extends keyof F
  ? RecordView & { [K in keyof F]: F[K] }
  : keyof F & keyof RecordView extends never
    ? RecordView & { [K in keyof F]: F[K] }
    : Omit<RecordView, keyof F & string> & { [K in keyof F]: F[K] };
type Fields<M, D> = { [X in M as X extends Member ? (X[2] extends '=' ? never : X[0]) : never]: FieldOf<X, D> };
type ConstFields<M, D> = {
  readonly [X in M as X extends Member ? (X[2] extends '=' ? never : IsConst<X[1]> extends true ? X[0] : never) : never]: FieldOf<X, D>;
};
type MutableFields<M, D> = {
  [X in M as X extends Member ? (X[2] extends '=' ? never : IsConst<X[1]> extends true ? never : X[0]) : never]: FieldOf<X, D>;
};
// Of a pointer, what stands behind its star.
type IsConst<T extends string> = T extends `(${string}`
  ? false
  : T extends `${string}*${infer R}`
    ? IsConst<R>
    : ` ${T} ` extends `${string} const ${string}`
      ? true
      : false;
type FieldOf<X, D> = X extends Member
  ? X[1] extends '{'
    ? Dimensioned<View<X[3], D>, X[2], D>
    : X[1] extends '{*'
      ? Pointer<View<X[3], D>> | null
      : X[1] extends '{enum'
        ? Dimensioned<EnumOf<X[3], D>, X[2], D>
        : X[1] extends '?'
          ? Loose
          : ValueOf<Described<X[1], X[2], D>>
  : Loose;

// ---- Types by their text

/** Of the type text `T` and the dimensions behind the name. */
type Described<T extends string, Dimensions extends string, D> = Dimensions extends ''
  ? Resolve<T, D>
  : Dimensioned<Resolve<T, D>, Dimensions, D>;
type Dimensioned<E, Dimensions extends string, D> = Dimensions extends `${infer N}]${infer R}`
  ? Trim<N> extends '?'
    ? Loose
    : R extends `${string}[${infer R2}`
      ? ArrayOf<Dimensioned<E, R2, D>, Length<N, ConstantsOf<D>>>
      : ArrayOf<E, Length<N, ConstantsOf<D>>>
  : E;
type ConstantsOf<D> = D extends { readonly constants: infer C } ? C : Empty;
// Visual C++ makes every enum an `int`.
type EnumOf<Body extends string, D> = AbiOf<D> extends infer A ? (A extends 'x86_64-pc-windows-msvc' ? number : EnumValue<Body>) : never;
type TypesOf<D> = D extends { readonly types: infer T } ? T : Empty;

/** An entry of `Declarations.types` or what else a type's text in C notation means: `'struct point *'`, `'uint8_t[4]'`. */
export type TypeNamed<Name extends string, D> =
  IsLoose<D> extends true
    ? Loose
    : Empty extends Record<Name, 1>
      ? Loose
      : Name extends keyof TypesOf<D>
        ? TypesOf<D>[Name]
        : ByText<Normal<Name>, D>;
type ByText<T extends string, D> = T extends `${string}${'(' | '?' | '{' | '&'}${string}`
  ? Loose
  : T extends `${infer B}[${infer Dimensions}`
    ? Dimensioned<Resolve<TrimEnd<B>, D>, Dimensions, D>
    : Resolve<T, D>;

type Resolve<T extends string, D> = T extends keyof TypesOf<D>
  ? TypesOf<D>[T]
  : T extends keyof Predefined
    ? Predefined[T]
    : T extends keyof OfAbi<AbiName>
      ? OfAbi<AbiOf<D>>[T]
      : T extends `(${infer R}(${infer P}`
        ? Pointer<Function<R, P, D>> | null
        : T extends `!${infer R}(${infer P}`
          ? Function<R, P, D>
          : T extends `${infer B}*${infer R}`
            ? PointerTo<B, R, D>
            : T extends `${string} ${string}`
              ? Qualified<T, D>
              : UnknownType<T>;
export type AbiOf<D> = D extends { readonly abi: infer A extends AbiName } ? A : AbiName;

type PointerTo<
  B extends string,
  R extends string,
  D,
> = R extends `${string}*${string}*${string}*${string}*${string}*${string}*${string}*${string}`
  ? Loose
  : R extends `${string}*${infer R2}`
    ? Pointer<PointerTo<B, R2, D>> | null
    : Pointer<ValueOf<Resolve<Trim<B>, D>>> | null;

// Without `const` and the like, in which case another look may find it; else the words of an integer in any order.
type Qualified<T extends string, D> =
  Words<T> extends infer W
    ? [W] extends [null]
      ? Loose
      : [W] extends [IntegerWord]
        ? Integer<W, T, D>
        : T extends `${'struct' | 'union' | 'enum'} ${infer N}`
          ? N extends `${string} ${string}`
            ? Unqualified<T, D>
            : T extends `enum ${string}`
              ? UnknownType<T>
              : Incomplete<T>
          : Unqualified<T, D>
    : never;
type Unqualified<T extends string, D> = T extends `${Qualifier} ${infer R}`
  ? Resolve<R, D>
  : T extends `${infer R} ${Qualifier}`
    ? Resolve<R, D>
    : T extends `${infer A} ${Qualifier} ${infer B}`
      ? Resolve<`${A} ${B}`, D>
      : UnknownType<T>;
type Words<S extends string, W = never, F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer A} ${infer R}`
    ? Words<R, W | A, G>
    : Exclude<W | S, Qualifier>
  : null;
type Qualifier =
  | 'const'
  | 'volatile'
  | 'restrict'
  | '__restrict'
  | '__restrict__'
  | '__const'
  | '__volatile__'
  | 'static'
  | 'extern'
  | 'inline'
  | '__inline'
  | '__inline__'
  | '_Noreturn'
  | 'register'
  | '__extension__'
  | 'auto'
  | 'typedef';
type IntegerWord = 'char' | 'short' | 'int' | 'long' | 'signed' | 'unsigned' | '__signed__' | '__int128';
type Integer<W, T extends string, D> = 'char' extends W
  ? Byte
  : 'long' extends W
    ? T extends `${string}long${string}long${string}`
      ? bigint
      : OfAbi<AbiOf<D>>['long']
    : '__int128' extends W
      ? bigint
      : number;

interface Predefined {
  // biome-ignore lint/suspicious/noConfusingVoidType: C's
  void: void;
  bool: boolean;
  _Bool: boolean;
  float: number;
  double: number;
  _Float16: never;
  _Float128: never;
  _Decimal32: never;
  _Decimal64: never;
  _Decimal128: never;
  'float _Complex': Complex;
  'double _Complex': Complex;
  complex: Complex;
  char: Byte;
  'signed char': Byte;
  'unsigned char': Byte;
  short: number;
  'unsigned short': number;
  int: number;
  'unsigned int': number;
  unsigned: number;
  signed: number;
  'long long': bigint;
  'unsigned long long': bigint;
  __int128: bigint;
  'unsigned __int128': bigint;
  __int128_t: bigint;
  int128_t: bigint;
  __uint128_t: bigint;
  uint128_t: bigint;
  int8_t: Byte;
  uint8_t: Byte;
  int_least8_t: Byte;
  uint_least8_t: Byte;
  int_fast8_t: Byte;
  uint_fast8_t: Byte;
  int16_t: number;
  uint16_t: number;
  int_least16_t: number;
  uint_least16_t: number;
  int32_t: number;
  uint32_t: number;
  int_least32_t: number;
  uint_least32_t: number;
  int64_t: bigint;
  uint64_t: bigint;
  int_least64_t: bigint;
  uint_least64_t: bigint;
  int_fast64_t: bigint;
  uint_fast64_t: bigint;
  be16_t: number;
  __be16: number;
  le16_t: number;
  __le16: number;
  sbe16_t: number;
  sle16_t: number;
  be32_t: number;
  __be32: number;
  le32_t: number;
  __le32: number;
  sbe32_t: number;
  sle32_t: number;
  be64_t: bigint;
  __be64: bigint;
  le64_t: bigint;
  __le64: bigint;
  sbe64_t: bigint;
  sle64_t: bigint;
  intmax_t: bigint;
  uintmax_t: bigint;
  wchar_t: number;
  wint_t: number;
  char16_t: number;
  char32_t: number;
  va_list: Loose;
  __builtin_va_list: Loose;
  __gnuc_va_list: Loose;
}
// What depends on the ABI; of several ABIs at once, either. `long` has 32 bits on Windows, a pointer 64.
type Word<A extends string> = A extends 'i386-linux-gnu' | 'arm-linux-gnueabihf' ? number : bigint;
type Long<A extends string> = A extends 'x86_64-w64-mingw32' | 'x86_64-pc-windows-msvc' ? number : Word<A>;
type LongDouble<A extends string> = A extends 'arm-linux-gnueabihf' | 'x86_64-pc-windows-msvc' ? number : never;
interface OfAbi<A extends AbiName> {
  long: Long<A>;
  'unsigned long': Long<A>;
  'long int': Long<A>;
  'unsigned long int': Long<A>;
  size_t: Word<A>;
  ssize_t: Word<A>;
  ptrdiff_t: Word<A>;
  intptr_t: Word<A>;
  uintptr_t: Word<A>;
  int_fast16_t: Word<A>;
  uint_fast16_t: Word<A>;
  int_fast32_t: Word<A>;
  uint_fast32_t: Word<A>;
  'long double': LongDouble<A>;
}

// ---- Functions

// Conditional, so that what is shown is the function's type and not this one's arguments.
type Function<R extends string, P extends string, D> =
  Parameters<Normal<P>, D> extends infer A extends unknown[] ? (...args: A) => Result<R, D> : never;
type Parameters<P extends string, D> = P extends '' | 'void' ? [] : ParameterList<P, D, [], Fuel>;
type ParameterList<P extends string, D, Out extends unknown[], F extends string> = F extends `.${infer G}`
  ? P extends '...'
    ? [...Out, ...unknown[]]
    : P extends `${infer X},${infer R}`
      ? X extends `${string}(${string}`
        ? P extends `${string}(${string})${infer Y}`
          ? P extends `${infer T}(*${string})${string}`
            ? TrimStart<Y> extends `(${infer Z}`
              ? AfterParenthesis<Z> extends infer Rest extends string
                ? Z extends `${infer Inner})${Rest}`
                  ? Trim<Rest> extends `,${infer Next}`
                    ? ParameterList<TrimStart<Next>, D, [...Out, Pointer<Function<Trim<T>, Inner, D>> | null], G>
                    : [...Out, Pointer<Function<Trim<T>, Inner, D>> | null]
                  : Loose[]
                : never
              : Loose[]
            : Loose[]
          : Loose[]
        : ParameterList<TrimStart<R>, D, [...Out, Parameter<Trim<X>, D>], G>
      : P extends `${string}(${string}`
        ? P extends `${infer T}(*${string})${infer Y}`
          ? TrimStart<Y> extends `(${infer Z})`
            ? [...Out, Pointer<Function<Trim<T>, Z, D>> | null]
            : Loose[]
          : Loose[]
        : [...Out, Parameter<Trim<P>, D>]
  : Loose[];
type Parameter<X extends string, D> = X extends `${infer T}[${infer Dimensions}`
  ? Dimensions extends `${string}]${string}[${infer R}`
    ? Pointer<ValueOf<Dimensioned<Resolve<WithoutName<TrimEnd<T>>, D>, R, D>>> | null
    : WithoutName<TrimEnd<T>> extends infer B extends string
      ? B extends `${string}*${string}`
        ? Pointer<ValueOf<Resolve<B, D>>> | null
        : PointerParameter<B, D>
      : never
  : X extends `${infer B}*${infer R}`
    ? R extends `${string}*${infer R2}`
      ? PointerTo<B, `*${R2 extends `${string}*${string}` ? R2 : ''}`, D>
      : PointerParameter<Trim<B>, D>
    : Decayed<Resolve<WithoutName<X>, D>>;
// A host function gets `const char *` as text, and structs as views.
type PointerParameter<B extends string, D> = B extends 'const char' | 'char const'
  ? string | null
  : ValueOf<Resolve<B, D>> extends infer T
    ? ToHost<T>
    : never;
export type ToHost<T> = IsLoose<T> extends true ? Loose : T extends RecordLike ? T | null : Pointer<T> | null;
// A typedef may hide a pointer or an array; one to `const char` is text.
export type Decayed<T> =
  IsLoose<T> extends true
    ? T
    : [T] extends [Byte]
      ? number
      : [T] extends [Pointer<infer E> | null]
        ? E extends number
          ? string | T
          : ToHost<E>
        : T extends ArrayView<infer E>
          ? ToHost<E>
          : T extends HostFunction
            ? Pointer<T> | null
            : T;
type WithoutName<X extends string> = X extends `${infer T} ${infer N}`
  ? N extends `${string} ${string}`
    ? X extends `${infer T2} ${LastOf<X>}`
      ? LastOf<X> extends IntegerWord | 'double' | 'float' | 'const' | '_Complex'
        ? X
        : T2 extends 'const' | 'volatile' | `${'const ' | 'volatile ' | ''}${'struct' | 'union' | 'enum'}`
          ? X
          : T2
      : X
    : N extends IntegerWord | 'double' | '_Complex'
      ? X
      : T extends 'struct' | 'union' | 'enum' | 'const' | 'volatile'
        ? X
        : T
  : X;
type LastOf<S extends string> = S extends `${string} ${infer R}` ? LastOf<R> : S;

// What a host function answers: 64 bits as a bigint, a pointer as anything that points, text where bytes are declared.
type Result<R extends string, D> = R extends `${infer B}*${infer P}`
  ? P extends `${string}*${string}`
    ? PointerTo<B, P, D> | ArrayBufferView
    : Resolve<Trim<B>, D> extends infer T
      ? IsLoose<T> extends true
        ? Loose
        : // biome-ignore lint/suspicious/noConfusingVoidType: C's
          [T] extends [Byte | void]
          ? string | Pointer<ValueOf<T>> | ArrayBufferView | null
          : T extends RecordLike
            ? T | Pointer<T> | ArrayBufferView | null
            : Pointer<ValueOf<T>> | ArrayBufferView | null
      : never
  : Resolve<R, D> extends infer T
    ? IsLoose<T> extends true
      ? Loose
      : [T] extends [never]
        ? never
        : [T] extends [Pointer<infer E> | null]
          ? Returned<E>
          : T extends RecordLike | Complex
            ? Init<T>
            : ValueOf<T>
    : never;
// Through a typedef: a number may be a byte.
export type Returned<E> =
  | (E extends RecordLike ? E : never)
  // biome-ignore lint/suspicious/noConfusingVoidType: C's
  | ([E] extends [number | void] ? string : never)
  | Pointer<E>
  | ArrayBufferView
  | null;

// ---- Where the API takes types

/** A type's name, a type object or a view, where it names a type; else what is wrong, as a string that nothing matches. */
export type NamedType<T, D> = T extends string
  ? TypeNamed<T, D> extends infer E
    ? IsLoose<E> extends true
      ? T
      : [E] extends [never]
        ? T
        : [E] extends [UnknownType<infer Name>]
          ? `unknown C type '${Name}'`
          : [E] extends [Incomplete<infer Name>]
            ? T extends keyof TypesOf<D>
              ? T
              : `unknown C type '${Name}'`
            : T
    : never
  : T;

/** The constants of types, by the types' names. */
export type NamedConstants<D> = D extends { readonly members: infer M } ? M : Empty;
