import { describe, expect, it } from 'vitest';
import type { TableExpression } from '../../../../src/engines/jit/ast.ts';
import { parse } from '../../../../src/engines/jit/parser.ts';
import { roomOf } from '../../../../src/engines/jit/rooms.ts';

// The first table of the text that stands in a declaration or an assignment, maybe as an argument, or is answered.
function firstTable(node: unknown): TableExpression | null {
  if (typeof node !== 'object' || node === null || 'owner' in node) return null;
  if ('kind' in node && node.kind === 'table') return node as TableExpression;
  for (const [name, value] of Object.entries(node)) {
    const found = name === 'parent' || name === 'functions' || name === 'upvalues' ? null : firstTable(value);
    if (found !== null) return found;
  }
  return null;
}

describe('the fields that a table is likely to have', () => {
  it.each([
    ['return {}', 0],
    ['return { 1, 2 }', 0],
    ['return { x = 1, y = 2, [z] = 3, ["x"] = 4, 5 }', 2],
    ['local t = { x = 1 } t.x = 2 t.y, t.z = 3, 4', 3],
    ['local t = {} if a then t.left = 1 else t.right = 2 end', 2],
    ['local t = {} t[1] = 2 t[x] = 3 t.a.b = 4 u.c = 5', 0],
    ['local t t = {} t.x = 1', 1],
    ['local t = {} function t.f() end function t:m() t.n = 1 end', 3],
    ['local function new(t) t = t or {} t.x = 1 t.y = 2 end', 2],
    ['local t = setmetatable({}, C) t.a, t.b, t.c, t.d, t.e = 1, 2, 3, 4, 5', 5],
    ['local t = setmetatable({}, C)', 4],
    ['return setmetatable({ name = n }, C)', 4],
    ['return setmetatable({ x = x, y = y }, C)', 2],
    ['local setmetatable = setmetatable return setmetatable({}, C)', 4],
    ['return other({}, C)', 0],
    ['local t = {} do local t = 1 t.x = 2 end', 0],
  ])('in %j', (text, expected) => {
    expect(roomOf(firstTable(parse(text, '=c')) as TableExpression)).toBe(expected);
  });
});
