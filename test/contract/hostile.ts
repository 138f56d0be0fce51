/**
 * Hostile scripts, for every engine: whatever they do ends in a Lua error, the state goes on, and no bytes but their own are
 * read or written.
 * @module
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/engines/engine.ts';
import type { Lua, LuaOptions } from '../../src/host/lua.ts';
import { LuaError } from '../../src/index.ts';
import { buildCommand, type BuiltCommand } from '../helpers/command.ts';

/** Bytes of the host: the script gets those in the middle. */
function hostBytes(): { all: Uint8Array; own: Uint8Array } {
  const all = new Uint8Array(64).fill(0x5a);
  return { all, own: all.subarray(24, 40) };
}

const SETUP = `
  ffi = require 'ffi'
  C = ffi.C
  ffi.cdef [[
    typedef struct { int a; char t[4]; int *p; } s_t; typedef int (*fn_t)(int); typedef struct node { struct node *next; int n; } node_t;
    void *malloc(size_t); void free(void *); void *realloc(void *, size_t); size_t strlen(const char *); void *memcpy(void *, const void *, size_t);
    void qsort(void *, size_t, size_t, int (*)(const void *, const void *)); char *strcpy(char *, const char *); int sprintf(char *, const char *, ...);
  ]]
  own = ffi.cast('uint8_t *', mine)
  n = 16
`;

// What raises, and what the message says.
const RAISES: readonly (readonly [string, string, RegExp])[] = [
  // ---- out of bounds
  ['reading behind the end', 'return own[n]', /needs 1 bytes at offset 16, have 16/],
  ['reading before the start', 'return own[-1]', /needs 1 bytes at offset -1, have 16/],
  ['writing behind the end', 'own[n] = 1', /needs 1 bytes at offset 16, have 16/],
  ['writing before the start', 'own[-1] = 1', /needs 1 bytes at offset -1, have 16/],
  ['an index of 2^53', 'return own[2 ^ 53]', /needs 1 bytes|not in live memory/],
  ['an index of -2^53', 'own[-2 ^ 53] = 1', /needs 1 bytes|not in live memory/],
  ['an index of NaN', 'return ffi.new("int[2]")[0 / 0]', /int/],
  ['a wider type at the end', "return ffi.cast('uint64_t *', own + 9)[0]", /needs 8 bytes at offset 9, have 16/],
  ['a struct that sticks out', "return ffi.cast('s_t *', own + 8).p", /needs 8 bytes at offset 16, have 16/],
  ['a table for an array that sticks out', "ffi.cast('int (*)[4]', own + 4)[0] = { 1 }", /needs 16 bytes at offset 4, have 16/],
  ['an array in a struct that sticks out', "ffi.cast('s_t *', own + 12).t = 'abcd'", /needs|have 16/],
  ['a struct assigned where there is no room', "ffi.cast('s_t *', own + 8)[0] = { 1, 'x' }", /needs/],
  ['a string read to its end, which is not there', 'return ffi.string(own)', /string without a terminating NUL|needs/],
  ['more of a string than there is', 'return ffi.string(own, 17)', /needs 17 bytes at offset 0, have 16/],
  ['a copy that is too long for its target', "ffi.copy(own, ('x'):rep(16))", /needs 17 bytes at offset 0, have 16/],
  ['a copy that is too long for its source', "ffi.copy(ffi.new 'char[64]', own, 17)", /needs 17 bytes at offset 0, have 16/],
  ['a copy from before the start', "ffi.copy(ffi.new 'char[64]', own - 1, 4)", /needs 4 bytes at offset -1, have 16/],
  ['a copy of a negative length', "ffi.copy(own, 'abc', -1)", /length out of range/],
  ['a copy of 2^31 bytes', "ffi.copy(own, 'abc', 2 ^ 31)", /length out of range/],
  ['a copy of NaN bytes', "ffi.copy(own, 'abc', 0 / 0)", /length out of range/],
  ['a fill that is too long', 'ffi.fill(own, 17)', /needs 17 bytes at offset 0, have 16/],
  ['a fill of a negative length', 'ffi.fill(own, -1)', /length out of range/],
  ['a fill of -1ULL bytes', 'ffi.fill(own, -1ULL)', /length out of range/],
  [
    'a struct that claims more elements than it has',
    "local v = ffi.new('struct { int n; int d[?]; }', 2) return v.d[2]",
    /needs 4 bytes at offset 12/,
  ],
  ['C functions that run over', "C.strcpy(ffi.new 'char[4]', 'too long')", /have 4/],
  ['C functions that print over', "C.sprintf(ffi.new 'char[4]', '%s', 'too long')", /have 4/],
  ['memcpy of too much', 'C.memcpy(own, own, 17)', /have 16/],
  ['strlen without an end', 'return C.strlen(own)', /have 16|NUL/],
  ['sorting more than there is', "C.qsort(ffi.new 'int[2]', 3, 4, function() return 0 end)", /have 8/],
  // ---- forged and stale pointers
  ['NULL', "return ffi.cast('int *', 0)[0]", /not in live memory/],
  ['a number as a pointer', "return ffi.cast('int *', 4096)[0]", /not in live memory/],
  ['a number as a struct', "ffi.cast('s_t *', 0x7fff0000).a = 1", /not in live memory/],
  ['-1 as a pointer', "return ffi.cast('char *', -1)[0]", /not in live memory/],
  ['a pointer written as bytes', "local s = ffi.new 's_t' ffi.fill(s, ffi.sizeof(s), 0x41) return s.p[0]", /not in live memory/],
  [
    'a pointer moved to a neighbour',
    "local a, b = ffi.new 'int[1]', ffi.new 'int[1]' local d = ffi.cast('int *', b) - ffi.cast('int *', a) return (ffi.cast('int *', a) + d)[0]",
    /needs 4 bytes/,
  ],
  ['a number made of an address and moved', "return ffi.cast('uint8_t *', ffi.cast('uintptr_t', own) + 64)[0]", /not in live memory|needs/],
  [
    'a number made of an address and moved back',
    "ffi.cast('uint8_t *', ffi.cast('uintptr_t', own) - 1)[0] = 1",
    /not in live memory|needs/,
  ],
  ['a forged function', 'return ffi.cast("fn_t", 4096)(1)', /no function/],
  ['NULL as a function', 'return ffi.cast("fn_t", 0)(1)', /no function/],
  ['data as a function', 'return ffi.cast("fn_t", own)(1)', /no function/],
  [
    'a function moved',
    "local f = ffi.cast('fn_t', function() return 1 end) return ffi.cast('fn_t', ffi.cast('char *', f) + 1)(1)",
    /no function/,
  ],
  ['a function as data', "return ffi.cast('char *', C.malloc)[0]", /needs 1 bytes|not in live/],
  ['freed memory', "local p = ffi.cast('int *', C.malloc(8)) C.free(p) return p[0]", /freed|not in live|needs/],
  ['memory freed twice', 'local p = C.malloc(8) C.free(p) C.free(p)', /free/],
  ['freeing what was not allocated', 'C.free(own)', /free|malloc/],
  ['freeing the middle', "C.free(ffi.cast('char *', C.malloc(8)) + 1)", /free|malloc/],
  ['memory that realloc moved', "local p = ffi.cast('int *', C.malloc(8)) C.realloc(p, 1e5) return p[0]", /freed|not in live|needs/],
  // ---- size
  ['an enormous array', "return ffi.new('char[?]', 2 ^ 31)", /too large/],
  ['an enormous type', "return ffi.typeof 'char[65536][65536][65536]'", /large/],
  ['more than is allowed', "return ffi.new('char[?]', 1e8)", /not enough memory/],
  ['many pieces', "local t = {} for i = 1, 1e5 do t[i] = ffi.new('char[?]', 1e4) end", /not enough memory/],
  [
    'a heap without an end',
    'local t = {} for i = 1, 1e6 do t[i] = C.malloc(1e5) if t[i] == nil then error "NULL" end end',
    /not enough memory|NULL/,
  ],
  ['a string without an end', "return ('x'):rep(1e9)", /bytes|memory/],
  ['types without an end', 'for i = 1, 1e6 do ffi.typeof "struct {}" end', /table overflow|steps/],
  [
    'types of types without an end',
    "local t = ffi.typeof 'int' for i = 1, 1e6 do t = ffi.typeof('$ *', t) end",
    /type with more than|table overflow/,
  ],
  ['names without an end', "for i = 1, 1e6 do ffi.cdef('int x' .. i .. ';') end", /table overflow|steps/],
  ['arrays of all lengths', "for i = 1, 1e6 do ffi.typeof('int[' .. i .. ']') end", /table overflow|steps/],
  ['tags without an end', "for i = 1, 1e6 do ffi.cdef('struct tag' .. i .. ';') end", /table overflow|steps/],
  ['callbacks without an end', "for i = 1, 1e6 do ffi.cast('fn_t', function() end) end", /too many callbacks/],
  // ---- depth
  ['nested parentheses', "ffi.typeof(('('):rep(1e5))", /error/],
  ['nested pointers', "ffi.typeof('int ' .. ('*'):rep(1e5))", /error/],
  ['nested arrays', "ffi.typeof('int ' .. ('[1]'):rep(1e5))", /error/],
  ['nested structs', "ffi.typeof(('struct { '):rep(1e5))", /error/],
  ['nested functions', "ffi.typeof('int' .. ('(*('):rep(1e4))", /error/],
  ['nested expressions', "ffi.typeof('int[' .. ('(1+'):rep(1e5) .. '1' .. (')'):rep(1e5) .. ']')", /error/],
  [
    'a chain of typedefs',
    "ffi.cdef 'typedef int *t0;' for i = 1, 1000 do ffi.cdef('typedef t' .. i - 1 .. ' *t' .. i .. ';') end",
    /error|deep|nest/,
  ],
  ['a table within itself', "local t = {} t.a = t t[1] = t ffi.new('struct { struct { struct { int a; } a; } a; }', t)", /cannot convert/],
  // ---- callbacks
  [
    'a callback freed while it runs, called again',
    "local f f = ffi.cast('fn_t', function(x) f:free() return x end) f(1) f(2)",
    /bad callback/,
  ],
  [
    'a callback freed within itself calls itself',
    "local f f = ffi.cast('fn_t', function(x) f:free() return f(x) end) f(1)",
    /bad callback/,
  ],
  [
    'a comparison freed while sorting',
    "local f f = ffi.cast('int (*)(const void *, const void *)', function() f:free() return 1 end) C.qsort(ffi.new('int[4]'), 4, 4, f)",
    /bad callback/,
  ],
  ['a callback that raises from within C', "C.qsort(ffi.new('int[4]'), 4, 4, function() error 'within' end)", /within/],
  ['a callback that gives no number to C', "C.qsort(ffi.new('int[4]'), 4, 4, function() return {} end)", /cannot convert 'table' to 'int'/],
  [
    'a callback that frees what is sorted',
    "local p = C.malloc(16) C.qsort(p, 4, 4, function() pcall(C.free, p) return 0 end) return ffi.cast('int *', p)[0]",
    /freed|not in live|needs/,
  ],
];

// What is to work, and answers true.
const WORKS: readonly (readonly [string, string])[] = [
  ['pointers may be moved anywhere', 'local p = own + 1000 p = p - 1000 return p[0] == 0x5a and own - 5 ~= own'],
  ['a callback freed while it runs ends its call', "local f f = ffi.cast('fn_t', function(x) f:free() return x + 1 end) return f(1) == 2"],
  [
    'a callback set while it runs ends its call',
    "local f f = ffi.cast('fn_t', function(x) f:set(function() return 9 end) return x end) return f(1) == 1 and f(1) == 9",
  ],
  ['copies that overlap are moves', "local b = ffi.new('char[6]', 'abcd') ffi.copy(b + 1, b, 4) return ffi.string(b) == 'aabcd'"],
  [
    'bytes that a new array had before are not seen',
    "for i = 1, 100 do local a = ffi.new 'char[64]' for j = 0, 63 do if a[j] ~= 0 then return false end end ffi.fill(a, 64, 1) end return true",
  ],
  [
    'malloc gives memory without what was in it',
    "for i = 1, 100 do local p = ffi.cast('char *', C.malloc(64)) for j = 0, 63 do if p[j] ~= 0 then return false end end ffi.fill(p, 64, 1) C.free(p) end return true",
  ],
  [
    'a string keeps its bytes',
    "local s = 'text' local p = ffi.cast('char *', ffi.cast('const char *', s)) p[0] = 65 return s == 'text' and ('te' .. 'xt') == 'text'",
  ],
  [
    'lists that are a circle are followed as far as asked',
    "local a, b = ffi.new 'node_t', ffi.new 'node_t' a.next, b.next, b.n = b, a, 7 local p = a for i = 1, 1001 do p = p.next end return p.n == 7",
  ],
  [
    'an error is caught, and what it was about goes on',
    'local a = ffi.new("int[2]", 3) local ok = pcall(function() a[2] = 1 end) return not ok and a[0] == 3 and a[1] == 3',
  ],
];

// What ends where the stack does. Vite's getters of imports catch that error and answer undefined, so these run on the library as it is built.
const RECURSES: readonly (readonly [string, string, RegExp])[] = [
  [
    '__index that asks itself',
    "local t = ffi.metatype('struct { int a; }', { __index = function(s, k) return s[k] end }) return t().zz",
    /stack overflow|call stack/,
  ],
  [
    '__newindex that asks itself',
    "local t = ffi.metatype('struct { int a; }', { __newindex = function(s, k, v) s[k] = v end }) t().zz = 1",
    /stack overflow|call stack/,
  ],
  [
    '__add that asks itself',
    "local t = ffi.metatype('struct { int a; }', { __add = function(a, b) return a + b end }) return t() + 1",
    /stack overflow|call stack/,
  ],
  [
    '__eq that asks itself',
    "local t = ffi.metatype('struct { int a; }', { __eq = function(a, b) return a == b end }) return t() == t()",
    /stack overflow|call stack/,
  ],
  [
    '__call that asks itself',
    "local t = ffi.metatype('struct { int a; }', { __call = function(a, ...) return (a(...)) end }) return t()()",
    /stack overflow|call stack/,
  ],
  [
    '__tostring that asks itself',
    "local t = ffi.metatype('struct { int a; }', { __tostring = function(a) return tostring(a) .. '' end }) return tostring(t())",
    /stack overflow|call stack/,
  ],
  [
    '__new that makes itself',
    "local t t = ffi.metatype('struct { int a; }', { __new = function(ct) return (ct()) end }) return t()",
    /stack overflow|call stack/,
  ],
  [
    '__len, __concat and __lt that ask themselves',
    "local t = ffi.metatype('struct { int a; }', { __len = function(a) return #a + 1 end }) return #t()",
    /stack overflow|call stack/,
  ],
  [
    'a chain of __index that is a circle',
    "local t, u = ffi.typeof 'struct { int a; }', ffi.typeof 'struct { int b; }' ffi.metatype(t, { __index = function(s, k) return u()[k] end }) ffi.metatype(u, { __index = function(s, k) return t()[k] end }) return t().zz",
    /stack overflow|call stack/,
  ],
  [
    'a callback that calls itself',
    "local f f = ffi.cast('fn_t', function(x) return f(x) + 1 end) return f(1)",
    /stack overflow|call stack/,
  ],
  [
    'a comparison that sorts again',
    "local function cmp(a, b) C.qsort(ffi.new('int[2]'), 2, 4, cmp) return 0 end C.qsort(ffi.new('int[2]'), 2, 4, cmp)",
    /stack overflow|call stack|too many callbacks/,
  ],
];

/** Runs the suite on an engine; `make` makes a state of it with these options. */
export function hostileContract(name: EngineName, make: (options: LuaOptions) => Lua): void {
  describe(`hostile scripts on ${name}`, () => {
    function prepared(options: LuaOptions = {}, create = make): { lua: Lua; all: Uint8Array } {
      const lua = create({ limits: { steps: 20_000_000, timeMs: 30_000, bytes: 50_000_000 }, ...options });
      const { all, own } = hostBytes();
      lua.set('mine', own);
      lua.run(SETUP);
      return { lua, all };
    }

    function expectUnharmed(lua: Lua, all: Uint8Array): void {
      expect(lua.run('local sum = 0 for i = 1, 10 do sum = sum + i end return sum')).toBe(55);
      expect([...all.subarray(0, 24), ...all.subarray(40)].every((byte) => byte === 0x5a)).toBe(true);
      lua.close();
    }

    it.each(RAISES)('raise: %s', (_, text, message) => {
      const { lua, all } = prepared();
      expect(() => lua.run(text)).toThrow(LuaError);
      expect(() => lua.run(text)).toThrow(message);
      expectUnharmed(lua, all);
    });

    describe('as it is built', () => {
      let built: BuiltCommand;
      let library: { createLua: (options: LuaOptions) => Lua };
      beforeAll(async () => {
        built = buildCommand();
        library = (await import(pathToFileURL(path.join(built.bundle, 'lua.js')).href)) as typeof library;
      });
      afterAll(() => built.remove());

      it.each(RECURSES)('raise: %s', (_, text, message) => {
        const { lua, all } = prepared({}, (options) => library.createLua({ ...options, engine: name }));
        expect(() => lua.run(text)).toThrow(expect.objectContaining({ name: 'LuaError', message: expect.stringMatching(message) }));
        expectUnharmed(lua, all);
      });
    });

    it.each(WORKS)('%s', (_, text) => {
      const { lua, all } = prepared();
      expect(lua.run(text)).toBe(true);
      expectUnharmed(lua, all);
    });

    it('finalizers that raise are nobody’s concern, and the others run', () => {
      const { lua } = prepared();
      const seen: unknown[] = [];
      lua.set('seen', (value: unknown) => seen.push(value));
      lua.run(`
        kept = {}
        for i = 1, 3 do kept[i] = ffi.gc(ffi.new('int[1]', i), function(a) seen(a[0]) error('finalizer ' .. i) end) end
        kept[4] = ffi.gc(ffi.new 'int[1]', function() local f f = function() return f() + 1 end f() end)
        kept[5] = ffi.metatype('struct { int a; }', { __gc = function(s) seen(s.a) return s.zz end })(5)
      `);
      lua.close();
      expect(seen).toEqual([5, 3, 2, 1]);
    });

    it('finalizers that make more are given a turn, but not for ever', () => {
      const { lua } = prepared();
      let count = 0;
      lua.set('seen', () => ++count);
      lua.run(`
        local function again(left) if left > 0 then kept = ffi.gc(ffi.new 'int[1]', function() seen() again(left - 1) end) end end
        again(100)
      `);
      lua.close();
      expect(count).toBe(100);
    });

    it('a finalizer may bring its cdata back; it is whole, and not finalized again', () => {
      const { lua } = prepared();
      const seen: unknown[] = [];
      lua.set('seen', (value: unknown) => seen.push(value));
      lua.run(`
        first = ffi.gc(ffi.new('int[2]', 1, 2), function(a) back = a seen 'first' end)
        second = ffi.gc(ffi.new 'int[1]', function() seen(back and back[1] or 'nothing') end)
      `);
      lua.close();
      expect(seen).toEqual(['nothing', 'first']);
    });

    it('messages do not leak what is beside the script’s bytes', () => {
      const { lua } = prepared();
      const said = lua.run(`
        local all = {}
        for i = -40, 60 do local ok, e = pcall(function() return own[i] end) all[#all + 1] = tostring(ok and 'ok' or e) end
        for i = 0, 40 do local ok, e = pcall(ffi.string, own - i, 60) all[#all + 1] = tostring(e) end
        return table.concat(all, '\\n')
      `) as string;
      expect(said.match(/^ok$/gm)).toHaveLength(16);
      expect(said).not.toMatch(/90|5a|ZZ/i);
      lua.close();
    });
  });
}
