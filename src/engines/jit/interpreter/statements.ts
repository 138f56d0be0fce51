/**
 * Statements and whole functions as code.
 * @module
 */
import type { Block, Expression, FunctionNode, Label, Statement, Target, Variable } from '../ast.ts';
import { isBoxed, isMulti } from '../tree.ts';
import { BOUNDS, type Capture, ITERATION, Op, type Prototype } from './code.ts';
import { ExpressionWriter } from './expressions.ts';
import type { Translation } from './writer.ts';

/** Where an assignment goes: operands for what it needs. Without a key it is a field of the target's name. */
interface TargetPlace {
  readonly target: Target;
  readonly object: number;
  readonly key: number | null;
}

/** Jumps out of a loop, and to the end of its body. */
interface Loop {
  readonly breaks: number[];
  readonly continues: number[];
}

/** Expressions that write to their target before they have read all that they need. */
const WRITES_EARLY: ReadonlySet<Expression['kind']> = new Set(['logical', 'conditional', 'chain', 'table']);

/** Translates a chunk's function, and all inside it. */
export function translate(chunk: FunctionNode, translation: Translation): Prototype {
  return new FunctionWriter(chunk, translation).prototype([]);
}

class FunctionWriter extends ExpressionWriter {
  readonly #labels: Map<Label, number> = new Map();
  /** Jumps to labels that are still to come. */
  readonly #gotos: Map<Label, number[]> = new Map();
  #loop: Loop = { breaks: [], continues: [] };

  prototype(captures: readonly Capture[]): Prototype {
    const { node } = this;
    for (const one of node.parameters) this.place(one);
    for (const one of node.parameters) this.#box(one);
    this.count();
    this.#block(node.body);
    this.emit(Op.RETURNNONE);
    return this.finished(this.prototypes, captures);
  }

  protected override translate(node: FunctionNode, captures: readonly Capture[]): Prototype {
    return new FunctionWriter(node, this.translation).prototype(captures);
  }

  #block(block: Block): void {
    this.scoped(() => this.#statements(block));
  }

  #statements({ statements }: Block): void {
    for (const one of statements) this.#statement(one);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'declare':
        this.line = statement.line;
        this.#declare(statement.variables, statement.values);
        break;
      case 'declareFunction':
        this.line = statement.line;
        this.#declareFunction(statement);
        break;
      case 'label':
        this.#labels.set(statement.label, this.here());
        this.land(this.#gotos.get(statement.label) ?? []);
        break;
      default:
        this.scoped(() => this.#action(statement));
    }
  }

  // Statements that leave no variable behind.
  #action(statement: Statement): void {
    switch (statement.kind) {
      case 'assign':
        this.#assign(statement);
        return;
      case 'compound':
        this.#compound(statement);
        return;
      case 'expression':
        this.#effect(statement.expression);
        return;
    }
    this.line = statement.line;
    switch (statement.kind) {
      case 'do':
        this.#block(statement.body);
        break;
      case 'if':
        this.#if(statement);
        break;
      case 'return':
        this.#return(statement.values);
        break;
      case 'break':
        this.#loop.breaks.push(this.emit(Op.JUMP));
        break;
      case 'continue':
        this.#loop.continues.push(this.emit(Op.JUMP));
        break;
      case 'goto':
        this.#goto(statement.label);
        break;
      default:
        this.#repeated(statement);
    }
  }

  #goto(label: Label): void {
    if (label.isLoop) this.count();
    const place = this.#labels.get(label);
    const jump = this.emit(Op.JUMP, 0, place);
    if (place !== undefined) return;
    const others = this.#gotos.get(label);
    if (others === undefined) this.#gotos.set(label, [jump]);
    else others.push(jump);
  }

  // ---- variables

  // The register of a variable has its value, which goes into its box.
  #box(variable: Variable): void {
    if (isBoxed(variable)) this.emit(Op.BOX, this.registerOf(variable), this.registerOf(variable));
  }

  #declare(variables: readonly Variable[], values: readonly Expression[]): void {
    const first = this.allocate(variables.length);
    this.#values(values, first, variables.length);
    variables.forEach((variable, i) => {
      this.place(variable, first + i);
      this.#box(variable);
    });
  }

  #declareFunction({ variable, value }: Statement & { kind: 'declareFunction' }): void {
    const register = this.place(variable);
    if (!isBoxed(variable)) {
      this.closure(value, register);
      return;
    }
    this.emit(Op.BOX, register, this.constant(undefined));
    this.scoped(() => this.assign(variable, this.copied(value)));
  }

  // Evaluates a list to `count` registers from `first` on, which nothing in it reads.
  #values(nodes: readonly Expression[], first: number, count: number): void {
    for (const [i, node] of nodes.entries()) {
      if (i >= count) this.#effect(node);
      else if (i === nodes.length - 1 && isMulti(node) && count > nodes.length) this.#spread(node, first, i, count);
      else this.expression(node, first + i);
    }
    const given = isMulti(nodes.at(-1)) ? count : nodes.length;
    for (let i = given; i < count; i++) this.emit(Op.MOVE, first + i, this.constant(undefined));
  }

  #spread(node: Expression, first: number, from: number, count: number): void {
    this.scoped(() => {
      const list = this.all(node);
      for (let i = from; i < count; i++) this.emit(Op.PICK, first + i, list, i - from);
    });
  }

  #effect(node: Expression): void {
    // What no variable holds is to be collected, too.
    if (node.kind === 'call' && node.callee.kind === 'global' && node.callee.name === 'collectgarbage') this.emit(Op.CLEAR, this.top);
    this.scoped(() => this.expression(node, this.allocate()));
  }

  // ---- assignments

  #assign({ targets, values, line }: Statement & { kind: 'assign' }): void {
    const [target] = targets as [Target];
    const [value] = values as [Expression];
    if (targets.length > 1 || values.length > 1) this.#assignAll(targets, values, line);
    else if (target.kind === 'local') this.#assignLocal(target.variable, value);
    else {
      const escapes = this.escaping(() => {
        const place = this.#place(target, true);
        const operand = this.operand(value);
        this.line = line;
        this.#store(place, operand);
      });
      this.land(escapes);
    }
  }

  #assignLocal(variable: Variable, value: Expression): void {
    const register = WRITES_EARLY.has(value.kind) ? null : this.plainRegister(variable);
    if (register === null) this.assign(variable, this.operand(value));
    else this.expression(value, register);
  }

  // Targets are looked at before anything is assigned, and assigned to from the last.
  #assignAll(targets: readonly Target[], values: readonly Expression[], line: number): void {
    const places = targets.map((one) => this.#placeAmong(one));
    const first = this.allocate(targets.length);
    this.#values(values, first, targets.length);
    this.line = line;
    for (let i = targets.length - 1; i >= 0; i--) {
      const { place, skips } = places[i] as { place: TargetPlace; skips: number | null };
      const jumps = skips === null ? [] : [this.emit(Op.JUMPIF, skips)];
      this.#store(place, first + i);
      this.land(jumps);
    }
  }

  // A target whose safe step finds nil is left out, as a register says then.
  #placeAmong(target: Target): { readonly place: TargetPlace; readonly skips: number | null } {
    const skips = this.allocate();
    let place: TargetPlace | null = null;
    const escapes = this.escaping(() => {
      place = this.#place(target, false);
    });
    if (escapes.length === 0) return { place: place as unknown as TargetPlace, skips: null };
    this.choose(
      escapes,
      () => this.emit(Op.MOVE, skips, this.constant(false)),
      () => this.emit(Op.MOVE, skips, this.constant(true)),
    );
    return { place: place as unknown as TargetPlace, skips };
  }

  // Evaluates what an assignment needs; `isAlone`: nothing else is assigned to before it.
  #place(target: Target, isAlone: boolean): TargetPlace {
    if (target.kind !== 'index') return { target, object: 0, key: null };
    const operand = (node: Expression): number => (isAlone ? this.operand(node) : this.copied(node));
    const object = operand(target.object);
    if (target.isSafe) this.escapeFrom(object);
    return { target, object, key: target.key.kind === 'string' ? null : operand(target.key) };
  }

  #store({ target, object, key }: TargetPlace, value: number): void {
    if (target.kind === 'local') this.assign(target.variable, value);
    else if (target.kind === 'global') this.emit(Op.SETGLOBAL, this.field(target.name), value);
    else if (key !== null) this.emit(Op.SETINDEX, object, key, value, this.nameOf(target.object));
    else {
      const { value: name } = target.key as Expression & { kind: 'string' };
      this.emit(Op.SETFIELD, object, this.field(name), value, this.nameOf(target.object));
    }
  }

  #compound({ target, operator, value, line }: Statement & { kind: 'compound' }): void {
    const escapes = this.escaping(() => {
      const place = this.#place(target, true);
      const left = this.#valueOf(place);
      const right = this.operand(value);
      const result = this.allocate();
      this.line = line;
      this.operated({ operator, left: target, right: value }, left, right, result);
      this.#store(place, result);
    });
    this.land(escapes);
  }

  // The value that a target has, as an operand.
  #valueOf({ target, object, key }: TargetPlace): number {
    if (target.kind !== 'index') return this.operand(target);
    const register = this.allocate();
    this.line = target.line;
    this.indexed(target, object, key, register);
    return register;
  }

  // ---- blocks and loops

  #if({ clauses, otherwise }: Statement & { kind: 'if' }): void {
    const ends: number[] = [];
    clauses.forEach(({ condition, body }, i) => {
      const fails = this.jumps(condition, false);
      this.#block(body);
      if (i < clauses.length - 1 || otherwise !== null) ends.push(this.emit(Op.JUMP));
      this.land(fails);
    });
    if (otherwise !== null) this.#block(otherwise);
    this.land(ends);
  }

  // Writes a loop. Jumps out of it lead behind it.
  #repeated(statement: Statement): void {
    const outer = this.#loop;
    this.#loop = { breaks: [], continues: [] };
    this.#round(statement);
    this.land(this.#loop.breaks);
    this.#loop = outer;
  }

  #round(statement: Statement): void {
    const start = this.here();
    switch (statement.kind) {
      case 'while':
        this.#loop.breaks.push(...this.jumps(statement.condition, false));
        this.#body(statement.body);
        this.jumpTo(start);
        break;
      case 'repeat':
        this.count();
        this.#statements(statement.body);
        this.land(this.#loop.continues);
        this.land(this.jumps(statement.condition, false), start);
        break;
      case 'numericFor':
        this.#numericFor(statement);
        break;
      case 'genericFor':
        this.#genericFor(statement);
        break;
      default:
        throw new Error(`no statement: ${statement.kind}`);
    }
  }

  #body(body: Block): void {
    this.count();
    this.#block(body);
    this.land(this.#loop.continues);
  }

  #numericFor({ variable, from, to, step, body }: Statement & { kind: 'numericFor' }): void {
    const counter = this.allocate(BOUNDS.length + 1);
    [from, to].forEach((bound, i) => {
      this.#bound(bound, counter + i, i);
    });
    if (step === null) this.emit(Op.MOVE, counter + 2, this.constant(1));
    else this.#bound(step, counter + 2, 2);
    this.#loop.breaks.push(this.emit(Op.FORSTART, counter));
    const start = this.here();
    this.place(variable, counter + BOUNDS.length);
    this.#box(variable);
    this.#body(body);
    this.emit(Op.FORNEXT, counter, start);
  }

  #bound(node: Expression, register: number, which: number): void {
    this.expression(node, register);
    if (!isNumber(node)) this.emit(Op.BOUND, register, register, which);
  }

  #genericFor({ variables, iterators, body, line }: Statement & { kind: 'genericFor' }): void {
    const iterator = this.allocate(ITERATION + variables.length);
    this.#values(iterators, iterator, 3);
    this.emit(Op.ITERSTART, iterator);
    const start = this.here();
    this.line = line;
    this.#loop.breaks.push(this.emit(Op.ITERNEXT, iterator, 0, variables.length));
    this.emit(Op.CALLALL, iterator + ITERATION, iterator, 2);
    this.#loop.breaks.push(this.emit(Op.ITERTEST, iterator, 0, variables.length));
    variables.forEach((variable, i) => {
      this.place(variable, iterator + ITERATION + i);
      this.#box(variable);
    });
    this.#body(body);
    this.jumpTo(start);
  }

  // ---- return

  #return(values: readonly Expression[]): void {
    const [value] = values;
    if (value === undefined) this.emit(Op.RETURNNONE);
    else if (values.length === 1 && (value.kind === 'call' || value.kind === 'method')) this.call(value, 'tail', 0);
    else if (values.length === 1 && value.kind === 'vararg') this.emit(Op.RETURNLIST, this.all(value));
    else if (values.length === 1) this.emit(Op.RETURN, this.operand(value));
    else {
      const list = this.allocate();
      this.emit(Op.LIST, list);
      this.append(values, list);
      this.emit(Op.RETURNLIST, list);
    }
  }
}

function isNumber(node: Expression): boolean {
  return node.kind === 'unary' ? node.operator === '-' && isNumber(node.operand) : node.kind === 'number' && node.value.kind === 'double';
}
