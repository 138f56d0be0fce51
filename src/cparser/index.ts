/**
 * C text to declarations: a plain tree with source ranges, and the evaluator of constant expressions.
 * @module
 */
export type * from './ast.ts';
export { type Constant, evaluate, type Resolver } from './evaluate.ts';
export { tokenize } from './lexer.ts';
export { parseDeclarations, parseTypeName } from './parser.ts';
export type { IsTypeName } from './specifiers.ts';
