/**
 * The one evaluator of constant expressions, with C's integer types and conversions (C11 6.3.1, 6.5, 6.6).
 * It asks a resolver for names and sizes, so that it can serve `#if`, array lengths and enumerators alike.
 * @module
 */
import { CdefError } from '../util/errors.ts';
import type { BinaryOperator, Expression, GenericCase, TypeName } from './ast.ts';

/** An integer and its C type: 32 or 64 bits, signed or not. Narrower operands are promoted before they get here. */
export interface Constant {
  readonly value: bigint;
  readonly bits: 32 | 64;
  readonly isSigned: boolean;
}

/** What an expression's value can be: an integer, or a floating number on its way to one. */
export type Value = Constant | number;

/** What constant expressions may refer to. `null` means: not known, or no constant. */
export interface Resolver {
  /** Bits of a `long`. */
  readonly longBits: 32 | 64;
  /** Of `size_t`. */
  readonly sizeBits: 32 | 64;
  /** In `#if`, every integer has 64 bits (C11 6.10.1p4). */
  readonly isWide?: boolean;
  /** Whether `'\xff'` is 255 rather than -1. */
  readonly charIsUnsigned?: boolean;
  constantNamed(name: string): Constant | null;
  sizeOf(type: TypeName): bigint;
  alignOf(type: TypeName, isPreferred: boolean): bigint;
  /** The size of what an expression is, which is not evaluated; null where that is not known. */
  sizeOfExpression(operand: Expression): bigint | null;
  /** The alignment of the type an expression has; null where that is not known. */
  alignOfExpression(operand: Expression, isPreferred: boolean): bigint | null;
  /** `object.name` where that is a constant of the struct, as LuaJIT has them; null where it is none. */
  constantMember(expression: Expression & { kind: 'member' }): Constant | null;
  offsetOf(type: TypeName, path: readonly (string | bigint)[]): bigint;
  /** The address that `&operand` is, as in `&((struct s *)0)->member`; null where it is none at compile time. */
  addressOf(operand: Expression): bigint | null;
  areCompatible(left: TypeName, right: TypeName): boolean;
  /** The case of `_Generic` that applies; null where the control expression's type is not known. */
  selectCase(control: Expression, cases: readonly GenericCase[]): Expression | null;
  /** `value` converted to an arithmetic type or a pointer. */
  cast(type: TypeName, value: bigint | number): Value;
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

const INT_END = 1n << 31n;
const WIDTHS = ([32, 64] as const).map((bits) => ({ bits, half: 1n << BigInt(bits - 1), end: 1n << BigInt(bits) }));

// The first type of C11 6.4.4.1's table that holds the value.
function integerConstant(literal: IntegerExpression, { longBits, isWide }: Resolver): Constant {
  const { value, isUnsigned, longs, isDecimal } = literal;
  const fewest = isWide === true ? 64 : longs === 0 ? 32 : longs === 1 ? longBits : 64;
  // What most literals are.
  if (fewest === 32 && !isUnsigned && value < INT_END) return { value, bits: 32, isSigned: true };
  for (const { bits, half, end } of WIDTHS) {
    if (bits < fewest) continue;
    if (!isUnsigned && value < half) return { value, bits, isSigned: true };
    if ((isUnsigned || !isDecimal) && value < end) return { value, bits, isSigned: false };
  }
  return { value, bits: 64, isSigned: false };
}

/**
 * The value of a constant expression.
 * @throws whatever `resolver.fail` throws, where the expression has no integer value.
 */
export function evaluate(expression: Expression, resolver: Resolver): Constant {
  const value = evaluateAny(expression, resolver);
  return typeof value === 'number' ? resolver.fail(expression, `expected an integer, found the floating value ${value}`) : value;
}

function evaluateAny(expression: Expression, resolver: Resolver): Value {
  const size = (value: bigint): Constant => wrap(value, resolver.sizeBits, false);
  switch (expression.kind) {
    case 'integer':
      return integerConstant(expression, resolver);
    case 'float':
      return expression.value;
    case 'character':
      return {
        value: BigInt(
          resolver.charIsUnsigned === true && expression.value >= -128 && expression.value < 0 ? expression.value + 256 : expression.value,
        ),
        ...INT,
      };
    case 'string':
      return resolver.fail(expression, 'expected an integer, found a string');
    case 'name':
      return resolver.constantNamed(expression.name) ?? resolver.fail(expression, `'${expression.name}' is not a constant`);
    case 'unary':
      return unary(expression, resolver);
    case 'binary':
      return binary(expression, resolver);
    case 'conditional':
      return conditional(expression, resolver);
    case 'comma':
      // Accepted as in LuaJIT, which takes no calls either.
      if (expression.left.kind === 'call') evaluateAny(expression.left, resolver);
      return evaluateAny(expression.right, resolver);
    case 'cast': {
      const value = evaluateAny(expression.operand, resolver);
      return resolver.cast(expression.type, typeof value === 'number' ? value : value.value);
    }
    case 'sizeof':
      return size(resolver.sizeOf(expression.type));
    case 'alignof':
      return size(resolver.alignOf(expression.type, expression.isPreferred));
    case 'sizeof-expression':
      return size(resolver.sizeOfExpression(expression.operand) ?? BigInt(evaluate(expression.operand, resolver).bits / 8));
    case 'alignof-expression':
      return size(resolver.alignOfExpression(expression.operand, expression.isPreferred) ?? resolver.fail(expression, 'expected a type'));
    case 'offsetof': {
      const path = expression.path.map((step) => (typeof step === 'string' ? step : evaluate(step, resolver).value));
      return size(resolver.offsetOf(expression.type, path));
    }
    case 'types-compatible':
      return truth(resolver.areCompatible(expression.left, expression.right));
    case 'generic': {
      const chosen = resolver.selectCase(expression.control, expression.cases);
      return chosen === null ? resolver.fail(expression, 'no constant expression') : evaluateAny(chosen, resolver);
    }
    case 'call':
      return builtin(expression, resolver);
    case 'opaque':
      return resolver.fail(expression, `expected a constant expression, found ${expression.what}`);
    case 'member':
      return resolver.constantMember(expression) ?? resolver.fail(expression, 'expected a constant expression');
    case 'index':
    case 'compound-literal':
      return resolver.fail(expression, 'expected a constant expression');
  }
}

type Of<Kind> = Extract<Expression, { kind: Kind }>;

function unary(expression: Of<'unary'>, resolver: Resolver): Value {
  const { operator, operand } = expression;
  if (operator === '&') {
    const address = resolver.addressOf(operand);
    return address === null ? resolver.fail(expression, 'expected a constant expression') : wrap(address, resolver.sizeBits, false);
  }
  if (operator === '*') return resolver.fail(expression, 'expected a constant expression');
  const value = evaluateAny(operand, resolver);
  if (operator === '!') return truth(typeof value === 'number' ? value === 0 : value.value === 0n);
  if (typeof value === 'number')
    return operator === '~' ? resolver.fail(expression, "'~' of a floating value") : operator === '-' ? -value : value;
  if (operator === '+') return value;
  return wrap(operator === '-' ? -value.value : ~value.value, value.bits, value.isSigned);
}

// Only one arm is evaluated; the other has a say in the type, if it has a value.
function conditional({ test, yes, no }: Of<'conditional'>, resolver: Resolver): Value {
  const isTrue = isNotZero(evaluateAny(test, resolver));
  const value = evaluateAny(isTrue ? yes : no, resolver);
  const other = valueOrNull(isTrue ? no : yes, resolver);
  if (typeof value === 'number' || other === null) return value;
  if (typeof other === 'number') return Number(value.value);
  const { bits, isSigned } = common(value, other);
  return wrap(value.value, bits, isSigned);
}

class NoValue extends Error {}

/** The value of an expression, or null where it is no constant one. */
export function valueOrNull(expression: Expression, resolver: Resolver): Value | null {
  const fail = (): never => {
    throw new NoValue();
  };
  try {
    return evaluateAny(expression, { ...resolver, fail });
  } catch (error) {
    // Names and types inside may be unknown, which the resolver reports in its own way.
    if (error instanceof NoValue || error instanceof CdefError) return null;
    throw error;
  }
}

function isNotZero(value: Value): boolean {
  return typeof value === 'number' ? value !== 0 : value.value !== 0n;
}

// gcc's functions that are constant for constant arguments.
function builtin(expression: Of<'call'>, resolver: Resolver): Value {
  const { callee, args } = expression;
  const name = callee.kind === 'name' ? callee.name : '';
  const [first, second, third] = args;
  if (first === undefined) return resolver.fail(expression, 'expected a constant expression, found a call');
  if (name === '__builtin_constant_p') return truth(valueOrNull(first, resolver) !== null);
  if (name === '__builtin_expect') return evaluateAny(first, resolver);
  if (name === '__builtin_choose_expr' && second !== undefined && third !== undefined) {
    return evaluateAny(isNotZero(evaluateAny(first, resolver)) ? second : third, resolver);
  }
  const match = /^__builtin_(clz|ctz|ffs|popcount|parity|bswap)(ll|l|16|32|64)?$/.exec(name);
  if (match === null) return resolver.fail(expression, 'expected a constant expression, found a call');
  const [, operation, suffix] = match;
  const bits = operation === 'bswap' ? Number(suffix) : suffix === undefined || (suffix === 'l' && resolver.longBits === 32) ? 32 : 64;
  const value = BigInt.asUintN(bits, evaluate(first, resolver).value);
  const digits = value.toString(2).padStart(bits, '0');
  const ones = digits.replaceAll('0', '').length;
  const trailing = bits - 1 - digits.lastIndexOf('1');
  switch (operation) {
    case 'clz':
      return { value: BigInt(digits.indexOf('1') < 0 ? bits : digits.indexOf('1')), ...INT };
    case 'ctz':
      return { value: BigInt(trailing), ...INT };
    case 'ffs':
      return { value: value === 0n ? 0n : BigInt(trailing + 1), ...INT };
    case 'popcount':
      return { value: BigInt(ones), ...INT };
    case 'parity':
      return { value: BigInt(ones % 2), ...INT };
    default:
      return wrap(swapped(value, bits), bits === 64 ? 64 : 32, bits === 16);
  }
}

function swapped(value: bigint, bits: number): bigint {
  let result = 0n;
  for (let i = 0; i < bits; i += 8) result = (result << 8n) | ((value >> BigInt(i)) & 0xffn);
  return result;
}

// A long chain of operators leans to the left: walked with a loop, or hostile text would overflow the stack.
function binary(expression: Of<'binary'>, resolver: Resolver): Value {
  const chain: Of<'binary'>[] = [];
  let leftmost: Expression = expression;
  while (leftmost.kind === 'binary') {
    chain.push(leftmost);
    leftmost = leftmost.left;
  }
  let left = evaluateAny(leftmost, resolver);
  for (let node = chain.pop(); node !== undefined; node = chain.pop()) left = apply(node, left, resolver);
  return left;
}

function apply(node: Of<'binary'>, left: Value, resolver: Resolver): Value {
  const { operator } = node;
  // What is not evaluated in C may be nonsense there, such as `0 && 1 / 0`.
  if (operator === '&&' && !isNotZero(left)) return truth(false);
  if (operator === '||' && isNotZero(left)) return truth(true);
  const right = evaluateAny(node.right, resolver);
  if (typeof left === 'number' || typeof right === 'number') {
    const number = (value: Value): number => (typeof value === 'number' ? value : Number(value.value));
    const answer = truthOf(operator, number(left), number(right));
    if (answer !== null) return truth(answer);
    return floating(operator, number(left), number(right)) ?? resolver.fail(node, `'${operator}' of a floating value`);
  }
  const { bits, isSigned } = common(left, right);
  const a = wrap(left.value, bits, isSigned).value;
  const b = wrap(right.value, bits, isSigned).value;
  if (operator === '<<' || operator === '>>') {
    const count = right.value & BigInt(left.bits - 1);
    return wrap(operator === '<<' ? left.value << count : left.value >> count, left.bits, left.isSigned);
  }
  if ((operator === '/' || operator === '%') && b === 0n) resolver.fail(node.right, 'division by zero');
  const answer = truthOf(operator, a, b);
  return answer === null ? wrap(integral(operator, a, b), bits, isSigned) : truth(answer);
}

// What integers and floating values share: null for an operator that is none of these.
function truthOf(operator: BinaryOperator, a: bigint | number, b: bigint | number): boolean | null {
  switch (operator) {
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
    // The left side has been seen to leave the answer to the right one.
    case '&&':
    case '||':
      return Boolean(b);
    default:
      return null;
  }
}

function integral(operator: BinaryOperator, a: bigint, b: bigint): bigint {
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
    default:
      throw new Error(`bug in cdef: unexpected operator ${operator}`);
  }
}

// Null for operators that only integers have.
function floating(operator: BinaryOperator, a: number, b: number): number | null {
  switch (operator) {
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    default:
      return null;
  }
}
