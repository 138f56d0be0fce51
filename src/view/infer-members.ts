/**
 * Members of a struct within the type system: the text of a body to a union of members.
 * @module
 */
import type { AfterParenthesis, Braced, Fuel, LastWord, Normal, SixteenStatements, Trim, TrimEnd, TrimStart } from './infer-text.ts';

/**
 * A declared name: `type` is the text of its type, `dimensions` what stands in its brackets (`4][2]`) or empty.
 * - A function pointer's type is `(result(parameters`, a function's `!result(parameters`.
 * - A member of a struct without a name has `body`, and the type `{`, or `{*` where it is a pointer to it.
 * - A `static const` has its value as `body` and `=` for dimensions.
 */
export type Member = readonly [name: string, type: string, dimensions: string, body: string];

/** What could not be read: becomes an index signature of `any`. */
export type LooseMember = readonly [string, '?', '', ''];

/** The members of a body. */
export type Members<Body extends string> = Body extends `${string}{${string}`
  ? MixedMembers<Body, '', never, Fuel>
  : FlatMembers<Body, never, Fuel>;

// Nothing in braces: eight members at a time.
type FlatMembers<S extends string, All, F extends string> = F extends `.${infer G}`
  ? S extends `${infer a};${infer b};${infer c};${infer d};${infer e};${infer f};${infer g};${infer h};${infer R}`
    ? FlatMembers<R, All | Declared<a> | Declared<b> | Declared<c> | Declared<d> | Declared<e> | Declared<f> | Declared<g> | Declared<h>, G>
    : S extends `${infer a};${infer b};${infer R}`
      ? FlatMembers<R, All | Declared<a> | Declared<b>, G>
      : S extends `${infer a};${infer R}`
        ? All | Declared<a> | (Trim<R> extends '' ? never : LooseMember)
        : All | (Trim<S> extends '' ? never : LooseMember)
  : All | LooseMember;

type MixedMembers<S extends string, Left extends string, All, F extends string> = F extends `.${infer G}`
  ? SixteenStatements<S> extends [infer L extends string, infer R extends string]
    ? MembersIn<`${Left}${L}`, All> extends [infer More, infer Then extends string]
      ? R extends ''
        ? More | (Trim<Then> extends '' ? never : LooseMember)
        : MixedMembers<R, Then, More, G>
      : never
    : never
  : All | LooseMember;
// `[members, unfinished text]`
type MembersIn<S extends string, All = never> = S extends `${infer X};${infer R}`
  ? X extends `${infer H}{${string}`
    ? S extends `${H}{${infer Y}`
      ? Braced<Y> extends [infer B extends string, infer Q extends string]
        ? Q extends `${infer T};${infer R2}`
          ? MembersIn<R2, All | Inline<Bare<H>, B, Bare<T>>>
          : [All, S]
        : [All, S]
      : never
    : MembersIn<R, All | Declared<X>>
  : [All, S];

// A member whose type has a body: head, body, declarators.
type Inline<H extends string, B extends string, T extends string> = H extends `${string}enum${string}`
  ? T extends ''
    ? never
    : InlineEnum<T, B>
  : T extends ''
    ? H extends 'struct' | 'union'
      ? Members<B>
      : H extends `${'struct' | 'union'} ${string}`
        ? never
        : LooseMember
    : H extends `${string}@${string}`
      ? LooseMember
      : InlineNames<T, B>;
type InlineEnum<T extends string, B extends string> =
  Declared<`? ${T}`> extends infer M ? (M extends Member ? [M[0], `{enum`, M[2], B] : never) : never;
type InlineNames<T extends string, B extends string, All = never, F extends string = Fuel> = F extends `.${infer G}`
  ? T extends `${infer X},${infer R}`
    ? InlineNames<R, B, All | InlineName<Trim<X>, B>, G>
    : All | InlineName<Trim<T>, B>
  : LooseMember;
type InlineName<X extends string, B extends string> = X extends `${string}(${string}` | `**${string}`
  ? LooseMember
  : X extends `*${infer N}`
    ? N extends `${string}${'[' | ' '}${string}`
      ? LooseMember
      : [N, '{*', '', B]
    : X extends `${infer N}[${infer D}`
      ? [Trim<N>, '{', D, B]
      : [X, '{', '', B];

type Special = '(' | ',' | '[' | ':' | '=' | '*' | '@' | '  ';
/** The names of one declaration without a body: `int a, *b[2], c : 3`. */
export type Declared<S extends string> = S extends `${string}${Special}${string}`
  ? Intricate<Bare<S>>
  : TrimStart<S> extends infer C extends string
    ? C extends `${infer T} ${infer N}`
      ? N extends `${string} ${string}` | ''
        ? Split<Trim<C>, ''>
        : T extends `__attribute${string}`
          ? LooseMember
          : N extends TypeWord
            ? LooseMember
            : [N, T, '', '']
      : C extends ''
        ? never
        : LooseMember
    : never;
type Intricate<C extends string> = C extends ''
  ? never
  : C extends `${string}@${string}`
    ? LooseMember
    : C extends `static ${string}` | `const static ${string}` | `_Static_assert${string}` | `static_assert${string}`
      ? C extends `${string}=${string}`
        ? StaticConstants<C>
        : never
      : C extends `${infer X}(${string}`
        ? X extends `${string}${'[' | ':'}${string}`
          ? Declarators<C>
          : FunctionPointer<C>
        : Declarators<C>;

// `static const int A = 1, B = 2`
type StaticConstants<C extends string> = C extends `${infer H}=${string}`
  ? TypeOfName<TrimEnd<H>> extends infer T extends string
    ? StaticNames<C, T>
    : never
  : never;
type StaticNames<C extends string, T extends string, All = never, F extends string = Fuel> = F extends `.${infer G}`
  ? C extends `${infer X},${infer R}`
    ? StaticNames<R, T, All | StaticName<X, T>, G>
    : All | StaticName<C, T>
  : LooseMember;
type StaticName<C extends string, T extends string> = C extends `${infer L}=${infer V}`
  ? [LastWord<Trim<L>>, T, '=', Trim<V>]
  : LooseMember;
type TypeOfName<H extends string> = H extends `${infer T} ${LastWord<H>}` ? T : '';

/** `R (*name[2])(parameters)`, or the pointer to an array `R (*name)[2]`, which is loose. */
export type FunctionPointer<C extends string> = C extends `${infer R}(${infer X})${infer Y}`
  ? [TrimStart<Y>, Trim<X>] extends [`(${infer Q}`, `*${infer N}`]
    ? AfterParenthesis<Q> extends infer Z extends string
      ? Trim<Z> extends ''
        ? Q extends `${infer P})${Z}`
          ? N extends `${string}${'(' | '*'}${string}`
            ? LooseMember
            : N extends `${infer M}[${infer D}`
              ? [LastWord<Trim<M>>, `(${Trim<R>}(${P}`, D, '']
              : [LastWord<Trim<N>>, `(${Trim<R>}(${P}`, '', '']
          : LooseMember
        : LooseMember
      : LooseMember
    : LooseMember
  : LooseMember;

/** `type a, *b[2], c : 3` without parentheses. */
export type Declarators<S extends string> = S extends `${infer X},${infer R}`
  ? One<TrimEnd<X>> extends infer M
    ? [M] extends [never]
      ? LooseMember
      : M extends Member
        ? M | Further<R, BaseOf<M[1]>>
        : never
    : never
  : One<S>;
type BaseOf<T extends string> = T extends `${infer B}*${string}` ? TrimEnd<B> : T;
type Further<S extends string, B extends string, All = never, F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer X},${infer R}`
    ? Further<R, B, All | One<`${B} ${Trim<X>}`>, G>
    : All | One<`${B} ${Trim<S>}`>
  : LooseMember;
type One<S extends string> = S extends `${infer X}[${infer D}`
  ? X extends `${infer Y}:${string}`
    ? Split<TrimEnd<Y>, ':'>
    : Split<TrimEnd<X>, D>
  : S extends `${infer X}:${string}`
    ? Split<TrimEnd<X>, ':'>
    : Split<S, ''>;

/** Words that are never the name of a member. */
type TypeWord =
  | 'char'
  | 'short'
  | 'int'
  | 'long'
  | 'signed'
  | 'unsigned'
  | 'float'
  | 'double'
  | 'const'
  | 'volatile'
  | '_Bool'
  | 'bool'
  | 'struct'
  | 'union'
  | 'enum';
// The last word is the name, what stands before it the type.
type Split<X extends string, D extends string> = X extends ''
  ? never
  : LastWord<X> extends infer N extends string
    ? N extends '' | TypeWord
      ? D extends ':'
        ? never
        : LooseMember
      : X extends `${infer T}${N}`
        ? T extends ''
          ? D extends ':'
            ? never
            : LooseMember
          : D extends ':'
            ? T extends `${string} `
              ? T extends `${'struct' | 'union' | 'enum' | 'const' | 'volatile'} `
                ? never
                : [N, TrimEnd<T>, '', '']
              : never
            : [N, TrimEnd<T>, D, '']
        : LooseMember
    : never;

/** Without attributes, spaces normal. What an attribute turns into another type becomes `@`. */
export type Bare<S extends string> =
  S extends `${string}${'__attribute' | '_Alignas' | 'alignas' | '__asm' | '__declspec' | '__extension__' | '[['}${string}`
    ? Normal<WithoutAttributes<S>>
    : Normal<S>;
type WithoutAttributes<S extends string, F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer A}__extension__${infer B}`
    ? WithoutAttributes<`${A} ${B}`, G>
    : S extends `${infer A}__attribute${infer B}`
      ? B extends `${string}(${infer C}`
        ? AfterParenthesis<C> extends infer R extends string
          ? C extends `${infer Inside}${R}`
            ? WithoutAttributes<`${A} ${Inside extends `${string}${'vector_size' | 'mode'}${string}` ? '@' : ''} ${R}`, G>
            : '@'
          : never
        : '@'
      : S extends `${infer A}${'_Alignas' | 'alignas' | '__asm__' | '__asm' | '__declspec'}${infer B}`
        ? B extends `${string}(${infer C}`
          ? WithoutAttributes<`${A} ${AfterParenthesis<C>}`, G>
          : '@'
        : S extends `${string}[[${string}`
          ? '@'
          : S
  : '@';
