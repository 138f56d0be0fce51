import { spawnSync } from 'node:child_process';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fengariModule from 'fengari';
import { describe, expect, it } from 'vitest';
import { cdefOf, luaopen_ffi, luaopen_jit, pushValue, type LuaState, repairStringHash } from '../../../src/engines/fengari/index.ts';
import { createLua, type Lua } from '../../../src/host/lua.ts';
import { LuaError } from '../../../src/util/errors.ts';

// biome-ignore lint/suspicious/noExplicitAny: fengari has no types
const { lua: api, lauxlib, lualib, to_luastring: text, to_jsstring: fromText } = fengariModule as any;

function stackOf(lua: Lua): LuaState & { stack: unknown[]; top: number } {
  return (lua.engine as unknown as { state: { adapter: { L: LuaState & { stack: unknown[]; top: number } } } }).state.adapter.L;
}

function errorOf(work: () => unknown): LuaError {
  try {
    work();
  } catch (error) {
    if (error instanceof LuaError) return error;
    throw error;
  }
  throw new Error('expected a Lua error');
}

describe('strings of any bytes', () => {
  // The bytes 01 23 and 12 03 are both '123' in hex without padding.
  const COLLISION = `
    local a, b = '\\1\\35', '\\18\\3'
    local t = {} t[a] = 'a' t[b] = 'b'
    local u = { ['\\1\\35'] = 1, ['\\18\\3'] = 2 }
    return tostring(a == b) .. t[a] .. t[b] .. u[a] .. u[b]`;

  it('hardware addresses whose hex digits are the same are different keys and constants', () => {
    expect(createLua().run(COLLISION)).toBe('falseab12');
  });

  it('without the repair they collide, which is why it is made', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-'));
    try {
      const file = path.join(folder, 'plain.cjs');
      const fengari = JSON.stringify(path.resolve('node_modules/fengari'));
      writeFileSync(
        file,
        `const { lua, lauxlib, lualib, to_luastring, to_jsstring } = require(${fengari});
        const L = lauxlib.luaL_newstate(); lualib.luaL_openlibs(L);
        lauxlib.luaL_dostring(L, to_luastring(${JSON.stringify(COLLISION)}));
        console.log(to_jsstring(lua.lua_tostring(L, -1)));`,
      );
      const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout.trim()).toBe('truebb22');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('all strings of one and two bytes are keys of their own', () => {
    const text = `
      local t, n = {}, 0
      for a = 0, 255 do
        t[string.char(a)] = -a
        for b = 0, 255, 3 do t[string.char(a, b)] = a * 256 + b end
      end
      for a = 0, 255 do
        if t[string.char(a)] ~= -a then n = n + 1 end
        for b = 0, 255, 3 do if t[string.char(a, b)] ~= a * 256 + b then n = n + 1 end end
      end
      return n`;
    expect(createLua().run(text)).toBe(0);
  });

  it('reserved words, names like Object’s and long strings work as names and keys', () => {
    const text = `
      local t = { ['and'] = 1, ['while'] = 2, constructor = 3, __proto__ = 4, ['|616e64'] = 5, [('x'):rep(100)] = 6, [''] = 7 }
      local sum = 0
      for _, v in pairs(t) do sum = sum + v end
      repeat local done = true until done and not false
      if nil then goto skip end
      ::skip::
      return sum .. t['and'] .. t.constructor .. t.__proto__ .. t['|616e64'] .. t[('x'):rep(100)] .. t['']`;
    expect(createLua().run(text)).toBe('28134567');
  });

  it('the repair may be made twice', () => {
    repairStringHash();
    repairStringHash();
    expect(createLua().run(COLLISION)).toBe('falseab12');
  });
});

describe('ffi in a fengari state of one’s own', () => {
  function plainState(): LuaState {
    const L = lauxlib.luaL_newstate() as LuaState;
    lualib.luaL_openlibs(L);
    lauxlib.luaL_requiref(L, text('ffi'), luaopen_ffi, 0);
    lauxlib.luaL_requiref(L, text('jit'), luaopen_jit, 0);
    api.lua_settop(L, 0);
    return L;
  }

  function run(L: LuaState, code: string): string {
    api.lua_settop(L, 0);
    const failed = lauxlib.luaL_loadstring(L, text(code)) || api.lua_pcall(L, 0, 1, 0);
    const result = fromText(lauxlib.luaL_tolstring(L, -1)) as string;
    return failed ? `error: ${result}` : result;
  }

  it('is a module like any other', () => {
    const L = plainState();
    expect(run(L, `return require 'ffi' == package.loaded.ffi and ffi == nil`)).toBe('true');
    expect(run(L, `local ffi = require 'ffi' ffi.cdef 'struct s { int x; };' return ffi.new('struct s', 5).x`)).toBe('5');
    expect(run(L, `return require 'ffi'.new('int').x`)).toBe(
      `error: [string "return require 'ffi'.new('int').x"]:1: 'int' has no member named 'x'`,
    );
  });

  it('has declarations of its own, which cdefOf gives', () => {
    const [L, other] = [plainState(), plainState()];
    cdefOf(L).cdef('int twice(int n); enum { K = 4 };', { functions: { twice: (n: number) => 2 * n } });
    expect(run(L, `local C = require 'ffi'.C return C.twice(C.K)`)).toBe('8');
    expect(run(other, `return require 'ffi'.C.twice`)).toMatch(/missing declaration for symbol 'twice'/);
  });

  it('gets values that pushValue pushes', () => {
    const L = plainState();
    cdefOf(L).cdef('struct p { int x; };');
    const view = cdefOf(L).new('struct p', { x: 6 });
    const values: [unknown, string][] = [
      [5, '5'],
      [0.5, '0.5'],
      [true, 'true'],
      [null, 'nil'],
      [undefined, 'nil'],
      [5n, '5LL'],
      [2n ** 63n, '9223372036854775808ULL'],
      [view, '6'],
    ];
    for (const [value, expected] of values) {
      api.lua_settop(L, 0);
      lauxlib.luaL_loadstring(
        L,
        text(`local v = ... return tostring(type(v) == 'userdata' and getmetatable(v) == 'ffi' and tostring(v):find '&' and v.x or v)`),
      );
      pushValue(L, value);
      api.lua_call(L, 1, 1);
      expect(fromText(api.lua_tostring(L, -1))).toBe(expected);
    }
    api.lua_settop(L, 0);
    lauxlib.luaL_loadstring(L, text(`return require 'ffi'.cast('uint8_t *', (...))[1]`));
    pushValue(L, Uint8Array.of(1, 77));
    api.lua_call(L, 1, 1);
    expect(api.lua_tointeger(L, -1)).toBe(77);
  });

  it('cdefOf and pushValue refuse a state without ffi', () => {
    const L = lauxlib.luaL_newstate() as LuaState;
    expect(() => cdefOf(L)).toThrow(new TypeError("the 'ffi' module has not been opened in this state"));
    expect(() => pushValue(L, 1)).toThrow(TypeError);
  });

  it('opening ffi again keeps the declarations', () => {
    const L = plainState();
    cdefOf(L).cdef('struct again { char c[7]; };');
    lauxlib.luaL_requiref(L, text('ffi2'), luaopen_ffi, 0);
    expect(run(L, `return require 'ffi2'.sizeof 'struct again'`)).toBe('7');
  });
});

describe('string.format', () => {
  const SETUP = `local ffi = require 'ffi' local u32 = ffi.new('uint32_t[1]', 4294967295)[0] local i = ffi.new('int64_t', -5) local u = ffi.new('uint64_t', 0) - 1 `;

  it.each<[string, string]>([
    ['%d', '4294967295'],
    ['%x', 'ffffffff'],
    ['%X', 'FFFFFFFF'],
    ['%o', '37777777777'],
    ['%u', '4294967295'],
    ['%i', '4294967295'],
    ['%12d|', '  4294967295|'],
    ['%-12d|', '4294967295  |'],
    ['%012d|', '004294967295|'],
    ['%+d', '+4294967295'],
    ['% d', ' 4294967295'],
    ['%#x', '0xffffffff'],
    ['%#X', '0XFFFFFFFF'],
    ['%#o', '037777777777'],
    ['%.12d', '004294967295'],
    ['%14.12d|', '  004294967295|'],
    ['%-14.12x|', '0000ffffffff  |'],
    ['%%%d%%', '%4294967295%'],
    ['%.0f', '4294967295'],
    ['%s', '4294967295'],
  ])('%s prints a uint32_t beyond 2^31-1 as %s', (format, expected) => {
    expect(createLua().run(`${SETUP} return ('${format}'):format(u32)`)).toBe(expected);
  });

  it.each<[string, string]>([
    [`('%d %i'):format(i, i)`, '-5 -5'],
    [`('%x'):format(i)`, 'fffffffffffffffb'],
    [`('%u'):format(u)`, '18446744073709551615'],
    [`('%d'):format(u)`, '-1'],
    [`('%08.3d|%-8d|%+d'):format(i, i, i)`, '    -005|-5      |-5'],
    [`('%s %s'):format(i, u)`, '-5LL 18446744073709551615ULL'],
    [`('%d %s %x'):format(i, 'x', 255)`, '-5 x ff'],
    [`('%5s|%-5s|%5.1f|%c|%q'):format('a', 'b', 1.25, 65, 'q')`, '    a|b    |  1.3|A|"q"'],
    [`('%d'):format(3.0)`, '3'],
    [`('%x'):format(-1)`, 'ffffffffffffffff'],
    [`('%d %d'):format(0.5, -1.5)`, '0 -1'],
    [`('%d'):format(1 / 0)`, '-9223372036854775808'],
    [`('%.14g %f %5.1f|%g'):format(1 / 0, -1 / 0, 1 / 0, 1e15)`, 'inf -inf   inf|1e+15'],

    [`('\\255%d\\0'):format(i):byte(1, -1)`, '255'],
    [`('%s'):rep(3, ' '):format(u32 > 1, nil, 5)`, 'true nil 5'],
    [`string.format('%d', 2 ^ 53)`, '9007199254740992'],
    [`string.format('%d', -2 ^ 53)`, '-9007199254740992'],
  ])('%s is %s', (code, expected) => {
    expect(createLua().run(`${SETUP} return tostring((${code}))`)).toBe(expected);
  });

  it.each<[string, RegExp]>([
    [`('%d'):format('x')`, /number expected, got string/],
    [`('%d')`, /^ok/],
    [`('%d'):format()`, /bad argument #\d to 'format' \(value expected\)/],
    [`('%d %d'):format(i)`, /bad argument #\d to 'format' \(value expected\)/],
    [`('%y'):format(i)`, /invalid (option|conversion)/],
    [`('%'):format(i)`, /invalid (option|conversion)/],
    [`('%0100d'):format(i)`, /invalid (option|conversion|format)/],
    [`('%f'):format(i)`, /number expected/],
  ])('%s is as LuaJIT has it', (code, expected) => {
    expect(createLua().run(`${SETUP} local ok, e = pcall(function() return ${code} end) return ok and 'ok' or e`)).toMatch(expected);
  });
});

describe('the jit module', () => {
  it('answers as LuaJIT built without a compiler', () => {
    const lua = createLua();
    expect(lua.run(`return jit == require 'jit' and jit.status()`)).toBe(false);
    for (const call of ['off()', 'flush()', 'off(print)', 'off(true, true)', 'on(print)', 'flush(1)']) {
      expect(lua.run(`return select('#', jit.${call})`)).toBe(0);
    }
    expect(lua.run('local ok, e = pcall(jit.on) return e')).toBe('JIT compiler permanently disabled by build option');
    expect(lua.run(`local ok, e = pcall(jit.off, 'x') return e`)).toMatch(/bad argument #1 to 'off' \(function expected/);
    expect(lua.run('return jit.os .. jit.arch .. type(jit.version) .. jit.version_num')).toBe('Linuxx64string20199');
  });
});

describe('cdata as Lua values', () => {
  it('one cdata is one table key', () => {
    const lua = createLua();
    lua.run(`ffi = require 'ffi' t = {} a, b = ffi.new('int64_t', 1), ffi.new('int64_t', 1) t[a], t[b] = 'a', 'b'`);
    expect(lua.run('return t[a] .. t[b] .. tostring(a == b) .. tostring(rawequal(a, b))')).toBe('abtruefalse');
    expect(lua.run('ffi.cdef "int f(void);" return true')).toBe(true);
    lua.define({ f: () => 1 });
    expect(lua.run('t[ffi.C.f] = "f" return t[ffi.C.f]')).toBe('f');
  });

  it('errors are raised inside coroutines, pcall and xpcall, where they belong', () => {
    const lua = createLua();
    lua.run(`ffi = require 'ffi' s = ffi.new 'struct { int x; }'`);
    expect(
      lua.run(
        `local co = coroutine.wrap(function() coroutine.yield(s.x) return s.y end) local a = co() return tostring(a) .. tostring(pcall(co))`,
        '=c',
      ),
    ).toBe('0false');
    expect(lua.run(`local ok, e = xpcall(function() return s.y end, debug.traceback) return e`, '=c')).toMatch(
      /^c:1: 'struct \d+' has no member named 'y'\nstack traceback:\n(.|\n)*c:1: in function <c:1>/,
    );
    expect(lua.run(`local ok, e = pcall(error, { code = 7 }) return e.code`)).toBe(7);
    expect(
      lua.run(
        `local co = coroutine.create(function() s.x = coroutine.yield() return s.x end) coroutine.resume(co) local _, v = coroutine.resume(co, 9) return v`,
      ),
    ).toBe(9);
  });

  it('metamethods of a metatype may not be left by yielding, and say so', () => {
    const lua = createLua();
    lua.run(`ffi = require 'ffi' T = ffi.metatype('struct { int x; }', { __index = function() return coroutine.yield(1) end })`);
    const e = lua.run(
      `local co = coroutine.create(function() return T().foo end) local ok, e = coroutine.resume(co) return tostring(ok) .. tostring(e)`,
    );
    expect(e).toMatch(/false.*attempt to yield across/);
    expect(lua.run('return T().x')).toBe(0);
  });

  it('after an error inside a coroutine the main state goes on', () => {
    const lua = createLua();
    lua.run(
      `ffi = require 'ffi' function f() local co = coroutine.create(function() ffi.new('int').x = 1 end) coroutine.resume(co) return ffi.sizeof 'int' end`,
    );
    const f = lua.callback('f');
    for (let i = 0; i < 50; i++) expect(f()).toBe(4);
    const L = stackOf(lua);
    expect(L.top).toBeLessThan(300);
  });
});

describe('errors on their way to JavaScript', () => {
  it('an error object arrives as the value of the LuaError', () => {
    const lua = createLua();
    const error = errorOf(() => lua.run(`error({ code = 5, list = { 1, 2 } })`));
    expect(error.value).toEqual({ code: 5, list: [1, 2] });
    expect(errorOf(() => lua.run('error(nil)')).value).toBeUndefined();
    expect(errorOf(() => lua.run('error(true)')).value).toBe(true);
    // Numbers are text to `error`, as in LuaJIT.
    expect(errorOf(() => lua.run('error(12)')).value).toBe('(lua):1: 12');
    expect(errorOf(() => lua.run('error(12, 0)')).value).toBe(12);
    expect(errorOf(() => lua.run('error("text", 0)')).message).toBe('text');
    expect(errorOf(() => lua.run(`error(setmetatable({}, { __tostring = function() return 'shown' end }))`)).message).toBe('shown');
  });

  it('a traceback names the functions on the way', () => {
    const lua = createLua();
    lua.run('function inner() error("deep") end\nfunction outer() inner() return 1 end', '=file');
    const error = errorOf(() => lua.callback('outer')());
    expect(error.message).toBe('file:1: deep');
    expect(error.traceback).toMatch(/^stack traceback:/);
    expect(error.traceback).toMatch(/file:1:.*\n.*file:2:/s);
  });

  it('errors pass through JavaScript and Lua alternately, whole', () => {
    const lua = createLua();
    lua.set('js', (f: () => unknown) => f());
    expect(lua.run(`local ok, e = pcall(js, function() js(function() error({ deep = true }) end) end) return e.deep`)).toBe(true);
    const cause = new TypeError('from JavaScript');
    lua.set('throws', () => {
      throw cause;
    });
    expect(errorOf(() => lua.run('js(function() throws() end)')).cause).toBe(cause);
    expect(lua.run('local ok, e = pcall(throws) return e')).toMatch(/from JavaScript$/);
  });

  it.each([
    ['undefined', undefined],
    ['a string', 'just text'],
    ['a plain object', { reason: 'object' }],
    ['null', null],
  ])('what a host function throws may be %s', (_, thrown) => {
    const lua = createLua();
    lua.set('throws', () => {
      throw thrown;
    });
    expect(lua.run('return (pcall(throws))')).toBe(false);
    expect(lua.run('return 1 + 1')).toBe(2);
  });
});

describe('the Lua stack', () => {
  it('does not grow with the number of calls, of either kind', () => {
    const lua = createLua();
    lua.set('js', (n: number) => n + 1);
    lua.run(`ffi = require 'ffi' s = ffi.new 'struct { int x; }' function f(n) s.x = js(n) return s.x end function bad() error 'x' end`);
    const [f, bad] = [lua.callback('f'), lua.callback('bad')];
    const L = stackOf(lua);
    const before = [L.top, L.stack.length];
    for (let i = 0; i < 2000; i++) f(i);
    for (let i = 0; i < 200; i++) expect(() => bad()).toThrow('x');
    for (let i = 0; i < 200; i++) lua.get('s');
    for (let i = 0; i < 200; i++) lua.set('v', { a: [1, 2, 3] });
    expect(L.top).toBe(before[0]);
    expect(L.stack.length).toBeLessThan((before[1] as number) + 200);
  });

  it('deep recursion ends in a Lua error, and does not leave a long stack behind', () => {
    const lua = createLua();
    lua.run('function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end function endless() return 1 + endless() end');
    expect(errorOf(() => lua.callback('endless')()).message).toMatch(/stack overflow/);
    expect(lua.callback('deep')(100)).toBe(100);
    lua.callback('deep')(0);
    expect(stackOf(lua).stack.length).toBeLessThan(4100);
    // fengari takes seconds to overflow its stack.
  }, 60_000);

  it('recursion through cdata metamethods and through JavaScript ends in a Lua error too', () => {
    const lua = createLua();
    lua.set('js', (f: () => unknown) => f());
    lua.run(
      `ffi = require 'ffi' T = ffi.metatype('struct { int x; }', { __index = function(s) return s.more end }) function loop() return js(loop) end`,
    );
    expect(errorOf(() => lua.run('return T().foo')).message).toMatch(/stack overflow|C stack/);
    expect(errorOf(() => lua.run('return loop()')).message).toMatch(/stack overflow|C stack/);
    expect(lua.run('return T().x')).toBe(0);
  });
});
