import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLua as makeLua, engineNames, type LuaOptions } from '../../../src/host/node.ts';
import { LuaError } from '../../../src/index.ts';

describe.each(engineNames)('limits on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it.each([
    ['a loop', 'while true do end'],
    ['a loop of protected calls', 'while true do pcall(function() while true do end end) end'],
    ['a loop in a handler', 'xpcall(function() while true do end end, function() while true do end end) while true do end'],
    ['coroutines', 'while true do coroutine.wrap(function() for i = 1, 500 do end end)() end'],
    [
      'a loop in a coroutine',
      'local co = coroutine.wrap(function() while true do pcall(function() while true do end end) end end) while true do co() end',
    ],
    [
      'a metamethod',
      "local ffi = require 'ffi' local t = ffi.metatype('struct { int x; }', { __index = function() while true do end end }) return t().y",
    ],
    ['a sort', 'table.sort({ 3, 1, 2 }, function(a, b) while true do end end)'],
    ['a loop that compiles', "while true do (loadstring or load)('return 1') end"],
    ['without its hook', 'if debug.sethook then debug.sethook() end while true do end'],
  ])('of steps end %s, and the state goes on', (_, text) => {
    const lua = createLua({ limits: { steps: 20_000 } });
    for (let i = 0; i < 2; i++) {
      expect(() => lua.run(text)).toThrow(LuaError);
      expect(() => lua.run(text)).toThrow('more than 20000 steps');
      expect(lua.run('local n = 0 for i = 1, 2000 do n = n + i end return n')).toBe(2_001_000);
    }
    lua.close();
  });

  it('of steps count each call from the host anew, not those within', () => {
    const lua = createLua({ limits: { steps: 10_000 } });
    lua.set('again', (f: () => unknown) => f());
    lua.run('function work() for i = 1, 2000 do end return 1 end function within() local n = 0 while true do n = n + again(work) end end');
    const work = lua.callback('work');
    for (let i = 0; i < 20; i++) expect(work()).toBe(1);
    expect(() => lua.callback('within')()).toThrow('more than 10000 steps');
    lua.close();
  });

  it('of time and a signal end what runs', () => {
    const slow = createLua({ limits: { timeMs: 30 } });
    expect(() => slow.run('while true do end')).toThrow('more than 30 ms');
    expect(slow.run('return 1')).toBe(1);
    const controller = new AbortController();
    const lua = createLua({ limits: { signal: controller.signal } });
    lua.set('stop', () => controller.abort());
    expect(() => lua.run('stop() while true do end')).toThrow('aborted');
    expect(() => lua.run('while true do end')).toThrow('aborted');
    for (const one of [slow, lua]) one.close();
  });

  it('of bytes end allocation, in one piece or many', () => {
    const lua = createLua({ limits: { bytes: 100_000 } });
    const ffi = "local ffi = require 'ffi' ";
    expect(() => lua.run(`${ffi} ffi.new('char[?]', 100001)`)).toThrow('not enough memory');
    expect(() => lua.run(`${ffi} for i = 1, 1000 do ffi.new('char[?]', 1000) end`)).toThrow('not enough memory');
    expect(() => lua.run(`${ffi} local s = ('x'):rep(60000) for i = 1, 2 do ffi.cast('const char *', s) end`)).toThrow('not enough memory');
    expect(() => lua.run("return ('x'):rep(1e9)")).toThrow('string of more than 100000 bytes');
    expect(() => lua.run("return string.rep('', 1e5, 'yy')")).toThrow('string of more than 100000 bytes');
    expect(lua.run(`${ffi} return ffi.sizeof(ffi.new('char[?]', 90000))`)).toBe(90000);
    expect(lua.cdef.new('char[200000]').length).toBe(200_000);
    lua.close();
  });
});

describe('the limit of time on jit', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  // By a clock of its own: each call takes 100 ms.
  it.each([true, false])('is looked at more often where steps take long, eval: %s', (isAllowed) => {
    let now = 0;
    let calls = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const lua = makeLua({ engine: 'jit', eval: isAllowed, limits: { timeMs: 1000 } });
    lua.set('slow', () => {
      now += 100;
      calls++;
    });
    expect(() => lua.run('while true do slow() end')).toThrow('more than 1000 ms');
    expect(calls).toBeLessThan(30);
    // Later, too, once it has found that steps are quick; then the first look comes after a thousand of them.
    calls = 0;
    expect(() => lua.run('for i = 1, 1e5 do end for i = 1, 1e5 do slow() end')).toThrow('more than 1000 ms');
    expect(calls).toBeLessThan(1100);
    lua.close();
  });
});
