/**
 * ffi against LuaJIT: the same snippets print the same lines.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { expressionTest, ffiTables, textOfTable } from '../contract/ffi.ts';
import { printedBy } from '../helpers/lua-run.ts';
import { LIBC_PRELUDE, libcSnippets } from '../helpers/libc-snippets.ts';
import { LUA_PRELUDE, luaSnippets } from '../helpers/lua-snippets.ts';
import { createLua } from '../../src/host/node.ts';

const hasLuajit = spawnSync('luajit', ['-v']).status === 0;

function printedByLuajit(text: string): string[] {
  const { status, stdout, stderr } = spawnSync('luajit', ['-'], { input: text });
  if (status !== 0) throw new Error(`luajit: ${stderr}`);
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

describe.skipIf(!hasLuajit && process.env['CI'] === undefined)('ffi agrees with LuaJIT (skipped where luajit is not installed)', () => {
  it('luajit is there to compare with', () => expect(hasLuajit).toBe(true));

  it.each(ffiTables.map((table) => [table.says, table] as const))('the contract: %s', (_, table) => {
    const expected = table.rows.map(([, prints]) => prints);
    expect(printedByLuajit(textOfTable(table, expressionTest(createLua())))).toEqual(expected);
  });

  it.each(luaSnippets)('%s', (_, code) => {
    const text = `${LUA_PRELUDE}\n${code}\n`;
    const expected = printedByLuajit(text);
    expect(expected).not.toEqual([]);
    expect(printedBy(text)).toEqual(expected);
  });

  it.each(libcSnippets)('the C library: %s', (_, code) => {
    const text = `${LUA_PRELUDE}\n${LIBC_PRELUDE}\n${code}\n`;
    const expected = printedByLuajit(text);
    expect(expected).not.toEqual([]);
    expect(printedBy(text)).toEqual(expected);
  });
});
