/**
 * What is known of a chunk's functions, for `debug` and messages.
 * @module
 */
import { shortChunkName } from '../../lua/index.ts';
import type { FunctionNode } from './ast.ts';
import type { FunctionDescription } from './runtime/functions.ts';
import type { Unit } from './runtime/units.ts';

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
      lastlinedefined: isMain ? -1 : node.endLine,
      nups: node.upvalues.length,
      nparams: node.parameters.length,
      isvararg: node.isVararg,
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

function collect(node: FunctionNode, nodes: FunctionNode[]): void {
  nodes[node.id] = node;
  for (const inner of node.functions) collect(inner, nodes);
}
