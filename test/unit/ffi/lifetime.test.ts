/**
 * What pointers in memory keep alive.
 * @module
 */
import { expect, it } from 'vitest';
import { createLua } from '../../../src/host/node.ts';
import { collectGarbage } from '../../helpers/gc.ts';

it('one initialiser for a whole array of pointers is kept by each of them', async () => {
  const lua = createLua();
  lua.run(`ffi = require 'ffi' a = ffi.new('const char *[3]', { 'kept' }) a[0] = nil`);
  await collectGarbage();
  expect(lua.run('return ffi.string(a[2])')).toBe('kept');
});
