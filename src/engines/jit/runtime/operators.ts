/**
 * Operators where the compiled text's own quick way does not apply: strings as numbers, metamethods, cdata, errors. Each has a twin for
 * coroutines, as metamethods may yield: a `find` step answers the result, or `PENDING` where a handler is to be called.
 * @module
 */
import { CData, CTypeObject } from '../../../ffi/index.ts';
import { formatNumber, numberOfString } from '../../../lua/index.ts';
import { fault } from './errors.ts';
import { type Fields, LuaTable } from './table.ts';
import type { LuaState } from './state.ts';
import { isTrue, LuaUserdata, typeOf } from './values.ts';

/** There is a handler to call, which those hold that answer this. */
export const PENDING: unique symbol = Symbol('pending');

export type ArithmeticEvent = '__add' | '__sub' | '__mul' | '__div' | '__mod' | '__pow' | '__unm';

/** `a % b` as Lua has it: of the divisor's sign. Small integers stay such to V8. */
export function modulo(a: number, b: number): number {
  if ((a | 0) === a && a >= 0 && (b | 0) === b && b > 0) return (a | 0) % b;
  return a - Math.floor(a / b) * b;
}

/** `a ^ b` as C's `pow` has it: unlike JavaScript, 1 to any power is 1, and so is -1 to an infinite one. */
export function power(a: number, b: number): number {
  return a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) ? 1 : a ** b;
}

const OPERATIONS: Readonly<Record<ArithmeticEvent, (a: number, b: number) => number>> = {
  __add: (a, b) => a + b,
  __sub: (a, b) => a - b,
  __mul: (a, b) => a * b,
  __div: (a, b) => a / b,
  __mod: modulo,
  __pow: power,
  __unm: (a) => -a,
};

/** The number that a value is to arithmetic; undefined where it is none. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (numberOfString(value) ?? undefined) : undefined;
}

/** A number as text. */
export function numberText(value: number): string {
  return (value | 0) === value && value !== 0 ? `${value}` : formatNumber(value);
}

export function isCData(value: unknown): value is CData | CTypeObject {
  return value instanceof CData || value instanceof CTypeObject;
}

/** A value as messages call it. */
export function described(value: unknown, name: string): string {
  const type = typeOf(value);
  return name === '' ? `a ${type} value` : `${name} (a ${type} value)`;
}

export class Operators {
  readonly #state: LuaState;
  #handler: unknown = undefined;
  #left: unknown = undefined;
  #right: unknown = undefined;

  constructor(state: LuaState) {
    this.#state = state;
  }

  #pending(handler: unknown, left: unknown, right: unknown): typeof PENDING {
    this.#handler = handler;
    this.#left = left;
    this.#right = right;
    return PENDING;
  }

  #call(): unknown {
    return this.#state.calls.call1(this.#handler, this.#left, this.#right);
  }

  // What a `find` step answers, or the handler that it leads to.
  *#finished(find: () => unknown): Generator<unknown, unknown, unknown> {
    const { calls, deferral } = this.#state;
    const found = deferral.during(find);
    const deferred = deferral.take();
    if (deferred !== null) return yield* calls.call1Twin(deferred.callee, ...deferred.args);
    return found === PENDING ? yield* calls.call1Twin(this.#handler, this.#left, this.#right) : found;
  }

  // ---- arithmetic

  #arithmetic(event: ArithmeticEvent, left: unknown, right: unknown, leftName: string, rightName: string): unknown {
    const { cdata } = this.#state;
    if (cdata !== null && (isCData(left) || isCData(right))) return cdata.arithmetic(event, left, right);
    const a = toNumber(left);
    const b = toNumber(right);
    if (a !== undefined && b !== undefined) return OPERATIONS[event](a, b);
    const handler = this.#state.metamethod(left, event) ?? this.#state.metamethod(right, event);
    if (handler !== undefined) return this.#pending(handler, left, right);
    const text = a === undefined ? described(left, leftName) : described(right, rightName);
    throw fault(`attempt to perform arithmetic on ${text}`);
  }

  /** Names are what messages call the operands: `local 'x'`, or nothing. */
  arithmetic(event: ArithmeticEvent, left: unknown, right: unknown, leftName = '', rightName = ''): unknown {
    const found = this.#arithmetic(event, left, right, leftName, rightName);
    return found === PENDING ? this.#call() : found;
  }

  *arithmeticTwin(
    event: ArithmeticEvent,
    left: unknown,
    right: unknown,
    leftName = '',
    rightName = '',
  ): Generator<unknown, unknown, unknown> {
    return yield* this.#finished(() => this.#arithmetic(event, left, right, leftName, rightName));
  }

  // ---- concatenation and length

  #concat(left: unknown, right: unknown, leftName: string, rightName: string): unknown {
    const isLeft = typeof left === 'string' || typeof left === 'number';
    if (isLeft && (typeof right === 'string' || typeof right === 'number')) return text(left) + text(right);
    const { cdata } = this.#state;
    if (cdata !== null && (isCData(left) || isCData(right))) return cdata.concat(left, right);
    const handler = this.#state.metamethod(left, '__concat') ?? this.#state.metamethod(right, '__concat');
    if (handler !== undefined) return this.#pending(handler, left, right);
    throw fault(`attempt to concatenate ${isLeft ? described(right, rightName) : described(left, leftName)}`);
  }

  concat(left: unknown, right: unknown, leftName = '', rightName = ''): unknown {
    const found = this.#concat(left, right, leftName, rightName);
    return found === PENDING ? this.#call() : found;
  }

  *concatTwin(left: unknown, right: unknown, leftName = '', rightName = ''): Generator<unknown, unknown, unknown> {
    return yield* this.#finished(() => this.#concat(left, right, leftName, rightName));
  }

  #length(value: unknown, name: string): unknown {
    if (typeof value === 'string') return value.length;
    if (value instanceof LuaTable) return value.length();
    if (isCData(value) && this.#state.cdata !== null) return this.#state.cdata.length(value);
    const handler = this.#state.metamethod(value, '__len');
    if (handler !== undefined) return this.#pending(handler, value, undefined);
    throw fault(`attempt to get length of ${described(value, name)}`);
  }

  length(value: unknown, name = ''): unknown {
    const found = this.#length(value, name);
    return found === PENDING ? this.#call() : found;
  }

  *lengthTwin(value: unknown, name = ''): Generator<unknown, unknown, unknown> {
    return yield* this.#finished(() => this.#length(value, name));
  }

  // ---- equality and order

  // Tables and userdata only, both of which have the same handler (Lua 5.1 manual, 2.8).
  #equals(left: unknown, right: unknown): boolean | typeof PENDING {
    if (left === right) return true;
    if (left instanceof LuaTable ? !(right instanceof LuaTable) : !(left instanceof LuaUserdata && right instanceof LuaUserdata)) {
      return this.#state.cdata !== null && (isCData(left) || isCData(right)) ? this.#state.cdata.equals(left, right) : false;
    }
    const handler = this.#state.metamethod(left, '__eq');
    if (handler === undefined || handler !== this.#state.metamethod(right, '__eq')) return false;
    return this.#pending(handler, left, right);
  }

  equals(left: unknown, right: unknown): boolean {
    // Most often neither has a metamethod.
    if (left instanceof LuaTable && right instanceof LuaTable && (left.mt === null || (left.mt as unknown as Fields).$__eq === undefined))
      return left === right;
    const found = this.#equals(left, right);
    return found === PENDING ? isTrue(this.#call()) : found;
  }

  *equalsTwin(left: unknown, right: unknown): Generator<unknown, boolean, unknown> {
    return isTrue(yield* this.#finished(() => this.#equals(left, right)));
  }

  #less(event: '__lt' | '__le', left: unknown, right: unknown): boolean | typeof PENDING {
    if (typeof left === 'number' && typeof right === 'number') return event === '__lt' ? left < right : left <= right;
    if (typeof left === 'string' && typeof right === 'string') return event === '__lt' ? left < right : left <= right;
    const { cdata } = this.#state;
    if (cdata !== null && (isCData(left) || isCData(right))) return cdata.compare(event, left, right);
    const [leftType, rightType] = [typeOf(left), typeOf(right)];
    if (leftType === rightType) {
      const handler = this.#state.metamethod(left, event);
      if (handler !== undefined && handler === this.#state.metamethod(right, event)) return this.#pending(handler, left, right);
      throw fault(`attempt to compare two ${leftType} values`);
    }
    throw fault(`attempt to compare ${leftType} with ${rightType}`);
  }

  // `a <= b` is `not (b < a)` for those that have `__lt` only.
  #hasOnlyLess(left: unknown, right: unknown): boolean {
    const state = this.#state;
    if (isCData(left) || isCData(right) || typeOf(left) !== typeOf(right) || typeof left === 'number' || typeof left === 'string')
      return false;
    const handler = state.metamethod(left, '__le');
    return (handler === undefined || handler !== state.metamethod(right, '__le')) && state.metamethod(left, '__lt') !== undefined;
  }

  /** `left < right` */
  less(left: unknown, right: unknown): boolean {
    const found = this.#less('__lt', left, right);
    return found === PENDING ? isTrue(this.#call()) : found;
  }

  /** `left <= right` */
  lessOrEqual(left: unknown, right: unknown): boolean {
    if (this.#hasOnlyLess(left, right)) return !this.less(right, left);
    const found = this.#less('__le', left, right);
    return found === PENDING ? isTrue(this.#call()) : found;
  }

  *lessTwin(left: unknown, right: unknown): Generator<unknown, boolean, unknown> {
    return isTrue(yield* this.#finished(() => this.#less('__lt', left, right)));
  }

  *lessOrEqualTwin(left: unknown, right: unknown): Generator<unknown, boolean, unknown> {
    if (this.#hasOnlyLess(left, right)) return !(yield* this.lessTwin(right, left));
    return isTrue(yield* this.#finished(() => this.#less('__le', left, right)));
  }

  /** A bound of a numeric `for`; strings are numbers here. */
  bound(value: unknown, what: 'initial value' | 'limit' | 'step'): number {
    const number = toNumber(value);
    if (number === undefined) throw fault(`'for' ${what} must be a number`);
    return number;
  }
}

function text(value: string | number): string {
  return typeof value === 'string' ? value : numberText(value);
}
