/**
 * LuaJIT's tools on the jit engine: `jit.v`, `jit.dump`, `jit.p`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLua, type NodeLua } from '../../../../src/host/node.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-tools-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a tool writes to its file while `script` runs; `$FILE` in the script is that file. */
function reportOf(script: string, options: Parameters<typeof createLua>[0] = {}): string {
  const file = path.join(folder, 'report');
  writeFileSync(file, 'nothing\n');
  const lua: NodeLua = createLua({ engine: 'jit', ...options });
  try {
    lua.run(script.replaceAll('$FILE', file), '@t.lua');
  } finally {
    lua.close();
  }
  return readFileSync(file, 'utf8');
}

describe('jit.v', () => {
  it('has a line for each function, those that are compiled already first', () => {
    const script = `require('jit.v').start('$FILE')
local function f() end
load('local t = {}\\nfunction t.g()\\nreturn function() end end', '=more')`;
    expect(reportOf(script)).toBe(
      '[FUNC   1 t.lua:0 main chunk]\n[FUNC   2 t.lua:2 f]\n[FUNC   3 more:0 main chunk]\n[FUNC   4 more:2 t.g]\n[FUNC   5 more:3]\n',
    );
  });

  it('says which function a twin for coroutines is of', () => {
    const script = `require('jit.v').start('$FILE')
coroutine.wrap(function() coroutine.yield() end)()`;
    expect(reportOf(script)).toBe('[FUNC   1 t.lua:0 main chunk]\n[FUNC   2 t.lua:2]\n[FUNC   3 (2/twin) t.lua:2]\n');
  });

  it('says why a chunk was refused, and why one is slower', () => {
    const script = `require('jit.v').on('$FILE')
load('x =', '=bad') load('setfenv(1, {})', '=env') load('debug.sethook()', '=hook')`;
    expect(reportOf(script)).toBe(
      "[FUNC   1 t.lua:0 main chunk -- counts its steps, for limits or a hook]\n[FUNC --- bad:1: unexpected symbol near '<eof>']\n" +
        '[FUNC   2 env:0 main chunk -- looks its environment up, as setfenv, getfenv or module may change it; counts its steps, for limits or a hook]\n' +
        '[FUNC   3 hook:0 main chunk -- counts its steps, for limits or a hook]\n',
    );
  });

  it('ends with off, and starts again', () => {
    const script = `local v = require 'jit.v'
v.start('$FILE') v.off() load('', '=unseen') v.off() v.start('$FILE') v.off()`;
    const report = reportOf(script);
    expect(report).toBe('[FUNC   1 t.lua:0 main chunk]\n[FUNC   2 unseen:0 main chunk]\n');
  });

  it('raises where its file does not open', () => {
    expect(() => reportOf(`require('jit.v').start('${folder}/no/such/folder')`)).toThrow(/no\/such\/folder: No such file or directory$/);
    expect(() => reportOf(`require('jit.v').start({})`)).toThrow("bad argument #1 to 'start' (string expected, got table)");
  });
});
