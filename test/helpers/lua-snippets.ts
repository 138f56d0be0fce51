/**
 * Lua snippets that print the same under LuaJIT and under cdef: `[title, code]`.
 *
 * `LUA_PRELUDE` gives them `ffi`, `show(...)` and `try(f, ...)`, and hides what may differ: addresses, the numbers of
 * unnamed structs, the position in front of error texts, and how a float without a fraction is written (Lua 5.3
 * says `1.0`). Out of bounds for snippets: results of bit-level conversions that LuaJIT changed after Debian's
 * build of 2022 (double to integer out of range), `tonumber` and `type` of cdata, `==` of cdata with other types.
 * @module
 */

export const LUA_PRELUDE = `
local ffi = require 'ffi'
local C = ffi.C
local function text(value)
  if type(value) == 'number' then return ('%.14g'):format(value) end
  local kind = type(value)
  if kind == 'table' or kind == 'function' then return kind end
  return (tostring(value):gsub('0x%x+', 'ADDR'):gsub('(struct) %d+', '%1 N'):gsub('(union) %d+', '%1 N'):gsub('(enum) %d+', '%1 N'))
end
local function show(...)
  local out = {}
  for i = 1, select('#', ...) do out[i] = text((select(i, ...))) end
  print(table.concat(out, '  '))
end
-- Errors name a function as the call names it, so ffi functions are called by name.
local named = {}
for key, value in pairs(ffi) do
  if type(value) == 'function' then
    local chunk = "local ffi = require 'ffi' local function all(...) return ... end return function(...) return all(ffi.KEY(...)) end"
    named[value] = (loadstring or load)((chunk:gsub('KEY', key)))()
  end
end
local function try(f, ...)
  f = named[f] or f
  local result = { n = 0 }
  local function keep(...) result = { n = select('#', ...), ... } end
  keep(pcall(f, ...))
  if result[1] then return show('ok', (table.unpack or unpack)(result, 2, result.n)) end
  show('error', (tostring(result[2]):gsub('^[^:]*:%d+: ', '')))
end
`;

export const luaSnippets: readonly (readonly [string, string])[] = [
  // ---- printing
  [
    'scalar types print as LuaJIT names them',
    `for _, name in ipairs { 'bool', 'char', 'signed char', 'unsigned char', 'int8_t', 'uint8_t', 'short', 'unsigned short', 'int',
      'unsigned', 'long', 'unsigned long', 'long long', 'unsigned long long', 'int64_t', 'uint64_t', 'size_t', 'float', 'double',
      'long double', 'void', 'complex', 'float _Complex', 'wchar_t', 'intptr_t', 'ptrdiff_t' } do show(name, ffi.typeof(name)) end`,
  ],
  [
    'pointers, arrays and functions print inside out',
    `for _, name in ipairs { 'int *', 'const char *', 'char *const', 'const volatile int *const *', 'int[3]', 'int[]', 'int[?]', 'int[2][3]',
      'int (*)[3]', 'int *[3]', 'int (*)(void)', 'int (*)(int, char)', 'void (*(*)(int))(char)', 'int &', 'int (&)[3]', 'const int[2]',
      'volatile short', 'char *(*)[2]', 'void *', 'const void *', 'int **' } do show(name, ffi.typeof(name)) end`,
  ],
  [
    'tagged types print their tag',
    `ffi.cdef 'struct s { int x; }; union u { int x; }; enum e { A };'
    for _, name in ipairs { 'struct s', 'union u', 'enum e', 'struct s *', 'const struct s *', 'struct s[2]', 'struct s &', 'enum e *' } do
      show(ffi.typeof(name)) end`,
  ],
  ['unnamed types print a number', `show(ffi.typeof 'struct { int x; }', ffi.typeof 'union { int x; }', ffi.typeof 'struct { int y; } *')`],
  [
    'values print their type and address, 64-bit integers their value',
    `ffi.cdef 'struct s { int x; }; enum e { A, B = 5, C = -3 };'
    show(ffi.new 'int', ffi.new('int64_t', 5), ffi.new('uint64_t', 2 ^ 63), ffi.new('long', -7), ffi.new('enum e', 5), ffi.new('enum e', -3))
    show(ffi.new 'struct s', ffi.new 'int[3]', ffi.new('int[?]', 3), ffi.new 'int *', ffi.cast('int *', 16), ffi.new 'bool', ffi.new 'double')`,
  ],
  [
    'members of structs print as references',
    `local s = ffi.new('struct { int a[3]; struct { int y; } in1; int *p; int64_t q; }')
    show(s.a, s.in1, s.p, s.q)
    show(ffi.new('int[2][3]')[1], ffi.new('struct { int x; }[2]')[0])`,
  ],
  [
    'complex numbers print both parts',
    `show(ffi.new('complex', 1, 2), ffi.new('complex', 1.5, -2), ffi.new('float _Complex', 0.5, 0.25), ffi.new 'complex')
    show(ffi.new('complex', 1/0, -1/0), ffi.new('complex', -0.0, -0.0), ffi.new('complex', 1e20, 1e-7))`,
  ],
  [
    'typedefs are transparent',
    `ffi.cdef 'typedef struct s { int x; } s_t; typedef s_t *s_p; typedef int arr[4];' show(ffi.typeof 's_t', ffi.typeof 's_p', ffi.typeof 'arr', ffi.new 's_t')`,
  ],
  // ---- sizes
  [
    'sizes and alignments',
    `for _, name in ipairs { 'char', 'short', 'int', 'long', 'float', 'double', 'long double', 'complex', 'void *', 'int[3]', 'bool', 'struct { char a; int b; }',
      'struct { char a; double b; char c; }', 'union { char a[9]; int b; }', 'struct { }', 'struct { char a; struct { short b; } c; }' } do
      show(name, ffi.sizeof(name), ffi.alignof(name)) end`,
  ],
  [
    'what has no size has none',
    `show(ffi.sizeof 'void', ffi.sizeof 'int[]', ffi.alignof 'void') ffi.cdef 'struct inc; typedef int f(void);' show(ffi.sizeof 'struct inc', ffi.sizeof 'f') show(ffi.sizeof('int[?]', -1))`,
  ],
  [
    'sizes of variable-length arrays and structs',
    `show(ffi.sizeof('int[?]', 5), ffi.sizeof(ffi.new('int[?]', 7)), ffi.sizeof('struct { int n; short d[?]; }', 5), ffi.sizeof(ffi.new('struct { int n; short d[?]; }', 3)))`,
  ],
  [
    'sizes of values',
    `show(ffi.sizeof(ffi.new 'int'), ffi.sizeof(ffi.new 'int[4]'), ffi.sizeof(ffi.new('struct { int a[3]; }').a), ffi.sizeof(ffi.typeof 'short'), ffi.sizeof 'char &', ffi.sizeof(ffi.cast('void *', 0)))`,
  ],
  [
    'offsets of members, also of nested anonymous ones',
    `ffi.cdef 'struct s { char a; int b; union { short c; struct { char d, e; }; }; int f : 3, g : 7; unsigned : 2; unsigned h : 5; static const int K = 3; };'
    for _, name in ipairs { 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' } do show(name, ffi.offsetof('struct s', name)) end
    show('none', ffi.offsetof('struct s', 'zz')) show('int', ffi.offsetof('int', 'x')) show('cdata', ffi.offsetof(ffi.new 'struct s', 'b'))`,
  ],
  ['sizeof complains', `try(ffi.sizeof) try(ffi.sizeof, nil) try(ffi.sizeof, {}) try(ffi.sizeof, 5) try(ffi.sizeof, 'int[?]', {})`],
  // ---- initialisers
  [
    'arrays are initialised by values, tables, strings',
    `local function all(a, n) local t = {} for i = 0, n - 1 do t[#t + 1] = a[i] end show((table.unpack or unpack)(t)) end
    all(ffi.new('int[4]'), 4) all(ffi.new('int[4]', 7), 4) all(ffi.new('int[4]', 7, 8), 4) all(ffi.new('int[4]', { 7 }), 4)
    all(ffi.new('int[4]', { 7, 8 }), 4) all(ffi.new('int[4]', { [0] = 1, 2, 3 }), 4) all(ffi.new('int[4]', {}), 4)
    all(ffi.new('int[?]', 4, 9), 4) all(ffi.new('int[?]', 4, 1, 2), 4) all(ffi.new('int[?]', 3, { 1, 2, 3 }), 3)
    all(ffi.new('char[6]', 'abc'), 4) all(ffi.new('char[2]', 'abc'), 2) all(ffi.new('uint8_t[4]', '\\200\\201'), 2) all(ffi.new('double[2]', 1.5), 2) all(ffi.new('int[3]', { 1, nil, 3 }), 3)`,
  ],
  [
    'too many initialisers',
    `try(ffi.new, 'int[2]', 1, 2, 3) try(ffi.new, 'int[2]', { 1, 2, 3 }) try(ffi.new, 'int', 1, 2) try(ffi.new, 'struct { int x; }', 1, 2) try(ffi.new, 'union { int x; int y; }', 1, 2) try(ffi.new, 'complex', 1, 2, 3) try(ffi.new, 'int *', nil, nil)`,
  ],
  [
    'structs are initialised by position, by name, by copy',
    `ffi.cdef 'struct s { int a; double b; char c[4]; }; '
    local function all(s) show(s.a, s.b, ffi.string(s.c)) end
    all(ffi.new('struct s')) all(ffi.new('struct s', 1)) all(ffi.new('struct s', 1, 2.5, 'xyz')) all(ffi.new('struct s', { 1, 2 }))
    all(ffi.new('struct s', { b = 4, c = 'q' })) all(ffi.new('struct s', { [0] = 5, 6 })) all(ffi.new('struct s', ffi.new('struct s', 7, 8, 'hi')))
    all(ffi.new('struct s', { unknown = 3, a = 9 })) all(ffi.new('struct s', { nil, 2, a = 3 })) all(ffi.typeof 'struct s'(4, 5))`,
  ],
  [
    'nested structs take one initialiser each',
    `ffi.cdef 'struct in1 { int x, y; }; struct out1 { struct in1 a; int b; struct in1 c[2]; };'
    local function all(o) show(o.a.x, o.a.y, o.b, o.c[0].x, o.c[0].y, o.c[1].x, o.c[1].y) end
    all(ffi.new('struct out1', { 1, 2 }, 3, { { 4, 5 }, { 6, 7 } })) all(ffi.new('struct out1', { a = { y = 1 }, c = { { x = 3 } } }))
    all(ffi.new('struct out1', ffi.new('struct in1', 8, 9), 1)) all(ffi.new('struct out1', { { 1 }, 2, { { 3 }, { 4 } } }))
    try(ffi.new, 'struct out1', 1, 2)`,
  ],
  [
    'unions take the first member that is given',
    `ffi.cdef 'union u { int i; float f; char c[4]; }; union v { struct { int a, b; }; double d; };'
    show(ffi.new('union u', 5).i, ffi.new('union u', { f = 1 }).i, ffi.new('union u', { c = 'ab', i = 3 }).i, ffi.new('union u', { c = 'ab' }).i)
    local v = ffi.new('union v', 1, 2) show(v.a, v.b) v = ffi.new('union v', { b = 4 }) show(v.a, v.b) v = ffi.new('union v', { d = 1 }) show(v.a, v.b)
    try(ffi.new, 'union v', 1, 2, 3)`,
  ],
  [
    'anonymous members share positions and names',
    `ffi.cdef 'struct s { int a; struct { int b; union { int c; int d; }; }; int e; };' local function all(s) show(s.a, s.b, s.c, s.d, s.e) end all(ffi.new('struct s', 1, 2, 3, 4)) all(ffi.new('struct s', { b = 1, d = 2, e = 3 })) all(ffi.new('struct s', { 1, 2, 3, 4 }))`,
  ],
  [
    'variable-length structs',
    `ffi.cdef 'struct v { int n; int d[?]; };' local v = ffi.new('struct v', 3, 3, { 7, 8 }) show(v.n, v.d[0], v.d[1], v.d[2]) v = ffi.new('struct v', 2, { 5, { 6, 7 } }) show(v.n, v.d[0], v.d[1]) try(ffi.new, 'struct v') try(ffi.new, 'struct v', -1) try(ffi.new, 'struct v', {})`,
  ],
  [
    'variable-length arrays need a length',
    `try(ffi.new, 'int[?]') try(ffi.new, 'int[?]', -1) try(ffi.new, 'int[?]', 'x') try(ffi.new, 'int[?]', {}) try(ffi.new, 'int[?]', nil) try(ffi.new, 'char[?]', 2147483648)`,
  ],
  [
    'what has no size cannot be made',
    `try(ffi.new, 'void') try(ffi.new, 'int[]') ffi.cdef 'struct inc; typedef int f(void);' try(ffi.new, 'struct inc') try(ffi.new, 'f') try(ffi.new) try(ffi.new, 5) try(ffi.new, nil) try(ffi.new, true)`,
  ],
  [
    'bit-fields are initialised',
    `local s = ffi.new('struct { int a : 3; unsigned b : 5; int : 4; bool c : 1; unsigned d : 20; }', 3, 31, true, 1000000) show(s.a, s.b, s.c, s.d) s.a = 4 show(s.a) s.b = 33 show(s.b) s.c = 0 show(s.c) s.c = false show(s.c)`,
  ],
  [
    'strings fill byte arrays only',
    `try(ffi.new, 'int[4]', 'abc') try(ffi.new, 'bool[4]', 'abc') try(ffi.new, 'char[2][4]', 'abc') try(ffi.new, 'struct { char c[4]; }', 'abc') try(ffi.new, 'int', 'abc') try(ffi.new, 'short[4]', 'abc')`,
  ],
  [
    'a string assigned to an array leaves the rest',
    `local s = ffi.new('struct { char c[8]; }', { 'abcdefg' }) s.c = 'xy' show(s.c[0], s.c[1], s.c[2], s.c[3], s.c[6]) s.c = '0123456789' show(s.c[7], s.c[0]) s.c = '' show(s.c[0], s.c[1])`,
  ],
  [
    'const members may be initialised, not written',
    `local s = ffi.new('struct { const int a; int b; }', 1, 2) show(s.a, s.b) s.b = 3 try(function() s.a = 1 end) show(s.a) local a = ffi.new('const int[2]', 4, 5) show(a[1]) try(function() a[0] = 1 end)`,
  ],
  [
    'boxed numbers',
    `show(ffi.new('int64_t', 5) + 0, ffi.new('int', 5.9) + 0, ffi.new('uint8_t', 300) + 0, ffi.new('int8_t', 200) + 0, ffi.new('bool', 3) + 0, ffi.new('float', 2.75) + 0, ffi.new('double', 2.75) * 4, ffi.new('bool', true) + 0)`,
  ],
  // ---- conversions
  [
    'numbers become what C makes of them',
    `local s = ffi.new('struct { int8_t a; uint8_t b; int16_t c; uint16_t d; int32_t e; uint32_t f; float g; double h; bool i; }')
    for _, n in ipairs { 0, 1, -1, 1.9, -1.9, 127, 128, 255, 256, -129, 32768, 65535, 65536, 0.1 } do
      s.a, s.c, s.e, s.g, s.h, s.i = n, n, n, n, n, n
      s.b, s.d = n, n
      show(n, s.a, s.b, s.c, s.d, s.e, s.g, s.h, s.i)
    end
    s.f = 4294967295 show(('%.0f'):format(s.f)) s.f = 0.99 show(s.f)`,
  ],
  [
    'booleans are numbers and back',
    `local s = ffi.new('struct { int i; double d; bool b; uint8_t u; }', true, true, true, true) show(s.i, s.d, s.b, s.u) s.b = 0 show(s.b) s.b = 0.5 show(s.b) s.b = -0.0 show(s.b) s.b = 0/0 show(s.b) s.i = false show(s.i)`,
  ],
  [
    'what does not convert is named',
    `local s = ffi.new('struct { int i; double d; bool b; int *p; const char *t; char c[2]; struct { int x; } n; int64_t q; }')
    for _, k in ipairs { 'i', 'd', 'b', 'p', 't', 'c', 'n', 'q' } do
      for _, v in ipairs { 'text', {}, print, true, 1.5 } do
        if not (k == 'n' and type(v) == 'table') then try(function() s[k] = v end) end
      end
      try(function() s[k] = nil end)
      try(function() s[k] = ffi.new('struct { int z; }') end)
      try(function() s[k] = ffi.new('int *') end)
      try(function() s[k] = ffi.new('char *') end)
      try(function() s[k] = ffi.new('int[2]') end)
    end`,
  ],
  [
    'strings become pointers to constant bytes only',
    `ffi.cdef 'struct s { const char *a; const uint8_t *b; const void *c; const int8_t *d; const volatile char *e; };' local s = ffi.new 'struct s' local text = 'hello' for _, k in ipairs { 'a', 'b', 'c', 'd', 'e' } do s[k] = text show(k, ffi.string(ffi.cast('const char *', s[k]))) end
    for _, t in ipairs { 'char *', 'void *', 'const int *', 'const bool *', 'char **', 'const char **' } do try(function() local p = ffi.new(t, text) end) end`,
  ],
  [
    'pointers convert when their targets are compatible',
    `ffi.cdef 'struct s1 { int x; }; struct s2 { int x; }; enum e { A };'
    local types = { 'int *', 'const int *', 'unsigned *', 'char *', 'uint8_t *', 'bool *', 'void *', 'const void *', 'float *', 'long *', 'int **', 'const int **', 'void **', 'struct s1 *', 'struct s2 *', 'const struct s1 *', 'enum e *', 'int (*)[3]', 'int (*)(void)', 'void (*)(int)' }
    for _, to in ipairs(types) do
      local row = {}
      for _, from in ipairs(types) do row[#row + 1] = pcall(ffi.new, to, ffi.new(from)) and '1' or '0' end
      show(to, table.concat(row))
    end`,
  ],
  [
    'istype knows the same',
    `ffi.cdef 'struct s1 { int x; }; struct s2 { int x; }; enum e { A };'
    local types = { 'int', 'unsigned', 'const int', 'long', 'int64_t', 'long long', 'char', 'uint8_t', 'bool', 'int *', 'const int *', 'unsigned *', 'void *', 'char *', 'int **', 'struct s1', 'struct s2', 'struct s1 *', 'const struct s1 *', 'int[2]', 'int[3]', 'unsigned[2]', 'enum e', 'float', 'double', 'int (*)(void)', 'void (*)(void)', 'complex' }
    for _, to in ipairs(types) do
      local row = {}
      for _, from in ipairs(types) do row[#row + 1] = ffi.istype(to, ffi.new(from)) and '1' or '0' end
      show(to, table.concat(row))
    end
    show(ffi.istype('int', 5), ffi.istype('int', nil), ffi.istype('int', 'x'), ffi.istype('struct s1', ffi.new('struct s1[2]')[0])) try(ffi.istype, 'int') try(ffi.istype, 5, 5) try(ffi.istype)`,
  ],
  [
    'casts to numbers',
    `show(ffi.cast('int8_t', 200) + 0, ffi.cast('uint8_t', -1) + 0, ffi.cast('int', 3.99) + 0, ffi.cast('int64_t', -5), ffi.cast('bool', 2) + 0, ffi.cast('double', 2) * 1, ffi.cast('uint64_t', ffi.cast('int64_t', -1)), ffi.cast('int', ffi.cast('int64_t', 0x12345678)) + 0)`,
  ],
  [
    'casts refuse what is no scalar',
    `ffi.cdef 'struct s { int x; };' try(ffi.cast, 'struct s', 1) try(ffi.cast, 'int[2]', 1) try(ffi.cast, 'void', 1) try(ffi.cast, 'complex', 1) try(ffi.cast, 'int', {}) try(ffi.cast, 'int', nil) try(ffi.cast, 'int *', {}) try(ffi.cast, 'int *', true) try(ffi.cast, 'int *', ffi.new('double', 5)) try(ffi.cast, 'double', ffi.new 'int *') try(ffi.cast, 'bool', ffi.new 'int *') try(ffi.cast, 'int', ffi.new 'struct s') try(ffi.cast, 'float', 'x')`,
  ],
  [
    'casts between pointers, arrays, integers',
    `ffi.cdef 'struct s { int x, y; };' local s = ffi.new('struct s', 1, 2) local p = ffi.cast('int *', s) show(p[0], p[1]) local n = ffi.cast('uintptr_t', p) show(ffi.cast('struct s *', n).y, ffi.cast('int *', n + 4)[0]) local a = ffi.new('uint8_t[4]', 1, 2, 3, 4) show(ffi.cast('uint32_t *', a)[0], ffi.cast('uint16_t *', a)[1]) show(ffi.cast('intptr_t', a) == ffi.cast('intptr_t', ffi.cast('void *', a)))`,
  ],
  [
    'a cast to the very type answers the same object',
    `local p = ffi.new 'int *' show(rawequal(ffi.cast('int *', p), p), rawequal(ffi.cast('const int *', p), p)) local n = ffi.new('int64_t', 3) show(rawequal(ffi.cast('int64_t', n), n), rawequal(ffi.cast('uint64_t', n), n))`,
  ],
  [
    'null and numbers as addresses',
    `show(ffi.cast('void *', 0), ffi.cast('char *', nil), ffi.new('int *', nil)) show((tostring(ffi.cast('int *', 4096)):gsub('.*: ', ''))) show((tostring(ffi.cast('int *', ffi.cast('int64_t', 255))):gsub('.*: ', '')))`,
  ],
  // ---- indexing
  [
    'fields and elements',
    `ffi.cdef 'struct s { int a; double b; struct { short c; } d; int e[2]; struct s *next; };' local s = ffi.new 'struct s' s.a = 1 s.b = 2.5 s.d.c = 3 s.e[1] = 4 s.next = s show(s.a, s.b, s.d.c, s.e[0], s.e[1], s.next.next.a) s.next.a = 9 show(s.a) local p = ffi.cast('struct s *', s) p.e[0] = 8 show(s.e[0], p[0].a, p.next.e[0])`,
  ],
  [
    'keys that do not fit are named',
    `ffi.cdef 'struct s { int a; };'
    local s = ffi.new 'struct s' local p = ffi.cast('struct s *', s) local a = ffi.new 'int[3]' local i = ffi.new 'int' local q = ffi.new 'int64_t' local pp = ffi.new('struct s *[1]', p)
    for _, o in ipairs { s, p, a, i, q, pp, ffi.typeof 'struct s', ffi.new 'complex', ffi.new('struct s[2]'), ffi.new('int *', a), ffi.new 'struct { int arr[2]; }'.arr } do
      for _, k in ipairs { 'x', true, {}, ffi.new('double', 1), print } do try(function() return o[k] end) try(function() o[k] = 1 end) end
      try(function() return o[nil] end)
    end
    try(function() return i[0] end) try(function() return q[0] end) try(function() return s[0] end) try(function() return s[0.5] end)`,
  ],
  [
    'integers of C and enums index too',
    `ffi.cdef 'enum e { A, B, C };' local a = ffi.new('int[3]', 10, 20, 30) show(a[ffi.new('int64_t', 1)], a[ffi.new('uint8_t', 2)], a[ffi.new('enum e', 'B')], a[1.7], a[ffi.new('uint64_t', 2)])`,
  ],
  [
    'elements of unknown size',
    `ffi.cdef 'struct inc;' for _, t in ipairs { 'void *', 'struct inc *', 'int (*)(void)' } do local p = ffi.new(t) try(function() return p[0] end) try(function() p[0] = 1 end) end`,
  ],
  [
    'const locations',
    `ffi.cdef 'struct in1 { int d; int arr[2]; }; struct s { int a; const int b; struct in1 inner; static const int K = 4; }; struct t { int x; };'
    local s = ffi.new 'struct s' local cp = ffi.cast('const struct t *', ffi.new 'struct t') local ci = ffi.cast('const int *', ffi.new 'int[1]') local cs = ffi.new('const struct t', 5) local ac = ffi.new('struct s[1]')
    try(function() s.b = 1 end) try(function() s.K = 1 end) try(function() cp.x = 1 end) try(function() ci[0] = 1 end) try(function() cs.x = 2 end) try(function() cp.nope = 2 end) try(function() cp[0] = { 1 } end)
    try(function() ac[0] = s end) try(function() ac[0] = {} end) show(s.K, cs.x) try(function() ffi.new('complex', 1, 2).re = 3 end) try(function() ffi.new('complex', 1, 2)[0] = 3 end) try(function() ffi.typeof 'struct s'.K = 1 end)`,
  ],
  [
    'struct assignment copies',
    `ffi.cdef 'struct in1 { int x, y; }; struct s { struct in1 a, b; int c[2]; };' local s = ffi.new('struct s', { 1, 2 }, { 3, 4 }, { 5, 6 }) s.a = s.b show(s.a.x, s.a.y) s.a.x = 9 show(s.b.x) s.b = { 7 } show(s.b.x, s.b.y) s.c = { 8 } show(s.c[0], s.c[1]) local t = ffi.new 'struct s' t.c = s.c show(t.c[1]) local a = ffi.new 'struct s[2]' a[1] = s show(a[1].a.x) a[0] = { { 1, 1 } } show(a[0].a.y, a[0].c[0]) ffi.cast('struct s *', a)[1] = a[0] show(a[1].a.x)`,
  ],
  [
    'struct constants through values, pointers, ctypes',
    `ffi.cdef 'struct s { int x; static const int K = 7, L = -1; };' local s = ffi.new 'struct s' show(s.K, s.L, ffi.cast('struct s *', s).K, ffi.typeof 'struct s'.K, ffi.typeof 'struct s *'.L) try(function() return ffi.typeof 'struct s'.x end) try(function() return ffi.typeof 'int'.x end) try(function() return C.K end)`,
  ],
  [
    'complex parts',
    `local c = ffi.new('complex', 1.5, 2.5) show(c.re, c.im, c[0], c[1], c[2], c[3]) try(function() return c.xx end) local a = ffi.new('complex[2]') a[1] = c show(a[1].im) a[0] = 3 show(a[0].re, a[0].im) a[0] = { 4, 5 } show(a[0].im)`,
  ],
  [
    'references alias memory',
    `ffi.cdef 'struct in1 { int x; }; struct s { struct in1 n; int a[2]; };' local s = ffi.new 'struct s' local n, a = s.n, s.a n.x = 1 a[1] = 2 show(s.n.x, s.a[1]) s.n = { 5 } s.a = { 6, 7 } show(n.x, a[0], a[1]) local m = ffi.new('int[2][2]') local row = m[1] row[0] = 3 show(m[1][0])`,
  ],
  [
    'reference members',
    `local i = ffi.new('int[1]', 5) local r = ffi.cast('int &', i) show(r + 0) try(function() return r[0] end)  local rs = ffi.cast('struct { int x; } &', ffi.new('int[1]', 3)) show(rs.x) rs.x = 4 show(rs.x)`,
  ],
  // ---- pointers
  [
    'pointer arithmetic',
    `local a = ffi.new('int[5]', { 1, 2, 3, 4, 5 }) local p = a + 1 show(p, p[0], (p + 2)[0], (2 + p)[0], (p - 1)[0], p - a, a - p, (p + 1.9)[0], (p + ffi.new('int64_t', 2))[0]) local q = ffi.cast('const int *', a) show(q + 1, (q + 1) - a) local s = ffi.new('struct { int x, y; }[3]') show((s + 2) - s, s + 1)`,
  ],
  [
    'pointer arithmetic that has no meaning',
    `ffi.cdef 'struct inc;' local p = ffi.new 'int *' local v = ffi.new 'void *' local c = ffi.new 'char *' local i = ffi.new 'struct inc *' try(function() return v + 1 end) try(function() return i + 1 end) try(function() return p - c end) try(function() return p + p end) try(function() return p * 2 end) try(function() return 1 - p end) try(function() return p - v end) try(function() return -p end) try(function() return p + {} end) try(function() return p + 'x' end) try(function() return p + nil end) try(function() return p - true end) try(function() return ffi.new 'struct { int x; }' + 1 end) try(function() return p % 2 end) try(function() return p ^ 2 end)`,
  ],
  [
    'pointer comparison',
    `local a = ffi.new 'int[4]' local p, q = a + 1, a + 2 show(p == q, p ~= q, p < q, p <= q, p > q, p >= p, p == a + 1, a < p, ffi.cast('const int *', p) < q, ffi.cast('void *', p) == p, ffi.cast('char *', p) == p) try(function() return p < ffi.cast('char *', q) end) try(function() return p < ffi.cast('void *', q) end) try(function() return p < 5 end) try(function() return p < nil end) try(function() return p < {} end) try(function() return 'x' < p end) show(ffi.cast('unsigned *', p) < q)`,
  ],
  [
    'null pointers',
    `local n = ffi.new 'int *' show(n, n == ffi.new 'void *', n == ffi.cast('char *', 0), n < ffi.cast('int *', 1), not n) show(n + 1 == ffi.cast('int *', 4))`,
  ],
  [
    'pointers stored in memory come back',
    `ffi.cdef 'struct node { int v; struct node *next; const char *name; void *any; };' local a, b = ffi.new('struct node', 1), ffi.new('struct node', 2) a.next, b.next = b, a local text = 'hi' a.name = text a.any = b show(a.next.v, a.next.next.v, ffi.string(a.name), ffi.cast('struct node *', a.any).v, a.next == ffi.cast('struct node *', b), b.name, b.any) a.next = nil show(a.next)`,
  ],
  [
    'arrays of pointers',
    `local x, y = ffi.new('int[1]', 5), ffi.new('int[1]', 6) local ps = ffi.new('int *[2]', x, y) show(ps[0][0], ps[1][0]) ps[0] = y show(ps[0][0], ps[0] == ps[1]) local pp = ffi.cast('int **', ps) show(pp[1][0]) pp[1][0] = 8 show(y[0])`,
  ],
  [
    'function pointers',
    `ffi.cdef 'typedef int (*fn)(int); struct s { fn f; };' local s = ffi.new 'struct s' show(s.f, ffi.new 'fn', ffi.cast('fn', 4096)) show(s.f == ffi.new 'fn') try(function() s.f = 5 end) try(function() s.f = 'x' end)`,
  ],
  // ---- 64 bits
  [
    '64-bit arithmetic wraps',
    `local i = function(n) return ffi.new('int64_t', n) end local max = ffi.cast('int64_t', ffi.new('uint64_t', 2 ^ 63) - 1) show(max, max + 1, -max - 1, max * 2, i(7) / 2, i(-7) / 2, i(7) % 3, i(-7) % 3, i(7) % -3, i(2) ^ 10, i(3) ^ 0, i(-2) ^ 3, -i(5), i(0) - 1, ffi.new('uint64_t', 0) - 1)`,
  ],
  [
    'unsigned wins',
    `local u = function(n) return ffi.new('uint64_t', n) end local i = ffi.new('int64_t', -1) show(u(1) + i, i + u(1), u(5) - 6, u(5) / i, i < u(1), u(1) < i, u(7) % 4, -u(1), u(3) * 1.9, 2.9 + u(1), u(2) ^ 63, u(2) ^ 64)`,
  ],
  [
    'division by zero and the smallest integer',
    `local i = function(n) return ffi.new('int64_t', n) end show(i(1) / 0, i(1) % 0, i(-1) / 0, ffi.new('uint64_t', 1) / 0) local min = ffi.cast('int64_t', 2 ^ 63) show(min, min / -1, min % -1, -min)`,
  ],
  [
    'powers of 64-bit integers',
    `local i = function(n) return ffi.new('int64_t', n) end show(i(0) ^ -1, i(1) ^ -5, i(-1) ^ -5, i(-1) ^ -4, i(3) ^ -1, i(3) ^ 40, i(3) ^ 41, i(7) ^ 1, i(0) ^ 0, ffi.new('uint64_t', 3) ^ 41)`,
  ],
  [
    'boxed numbers of all types are integers in arithmetic',
    `show(ffi.new('double', 1.5) * 2, ffi.new('int', 3) / 2, ffi.new('uint8_t', 200) + 100, ffi.new('bool', true) + 1, ffi.new('float', 2.5) - 1) ffi.cdef 'enum e { A = 5 };' show(ffi.new('enum e', 'A') + 1, ffi.new('uint32_t', 4294967295) + 1)`,
  ],
  [
    'comparisons of 64-bit integers',
    `local i, u = ffi.new('int64_t', -1), ffi.new('uint64_t', 1) show(i == ffi.new('int64_t', -1), i < u, i < 0, i <= -1, 0 > i, u == ffi.new('int', 1), ffi.new('int64_t', 1) == ffi.new('double', 1.5), u >= 1, u > 1.5) try(function() return i < 'x' end) try(function() return i < {} end) try(function() return i < nil end) try(function() return i < true end) try(function() return i < ffi.new 'int *' end)`,
  ],
  [
    'arithmetic with what is no number',
    `local i = ffi.new('int64_t', 1) for _, v in ipairs { 'x', {}, true, print, ffi.new 'struct { int x; }', ffi.new 'complex', ffi.new 'int *', ffi.new 'void *' } do try(function() return i * v end) try(function() return v * i end) end try(function() return i .. 'x' end) try(function() return 'x' .. i end) try(function() return #i end) try(function() return i() end) try(function() return i.x end)`,
  ],
  [
    '64-bit fields',
    `local s = ffi.new 'struct { int64_t a; uint64_t b; }' s.a = -5 s.b = s.a show(s.a, s.b) s.a = 1.5 show(s.a) s.a = ffi.new('uint64_t', 0) - 1 show(s.a) s.a = ffi.new('int', 7) show(s.a) s.a = true show(s.a) s.b = 2 ^ 53 show(s.b + 1)`,
  ],
  [
    '64 bits beyond doubles',
    `local i = ffi.new('int64_t', 2 ^ 53) show(i + 1, (i + 1) * 3, (i + 1) - i, (i + 1) / 7, (i + 3) % 10) local u = ffi.new('uint64_t', 2 ^ 63) show(u, u + 1, u * 2, u / 3, u - 1)`,
  ],
  [
    'string.format prints 64 bits',
    `local i, u = ffi.new('int64_t', -5), ffi.new('uint64_t', 0) - 1 show(('%d|%5d|%-5d|%05d'):format(i, i, i, i), ('%x %X %o'):format(u, u, u), ('%d'):format(ffi.new('int64_t', 2 ^ 62)), ('%u'):format(u), ('%i'):format(i), ('%x'):format(i), ('%s'):format(i), ('%+d % d'):format(-i, -i), ('%#x %#X %#o'):format(u, u, u), ('%.3d|%8.3d'):format(i, i), ('%20d|%-20d|'):format(u, i))`,
  ],
  [
    'ctype objects in comparison',
    `show(ffi.typeof 'int' == ffi.typeof 'int32_t', ffi.typeof 'int' == ffi.typeof 'unsigned', ffi.typeof 'int *' == ffi.typeof 'int *', ffi.typeof 'int[3]' == ffi.typeof 'int[3]', ffi.typeof 'const int' == ffi.typeof 'int', ffi.typeof(ffi.new 'int[2]') == ffi.typeof 'int[2]', ffi.typeof 'long' == ffi.typeof 'int64_t')`,
  ],
  // ---- enums
  [
    'enums take names, numbers and show as numbers',
    `ffi.cdef 'enum e { A, B = 7, C2, D = -2 };' local e = ffi.new('enum e', 'B') show(e, ffi.new('enum e', 3), e + 1, ffi.new('enum e', 'D'), C.A, C.C2, C.D) local s = ffi.new('struct { enum e x; int y; }') s.x = 'C2' show(s.x) s.x = 99 show(s.x) s.y = e show(s.y) try(function() s.x = 'NOPE' end) try(function() s.x = {} end) try(ffi.new, 'enum e', 'NOPE') try(ffi.new, 'enum e', nil) show(ffi.new('struct { enum e x; }', { 'B' }).x, ffi.new('enum e[2]', 'B', 'A')[0])`,
  ],
  [
    'enums in comparison and arithmetic',
    `ffi.cdef 'enum e { A, B = 7 }; enum f { X = 7 };' local e = ffi.new('enum e', 'B') show(e == ffi.new('enum f', 'X'), e < 8, e + 'A', e - e, e > ffi.new('enum e', 'A'), e < 'B', e <= 'B') try(function() return e + 'NOPE' end) try(function() return e < 'NOPE' end) try(function() return e + {} end)`,
  ],
  [
    'unsigned enums',
    `ffi.cdef 'enum u { BIG = 0xffffffff, SMALL = 1 };' show(('%.0f'):format(C.BIG), ffi.new('enum u', 'BIG'), ffi.new('enum u', 'BIG') + 1, ffi.sizeof 'enum u')`,
  ],
  // ---- functions of ffi
  [
    'ffi.string',
    `local a = ffi.new('char[8]', 'ab\\0cd') show(#ffi.string(a), ffi.string(a), #ffi.string(a, 5), ffi.string(a + 1), ffi.string('lua'), ffi.string('lua', 2), #ffi.string(a, 0), ffi.string(ffi.cast('void *', a)), ffi.string(ffi.new('uint8_t[3]', 'xy')), #ffi.string(ffi.new('struct { int x; }'), 4), ffi.string(a, nil))`,
  ],
  [
    'ffi.string complains',
    `try(ffi.string) try(ffi.string, ffi.new 'char[2]', {}) try(ffi.string, 5) try(ffi.string, {}) try(ffi.string, true) try(ffi.string, ffi.new 'int[2]') try(ffi.string, ffi.new 'int *') try(ffi.string, ffi.new 'char[2]', {}) try(ffi.string, ffi.new 'char[2]', 'x') try(ffi.string, ffi.new 'struct { int x; }') try(ffi.string, ffi.new 'int64_t') try(ffi.string, ffi.new 'bool[2]')`,
  ],
  [
    'ffi.copy',
    `local a, b = ffi.new('char[8]'), ffi.new('char[8]', 'source') ffi.copy(a, b, 4) show(ffi.string(a)) ffi.copy(a, 'text') show(ffi.string(a), a[4]) ffi.copy(a + 1, 'xy', 2) show(ffi.string(a)) show(select('#', ffi.copy(a, b, 0))) ffi.copy(a, a + 1, 3) show(ffi.string(a)) local s = ffi.new('struct { int x, y; }', 1, 2) local t = ffi.new('int[2]') ffi.copy(t, s, 8) show(t[0], t[1])`,
  ],
  [
    'ffi.copy complains',
    `local a = ffi.new 'char[8]' try(ffi.copy) try(ffi.copy, a) try(ffi.copy, a, a) try(ffi.copy, a, a, {}) try(ffi.copy, 'x', a, 1) try(ffi.copy, a, 5, 1) try(ffi.copy, ffi.cast('const char *', a), a, 1) try(ffi.copy, a, {}, 1) try(ffi.copy, 5, a, 1) try(ffi.copy, a, a, 'x')`,
  ],
  [
    'ffi.fill',
    `local a = ffi.new('uint8_t[4]') ffi.fill(a, 4, 255) show(a[0], a[3]) ffi.fill(a, 2) show(a[0], a[1], a[2]) ffi.fill(a, 1, 0x141) show(a[0]) ffi.fill(a, 0, 1) show(a[0], select('#', ffi.fill(a, 0))) ffi.fill(a, 4, -1) show(a[2]) ffi.fill(a, ffi.new('int64_t', 2), ffi.new('int', 7)) show(a[1]) ffi.fill(a, 1, true) show(a[0])`,
  ],
  [
    'ffi.fill complains',
    `local a = ffi.new 'char[8]' try(ffi.fill) try(ffi.fill, a) try(ffi.fill, a, {}) try(ffi.fill, a, 1, 'x') try(ffi.fill, 'x', 1) try(ffi.fill, ffi.cast('const char *', a), 1) try(ffi.fill, 5, 1) try(ffi.fill, a, 'x')`,
  ],
  [
    'ffi.typeof',
    `local ct = ffi.typeof 'int' show(ct, ffi.typeof(ct), ffi.typeof(ffi.new 'int *'), ct(5) + 0, ffi.typeof 'int[2]'(1, 2)[1], ffi.typeof 'struct { int x; }'(5).x) try(ffi.typeof) try(ffi.typeof, 5) try(ffi.typeof, nil) try(ffi.typeof, {}) show(ffi.typeof(ffi.new('struct { int a[2]; }').a))`,
  ],
  [
    'ffi.abi, ffi.os, ffi.arch',
    `show(ffi.os, ffi.arch) for _, p in ipairs { '64bit', '32bit', 'le', 'be', 'fpu', 'softfp', 'hardfp', 'eabi', 'win', 'x', '', 'LE' } do show(p, ffi.abi(p)) end try(ffi.abi) try(ffi.abi, {})`,
  ],
  [
    'ffi.cdef complains',
    `try(ffi.cdef) try(ffi.cdef, {}) try(ffi.cdef, nil) show(pcall(ffi.cdef, '')) show(pcall(ffi.cdef, ';;')) show((pcall(ffi.cdef, 'int x y')))`,
  ],
  [
    'the same declarations twice',
    `ffi.cdef 'typedef int t; int f(int); struct s;' ffi.cdef 'typedef int t; int f(int); struct s; struct s { int x; };' show(ffi.sizeof 'struct s', (pcall(ffi.cdef, 'struct s { int x; };')), (pcall(ffi.cdef, 'enum { A = 1 }; enum { A = 1 };')))`,
  ],
  [
    'undeclared names',
    `try(function() return C.nothing end) try(function() C.nothing = 1 end) try(function() return C[1] end) try(function() return C[nil] end) ffi.cdef 'typedef int t; struct s { int x; }; enum { K = 4 };' try(function() return C.t end) try(function() return C.s end) show(C.K) try(function() C.K = 5 end) show((pcall(ffi.typeof, 'struct nope')), (pcall(ffi.typeof, 'nope')))`,
  ],
  // ---- metatypes
  [
    'metatype __index as table and function',
    `ffi.cdef 'struct p { int x, y; };' local P = ffi.metatype('struct p', { __index = { sum = function(s) return s.x + s.y end, K = 5 } }) local p = P(1, 2) show(P, p:sum(), p.K, ffi.cast('struct p *', p):sum(), P.K, ffi.new('struct p[2]', { { 3, 4 } })[0]:sum(), ffi.new('struct { struct p q; }', { { 5, 6 } }).q:sum()) try(function() return p.nope end) try(function() return P.nope end) try(function() p.nope = 1 end)
    ffi.cdef 'struct q { int x; };' local Q = ffi.metatype('struct q', { __index = function(s, k) return k end }) show(Q().anything, Q(4).x, Q()[5], Q()[true], Q.static) show(ffi.metatype('struct { int z; }', { __index = function() end })().nope)`,
  ],
  [
    'metatype __newindex',
    `local log = {} local T = ffi.metatype('struct { int x; }', { __newindex = function(s, k, v) log[#log + 1] = tostring(k) .. '=' .. tostring(v) end }) local t = T() t.x = 5 t.foo = 'a' t[1] = true show(t.x, table.concat(log, ',')) local store = {} ffi.cdef 'struct u { int x; };' local U = ffi.metatype('struct u', { __newindex = store }) local u = U() u.bar = 3 show(store.bar) ffi.cast('struct u *', u).baz = 4 show(store.baz)`,
  ],
  [
    'metatype __new, __call, __len, __tostring',
    `ffi.cdef 'struct t { int x; };' local T T = ffi.metatype('struct t', { __new = function(ct, a, b) return ffi.new(ct, a + (b or 0)) end, __call = function(s, ...) return s.x, select('#', ...) end, __len = function(s) return s.x end, __tostring = function(s) return 'T' .. s.x end }) local t = T(3, 4) show(t.x, t(1, 2, 3), #t, tostring(t), ffi.new(T, 9).x, tostring(ffi.cast('struct t *', t)), #ffi.cast('struct t *', t)) show(t())`,
  ],
  [
    'metatype arithmetic and concatenation',
    `local log = function(name) return function(a, b) return name .. ':' .. (type(a) == 'number' and a or type(a) == 'string' and a or 'c') .. ',' .. (type(b) == 'number' and b or type(b) == 'string' and b or 'c') end end local T = ffi.metatype('struct { int x; }', { __add = log 'add', __sub = log 'sub', __mul = log 'mul', __div = log 'div', __mod = log 'mod', __pow = log 'pow', __unm = log 'unm', __concat = log 'concat' }) local t = T() show(t + 1, 1 + t, t - t, t * 2, 2 / t, t % 3, t ^ 2, -t, t .. 'x', 'x' .. t, t .. 5)`,
  ],
  [
    'metatype comparison',
    `local T = ffi.metatype('struct { int x; }', { __eq = function(a, b) return a.x == b.x end, __lt = function(a, b) return a.x < b.x end, __le = function(a, b) return a.x <= b.x end }) show(T(1) == T(1), T(1) == T(2), T(1) ~= T(1), T(1) < T(2), T(2) < T(1), T(1) <= T(1), T(2) > T(1), T(1) >= T(2)) local U = ffi.typeof 'struct { int x; }' local u = U(1) show(u == u, U(1) == U(1)) try(function() return U(1) < U(2) end) try(function() return U(1) < 5 end) local V = ffi.metatype('struct { int x; }', { __lt = function(a, b) return 'truthy' end }) show(V() < V(), V() < 5, 5 < V())`,
  ],
  [
    'metatype __pairs and __ipairs',
    `local T = ffi.metatype('struct { int n; }', { __pairs = function(s) return function(st, i) if i < s.n then return i + 1, i * i end end, s, 0 end }) local out = {} for k, v in pairs(T(3)) do out[#out + 1] = k .. '=' .. v end show(table.concat(out, ' '))`,
  ],
  [
    'metatypes reach through one pointer',
    `ffi.cdef 'struct p { int x; };' local P = ffi.metatype('struct p', { __index = { y = 5 }, __len = function() return 7 end, __tostring = function() return 'P' end, __call = function() return 8, nil, 9 end }) local p = P(1) local one = ffi.cast('struct p *', p) local many = ffi.new('struct p *[1]', one) local two = ffi.cast('struct p **', many) show(one.y, #one, one, one()) show(many[0].y, two[0].y, #two[0], two[0]) try(function() return two.y end) try(function() return #two end) try(function() return two() end) show(two, many) try(function() return many.y end) try(function() return #ffi.new 'struct p[2]' end)`,
  ],
  [
    'a type has one metatype',
    `ffi.cdef 'struct p { int x; };' ffi.metatype('struct p', {}) try(ffi.metatype, 'struct p', {}) try(ffi.metatype, 'int', {}) try(ffi.metatype, 'struct p *', {}) try(ffi.metatype, 'int[2]', {}) try(ffi.metatype, 'struct { int x; }') try(ffi.metatype, 'struct { int x; }', 5) try(ffi.metatype) try(ffi.metatype, 5, {})`,
  ],
  [
    'metamethods that are missing',
    `local t = ffi.new 'struct { int x; }' try(function() return #t end) try(function() return t .. 'x' end) try(function() return t() end) try(function() return t + t end) try(function() return -t end) try(function() return t < t end) try(function() return 1 + t end) try(function() return t .. t end) try(function() for k in pairs(t) do end end) try(function() return ffi.new 'int'() end) try(function() return #ffi.new('int[3]') end)`,
  ],
  [
    'metatype errors carry through',
    `local T = ffi.metatype('struct { int x; }', { __index = function(s, k) error('no ' .. k, 0) end, __add = function() error({}) end }) try(function() return T().foo end) show(type(select(2, pcall(function() return T() + 1 end))))`,
  ],
  ['getmetatable is protected', `show(getmetatable(ffi.new 'int'), getmetatable(ffi.typeof 'int'))`],
  [
    'metatypes of complex numbers',
    `local C2 = ffi.metatype('complex', { __add = function(a, b) return ffi.new('complex', a.re + b.re, a.im + b.im) end, __index = { conj = function(c) return ffi.new('complex', c.re, -c.im) end } }) local a = C2(1, 2) show(a + a, a:conj(), a.re)`,
  ],
  // ---- calls
  [
    'C functions convert their arguments',
    `ffi.cdef 'int abs(int); long labs(long); double fabs(double); size_t strlen(const char *); int toupper(int); int strcmp(const char *, const char *); void *memset(void *, int, size_t);' show(C.abs(-5), C.labs(-5), C.fabs(-1.5), C.strlen 'hello', C.abs(true), C.abs(-3.7), C.abs(ffi.new('int64_t', -9)), C.toupper(97)) local b = ffi.new('char[4]') show(C.memset(b, 65, 3), ffi.string(b), C.strlen(b), C.strlen(b + 1))`,
  ],
  [
    'calls complain',
    `ffi.cdef 'int abs(int); size_t strlen(const char *); void *memset(void *, int, size_t); double fabs(double);' local abs, strlen, memset, fabs = C.abs, C.strlen, C.memset, C.fabs
    try(function() return abs() end) try(function() return abs(1, 2) end) try(function() local x = abs('x') return x end) try(function() local x = abs({}) return x end) try(function() local x = abs(nil) return x end) try(function() local x = C.strlen(5) return x end) try(function() local x = C.strlen(ffi.new 'int[2]') return x end) try(function() local x = C.memset('abc', 1, 1) return x end) try(function() local x = C.memset(nil, {}, 0) return x end) try(function() local x = C.fabs('1') return x end) try(function() local x = C.abs(ffi.new 'struct { int x; }') return x end)`,
  ],
  [
    'functions are cdata',
    `ffi.cdef 'int abs(int); double fabs(double);' show(C.abs, ffi.typeof(C.abs), C.abs == C.abs, C.abs == C.fabs, rawequal(C.abs, C.abs)) try(function() C.abs = 1 end) try(function() return C.abs.x end) try(function() return C.abs[0] end) try(function() return C.abs + 1 end) show(ffi.sizeof(C.abs)) local f = ffi.cast('int (*)(int)', C.abs) show(f, f(-4))`,
  ],
  // ---- further corners
  ['flexible array members', `local s = ffi.new('struct { int n; int d[]; }') show(ffi.sizeof(s), s.n, s.d)`],
  [
    'odd names are ordinary fields',
    `ffi.cdef 'struct s { int __proto__, constructor, toString, hasOwnProperty, valueOf, __index, length, prototype; };' local s = ffi.new('struct s', 1, 2, 3, 4, 5, 6, 7, 8) show(s.__proto__, s.constructor, s.toString, s.hasOwnProperty, s.valueOf, s.__index, s.length, s.prototype) s.__proto__ = 11 s.constructor = 12 show(s.__proto__, s.constructor) s = ffi.new('struct s', { __proto__ = 3, toString = 4 }) show(s.__proto__, s.toString) try(function() return ffi.new('struct { int x; }').constructor end) try(function() return ffi.new('struct { int x; }').__proto__ end) try(function() return C.constructor end) try(function() return C.__proto__ end)`,
  ],
  [
    'packed and aligned structs',
    `ffi.cdef 'struct __attribute__((packed)) p { char a; int b; short c; }; struct a { char x; int y __attribute__((aligned(16))); };' show(ffi.sizeof 'struct p', ffi.offsetof('struct p', 'b'), ffi.sizeof 'struct a', ffi.offsetof('struct a', 'y'), ffi.alignof 'struct a') local p = ffi.new('struct p', 1, 0x01020304, 5) local b = ffi.cast('uint8_t *', p) show(b[0], b[1], b[4], b[5])`,
  ],
  [
    'unions pun',
    `local u = ffi.new('union { uint32_t i; float f; uint8_t b[4]; struct { uint16_t lo, hi; }; }') u.f = 1 show(u.i, u.b[3], u.hi) u.b[0] = 255 show(u.lo) u.i = 0x01020304 show(u.b[0], u.b[3], u.lo, u.hi)`,
  ],
  [
    'operands show what they refer to in errors',
    `ffi.cdef 'struct in1 { int x; }; enum e { A }; struct s { struct in1 n; struct in1 *p; int a[2]; const struct in1 c; };' local s = ffi.new 'struct s' for _, v in ipairs { s.n, s.p, s.a, s.c, ffi.cast('const struct in1 *', s.p), ffi.new 'int *[2]', ffi.new 'enum e', ffi.new 'complex' } do try(function() return v * {} end) try(function() return {} < v end) try(function() return #v end) try(function() return v .. 'x' end) try(function() return v() end) try(function() return v.nope end) try(function() return v + print end) end`,
  ],
  [
    'conversions show what they refer to in errors',
    `ffi.cdef 'struct in1 { int x; }; struct s { struct in1 n; struct in1 *p; int a[2]; const struct in1 c; int i; };' local s = ffi.new 'struct s' for _, v in ipairs { s.n, s.p, s.a, s.c, ffi.cast('const struct in1 *', s.p), ffi.new 'complex', ffi.typeof 'int *'(s.a) } do for _, k in ipairs { 'n', 'p', 'a', 'i' } do try(function() s[k] = v end) end end`,
  ],
  [
    'structs with const members at any depth are not assigned as a whole',
    `ffi.cdef 'struct in1 { const int x; }; struct s { struct in1 n; struct in1 a[2]; const int b[2]; int c; };' local s = ffi.new('struct s', { 1 }, { { 2 }, { 3 } }, { 4, 5 }, 6) show(s.n.x, s.a[1].x, s.b[1], s.c) try(function() s.n = { 2 } end) try(function() s.a = {} end) try(function() s.a[0] = { 1 } end) try(function() s.b = {} end) try(function() s.b[0] = 1 end) s.c = 7 local all = ffi.new 'struct s[2]' try(function() all[0] = s end)`,
  ],
  [
    'constness of what a pointer points to',
    `ffi.cdef 'struct in1 { int d; int arr[2]; }; struct s { int a; struct in1 inner; int arr[2]; };' local s = ffi.new 'struct s' local cp = ffi.cast('const struct s *', s) try(function() cp.a = 1 end) try(function() cp[0].a = 1 end) try(function() cp.arr = {} end) try(function() cp.inner = {} end) local cc = ffi.new('const char *', 'abc') try(function() cc[0] = 1 end) show(cc[1])`,
  ],
  [
    'nil and missing arguments differ',
    `try(ffi.sizeof, nil) try(ffi.new, nil) try(ffi.typeof, nil) try(ffi.istype, 'int', nil) try(ffi.cast, 'int', nil) try(ffi.cast, 'int *', nil) try(ffi.cast, 'int') try(ffi.cast) try(ffi.fill, nil, 0) try(ffi.copy, nil, nil, 0) try(ffi.offsetof, 'int', nil) try(ffi.offsetof, 'int') try(ffi.offsetof) try(ffi.alignof) try(ffi.metatype, 'int', nil) try(ffi.abi, nil) try(ffi.cdef, nil)`,
  ],
  [
    'lengths may be any number of C',
    `local a = ffi.new('char[8]', 'abcdefg') show(ffi.string(a, 2.9), ffi.string(a, ffi.new('uint8_t', 3)), ffi.string(a, ffi.new('int64_t', 4)), ffi.string(a, ffi.new('double', 1.5)), #ffi.string(a, true)) try(ffi.string, a, ffi.new 'int *') try(ffi.string, a, print)`,
  ],
  [
    'function pointers to C functions',
    `ffi.cdef 'int abs(int); typedef int (*fn)(int); struct s { fn f; };' local f = ffi.cast('int (*)(int)', C.abs) show(f, f(-4), f == C.abs, ffi.new('fn', C.abs)(-5)) local s = ffi.new('struct s', C.abs) show(s.f(-6), s.f == f) try(function() return ffi.new('void *', C.abs) == C.abs end) try(function() return s.f(1, 2) end) local p = ffi.new('fn[1]', f) show(p[0](-7)) try(function() return ffi.new('void (*)(int, int)', C.abs) end)`,
  ],
  [
    'a printed enum is its number',
    `ffi.cdef 'enum e { A = 3 };' local s = ffi.new('struct { enum e x; enum e y[2]; }') s.x = 'A' show(s.x, s.y[0], s.y) s.y[1] = s.x show(s.y[1], s.y[1] == s.x)`,
  ],
  [
    'bool arrays and members',
    `local b = ffi.new('bool[3]', true, false, 2) show(b[0], b[1], b[2], ffi.sizeof(b)) b[1] = 0.1 show(b[1]) local s = ffi.new('struct { bool a; bool b[2]; }', { true, { false, true } }) show(s.a, s.b[0], s.b[1])`,
  ],
  [
    'multi-dimensional arrays',
    `local m = ffi.new('int[2][3]', { { 1, 2, 3 }, { 4, 5, 6 } }) show(m[0][2], m[1][0], ffi.sizeof(m), ffi.sizeof(m[0]), m + 1, (m + 1)[0][1], m[1] - m[0]) m[0] = m[1] show(m[0][0], m[0][2]) m[1] = { 9 } show(m[1][0], m[1][2]) local p = ffi.cast('int (*)[3]', m) show(p[1][1], p + 1) try(function() m[0] = 5 end) try(function() m[0] = ffi.new 'int[2]' end)`,
  ],
  [
    'float and double fields',
    `local s = ffi.new('struct { float f; double d; }', 0.1, 0.1) show(s.f == s.d, s.d == 0.1) s.f = 1 / 3 show(('%.10f'):format(s.f)) s.f = 1e40 show(s.f == 1/0) s.d = 0/0 show(s.d ~= s.d) s.f = ffi.new('int64_t', 7) show(s.f) s.d = ffi.new('uint64_t', 2 ^ 63) show(s.d == 2 ^ 63)`,
  ],
  [
    'pointers into structs move by the size of their type',
    `ffi.cdef 'struct r { uint8_t k; uint32_t v; };' local a = ffi.new('struct r[4]') for i = 0, 3 do a[i].k, a[i].v = i, i * 100 end local p = ffi.cast('struct r *', a) local n = 0 while p < a + 4 do n = n + p.v p = p + 1 end show(n, p - a, (p - 1).k, ffi.cast('char *', p) - ffi.cast('char *', a))`,
  ],
  [
    'unnamed bit-fields and signs',
    `local s = ffi.new('struct { int a : 4; int : 0; signed char b : 2; uint8_t c : 8; unsigned d : 31; }') s.a = -8 s.b = 1 s.c = 255 s.d = 2147483647 show(s.a, s.b, s.c, s.d) s.a, s.b = 15, 3 show(s.a, s.b) local ct = ffi.typeof 'struct { int a : 3, b : 7; }' show(ffi.offsetof(ct, 'a')) show(ffi.offsetof(ct, 'b')) try(function() s.a = {} end) try(function() s.a = 'x' end)`,
  ],
  [
    'initialising from other cdata',
    `ffi.cdef 'struct s1 { int a, b; }; struct s2 { int a, b; };' local s = ffi.new('struct s1', 1, 2) try(ffi.new, 'struct s2', s) try(ffi.new, 'int[2]', s) local a = ffi.new('int[2]', 3, 4) show(ffi.new('int[2]', a)[1]) try(ffi.new, 'int[3]', a) show(ffi.new('struct s1[2]', s)[1].b, ffi.new('struct s1', ffi.cast('struct s1 &', s)).b) try(ffi.new, 'struct s1', ffi.cast('struct s1 *', s)) show(ffi.new('struct s1', ffi.new('int64_t', 5)).a)`,
  ],
  [
    'an array given to itself by parts',
    `local a = ffi.new('int[3]', 1, 2, 3) a[0], a[2] = a[2], a[0] show(a[0], a[1], a[2]) local s = ffi.new('struct { struct { int x; } a, b; }', { 1 }, { 2 }) s.a, s.b = s.b, s.a show(s.a.x, s.b.x)`,
  ],
  [
    'arrays of strings',
    `local names = { 'alpha', 'beta' } local a = ffi.new('const char *[3]', names) show(ffi.string(a[0]), ffi.string(a[1]), a[2]) a[2] = 'gamma' show(ffi.string(a[2])) local s = ffi.new('struct { const char *k; const char *v[2]; }', { 'key', { 'one', 'two' } }) show(ffi.string(s.k), ffi.string(s.v[1]))`,
  ],
  [
    'an index may be another cdata, or chain through tables',
    `local base = setmetatable({}, { __index = function(_, k) return 'base.' .. k end }) ffi.cdef 'struct a { int x; }; struct b { int y; };' ffi.metatype('struct a', { __index = base }) show(ffi.new('struct a').foo, ffi.new('struct a').x) local store = ffi.new('struct a', 7) ffi.metatype('struct b', { __index = store, __newindex = store }) local b = ffi.new 'struct b' show(b.x, b.y) b.x = 9 show(store.x)`,
  ],
  [
    'callable tables as metamethods',
    `local call = setmetatable({}, { __call = function(_, s, k) return k or 'none' end }) ffi.cdef 'struct a { int x; };' ffi.metatype('struct a', { __len = call, __tostring = function() return 'T' end, __concat = function(a, b) return tostring(a) .. tostring(b) end }) local a = ffi.new 'struct a' show(a .. 'x', 'x' .. a, a .. a, 1 .. a)`,
  ],
  [
    'ctypes made of cdata and ctypes',
    `local a = ffi.new('int[3]') show(ffi.typeof(a), ffi.new(ffi.typeof(a), 1, 2)[1], ffi.sizeof(ffi.typeof(a)), ffi.new(a, 5)[2], ffi.cast(ffi.typeof 'char *', a), ffi.istype(a, ffi.new 'int[3]')) show(ffi.typeof(ffi.typeof(a)) == ffi.typeof 'int[3]')`,
  ],
  [
    'struct members behind two levels',
    `ffi.cdef 'struct a { int x; }; struct b { struct a *p; struct a **q; struct a list[2]; };' local a = ffi.new('struct a[2]', { { 1 }, { 2 } }) local ps = ffi.new('struct a *[2]', a, a + 1) local b = ffi.new('struct b', a, ps) show(b.p.x, b.p[1].x, b.q[1].x, b.q[0][1].x) b.list = a show(b.list[1].x) b.q[1].x = 5 show(a[1].x) try(function() return b.q.x end) try(function() b.p = ps end)`,
  ],
  [
    'unions in tables take what is named first in the declaration',
    `ffi.cdef 'struct s { int k; union { struct { short a, b; }; int ab; }; };' local s = ffi.new('struct s', { k = 1, ab = 65537 }) show(s.a, s.b) s = ffi.new('struct s', { b = 3 }) show(s.a, s.b, s.ab) s = ffi.new('struct s', 1, 2, 3) show(s.k, s.a, s.b)`,
  ],
  [
    'assigning tables and strings to members',
    `local s = ffi.new('struct { int a[3]; char t[4]; struct { int x, y; } n; double d[2]; }') s.a = { 1, 2 } show(s.a[0], s.a[1], s.a[2]) s.a = { 7 } show(s.a[0], s.a[2]) s.a = {} show(s.a[0]) s.t = 'abcdef' show(ffi.string(s.t, 4)) s.n = { y = 2 } show(s.n.x, s.n.y) s.d = { 0.5, 1.5 } show(s.d[1]) try(function() s.a = { 1, 2, 3, 4 } end) try(function() s.n = { 'x' } end) try(function() s.a = 'x' end) show(s.a[2])`,
  ],
  [
    'numbers as strings are no numbers',
    `try(function() ffi.new('int', '5') end) try(function() return ffi.new('int[2]')['1'] end) try(function() return ffi.new('int64_t', 1) + '1' end) try(ffi.new, 'int[?]', '3')`,
  ],
  [
    'bool and enum pointers',
    `ffi.cdef 'enum e { A, B };' local b = ffi.new('bool[2]', true) local p = ffi.cast('bool *', b) p[1] = 0 show(p[0], p[1], p + 1, b[1]) local e = ffi.new('enum e[2]', 'B', 'B') local q = ffi.cast('enum e *', e) q[0] = 'A' show(q[0], q[1], ffi.cast('int *', q)[1])`,
  ],
  [
    'what is left of an expression in C',
    `show(ffi.sizeof 'int[2 * 3 + 1]', ffi.sizeof 'char[sizeof(int) * 2]', ffi.sizeof 'char[1 << 4]', ffi.sizeof 'char[7 / 2]', ffi.sizeof 'char[5 > 3 ? 2 : 9]') ffi.cdef 'enum { X1 = 3, Y1, Z1 = X1 * Y1 };' show(C.Z1, ffi.sizeof 'char[Z1]') ffi.cdef 'static const int N1 = 5; struct s1 { char c[N1]; };' show(C.N1, ffi.sizeof 'struct s1')`,
  ],
  [
    'volatile and const are told apart in print only',
    `show(ffi.typeof 'const volatile int', ffi.typeof 'volatile int *', ffi.typeof 'int *const', ffi.new 'const int' , ffi.new('volatile int[2]'), ffi.new('const int[2]')[0] + 0, ffi.istype('const int', ffi.new 'int')) local c = ffi.new('struct { const int a[2]; volatile short b; }', { 1, 2 }, 3) show(c.a, c.b, c.a[1])`,
  ],
  [
    'offsets inside unions and arrays of structs',
    `ffi.cdef 'union u { char a; struct { int b; short c[3]; }; double d; };' show(ffi.offsetof('union u', 'b'), ffi.offsetof('union u', 'c'), ffi.offsetof('union u', 'd'), ffi.sizeof 'union u', ffi.alignof 'union u') show(ffi.offsetof(ffi.new 'union u', 'c'), ffi.offsetof(ffi.typeof 'union u', 'a')) show(ffi.offsetof('union u *', 'a'))`,
  ],
  [
    'a for loop over memory',
    `local n = 10 local a = ffi.new('double[?]', n) for i = 0, n - 1 do a[i] = i * 0.5 end local sum = 0 for i = 0, n - 1 do sum = sum + a[i] end show(sum) local p, last = a + 0, a + n local product = 1 p = p + 1 while p < last do product = product * p[0] p = p + 1 end show(product)`,
  ],
  [
    'a linked list',
    `ffi.cdef 'struct node { struct node *next; int value; };' local all, head = {}, nil for i = 1, 5 do local node = ffi.new('struct node', head, i) all[i] = node head = ffi.cast('struct node *', node) end local out = {} local p = head while p ~= ffi.cast('struct node *', nil) do out[#out + 1] = ('%d'):format(p.value) p = p.next end show(table.concat(out, ' '))`,
  ],
  [
    'cdata as table keys are identities',
    `local a, b = ffi.new('int64_t', 1), ffi.new('int64_t', 1) local t = { [a] = 'a' } show(t[a], t[b], a == b, rawequal(a, b), rawequal(a, a))`,
  ],
  [
    'errors raised inside coroutines',
    `local co = coroutine.create(function() local s = ffi.new 'struct { int x; }' coroutine.yield(s.x) return s.nope end) show(coroutine.resume(co)) local ok, e = coroutine.resume(co) show(ok, (e:gsub('^[^:]*:%d+: ', '')), coroutine.status(co))`,
  ],
  [
    'error positions point at Lua code',
    `local ok, e = pcall(function() local s = ffi.new 'struct { int x; }'\n\nreturn s.nope end) show((e:match ':(%d+): ') ~= nil) local line = debug.getinfo(1, 'l').currentline show(tonumber(e:match ':(%d+): ') - line)`,
  ],
  [
    'type parameters: types, names and numbers',
    `local t = ffi.typeof('struct { int $; $ b[$]; }', 'foo', ffi.typeof 'short', 3)
    show(ffi.sizeof(t), ffi.offsetof(t, 'foo'), ffi.offsetof(t, 'b'), ffi.sizeof(ffi.typeof('$[2]', t)), ffi.typeof('$ *', ffi.typeof 'int'))
    ffi.cdef('struct $ { $ x; }; typedef $ $; enum { $ = $ };', 'tagged', ffi.typeof 'double', ffi.typeof 'char', 'mychar', 'MINUS', -5)
    show(ffi.sizeof 'struct tagged', ffi.sizeof 'mychar', C.MINUS, ffi.typeof('$ *', ffi.new 'int[3]'), ffi.sizeof(ffi.typeof('char[$]', 4.9)))`,
  ],
  [
    'type parameters: wrong ones',
    `local function first(...) local ok, message = pcall(...) show(ok, (tostring(message):gsub('^<%w+>:%d+:%d+: error: ', ''):gsub('^[^:]*:%d+: ', ''):gsub('\\n.*', ''))) end
    first(ffi.typeof, '$') first(ffi.typeof, 'int', 5) first(ffi.typeof, '$ $', ffi.typeof 'int') first(ffi.new, '$') first(ffi.sizeof, 'int[$]')
    first(ffi.typeof, '$', {}) first(ffi.cdef, 'int $;', nil)
    first(ffi.typeof, '$x', ffi.typeof 'int') first(ffi.typeof, '$$', ffi.typeof 'int', 5) first(ffi.typeof, '$1', ffi.typeof 'int')`,
  ],
  [
    'callbacks: Lua functions as function pointers',
    `local cb = ffi.cast('int (*)(int, int)', function(a, b) return a + b end) show(cb(1, 2), cb(1.9, true))
    cb:set(function(a, b) return a * b end) show(cb(6, 7))
    local s = ffi.new 'struct { double (*f)(double); int n; }' s.f = function(x) return x / 2 end show(s.f(3))
    local q = ffi.cast('const char *(*)(const char *)', function(p) return p + 1 end) show(ffi.string(q 'hello'))
    local b = ffi.cast('bool (*)(bool)', function(x) show(type(x), x) return not x end) show(b(true))
    local l = ffi.cast('int64_t (*)(int64_t)', function(x) return x + 1 end) show(l(41)) local t = {}
    for i = 1, 5 do t[i] = ffi.cast('void (*)(void)', function() end) end show(t[1] == t[2], t[1] == ffi.cast('void (*)(void)', t[1]), #t)`,
  ],
  [
    'callbacks: what goes wrong',
    `local cb = ffi.cast('int (*)(int, int)', function(a, b) return a + b end)
    try(function() local r = cb(1) return r end)
    local none = ffi.cast('int (*)(void)', function() end) try(function() local r = none() return r end)
    local text = ffi.cast('int (*)(void)', function() return 'x' end) try(function() local r = text() return r end)
    local boom = ffi.cast('void (*)(void)', function() error('boom', 0) end) try(function() boom() end)
    try(ffi.cast, 'void (*)(int, ...)', print) try(ffi.cast, 'struct { int x; } (*)(void)', print) try(ffi.cast, 'int *', print)
    try(function() return ffi.new('int (*)(int)').nope end) try(function() ffi.new('int (*)(int)'):free() end)
    cb:free() try(function() local r = cb(1, 2) return r end) try(function() cb:free() end) try(function() cb:set(print) end)`,
  ],
  [
    'callbacks: there are 896 at most, and freed ones make room',
    `local all, ok, message = {}, true, nil
    while ok and #all < 2000 do ok, message = pcall(ffi.cast, 'void (*)(void)', function() end) all[#all + 1] = ok and message or nil end
    show(ok, message, #all > 100) for i = 1, 10 do all[i]:free() end for i = 1, 10 do all[i] = ffi.cast('void (*)(void)', function() end) end show(#all > 100)`,
  ],
  [
    'ffi.gc and ffi.errno take and give',
    `local p = ffi.gc(ffi.new 'int[1]', function() end) show(p[0], ffi.gc(p, nil) == p) show(ffi.gc(ffi.cast('void *', 0), print))
    try(ffi.gc, 5, print) try(ffi.gc, ffi.typeof 'int', print) try(ffi.gc, ffi.new 'int64_t', print) try(ffi.gc) try(ffi.gc, p)
    show(ffi.errno(), ffi.errno(5), ffi.errno(), ffi.errno(7.9), ffi.errno()) try(ffi.errno, 'x')`,
  ],
  [
    'finalizers that are left run at the end',
    // In an order of LuaJIT's own.
    `local sum = 0 local function gone(n) sum = sum + n if sum == 1011 then print(sum) end end
    ffi.cdef 'struct held { int x; };' held = ffi.metatype('struct held', { __gc = function(o) gone(o.x) end })
    a = held(1) b = ffi.gc(ffi.new('int[1]', 10), function(o) gone(o[0]) end) c = ffi.gc(held(100), nil)
    d = ffi.gc(held(1), function(o) gone(o.x * 1000) end) e = ffi.gc(held(6), function() error 'nobody hears this' end)`,
  ],
  [
    'members of const structs without a name are const',
    `local n = ffi.new 'struct { const struct { int p; struct { int deep : 3; }; }; int q; }'
    try(function() n.p = 5 end) try(function() n.deep = 1 end) n.q = 2 show(n.p, n.deep, n.q)`,
  ],
];
