/**
 * Trees of Lua text in one line, for tests: `(assign [(global x)] [(binary + 1 (local a0))])`. Variables have their number behind
 * their name.
 * @module
 */
import type { FunctionNode, Label, Variable } from '../../src/engines/jit/ast.ts';
import type { LuaNumber } from '../../src/lua/index.ts';

/** Properties that say where or how rather than what. */
const HIDDEN = new Set([
  'kind',
  'start',
  'line',
  'end',
  'endLine',
  'id',
  'parent',
  'upvalues',
  'usesGlobals',
  'changesEnvironment',
  'functions',
  'holder',
  'isObject',
]);

function isVariable(value: object): value is Variable {
  return 'owner' in value;
}

function isLabel(value: object): value is Label {
  return 'isUsed' in value;
}

/** A value of the tree; `false`, `null` and empty lists inside nodes are left out. */
export function treeText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : String(value);
  if (Array.isArray(value)) return `[${value.map(treeText).join(' ')}]`;
  if (isVariable(value)) return value.name + value.id;
  if (isLabel(value)) return `${value.name}${value.id}${value.isLoop ? ' loop' : ''}${value.isUsed ? '' : ' unused'}`;
  const node = value as Record<string, unknown>;
  if (node['kind'] === 'number') {
    const { kind, value } = node['value'] as LuaNumber;
    return value + { double: '', int64: 'LL', uint64: 'ULL', imaginary: 'i' }[kind];
  }
  if (node['kind'] === 'string') return JSON.stringify(node['value']);
  const parts = Object.entries(node).flatMap(([name, one]) => {
    if (HIDDEN.has(name) || one === null || one === false || (Array.isArray(one) && one.length === 0)) return [];
    return [one === true ? name : treeText(one)];
  });
  const { kind } = node;
  return kind === undefined ? `{${parts.join(' ')}}` : parts.length === 0 ? String(kind) : `(${[kind, ...parts].join(' ')})`;
}

/** The statements of a chunk. */
export function statementsText(chunk: FunctionNode): string {
  return chunk.body.statements.map(treeText).join(' ');
}
