/**
 * LuaJIT's tools on the jit engine: `jit.v`, `jit.dump`, `jit.p`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
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

// Without eval there is no JavaScript to tell of, nor such tests; below is what the tools say then.
const describeCompiled = inject('isEvalAllowed') ? describe : () => {};

describeCompiled('jit.v', () => {
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

  it('ends once', () => {
    const lua = createLua({ engine: 'jit' });
    lua.run(
      `v = require('jit.v') v.start('${path.join(folder, 'once')}') p = require('jit.p') p.start('f', '${path.join(folder, 'profile')}')`,
    );
    const off = lua.engine.load('v.off() p.stop() v.off() p.stop()', '=off');
    off();
    off();
    lua.close();
    lua.close();
    expect(readFileSync(path.join(folder, 'once'), 'utf8')).toMatch(/^(?:\[FUNC .*\]\n)+$/);
  });

  it('raises where its file does not open', () => {
    expect(() => reportOf(`require('jit.v').start('${folder}/no/such/folder')`)).toThrow(/no\/such\/folder: No such file or directory$/);
    expect(() => reportOf(`require('jit.v').start({})`)).toThrow("bad argument #1 to 'start' (string expected, got table)");
  });
});

describeCompiled('jit.dump', () => {
  const SCRIPT = `local function add(a, b)
  local sum = 0
  if a then sum = sum + 1 end
  return sum, "x" .. b.y
end`;
  const dumped = (options: string): string => {
    const parts = reportOf(`require('jit.dump').start('${options}T', '$FILE') load([==[${SCRIPT}]==], '=add.lua')`).split('\n\n');
    return parts.find((text) => text.includes('add.lua:1 ')) as string;
  };

  it('has headings', () => {
    expect(dumped('t')).toBe('---- FUNC 3 add.lua:1 add\n---- FUNC 3 stop -> compiled');
  });

  it('shows the source', () => {
    const source = SCRIPT.split('\n').map((line, i) => `000${i + 1}  ${line}\n`);
    expect(dumped('b')).toBe(`---- FUNC 3 add.lua:1 add\n---- FUNC 3 source\n${source.join('')}---- FUNC 3 stop -> compiled`);
  });

  it('shows the tree, and types that are sure', () => {
    const tree = (sum: string): string => `---- FUNC 3 add.lua:1 add
---- FUNC 3 tree
      (parameters a$1 b$2)
0002  (declare ${sum} 0)
0003  (if (a$1
0003    (assign ${sum} (binary + ${sum} 1))))
0004  (return ${sum} (binary .. "x" (index b$2 "y")))
---- FUNC 3 stop -> compiled`;
    expect(dumped('i')).toBe(tree('sum$3'));
    expect(dumped('ir')).toBe(tree('sum$3:number'));
  });

  it('shows the JavaScript, with the lines of Lua', () => {
    const plain = dumped('m').split('\n').slice(2, -1);
    expect(plain[0]).toMatch(/^const F1=\(function\(.*\)\{return function add\$\d+\$1\(a\$1,b\$2\)\{/);
    const lines = dumped('s').split('\n').slice(2, -1);
    expect(lines.map((line) => line.slice(6))).toEqual(plain);
    expect(lines.map((line) => line.slice(0, 4))).toEqual(['0001', '0002', '0003', '0004']);
    expect(lines[3]).toMatch(/return/);
  });

  it('adds letters to those it has by default, and takes away', () => {
    const parts = (options: string): (string | undefined)[] =>
      [...dumped(options).matchAll(/^---- FUNC 3 (\w+)$/gm)].map(([, name]) => name);
    expect([parts(''), parts('+s'), parts('-b'), parts('-im'), parts('bsx')]).toEqual([
      ['source', 'tree', 'javascript'],
      ['source', 'tree', 'javascript'],
      ['tree', 'javascript'],
      ['source'],
      ['source', 'javascript'],
    ]);
  });

  it('shows text as it is', () => {
    const report = reportOf("require('jit.dump').start('bimT', '$FILE') load('return \\'é\\'', '=é')");
    expect(report).toContain('---- FUNC 2 é:0 main chunk\n');
    expect(report).toContain("0001  return 'é'\n");
    expect(report).toContain('0001  (return "é")\n');
    expect(report).toContain('return("é");');
  });

  it('shows chunks that were refused', () => {
    expect(reportOf("require('jit.dump').on('aT', '$FILE') load('x =', '=bad')")).toContain(
      "---- FUNC --- bad:1: unexpected symbol near '<eof>'\n",
    );
  });

  it('is HTML, or has colours', () => {
    const html = reportOf("require('jit.dump').start('bH', '$FILE') load('return 1 < 2 and 3 > 2', '=more')");
    expect(html).toContain('0001  return 1 &lt; 2 and 3 &gt; 2\n');
    expect(html.match(/<pre class="ljdump">\n/g)).toHaveLength(2);
    expect(reportOf("require('jit.dump').start('tA', '$FILE')")).toContain('\u001b[1m---- FUNC 1 t.lua:0 main chunk\u001b[m\n');
  });
});

describe('of interpreted functions', () => {
  const reason = inject('isEvalAllowed') ? 'interpreted, as the option eval says' : 'interpreted, as the host allows no eval';

  it('jit.v says why they are', () => {
    const script = `require('jit.v').start('$FILE')
load('function f() end', '=more') load('x =', '=bad') coroutine.wrap(function() end)()`;
    expect(reportOf(script, { eval: false })).toBe(
      `[FUNC --- t.lua:0 main chunk -- ${reason}]\n[FUNC --- t.lua:2 -- ${reason}]\n[FUNC --- more:0 main chunk -- ${reason}]\n` +
        `[FUNC --- more:1 f -- ${reason}]\n[FUNC --- bad:1: unexpected symbol near '<eof>']\n`,
    );
  });

  it('jit.dump shows what was read', () => {
    const report = reportOf("require('jit.dump').start('bimT', '$FILE')", { eval: false });
    expect(report).toBe(
      `---- FUNC --- t.lua:0 main chunk\n---- FUNC --- source\n0001  require('jit.dump').start('bimT', '${path.join(folder, 'report')}')\n---- FUNC --- tree\n` +
        '      (parameters ...)\n0001  (expression (call (index (call (global require) (args "jit.dump")) "start") (args "bimT" ' +
        `"${path.join(folder, 'report')}")))\n---- FUNC --- stop -> ${reason}\n\n`,
    );
  });
});

describe('jit.util and jit.profile', () => {
  const run = (text: string): unknown => {
    const lua = createLua({ engine: 'jit' });
    try {
      return lua.run(text, '@u.lua');
    } finally {
      lua.close();
    }
  };

  it('say what a function is', () => {
    const info = `local util, x = require 'jit.util', 1
return util.funcinfo(function(a, b, ...)
  return function() return x end
end)`;
    expect(run(info)).toEqual({
      source: '@u.lua',
      loc: 'u.lua:2',
      linedefined: 2,
      lastlinedefined: 4,
      currentline: 2,
      params: 2,
      isvararg: true,
      children: true,
      upvalues: 1,
    });
    expect(run("local i = require 'jit.util'.funcinfo(print) return i.addr > 0 and i.upvalues == 0 and i.loc == nil")).toBe(true);
    expect(() => run("require('jit.util').funcinfo(5)")).toThrow("bad argument #1 to 'funcinfo' (function expected, got number)");
  });

  it('refuse what V8 cannot do', () => {
    expect(() => run("require('jit.profile').start('f', print)")).toThrow("'start' needs a profiler that calls back; see jit.p");
    expect(run("require('jit.profile').stop() return 1")).toBe(1);
  });

  it('are of this engine alone', () => {
    const lua = createLua({ engine: 'fengari' });
    expect(() => lua.run("require 'jit.p'", '=f')).toThrow("jit.p is of the engine 'jit': there is no compiler here");
    lua.close();
  });
});
