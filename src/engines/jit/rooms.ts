/**
 * How many named fields a table is likely to have, guessed from what the text does with it: V8 keeps so many in the object itself. A guess
 * that is too low costs a second object, one that is too high memory.
 * @module
 */
import type { Expression, TableExpression, Target, Variable } from './ast.ts';

/** Fields of an object that is given a metatable before the text names more than one. */
const USUAL_FIELDS = 4;

/** A variable gets a value. */
export function noteValue(variable: Variable, value: Expression | null): void {
  const table = value === null ? null : tableOf(value);
  if (table !== null) table.holder = variable;
}

/** Something is assigned to. */
export function noteTarget(target: Target): void {
  if (target.kind !== 'index' || target.object.kind !== 'local' || target.key.kind !== 'string') return;
  const { variable } = target.object;
  variable.fields ??= new Set();
  variable.fields.add(target.key.value);
}

/** A function is called. */
export function noteCall(callee: Expression, args: readonly Expression[]): void {
  if (isSetMetatable(callee) && args[0]?.kind === 'table') args[0].isObject = true;
}

/** The number of fields of a table. */
export function roomOf({ fields, holder, isObject }: TableExpression): number {
  const names = new Set(holder?.fields);
  for (const field of fields) if (field.kind === 'keyed' && field.key.kind === 'string') names.add(field.key.value);
  return isObject && names.size < 2 ? USUAL_FIELDS : names.size;
}

// The table that a value is, by itself, `v or {}`, or with a metatable.
function tableOf(value: Expression): TableExpression | null {
  if (value.kind === 'table') return value;
  if (value.kind === 'logical') return value.right.kind === 'table' ? value.right : null;
  return value.kind === 'call' && isSetMetatable(value.callee) && value.args[0]?.kind === 'table' ? value.args[0] : null;
}

function isSetMetatable(callee: Expression): boolean {
  if (callee.kind === 'local') return callee.variable.name === 'setmetatable';
  return callee.kind === 'global' && callee.name === 'setmetatable';
}
