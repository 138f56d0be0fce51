/**
 * Strings within the type system: what the inference of types from C text is made of.
 *
 * Two rules keep the compiler fast and alive. Text is cut natively, by template patterns that take sixteen delimiters at a
 * time, never by character. And every loop whose length the text decides burns a piece of `Fuel`; out of fuel, what is left
 * is given up (a loose type), since TypeScript reports an error after 1,000 steps. Fuel is a string, as a counter made of
 * tuples takes quadratic memory.
 * @module
 */

/** Steps of a loop. */
export type Fuel =
  '................................................................................................................................................................................................................................................................';

/** Without spaces in front. Other white space has become spaces before. */
export type TrimStart<S extends string> = S extends ` ${string}`
  ? S extends `                                ${infer R}`
    ? TrimStart<R>
    : S extends `    ${infer R}`
      ? TrimStart<R>
      : S extends ` ${infer R}`
        ? TrimStart<R>
        : never
  : S;

export type TrimEnd<S extends string> = S extends `${string} `
  ? S extends `${infer R}                                `
    ? TrimEnd<R>
    : S extends `${infer R} `
      ? TrimEnd<R>
      : never
  : S;

export type Trim<S extends string> = S extends ` ${string}` | `${string} ` ? TrimEnd<TrimStart<S>> : S;

/** Trimmed, runs of spaces as one. */
export type Normal<S extends string> = S extends `${string}  ${string}` ? Trim<Squeeze<S>> : Trim<S>;
type Squeeze<S extends string, F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer A}        ${infer B}`
    ? Squeeze<`${A} ${TrimStart<B>}`, G>
    : S extends `${infer A}  ${infer B}`
      ? Squeeze<`${A} ${B}`, G>
      : S
  : S;

/** The last word; of `int *p` it is `p`. Empty where there are too many words. */
export type LastWord<S extends string, F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${string}*${infer R}`
    ? LastWord<R, G>
    : S extends `${string} ${infer R}`
      ? LastWord<R, G>
      : S
  : '';

/** The text behind the `)` that closes an already opened `(`; empty where none does. */
export type AfterParenthesis<S extends string, Depth extends string = '', F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer A})${infer R}`
    ? Opened<A, Depth> extends `(${infer Less}`
      ? AfterParenthesis<R, Less, G>
      : R
    : ''
  : '';
type Opened<S extends string, Depth extends string> = S extends `${string}(${infer R}` ? Opened<R, `${Depth}(`> : Depth;

/** `[body, rest]` of an already opened `{`; `null` where it is not closed. */
export type Braced<S extends string, Out extends string = '', Depth extends string = '', F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer A}}${infer R}`
    ? OpenedBraces<A, Depth> extends `{${infer Less}`
      ? Braced<R, `${Out}${A}}`, Less, G>
      : [`${Out}${A}`, R]
    : null
  : null;
type OpenedBraces<S extends string, Depth extends string> = S extends `${string}{${infer R}` ? OpenedBraces<R, `${Depth}{`> : Depth;

/** `[sixteen lines, rest]`, or all there is. */
export type SixteenLines<S extends string> =
  S extends `${infer x0}\n${infer x1}\n${infer x2}\n${infer x3}\n${infer x4}\n${infer x5}\n${infer x6}\n${infer x7}\n${infer x8}\n${infer x9}\n${infer xa}\n${infer xb}\n${infer xc}\n${infer xd}\n${infer xe}\n${infer xf}\n${infer Rest}`
    ? [`${x0}\n${x1}\n${x2}\n${x3}\n${x4}\n${x5}\n${x6}\n${x7}\n${x8}\n${x9}\n${xa}\n${xb}\n${xc}\n${xd}\n${xe}\n${xf}\n`, Rest]
    : [S, ''];

/** `[text up to the sixteenth semicolon, rest]`, or all there is. */
export type SixteenStatements<S extends string> =
  S extends `${infer x0};${infer x1};${infer x2};${infer x3};${infer x4};${infer x5};${infer x6};${infer x7};${infer x8};${infer x9};${infer xa};${infer xb};${infer xc};${infer xd};${infer xe};${infer xf};${infer Rest}`
    ? [`${x0};${x1};${x2};${x3};${x4};${x5};${x6};${x7};${x8};${x9};${xa};${xb};${xc};${xd};${xe};${xf};`, Rest]
    : [S, ''];

/** `[text up to the sixteenth comma, rest]`, or all there is. */
export type SixteenItems<S extends string> =
  S extends `${infer x0},${infer x1},${infer x2},${infer x3},${infer x4},${infer x5},${infer x6},${infer x7},${infer x8},${infer x9},${infer xa},${infer xb},${infer xc},${infer xd},${infer xe},${infer xf},${infer Rest}`
    ? [`${x0},${x1},${x2},${x3},${x4},${x5},${x6},${x7},${x8},${x9},${xa},${xb},${xc},${xd},${xe},${xf},`, Rest]
    : [S, ''];

/** Newlines as spaces; of text with at most sixteen. */
export type OneLine<S extends string> =
  S extends `${infer x0}\n${infer x1}\n${infer x2}\n${infer x3}\n${infer x4}\n${infer x5}\n${infer x6}\n${infer x7}\n${infer x8}\n${infer x9}\n${infer xa}\n${infer xb}\n${infer xc}\n${infer xd}\n${infer xe}\n${infer xf}\n${infer Rest}`
    ? `${x0} ${x1} ${x2} ${x3} ${x4} ${x5} ${x6} ${x7} ${x8} ${x9} ${xa} ${xb} ${xc} ${xd} ${xe} ${xf} ${Rest}`
    : ShortLine<S>;
type ShortLine<S extends string> = S extends `${infer A}\n${infer B}\n${infer C}\n${infer D}\n${infer R}`
  ? ShortLine<`${A} ${B} ${C} ${D} ${R}`>
  : S extends `${infer A}\n${infer R}`
    ? ShortLine<`${A} ${R}`>
    : S;

/** Tabs and carriage returns as spaces. */
export type Untabbed<S extends string, F extends string = Fuel> = F extends `.${infer G}`
  ? S extends `${infer A}\t${infer B}\t${infer C}\t${infer D}\t${infer R}`
    ? Untabbed<`${A} ${B} ${C} ${D} ${R}`, G>
    : S extends `${infer A}\t${infer R}`
      ? Untabbed<`${A} ${R}`, G>
      : S extends `${infer A}\r${infer R}`
        ? Untabbed<`${A} ${R}`, G>
        : S
  : '';
