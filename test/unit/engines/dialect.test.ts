/**
 * Scripts for LuaJIT on fengari, as far as LuaJIT itself is no witness: places of errors, hostile scripts, switching it off.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { createLua, type Lua, type LuaOptions } from '../../../src/host/lua.ts';

const run = (code: string, options: LuaOptions = {}): unknown => createLua(options).run(code, '=c');
const errorOf = (code: string): string => {
  try {
    run(code);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

describe('literals', () => {
  it('are no names that a script could take', () => {
    expect(run(`local ffi, int64_t, type_ = 1, 2, type; ffi = nil; _ENV = {}; return type_(1LL)`)).toBe('cdata');
  });

  it('are made once per function that is compiled', () => {
    expect(run('local function f() return 1LL end return rawequal(f(), f())')).toBe(true);
  });

  it('cannot be changed', () => {
    expect(errorOf('local x = 12i x.re = 5')).toBe('c:1: attempt to write to constant location');
  });

  it('need no locals', () => {
    const locals = Array.from({ length: 200 }, (_, i) => `local x${i} = ${i}LL`).join('\n');
    expect(run(`${locals}\nreturn tostring(x199)`)).toBe('199LL');
  });

  it('work in chunks of thousands, and in tables', () => {
    expect(run(`local t = { ${Array.from({ length: 3000 }, (_, i) => `${i}LL`).join(', ')} } return tostring(t[3000])`)).toBe('2999LL');
  });

  it.each(['load', 'loadstring'])('in %s', (load) => {
    expect(run(`return tostring(${load}('return 5ULL')())`)).toBe('5ULL');
  });

  it('in functions that give text piece by piece', () => {
    expect(
      run(`local parts, i = { 'return 1', 'L', 'L, ', '0xfffff', 'fff' }, 0
      local a, b = load(function() i = i + 1 return parts[i] end)()
      return tostring(a) .. b`),
    ).toBe('1LL4294967295');
  });

  it('leave lines and errors as they are', () => {
    expect(errorOf('local x = 1LL\nlocal y = 2LL\nerror("here")')).toBe('c:3: here');
    expect(errorOf('return 1LL\n+ nil + {}')).toMatch(/^c:\d: attempt to perform arithmetic on/);
    expect(errorOf('x = = 1LL')).toMatch(/^c:1: /);
    expect(errorOf('x = (1LL 2')).toMatch(/^c:1: '\)' expected near '2'/);
    expect(errorOf('x 1LL')).toMatch(/^c:1: syntax error near/);
    expect(errorOf('x = 1, 1LL = 5')).toMatch(/near '1LL'|near '='/);
  });

  it('are off where they are not wanted', () => {
    expect(() => run('return 1LL', { literals: false })).toThrow("'<eof>' expected near 'LL'");
    expect(run('return 0xffffffff', { literals: false, repairs: false })).toBe(-1);
  });
});

describe('== of cdata with other types', () => {
  const SETUP = `local ffi = require 'ffi' ffi.cdef 'struct s { int x; };'
    local calls = 0
    local S = ffi.metatype('struct s', { __eq = function(a, b) calls = calls + 1 if rawequal(b, 'raise') then error 'raised' end return rawequal(b, 7) or rawequal(a, 7) end })
    local s = S() `;

  it('takes and skips jumps of every kind', () => {
    expect(
      run(`${SETUP} local out = {}
      local function add(x) out[#out + 1] = x and 1 or 0 end
      add(s == 7) add(7 == s) add(s ~= 7) add(s == 8) add(s ~= 8) add(not (s == 7)) add(s == 7 and s ~= 8) add(s == 8 or 7 == s)
      if s == 7 then add(true) else add(false) end
      if s ~= 7 then add(true) else add(false) end
      local n = 0
      while s == 7 do n = n + 1 if n == 3 then break end end
      repeat n = n + 1 until s == 7
      add(n == 4)
      return table.concat(out)`),
    ).toBe('11001011101');
  });

  it('closes the variables that a jump leaves', () => {
    expect(
      run(`${SETUP} local t = {} for i = 1, 3 do local y = i t[i] = function() y = y + 1 return y end if s == 7 then goto continue end y = 100 ::continue:: end
      return t[1]() + t[2]() + t[3]()`),
    ).toBe(9);
  });

  it('asks a metatype once', () => {
    expect(run(`${SETUP} local _ = s == 7, s == 8, 9 == s, s ~= nil return calls`)).toBe(4);
  });

  it('raises what the metatype raises, at its place', () => {
    expect(errorOf(`${SETUP}\nreturn s == 'raise'`)).toBe('c:3: raised');
    expect(run(`${SETUP} pcall(function() return s == 'raise' end) return s == 7`)).toBe(true);
  });

  it('works in coroutines and after them', () => {
    expect(
      run(`${SETUP} local co = coroutine.wrap(function() while true do coroutine.yield(s == 7) end end)
      return tostring(co()) .. tostring(s == 7) .. tostring(co()) .. tostring(s == 8)`),
    ).toBe('truetruetruefalse');
  });

  it('is the same however often it runs, and leaves string.dump alone', () => {
    expect(
      run(
        `${SETUP} local function f(x) return s ~= x end for i = 1, 1000 do assert(not f(7)) assert(f(8)) end return #string.dump(f) == #string.dump(f)`,
      ),
    ).toBe(true);
  });

  it('does not touch rawequal, and is off where it is not wanted', () => {
    expect(run(`${SETUP} return rawequal(s, 7)`)).toBe(false);
    expect(run(`${SETUP} return s == 7`, { repairs: false })).toBe(false);
    expect(run(`return type(require('ffi').new 'int')`, { repairs: false })).toBe('userdata');
  });

  it('one state does not change another', () => {
    const plain: Lua = createLua({ repairs: false, literals: false, lua51: false });
    run('return 1LL == 1');
    expect(plain.run(`local ffi = require 'ffi' return ffi.new('int', 1) == 1`)).toBe(false);
    expect(plain.run('return tostring(2^31) .. 1e10')).toBe('2147483648.010000000000.0');
    expect(plain.run('return unpack')).toBeUndefined();
  });
});

describe('the collector', () => {
  it('counts what the process uses, in kilobytes', () => {
    const count = run(`return collectgarbage('count')`) as number;
    expect(count).toBeGreaterThan(1000);
    expect(count * 1024).toBeLessThan(process.memoryUsage().rss * 4);
  });

  it('is tuned without effect', () => {
    expect(
      run(`collectgarbage() collectgarbage 'stop' local a = collectgarbage('setpause', 50) return a + collectgarbage('setpause', 10)`),
    ).toBe(250);
    expect(run(`repeat until collectgarbage('step') return collectgarbage('isrunning')`)).toBe(true);
    expect(errorOf(`collectgarbage 'x'`)).toBe("c:1: bad argument #1 to 'collectgarbage' (invalid option 'x')");
  });
});

describe('environments', () => {
  it('belong to a function and those it makes', () => {
    expect(
      run(`x = 'global'
      local function f() return x, function() return x end end
      local _, before = f()
      setfenv(f, { x = 'own' })
      local now, after = f()
      return table.concat({ now, after(), before(), x }, ' ')`),
    ).toBe('own own global global');
  });

  it('of functions without globals are kept too', () => {
    expect(run(`local function f() return 1 end local e = {} setfenv(f, e) return getfenv(f) == e`)).toBe(true);
  });

  it('of the running function and its callers', () => {
    expect(run(`local print_ = print local function f() setfenv(2, { y = 5 }) end f() return y`)).toBe(5);
  });
});

it('random numbers repeat with their seed, and fill wide ranges', () => {
  expect(
    run(`math.randomseed(42) local a, b = math.random(), math.random(0, 2^40) math.randomseed(42)
    return a == math.random() and b == math.random(0, 2^40) and a >= 0 and a < 1 and b % 1 == 0`),
  ).toBe(true);
  expect(run(`local max = 0 for _ = 1, 200 do max = math.max(max, math.random(1, 2^50)) end return max > 2^45`)).toBe(true);
});
