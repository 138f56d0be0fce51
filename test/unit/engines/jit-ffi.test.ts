/**
 * The quick ways of the jit engine to cdata: what they answer the second and the hundredth time is what the ffi answers the first time.
 */
import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { RecentStrings } from '../../../src/engines/jit/ffi/recent.ts';
import type { LuaState } from '../../../src/engines/jit/runtime/state.ts';
import { createLua, type Lua } from '../../../src/host/lua.ts';

function made(): Lua {
  const lua = createLua({ engine: 'jit' });
  lua.run(`
    ffi = require 'ffi'
    ffi.cdef [[
      struct q { uint8_t op; const int fixed; long double wide; struct q *next; int16_t list[3]; bool flag; int bits : 3; int64_t big; };
      int abs(int); static const int LIMIT = 7; int counter;
    ]]
    -- Runs f a hundred times, and answers what it answered or raised, if that was the same each time.
    function same(f, ...)
      local first
      for i = 1, 100 do
        local ok, value = pcall(f, ...)
        local text = (ok and 'ok ' or 'error ') .. tostring(value):gsub('^[^ ]*:%d+: ', ''):gsub('0x%x+', 'ADDR')
        first = first or text
        if text ~= first then return ('%s, then %s at %d'):format(first, text, i) end
      end
      return first
    end
  `);
  return lua;
}

describe('what compiled text does with cdata again and again', () => {
  it.each([
    ["local s = ffi.new('struct q', 5) return same(function() return s.op end)", 'ok 5'],
    ["local s = ffi.new('struct q') return same(function() s.op = 300 return s.op end)", 'ok 44'],
    ["local s = ffi.new('struct q') return same(function() s.op = 'x' end)", "error cannot convert 'string' to 'unsigned char'"],
    ["local s = ffi.new('struct q') return same(function() s.fixed = 1 end)", 'error attempt to write to constant location'],
    ["local s = ffi.new('struct q') return same(function() s.wide = 1 end)", "error cannot convert 'number' to 'long double'"],
    ["local s = ffi.new('struct q') return same(function() s.next = s s.next = nil return s.next == nil end)", 'ok true'],
    ["local s = ffi.new('struct q') return same(function() s.next = s return s.next.next.next == s end)", 'ok true'],
    [
      "local s = ffi.new('struct q') return same(function() return s.next.op end)",
      'error unsigned char: address ADDR is not in live memory',
    ],
    ["local s = ffi.new('struct q') return same(function() s.list = { 1, 2 } return s.list[0] + s.list[1] * 10 + s.list[2] end)", 'ok 21'],
    ["local s = ffi.new('struct q') return same(function() return s.list[300] end)", 'error short: needs 2 bytes at offset 640, have 64'],
    ["local s = ffi.new('struct q') return same(function() s.flag = true s.bits = -3 return tostring(s.flag) .. s.bits end)", 'ok true-3'],
    ["local s = ffi.new('struct q') return same(function() s.flag = false return s.flag end)", 'ok false'],
    ["local s = ffi.new('struct q') return same(function() s.big = -1 return s.big end)", 'ok -1LL'],
    ["local s = ffi.new('struct q') return same(function() return s.none end)", "error 'struct q' has no member named 'none'"],
    ["local s = ffi.new('struct q') return same(function() s.none = 1 end)", "error 'struct q' has no member named 'none'"],
    [
      "local s = ffi.new('struct q') return same(function() return s.constructor end)",
      "error 'struct q' has no member named 'constructor'",
    ],
    ["local s = ffi.new('struct q') return same(function() return s.getAt end)", "error 'struct q' has no member named 'getAt'"],
    ["local a = ffi.new('int[4]', 1, 2, 3, 4) return same(function() return a[1.9] + a[3LL] end)", 'ok 6'],
    ["local a = ffi.new('int[4]') return same(function() return a[0/0] end)", 'error int: needs 4 bytes at offset NaN, have 16'],
    ["local a = ffi.new('int[4]') return same(function() a[1] = nil end)", "error cannot convert 'nil' to 'int'"],
    ["local a = ffi.new('const int[4]') return same(function() a[1] = 1 end)", 'error attempt to write to constant location'],
    ["local p = ffi.cast('void *', 0) return same(function() return p[0] end)", 'error size of C type is unknown or too large'],
    ['return same(function() return ffi.C.abs(-3) end)', 'ok 3'],
    ['return same(function() ffi.C.abs = 1 end)', 'error attempt to write to constant location'],
    ['return same(function() ffi.C.counter = 4 return ffi.C.counter + ffi.C.LIMIT end)', 'ok 11'],
    ["return same(function() return ffi.cast('struct q *', 0).next end)", 'error struct q *: address ADDR is not in live memory'],
    ['return same(function() return -1i end)', 'ok 0-1i'],
  ])('%s', (text, expected) => {
    expect(made().run(text)).toBe(expected);
  });

  it.each([
    // [type, what is read of what was written]
    ['int8_t', '0 -1 -128 44 -3 3 0 0 -1 0 1'],
    ['uint8_t', '0 255 128 44 253 3 0 0 255 0 1'],
    ['int16_t', '0 -1 128 300 -3 3 0 0 -1 0 1'],
    ['uint16_t', '0 65535 128 300 65533 3 0 0 65535 0 1'],
    ['int32_t', '0 -1 128 300 -3 3 0 0 -1 -2147483648 1'],
    ['uint32_t', '0 4294967295 128 300 4294967293 3 0 0 4294967295 2147483648 1'],
    ['float', '0 -1 128 300 -3.5 3.5 nan 9.999999980506448e+18 4294967296 2147483648 1'],
    ['double', '0 -1 128 300 -3.5 3.5 nan 1.000000000000001e+19 4294967295 2147483648 1'],
    ['int64_t', '0LL -1LL 128LL 300LL -3LL 3LL -9223372036854775808LL -9223372036854775808LL 4294967295LL 2147483648LL 1LL'],
    ['bool', 'false true true true true true true true true true true'],
  ])('stores and reads elements that are %s', (type, expected) => {
    const text = `
      local a = ffi.new('${type}[11]')
      local values = { 0, -1, 128, 300, -3.5, 3.5, 0/0, 10000000000000010000, 4294967295, 2147483648, true }
      return same(function()
        local read = {}
        for i, value in ipairs(values) do a[i - 1] = value end
        for i = 1, #values do read[i] = (type(a[i - 1]) == 'number' and ('%.16g'):format(a[i - 1]) or tostring(a[i - 1])):gsub('^-nan', 'nan') end
        return table.concat(read, ' ')
      end)`;
    expect(made().run(text)).toBe(`ok ${expected}`);
  });

  it.each([
    ["'length'", "'int [4]' has no member named 'length'"],
    ["'buffer'", "'int [4]' has no member named 'buffer'"],
    ["'__proto__'", "'int [4]' has no member named '__proto__'"],
    ['16', 'int: needs 4 bytes at offset 64, have 16'],
    ['-1', 'int: needs 4 bytes at offset -4, have 16'],
    ['2 ^ 53', 'int: needs 4 bytes at offset 36028797018963970, have 16'],
    ['1 / 0', 'int: needs 4 bytes at offset Infinity, have 16'],
    ['0 / 0', 'int: needs 4 bytes at offset NaN, have 16'],
  ])('reaches nothing else by the key %s', (key, message) => {
    const text = `local a, key = ffi.new('int[4]'), ${key}
      return { same(function() return a[0] + a[key] end), same(function() a[0] = 1 a[key] = 1 end) }`;
    expect(made().run(text)).toEqual([`error ${message}`, `error ${message}`]);
  });

  it.each([
    [
      "local p = ffi.cast('int *', ffi.new('int[4]', 1, 2, 3, 4)) + 2 return same(function() p[-1] = p[1] return p[-1] * 10 + p[0] end)",
      'ok 43',
    ],
    ["local p = ffi.cast('int *', ffi.new('char[9]', 'abcdefgh') + 1) return same(function() return p[1] end)", 'ok 6842214'],
    ["local p = ffi.cast('const uint8_t *', 'abc') return same(function() return p[2] end)", 'ok 99'],
    ["local p = ffi.cast('const uint8_t *', 'abc') return same(function() p[2] = 1 end)", 'error attempt to write to constant location'],
    ["local a = ffi.new('int[4]') return same(function() a[1.7] = 5 return a[1] + a[1.2] end)", 'ok 10'],
    ["local a = ffi.new('int[4]') return same(function() a[1] = '5' end)", "error cannot convert 'string' to 'int'"],
    ["local a = ffi.new('int[4]') return same(function() a[1] = 5LL a[2LL] = 6 return a[1] + a[2] end)", 'ok 11'],
  ])('%s', (text, expected) => {
    expect(made().run(text)).toBe(expected);
  });

  it('finds memory freed, however often it was used before', () => {
    const text = `
      ffi.cdef 'void *malloc(size_t); void free(void *);'
      local p = ffi.cast('int *', ffi.C.malloc(64))
      local function read() return p[3] end
      local function write() p[3] = 5 end
      for i = 1, 200 do write() read() end
      local before = read()
      ffi.C.free(p)
      return { before, pcall(read), pcall(write) }`;
    expect(made().run(text)).toEqual([5, false, false, expect.stringContaining('needs 4 bytes at offset 12, have 0')]);
  });

  it('reads and writes floats, however often they were used before', () => {
    const text = `
      ffi.cdef 'struct floats { char c; float f; double d; const double k; double big; };'
      local s = ffi.new('struct floats', 1, 2, 3, 4)
      local p = ffi.cast('struct floats *', ffi.cast('char *', s) + 1)
      return {
        same(function() s.f, s.d = 0.1, 0.1 return ('%.17g %.17g %g'):format(s.f, s.d, s.k) end),
        same(function() s.d = 5LL s.f = true return s.d + s.f end),
        same(function() s.k = 1 end), same(function() s.d = 'x' end), same(function() return p.big end), same(function() p.big = 1 end),
      }`;
    expect(made().run(text)).toEqual([
      'ok 0.10000000149011612 0.10000000000000001 4',
      'ok 6',
      'error attempt to write to constant location',
      "error cannot convert 'string' to 'double'",
      'error double: needs 8 bytes at offset 25, have 32',
      'error double: needs 8 bytes at offset 25, have 32',
    ]);
  });

  it('sees what the host does to a buffer', () => {
    const lua = made();
    const bytes = new Uint8Array(8);
    lua.set('bytes', bytes);
    lua.run("p = ffi.cast('uint16_t *', bytes) for i = 1, 200 do p[0] = i end function read() return p[0] end");
    bytes[1] = 1;
    expect(lua.run('return read()')).toBe(200 + 256);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(() => lua.run('return read()')).toThrow('needs 2 bytes at offset 0, have 0');
    const doubles = new Float64Array([1.5, 2.5]);
    lua.set('doubles', doubles);
    lua.run("ffi.cdef 'struct pair { double x, y; };' q = ffi.cast('struct pair *', doubles) function sum() return q.x + q.y end");
    for (let i = 0; i < 100; i++) lua.run('sum()');
    doubles[1] = 3;
    expect(lua.run('return sum()')).toBe(4.5);
    structuredClone(doubles.buffer, { transfer: [doubles.buffer] });
    expect(() => lua.run('return sum()')).toThrow('needs 8 bytes at offset 0, have 0');
  });

  it('follows a metatype whose tables change', () => {
    const text = `
      local metatable = { __index = { get = function(self) return self.op end } }
      local T = ffi.metatype('struct q', metatable)
      local s, out = T(1), {}
      local function call() return s:get() end
      for i = 1, 50 do call() end
      out[1] = call()
      metatable.__index.get = function() return 2 end
      out[2] = call()
      metatable.__index = { get = function() return 3 end }
      out[3] = call()
      metatable.__index = function(_, key) return function() return key end end
      out[4] = call()
      metatable.__index = nil
      out[5] = select(2, pcall(call)):gsub('^[^ ]*:%d+: ', '')
      return table.concat(out, ' ')`;
    expect(made().run(text)).toBe("1 2 3 get 'struct q' has no member named 'get'");
  });

  it('gives a struct its fields once it has some', () => {
    const text = `
      ffi.cdef 'struct late *first(void);'
      local p = ffi.cast('struct late *', ffi.new('int[2]', 5, 6))
      local function read() return p.x end
      local function element() return p[0].x end
      local before = tostring((pcall(read))) .. tostring((pcall(element)))
      ffi.cdef 'struct late { int x; };'
      return before .. read() .. element() .. p[1].x`;
    expect(made().run(text)).toBe('falsefalse556');
  });

  it('keeps classes of two states apart', () => {
    const [a, b] = [made(), made()];
    a.run("T = ffi.metatype('struct q', { __index = { who = function() return 'a' end } }) s = T()");
    b.run("T = ffi.metatype('struct q', { __index = { who = function() return 'b' end } }) s = T()");
    expect([a.run('return s:who()'), b.run('return s:who()'), a.run('return s:who()')]).toEqual(['a', 'b', 'a']);
  });
});

describe('constructors', () => {
  it('look for __new each time, and at a size that comes later', () => {
    const text = `local ffi = require 'ffi'
      ffi.cdef 'struct fresh; typedef struct { int a, b; } pair;'
      local fresh, pair = ffi.typeof 'struct fresh', ffi.typeof 'pair'
      local before = pcall(fresh)
      ffi.cdef 'struct fresh { int x; double y; bool z; };'
      local one, two = fresh(1, 2.5, 3), pair(7)
      local methods = {}
      ffi.metatype(pair, methods)
      local three = pair(8, 9)
      methods.__new = function(ct, a) return ffi.new(ct, a * 2, a) end
      local four = pair(5)
      local _, message = pcall(ffi.new, 'pair', 1, 2, 3)
      message = message:match '^too many initializers'
      return { before, one.x, one.y, one.z, two.a, two.b, three.b, four.a, message }`;
    expect(made().run(text)).toEqual([false, 1, 2.5, true, 7, 0, 9, 10, 'too many initializers']);
  });
});

describe('a table for a struct', () => {
  it.each([
    ['{}', '0 0 0'],
    ['{ a = 1 }', '1 0 0'],
    ['{ c = true, a = 2.9, other = 5 }', '2 0 1'],
    ['{ 1, 2 }', '1 2 0'],
    ['{ [0] = 1, 2, 3, a = 7 }', '1 2 3'],
    ['{ [2] = 9 }', '0 0 0'],
    ['setmetatable({ b = 1 }, { __index = function() error "asked" end })', '0 1 0'],
    ['{ 1, 2, 3, 4 }', '1 2 3'],
    ["{ b = 'x' }", "cannot convert 'string' to 'double'"],
    ['{ c = 5LL }', '0 0 5'],
  ])('%s', (table, expected) => {
    const text = `
      ffi.cdef 'struct three { int a; double b; uint8_t c; };'
      local T = ffi.typeof 'struct three'
      local function written(make) local s = make() return ('%g %g %g'):format(s.a, s.b, s.c) end
      local a = same(function() return written(function() return T(${table}) end) end)
      local b = same(function() return written(function() return ffi.new('struct three', ${table}) end) end)
      return { a, b }`;
    const outcome = expected.startsWith('cannot') ? `error ${expected}` : `ok ${expected}`;
    expect(made().run(text)).toEqual([outcome, outcome]);
  });
});

describe('ffi.copy', () => {
  it('copies between parts of one buffer that overlap', () => {
    const lua = made();
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
    lua.set('from', bytes.subarray(0, 60));
    lua.set('to', bytes.subarray(2));
    lua.run("local ffi = require 'ffi' ffi.copy(to, from, 8) ffi.copy(ffi.cast('char *', to) + 20, ffi.cast('char *', from) + 20, 36)");
    expect([...bytes.subarray(0, 12)]).toEqual([0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 10, 11]);
    expect([...bytes.subarray(20, 60)]).toEqual([20, 21, ...Array.from({ length: 36 }, (_, i) => 20 + i), 58, 59]);
  });
});

describe('strings that were made lately', () => {
  it('are the bytes that are there', () => {
    const strings = new RecentStrings();
    const bytes = new Uint8Array(64);
    for (let round = 0; round < 20_000; round++) {
      const at = (round * 7) % 24;
      const length = (round * 5) % 40;
      bytes[(round * 11) % 64] = round;
      const expected = String.fromCharCode(...bytes.subarray(at, at + length));
      if (strings.of(bytes, at, at + length) !== expected) expect.unreachable(`${length} bytes from ${at} on`);
    }
  });
});

// A prototype that has become a dictionary takes four times as long: V8 looks up what it has at each access.
it('prototypes of cdata stay what V8 is quick with', () => {
  v8.setFlagsFromString('--allow-natives-syntax');
  const isFast = vm.runInThisContext('(object) => %HasFastProperties(object)') as (object: object) => boolean;
  expect(isFast(Object.create(null))).toBe(false);
  const lua = made();
  lua.run(`
    bytes, one = ffi.new('uint8_t[?]', 500), ffi.new 'struct q'
    for i = 0, 499 do
      bytes[i] = i
      one.list[i % 3] = one.list[i % 3] + bytes[i]
      one.op = one.list[0] % 256
    end
    list = one.list
  `);
  const { globals } = (lua.engine as unknown as { readonly state: LuaState }).state;
  for (const name of ['bytes', 'one', 'list']) {
    const cdata = globals.getString(name) as object;
    expect([name, isFast(cdata), isFast(Object.getPrototypeOf(cdata) as object)]).toEqual([name, true, true]);
  }
});
