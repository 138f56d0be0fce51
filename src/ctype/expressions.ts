/**
 * What expressions are in C's types: the answers that the evaluator of constants asks for, and `typeof`.
 * @module
 */
import {
  type BaseType,
  type Constant,
  type Dialect,
  evaluate,
  type Expression,
  type GenericCase,
  type Range,
  type Resolver,
  type StringElement,
  type TypeName,
  type Value,
  valueOrNull,
} from '../cparser/index.ts';
import { leastAlign } from './placer.ts';
import { constantsOf, fieldsOf, follow, isRecord } from './lookup.ts';
import type { Namespace } from './namespace.ts';
import { printType } from './print.ts';
import type { CType } from './types.ts';

/** What resolves the type names in expressions, and raises. */
export interface ExpressionContext {
  readonly dialect: Dialect;
  readonly space: Namespace;
  typeName(name: TypeName): CType;
  fail(at: Range, reason: string): never;
}

export class ExpressionTypes implements Resolver {
  readonly longBits: 32 | 64;
  readonly sizeBits: 32 | 64;
  readonly charIsUnsigned: boolean;
  readonly #context: ExpressionContext;
  readonly #space: Namespace;

  constructor(context: ExpressionContext) {
    this.#context = context;
    this.#space = context.space;
    this.charIsUnsigned = !context.space.types.abi.charIsSigned;
    const { abi } = context.space.types;
    this.longBits = abi.longSize === 8 ? 64 : 32;
    this.sizeBits = abi.pointerSize === 8 ? 64 : 32;
    // The evaluator makes quiet copies of its resolver, which own no private members.
    this.constantNamed = this.constantNamed.bind(this);
    this.sizeOf = this.sizeOf.bind(this);
    this.alignOf = this.alignOf.bind(this);
    this.sizeOfExpression = this.sizeOfExpression.bind(this);
    this.alignOfExpression = this.alignOfExpression.bind(this);
    this.constantMember = this.constantMember.bind(this);
    this.offsetOf = this.offsetOf.bind(this);
    this.addressOf = this.addressOf.bind(this);
    this.areCompatible = this.areCompatible.bind(this);
    this.selectCase = this.selectCase.bind(this);
    this.cast = this.cast.bind(this);
    this.fail = this.fail.bind(this);
  }

  fail(at: Range, reason: string): never {
    return this.#context.fail(at, reason);
  }

  // ---- for the evaluator

  constantNamed(name: string): Constant | null {
    const named = this.#space.lookup(name);
    if (named?.kind !== 'constant') return null;
    return promoted(BigInt(named.value), named.type);
  }

  sizeOf(type: TypeName): bigint {
    return this.#sizeOf(this.#context.typeName(type), type);
  }

  alignOf(typeName: TypeName, isPreferred: boolean): bigint {
    return this.#alignOf(this.#context.typeName(typeName), isPreferred);
  }

  alignOfExpression(operand: Expression, isPreferred: boolean): bigint | null {
    const type = this.typeOf(operand);
    return type === null ? null : this.#alignOf(type, isPreferred);
  }

  #alignOf(type: CType, isPreferred: boolean): bigint {
    return BigInt(isPreferred ? type.align : leastAlign(type, this.#space.types.abi));
  }

  sizeOfExpression(operand: Expression): bigint | null {
    const type = this.typeOf(operand);
    return type === null ? null : this.#sizeOf(type, operand);
  }

  // gcc ("Arithmetic on void- and Function-Pointers"): 1 for what has no size in C.
  #sizeOf(type: CType, at: Range): bigint {
    const isSizeless = type.kind === 'void' || type.kind === 'function';
    return isSizeless && this.#context.dialect === 'gcc' ? 1n : BigInt(this.knownSize(type, at));
  }

  constantMember({ object, name, isArrow }: Expression & { kind: 'member' }): Constant | null {
    const record = this.#recordOf(object, isArrow);
    const value = record === null ? undefined : constantsOf(record).get(name);
    // As LuaJIT types them: `int` where it holds the value.
    return value === undefined
      ? null
      : promoted(BigInt(value), this.#space.types.base(BigInt.asIntN(32, BigInt(value)) === BigInt(value) ? 'int' : 'long long'));
  }

  offsetOf(typeName: TypeName, path: readonly (string | bigint)[]): bigint {
    const type = this.#context.typeName(typeName);
    const target = follow(
      type,
      path.map((step) => (typeof step === 'bigint' ? Number(step) : step)),
    );
    if (typeof target === 'string') this.fail(typeName, `${printType(type)}: ${target}`);
    if (target.bits !== null) this.fail(typeName, "'offsetof' of a bit-field");
    return BigInt(target.offset);
  }

  areCompatible(left: TypeName, right: TypeName): boolean {
    const { types } = this.#space;
    return types.unqualified(this.#context.typeName(left)) === types.unqualified(this.#context.typeName(right));
  }

  selectCase(control: Expression, cases: readonly GenericCase[]): Expression | null {
    const { types } = this.#space;
    const type = this.typeOf(control);
    if (type === null) return null;
    const wanted = types.unqualified(type.kind === 'array' ? types.pointer(type.element) : type);
    const match = cases.find((one) => one.type !== null && this.#context.typeName(one.type) === wanted);
    return (match ?? cases.find((one) => one.type === null))?.value ?? null;
  }

  cast(typeName: TypeName, value: bigint | number): Value {
    const type = this.#context.typeName(typeName);
    if (type.kind === 'float') return type.size === 4 ? Math.fround(Number(value)) : Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) this.fail(typeName, `cast of ${value} to '${printType(type)}'`);
    const integer = typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
    if (type.kind === 'pointer') return { value: BigInt.asUintN(this.sizeBits, integer), bits: this.sizeBits, isSigned: false };
    const isInteger = type.kind === 'integer' || type.kind === 'bool' || type.kind === 'enum';
    if (!isInteger || type.size === null || type.size > 8) this.fail(typeName, `cast to '${printType(type)}' in a constant expression`);
    if (type.kind === 'bool') return promoted(value === 0 || value === 0n ? 0n : 1n, type);
    return promoted(convertedInteger(type, integer), type);
  }

  /** `&((struct s *)0)->member`: where a chain of members starts from a constant pointer. */
  addressOf(operand: Expression): bigint | null {
    switch (operand.kind) {
      case 'unary':
        return operand.operator === '*' ? evaluate(operand.operand, this).value : null;
      case 'member': {
        const base = operand.isArrow ? evaluate(operand.object, this).value : this.addressOf(operand.object);
        const record = this.#recordOf(operand.object, operand.isArrow);
        const field = record === null ? undefined : fieldsOf(record).get(operand.name);
        return base === null || field === undefined || field.bits !== null ? null : base + BigInt(field.offset);
      }
      case 'index': {
        const base = this.addressOf(operand.object);
        const array = this.typeOf(operand.object);
        if (base === null || array?.kind !== 'array') return null;
        return base + evaluate(operand.index, this).value * BigInt(array.element.size ?? 0);
      }
      default:
        return null;
    }
  }

  /** The size of a complete type. */
  knownSize(type: CType, at: Range): number {
    if (type.size === null) this.fail(at, `the size of '${printType(type)}' is not known`);
    return type.size;
  }

  // ---- types of expressions

  #recordOf(object: Expression, isArrow: boolean): (CType & { kind: 'struct' | 'union' }) | null {
    const type = this.typeOf(object);
    const record = isArrow && type !== null ? (type.kind === 'pointer' ? type.target : type.kind === 'array' ? type.element : null) : type;
    return record !== null && isRecord(record) ? record : null;
  }

  /** The type an expression has (C11 6.5); null where that is not known at compile time. */
  typeOf(expression: Expression): CType | null {
    const { types } = this.#space;
    switch (expression.kind) {
      case 'name': {
        const named = this.#space.lookup(expression.name);
        return named === null || named.kind === 'typedef' ? null : named.type;
      }
      case 'string':
        return types.array(this.#stringElement(expression.element), expression.length);
      case 'float':
        return types.base(expression.type);
      case 'integer': {
        // Of the types that are 64 bits wide, the one that was asked for.
        const { isSigned } = evaluate(expression, this);
        return expression.longs === 2 ? types.base(isSigned ? 'long long' : 'unsigned long long') : this.#typeOfValue(expression);
      }
      case 'cast':
      case 'compound-literal':
        return this.#context.typeName(expression.type);
      case 'comma':
        return this.typeOf(expression.right);
      case 'member': {
        const record = this.#recordOf(expression.object, expression.isArrow);
        return record === null ? null : (fieldsOf(record).get(expression.name)?.type ?? null);
      }
      case 'index':
        return this.#pointed(this.typeOf(expression.object));
      case 'call': {
        const callee = this.typeOf(expression.callee);
        const called = callee?.kind === 'pointer' ? callee.target : callee;
        return called?.kind === 'function' ? called.result : this.#typeOfValue(expression);
      }
      case 'unary': {
        if (expression.operator === '*') return this.#pointed(this.typeOf(expression.operand));
        const operand = this.typeOf(expression.operand);
        if (expression.operator === '&') return operand === null ? null : types.pointer(operand);
        return operand === null || expression.operator === '!' ? types.base('int') : this.#promotedType(operand);
      }
      case 'conditional':
        return this.#typeOfConditional(expression.yes, expression.no);
      case 'binary':
        return this.#typeOfBinary(expression);
      case 'opaque':
        return null;
      default:
        return this.#typeOfValue(expression);
    }
  }

  // C11 6.5.15p6: beside a null pointer constant the other arm's pointer, else `void *` beside any other pointer.
  #typeOfConditional(yes: Expression, no: Expression): CType | null {
    const [left, right] = [this.typeOf(yes), this.typeOf(no)];
    if (left?.kind !== 'pointer' || right?.kind !== 'pointer') return this.#usualType(left, right);
    if (left.target.kind === 'void') return this.#isNullPointerConstant(yes) ? right : left;
    return right.target.kind === 'void' && !this.#isNullPointerConstant(no) ? right : left;
  }

  // C11 6.3.2.3p3: an integer constant expression of value 0, cast to `void *`.
  #isNullPointerConstant(expression: Expression): boolean {
    if (expression.kind !== 'cast') return false;
    const type = this.#context.typeName(expression.type);
    const isPlain = type.kind === 'pointer' && type.target.kind === 'void' && !type.target.isConst && !type.target.isVolatile;
    const value = isPlain ? valueOrNull(expression.operand, this) : null;
    return typeof value === 'object' && value?.value === 0n;
  }

  // A long chain of operators leans to the left: walked with a loop, or hostile text would overflow the stack.
  #typeOfBinary(expression: Expression & { kind: 'binary' }): CType | null {
    const chain: (Expression & { kind: 'binary' })[] = [];
    let leftmost: Expression = expression;
    while (leftmost.kind === 'binary') {
      chain.push(leftmost);
      leftmost = leftmost.left;
    }
    let type = this.typeOf(leftmost);
    for (const { operator, right } of chain.reverse()) {
      if (/^(?:[<>]=?|[=!]=|&&|\|\|)$/.test(operator)) type = this.#space.types.base('int');
      // C11 6.5.7p3: a shift has the type of what is shifted.
      else if (operator === '<<' || operator === '>>') type = type === null ? null : this.#promotedType(type);
      else type = this.#usualType(type, this.typeOf(right));
    }
    return type;
  }

  #stringElement(element: StringElement): CType {
    const { types } = this.#space;
    if (element === 'wchar_t') return types.base(types.abi.wcharType);
    return types.base(element === 'char16_t' ? 'unsigned short' : element === 'char32_t' ? 'unsigned int' : 'char');
  }

  #pointed(type: CType | null): CType | null {
    if (type?.kind === 'pointer') return type.target;
    return type?.kind === 'array' ? type.element : null;
  }

  // Of constants, by their value.
  #typeOfValue(expression: Expression): CType | null {
    const { bits, isSigned } = evaluate(expression, this);
    return this.#space.types.integerOfSize(bits === 32 ? 4 : 8, isSigned);
  }

  #promotedType(type: CType): CType {
    const isSmall = (type.kind === 'integer' || type.kind === 'bool') && type.size < 4;
    return isSmall || type.kind === 'enum' ? this.#space.types.base('int') : type;
  }

  // The usual arithmetic conversions; with a pointer or array on one side, that pointer.
  #usualType(left: CType | null, right: CType | null): CType | null {
    const { types } = this.#space;
    if (left === null || right === null) return left ?? right;
    for (const side of [left, right]) {
      if (side.kind === 'pointer') return side;
      if (side.kind === 'array') return types.pointer(side.element);
      if (side.kind === 'struct' || side.kind === 'union') return side;
    }
    const [a, b] = [this.#promotedType(left), this.#promotedType(right)];
    if (a.kind === 'float' || a.kind === 'complex') return b.kind === a.kind && (b.size ?? 0) > (a.size ?? 0) ? b : a;
    if (b.kind === 'float' || b.kind === 'complex') return b;
    if (a.size !== b.size) return (a.size ?? 0) > (b.size ?? 0) ? a : b;
    // Of types of one size the one of higher rank, unsigned if either is (C11 6.3.1.8).
    if (a.kind !== 'integer' || b.kind !== 'integer' || a.size === 4) return b.kind === 'integer' && !b.isSigned ? b : a;
    const isSigned = a.isSigned && b.isSigned;
    const name = [a.name, b.name].some((one) => one.endsWith('long long')) ? 'long long' : a.name.replace(/^unsigned /, '');
    return types.base((isSigned ? name : `unsigned ${name}`) as BaseType);
  }
}

/** `value` as a variable of an integer or enum type holds it. */
export function convertedInteger(type: CType, value: bigint): bigint {
  const bits = (type.size as number) * 8;
  return isSignedType(type) ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function isSignedType(type: CType): boolean {
  return type.kind === 'integer' ? type.isSigned : type.kind === 'enum' && type.definition.layout?.isSigned === true;
}

// C11 6.3.1.1p2: narrower integers become int.
function promoted(value: bigint, type: CType): Constant {
  const size = type.size as number;
  if (size < 4 || type.kind === 'bool') return { value, bits: 32, isSigned: true };
  return { value, bits: size === 4 ? 32 : 64, isSigned: isSignedType(type) };
}
