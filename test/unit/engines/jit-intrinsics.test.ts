/**
 * Functions of the library that compiled text does in line: that it asks for those that scripts call.
 */
import { expect, it } from 'vitest';
import { namesInText } from '../../../src/engines/jit/runtime/helpers.ts';
import type { LuaState } from '../../../src/engines/jit/runtime/state.ts';
import type { LuaTable } from '../../../src/engines/jit/runtime/table.ts';
import { createLua } from '../../../src/host/lua.ts';

it.each([
  ['bit', 'bxor'],
  ['math', 'floor'],
  ['math', 'min'],
  ['math', 'max'],
  ['_G', 'ipairs'],
  ['string', 'byte'],
])('%s.%s is the function that the text asks for', (library, name) => {
  const lua = createLua({ engine: 'jit' });
  const { state } = lua.engine as unknown as { readonly state: LuaState };
  const found = (state.loaded.get(library) as LuaTable).get(name);
  expect(found).toBeTypeOf('function');
  expect(namesInText(state)[`I_${name}`]).toBe(found);
});
