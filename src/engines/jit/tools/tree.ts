/**
 * The tree of a function as text, for reading: a line for each statement, with its line of Lua in front.
 *
 *     0003  (numericFor i$3 (from 1) (to n$1)
 *     0004    (assign s$2 (binary + s$2 i$3)))
 *
 * @module
 */
import type { Block, FunctionNode, Variable } from '../ast.ts';

/** What of a node is not shown: where it is, and what stands elsewhere. */
const SKIPPED: ReadonlySet<string> = new Set(['kind', 'start', 'line', 'end', 'endLine', 'holder', 'isObject']);
/** Fields that are shown with their names. */
const NAMED: ReadonlySet<string> = new Set(['from', 'to', 'step', 'args', 'iterators', 'then', 'otherwise']);

/** The body of a function; `typeOf` says what is known of a variable's type, '' for nothing. */
export function treeText({ parameters, isVararg, body, upvalues }: FunctionNode, typeOf: (variable: Variable) => string): string {
  const writer = new TreeWriter(typeOf);
  const names = (list: readonly Variable[]): string => list.map((one) => writer.variable(one)).join(' ');
  const all = [names(parameters), ...(isVararg ? ['...'] : [])].filter((one) => one !== '').join(' ');
  const head = `      (parameters${all === '' ? '' : ` ${all}`})${upvalues.length > 0 ? ` (upvalues ${names(upvalues)})` : ''}`;
  return `${head}${writer.block(body, 0)}\n`;
}

class TreeWriter {
  readonly #typeOf: (variable: Variable) => string;
  #depth = 0;

  constructor(typeOf: (variable: Variable) => string) {
    this.#typeOf = typeOf;
  }

  variable(variable: Variable): string {
    const type = this.#typeOf(variable);
    return `${variable.name}$${variable.id}${type === '' ? '' : `:${type}`}`;
  }

  block({ statements }: Block, depth: number): string {
    const outer = this.#depth;
    this.#depth = depth;
    const lines = statements.map((one) => {
      const line = 'line' in one && one.line > 0 ? String(one.line).padStart(4, '0') : '    ';
      return `\n${line}  ${'  '.repeat(depth)}${this.#node(one)}`;
    });
    this.#depth = outer;
    return lines.join('');
  }

  #value(value: unknown): string {
    if (Array.isArray(value)) return value.map((one) => this.#value(one)).join(' ');
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null) return String(value);
    if ('role' in value) return this.variable(value as Variable);
    if ('statements' in value) return this.block(value as Block, this.#depth + 1);
    return this.#node(value);
  }

  #node(node: object): string {
    if (!('kind' in node)) return `(${this.#fields(node)})`.replace('( ', '(');
    switch (node.kind) {
      case 'function':
        return `(function ${(node as FunctionNode).name ?? (node as FunctionNode).line})`;
      case 'local':
        return this.variable((node as unknown as { variable: Variable }).variable);
      case 'string':
        return JSON.stringify((node as unknown as { value: string }).value);
      case 'number':
        return this.#value((node as unknown as { value: unknown }).value);
      case 'double':
        return String((node as unknown as { value: number }).value);
      default:
        return `(${String(node.kind)}${this.#fields(node)})`;
    }
  }

  // Each with a space in front. Lists of expressions and blocks speak for themselves.
  #fields(node: object): string {
    return Object.entries(node)
      .map(([name, value]) => {
        if (SKIPPED.has(name) || value === null || value === false) return '';
        if (value === true) return name.startsWith('has') ? '' : ` ${name}`;
        if (typeof value === 'object' && 'isUsed' in value) return ` ${String((value as unknown as { name: string }).name)}`;
        const text = this.#value(value);
        if (text === '' || text.startsWith('\n')) return text;
        return NAMED.has(name) ? ` (${name} ${text})` : ` ${text}`;
      })
      .join('');
  }
}
