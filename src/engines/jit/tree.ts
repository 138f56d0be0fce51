/**
 * What both forms of a function, compiled and interpreted, ask the tree.
 * @module
 */
import type { LuaNumber } from '../../lua/index.ts';
import type { Block, Expression, FunctionNode, Variable } from './ast.ts';

/** Whether an expression may have any number of values. */
export function isMulti(node: Expression | undefined): boolean {
  return node !== undefined && (node.kind === 'call' || node.kind === 'method' || node.kind === 'vararg');
}

/** Whether a block's end is never reached. */
export function endsInReturn(block: Block): boolean {
  const last = block.statements.at(-1);
  switch (last?.kind) {
    case 'return':
      return true;
    case 'do':
      return endsInReturn(last.body);
    case 'if':
      return last.otherwise !== null && [...last.clauses.map(({ body }) => body), last.otherwise].every(endsInReturn);
    default:
      return false;
  }
}

/** A variable that functions share as a box `{ v }`, as it changes after they were made; others are handed to them by value. */
export function isBoxed(variable: Variable): boolean {
  return variable.isCaptured && variable.assignments > 0;
}

/** The variable of `local function f` that is nothing but `f`: inside of it, it is the function that runs. */
export function selfVariable(node: FunctionNode): Variable | null {
  for (const upvalue of node.upvalues) {
    if (upvalue.role === 'function' && upvalue.assignments === 0 && upvalue.values.length === 1 && upvalue.values[0] === node)
      return upvalue;
  }
  return null;
}

/** Upvalues that a function is made with. */
export function factoryUpvalues(node: FunctionNode): readonly Variable[] {
  const self = selfVariable(node);
  return node.upvalues.filter((one) => one !== self);
}

/** How messages call an expression in `fn`: `local 'x'`, or nothing. */
export function nameOf(node: Expression, fn: FunctionNode): string {
  switch (node.kind) {
    case 'local':
      return `${node.variable.owner === fn ? 'local' : 'upvalue'} '${node.variable.name}'`;
    case 'global':
      return `global '${node.name}'`;
    case 'index':
      return node.key.kind === 'string' ? `field '${node.key.value}'` : '';
    // LuaJIT names what was put into the register last in the text, whichever of the two the value is.
    case 'logical':
      return nameOf(node.right, fn);
    default:
      return '';
  }
}

/** A number that the ffi has. */
export type FfiLiteral = Exclude<LuaNumber, { kind: 'double' }>;

/** The literal that an expression is: `-1LL` is one, and so is `-1i`, which the ffi could not negate. */
export function ffiLiteralOf(node: Expression): FfiLiteral | null {
  if (node.kind === 'number') return node.value.kind === 'double' ? null : node.value;
  if (node.kind !== 'unary' || node.operator !== '-') return null;
  const literal = ffiLiteralOf(node.operand);
  return literal === null ? null : negative(literal);
}

function negative(literal: FfiLiteral): FfiLiteral {
  switch (literal.kind) {
    case 'imaginary':
      return { ...literal, value: -literal.value };
    case 'int64':
      return { ...literal, value: BigInt.asIntN(64, -literal.value) };
    default:
      return { ...literal, value: BigInt.asUintN(64, -literal.value) };
  }
}
