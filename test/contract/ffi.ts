/**
 * What Lua scripts may rely on in `ffi`, on every engine. The tables hold what LuaJIT 2.1 prints for the same Lua; the
 * differential tests run them there.
 * @module
 */
import { describe, expect, it } from 'vitest';
import type { Lua } from '../../src/host/lua.ts';
import { LuaSyntaxError } from '../../src/util/errors.ts';
import { callContract } from './calls.ts';

/** Lua rows that share declarations: `[lua, what it prints]`. Each row runs by itself, in the order given. */
export interface FfiTable {
  /** What the rows show, as a sentence. */
  readonly says: string;
  /** Runs once, in front of the rows; its locals are theirs. */
  readonly setup: string;
  readonly rows: readonly (readonly [lua: string, prints: string])[];
}

/**
 * In front of a table's setup: `row(f)` prints what `f` returns or raises. Hidden are addresses, the numbers of unnamed
 * structs, and how floats without a fraction are written, which is Lua's business (5.3 says `1.0`).
 */
export const TABLE_PRELUDE = `
local ffi = require 'ffi'
local C = ffi.C
local function text(value)
  if type(value) == 'number' then return ('%.14g'):format(value) end
  local kind = type(value)
  if kind == 'table' or kind == 'function' then return kind end
  return (tostring(value):gsub('0x%x+', 'ADDR'):gsub('(struct) %d+', '%1 N'))
end
local function line(...)
  local out = {}
  for i = 1, select('#', ...) do out[i] = text((select(i, ...))) end
  return table.concat(out, '  ')
end
local function row(f)
  local function report(ok, ...)
    if ok then return print(line(...)) end
    print('error: ' .. line((...)):gsub('^[^ ]*:%d+: ', ''))
  end
  report(pcall(f))
end
-- LuaJIT names the function in an error only where the call is no tail call.
local function keep(...) return ... end
`;

/** The Lua text that runs a table; prints a line per row. */
export function textOfTable(table: FfiTable, isExpression: (lua: string) => boolean): string {
  const rows = table.rows.map(([lua]) => `row(function() ${isExpression(lua) ? `return keep(${lua})` : lua} end)`);
  return `${TABLE_PRELUDE}${table.setup}\n${rows.join('\n')}\n`;
}

export const ffiTables: readonly FfiTable[] = [
  {
    says: 'cdata and ctypes print as C without names',
    setup: `ffi.cdef 'struct s { int x; int a[2]; struct s *next; }; enum e { A, B = 7, C = -1 }; typedef unsigned long ulong; typedef struct s s_t;'`,
    rows: [
      ["ffi.typeof 'int'", 'ctype<int>'],
      ["ffi.typeof 'uint8_t'", 'ctype<unsigned char>'],
      ["ffi.typeof 'int8_t'", 'ctype<char>'],
      ["ffi.typeof 'ulong'", 'ctype<uint64_t>'],
      ["ffi.typeof 'const s_t *'", 'ctype<const struct s *>'],
      ["ffi.typeof 'char *(*)[2]'", 'ctype<char *(*)[2]>'],
      ["ffi.typeof 'int (*)(int, char *)'", 'ctype<int (*)()>'],
      ["ffi.typeof 'int (*(*)(void))(int)'", 'ctype<int (*(*)())()>'],
      ["ffi.typeof 'enum e'", 'ctype<enum e>'],
      ["ffi.typeof 'int[?]'", 'ctype<int [?]>'],
      ["ffi.typeof 'const int[3][4]'", 'ctype<const int [3][4]>'],
      ["ffi.typeof 'char *const volatile *'", 'ctype<char *const volatile *>'],
      ["ffi.typeof 'struct { int x; } *'", 'ctype<struct N *>'],
      ["ffi.new 'struct s'", 'cdata<struct s>: ADDR'],
      ["ffi.new('struct s').a", 'cdata<int (&)[2]>: ADDR'],
      ["ffi.new('struct s').next", 'cdata<struct s *>: NULL'],
      ["ffi.new('struct s[2]')[1]", 'cdata<struct s &>: ADDR'],
      ["ffi.new('int64_t', -3)", '-3LL'],
      ["ffi.new('uint64_t', 2 ^ 63)", '9223372036854775808ULL'],
      ["ffi.new('enum e', 'B')", 'cdata<enum e>: 7'],
      ["ffi.new('enum e', 'C')", 'cdata<enum e>: -1'],
      ["ffi.new('int', 3)", 'cdata<int>: ADDR'],
      ["ffi.cast('char *', 0)", 'cdata<char *>: NULL'],
      ["ffi.cast('char *', 255)", 'cdata<char *>: ADDR'],
      ["ffi.new('complex', 1, -2)", '1-2i'],
    ],
  },
  {
    says: 'numbers are converted as C converts them',
    setup: `local s = ffi.new 'struct { int8_t i8; uint8_t u8; int16_t i16; uint16_t u16; int i32; float f; double d; bool b; int64_t i64; uint64_t u64; }' local function put(k, v) s[k] = v return s[k] end`,
    rows: [
      ["put('i8', 127), put('i8', 128), put('i8', -129), put('i8', 255), put('i8', 1.99), put('i8', -1.99)", '127  -128  127  -1  1  -1'],
      ["put('u8', 255), put('u8', 256), put('u8', 300.7)", '255  0  44'],
      ["put('i16', 32768), put('u16', 65536 + 5), put('u16', 65535)", '-32768  5  65535'],
      ["put('i32', 2147483647), put('i32', -2147483648), put('i32', 0.5)", '2147483647  -2147483648  0'],
      ["put('f', 0.5), put('f', 16777217), put('d', 16777217)", '0.5  16777216  16777217'],
      ["put('b', 0), put('b', 0.1), put('b', -1), put('b', 0/0), put('b', true), put('b', false)", 'false  true  true  true  true  false'],
      ["put('i64', 5), put('i64', -5.9), put('i64', 2 ^ 53)", '5LL  -5LL  9007199254740992LL'],
      ["put('u64', 2 ^ 53), put('u64', true), put('u64', ffi.new('int64_t', -1))", '9007199254740992ULL  1ULL  18446744073709551615ULL'],
      ["put('i32', true), put('d', true), put('u8', ffi.new('int64_t', 257))", '1  1  1'],
      ["put('d', ffi.new('int64_t', 3)), put('i32', ffi.new('double', 3.9)), put('b', ffi.new('int64_t', 2))", '3  3  true'],
    ],
  },
  {
    says: 'values that do not convert are refused by name',
    setup: `ffi.cdef 'struct p { int x; }; enum e { A };' local s = ffi.new 'struct { int i; bool b; double d; int *p; const char *t; char c[4]; struct p n; enum e e; int64_t q; }'`,
    rows: [
      ["s.i = 'x'", "error: cannot convert 'string' to 'int'"],
      ['s.i = {}', "error: cannot convert 'table' to 'int'"],
      ['s.i = nil', "error: cannot convert 'nil' to 'int'"],
      ['s.i = print', "error: cannot convert 'function' to 'int'"],
      ['s.i = coroutine.create(print)', "error: cannot convert 'thread' to 'int'"],
      ["s.b = 'x'", "error: cannot convert 'string' to 'bool'"],
      ['s.d = s', "error: cannot convert 'struct N' to 'double'"],
      ['s.p = 5', "error: cannot convert 'number' to 'int *'"],
      ['s.p = true', "error: cannot convert 'bool' to 'int *'"],
      ["s.p = 'x'", "error: cannot convert 'string' to 'int *'"],
      ['s.p = {}', "error: cannot convert 'table' to 'int *'"],
      ["s.p = ffi.new 'char[4]'", "error: cannot convert 'char [4]' to 'int *'"],
      ["s.p = ffi.new 'const int *'", "error: cannot convert 'const int *' to 'int *'"],
      ['s.t = 5', "error: cannot convert 'number' to 'const char *'"],
      ["s.t = ffi.new 'int *'", "error: cannot convert 'int *' to 'const char *'"],
      ['s.c = 5', "error: cannot convert 'number' to 'char [4]'"],
      ['s.c = nil', "error: cannot convert 'nil' to 'char [4]'"],
      ['s.n = 5', "error: cannot convert 'number' to 'struct p'"],
      ["s.n = 'x'", "error: cannot convert 'string' to 'struct p'"],
      ["s.n = ffi.new 'struct { int x; }'", "error: cannot convert 'struct N' to 'struct p'"],
      ["s.e = 'B'", "error: cannot convert 'string' to 'enum e'"],
      ['s.e = {}', "error: cannot convert 'table' to 'enum e'"],
      ['s.e = nil', "error: cannot convert 'nil' to 'unsigned int'"],
      ['s.e = s', "error: cannot convert 'struct N' to 'unsigned int'"],
      ["s.q = 'x'", "error: cannot convert 'string' to 'int64_t'"],
      ["s.i = ffi.new 'int *'", "error: cannot convert 'int *' to 'int'"],
      ['s.i = s.n', "error: cannot convert 'struct p' to 'int'"],
      ["ffi.new('int', {})", "error: cannot convert 'table' to 'int'"],
      ["ffi.new('int *', 5)", "error: cannot convert 'number' to 'int *'"],
      ["ffi.new('char *', 'text')", "error: cannot convert 'string' to 'char *'"],
    ],
  },
  {
    says: 'pointers convert where C would let them',
    setup: `ffi.cdef 'struct p { int x; }; struct q { int x; };' local function to(t, v) return (pcall(ffi.new, t, v)) end local s = ffi.new 'struct p'`,
    rows: [
      ["to('const int *', ffi.new 'int *'), to('int *', ffi.new 'const int *')", 'true  false'],
      ["to('void *', ffi.new 'int *'), to('int *', ffi.new 'void *'), to('void *', ffi.new 'const int *')", 'true  true  false'],
      [
        "to('unsigned *', ffi.new 'int *'), to('char *', ffi.new 'uint8_t *'), to('int *', ffi.new 'long *'), to('bool *', ffi.new 'char *')",
        'true  true  false  false',
      ],
      [
        "to('int *', ffi.new 'int[3]'), to('const int *', ffi.new 'int[3]'), to('char *', ffi.new 'int[3]'), to('int *', ffi.new 'const int[3]')",
        'true  true  false  false',
      ],
      [
        "to('struct p *', s), to('const struct p *', s), to('struct q *', s), to('void *', s), to('int *', s)",
        'true  true  false  true  false',
      ],
      ["to('void **', ffi.new 'int **'), to('int **', ffi.new 'int *[2]'), to('const int **', ffi.new 'int **')", 'false  true  false'],
      [
        "to('const char *', 'text'), to('const void *', 'text'), to('const uint8_t *', 'text'), to('char *', 'text'), to('const int *', 'text')",
        'true  true  true  false  false',
      ],
      ["to('int *', nil), to('int', nil), to('struct p *', nil)", 'true  false  true'],
    ],
  },
  {
    says: 'arrays take values, tables and strings',
    setup: `local function all(a) local t = {} for i = 0, 1 do t[#t + 1] = ('%d'):format(a[i]) end if ffi.sizeof(a) % 3 == 0 then t[3] = ('%d'):format(a[2]) end return table.concat(t, ' ') end`,
    rows: [
      [
        "all(ffi.new('int[3]')), all(ffi.new('int[3]', 7)), all(ffi.new('int[3]', 7, 8)), all(ffi.new('int[3]', 7, 8, 9))",
        '0 0 0  7 7 7  7 8 0  7 8 9',
      ],
      [
        "all(ffi.new('int[3]', {})), all(ffi.new('int[3]', { 7 })), all(ffi.new('int[3]', { 7, 8 })), all(ffi.new('int[3]', { [0] = 7, 8 }))",
        '0 0 0  7 7 7  7 8 0  7 8 0',
      ],
      [
        "all(ffi.new('int[3]', { 1, nil, 3 })), all(ffi.new('int[?]', 3, 5)), all(ffi.new('int[?]', 3, { 5, 6, 7 })), all(ffi.new('int[?]', 3, 5, 6))",
        '1 1 1  5 5 5  5 6 7  5 6 0',
      ],
      [
        "all(ffi.new('char[4]', 'ab')), all(ffi.new('char[2]', 'abc')), all(ffi.new('uint8_t[3]', '\\255')), all(ffi.new('char[?]', 3, 'x'))",
        '97 98  97 98  255 0 0  120 0 0',
      ],
      [
        "all(ffi.new('int[2]', ffi.new('int[2]', 4, 5))), all(ffi.typeof 'int[2]'(4, 5)), all(ffi.new('short[2]', { 70000, -1 }))",
        '4 5  4 5  4464 -1',
      ],
      ["ffi.new('int[2]', 1, 2, 3)", "error: too many initializers for 'int [2]'"],
      ["ffi.new('int[2]', { 1, 2, 3 })", "error: too many initializers for 'int [2]'"],
      ["ffi.new('int[2]', 'ab')", "error: cannot convert 'string' to 'int [2]'"],
      ["ffi.new('int[2]', {}, {})", "error: cannot convert 'table' to 'int'"],
      ["ffi.new('int[3]', ffi.new 'int[2]')", "error: cannot convert 'int [2]' to 'int'"],
      ["ffi.new('char[2][2]', 'ab')", "error: cannot convert 'string' to 'char [2][2]'"],
      ["ffi.new 'int[?]'", "error: bad argument #2 to 'new' (value expected)"],
      ["ffi.new('int[?]', -1)", "error: bad argument #1 to 'new' (size of C type is unknown or too large)"],
      ["ffi.new('int[?]', 'x')", "error: bad argument #2 to 'new' (cannot convert 'string' to 'int')"],
      ["ffi.new('int[?]', 2 ^ 30)", "error: bad argument #1 to 'new' (size of C type is unknown or too large)"],
      ["ffi.new('char[0]')", 'cdata<char [0]>: ADDR'],
    ],
  },
  {
    says: 'structs and unions take values, tables and copies',
    setup: `ffi.cdef 'struct in1 { int x, y; }; struct s { int a; struct in1 n; char c[4]; struct { int d; union { int e; int f; }; }; }; union u { int i; uint8_t b[4]; float f; }; struct v { int n; int d[?]; }; struct b { int p : 3; unsigned q : 4; bool r : 1; };' local function all(s) return s.a, s.n.x, s.n.y, ffi.string(s.c), s.d, s.e end`,
    rows: [
      ["all(ffi.new('struct s', 1, { 2, 3 }, 'ab', 4, 5))", '1  2  3  ab  4  5'],
      ["all(ffi.new('struct s', { 1, { y = 3 }, 'ab', 4 }))", '1  0  3  ab  4  0'],
      ["all(ffi.new('struct s', { c = 'z', d = 4, f = 5, n = { 6 }, nothing = 7 }))", '0  6  0  z  4  5'],
      ["all(ffi.new('struct s', ffi.new('struct s', 1)))", '1  0  0    0  0'],
      ["all(ffi.new('struct s', 1, ffi.new('struct in1', 8, 9)))", '1  8  9    0  0'],
      ["all(ffi.new('struct s', { nil, { 1, 2 } }))", '0  0  0    0  0'],
      ["all(ffi.new('struct s', { [0] = 4, { 5 } }))", '4  5  0    0  0'],
      [
        "ffi.new('union u', 1).b[0], ffi.new('union u', { f = 1, i = 3 }).i, ffi.new('union u', { f = 1 }).b[3], ffi.new('union u', { b = { 1, 2 } }).i",
        '1  3  63  513',
      ],
      [
        "ffi.new('struct v', 2, 2, { 5, 6 }).d[1], ffi.new('struct v', 2, { 2, { 7, 8 } }).d[0], ffi.sizeof(ffi.new('struct v', 3))",
        '6  7  16',
      ],
      [
        "ffi.new('struct b', 3, 15, true).p, ffi.new('struct b', 4).p, ffi.new('struct b', 0, 17).q, ffi.new('struct b', { r = true }).r",
        '3  -4  1  true',
      ],
      ["ffi.new('struct in1', 1, 2, 3)", "error: too many initializers for 'struct in1'"],
      ["ffi.new('struct in1', 'x')", "error: cannot convert 'string' to 'int'"],
      ["ffi.new('struct in1', {}, {})", "error: cannot convert 'table' to 'int'"],
      ["ffi.new('union u', 1, 2)", "error: too many initializers for 'union u'"],
      ["ffi.new('struct v')", "error: bad argument #2 to 'new' (value expected)"],
      ["ffi.new('struct v', -1)", "error: bad argument #1 to 'new' (size of C type is unknown or too large)"],
      ["ffi.new('struct v', 1, 2, 3, 4)", "error: cannot convert 'number' to 'int [?]'"],
      ["ffi.new('struct s', 1, 2)", "error: cannot convert 'number' to 'struct in1'"],
    ],
  },
  {
    says: 'fields and elements are read and written in place',
    setup: `ffi.cdef 'struct in1 { int x; }; struct s { int a; struct in1 n; int arr[3]; struct s *next; const char *name; static const int K = 42; };' local s = ffi.new('struct s', 1, { 2 }, { 3, 4, 5 }) local p = ffi.cast('struct s *', s)`,
    rows: [
      ['s.a, s.n.x, s.arr[2], s.K, p.a, p.n.x, p.arr[0], p.K, p[0].a', '1  2  5  42  1  2  3  42  1'],
      ['(function() p.a = 10 p.n.x = 20 p.arr[1] = 30 return s.a, s.n.x, s.arr[1] end)()', '10  20  30'],
      ['(function() local n = s.n n.x = 7 s.n = { 8 } return n.x, s.n.x end)()', '8  8'],
      ["(function() local t = ffi.new 'struct s' t.n = s.n t.n.x = 1 return s.n.x, t.n.x end)()", '8  1'],
      ['(function() s.next = s s.next.next.next.a = 99 return s.a, s.next == p, s.next.arr == s.arr end)()', '99  true  true'],
      ["(function() s.name = 'lua' return ffi.string(s.name), s.name[0], #ffi.string(s.name, 2) end)()", 'lua  108  2'],
      ['(function() p[0] = { 5 } return s.a, s.n.x, s.K end)()', '5  0  42'],
      ["s.arr[1.9], s.arr[ffi.new('int64_t', 1)], (s.arr + 1)[-1]", '0  0  0'],
      ["rawequal(s, s), s == s, s.n == s.n, ffi.new 'struct s' == ffi.new 'struct s'", 'true  true  true  false'],
    ],
  },
  {
    says: 'indexing that has no meaning is refused',
    setup: `ffi.cdef 'struct s { int a; const int c; static const int K = 1; }; struct inc; enum e { A };' local s = ffi.new 'struct s' local p = ffi.cast('struct s *', s) local a = ffi.new 'int[3]'`,
    rows: [
      ['s.nope', "error: 'struct s' has no member named 'nope'"],
      ['s.nope = 1', "error: 'struct s' has no member named 'nope'"],
      ['s[0]', "error: 'struct s' cannot be indexed with 'number'"],
      ['s[0] = 1', "error: 'struct s' cannot be indexed with 'number'"],
      ['s[nil]', "error: 'struct s' cannot be indexed with 'nil'"],
      ['s[{}]', "error: 'struct s' cannot be indexed with 'table'"],
      ['s[true] = 1', "error: 'struct s' cannot be indexed with 'boolean'"],
      ['p.nope', "error: 'struct s' has no member named 'nope'"],
      ['p[{}]', "error: 'struct s' cannot be indexed with 'table'"],
      ['a.nope', "error: 'int [3]' has no member named 'nope'"],
      ['a.nope = 1', "error: 'int [3]' has no member named 'nope'"],
      ['a[true]', "error: 'int [3]' cannot be indexed with 'boolean'"],
      ['a[{}] = 1', "error: 'int [3]' cannot be indexed with 'table'"],
      ["a[ffi.new('double', 1)]", "error: 'int [3]' cannot be indexed with 'double'"],
      ["a[ffi.new('float', 1)]", "error: 'int [3]' cannot be indexed with 'float'"],
      ["ffi.new('int').x", "error: 'int' has no member named 'x'"],
      ["ffi.new('int')[0]", "error: 'int' cannot be indexed with 'number'"],
      ["ffi.new('int64_t').x", "error: 'int64_t' has no member named 'x'"],
      ["ffi.new('enum e').x", "error: 'enum e' has no member named 'x'"],
      ["ffi.new('void *')[0]", 'error: size of C type is unknown or too large'],
      ["ffi.new('struct inc *')[0]", 'error: size of C type is unknown or too large'],
      ["ffi.new('struct inc *').x", "error: 'struct inc' has no member named 'x'"],
      ["ffi.cast('int (*)(void)', 0)[0]", 'error: size of C type is unknown or too large'],
      ["ffi.typeof('struct s').nope", "error: 'struct s' has no member named 'nope'"],
      ["ffi.typeof('struct s')[1]", "error: 'ctype' cannot be indexed with 'number'"],
      ["ffi.typeof('int').x", "error: 'int' has no member named 'x'"],
      ["ffi.typeof('struct s').K = 1", 'error: attempt to write to constant location'],
      ["ffi.new('struct s *[1]').a", "error: 'struct s *[1]' has no member named 'a'"],
      ['s.c = 1', 'error: attempt to write to constant location'],
      ['s.K = 1', 'error: attempt to write to constant location'],
      ["ffi.new('const int[2]')[0] = 1", 'error: attempt to write to constant location'],
      ["ffi.cast('const struct s *', s).a = 1", 'error: attempt to write to constant location'],
      ["ffi.cast('const struct s *', s).nope = 1", 'error: attempt to write to constant location'],
      ["ffi.new 'struct s[2]'[0] = s", 'error: attempt to write to constant location'],
    ],
  },
  {
    says: 'pointers are moved, subtracted and compared',
    setup: `ffi.cdef 'struct s { int x, y; };' local a = ffi.new('int[5]', { 1, 2, 3, 4, 5 }) local p = a + 1 local v = ffi.cast('void *', a) local n = ffi.new 'int *'`,
    rows: [
      ['p[0], (p + 1)[0], (1 + p)[0], (p - 1)[0], p[-1], (p + 2.7)[0]', '2  3  3  1  1  4'],
      ["p - a, a - p, (a + 5) - a, ffi.cast('char *', p) - ffi.cast('char *', a)", '1  -1  5  4'],
      [
        "p == a, p == a + 1, p ~= a, p > a, p >= a + 1, a < p, a <= p, v == a, ffi.cast('char *', a) == a",
        'false  true  true  true  true  true  true  true  true',
      ],
      ["n == ffi.new 'void *', n == p, n < p", 'true  false  true'],
      [
        "a + 1, ffi.new('struct s[2]') + 1, ffi.cast('const int *', a) + 1",
        'cdata<int *>: ADDR  cdata<struct s *>: ADDR  cdata<const int *>: ADDR',
      ],
      ['p + p', "error: attempt to perform arithmetic on 'int *' and 'int *'"],
      ['p * 2', "error: attempt to perform arithmetic on 'int *' and 'number'"],
      ['1 - p', "error: attempt to perform arithmetic on 'number' and 'int *'"],
      ['v + 1', "error: attempt to perform arithmetic on 'void *' and 'number'"],
      ['v - v', "error: attempt to perform arithmetic on 'void *' and 'void *'"],
      ['-p', "error: attempt to perform arithmetic on 'int *' and 'int *'"],
      ["p - ffi.cast('char *', a)", "error: attempt to perform arithmetic on 'int *' and 'char *'"],
      ['p - v', "error: attempt to perform arithmetic on 'int *' and 'void *'"],
      ["p < ffi.cast('char *', a)", "error: attempt to compare 'int *' with 'char *'"],
      ['p < v', "error: attempt to compare 'int *' with 'void *'"],
      ['p < 5', "error: attempt to compare 'int *' with 'number'"],
      ['p < nil', "error: attempt to compare 'int *' with 'nil'"],
      ["p < 'x'", "error: attempt to compare 'int *' with 'string'"],
      ["p + 'x'", "error: attempt to perform arithmetic on 'int *' and 'string'"],
      ['p + nil', "error: attempt to perform arithmetic on 'int *' and 'nil'"],
      ["p .. 'x'", "error: attempt to concatenate 'int *' and 'string'"],
      ['#p', "error: attempt to get length of 'int *'"],
      ['p()', "error: 'int' is not callable"],
    ],
  },
  {
    says: '64-bit integers wrap, divide towards zero and compare exactly',
    setup: `local function i(n) return ffi.new('int64_t', n) end local function u(n) return ffi.new('uint64_t', n) end local max = u(2 ^ 63) - 1 local min = ffi.cast('int64_t', max) + 1`,
    rows: [
      ['i(2) + 3, 2 + i(3), i(2) - 3, i(7) * i(6), -i(5)', '5LL  5LL  -1LL  42LL  -5LL'],
      [
        "ffi.cast('int64_t', max), min, min - 1, min * 2, -min, u(0) - 1, max * 2 + 2",
        '9223372036854775807LL  -9223372036854775808LL  9223372036854775807LL  0LL  -9223372036854775808LL  18446744073709551615ULL  0ULL',
      ],
      [
        'i(7) / 2, i(-7) / 2, i(7) / -2, i(7) % 3, i(-7) % 3, i(7) % -3, min / -1, min % -1',
        '3LL  -3LL  -3LL  1LL  -1LL  1LL  -9223372036854775808LL  0LL',
      ],
      ['i(1) / 0, i(1) % 0, u(1) / 0', '-9223372036854775808LL  -9223372036854775808LL  9223372036854775808ULL'],
      [
        'i(2) ^ 10, i(-3) ^ 3, i(2) ^ -1, i(1) ^ -1, i(-1) ^ -3, i(0) ^ -1, u(2) ^ 64',
        '1024LL  -27LL  0LL  1LL  -1LL  9223372036854775807LL  0ULL',
      ],
      ['u(1) + i(-1), i(-1) / u(2), i(-1) < u(1), u(1) < i(-1)', '0ULL  9223372036854775807ULL  false  true'],
      [
        "i(2) == i(2), i(2) == u(2), i(2) < 3, 3 < i(2), i(2) <= 2, i(2) > 1.5, i(1) == ffi.new('int', 1)",
        'true  true  true  false  true  true  true',
      ],
      ["ffi.new('double', 1.5) * 2, ffi.new('int', 7) / 2, ffi.new('uint8_t', 250) + 10, ffi.new('bool', 1) + 1", '2LL  3LL  260LL  2LL'],
      ['i(2 ^ 53) + 1, (i(2 ^ 53) + 1) * 1000, u(2 ^ 63) + 1', '9007199254740993LL  9007199254740993000LL  9223372036854775809ULL'],
      ["('%d %5d %x %X %o %u'):format(i(-1), i(5), u(255), u(255), u(8), u(2 ^ 63))", '-1     5 ff FF 10 9223372036854775808'],
      ["('%s'):format(i(5)), tostring(u(5))", '5LL  5ULL'],
      ["i(1) + 'x'", "error: attempt to perform arithmetic on 'int64_t' and 'string'"],
      ['i(1) + {}', "error: attempt to perform arithmetic on 'int64_t' and 'table'"],
      ['{} * i(1)', "error: attempt to perform arithmetic on 'table' and 'int64_t'"],
      ['i(1) + true', "error: attempt to perform arithmetic on 'int64_t' and 'boolean'"],
      ["i(1) < 'x'", "error: attempt to compare 'int64_t' with 'string'"],
      ['i(1) < {}', "error: attempt to compare 'int64_t' with 'table'"],
      ['i(1) < nil', "error: attempt to compare 'int64_t' with 'nil'"],
      ["i(1) .. 'x'", "error: attempt to concatenate 'int64_t' and 'string'"],
      ['#i(1)', "error: attempt to get length of 'int64_t'"],
      ['i(1)()', "error: 'int64_t' is not callable"],
      ["i(1) + ffi.new 'struct { int x; }'", "error: attempt to perform arithmetic on 'int64_t' and 'struct N'"],
      ["i(1) + ffi.new 'complex'", "error: attempt to perform arithmetic on 'int64_t' and 'complex'"],
    ],
  },
  {
    says: 'enums are names and numbers',
    setup: `ffi.cdef 'enum e { A, B = 7, C }; enum n { M = -1, Z };' local e = ffi.new('enum e', 'B') local s = ffi.new 'struct { enum e e; int i; }'`,
    rows: [
      ['C.A, C.B, C.C, C.M, C.Z', '0  7  8  -1  0'],
      [
        "e, e + 1, e == ffi.new('enum e', 7), e < 8, e < 'C', e + 'B', ffi.new('enum e', 99)",
        'cdata<enum e>: 7  8LL  true  true  true  14LL  cdata<enum e>: 99',
      ],
      ["(function() s.e = 'C' s.i = s.e return s.e, s.i end)()", 'cdata<enum e>: 8  8'],
      ['(function() s.e = 1 return s.e end)()', 'cdata<enum e>: 1'],
      ["ffi.new('int[9]', 3)[e], ffi.sizeof(e), ffi.new('enum n', 'M')", '3  4  cdata<enum n>: -1'],
      ["ffi.new('enum e', 'nope')", "error: cannot convert 'string' to 'enum e'"],
      ["e + 'nope'", "error: cannot convert 'string' to 'enum e'"],
      ["e < 'nope'", "error: cannot convert 'string' to 'enum e'"],
      ["e .. 'x'", "error: cannot convert 'string' to 'enum e'"],
      ['C.A = 1', 'error: attempt to write to constant location'],
      ["ffi.new('enum e', {})", "error: cannot convert 'table' to 'enum e'"],
    ],
  },
  {
    says: 'what has a size has one',
    setup: `ffi.cdef 'struct s { char a; int b; short c; int d : 3, e : 5; union { int f; char g; }; static const int K = 1; }; struct inc; typedef int fn(void); struct __attribute__((packed)) p { char a; int b; };'`,
    rows: [
      [
        "ffi.sizeof 'int', ffi.sizeof 'struct s', ffi.sizeof 'int[3]', ffi.sizeof(ffi.new 'struct s'), ffi.sizeof(ffi.typeof 'short'), ffi.sizeof 'char *', ffi.sizeof 'struct p'",
        '4  16  12  16  2  8  5',
      ],
      ["ffi.sizeof 'void', ffi.sizeof 'struct inc', ffi.sizeof 'int[]', ffi.sizeof 'fn'", 'nil  nil  nil  nil'],
      ["ffi.sizeof('int[?]', 3), ffi.sizeof('int[?]', -1), ffi.sizeof(ffi.new('int[?]', 5))", '12  nil  20'],
      [
        "ffi.alignof 'char', ffi.alignof 'double', ffi.alignof 'struct s', ffi.alignof 'struct p', ffi.alignof(ffi.new 'short[2]')",
        '1  8  4  1  2',
      ],
      ["ffi.offsetof('struct s', 'b'), ffi.offsetof('struct s', 'g')", '4  12'],
      ["ffi.offsetof('struct s', 'e')", '8  19  5'],
      ["ffi.offsetof('struct s', 'nope')", ''],
      ["ffi.offsetof('int', 'x')", ''],
      ['ffi.sizeof()', "error: bad argument #1 to 'sizeof' (C type expected, got no value)"],
      ['ffi.sizeof(nil)', "error: bad argument #1 to 'sizeof' (C type expected, got nil)"],
      ["ffi.sizeof 'int[?]'", "error: bad argument #2 to 'sizeof' (value expected)"],
      ['ffi.sizeof(5)', "error: bad argument #1 to 'sizeof' (C type expected, got number)"],
      ['ffi.alignof({})', "error: bad argument #1 to 'alignof' (C type expected, got table)"],
      ["ffi.offsetof('struct s')", "error: bad argument #2 to 'offsetof' (string expected, got no value)"],
      ["ffi.offsetof(nil, 'x')", "error: bad argument #1 to 'offsetof' (C type expected, got nil)"],
      ["ffi.new 'void'", "error: bad argument #1 to 'new' (size of C type is unknown or too large)"],
      ["ffi.new 'struct inc'", "error: bad argument #1 to 'new' (size of C type is unknown or too large)"],
      ["ffi.new 'int[]'", "error: bad argument #1 to 'new' (size of C type is unknown or too large)"],
      ['ffi.new()', "error: bad argument #1 to 'new' (C type expected, got no value)"],
      ['ffi.new(5)', "error: bad argument #1 to 'new' (C type expected, got number)"],
      ['ffi.typeof()', "error: bad argument #1 to 'typeof' (C type expected, got no value)"],
      ['ffi.typeof({})', "error: bad argument #1 to 'typeof' (C type expected, got table)"],
    ],
  },
  {
    says: 'ffi.istype knows a type by its identity',
    setup: `ffi.cdef 'struct s { int x; }; struct t { int x; };' local s = ffi.new 'struct s' local p = ffi.cast('struct s *', s)`,
    rows: [
      [
        "ffi.istype('struct s', s), ffi.istype('struct s', p), ffi.istype('struct s *', s), ffi.istype('struct t', s), ffi.istype('const struct s', s), ffi.istype(s, p), ffi.istype('struct s', ffi.new 'struct s[1]'[0])",
        'true  true  false  false  true  true  true',
      ],
      [
        "ffi.istype('int', ffi.new 'int'), ffi.istype('int', ffi.new 'unsigned'), ffi.istype('int32_t', ffi.new 'int'), ffi.istype('long', ffi.new 'long long'), ffi.istype('uint8_t', ffi.new 'bool')",
        'true  false  true  true  false',
      ],
      [
        "ffi.istype('int *', ffi.new 'unsigned *'), ffi.istype('void *', ffi.new 'int *'), ffi.istype('const int *', ffi.new 'int *'), ffi.istype('int[2]', ffi.new 'int[2]'), ffi.istype('int[2]', ffi.new 'int[3]'), ffi.istype('int *', ffi.new 'int[2]')",
        'true  false  true  true  false  false',
      ],
      ["ffi.istype('int', 5), ffi.istype('int', nil)", 'false  false'],
      ["ffi.istype 'int'", "error: bad argument #2 to 'istype' (value expected)"],
      ['ffi.istype(5, 5)', "error: bad argument #1 to 'istype' (C type expected, got number)"],
    ],
  },
  {
    says: 'casts reinterpret',
    setup: `ffi.cdef 'struct s { uint8_t a, b, c, d; };' local s = ffi.new('struct s', 1, 2, 3, 4) local q = ffi.new('int64_t', 3)`,
    rows: [
      ["ffi.cast('uint32_t *', s)[0], ffi.cast('uint8_t *', s)[3], ffi.cast('struct s *', ffi.cast('void *', s)).c", '67305985  4  3'],
      [
        "ffi.cast('uint8_t', 257) + 0, ffi.cast('int8_t', 255) + 0, ffi.cast('int', 3.9) + 0, ffi.cast('int64_t', -3.9), ffi.cast('bool', 5) + 0",
        '1LL  -1LL  3LL  -3LL  1LL',
      ],
      ["ffi.cast('struct s *', ffi.cast('uintptr_t', ffi.cast('void *', s))).d, ffi.cast('int', nil) + 0", '4  0LL'],
      [
        "rawequal(ffi.cast('int64_t', q), q), rawequal(ffi.cast('uint64_t', q), q), ffi.cast('uint64_t', ffi.new('int64_t', -1))",
        'true  false  18446744073709551615ULL',
      ],
      ["ffi.string(ffi.cast('char *', 'text'))", 'text'],
      ["ffi.cast('int &', ffi.new('int[1]', 5)) + 1", '6LL'],
      ["ffi.cast('struct s', 1)", "error: bad argument #1 to 'cast' (invalid C type)"],
      ["ffi.cast('int[2]', 1)", "error: bad argument #1 to 'cast' (invalid C type)"],
      ["ffi.cast('void', 1)", "error: bad argument #1 to 'cast' (invalid C type)"],
      ["ffi.cast('int', {})", "error: cannot convert 'table' to 'int'"],
      ["ffi.cast('int *', {})", "error: cannot convert 'table' to 'int *'"],
      ["ffi.cast('int *', true)", "error: cannot convert 'bool' to 'int *'"],
      ["ffi.cast('int *', ffi.new('double', 1))", "error: cannot convert 'double' to 'int *'"],
      ["ffi.cast('double', s)", "error: cannot convert 'struct s' to 'double'"],
      ["ffi.cast('double', ffi.new 'int *')", "error: cannot convert 'int *' to 'double'"],
      ["ffi.cast 'int'", "error: bad argument #2 to 'cast' (value expected)"],
      ['ffi.cast()', "error: bad argument #1 to 'cast' (C type expected, got no value)"],
    ],
  },
  {
    says: 'ffi.string, ffi.copy and ffi.fill move bytes',
    setup: `local b = ffi.new('char[8]', 'abcdefg') local function fresh() return ffi.new('char[8]') end`,
    rows: [
      [
        "ffi.string(b), ffi.string(b, 3), ffi.string(b + 2), ffi.string(b + 2, 2), ffi.string('lua'), ffi.string('lua', 2), #ffi.string(b, 8), #ffi.string(b, 0), ffi.string(ffi.cast('void *', b)), ffi.string(b, nil)",
        'abcdefg  abc  cdefg  cd  lua  lu  8  0  abcdefg  abcdefg',
      ],
      ['(function() local d = fresh() ffi.copy(d, b, 3) return ffi.string(d) end)()', 'abc'],
      ["(function() local d = fresh() ffi.copy(d, 'text') return ffi.string(d), d[4] end)()", 'text  0'],
      ["(function() local d = fresh() ffi.copy(d + 1, 'text', 2) d[0] = 65 return ffi.string(d) end)()", 'Ate'],
      ['(function() local d = fresh() ffi.fill(d, 3, 65) return ffi.string(d) end)()', 'AAA'],
      ['(function() local d = fresh() ffi.fill(d, 3, 65 + 256) ffi.fill(d, 1) return d[0], d[1] end)()', '0  65'],
      ["select('#', ffi.copy(fresh(), b, 1)), select('#', ffi.fill(fresh(), 1))", '0  0'],
      ['ffi.string()', "error: bad argument #1 to 'string' (value expected)"],
      ['ffi.string(5)', "error: bad argument #1 to 'string' (cannot convert 'number' to 'const char *')"],
      ['ffi.string({})', "error: bad argument #1 to 'string' (cannot convert 'table' to 'const char *')"],
      ["ffi.string(ffi.new 'int[2]')", "error: bad argument #1 to 'string' (cannot convert 'int [2]' to 'const char *')"],
      ["ffi.string(b, 'x')", "error: bad argument #2 to 'string' (cannot convert 'string' to 'int')"],
      ['ffi.string(b, {})', "error: bad argument #2 to 'string' (cannot convert 'table' to 'int')"],
      ['ffi.copy()', "error: bad argument #1 to 'copy' (value expected)"],
      ['ffi.copy(b)', "error: bad argument #2 to 'copy' (value expected)"],
      ['ffi.copy(b, b)', "error: bad argument #3 to 'copy' (value expected)"],
      ['ffi.copy(b, b, {})', "error: bad argument #3 to 'copy' (cannot convert 'table' to 'int')"],
      ["ffi.copy('x', b, 1)", "error: bad argument #1 to 'copy' (cannot convert 'string' to 'void *')"],
      ['ffi.copy(b, 5, 1)', "error: bad argument #2 to 'copy' (cannot convert 'number' to 'const void *')"],
      ["ffi.copy(ffi.cast('const char *', b), b, 1)", "error: bad argument #1 to 'copy' (cannot convert 'const char *' to 'void *')"],
      ['ffi.fill(b)', "error: bad argument #2 to 'fill' (value expected)"],
      ['ffi.fill(b, {})', "error: bad argument #2 to 'fill' (cannot convert 'table' to 'int')"],
      ['ffi.fill(b, 1, {})', "error: bad argument #3 to 'fill' (cannot convert 'table' to 'int')"],
      ["ffi.fill('x', 1)", "error: bad argument #1 to 'fill' (cannot convert 'string' to 'void *')"],
    ],
  },
  {
    says: 'metatypes add what the type itself does not answer',
    setup: `ffi.cdef 'struct p { int x, y; }; struct h { struct p p; struct p *q; };' local log local P P = ffi.metatype('struct p', { __index = { sum = function(s) return s.x + s.y end, K = 5, x = 'hidden' }, __new = function(ct, x, y) return ffi.new(ct, x or 1, y or 2) end, __call = function(s, ...) return s.x, ... end, __tostring = function(s) return 'p' .. s.x end, __len = function() return 9 end, __concat = function(a, b) return 'cat' end, __add = function(a, b) return 'add' end, __sub = function(a, b) return 'sub' end, __mul = function(a, b) return 'mul' end, __div = function(a, b) return 'div' end, __mod = function(a, b) return 'mod' end, __pow = function(a, b) return 'pow' end, __unm = function(a, b) return 'unm' end, __eq = function(a, b) return a.x == b.x end, __lt = function(a, b) return a.x < b.x end, __le = function(a, b) return a.x <= b.x end, __newindex = function(s, k, v) log = k end, __pairs = function(s) return next, { a = 1 }, nil end }) local p = P(3, 4) local q = ffi.cast('struct p *', p) local h = ffi.new('struct h', { { 7, 8 }, p })`,
    rows: [
      ["p:sum(), q:sum(), h.p:sum(), h.q:sum(), ffi.new('struct p[2]')[1]:sum(), p.K, p.x, P.K", '7  7  15  7  0  5  3  5'],
      ["P().x, P(5).y, ffi.new(P, 6).x, ffi.new('struct p').x", '1  2  6  0'],
      ["select('#', p(1, nil, 3)), p(), (q(5))", '4  3  3'],
      ["tostring(p), tostring(q), tostring(h.p), #p, #q, p .. 'x', 'x' .. p, 1 .. p", 'p3  p3  p7  9  9  cat  cat  cat'],
      ['p + 1, 1 + p, p - p, p * 2, p / 2, p % 2, p ^ 2, -p', 'add  add  sub  mul  div  mod  pow  unm'],
      ['p == P(3, 9), p ~= P(3, 9), p == P(4), p < P(4), p <= P(3), p > P(2), p >= P(4)', 'true  false  false  true  true  true  false'],
      ['(function() p.foo = 1 local l = log p.x = 11 return l, p.x, log end)()', 'foo  11  foo'],
      ['(function() for k, v in pairs(p) do return k, v end end)()', 'a  1'],
      ['P.nope', "error: 'struct p' has no member named 'nope'"],
      ['p.nope', "error: 'struct p' has no member named 'nope'"],
      ['p[1]', "error: 'struct p' cannot be indexed with 'number'"],
      ["tostring(ffi.new 'struct p[2]')", 'cdata<struct p [2]>: ADDR'],
      ["ffi.metatype('struct p', {})", 'error: cannot change a protected metatable'],
      ['ffi.metatype(P, {})', 'error: cannot change a protected metatable'],
      ["ffi.metatype('int', {})", "error: bad argument #1 to 'metatype' (invalid C type)"],
      ["ffi.metatype('struct p *', {})", "error: bad argument #1 to 'metatype' (invalid C type)"],
      ["ffi.metatype('struct h', 5)", "error: bad argument #2 to 'metatype' (table expected, got number)"],
      ["ffi.metatype 'struct h'", "error: bad argument #2 to 'metatype' (table expected, got no value)"],
      ['getmetatable(p), getmetatable(P)', 'ffi  ffi'],
    ],
  },
  {
    says: 'metatypes with functions and tables',
    setup: `ffi.cdef 'struct f { int x; }; struct n { int x; }; struct e { int x; }; struct m { int x; };' local F = ffi.metatype('struct f', { __index = function(s, k) if k ~= 'none' then return k end end }) local store = {} ffi.metatype('struct n', { __newindex = store, __index = store }) ffi.metatype('struct e', { __index = function(s, k) error('no ' .. tostring(k), 0) end, __tostring = function() error('text', 0) end, __add = function() error({ code = 5 }) end, __eq = function() error('eq', 0) end }) local m = ffi.new('struct m')`,
    rows: [
      ['F().foo, F(4).x, F()[5], F()[true], F.bar, F().none', 'foo  4  5  true  bar  nil'],
      ["(function() local n = ffi.new 'struct n' n.foo = 6 n[3] = 7 return n.foo, n[3], store.foo end)()", '6  7  6'],
      ["ffi.new('struct n').nothing", "error: 'struct n' has no member named 'nothing'"],
      ["ffi.new('struct e').foo", 'error: no foo'],
      ["tostring(ffi.new 'struct e')", 'error: text'],
      ["(select(2, pcall(function() return ffi.new('struct e') + 1 end))).code", '5'],
      ["ffi.new 'struct e' == ffi.new 'struct e'", 'error: eq'],
      ['m + 1', "error: attempt to perform arithmetic on 'struct m' and 'number'"],
      ['1 - m', "error: attempt to perform arithmetic on 'number' and 'struct m'"],
      ['-m', "error: attempt to perform arithmetic on 'struct m' and 'struct m'"],
      ["m .. 'x'", "error: attempt to concatenate 'struct m' and 'string'"],
      ['#m', "error: attempt to get length of 'struct m'"],
      ['m()', "error: 'struct m' is not callable"],
      ['m < m', "error: attempt to compare 'struct m' with 'struct m'"],
      ['m < 1', "error: attempt to compare 'struct m' with 'number'"],
      ["m == m, m == ffi.new 'struct m'", 'true  false'],
      ['(function() for k in pairs(m) do end end)()', "error: 'struct m' has no '__pairs' metamethod"],
    ],
  },
  {
    says: 'constants of ffi.C are read-only, and other names raise',
    setup: `ffi.cdef 'enum { K = 5, BIG = 0x80000000 }; static const int S = -3; typedef int t; struct s { int x; }; int undefined_function_of_nobody(void);'`,
    rows: [
      ["C.K, C.S, ('%.0f'):format(C.BIG)", '5  -3  2147483648'],
      ['C.nope', "error: missing declaration for symbol 'nope'"],
      ['C.nope = 1', "error: missing declaration for symbol 'nope'"],
      ['C.t', "error: missing declaration for symbol 't'"],
      ['C.s', "error: missing declaration for symbol 's'"],
      ['C.K = 1', 'error: attempt to write to constant location'],
      ['C[1]', "error: bad argument #2 to '__index' (string expected, got number)"],
      ['C[nil]', "error: bad argument #2 to '__index' (string expected, got nil)"],
      ['C.constructor', "error: missing declaration for symbol 'constructor'"],
      ['C.__proto__', "error: missing declaration for symbol '__proto__'"],
      ['C.toString', "error: missing declaration for symbol 'toString'"],
    ],
  },
  {
    says: 'ffi.cdef and ffi.typeof refuse what is no text',
    setup: '',
    rows: [
      ['ffi.cdef()', "error: bad argument #1 to 'cdef' (string expected, got no value)"],
      ['ffi.cdef(nil)', "error: bad argument #1 to 'cdef' (string expected, got nil)"],
      ['ffi.cdef({})', "error: bad argument #1 to 'cdef' (string expected, got table)"],
      ["select('#', ffi.cdef '')", '0'],
      ['ffi.typeof(nil)', "error: bad argument #1 to 'typeof' (C type expected, got nil)"],
      ['ffi.abi()', "error: bad argument #1 to 'abi' (string expected, got no value)"],
      ["ffi.abi 'le', ffi.abi '64bit', ffi.abi 'be', ffi.abi 'nope', ffi.os, ffi.arch", 'true  true  false  false  Linux  x64'],
    ],
  },
];

/** Makes `print` of a state collect lines. */
function capturePrint(lua: Lua): string[] {
  const lines: string[] = [];
  lua.set('print', (line: string) => {
    lines.push(line);
  });
  return lines;
}

/** Whether Lua text is an expression, as far as this state can tell. */
export function expressionTest(lua: Lua): (text: string) => boolean {
  return (text) => {
    try {
      lua.engine.load(`return ${text}`, '=row');
      return true;
    } catch (error) {
      if (error instanceof LuaSyntaxError) return false;
      throw error;
    }
  };
}

/** Tests that an engine's `ffi` does what LuaJIT's does, and that C functions of the host are called as declared. */
export function ffiContract(name: string, makeLua: () => Lua): void {
  describe(`ffi on ${name}`, () => {
    describe.each(ffiTables)('$says', (table) => {
      const lua = makeLua();
      const lines = capturePrint(lua);
      let error: unknown = null;
      try {
        lua.run(textOfTable(table, expressionTest(lua)), '=row');
      } catch (raised) {
        error = raised;
      }
      it.each(table.rows.map(([text, prints], i) => [text, prints, i] as const))('%s', (_, prints, i) => {
        expect(error).toBeNull();
        expect(lines[i]).toBe(prints);
      });
    });

    describe('calls of C functions', () => callContract(makeLua));
  });
}
