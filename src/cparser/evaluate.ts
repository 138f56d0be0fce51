/**
 * The one evaluator of constant expressions, with C's integer types and conversions (C11 6.3.1, 6.5, 6.6).
 * It asks a resolver for names and sizes, so that it can serve `#if`, array lengths and enumerators alike.
 * @module
 */
import { encodeUtf8 } from '../util/utf8.ts';
import type { BinaryOperator, Expression, TypeName } from './ast.ts';

/** An integer and its C type: 32 or 64 bits, signed or not. Narrower operands are promoted before they get here. */
export interface Constant {
  readonly value: bigint;
  readonly bits: 32 | 64;
  readonly isSigned: boolean;
}

/** What constant expressions may refer to. `null` means: not known, or no constant. */
export interface Resolver {
  /** Bits of a `long`. */
  readonly longBits: 32 | 64;
  /** In `#if`, every integer has 64 bits (C11 6.10.1p4). */
  readonly isWide?: boolean;
  constantNamed(name: string): Constant | null;
  sizeOf(type: TypeName): bigint;
  alignOf(type: TypeName): bigint;
  /** The size of the object a name refers to, for `sizeof name`. */
  sizeOfName(name: string): bigint | null;
  offsetOf(type: TypeName, path: readonly (string | bigint)[]): bigint;
  /** `value` converted to an integer type. */
  cast(type: TypeName, value: bigint): Constant;
  /** Raises an error about a part of the expression. */
  fail(at: Expression, reason: string): never;
}

const INT = { bits: 32, isSigned: true } as const;

function wrap(value: bigint, bits: 32 | 64, isSigned: boolean): Constant {
  return { value: isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value), bits, isSigned };
}

const truth = (value: boolean): Constant => ({ value: value ? 1n : 0n, ...INT });

// Unsigned wins at equal width, the wider type otherwise (C11 6.3.1.8).
function common(a: Constant, b: Constant): { bits: 32 | 64; isSigned: boolean } {
  if (a.bits === b.bits) return { bits: a.bits, isSigned: a.isSigned && b.isSigned };
  return a.bits > b.bits ? a : b;
}

type IntegerExpression = Extract<Expression, { kind: 'integer' }>;

// The first type of C11 6.4.4.1's table that holds the value.
function integerConstant(literal: IntegerExpression, { longBits, isWide }: Resolver): Constant {
  const { value, isUnsigned, longs, isDecimal } = literal;
  const fewest = isWide === true ? 64 : longs === 0 ? 32 : longs === 1 ? longBits : 64;
  for (const bits of [32, 64] as const) {
    if (bits < fewest) continue;
    if (!isUnsigned && value < 1n << BigInt(bits - 1)) return { value, bits, isSigned: true };
    if ((isUnsigned || !isDecimal) && value < 1n << BigInt(bits)) return { value, bits, isSigned: false };
  }
  return { value, bits: 64, isSigned: false };
}

/**
 * The value of a constant expression.
 * @throws whatever `resolver.fail` throws, where the expression has no integer value.
 */
export function evaluate(expression: Expression, resolver: Resolver): Constant {
  switch (expression.kind) {
    case 'integer':
      return integerConstant(expression, resolver);
    case 'character':
      return { value: BigInt(expression.value), ...INT };
    case 'string':
      return resolver.fail(expression, 'expected an integer, found a string');
    case 'name':
      return resolver.constantNamed(expression.name) ?? resolver.fail(expression, `'${expression.name}' is not a constant`);
    case 'unary': {
      const { value, bits, isSigned } = evaluate(expression.operand, resolver);
      if (expression.operator === '!') return truth(value === 0n);
      if (expression.operator === '-') return wrap(-value, bits, isSigned);
      return expression.operator === '~' ? wrap(~value, bits, isSigned) : { value, bits, isSigned };
    }
    case 'binary':
      return binary(expression, resolver);
    case 'conditional': {
      const test = evaluate(expression.test, resolver);
      const yes = evaluate(expression.yes, resolver);
      const no = evaluate(expression.no, resolver);
      const { bits, isSigned } = common(yes, no);
      return wrap(test.value !== 0n ? yes.value : no.value, bits, isSigned);
    }
    case 'cast':
      return resolver.cast(expression.type, evaluate(expression.operand, resolver).value);
    case 'sizeof':
      return wrap(resolver.sizeOf(expression.type), resolver.longBits, false);
    case 'alignof':
      return wrap(resolver.alignOf(expression.type), resolver.longBits, false);
    case 'sizeof-expression':
      return wrap(sizeOfExpression(expression.operand, resolver), resolver.longBits, false);
    case 'offsetof': {
      const path = expression.path.map((step) => (typeof step === 'string' ? step : evaluate(step, resolver).value));
      return wrap(resolver.offsetOf(expression.type, path), resolver.longBits, false);
    }
  }
}

function sizeOfExpression(operand: Expression, resolver: Resolver): bigint {
  if (operand.kind === 'string') return BigInt(encodeUtf8(operand.value).length + 1);
  if (operand.kind === 'name') {
    const size = resolver.sizeOfName(operand.name);
    if (size !== null) return size;
  }
  if (operand.kind === 'cast') return resolver.sizeOf(operand.type);
  return BigInt(evaluate(operand, resolver).bits / 8);
}

type BinaryExpression = Extract<Expression, { kind: 'binary' }>;

// A long chain of operators leans to the left: walked with a loop, or hostile text would overflow the stack.
function binary(expression: BinaryExpression, resolver: Resolver): Constant {
  const chain: BinaryExpression[] = [];
  let leftmost: Expression = expression;
  while (leftmost.kind === 'binary') {
    chain.push(leftmost);
    leftmost = leftmost.left;
  }
  let left = evaluate(leftmost, resolver);
  for (let node = chain.pop(); node !== undefined; node = chain.pop()) left = apply(node, left, resolver);
  return left;
}

function apply(node: BinaryExpression, left: Constant, resolver: Resolver): Constant {
  const { operator } = node;
  // What is not evaluated in C may be nonsense there, such as `0 && 1 / 0`.
  if (operator === '&&' && left.value === 0n) return truth(false);
  if (operator === '||' && left.value !== 0n) return truth(true);
  const right = evaluate(node.right, resolver);
  const { bits, isSigned } = common(left, right);
  const a = wrap(left.value, bits, isSigned).value;
  const b = wrap(right.value, bits, isSigned).value;
  if (operator === '<<' || operator === '>>') {
    const count = right.value & BigInt(left.bits - 1);
    return wrap(operator === '<<' ? left.value << count : left.value >> count, left.bits, left.isSigned);
  }
  if ((operator === '/' || operator === '%') && b === 0n) resolver.fail(node.right, 'division by zero');
  const result = arithmetic(operator, a, b);
  return typeof result === 'boolean' ? truth(result) : wrap(result, bits, isSigned);
}

function arithmetic(operator: Exclude<BinaryOperator, '<<' | '>>'>, a: bigint, b: bigint): bigint | boolean {
  switch (operator) {
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '|':
      return a | b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '&&':
      return b !== 0n;
    case '||':
      return b !== 0n;
  }
}
