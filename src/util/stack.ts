/**
 * Room on JavaScript's stack.
 *
 * V8 ends the whole process when the stack is used up while it compiles a regular expression (`RegExpCompiler Allocation failed`), which it
 * does at the first and the second use of each. So who may be called at the end of the stack, which scripts reach as they like, asks for room
 * before regular expressions are used, or uses none.
 * @module
 */

/** Arguments are kept on the stack: 8 bytes each. */
const ARGUMENTS_PER_KILOBYTE = 128;

/** What a regular expression takes, amply. */
const REGULAR_EXPRESSION = 16;

/** What a recursive parser of text takes whose nesting is limited to a few hundred levels. */
export const PARSER_KILOBYTES = 160;

/** Has a regular expression compiled at once, for both kinds of V8's strings, so that its use takes no more stack. */
export function compiled(expression: RegExp): RegExp {
  for (const text of ['', '', '\u0100']) expression.test(text);
  expression.lastIndex = 0;
  return expression;
}

const nothing = (): void => {};
const argumentLists: Map<number, readonly number[]> = new Map();

/**
 * Checks that there are some kilobytes of stack; takes about 50 ns for each. By default as many as a regular expression takes.
 * @throws {RangeError} JavaScript's own for the end of the stack
 */
export function ensureStack(kilobytes: number = REGULAR_EXPRESSION): void {
  let list = argumentLists.get(kilobytes);
  if (list === undefined) {
    list = new Array<number>(kilobytes * ARGUMENTS_PER_KILOBYTE).fill(0);
    argumentLists.set(kilobytes, list);
  }
  Reflect.apply(nothing, undefined, list);
}
