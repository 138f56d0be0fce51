/**
 * Declarations within the type system: C text to a union of entries, a name and the texts that define it each. Only names
 * are worked out here, for the whole text; bodies and types wait until somebody asks for them (`infer.ts`).
 *
 * Read are structs, unions, enums, typedefs, prototypes, `static const`, macros of literals, comments, attributes,
 * `#pragma` and the headers of `<std...>`. A declaration beyond that is a loose entry. Text with other directives means what
 * a preprocessor makes of it, and is loose as a whole.
 * @module
 */
import type { Bare, Declarators, FunctionPointer, Member } from './infer-members.ts';
import type {
  AfterParenthesis,
  Braced,
  Fuel,
  LastWord,
  OneLine,
  SixteenLines,
  SixteenStatements,
  Trim,
  TrimEnd,
  TrimStart,
  Untabbed,
} from './infer-text.ts';

/**
 * By `kind`:
 * - `s`: a struct or union with the body `a`; `{*` in `b` is a pointer to it, other text the dimensions of an array of it
 * - `e`: an enum with the body `a`; its key is empty where it has no name
 * - `u`: a struct or union without a body
 * - `t`: a typedef for the type `a` with the dimensions `b`
 * - `c`: a constant of the expression `a` and the type `b`, which is empty for a macro
 * - `f`: a function with the result `a` and the parameters `b`
 * - `?`: something that could not be read
 */
export type Entry = readonly [key: string, kind: string, a: string, b: string];
export type LooseEntry = readonly [string, '?', '', ''];

/** The entries of C text; `null` where the text as a whole is beyond this. */
export type Entries<Text extends string> = Blocks<Text, '', never, Fuel>;

// Sixteen lines at a time, with what the block before left unfinished.
type Blocks<S extends string, Left extends string, All, F extends string> = F extends `.${infer G}`
  ? SixteenLines<S> extends [infer L extends string, infer R extends string]
    ? Clean<L, R> extends [infer C extends string, infer R2 extends string, infer Macros]
      ? Statements<C, Left, All | Macros, F> extends [infer More, infer Then extends string]
        ? R2 extends ''
          ? More | (Trim<Then> extends '' ? never : LooseEntry)
          : Blocks<R2, Then, More, G>
        : null
      : null
    : null
  : All | LooseEntry;

// ---- Comments, directives, white space

/** `[text on one line, rest, macros]`, or null. */
type Clean<
  L extends string,
  R extends string,
> = L extends `${string}                                                                                                                                                                                                                                                                ${string}`
  ? null
  : L extends `${string}${'/' | '#' | '\t' | '\r' | '\\'}${string}`
    ? Uncommented<L, R> extends [infer C extends string, infer R2 extends string]
      ? C extends `${string}#${string}`
        ? Directives<C> extends [infer T extends string, infer Macros]
          ? [Untabbed<OneLine<T>>, R2, Macros]
          : null
        : C extends `${string}\\${string}`
          ? null
          : [Untabbed<OneLine<C>>, R2, never]
      : null
    : [OneLine<L>, R, never];

// `[text, rest]`; a comment may reach into the rest.
type Uncommented<S extends string, R extends string, Out extends string = '', F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer A}/${infer B}`
    ? B extends `*${infer C}`
      ? C extends `${string}*/${infer Q}`
        ? Uncommented<Q, R, `${Out}${A} `, G>
        : R extends `${string}*/${infer Q}`
          ? [`${Out}${A}`, Q]
          : null
      : B extends `/${infer C}`
        ? C extends `${string}\n${infer Q}`
          ? Uncommented<Q, R, `${Out}${A}\n`, G>
          : R extends `${string}\n${infer Q}`
            ? C extends `${string}\n`
              ? [`${Out}${A}`, R]
              : [`${Out}${A}`, Q]
            : [`${Out}${A}`, '']
        : Uncommented<B, R, `${Out}${A}/`, G>
    : [`${Out}${S}`, R]
  : null;

// `[text, macros]` of text with at most sixteen lines.
type Directives<S extends string, Out extends string = '', Macros = never> = S extends `${infer A}#${infer B}`
  ? (B extends `${infer L}\n${infer R}` ? [L, R] : [B, '']) extends [infer L extends string, infer R extends string]
    ? Directive<Trim<Untabbed<L>>> extends [infer M]
      ? Directives<R, `${Out}${A}\n`, Macros | M>
      : null
    : never
  : [`${Out}${S}`, Macros];
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
// `[macro]`, or null for what only a preprocessor can do.
type Directive<L extends string> = L extends `pragma ${string}` | `${Digit}${string}` | `line ${string}` | `include <std${string}>` | ''
  ? [never]
  : L extends `define ${infer D}`
    ? TrimStart<D> extends `${infer N} ${infer V}`
      ? N extends `${string}(${string}`
        ? null
        : TrimStart<V> extends `${Digit | '-' | '('}${string}`
          ? [readonly [N, 'c', Trim<V>, '']]
          : null
      : null
    : null;

// ---- Declarations

// At most sixteen semicolons at a time: one line may hold the whole text.
type Statements<S extends string, Left extends string, All, F extends string> = F extends `.${infer G}`
  ? SixteenStatements<S> extends [infer L extends string, infer R extends string]
    ? Declarations<`${Left}${L}`, All> extends [infer More, infer Then extends string]
      ? R extends ''
        ? [More, Then]
        : Statements<R, Then, More, G>
      : null
    : null
  : [All | LooseEntry, ''];

// `[entries, unfinished text]`
type Declarations<S extends string, All = never> = S extends `${infer X};${infer R}`
  ? X extends `${infer H}{${string}`
    ? H extends `${string}${'(' | '"' | '='}${string}`
      ? WithBraces<S, H, All>
      : S extends `${H}{${infer B}}${infer T};${infer Q}`
        ? B extends `${string}{${string}`
          ? WithBraces<S, H, All>
          : Declarations<Q, All | Aggregate<Bare<H>, B, Bare<T>>>
        : [All, S]
    : Declarations<R, All | Simple<Bare<X>>>
  : [All, S];
// Nested braces, attributes with arguments, or the body of a function.
type WithBraces<S extends string, H extends string, All> = S extends `${H}{${infer Y}`
  ? H extends `${string}extern "C"${string}`
    ? Declarations<Y, All | LooseEntry>
    : Braced<Y> extends [infer B extends string, infer Q extends string]
      ? Bare<H> extends infer Head extends string
        ? Head extends `${string})`
          ? Declarations<Q, All | Simple<Head>>
          : Q extends `${infer T};${infer Q2}`
            ? Declarations<Q2, All | Aggregate<Head, B, Bare<T>> | (B extends `${string}{${string}` ? NestedTags<B> : never)>
            : [All, S]
        : never
      : [All, S]
  : never;

// A struct, union or enum with a body: head, body, declarators.
type Aggregate<H extends string, B extends string, T extends string> = H extends `typedef ${infer K}`
  ? Tagged<K, B> | TypedefNames<T, KindOf<K>, B, TagOf<K>>
  : H extends `${infer K} typedef`
    ? Tagged<K, B> | TypedefNames<T, KindOf<K>, B, TagOf<K>>
    : Tagged<H, B>;
type KindOf<K extends string> = K extends `enum${string}` ? 'e' : K extends `${'struct' | 'union'}${string}` ? 's' : '?';
// `struct x` as C writes it; empty without a tag.
type TagOf<K extends string> = K extends `enum ${infer N}:${string}` ? `enum ${TrimEnd<N>}` : K extends `${string} ${string}` ? K : '';
type Tagged<K extends string, B extends string> = K extends `${'struct' | 'union'} ${infer N}`
  ? N extends `${string}${' ' | '@' | '='}${string}`
    ? LooseEntry
    : readonly [K, 's', B, '']
  : K extends 'struct' | 'union'
    ? never
    : K extends `enum${infer N}`
      ? N extends ''
        ? readonly ['', 'e', B, '']
        : N extends ` ${infer M}`
          ? M extends `${string}${' ' | '@' | '=' | ':'}${string}`
            ? LooseEntry
            : readonly [K, 'e', B, '']
          : LooseEntry
      : LooseEntry;
// Tags and enumerators declared within a body have the scope of the file.
type NestedTags<S extends string, All = never, F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer P}{${infer Q}`
    ? Braced<Q> extends [infer B extends string, infer R extends string]
      ? NestedTags<R, All | (B extends `${string}{${string}` ? NestedTags<B, never, G> : never) | NestedTag<Bare<LastStatement<P>>, B>, G>
      : All
    : All
  : LooseEntry;
type NestedTag<H extends string, B extends string> = H extends `const ${infer K}` ? Tagged<K, B> : Tagged<H, B>;
type LastStatement<S extends string> = S extends `${string};${infer R}` ? LastStatement<R> : S;

// The names of `typedef struct tag {...} a, *b`; without a tag the first plain name stands for it.
type TypedefNames<
  T extends string,
  Kind extends string,
  B extends string,
  Tag extends string,
  All = never,
  F extends string = Fuel,
> = F extends `.${infer G}`
  ? T extends `${infer X},${infer R}`
    ? TypedefName<Trim<X>, Kind, B, Tag> extends infer E extends Entry
      ? TypedefNames<R, Kind, B, Tag extends '' ? (E[2] extends B ? E[0] : '') : Tag, All | E, G>
      : All | LooseEntry
    : All | TypedefName<Trim<T>, Kind, B, Tag>
  : LooseEntry;
type TypedefName<X extends string, Kind extends string, B extends string, Tag extends string> = X extends
  | `${string}${'(' | '@' | ' '}${string}`
  | ''
  ? LooseEntry
  : Tag extends ''
    ? X extends `*${infer N}`
      ? N extends `${string}${'[' | '*'}${string}`
        ? LooseEntry
        : Kind extends 's'
          ? readonly [N, 's', B, '{*']
          : LooseEntry
      : X extends `${infer N}[${infer D}`
        ? Kind extends 's'
          ? readonly [N, 's', B, D]
          : LooseEntry
        : readonly [X, Kind, B, '']
    : X extends `*${string}`
      ? X extends `${infer P}${LastWord<X>}`
        ? readonly [LastWord<X>, 't', `${Tag} ${P}`, '']
        : never
      : X extends `${infer N}[${infer D}`
        ? readonly [N, 't', Tag, D]
        : readonly [X, 't', Tag, ''];

/** A declaration without a body. */
type Simple<C extends string> = C extends ''
  ? never
  : C extends `${string}@${string}`
    ? LooseEntry
    : C extends `typedef ${infer T}`
      ? Typedef<T>
      : C extends `}${string}`
        ? LooseEntry
        : C extends `${'_Static_assert' | 'static_assert'}${string}`
          ? never
          : C extends `${infer L}=${string}`
            ? L extends `${string}(${string}`
              ? LooseEntry
              : StaticConstants<C>
            : C extends `${string}(${string}`
              ? Prototype<C>
              : C extends `${'struct' | 'union'} ${infer N}`
                ? N extends `${string} ${string}`
                  ? never
                  : readonly [C, 'u', '', '']
                : C extends `${string} ${string}`
                  ? never
                  : LooseEntry;
type Typedef<T extends string> = T extends `${string}(${string}`
  ? T extends `${string}(*${string}`
    ? TypedefsOf<FunctionPointer<T>>
    : T extends `${string}${'[' | '{'}${string}`
      ? LooseEntry
      : T extends `${infer H}(${infer P})`
        ? H extends `${infer R}${LastWord<TrimEnd<H>>}`
          ? readonly [LastWord<TrimEnd<H>>, 't', `!${TrimEnd<R>}(${P}`, '']
          : LooseEntry
        : LooseEntry
  : TypedefsOf<Declarators<T>>;
type TypedefsOf<M> = M extends Member ? (M[1] extends '?' ? LooseEntry : readonly [M[0], 't', M[1], M[2]]) : never;

// `static const int A = 1, B = 2`; what is not const is a variable.
type StaticConstants<C extends string> = C extends `${infer H}=${string}`
  ? H extends `${string}const ${string}`
    ? TrimEnd<H> extends infer L extends string
      ? L extends `${infer T} ${LastWord<L>}`
        ? StaticNames<C, T>
        : LooseEntry
      : never
    : never
  : never;
type StaticNames<C extends string, T extends string, All = never, F extends string = Fuel> = F extends `.${infer G}`
  ? C extends `${infer X},${infer R}`
    ? StaticNames<R, T, All | StaticName<X, T>, G>
    : All | StaticName<C, T>
  : LooseEntry;
type StaticName<C extends string, T extends string> = C extends `${infer L}=${infer V}`
  ? L extends `${string}[${string}`
    ? never
    : readonly [LastWord<Trim<L>>, 'c', Trim<V>, T]
  : LooseEntry;

// `R name(parameters)`; a name in parentheses is a variable or something rare.
type Prototype<C extends string> = C extends `${infer L}(${infer P}`
  ? TrimStart<P> extends `*${string}`
    ? never
    : TrimEnd<L> extends infer H extends string
      ? Trim<AfterParenthesis<P>> extends ''
        ? P extends `${infer Q})`
          ? H extends `${infer R}${LastWord<H>}`
            ? R extends ''
              ? LooseEntry
              : readonly [LastWord<H>, 'f', Trim<R>, Q]
            : LooseEntry
          : LooseEntry
        : LooseEntry
      : never
  : never;
