/**
 * Which variables the loops of a function index by numbers and leave alone: compiled text has their array part, or their cells, in a
 * variable of its own while such a loop runs (`emit-arrays.ts`).
 * @module
 */
import type { Block, Expression, FunctionNode, Statement, TableField, Target, Variable } from './ast.ts';
import { isInLine } from './emit-intrinsics.ts';
import { isBoxed, selfVariable } from './tree.ts';
import type { Types } from './types.ts';

/** What is known of the part of a function that is being looked at. */
interface Part {
  readonly indexed: Set<Variable>;
  /** Declared or assigned to. */
  readonly changed: Set<Variable>;
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '^', '&', '|', '~', '<<', '>>', '~>>']);

/** Whether an expression is a number in all likelihood. */
export function isLikelyNumber(node: Expression, types: Types): boolean {
  return (
    isNumeric(node, types) || (node.kind === 'local' && node.variable.values.some((value) => value !== null && isNumeric(value, types)))
  );
}

function isNumeric(node: Expression, types: Types): boolean {
  if (types.of(node) === 'number') return true;
  switch (node.kind) {
    case 'binary':
      return ARITHMETIC.has(node.operator);
    case 'unary':
      return node.operator !== 'not';
    case 'call':
    case 'method':
      return isInLine(node);
    default:
      return false;
  }
}

/** The loops of one function; those of functions inside it are not among them. */
export class Loops {
  readonly #types: Types;
  readonly #self: Variable | null;
  readonly #arrays: Map<Statement, readonly Variable[]> = new Map();
  #part: Part = { indexed: new Set(), changed: new Set() };

  constructor(node: FunctionNode, types: Types) {
    this.#types = types;
    this.#self = selfVariable(node);
    this.#block(node.body);
  }

  /** What a loop indexes by numbers: variables that have the same value all the time that it runs. */
  arraysOf(loop: Statement): readonly Variable[] {
    return this.#arrays.get(loop) ?? [];
  }

  #loop(statement: Statement, variables: readonly Variable[], body: () => void): void {
    const outer = this.#part;
    const inner: Part = { indexed: new Set(), changed: new Set(variables) };
    this.#part = inner;
    body();
    this.#part = outer;
    this.#arrays.set(
      statement,
      [...inner.indexed].filter((one) => !inner.changed.has(one)),
    );
    for (const one of inner.indexed) outer.indexed.add(one);
    for (const one of inner.changed) outer.changed.add(one);
  }

  #block(block: Block): void {
    for (const statement of block.statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'declare':
        this.#all(statement.values);
        for (const one of statement.variables) this.#part.changed.add(one);
        break;
      case 'declareFunction':
        this.#part.changed.add(statement.variable);
        break;
      case 'assign':
        this.#all(statement.values);
        for (const one of statement.targets) this.#target(one);
        break;
      case 'compound':
        this.#expression(statement.value);
        this.#target(statement.target);
        break;
      case 'expression':
        this.#expression(statement.expression);
        break;
      case 'if':
        for (const { condition, body } of statement.clauses) {
          this.#expression(condition);
          this.#block(body);
        }
        if (statement.otherwise !== null) this.#block(statement.otherwise);
        break;
      case 'return':
        this.#all(statement.values);
        break;
      case 'do':
        this.#block(statement.body);
        break;
      case 'while':
      case 'repeat':
        this.#loop(statement, [], () => {
          this.#expression(statement.condition);
          this.#block(statement.body);
        });
        break;
      case 'numericFor':
        this.#all([statement.from, statement.to, ...(statement.step === null ? [] : [statement.step])]);
        this.#loop(statement, [statement.variable], () => {
          this.#block(statement.body);
        });
        break;
      case 'genericFor':
        this.#all(statement.iterators);
        this.#loop(statement, statement.variables, () => {
          this.#block(statement.body);
        });
        break;
      default:
        break;
    }
  }

  #target(target: Target): void {
    if (target.kind === 'local') this.#part.changed.add(target.variable);
    else if (target.kind === 'index') this.#expression(target);
  }

  #all(nodes: readonly Expression[]): void {
    for (const node of nodes) this.#expression(node);
  }

  #expression(node: Expression): void {
    switch (node.kind) {
      case 'index':
        this.#indexed(node.object, node.key);
        break;
      case 'call':
        this.#expression(node.callee);
        this.#all(node.args);
        break;
      case 'method':
        this.#expression(node.object);
        this.#all(node.args);
        break;
      case 'binary':
      case 'logical':
        this.#expression(node.left);
        this.#expression(node.right);
        break;
      case 'unary':
        this.#expression(node.operand);
        break;
      case 'conditional':
        this.#all([node.condition, node.then, node.otherwise]);
        break;
      case 'single':
      case 'chain':
        this.#expression(node.expression);
        break;
      case 'table':
        for (const field of node.fields) this.#field(field);
        break;
      default:
        break;
    }
  }

  #field(field: TableField): void {
    if (field.kind === 'keyed') this.#expression(field.key);
    this.#expression(field.value);
  }

  #indexed(object: Expression, key: Expression): void {
    this.#expression(object);
    this.#expression(key);
    if (object.kind !== 'local' || key.kind === 'string' || !isLikelyNumber(key, this.#types)) return;
    const { variable } = object;
    const type = this.#types.ofVariable(variable);
    if ((type === 'any' || type === 'table') && !isBoxed(variable) && variable !== this.#self) this.#part.indexed.add(variable);
  }
}
