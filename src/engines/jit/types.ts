/**
 * What type local variables always have, where the text shows it: compiled code need not ask for it then.
 * @module
 */
import type { Block, Expression, FunctionNode, Statement, Variable } from './ast.ts';
import { isMulti } from './tree.ts';

/** A type that is sure; 'any' where none is. */
export type SureType = 'number' | 'string' | 'boolean' | 'table' | 'function' | 'any';

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', '^']);
const COMPARISONS = new Set(['==', '~=', '<', '<=', '>', '>=']);

/** The types of a chunk's variables. */
export class Types {
  readonly #definitions: Map<Variable, (Expression | null)[]> = new Map();
  readonly #types: Map<Variable, SureType | null> = new Map();
  /** Loop variables of numeric loops. */
  readonly #counters: Set<Variable> = new Set();

  constructor(chunk: FunctionNode) {
    this.#function(chunk);
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

  /** What a variable that is never assigned to was declared with; null where that is no expression. */
  definitionOf(variable: Variable): Expression | null {
    const definitions = this.#definitions.get(variable) ?? [];
    return variable.assignments === 0 && definitions.length === 1 ? (definitions[0] ?? null) : null;
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
      default:
        return 'any';
    }
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
    this.#block(node.body);
    for (const inner of node.functions) this.#function(inner);
  }

  #block(block: Block): void {
    for (const statement of block.statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
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
        this.#block(statement.body);
        break;
      case 'if':
        for (const clause of statement.clauses) this.#block(clause.body);
        if (statement.otherwise !== null) this.#block(statement.otherwise);
        break;
      case 'numericFor':
        this.#counters.add(statement.variable);
        this.#define(statement.variable, null);
        this.#block(statement.body);
        break;
      case 'genericFor':
        for (const variable of statement.variables) this.#define(variable, null);
        this.#block(statement.body);
        break;
      default:
        break;
    }
  }
}

// The expression that gives the value at `index`; null where it is nil or a further result.
function valueAt(values: readonly Expression[], index: number): Expression | null {
  const value = values[index];
  return value === undefined || (index === values.length - 1 && isMulti(value)) ? null : value;
}

function numeric(type: SureType | null): SureType | null {
  return type === null || type === 'number' ? type : 'any';
}

function join(a: SureType | null, b: SureType | null): SureType | null {
  if (a === null || a === b) return b;
  return b === null ? a : 'any';
}
