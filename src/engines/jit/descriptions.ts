/**
 * What is known of a chunk's functions, for `debug` and messages.
 * @module
 */
import { shortChunkName } from '../../lua/index.ts';
import type { Block, FunctionNode } from './ast.ts';
import type { FunctionDescription } from './runtime/functions.ts';
import type { Unit } from './runtime/units.ts';
import { endsInReturn } from './tree.ts';

export class Descriptions {
  /** By their ids; there may be gaps. */
  readonly nodes: readonly FunctionNode[];
  /** The chunk's name, and as messages show it. */
  readonly name: string;
  readonly display: string;
  /** The chunk itself, as latin1. */
  readonly text: string;
  /** What it has been compiled to so far. */
  readonly units: Unit[] = [];

  /** @param name as Lua has it: `@file`, `=name`, or the text itself */
  constructor(tree: FunctionNode, name: string, text: string) {
    this.name = name;
    this.text = text;
    this.display = shortChunkName(name);
    const nodes: FunctionNode[] = [];
    collect(tree, nodes);
    this.nodes = nodes;
  }

  node(id: number): FunctionNode {
    return this.nodes[id] as FunctionNode;
  }

  /** What is known of function `id`. */
  describe(id: number): FunctionDescription {
    const node = this.node(id);
    const isMain = node.parent === null;
    return {
      source: this.name,
      short_src: this.display,
      what: isMain ? 'main' : 'Lua',
      linedefined: isMain ? 0 : node.line,
      lastlinedefined: node.endLine,
      nups: node.upvalues.length,
      nparams: node.parameters.length,
      isvararg: node.isVararg,
      parameters: node.parameters.map(({ name }) => name),
      lines: linesOf(node),
      children: node.functions.length > 0,
    };
  }

  /** The same for the function that is defined at a line; 0 for the chunk itself. */
  describeAt(line: number): FunctionDescription | undefined {
    const node = this.#nodeAt(line);
    return node === undefined ? undefined : this.describe(node.id);
  }

  /** The name with which that function is declared. */
  nameAt(line: number): string | undefined {
    return this.#nodeAt(line)?.name ?? undefined;
  }

  #nodeAt(line: number): FunctionNode | undefined {
    return this.nodes.find((one) => one !== undefined && (one.parent === null ? line === 0 : one.line === line));
  }
}

function linesOf(node: FunctionNode): readonly number[] {
  const lines = new Set(node.functions.map(({ endLine }) => endLine));
  addLines(node.body, lines);
  if (!endsInReturn(node.body)) lines.add(node.endLine);
  return [...lines].sort((a, b) => a - b);
}

function addLines(block: Block, lines: Set<number>): void {
  for (const statement of block.statements) {
    if (statement.kind === 'label') continue;
    if (statement.kind !== 'do') lines.add(statement.line);
    if ('body' in statement) addLines(statement.body, lines);
    if (statement.kind !== 'if') continue;
    for (const { condition, body } of statement.clauses) {
      lines.add(condition.line);
      addLines(body, lines);
    }
    if (statement.otherwise !== null) addLines(statement.otherwise, lines);
  }
}

function collect(node: FunctionNode, nodes: FunctionNode[]): void {
  nodes[node.id] = node;
  for (const inner of node.functions) collect(inner, nodes);
}
