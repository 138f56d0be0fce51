/**
 * Scripts that mean harm or are wrong: whatever they do with ffi ends in a Lua error that says so in Lua's terms.
 * @module
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLua, type Lua } from '../../../src/host/lua.ts';

/** Texts that betray an error inside this library, or in the JavaScript engine. */
const INTERNAL =
  /undefined(?! symbol)|not a function|not iterable|not an object|Cannot (?!.*'.*' to ')|bug in cdef|Invalid (array|typed)|BigInt/;

const SETUP = `
  ffi = require 'ffi'
  ffi.cdef [[
    struct s { int a; const int c; char t[4]; struct { short in1; }; int bits : 3; struct s *next; };
    union u { int i; float f; };
    struct v { int n; int d[?]; };
    struct inc;
    enum e { A, B };
    int host(int a, const char *text, struct s *s);
    typedef int (*fn)(int);
  ]]
  M = ffi.metatype('struct { int x; }', { __index = function(_, k) return k end })
  values = {
    ffi.new 'int', ffi.new('int64_t', -1), ffi.new('uint64_t', -1), ffi.new('bool', true), ffi.new('double', 0 / 0), ffi.new 'enum e',
    ffi.new 'struct s', ffi.new('struct s').t, ffi.new('struct s[2]')[1], ffi.new 'union u', ffi.new('struct v', 3), ffi.new 'int[3]', ffi.new('int[?]', 2), ffi.new 'char[0]',
    ffi.new 'void *', ffi.new 'int *', ffi.cast('int *', 64), ffi.cast('char *', -1), ffi.new('int[3]') + 100, ffi.new 'struct s *', ffi.new 'struct inc *', ffi.new 'fn',
    ffi.cast('int &', ffi.new 'int[1]'), ffi.new 'complex', ffi.new 'long double', ffi.typeof 'int', ffi.typeof 'struct s', ffi.typeof 'int[?]', ffi.typeof 'void', M(), M, ffi.C, ffi.C.host,
    print, coroutine.create(print), {}, { 1, 2 }, { a = 1, x = {} }, io and io.stdout or {},
    'int', 'struct s', 'struct v', 'char *', 'int[?]', 'void', 'nonsense(', '', 'a', 't', 'next', '__proto__', 'constructor', 'x\\0y', '\\255\\254',
    0, 1, -1, 2, 0.5, 1e308, -1e308, 1 / 0, -1 / 0, 0 / 0, 2 ^ 31, 2 ^ 31 - 1, -2 ^ 31, 2 ^ 32, 2 ^ 53, 2 ^ 63, true, false,
  }
  count = #values
`;

function hostileLua(): Lua {
  const lua = createLua();
  lua.define({ host: () => 1 });
  lua.run(SETUP);
  return lua;
}

describe('random calls', () => {
  // A value by its place in the list; 0 is nil.
  const value = fc.nat(73);
  const names = ['cdef', 'typeof', 'new', 'cast', 'sizeof', 'alignof', 'offsetof', 'istype', 'metatype', 'string', 'copy', 'fill', 'abi'];
  const metamethods =
    '__index __newindex __call __tostring __len __concat __add __sub __mul __div __mod __pow __unm __eq __lt __le __pairs __ipairs';

  function failures(calls: readonly (readonly [string, readonly number[]])[]): string[] {
    const lua = hostileLua();
    const call = lua.run(`
      local mt = debug.getmetatable(ffi.new 'int')
      local cmt = debug.getmetatable(ffi.C)
      return function(name, count, ...)
        local args = {}
        for i = 1, count do args[i] = values[(select(i, ...))] end
        local f = ffi[name] or mt[name]
        local ok, e = pcall(f, table.unpack(args, 1, count))
        if not ok then return type(e) == 'string' and e or 'no text: ' .. type(e) end
        return ''
      end
    `) as (...args: unknown[]) => unknown;
    // Buffers of gigabytes are legal and slow.
    return calls.map(([name, args]) => `${name}(${args.join()}): ${String(call(name, args.length, ...args))}`);
  }

  function check(functions: readonly string[], runs: number): void {
    const one = fc.tuple(fc.constantFrom(...functions), fc.array(value, { maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(one, { minLength: 40, maxLength: 60 }), (calls) => {
        for (const failure of failures(calls)) {
          expect(failure).not.toMatch(INTERNAL);
          expect(failure).not.toMatch(/no text/);
        }
      }),
      { numRuns: runs, seed: 20151 },
    );
  }

  it('ffi functions with any arguments answer or raise a Lua error', () => check(names, 40));
  it('metamethods called by hand answer or raise a Lua error', () => check(metamethods.split(' '), 40));
});

describe('scripts that reach for what is not theirs', () => {
  it.each<[string, RegExp]>([
    [`debug.getmetatable(ffi.new 'int').__index(5, 'x')`, /cdata expected/],
    [`debug.getmetatable(ffi.new 'int').__index()`, /cdata expected/],
    [`debug.getmetatable(ffi.new 'int').__newindex(io, 1, 2)`, /cdata expected/],
    [`debug.getmetatable(ffi.new 'int').__call({})`, /cdata expected/],
    [`debug.getmetatable(ffi.new 'int').__tostring(ffi.C)`, /cdata expected/],
    [`debug.getmetatable(ffi.new 'int').__add(1, 2)`, /^ok/],
    [`debug.getmetatable(ffi.C).__index(1, 2)`, /string expected, got number/],
    [`debug.getmetatable(ffi.C).__index()`, /string expected/],
    [`setmetatable(ffi.new 'int', {})`, /table expected/],
    [`ffi.new('int[?]', 2 ^ 40)`, /size of C type is unknown or too large|^ok/],
    [`ffi.new('int[?]', 2 ^ 30)`, /size of C type is unknown or too large/],
    [`ffi.new 'char[65536][65536]'`, /too large/],
    [`ffi.new 'char[4294967296]'`, /malformed number/],
    [`ffi.new('struct v', 2 ^ 30)`, /size of C type is unknown or too large/],
    [`ffi.new('char[3]')[3]`, /needs 1 bytes at offset 3, have 3/],
    [`ffi.new('char[3]')[-1]`, /needs 1 bytes at offset -1, have 3/],
    [`ffi.new('char[3]')[2 ^ 53]`, /needs 1 bytes/],
    [`ffi.new('char[3]')[0 / 0]`, /char/],
    [`ffi.new('char[3]')[1 / 0]`, /char/],
    [`(ffi.new('char[3]') + 10)[0]`, /needs 1 bytes at offset 10, have 3/],
    [`(ffi.new('char[3]') + 0 / 0)[0]`, /char/],
    [`ffi.cast('int *', 0)[0]`, /address 0x0 is not in live memory/],
    [`ffi.cast('struct s *', 0).a`, /not in live memory/],
    [`ffi.cast('int *', 2 ^ 60)[0]`, /not in live memory/],
    [`ffi.cast('int *', -1)[0]`, /not in live memory/],
    [`ffi.cast('int *', ffi.new('char[3]'))[0]`, /needs 4 bytes at offset 0, have 3/],
    [`ffi.cast('struct s *', ffi.new('char[3]')).next`, /needs 8 bytes/],
    [`ffi.string(ffi.cast('char *', 0))`, /not in live memory/],
    [`ffi.string(nil)`, /not in live memory/],
    [`ffi.string(ffi.new 'int[2]', 9)`, /needs 9 bytes at offset 0, have 8/],
    [`ffi.string(ffi.new 'int[2]', -1)`, /length out of range/],
    [`ffi.string(ffi.new 'int[2]', 0 / 0)`, /length out of range/],
    [`ffi.string(ffi.new 'int[2]', 1 / 0)`, /length out of range/],
    [`ffi.string(ffi.new 'int[2]', ffi.new('int64_t', -1))`, /length out of range/],
    [`ffi.copy(ffi.new 'int[2]', ('x'):rep(9))`, /needs 10 bytes at offset 0, have 8/],
    [`ffi.copy(ffi.new 'int[2]', ffi.new 'int[1]', 8)`, /needs 8 bytes at offset 0, have 4/],
    [`ffi.copy(ffi.new 'int[2]', 'abc', 5)`, /needs 5 bytes at offset 0, have 4/],
    [`ffi.copy(ffi.new 'int[2]', 'abc', -1)`, /length out of range/],
    [`ffi.copy(nil, 'abc')`, /not in live memory/],
    [`ffi.fill(ffi.new 'int[2]', 9)`, /needs 9 bytes at offset 0, have 8/],
    [`ffi.fill(ffi.new 'int[2]' + 3, 1)`, /needs 1 bytes at offset 12, have 8/],
    [`ffi.fill(ffi.new 'int[2]', -1)`, /length out of range/],
    [`ffi.fill(nil, 1)`, /not in live memory/],
    [`ffi.new('long double') + 1`, /attempt to perform arithmetic on 'long double' and 'number'/],
    [`ffi.cast('long double', 1)`, /cannot convert 'number' to 'long double'/],
    [`ffi.new('int', ffi.new('long double'))`, /cannot convert 'long double' to 'int'/],
    [`ffi.new('struct { long double x; }').x`, /cannot convert 'long double'/],
    [`ffi.cdef(('struct a {'):rep(1e5))`, /error/],
    [`ffi.typeof(('('):rep(1e5))`, /error/],
    [`ffi.typeof(('int '):rep(1e4) .. ('*'):rep(1e5))`, /error/],
    [`ffi.typeof('int' .. ('[2]'):rep(1e3))`, /large|error|nest/],
    [`table.concat({ ffi.new('int64_t') })`, /invalid value/],
    [`math.floor(ffi.new('int64_t'))`, /number expected/],
    [`('%d'):format(ffi.new 'int *')`, /number expected/],
    [`('%f'):format(ffi.new('int64_t', 1))`, /number expected/],
    [`string.rep('x', -1)`, /^ok/],
  ])('%s gives a script no more than a Lua error', (text, message) => {
    const lua = hostileLua();
    const result = lua.run(`local ok, e = pcall(function() local r = ${text} return r end) return ok and 'ok' or tostring(e)`) as string;
    expect(result).toMatch(message);
    expect(result).not.toMatch(INTERNAL);
  });

  it('a table initialiser that contains itself is refused', () => {
    const lua = hostileLua();
    const text = `
      ffi.cdef 'struct t1 { int a[2]; struct { int b[2]; } n; };'
      local t = {} t[1] = t t.a = t t.n = t t.b = t
      local ok, e = pcall(ffi.new, 'struct t1', t) return tostring(e)`;
    expect(lua.run(text)).toMatch(/cannot convert 'table' to 'int'/);
  });

  it('field names of JavaScript objects are ordinary fields, and missing where not declared', () => {
    const lua = hostileLua();
    expect(
      lua.run(`
        local names = { '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', 'length' }
        ffi.cdef('struct odd { int ' .. table.concat(names, ', ') .. '; };')
        local odd, plain = ffi.new 'struct odd', ffi.new 'struct s'
        for i, name in ipairs(names) do
          odd[name] = i
          assert(odd[name] == i and ffi.offsetof('struct odd', name) == 4 * (i - 1))
          assert(select('#', ffi.offsetof('struct s', name)) == 0)
          assert(not pcall(function() return plain[name] end) and not pcall(function() plain[name] = 1 end))
          assert(not pcall(function() return ffi.typeof('struct s')[name] end))
        end
        local copy = ffi.new('struct odd', { __proto__ = 7, constructor = 8 })
        return copy.__proto__ * 10 + copy.constructor
      `),
    ).toBe(78);
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });

  it('precompiled chunks are refused', () => {
    const lua = createLua();
    expect(() => lua.run(new Uint8Array([0x1b, 0x4c, 0x75, 0x61, 0x53, 0, 0, 0]))).toThrow(/binary chunk/);
  });
});
