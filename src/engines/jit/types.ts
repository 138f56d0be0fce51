/**
 * What is sure of a chunk from its text, so that compiled code need not ask for it: the types of local variables, which function a
 * variable holds, and what that function answers.
 * @module
 */
import type { Block, Expression, FunctionNode, Statement, Variable } from './ast.ts';
import { endsInReturn, isMulti } from './tree.ts';

/** A type that is sure; 'any' where none is. */
export type SureType = 'number' | 'string' | 'boolean' | 'table' | 'function' | 'any';

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '^']);
const COMPARISONS = new Set(['==', '~=', '<', '<=', '>', '>=']);

/** What a function answers, as `functions.ts` has it. */
type Answer =
  /** Always one value, and never a tail call that was put off. */
  | 'one'
  /** Values, or an array of them, but no tail call that was put off. */
  | 'values'
  | 'anything';

/** The types of a chunk's variables and functions. */
export class Types {
  readonly #definitions: Map<Variable, (Expression | null)[]> = new Map();
  readonly #types: Map<Variable, SureType | null> = new Map();
  /** Loop variables of numeric loops. */
  readonly #counters: Set<Variable> = new Set();
  readonly #returns: Map<FunctionNode, (readonly Expression[])[]> = new Map();
  readonly #answers: Map<FunctionNode, Answer> = new Map();
  readonly #resultTypes: Map<FunctionNode, SureType | null> = new Map();

  constructor(chunk: FunctionNode) {
    this.#function(chunk);
    this.#findAnswers();
    // From nothing upwards, until nothing changes: a variable may be defined by itself.
    for (let isChanged = true; isChanged; ) {
      isChanged = false;
      for (const [variable, definitions] of this.#definitions) {
        const type = this.#joined(variable, definitions);
        if (type !== this.#types.get(variable)) {
          this.#types.set(variable, type);
          isChanged = true;
        }
      }
      for (const [node, answer] of this.#answers) {
        if (answer !== 'one') continue;
        const type = this.#resultType(node);
        if (type !== this.#resultTypes.get(node)) {
          this.#resultTypes.set(node, type);
          isChanged = true;
        }
      }
    }
  }

  /** The type of a variable's value, whenever it is read. */
  ofVariable(variable: Variable): SureType {
    return this.#types.get(variable) ?? 'any';
  }

  /** The function that a variable holds, whenever it is read. */
  functionOf(variable: Variable): FunctionNode | null {
    const [only] = this.#definitions.get(variable) ?? [];
    return variable.assignments === 0 && only?.kind === 'function' ? only : null;
  }

  /** The function that a call is of; null where that is not sure. */
  calleeOf(node: Expression): FunctionNode | null {
    return node.kind === 'call' && node.callee.kind === 'local' ? this.functionOf(node.callee.variable) : null;
  }

  /** What calling a function of the text answers. */
  answerOf(node: FunctionNode): Answer {
    return this.#answers.get(node) ?? 'anything';
  }

  /** Whether a call is of a function that is known to answer one value. */
  hasOneResult(node: Expression): boolean {
    const callee = this.calleeOf(node);
    return callee !== null && this.answerOf(callee) === 'one';
  }

  /** Whether an expression may have any number of values. */
  isMulti(node: Expression | undefined): boolean {
    return node !== undefined && isMulti(node) && !this.hasOneResult(node);
  }

  // A tail call is an answer of its own unless it is of a function that makes none itself, or only such: then no endless chain is
  // possible, and the call need not be put off.
  #findAnswers(): void {
    for (let isChanged = true; isChanged; ) {
      isChanged = false;
      for (const [node, returns] of this.#returns) {
        const before = this.answerOf(node);
        if (before !== 'anything') continue;
        const answers = returns.map((values) => this.#answerOfReturn(values));
        const answer = answers.includes('anything')
          ? 'anything'
          : answers.includes('values') || !endsInReturn(node.body)
            ? 'values'
            : 'one';
        if (answer === before) continue;
        this.#answers.set(node, answer);
        isChanged = true;
      }
    }
  }

  #answerOfReturn(values: readonly Expression[]): Answer {
    const [value] = values;
    if (value === undefined || values.length > 1 || value.kind === 'vararg') return 'values';
    if (value.kind !== 'call' && value.kind !== 'method') return 'one';
    const callee = this.calleeOf(value);
    return callee === null ? 'anything' : this.answerOf(callee);
  }

  #resultType(node: FunctionNode): SureType | null {
    let type: SureType | null = null;
    for (const [value] of this.#returns.get(node) ?? []) type = join(type, this.#of(value as Expression));
    return type;
  }

  /** The type of an expression's value. */
  of(node: Expression): SureType {
    return this.#of(node) ?? 'any';
  }

  // null: nothing is known yet, as it depends on itself.
  #of(node: Expression): SureType | null {
    switch (node.kind) {
      case 'number':
        return node.value.kind === 'double' ? 'number' : 'any';
      case 'string':
        return 'string';
      case 'true':
      case 'false':
        return 'boolean';
      case 'table':
        return 'table';
      case 'function':
        return 'function';
      case 'local':
        return this.#definitions.has(node.variable) ? (this.#types.get(node.variable) ?? null) : 'any';
      case 'unary':
        if (node.operator === 'not') return 'boolean';
        return node.operator === '-' ? numeric(this.#of(node.operand)) : 'any';
      case 'binary':
        if (COMPARISONS.has(node.operator)) return 'boolean';
        if (ARITHMETIC.has(node.operator)) return join(numeric(this.#of(node.left)), numeric(this.#of(node.right)));
        return node.operator === '..' ? this.#concatenated(node.left, node.right) : 'any';
      case 'logical':
        return join(this.#of(node.left), this.#of(node.right));
      case 'conditional':
        return join(this.#of(node.then), this.#of(node.otherwise));
      case 'single':
        return this.#of(node.expression);
      case 'call':
        return node.isSafe ? 'any' : this.#ofCall(node);
      default:
        return 'any';
    }
  }

  #ofCall(node: Expression): SureType | null {
    const callee = this.calleeOf(node);
    return callee !== null && this.answerOf(callee) === 'one' ? (this.#resultTypes.get(callee) ?? null) : 'any';
  }

  #concatenated(left: Expression, right: Expression): SureType | null {
    for (const type of [this.#of(left), this.#of(right)]) if (type !== 'string' && type !== 'number') return type === null ? null : 'any';
    return 'string';
  }

  #joined(variable: Variable, definitions: readonly (Expression | null)[]): SureType | null {
    if (this.#counters.has(variable)) return variable.assignments === 0 ? 'number' : 'any';
    let type: SureType | null = null;
    for (const one of definitions) type = join(type, one === null ? 'any' : this.#of(one));
    return type;
  }

  // ---- definitions

  #define(variable: Variable, value: Expression | null): void {
    const definitions = this.#definitions.get(variable);
    if (definitions === undefined) this.#definitions.set(variable, [value]);
    else definitions.push(value);
  }

  #function(node: FunctionNode): void {
    for (const parameter of node.parameters) this.#define(parameter, null);
    const returns: (readonly Expression[])[] = [];
    this.#returns.set(node, returns);
    this.#block(node.body, returns);
    for (const inner of node.functions) this.#function(inner);
  }

  #block(block: Block, returns: (readonly Expression[])[]): void {
    for (const statement of block.statements) this.#statement(statement, returns);
  }

  #statement(statement: Statement, returns: (readonly Expression[])[]): void {
    switch (statement.kind) {
      case 'declare':
        statement.variables.forEach((variable, i) => {
          this.#define(variable, valueAt(statement.values, i));
        });
        break;
      case 'declareFunction':
        this.#define(statement.variable, statement.value);
        break;
      case 'assign':
        statement.targets.forEach((target, i) => {
          if (target.kind === 'local') this.#define(target.variable, valueAt(statement.values, i));
        });
        break;
      case 'compound':
        if (statement.target.kind === 'local') {
          const { operator, value, start, line, target } = statement;
          this.#define(target.variable, { kind: 'binary', operator, left: target, right: value, start, line });
        }
        break;
      case 'do':
      case 'while':
      case 'repeat':
        this.#block(statement.body, returns);
        break;
      case 'if':
        for (const clause of statement.clauses) this.#block(clause.body, returns);
        if (statement.otherwise !== null) this.#block(statement.otherwise, returns);
        break;
      case 'numericFor':
        this.#counters.add(statement.variable);
        this.#define(statement.variable, null);
        this.#block(statement.body, returns);
        break;
      case 'genericFor':
        for (const variable of statement.variables) this.#define(variable, null);
        this.#block(statement.body, returns);
        break;
      case 'return':
        returns.push(statement.values);
        break;
      default:
        break;
    }
  }
}

// The expression that gives the value at `index`, which may be the first of several; null where it is nil or a further result.
function valueAt(values: readonly Expression[], index: number): Expression | null {
  return values[index] ?? null;
}

function numeric(type: SureType | null): SureType | null {
  return type === null || type === 'number' ? type : 'any';
}

function join(a: SureType | null, b: SureType | null): SureType | null {
  if (a === null || a === b) return b;
  return b === null ? a : 'any';
}
