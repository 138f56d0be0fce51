/**
 * The contract's Lua files by the original: what they claim is what LuaJIT does.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { luaFilesContract, type RunLuaFile } from '../contract/lua-files.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)("the contract's Lua files (skipped where luajit is not installed)", () => {
  it('luajit is there to run them', () => expect(hasLuajit).toBe(true));

  const run: RunLuaFile = (file) => {
    const { status, stdout, stderr } = spawnSync('luajit', [file], { maxBuffer: 2 ** 28 });
    return { lines: stdout?.toString('latin1').split('\n') ?? [], error: status === 0 ? null : stderr?.toString('latin1') };
  };
  luaFilesContract('luajit', run);
  luaFilesContract('luajit', run, 'lua51');
});
