/**
 * Constants: which expressions may be one, and which macros are.
 * @module
 */
import {
  type Constant,
  type Expression,
  type Macro,
  MacroError,
  Macros,
  parseConstantExpression,
  textOf,
  tokenize,
} from '../cparser/index.ts';
import { CdefError } from '../util/errors.ts';
import { Source } from '../util/source.ts';
import type { Namespace } from './namespace.ts';

// What holds anything else is no integer expression, and most macros are not.
const INTEGER_TEXT = /^[\w\s()+\-*/%<>=!&|^~?:,.'\\]+$/;
// Longest expansion that is looked at.
const MAX_EXPANSION = 10_000;

/**
 * The object-like macros that are constant expressions, with their values; others are none of C's names.
 * Macros that a declaration has the name of are left out.
 */
export function* constantMacros(
  macros: ReadonlyMap<string, Macro>,
  space: Namespace,
  evaluated: (expression: Expression) => Constant,
): Generator<readonly [name: string, value: Constant]> {
  const expander = new Macros(macros);
  for (const macro of macros.values()) {
    if (macro.parameters !== null || macro.body.length === 0 || space.lookup(macro.name) !== null) continue;
    try {
      const text = textOf(expander.expand(macro.body));
      if (!INTEGER_TEXT.test(text) || text.length > MAX_EXPANSION) continue;
      yield [macro.name, evaluated(parseConstantExpression(tokenize(new Source('<macro>', text)), space.isTypeName))];
    } catch (error) {
      // A body may well be a piece of C that makes sense only where the macro is used.
      if (!(error instanceof CdefError || error instanceof MacroError)) throw error;
    }
  }
}

/** Whether an expression may be a constant by its form; calls, addresses and the like are values of the program. */
export function isConstantForm(expression: Expression): boolean {
  switch (expression.kind) {
    case 'opaque':
    case 'compound-literal':
    case 'member':
    case 'index':
    case 'string':
      return false;
    case 'call':
      return expression.callee.kind === 'name' && expression.callee.name.startsWith('__builtin_');
    case 'cast':
      return isConstantForm(expression.operand);
    case 'unary':
      return expression.operator !== '*' && expression.operator !== '&' && isConstantForm(expression.operand);
    default:
      return true;
  }
}

/** Whether an array length names something that is no constant: another parameter. */
export function isVariableLength(length: Expression, space: Namespace): boolean {
  switch (length.kind) {
    case 'name':
      return space.lookup(length.name)?.kind !== 'constant';
    case 'binary':
      return isVariableLength(length.left, space) || isVariableLength(length.right, space);
    case 'unary':
    case 'cast':
      return isVariableLength(length.operand, space);
    case 'conditional':
      return [length.test, length.yes, length.no].some((one) => isVariableLength(one, space));
    default:
      return !isConstantForm(length);
  }
}
