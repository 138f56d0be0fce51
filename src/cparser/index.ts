/**
 * C text to declarations: a plain tree with source ranges, and the evaluator of constant expressions.
 * @module
 */
export type * from './ast.ts';
export type { Dialect } from './dialect.ts';
export { type Constant, evaluate, type Resolver, type Value, valueOrNull } from './evaluate.ts';
export { type Tokens, tokenize } from './lexer.ts';
export { type Macro, MacroError, Macros, parseMacro, textOf } from './macros.ts';
export { isParameter, type Parameter, parameterName, withParameters } from './parameters.ts';
export { DeclarationReader, parseConstantExpression, parseTypeName } from './parser.ts';
export {
  type IncludedFile,
  type IncludeRequest,
  type IncludeResolver,
  MAX_INCLUDE_DEPTH,
  needsPreprocessing,
  type Preprocessed,
  preprocess,
  type PreprocessOptions,
} from './preprocessor.ts';
export { joinLines } from './splices.ts';
export type { IsTypeName } from './specifiers.ts';
