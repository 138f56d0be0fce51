/**
 * Operations that may end in a metamethod. In a coroutine these answer that something is pending, as it may yield.
 * @module
 */
import { Indexing } from '../runtime/indexing.ts';
import { type ArithmeticEvent, isCData, Operators } from '../runtime/operators.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaTable } from '../runtime/table.ts';
import { type Activation, type CallFrame, firstName, secondName } from './activation.ts';
import { type BOUNDS, Op, WIDTH } from './code.ts';

const EVENTS: Readonly<Record<number, ArithmeticEvent>> = {
  [Op.ADD]: '__add',
  [Op.SUB]: '__sub',
  [Op.MUL]: '__mul',
  [Op.DIV]: '__div',
  [Op.MOD]: '__mod',
  [Op.POW]: '__pow',
  [Op.UNM]: '__unm',
};

/** What the loop leaves to the runtime. Each names its operands in errors as the instruction before the frame's `pc` has them. */
export class SlowPaths {
  readonly #state: LuaState;
  readonly #indexing: Indexing;
  readonly #operators: Operators;

  constructor(state: LuaState) {
    this.#state = state;
    this.#indexing = new Indexing(state);
    this.#operators = new Operators(state);
  }

  // Whether an operation on these may end in a metamethod.
  #mayCall(left: unknown, right?: unknown): boolean {
    const state = this.#state;
    return state.metatableOf(left) !== null || state.metatableOf(right) !== null || isCData(left) || isCData(right);
  }

  index(activation: Activation, object: unknown, key: unknown): unknown {
    if (object instanceof LuaTable) {
      const value = object.get(key);
      if (value !== undefined || object.mt === null) return value;
    }
    const name = nameAt(activation, firstName);
    if (activation.isTwin && this.#mayCall(object)) return activation.suspend(this.#indexing.indexTwin(object, key, name));
    return this.#indexing.index(object, key, name);
  }

  setField(activation: Activation, object: unknown, key: string, value: unknown): unknown {
    const name = nameAt(activation, firstName);
    if (activation.isTwin && this.#mayCall(object)) return activation.suspend(this.#indexing.setFieldTwin(object, key, value, name));
    this.#indexing.setField(object, key, value, name);
    return undefined;
  }

  setIndex(activation: Activation, object: unknown, key: unknown, value: unknown): unknown {
    const name = nameAt(activation, firstName);
    if (activation.isTwin && this.#mayCall(object)) return activation.suspend(this.#indexing.setIndexTwin(object, key, value, name));
    this.#indexing.setIndex(object, key, value, name);
    return undefined;
  }

  arithmetic(activation: Activation, op: number, left: unknown, right: unknown): unknown {
    const event = EVENTS[op] as ArithmeticEvent;
    const names = [nameAt(activation, firstName), nameAt(activation, secondName)] as const;
    if (activation.isTwin && this.#mayCall(left, right))
      return activation.suspend(this.#operators.arithmeticTwin(event, left, right, ...names));
    return this.#operators.arithmetic(event, left, right, ...names);
  }

  concat(activation: Activation, left: unknown, right: unknown): unknown {
    const names = [nameAt(activation, firstName), nameAt(activation, secondName)] as const;
    if (activation.isTwin && this.#mayCall(left, right)) return activation.suspend(this.#operators.concatTwin(left, right, ...names));
    return this.#operators.concat(left, right, ...names);
  }

  length(activation: Activation, value: unknown): unknown {
    const name = nameAt(activation, firstName);
    if (activation.isTwin && this.#mayCall(value)) return activation.suspend(this.#operators.lengthTwin(value, name));
    return this.#operators.length(value, name);
  }

  equals(activation: Activation, left: unknown, right: unknown): unknown {
    if (activation.isTwin && this.#mayCall(left, right)) return activation.suspend(this.#operators.equalsTwin(left, right));
    return this.#operators.equals(left, right);
  }

  less(activation: Activation, left: unknown, right: unknown): unknown {
    if (activation.isTwin && this.#mayCall(left, right)) return activation.suspend(this.#operators.lessTwin(left, right));
    return this.#operators.less(left, right);
  }

  lessOrEqual(activation: Activation, left: unknown, right: unknown): unknown {
    if (activation.isTwin && this.#mayCall(left, right)) return activation.suspend(this.#operators.lessOrEqualTwin(left, right));
    return this.#operators.lessOrEqual(left, right);
  }

  /** A bound of a numeric loop. */
  bound(value: unknown, what: (typeof BOUNDS)[number]): number {
    return this.#operators.bound(value, what);
  }
}

/** What an instruction calls an operand. */
export function nameAt({ frame }: Activation, nameOf: (names: readonly string[], place: number) => string): string {
  const { closure, pc } = frame as CallFrame;
  return nameOf(closure.prototype.names, pc - WIDTH);
}
