/**
 * Constants within the type system: the values of enumerators, of macros and of array lengths.
 *
 * Worked out are literals in every base, `1 << n`, parentheses, and names of enumerators in front. Anything else is not
 * worked out: such a constant is loose, and so are those that count on from it. Values are decimal strings.
 * @module
 */
import type { Fuel, Normal, SixteenItems, Trim, TrimEnd, TrimStart } from './infer-text.ts';
import type { Loose } from './shapes.ts';

/** `[name, value]` of an enumerator; the value is empty where it is not worked out. */
export type Pair = readonly [name: string, value: string];

/** The enumerators of an enum's body. */
export type Enumerators<Body extends string> = EnumeratorBlocks<Body, '0', never, Fuel>;
type EnumeratorBlocks<S extends string, Next extends string, All, F extends string> = F extends `.${infer G}`
  ? SixteenItems<S> extends [infer L extends string, infer R extends string]
    ? EnumeratorsIn<L, Next, All> extends [infer More, infer Then extends string]
      ? R extends ''
        ? More
        : EnumeratorBlocks<R, Then, More, G>
      : never
    : never
  : All | [string, ''];
// `[pairs, value of the next]`
type EnumeratorsIn<S extends string, Next extends string, All> = S extends `${infer X},${infer R}`
  ? Enumerator<Trim<X>, Next, All> extends [infer N, infer V extends string]
    ? EnumeratorsIn<R, Successor<V>, All | [N, V]>
    : EnumeratorsIn<R, Next, All>
  : Enumerator<Trim<S>, Next, All> extends [infer N, infer V extends string]
    ? [All | [N, V], Successor<V>]
    : [All, Next];
type Enumerator<X extends string, Next extends string, All> = X extends ''
  ? []
  : X extends `${infer N}=${infer V}`
    ? [EnumeratorName<TrimEnd<N>>, Value<TrimStart<V>, All>]
    : [EnumeratorName<X>, Next];
// Attributes stand between the name and `=`.
type EnumeratorName<N extends string> = N extends `${infer Name} ${string}` ? Name : N;

/** The type of an enum's values: numbers, as long as all of its enumerators are known to fit 32 bits. */
export type EnumValue<Body extends string> = Body extends `${string}=${string}`
  ? [Enumerators<Body>] extends [readonly [string, infer V extends string]]
    ? [V] extends [Fits32<V>]
      ? number
      : Loose
    : Loose
  : number;
// Nine digits, or ten from 1 on; a value that is not worked out is empty.
export type Fits32<V extends string> = V extends ''
  ? never
  : V extends `-${infer P}`
    ? `-${Fits32<P>}`
    : V extends `${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer _}${infer R}`
      ? R extends ''
        ? V
        : V extends `1${string}`
          ? R extends `${infer _}${infer Q}`
            ? Q extends ''
              ? V
              : never
            : never
          : never
      : V;

/** The members of an object of constants. */
export type Constants<P extends Pair> = { readonly [X in P as X[0]]: Constant<X[1]> };

/** A decimal string as the type of a constant: a number's literal up to 2^53, a bigint's beyond, loose where unknown. */
export type Constant<V extends string> = V extends ''
  ? Loose
  : V extends `${infer N extends number}`
    ? number extends N
      ? BigConstant<V>
      : N
    : BigConstant<V>;
type BigConstant<V extends string> = V extends `${infer B extends bigint}` ? B : number | bigint;

/** A constant expression as a decimal string; empty where it is not worked out. */
export type Value<V extends string, Known = never> = V extends `${infer N extends number}`
  ? `${N}` extends V
    ? V extends `${string}${'.' | 'e'}${string}`
      ? ''
      : V
    : Literal<V, Known>
  : Literal<V, Known>;
type Literal<V extends string, Known> =
  Lowercase<V> extends `0x${infer H}`
    ? Hexadecimal<H>
    : V extends `0${string}`
      ? ''
      : V extends `(${infer X})`
        ? X extends `${string}(${string}`
          ? ''
          : Value<Trim<X>, Known>
        : V extends `${infer X}<<${infer Y}`
          ? Value<Trim<X>, Known> extends '1'
            ? Value<Trim<Y>, Known> extends infer P extends keyof PowersOf2
              ? PowersOf2[P]
              : ''
            : ''
          : V extends `${infer X extends number}${Suffix}`
            ? `${X}` extends `${string}${'.' | 'e'}${string}` | '0'
              ? ''
              : Digits<V>
            : KnownValue<Extract<Known, readonly [V, string]>>;
type KnownValue<P> = [P] extends [never] ? '' : P extends readonly [string, infer X extends string] ? X : '';
type Suffix = 'u' | 'U' | 'l' | 'L' | 'ul' | 'UL' | 'uL' | 'Ul' | 'll' | 'LL' | 'ull' | 'ULL' | 'uLL' | 'Ull' | 'lu' | 'LU' | 'llu' | 'LLU';
// Digits in front of a suffix.
type Digits<V extends string> =
  Lowercase<V> extends `${infer D}${'u' | 'l'}${string}`
    ? `${D}` extends `${infer N extends number}`
      ? `${N}` extends D
        ? D
        : BigDigits<D>
      : ''
    : '';
type BigDigits<D extends string> = D extends `${infer B extends bigint}` ? (`${B}` extends D ? D : '') : '';

/** The length of an array, from the text between its brackets; constants are those of the declarations. */
export type Length<Text extends string, Named> =
  Normal<Text> extends infer V extends string
    ? V extends keyof Named
      ? Named[V] extends infer N extends number
        ? N
        : number
      : Constant<Value<V>> extends infer N
        ? 0 extends 1 & N
          ? number
          : N extends number
            ? N
            : number
        : number
    : number;

type Increment = { '0': '1'; '1': '2'; '2': '3'; '3': '4'; '4': '5'; '5': '6'; '6': '7'; '7': '8'; '8': '9'; '9': '10' };
type Nines = {
  '9': '0';
  '99': '00';
  '999': '000';
  '9999': '0000';
  '99999': '00000';
  '999999': '000000';
  '9999999': '0000000';
  '99999999': '00000000';
  '999999999': '000000000';
};
/** The next decimal string. */
type Successor<S extends string> = S extends ''
  ? ''
  : S extends `-${infer P}`
    ? P extends '1'
      ? '0'
      : ''
    : S extends `${infer A}${infer B}`
      ? B extends ''
        ? A extends keyof Increment
          ? Increment[A]
          : ''
        : B extends keyof Nines
          ? `${Successor<A>}${Nines[B]}`
          : `${A}${Successor<B>}`
      : '';

/** Hexadecimal digits, with a suffix, as a decimal string: Horner's scheme over the decimal digits in reverse. */
type Hexadecimal<H extends string, Sum extends string = '0', Count extends string = ''> = Count extends '................'
  ? H extends `${'u' | 'l'}${string}` | ''
    ? Reverse<Sum>
    : ''
  : H extends `${infer C}${infer R}`
    ? C extends keyof HexadecimalDigit
      ? Hexadecimal<R, MultiplyAdd<Sum, HexadecimalDigit[C]>, `${Count}.`>
      : C extends 'u' | 'l'
        ? Reverse<Sum>
        : ''
    : Reverse<Sum>;
type MultiplyAdd<Digits extends string, Carry extends string, Out extends string = ''> = Digits extends `${infer D}${infer R}`
  ? Times16[D & keyof Times16][Carry & keyof Times16['0']] extends readonly [infer Ones extends string, infer Rest extends string]
    ? MultiplyAdd<R, Rest, `${Out}${Ones}`>
    : ''
  : Carry extends '0'
    ? Out
    : `${Out}${Reverse<Carry>}`;
type Reverse<S extends string, Out extends string = ''> = S extends `${infer C}${infer R}` ? Reverse<R, `${C}${Out}`> : Out;
type HexadecimalDigit = {
  '0': '0';
  '1': '1';
  '2': '2';
  '3': '3';
  '4': '4';
  '5': '5';
  '6': '6';
  '7': '7';
  '8': '8';
  '9': '9';
  a: '10';
  b: '11';
  c: '12';
  d: '13';
  e: '14';
  f: '15';
};
// Times16[d][c]: ones and carry of 16 d + c.
type Times16 = {
  // biome-ignore format: a table
  '0': { '0': ['0', '0']; '1': ['1', '0']; '2': ['2', '0']; '3': ['3', '0']; '4': ['4', '0']; '5': ['5', '0']; '6': ['6', '0']; '7': ['7', '0']; '8': ['8', '0']; '9': ['9', '0']; '10': ['0', '1']; '11': ['1', '1']; '12': ['2', '1']; '13': ['3', '1']; '14': ['4', '1']; '15': ['5', '1'] };
  // biome-ignore format: a table
  '1': { '0': ['6', '1']; '1': ['7', '1']; '2': ['8', '1']; '3': ['9', '1']; '4': ['0', '2']; '5': ['1', '2']; '6': ['2', '2']; '7': ['3', '2']; '8': ['4', '2']; '9': ['5', '2']; '10': ['6', '2']; '11': ['7', '2']; '12': ['8', '2']; '13': ['9', '2']; '14': ['0', '3']; '15': ['1', '3'] };
  // biome-ignore format: a table
  '2': { '0': ['2', '3']; '1': ['3', '3']; '2': ['4', '3']; '3': ['5', '3']; '4': ['6', '3']; '5': ['7', '3']; '6': ['8', '3']; '7': ['9', '3']; '8': ['0', '4']; '9': ['1', '4']; '10': ['2', '4']; '11': ['3', '4']; '12': ['4', '4']; '13': ['5', '4']; '14': ['6', '4']; '15': ['7', '4'] };
  // biome-ignore format: a table
  '3': { '0': ['8', '4']; '1': ['9', '4']; '2': ['0', '5']; '3': ['1', '5']; '4': ['2', '5']; '5': ['3', '5']; '6': ['4', '5']; '7': ['5', '5']; '8': ['6', '5']; '9': ['7', '5']; '10': ['8', '5']; '11': ['9', '5']; '12': ['0', '6']; '13': ['1', '6']; '14': ['2', '6']; '15': ['3', '6'] };
  // biome-ignore format: a table
  '4': { '0': ['4', '6']; '1': ['5', '6']; '2': ['6', '6']; '3': ['7', '6']; '4': ['8', '6']; '5': ['9', '6']; '6': ['0', '7']; '7': ['1', '7']; '8': ['2', '7']; '9': ['3', '7']; '10': ['4', '7']; '11': ['5', '7']; '12': ['6', '7']; '13': ['7', '7']; '14': ['8', '7']; '15': ['9', '7'] };
  // biome-ignore format: a table
  '5': { '0': ['0', '8']; '1': ['1', '8']; '2': ['2', '8']; '3': ['3', '8']; '4': ['4', '8']; '5': ['5', '8']; '6': ['6', '8']; '7': ['7', '8']; '8': ['8', '8']; '9': ['9', '8']; '10': ['0', '9']; '11': ['1', '9']; '12': ['2', '9']; '13': ['3', '9']; '14': ['4', '9']; '15': ['5', '9'] };
  // biome-ignore format: a table
  '6': { '0': ['6', '9']; '1': ['7', '9']; '2': ['8', '9']; '3': ['9', '9']; '4': ['0', '10']; '5': ['1', '10']; '6': ['2', '10']; '7': ['3', '10']; '8': ['4', '10']; '9': ['5', '10']; '10': ['6', '10']; '11': ['7', '10']; '12': ['8', '10']; '13': ['9', '10']; '14': ['0', '11']; '15': ['1', '11'] };
  // biome-ignore format: a table
  '7': { '0': ['2', '11']; '1': ['3', '11']; '2': ['4', '11']; '3': ['5', '11']; '4': ['6', '11']; '5': ['7', '11']; '6': ['8', '11']; '7': ['9', '11']; '8': ['0', '12']; '9': ['1', '12']; '10': ['2', '12']; '11': ['3', '12']; '12': ['4', '12']; '13': ['5', '12']; '14': ['6', '12']; '15': ['7', '12'] };
  // biome-ignore format: a table
  '8': { '0': ['8', '12']; '1': ['9', '12']; '2': ['0', '13']; '3': ['1', '13']; '4': ['2', '13']; '5': ['3', '13']; '6': ['4', '13']; '7': ['5', '13']; '8': ['6', '13']; '9': ['7', '13']; '10': ['8', '13']; '11': ['9', '13']; '12': ['0', '14']; '13': ['1', '14']; '14': ['2', '14']; '15': ['3', '14'] };
  // biome-ignore format: a table
  '9': { '0': ['4', '14']; '1': ['5', '14']; '2': ['6', '14']; '3': ['7', '14']; '4': ['8', '14']; '5': ['9', '14']; '6': ['0', '15']; '7': ['1', '15']; '8': ['2', '15']; '9': ['3', '15']; '10': ['4', '15']; '11': ['5', '15']; '12': ['6', '15']; '13': ['7', '15']; '14': ['8', '15']; '15': ['9', '15'] };
};
// 1 << 31 depends on the type of the 1.
type PowersOf2 = {
  '0': '1';
  '1': '2';
  '2': '4';
  '3': '8';
  '4': '16';
  '5': '32';
  '6': '64';
  '7': '128';
  '8': '256';
  '9': '512';
  '10': '1024';
  '11': '2048';
  '12': '4096';
  '13': '8192';
  '14': '16384';
  '15': '32768';
  '16': '65536';
  '17': '131072';
  '18': '262144';
  '19': '524288';
  '20': '1048576';
  '21': '2097152';
  '22': '4194304';
  '23': '8388608';
  '24': '16777216';
  '25': '33554432';
  '26': '67108864';
  '27': '134217728';
  '28': '268435456';
  '29': '536870912';
  '30': '1073741824';
};
