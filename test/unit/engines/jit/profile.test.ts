/**
 * `jit.p`: its options and tables by themselves, stacks from a profile that is written down here, and real profiles.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ProfileNode } from '../../../../src/engines/host.ts';
import { newScript } from '../../../../src/engines/jit/runtime/callsites.ts';
import { ProfileCounts, profileOptions } from '../../../../src/engines/jit/tools/profile.ts';
import { type EngineFunctions, type Level, type LuaSample, type MachineState, Samples } from '../../../../src/engines/jit/tools/samples.ts';
import { createLua } from '../../../../src/host/node.ts';

const lua = (name: string, defined: number, line: number): Level => ({ kind: 'lua', name, source: 'lib/app.lua', defined, line });
const builtIn = (name: string): Level => ({ kind: 'built-in', name, source: '', defined: 0, line: 0 });

const SAMPLES: readonly [state: MachineState, levels: Level[], weight: number][] = [
  ['N', [lua('hot', 3, 4), lua('', 0, 9)], 50],
  ['N', [lua('hot', 3, 5), lua('', 0, 9)], 20],
  ['C', [builtIn('string.rep'), lua('', 7, 8), lua('', 0, 9)], 20],
  ['G', [lua('', 7, 8), lua('', 0, 9)], 8],
  ['N', [lua('', 0, 9)], 2],
];

function report(mode: string, samples = SAMPLES, zone?: string, file = ''): string {
  const counts = new ProfileCounts(profileOptions(mode));
  for (const [state, levels, weight] of samples) counts.add({ state, levels, weight, time: 0 }, zone);
  return [...counts.report(() => (file === '' ? 'unreadable file' : file.split('\n')))].join('');
}

describe('the tables of jit.p', () => {
  it.each<[mode: string, text: string]>([
    ['', '70%  hot\n20%  rep\n 8%  app.lua:7\n'],
    ['f', '70%  hot\n20%  rep\n 8%  app.lua:7\n'],
    ['F', '70%  app.lua:hot\n20%  rep\n 8%  app.lua:7\n'],
    ['pF', '70%  lib/app.lua:hot\n20%  rep\n 8%  lib/app.lua:7\n'],
    ['l', '50%  app.lua:4\n20%  app.lua:5\n20%  string.rep\n 8%  app.lua:8\n'],
    ['m20l', '50%  app.lua:4\n20%  app.lua:5\n20%  string.rep\n'],
    ['m0f', '70%  hot\n20%  rep\n 8%  app.lua:7\n 2%  app.lua:0\n'],
    ['r', '   70  hot\n   20  rep\n    8  app.lua:7\n'],
    ['v', '72%  Compiled\n20%  C code\n 8%  Garbage Collector\n'],
    [
      'vf',
      '72%  Compiled\n  -- 97%  hot\n  --  3%  app.lua:0\n20%  C code\n  -- 100%  rep\n 8%  Garbage Collector\n  -- 100%  app.lua:7\n',
    ],
    ['fv', '70%  hot\n  <- 100%  Compiled\n20%  rep\n  <- 100%  C code\n 8%  app.lua:7\n  <- 100%  Garbage Collector\n'],
    ['fl', '70%  hot\n  -- 71%  app.lua:4\n  -- 29%  app.lua:5\n20%  rep\n  -- 100%  string.rep\n 8%  app.lua:7\n  -- 100%  app.lua:8\n'],
    ['2', '70%  hot < app.lua:0\n20%  rep < app.lua:7\n 8%  app.lua:7 < app.lua:0\n'],
    ['-2', '70%  app.lua:0 > hot\n20%  app.lua:7 > rep\n 8%  app.lua:0 > app.lua:7\n'],
    ['3m10l', '50%  app.lua:4 < app.lua:9\n20%  app.lua:5 < app.lua:9\n20%  string.rep < app.lua:8 < app.lua:9\n'],
    ['s', '70%  hot\n  <- 100%  app.lua:0\n20%  rep\n  <- 100%  app.lua:7\n 8%  app.lua:7\n  <- 100%  app.lua:0\n'],
    ['-sm20', '80%  app.lua:0\n  -> 88%  hot\n20%  app.lua:7\n  -> 100%  rep\n'],
    ['G', 'app.lua:0;hot 70\napp.lua:0;app.lua:7;rep 20\napp.lua:0;app.lua:7 8\napp.lua:0 2\n'],
  ])('%s', (mode, text) => {
    expect(report(mode)).toBe(text);
  });

  it('say by zones what zone it was', () => {
    expect(report('z', SAMPLES, 'AI')).toBe('100%  AI\n');
    expect(report('z')).toBe('100%  (none)\n');
  });

  it('show the source', () => {
    const file = ['local x', '', 'local function hot()', '  one()', '  two()', 'end', 'x = function()', '  three()', 'end', 'hot()'].join(
      '\n',
    );
    expect(report('a', SAMPLES.slice(0, 2), undefined, file)).toBe(
      '\n====== lib/app.lua ======\n@@ 1 @@\n      | local x\n      | \n      | local function hot()\n  71% |   one()\n  29% |   two()\n' +
        '      | end\n      | x = function()\n      |   three()\n',
    );
    expect(report('A', [['N', [lua('hot', 3, 3)], 5]], undefined, 'a\nb\nc\nd')).toBe(
      '\n====== lib/app.lua ======\n      | a\n      | b\n 100% | c\n      | d\n',
    );
    expect(report('ra', [['C', [builtIn('print')], 5]])).toBe('\n====== print ======\n[Cannot annotate non-file]\n');
  });

  it('say that there was nothing', () => {
    expect(report('f', [])).toBe('[No samples collected]\n');
    expect(report('G', [])).toBe('');
  });

  it('have an interval', () => {
    expect(['f', 'i', 'i5f', 'fi100', 'i0'].map((mode) => profileOptions(mode).intervalMs)).toEqual([10, 10, 5, 100, 10]);
  });
});

describe('stacks', () => {
  // As the compiler writes it: the lines of JavaScript are two above the rows, and `hot` is on lines 3 to 5 of Lua.
  const script = newScript();
  script.text = [
    "'use strict';",
    'const F0=(function(E){return function main$2$0(...va){',
    `x(callable(hot$1,"local 'hot'"));`,
    'const F1=(function(){return function hot$1$3(n$1){',
    'modulo(n$1,7);index(n$1)',
    'modulo(n$1,8);rep(callable(t0,"method \'rep\'"));',
    '//# sourceURL=lua:app.lua?1',
  ].join('\n');
  const url = `lua:app.lua?${script.id}`;
  const engine: EngineFunctions = {
    functions: [() => 0, () => 0, () => 0],
    roles: [
      { role: 'built-in', name: 'string.rep' },
      { role: 'helper', name: 'modulo' },
      { role: 'compiler', name: '' },
    ],
  };
  const places = [
    { key: 'rep', line: 100, lines: 1 },
    { key: 'modulo', line: 200, lines: 3 },
    { key: 'compile', line: 300, lines: 9 },
  ];
  const node = (parent: ProfileNode | null, name: string, more: Partial<ProfileNode> = {}): ProfileNode => ({
    parent,
    name,
    url: 'file:///cdef/engine.js',
    isOwn: true,
    key: name,
    line: 1,
    ticks: new Map(),
    ...more,
  });
  const root = node(null, '(root)', { url: '', isOwn: false });
  const main = node(root, 'main$2$0', { url, line: 4 });
  const hot = (ticks: [number, number][], parent = main): ProfileNode => node(parent, 'hot$1$3', { url, line: 6, ticks: new Map(ticks) });
  const names = (): string | undefined => undefined;
  const stacks = (...nodes: ProfileNode[]): string[] => {
    const profile = { samples: nodes.map((one, i) => ({ node: one, time: i })), places };
    return [...new Samples(profile, engine, names).all()].map(
      ({ state, levels, weight }: LuaSample) =>
        `${state} ${weight} ${levels.map(({ kind, name, defined, line }) => `${kind === 'lua' ? `${name}@${defined}:${line}` : name}`).join(' < ')}`,
    );
  };

  it('have the line of the innermost function, and of a call that is the only one', () => {
    expect(stacks(hot([[7, 1]]))).toEqual(['N 1 hot@3:4 < @0:1']);
  });

  it('share what was inlined among the lines that call it', () => {
    // Line 201 is in `modulo`, which lines 4 and 5 of Lua call: three to one.
    const ticks: [number, number][] = [
      [7, 3],
      [8, 1],
      [201, 4],
    ];
    expect(stacks(hot(ticks))).toEqual(['N 0.75 hot@3:4 < @0:1', 'N 0.25 hot@3:5 < @0:1']);
    expect(stacks(node(hot([[8, 5]]), 'index'))).toEqual(['N 1 hot@3:4 < @0:1']);
    expect(stacks(node(hot([]), 'unheardOf'))).toEqual(['N 1 hot@3:3 < @0:1']);
  });

  it('have built-in functions, and functions of the host, but not what these call', () => {
    const rep = node(hot([]), 'rep');
    expect(stacks(rep, node(rep, 'checkLength'))).toEqual(Array(2).fill('C 1 string.rep < hot@3:5 < @0:1'));
    const host = node(node(hot([]), 'call'), 'yiaddr_set', { url: 'file:///app.mjs', isOwn: false });
    expect(stacks(node(host, 'split', { url: '', isOwn: false }))).toEqual(['C 1 yiaddr_set < hot@3:3 < @0:1']);
  });

  it('begin anew in coroutines', () => {
    expect(stacks(hot([[7, 1]], node(node(main, 'runsCoroutine'), 'next', { url: '', isOwn: false })))).toEqual(['N 1 hot@3:4']);
  });

  it('are those of the sample before for the collector, and none for an idle thread', () => {
    const collector = node(root, '(garbage collector)', { url: '', isOwn: false });
    const idle = node(root, '(idle)', { url: '', isOwn: false });
    expect(stacks(hot([[7, 1]]), idle, collector)).toEqual(['N 1 hot@3:4 < @0:1', 'G 1 hot@3:4 < @0:1']);
  });

  it('do not go into the interpreter', () => {
    expect(stacks(node(node(hot([]), 'interpretsLua'), 'step'))).toEqual(['I 1 (interpreter) < hot@3:3 < @0:1']);
  });

  it('name the compiler and what is around Lua', () => {
    expect(stacks(node(node(root, 'compile'), 'parse'), node(node(main, 'compile'), 'parse'))).toEqual([
      'J 1 (compiler)',
      expect.stringMatching(/^J 1 @0:/),
    ]);
    const outer = node(root, 'serve', { url: 'file:///app.mjs', isOwn: false });
    expect(stacks(node(outer, 'inner', { url: 'file:///app.mjs', isOwn: false }), node(root, 'engine'))).toEqual([
      'C 1 inner',
      'C 1 (engine)',
    ]);
  });
});

describe('jit.p', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cdef-profile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // `hot` does a thousand times what `cold` does.
  const WORK = `local function hot(n)
  local s = 0
  for i = 1, n do
    s = s + i % 7
  end
  return s
end
local function cold(n) return hot(n / 1000) end
`;
  const profiled = (mode: string, work = 'for i = 1, 30 do hot(1e6) cold(1e6) end', isCompiled = true): string => {
    const state = createLua({ engine: 'jit', eval: isCompiled });
    const file = path.join(folder, 'report');
    const script = path.join(folder, 'work.lua');
    writeFileSync(script, `local p = require 'jit.p'\n${WORK}p.start('${mode}', '${file}')\n${work}\np.stop()`);
    state.runFile(script);
    state.close();
    return readFileSync(file, 'utf8');
  };

  // Without eval there are no functions of JavaScript for functions of Lua, nor such tests.
  const itCompiled = inject('isEvalAllowed') ? it : () => {};

  itCompiled('has what takes the time on top', () => {
    expect(profiled('i1f')).toMatch(/^(?:[6-9]\d|100)% {2}hot\n/);
    expect(profiled('i1Fv')).toMatch(/^(?:[6-9]\d|100)% {2}work\.lua:hot\n {2}<- +\d+% {2}Compiled\n/);
  });

  itCompiled('finds its lines', () => {
    const lines = [...profiled('i1l').matchAll(/(\d+)% {2}work\.lua:(\d+)$/gm)].filter(([, , line]) => line === '4' || line === '5');
    expect(lines.reduce((sum, [, percent]) => sum + Number(percent), 0)).toBeGreaterThan(60);
  });

  it('names built-in functions', () => {
    expect(profiled('i1vl', "local s for i = 1, 40 do s = ('x'):rep(1e5):reverse():upper():find('y') end")).toMatch(
      / {2}-- +\d+% {2}string\.\w+\n/,
    );
  });

  it('knows the interpreter', () => {
    expect(profiled('i1fv', 'for i = 1, 5 do hot(1e6) end', false)).toMatch(
      /^(?:[6-9]\d|100)% {2}\(interpreter\)\n {2}<- +\d+% {2}Interpreted\n/,
    );
  });

  it('tells zones apart', () => {
    const work = `local zone = require 'jit.zone'
zone 'long' for i = 1, 30 do hot(1e6) end assert(zone:get() == 'long') assert(zone() == 'long')
zone 'short' cold(1e6) zone() assert(not pcall(zone))`;
    expect(profiled('i1z', work)).toMatch(/^(?:[6-9]\d|100)% {2}long\n/);
  });

  itCompiled('is written when the state is closed', () => {
    const file = path.join(folder, 'closed');
    const state = createLua({ engine: 'jit' });
    state.run(`require('jit.p').start('i1r', '${file}') local s = 0 for i = 1, 1e7 do s = s + i % 7 end`, '=work');
    state.close();
    expect(readFileSync(file, 'utf8')).toMatch(/^ +\d+ {2}work:0\n/);
  });

  it('is not for scripts with limits', () => {
    const state = createLua({ engine: 'jit', limits: { steps: 1000 } });
    expect(() => state.run("require('jit.p').start()")).toThrow('jit.p: the host has no profiler for scripts');
    state.close();
  });
});
