/**
 * Which form functions of the jit engine have: compiled, or interpreted where the host compiles no text, or it is not wanted. The project
 * `no-eval` runs this, and the suites of the engine, without `new Function`.
 */
import { describe, expect, inject, it } from 'vitest';
import { createLua } from '../../../src/host/node.ts';

it('compiles where that is allowed, and says so', () => {
  const lua = createLua({ engine: 'jit' });
  expect(lua.engine.isCompiled).toBe(inject('isEvalAllowed'));
  expect(lua.run('return jit.status()')).toBe(inject('isEvalAllowed'));
});

it('interprets where that is wanted', () => {
  const lua = createLua({ engine: 'jit', eval: false });
  expect(lua.engine.isCompiled).toBe(false);
  expect(lua.run('return jit.status()')).toBe(false);
});

it.each([
  ['local up = 1 local function f() up = up + 1 end', '"x"', "upvalue 'up' is always a number, and cannot be set to a string"],
  ['local up = {} local function f() up = {} end', 'nil', "upvalue 'up' is always a table, and cannot be set to a nil"],
  ['local up = 1 local function f() up = up + 1 end', '2', 'up'],
  ['local up = 1 local function f(a) up = a end', '"x"', 'up'],
])('sets an upvalue, but not to a type that compiled code has ruled out: %s = %s', (text, value, compiled) => {
  const set = `${text} return select(2, pcall(debug.setupvalue, f, 1, ${value}))`;
  expect(createLua({ engine: 'jit', eval: false }).run(set)).toBe('up');
  expect(createLua({ engine: 'jit' }).run(set)).toBe(inject('isEvalAllowed') ? compiled : 'up');
});

describe('interpreted functions', () => {
  const run = (text: string): unknown => createLua({ engine: 'jit', eval: false }).run(text, '@t.lua');

  it('recurse more deeply than JavaScript does, to a limit', () => {
    expect(run('local function depth(n) return n == 0 and 0 or 1 + depth(n - 1) end return depth(15000)')).toBe(15000);
    expect(run('local function f() return 1 + f() end return select(2, pcall(f))')).toBe('t.lua:1: stack overflow');
  });

  it('end recursion through functions of the library', () => {
    expect(run('local function f() return (select(2, pcall(f))) end return f() ~= nil')).toBe(true);
    expect(
      run(
        'local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. 1] end return (pcall(function() return t.x end))',
      ),
    ).toBe(false);
  });

  it('leave nothing behind when they call in tail position', () => {
    expect(run('local function loop(n) if n == 0 then return "done" end return loop(n - 1) end return loop(300000)')).toBe('done');
    const inside = 'local function loop(n) if n == 0 then return coroutine.yield("done") end return loop(n - 1) end';
    expect(run(`${inside} return coroutine.wrap(loop)(300000)`)).toBe('done');
  });

  it('tell the levels of the stack', () => {
    const text = `
local function inner() return (debug.traceback('m')) end
local function outer(...)
  local t = inner()
  return t
end
local r = outer(1)
return r`;
    expect(run(text)).toBe(`m
stack traceback:
\tt.lua:2: in function 'inner'
\tt.lua:4: in function 'outer'
\tt.lua:7: in main chunk`);
  });

  it('tell those of a coroutine, and of what it calls through the library', () => {
    const text = `
local function deep() coroutine.yield(debug.traceback()) end
return coroutine.wrap(function()
  pcall(deep)
end)()`;
    expect(run(text)).toBe(`stack traceback:
\tt.lua:2: in function 'deep'
\t[C]: in function 'pcall'
\tt.lua:4: in function <t.lua:3>`);
  });

  it('say where they failed after an error has gone through several of them', () => {
    const text = `
local function fail() local x = nil; return x.y end
local ok, message = pcall(table.sort, { 1, 2 }, function() fail() end)
return message`;
    expect(run(text)).toBe("t.lua:2: attempt to index local 'x' (a nil value)");
  });

  it('are reached by their level', () => {
    const text = `
x = 'global'
local function set() setfenv(2, { x = 'own', setfenv = setfenv }) end
local function reads() set() return x end
return reads() .. ' ' .. x`;
    expect(run(text)).toBe('own global');
  });
});
