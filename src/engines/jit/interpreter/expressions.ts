/**
 * Expressions as code: operands run in the order of Lua's text.
 * @module
 */
import type {
  BinaryOperator,
  BitOperator,
  CallExpression,
  Expression,
  FunctionNode,
  IndexExpression,
  MethodCallExpression,
  TableExpression,
} from '../ast.ts';
import { roomOf } from '../rooms.ts';
import { factoryUpvalues, isMulti } from '../tree.ts';
import { type Capture, Op, type Prototype } from './code.ts';
import { CodeWriter } from './writer.ts';

const OPERATIONS: Readonly<Partial<Record<BinaryOperator | BitOperator, Op>>> = {
  '+': Op.ADD,
  '-': Op.SUB,
  '*': Op.MUL,
  '/': Op.DIV,
  '%': Op.MOD,
  '^': Op.POW,
  '..': Op.CONCAT,
  '&': Op.BITAND,
  '|': Op.BITOR,
  '~': Op.BITXOR,
  '<<': Op.SHL,
  '>>': Op.SHR,
  '~>>': Op.SAR,
};

/** How to jump where a comparison holds, and where it does not. */
interface Comparison {
  readonly holds: Op;
  readonly fails: Op;
  readonly isSwapped: boolean;
}

const COMPARISONS: Readonly<Partial<Record<BinaryOperator | BitOperator, Comparison>>> = {
  '==': { holds: Op.JEQ, fails: Op.JNE, isSwapped: false },
  '~=': { holds: Op.JNE, fails: Op.JEQ, isSwapped: false },
  '<': { holds: Op.JLT, fails: Op.JNLT, isSwapped: false },
  '<=': { holds: Op.JLE, fails: Op.JNLE, isSwapped: false },
  '>': { holds: Op.JLT, fails: Op.JNLT, isSwapped: true },
  '>=': { holds: Op.JLE, fails: Op.JNLE, isSwapped: true },
};

/** What is wanted of a call: its first result, a list of all, or that the function ends with them. */
type Wanted = 'first' | 'all' | 'tail';

const CALLS: Readonly<Record<Wanted, readonly [Op, Op]>> = {
  first: [Op.CALL, Op.CALLLIST],
  all: [Op.CALLALL, Op.CALLLISTALL],
  tail: [Op.TAIL, Op.TAILLIST],
};

export abstract class ExpressionWriter extends CodeWriter {
  /** Jumps of the safe steps that have found nil, out of the chain that is being written. */
  protected escapes: number[] = [];
  readonly #prototypes: Prototype[] = [];

  override expression(node: Expression, target: number): void {
    this.scoped(() => this.#expression(node, target));
  }

  #expression(node: Expression, target: number): void {
    switch (node.kind) {
      case 'vararg':
        this.emit(Op.VARARG, target);
        return;
      case 'local':
        this.read(node.variable, target);
        return;
      case 'global':
        this.emit(Op.GLOBAL, target, this.field(node.name));
        return;
      case 'function':
        this.closure(node, target);
        return;
      case 'index':
        this.#index(node, target);
        return;
      case 'call':
      case 'method':
        this.call(node, 'first', target);
        return;
      case 'single':
        this.expression(node.expression, target);
        return;
      case 'table':
        this.#table(node, target);
        return;
      case 'chain':
        this.#chain(node.expression, target);
        return;
      default:
        this.#operation(node, target);
    }
  }

  #operation(node: Expression, target: number): void {
    const literal = this.literal(node);
    if (literal !== null) {
      this.emit(Op.MOVE, target, literal);
      return;
    }
    switch (node.kind) {
      case 'unary':
        if (node.operator === 'not') this.#truth(node, target);
        else this.#unary(node, target);
        break;
      case 'binary':
        if (COMPARISONS[node.operator] === undefined) this.#binary(node, target);
        else this.#truth(node, target);
        break;
      case 'logical':
        this.#logical(node, target);
        break;
      case 'conditional':
        this.choose(
          this.jumps(node.condition, false),
          () => this.expression(node.then, target),
          () => this.expression(node.otherwise, target),
        );
        break;
      default:
        throw new Error(`no expression: ${node.kind}`);
    }
  }

  // ---- conditions

  /** Writes what to do, and what to do where the jumps lead. */
  protected choose(jumps: readonly number[], write: () => void, otherwise: () => void): void {
    write();
    const done = this.emit(Op.JUMP);
    this.land(jumps);
    otherwise();
    this.land([done]);
  }

  /** Jumps where an expression counts as true, or does not; answers their places. */
  protected jumps(node: Expression, when: boolean): number[] {
    return this.scoped(() => this.#jumps(node, when));
  }

  #jumps(node: Expression, when: boolean): number[] {
    if (node.kind === 'unary' && node.operator === 'not') return this.#jumps(node.operand, !when);
    if (node.kind === 'logical' && node.operator !== '??') return this.#shortcut(node, when);
    const comparison = node.kind === 'binary' ? COMPARISONS[node.operator] : undefined;
    if (node.kind === 'binary' && comparison !== undefined) return [this.#comparison(node, comparison, when)];
    const value = this.operand(node);
    return [this.emit(when ? Op.JUMPIF : Op.JUMPUNLESS, value)];
  }

  #shortcut(node: Expression & { kind: 'logical' }, when: boolean): number[] {
    if ((node.operator === 'and') !== when) return [...this.jumps(node.left, when), ...this.jumps(node.right, when)];
    const skips = this.jumps(node.left, !when);
    const taken = this.jumps(node.right, when);
    this.land(skips);
    return taken;
  }

  #comparison(node: Expression & { kind: 'binary' }, { holds, fails, isSwapped }: Comparison, when: boolean): number {
    const left = this.operand(node.left);
    const right = this.operand(node.right);
    this.line = node.line;
    return this.emit(when ? holds : fails, isSwapped ? right : left, 0, isSwapped ? left : right);
  }

  // A condition's value.
  #truth(node: Expression, target: number): void {
    this.choose(
      this.jumps(node, false),
      () => this.emit(Op.MOVE, target, this.constant(true)),
      () => this.emit(Op.MOVE, target, this.constant(false)),
    );
  }

  // ---- operators

  #logical(node: Expression & { kind: 'logical' }, target: number): void {
    this.expression(node.left, target);
    const jump = node.operator === 'and' ? Op.JUMPUNLESS : node.operator === 'or' ? Op.JUMPIF : Op.JUMPNOTNIL;
    const done = this.emit(jump, target);
    this.expression(node.right, target);
    this.land([done]);
  }

  #unary({ operator, operand, line }: Expression & { kind: 'unary' }, target: number): void {
    const value = this.operand(operand);
    const name = this.nameOf(operand);
    this.line = line;
    this.emit(operator === '#' ? Op.LEN : operator === '~' ? Op.BITNOT : Op.UNM, target, value, value, name, name);
  }

  #binary(node: Expression & { kind: 'binary' }, target: number): void {
    const left = this.operand(node.left);
    const right = this.operand(node.right);
    this.line = node.line;
    this.operated(node, left, right, target);
  }

  /** An operator that is no comparison, on operands. */
  protected operated(
    node: Pick<Expression & { kind: 'binary' }, 'operator' | 'left' | 'right'>,
    left: number,
    right: number,
    target: number,
  ): void {
    this.emit(OPERATIONS[node.operator] as Op, target, left, right, this.nameOf(node.left), this.nameOf(node.right));
  }

  // ---- fields

  #index(node: IndexExpression, target: number): void {
    const object = this.operand(node.object);
    if (node.isSafe) this.escapeFrom(object);
    const key = node.key.kind === 'string' ? null : this.operand(node.key);
    this.line = node.line;
    this.indexed(node, object, key, target);
  }

  /** Reads an element, or a field where there is no operand for the key. */
  protected indexed({ object, key }: IndexExpression, from: number, place: number | null, target: number): void {
    if (place !== null) this.emit(Op.INDEX, target, from, place, this.nameOf(object));
    else this.emit(Op.FIELD, target, from, this.field((key as Expression & { kind: 'string' }).value), this.nameOf(object));
  }

  // Leaves the chain where an operand is nil.
  protected escapeFrom(operand: number): void {
    this.escapes.push(this.emit(Op.JUMPNIL, operand));
  }

  /** Writes a chain; answers the jumps of its safe steps that have found nil. */
  protected escaping(write: () => void): readonly number[] {
    const outer = this.escapes;
    this.escapes = [];
    write();
    const { escapes } = this;
    this.escapes = outer;
    return escapes;
  }

  #chain(node: Expression, target: number): void {
    const escapes = this.escaping(() => this.expression(node, target));
    this.choose(
      escapes,
      () => {},
      () => this.emit(Op.MOVE, target, this.constant(undefined)),
    );
  }

  // ---- functions and calls

  protected closure(node: FunctionNode, target: number): void {
    const captures = factoryUpvalues(node).map((one) => this.capture(one));
    this.emit(Op.CLOSURE, target, this.#prototypes.push(this.translate(node, captures)) - 1);
  }

  /** The code of a function inside this one. */
  protected abstract translate(node: FunctionNode, captures: readonly Capture[]): Prototype;

  protected get prototypes(): readonly Prototype[] {
    return this.#prototypes;
  }

  /** A call; `target` is for what is wanted of it. */
  protected call(node: CallExpression | MethodCallExpression, wanted: Wanted, target: number): void {
    this.scoped(() => {
      const callee = this.allocate();
      if (node.kind === 'method') this.#method(node, callee);
      else {
        this.expression(node.callee, callee);
        if (node.isSafe) this.escapeFrom(callee);
      }
      const list = this.#arguments(node.args, callee + 1);
      this.line = node.line;
      const name = node.kind === 'method' ? `method '${node.name}'` : this.nameOf(node.callee);
      const [plain, listed] = CALLS[wanted];
      if (list === null) this.emit(plain, target, callee, this.top - callee - 1, name);
      else this.emit(listed, target, callee, list, name);
    });
  }

  #method(node: MethodCallExpression, callee: number): void {
    const self = this.allocate();
    const { object } = node;
    const plain = object.kind === 'local' ? this.plainRegister(object.variable) : this.literal(object);
    if (plain === null) this.expression(object, self);
    if (node.isSafe) this.escapeFrom(plain ?? self);
    this.line = node.line;
    this.emit(Op.METHOD, callee, plain ?? self, this.field(node.name), this.nameOf(object));
    if (node.isSafeCall) this.escapeFrom(callee);
  }

  // Into registers from `first` on, where some may be already; or into a list, whose register is answered.
  #arguments(nodes: readonly Expression[], first: number): number | null {
    const last = nodes.at(-1);
    const rest = isMulti(last) ? (last as Expression) : null;
    for (const node of rest === null ? nodes : nodes.slice(0, -1)) this.expression(node, this.allocate());
    if (rest === null) return null;
    const count = this.top - first;
    const values = this.all(rest);
    if (count === 0) return values;
    const list = this.allocate();
    this.emit(Op.LIST, list, first, count);
    this.emit(Op.EXTEND, list, values);
    return list;
  }

  /** All values of an expression that may have several: the register of the list, which nobody may change. */
  protected all(node: Expression): number {
    const list = this.allocate();
    if (node.kind === 'call' || node.kind === 'method') this.call(node, 'all', list);
    else this.emit(Op.VARARGS, list);
    return list;
  }

  /** Appends the values of expressions to a list. */
  protected append(nodes: readonly Expression[], list: number): void {
    nodes.forEach((node, i) => {
      this.scoped(() => {
        if (i === nodes.length - 1 && isMulti(node)) this.emit(Op.EXTEND, list, this.all(node));
        else this.emit(Op.APPEND, list, this.operand(node));
      });
    });
  }

  // ---- tables

  #table(node: TableExpression, target: number): void {
    const { fields } = node;
    const hasList = fields.some((field) => field.kind === 'positional');
    const list = hasList ? this.allocate() : -1;
    if (hasList) this.emit(Op.LIST, list);
    if (fields.every((field) => field.kind === 'positional') && hasList) {
      this.append(
        fields.map((field) => field.value),
        list,
      );
      this.emit(Op.TABLEOF, target, list);
      return;
    }
    this.emit(Op.TABLE, target, roomOf(node));
    let isPlain = true;
    fields.forEach((field, i) => {
      if (field.kind === 'positional') {
        const last = i === fields.length - 1;
        this.append(last ? [field.value] : [single(field.value)], list);
        return;
      }
      // As long as all keys are named, each is a property.
      isPlain &&= field.key.kind === 'string';
      this.scoped(() => this.#keyed(target, field.key, field.value, isPlain));
    });
    if (hasList) this.emit(Op.FILL, target, list);
  }

  #keyed(table: number, key: Expression, value: Expression, isPlain: boolean): void {
    if (key.kind === 'string') {
      this.emit(isPlain ? Op.SETNAMED : Op.SETFIELD, table, this.field(key.value), this.operand(value));
    } else {
      const place = this.operand(key);
      this.emit(Op.SETINDEX, table, place, this.operand(value));
    }
  }
}

// An expression that has one value where it is in a list.
function single(node: Expression): Expression {
  return isMulti(node) ? { kind: 'single', expression: node as CallExpression, start: node.start, line: node.line } : node;
}
