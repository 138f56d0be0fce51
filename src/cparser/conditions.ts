/**
 * The conditions of `#if`, `#ifdef` and their like (C11 6.10.1), with the operators that ask for files and for what the
 * compiler has.
 * @module
 */
import { CdefError } from '../util/errors.ts';
import { Source } from '../util/source.ts';
import { shortened } from '../util/text.ts';
import { attributeVersion, isBuiltin } from './builtins.ts';
import { evaluate, type Resolver } from './evaluate.ts';
import { tokenize } from './lexer.ts';
import { MacroError, type Macros, type PpToken, ppTokens, textOf } from './macros.ts';
import { parseConstantExpression } from './parser.ts';

/** What conditions ask for. */
export interface ConditionContext {
  readonly macros: Macros;
  /** Whether `#include`, or `#include_next`, finds a file. */
  finds(header: string, isNext: boolean): boolean;
  fail(reason: string): never;
}

// What `#if` can ask the compiler.
const ANSWERS: Readonly<Record<string, (argument: string) => number>> = {
  __has_attribute: (name) => attributeVersion(name, { isStandard: false }),
  __has_c_attribute: (name) => attributeVersion(name, { isStandard: true }),
  __has_cpp_attribute: (name) => attributeVersion(name, { isStandard: true }),
  __has_builtin: (name) => (isBuiltin(name) ? 1 : 0),
};

// Names that `#ifdef` finds though they are no macros.
const OPERATORS: ReadonlySet<string> = new Set(['__has_include', '__has_include_next', ...Object.keys(ANSWERS)]);

// Those of other compilers, for which gcc has no answer and `#ifdef` finds nothing: always no.
const FOREIGN: ReadonlySet<string> = new Set(['__has_feature', '__has_extension', '__has_declspec_attribute', '__has_warning']);

/** Whether the group behind `#if`, `#ifdef` or `#ifndef` (`kind`) is to be read; `rest` is the line behind that. */
export function holds(kind: string, rest: string, context: ConditionContext): boolean {
  if (kind !== 'if') {
    const name = macroName(rest) ?? context.fail(`expected a macro name after '#${kind}'`);
    return isDefined(name, context.macros) === (kind === 'ifdef');
  }
  try {
    return isTrue(rest, context);
  } catch (error) {
    if (error instanceof MacroError) context.fail(error.message);
    throw error;
  }
}

/** The name that `#ifdef` and `#undef` are about; null where there is none. */
export function macroName(rest: string): string | null {
  return /^\s*([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)/.exec(rest)?.[1] ?? null;
}

function isDefined(name: string, macros: Macros): boolean {
  return macros.isDefined(name) || OPERATORS.has(name);
}

// What is left of names after expansion is zero, integers have 64 bits.
function isTrue(condition: string, context: ConditionContext): boolean {
  // Macros may bring operators with them, which C11 6.10.1p4 leaves undefined and compilers obey.
  const own = answered(ppTokens(condition), 'first', context);
  const expanded = textOf(answered(context.macros.expandCondition(own), 'last', context));
  let expression: ReturnType<typeof parseConstantExpression>;
  try {
    expression = parseConstantExpression(tokenize(new Source('#if', expanded)));
  } catch (error) {
    if (error instanceof CdefError) context.fail(`in the condition '${shortened(expanded, 60)}': ${error.reason}`);
    throw error;
  }
  const none = (): never => context.fail(`no constant expression: '${shortened(expanded, 60)}'`);
  const resolver: Resolver = {
    longBits: 64,
    sizeBits: 64,
    isWide: true,
    constantNamed: () => ({ value: 0n, bits: 64, isSigned: true }),
    sizeOf: none,
    alignOf: none,
    sizeOfExpression: none,
    alignOfExpression: none,
    constantMember: none,
    offsetOf: none,
    addressOf: none,
    areCompatible: none,
    selectCase: none,
    cast: none,
    fail: (_, reason) => context.fail(reason),
  };
  return evaluate(expression, resolver).value !== 0n;
}

// `defined X`, `__has_include(<x>)` and the like. Their names must not be expanded; `__has_include(MACRO)` must.
function answered(tokens: readonly PpToken[], pass: 'first' | 'last', context: ConditionContext): PpToken[] {
  const { macros } = context;
  const result: PpToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as PpToken;
    const isNested = tokens[i + 1]?.text === '(';
    let answer: number;
    if (token.text === 'defined') {
      const name = tokens[i + (isNested ? 2 : 1)];
      if (name?.kind !== 'identifier' || (isNested && tokens[i + 3]?.text !== ')')) context.fail("expected a macro name after 'defined'");
      answer = isDefined(name.text, macros) ? 1 : 0;
      i += isNested ? 3 : 1;
    } else if (isNested && (OPERATORS.has(token.text) || (FOREIGN.has(token.text) && !macros.isDefined(token.text)))) {
      const isHeader = token.text.startsWith('__has_include');
      if (isHeader && pass === 'first' && !/^[<"]/.test(tokens[i + 2]?.text ?? '')) {
        result.push(token);
        continue;
      }
      let close = i + 2;
      for (let depth = 1; close < tokens.length; close++) {
        if (tokens[close]?.text === '(') depth++;
        if (tokens[close]?.text === ')' && --depth === 0) break;
      }
      const argument = headerOf(tokens.slice(i + 2, close));
      if (isHeader) {
        if (!HEADER.test(argument)) context.fail(`expected '<file>' or '"file"' in '${token.text}'`);
        answer = context.finds(argument, token.text.endsWith('_next')) ? 1 : 0;
      } else {
        answer = ANSWERS[token.text]?.(argument) ?? 0;
      }
      i = close;
    } else {
      result.push(token);
      continue;
    }
    result.push({ kind: 'number', text: String(answer), space: token.space, hidden: null });
  }
  return result;
}

/** A header's name in its brackets or quotes (C11 6.4.7). */
export const HEADER = /^(?:<([^>]*)>|"([^"]*)")$/;

/** The tokens of a header's name, which are one token in C: nothing is put between them. */
export function headerOf(tokens: readonly PpToken[]): string {
  return tokens
    .map(({ text, space }) => (space ? ` ${text}` : text))
    .join('')
    .trim();
}
