local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local rows = check.rows
local ffi = require 'ffi'

rows('types and conversions', "ffi.cdef 'struct s12 { int x; const int k; int bits : 3; }; enum e12 { E12A }; struct inc12; union u12 { int i; };' local s, e = ffi.new 'struct s12', ffi.new 'enum e12'", {
  { "ffi.cast('struct s12', 1)", "error: bad argument #1 to 'cast' (invalid C type)" },
  { "ffi.metatype('int', {})", "error: bad argument #1 to 'metatype' (invalid C type)" },
  { "ffi.new 'void'", "error: bad argument #1 to 'new' (size of C type is unknown or too large)" },
  { "ffi.new 'struct inc12'", "error: bad argument #1 to 'new' (size of C type is unknown or too large)" },
  { "ffi.new('int[?]', -1)", "error: bad argument #1 to 'new' (size of C type is unknown or too large)" },
  { "ffi.cast('struct inc12 *', 0)[0]", 'error: size of C type is unknown or too large' },
  { "ffi.new('int', 1, 2)", "error: too many initializers for 'int'" },
  { "ffi.new('union u12', 1, 2)", "error: too many initializers for 'union u12'" },
  { "ffi.new('struct s12', 1, 2, 3, 4)", "error: too many initializers for 'struct s12'" },
  { "ffi.new('int[2]', { 1, 2, 3 })", "error: too many initializers for 'int [2]'" },
  { "s.x = 'x'", "error: cannot convert 'string' to 'int'" },
  { 's.x = {}', "error: cannot convert 'table' to 'int'" },
  { 's.x = nil', "error: cannot convert 'nil' to 'int'" },
  { 's.x = print', "error: cannot convert 'function' to 'int'" },
  { 's.x = s', "error: cannot convert 'struct s12' to 'int'" },
  { "ffi.new('int *', 'x')", "error: cannot convert 'string' to 'int *'" },
  { "ffi.new('char *', 'x')", "error: cannot convert 'string' to 'char *'" },
  { "ffi.new('int *', ffi.new 'double[2]')", "error: cannot convert 'double [2]' to 'int *'" },
  { "ffi.new('enum e12', 'nope')", "error: cannot convert 'string' to 'enum e12'" },
  { "ffi.new('enum e12', {})", "error: cannot convert 'table' to 'enum e12'" },
  { "ffi.new('struct s12', s) == nil", 'false' },
})

rows('length, concatenation, arithmetic, comparison, calls', "local s, p = ffi.new 'struct { int x; }', ffi.new 'int *'", {
  { '#s', "error: attempt to get length of 'struct N'" },
  { '#p', "error: attempt to get length of 'int *'" },
  { "s .. 'x'", "error: attempt to concatenate 'struct N' and 'string'" },
  { "'x' .. p", "error: attempt to concatenate 'string' and 'int *'" },
  { 's + 1', "error: attempt to perform arithmetic on 'struct N' and 'number'" },
  { 'p * 2', "error: attempt to perform arithmetic on 'int *' and 'number'" },
  { '1LL + {}', "error: attempt to perform arithmetic on 'int64_t' and 'table'" },
  { 's < s', "error: attempt to compare 'struct N' with 'struct N'" },
  { 'p < 1LL', "error: attempt to compare 'int *' with 'int64_t'" },
  { "1LL < 'x'", "error: attempt to compare 'int64_t' with 'string'" },
  { 's()', "error: 'struct N' is not callable" },
  { 'p()', "error: 'int' is not callable" },
  { '(1LL)()', "error: 'int64_t' is not callable" },
})

rows('fields', "ffi.cdef 'struct s12f { int x; const int k; static const int C = 1; };' local s = ffi.new 'struct s12f' local p = ffi.cast('struct s12f *', s) local c = ffi.cast('const struct s12f *', s)", {
  { 's.nothing', "error: 'struct s12f' has no member named 'nothing'" },
  { 'p.nothing', "error: 'struct s12f' has no member named 'nothing'" },
  { 's.nothing = 1', "error: 'struct s12f' has no member named 'nothing'" },
  { 's[1]', "error: 'struct s12f' cannot be indexed with 'number'" },
  { 's[nil]', "error: 'struct s12f' cannot be indexed with 'nil'" },
  { 's[{}]', "error: 'struct s12f' cannot be indexed with 'table'" },
  { 's[true]', "error: 'struct s12f' cannot be indexed with 'boolean'" },
  { 's[1LL] == nil', "error: 'struct s12f' cannot be indexed with 'int64_t'" },
  { 's[1] = 1', "error: 'struct s12f' cannot be indexed with 'number'" },
  { 's.k = 1', 'error: attempt to write to constant location' },
  { 's.C = 1', 'error: attempt to write to constant location' },
  { 'c.x = 1', 'error: attempt to write to constant location' },
  { 'c.nothing = 1', 'error: attempt to write to constant location' },
  { 'ffi.typeof(s).nothing', "error: 'struct s12f' has no member named 'nothing'" },
  { 'ffi.typeof(s)[1]', "error: 'ctype' cannot be indexed with 'number'" },
  { 'ffi.typeof(s).C = 1', 'error: attempt to write to constant location' },
  { 'ffi.typeof(s).x = 1', "error: 'struct s12f' has no member named 'x'" },
  { '(1LL).x', "error: 'int64_t' has no member named 'x'" },
  { "ffi.new('int[2]').x", "error: 'int [2]' has no member named 'x'" },
  { "ffi.new('int[2]')[1.5] == nil", 'false' },
  { "ffi.new('int[2]')[ffi.new 'double']", "error: 'int [2]' cannot be indexed with 'double'" },
  { "ffi.new('int[2]')['0']", "error: 'int [2]' has no member named '0'" },
  { "ffi.new('int *').x", "error: 'int *' has no member named 'x'" },
  { "ffi.new('complex').x", "error: 'complex' has no member named 'x'" },
  { "ffi.new('complex').re = 1", 'error: attempt to write to constant location' },
  { "ffi.new('complex')[0] = 1", 'error: attempt to write to constant location' },
  { "ffi.new('const int[1]')[0] = 1", 'error: attempt to write to constant location' },
  { "ffi.new('const struct s12f').x = 1", 'error: attempt to write to constant location' },
  { 'pairs(s)', "error: 'struct s12f' has no '__pairs' metamethod" },
  { 'ipairs(p)', "error: 'struct s12f' has no '__ipairs' metamethod" },
})

rows('names', '', {
  { 'C.nothing12', "error: missing declaration for symbol 'nothing12'" },
  { 'C.nothing12 = 1', "error: missing declaration for symbol 'nothing12'" },
  { 'C[1]', "error: bad argument #2 to '__index' (string expected, got number)" },
  { 'C[1] = 1', "error: bad argument #2 to '__newindex' (string expected, got number)" },
  { "ffi.cdef 'enum e12n { E12N };' C.E12N = 2", 'error: attempt to write to constant location' },
})

rows('callbacks', '', {
  { "ffi.cast('void (*)(void)', 0):free()", 'error: bad callback' },
  { "ffi.cast('void (*)(void)', 0):set(print)", 'error: bad callback' },
  { "ffi.cast('void (*)(...)', print)", "error: cannot convert 'function' to 'void (*)()'" },
  { "ffi.cast('void (*)(complex)', print)", "error: cannot convert 'function' to 'void (*)()'" },
})

rows('calls', "ffi.cdef 'int abs(int);'", {
  { 'C.abs()', 'error: wrong number of arguments for function call' },
  { 'C.abs(1, 2)', 'error: wrong number of arguments for function call' },
  { "C.abs 'x'", "error: bad argument #1 to 'abs' (cannot convert 'string' to 'int')" },
})

rows("arguments of ffi's functions", '', {
  { 'ffi.new()', "error: bad argument #1 to 'new' (C type expected, got no value)" },
  { 'ffi.new(5)', "error: bad argument #1 to 'new' (C type expected, got number)" },
  { 'ffi.typeof {}', "error: bad argument #1 to 'typeof' (C type expected, got table)" },
  { "ffi.cast('int')", "error: bad argument #2 to 'cast' (value expected)" },
  { "ffi.istype('int')", "error: bad argument #2 to 'istype' (value expected)" },
  { "ffi.sizeof 'int[?]'", "error: bad argument #2 to 'sizeof' (value expected)" },
  { 'ffi.string()', "error: bad argument #1 to 'string' (value expected)" },
  { "ffi.copy(ffi.new 'int[1]', ffi.new 'int[1]')", "error: bad argument #3 to 'copy' (value expected)" },
  { "ffi.fill(ffi.new 'int[1]')", "error: bad argument #2 to 'fill' (value expected)" },
  { 'ffi.gc(5, print)', "error: bad argument #1 to 'gc' (cdata expected, got number)" },
  { "ffi.gc(ffi.new 'int[1]')", "error: bad argument #2 to 'gc' (value expected)" },
  { "ffi.metatype('struct { int x; }')", "error: bad argument #2 to 'metatype' (table expected, got no value)" },
  { "ffi.metatype('struct { int x; }', 5)", "error: bad argument #2 to 'metatype' (table expected, got number)" },
  { 'ffi.abi()', "error: bad argument #1 to 'abi' (string expected, got no value)" },
  { 'ffi.cdef()', "error: bad argument #1 to 'cdef' (string expected, got no value)" },
  { 'ffi.cdef {}', "error: bad argument #1 to 'cdef' (string expected, got table)" },
  { 'ffi.cdef(nil)', "error: bad argument #1 to 'cdef' (string expected, got nil)" },
  { "ffi.typeof('$', {})", "error: bad argument #2 to 'typeof' (type parameter expected, got table)" },
  { "ffi.cdef('struct $ { int x; };', {})", "error: bad argument #2 to 'cdef' (type parameter expected, got table)" },
  { "ffi.typeof(ffi.typeof 'int', 5)", "error: bad argument #1 to 'typeof' (wrong number of type parameters)" },
  { "ffi.metatype(ffi.metatype('struct { int x; }', {}), {})", 'error: cannot change a protected metatable' },
  { 'math.floor(1LL)', "error: bad argument #1 to 'floor' (number expected, got cdata)" },
  { "string.rep('x', 1LL)", "error: bad argument #2 to 'rep' (number expected, got cdata)" },
})

rows('C text is refused, with an explanation of its own', "local function line(f, ...) local ok, e = pcall(f, ...) return ok and 'accepted' or 'refused' end", {
  { "line(ffi.cdef, 'int 5;')", 'refused' },
  { "line(ffi.cdef, 'int a b;')", 'refused' },
  { "line(ffi.cdef, 'foo12 x;')", 'refused' },
  { "line(ffi.cdef, 'struct s12c { int x; }; struct s12c { int y; };')", 'refused' },
  { "line(ffi.cdef, 'enum e12c { E12C, E12C };')", 'refused' },
  { "line(ffi.cdef, 'int a[-1];')", 'refused' },
  { "line(ffi.cdef, 'int a[1/0];')", 'refused' },
  { [[line(ffi.cdef, 'int x = "')]], 'refused' },
  { "line(ffi.cdef, 'int f(int;')", 'refused' },
  { "line(ffi.cdef, 'typedef')", 'refused' },
  { "line(ffi.cdef, '}')", 'refused' },
  { "line(ffi.cdef, 'int (((((((((((((((((((((((((((((((((x')", 'refused' },
  { "line(ffi.typeof, '')", 'refused' },
  { "line(ffi.typeof, 'int x')", 'refused' },
  { "line(ffi.typeof, 'int;')", 'refused' },
  { "line(ffi.typeof, 'int, int')", 'refused' },
  { "line(ffi.typeof, 'struct nowhere12')", 'refused' },
  { "line(ffi.typeof, 'nowhere12')", 'refused' },
  { "line(ffi.typeof, 'static int')", 'refused' },
  { "line(ffi.typeof, 'int[')", 'refused' },
  { "line(ffi.typeof, 'int &*')", 'refused' },
  { "line(ffi.typeof, 'int (int)[2]')", 'refused' },
  { "line(ffi.typeof, 'void[2]')", 'refused' },
  { "line(ffi.typeof, 'struct { int x : 33; }')", 'refused' },
  { "line(ffi.typeof, 'struct { struct nowhere12b y; }')", 'refused' },
  { "line(ffi.new, 'int x')", 'refused' },
  { "line(ffi.sizeof, 'nowhere12')", 'refused' },
  { "line(ffi.cast, 'nowhere12', 1)", 'refused' },
  { "line(ffi.istype, 'nowhere12', 1)", 'refused' },
  { "line(ffi.metatype, 'nowhere12', {})", 'refused' },
  { "line(ffi.offsetof, 'nowhere12', 'x')", 'refused' },
})

rows('messages have the place of the caller', "local function where(f) local ok, e = pcall(f) return (tostring(e):match '^([^:]*:%d+:)') end", {
  { "where(function() local x = ffi.new 'struct { int x; }' return x.y end)", 'row:3:' },
  { 'where(function() return 1LL + {} end)', 'row:4:' },
  { 'where(function() return #1LL end)', 'row:5:' },
  { "where(function() return ffi.new 'void', 1 end)", 'row:6:' },
  { 'where(function() return C.nothing12w end)', 'row:7:' },
  { "where(function() return ffi.cast('struct { int x; }', 1), 1 end)", 'row:8:' },
})

rows('parameters of types are counted', "local function wrong(f, ...) local ok, e = pcall(f, ...) return not ok and e:find('wrong number of type parameters', 1, true) ~= nil end", {
  { "wrong(ffi.typeof, '$')", 'true' },
  { "wrong(ffi.typeof, 'int', 5)", 'true' },
  { "wrong(ffi.typeof, '$ *', 'int', 'int')", 'false' },
  { "wrong(ffi.cdef, 'int x12;', 5)", 'true' },
  { "wrong(ffi.cdef, 'int x12[$];')", 'true' },
  { "wrong(ffi.new, '$')", 'true' },
  { "wrong(ffi.sizeof, '$')", 'true' },
  { "wrong(ffi.typeof, ffi.typeof 'int', 5)", 'true' },
})

-- The engines of cdef say more behind the first line.
rows('C text', [[
  local function first(ok, message) return (tostring(message):gsub('^[^\n]-:%d+: ', ''):gsub('\n.*', '')) end
  local function T(text) return first(pcall(ffi.typeof, text)) end
  local function D(text) return first(pcall(ffi.cdef, text)) end
  ffi.cdef 'struct e12_known { int x; };'
]], {
  { "T ''", "declaration specifier expected near '<eof>'" },
  { "T 'nope'", "declaration specifier expected near 'nope'" },
  { "T 'struct nope'", "undeclared or implicit tag 'nope'" },
  { "T 'int x'", "'<eof>' expected near 'x'" },
  { "T 'int;'", "'<eof>' expected near ';'" },
  { "T 'static int'", "bad storage class near 'static'" },
  { "T 'int ['", "unexpected symbol near '<eof>'" },
  { "T 'int [-1]'", 'size of C type is unknown or too large' },
  { "T 'int [0x80000000]'", 'size of C type is unknown or too large' },
  { "T 'int [1/0]'", 'invalid value' },
  { "T 'int [n]'", "unexpected symbol near 'n'" },
  { "T 'int [][]'", 'size of C type is unknown or too large' },
  { "T 'struct { void x; }'", 'size of C type is unknown or too large' },
  { "T 'struct { int a : 33; }'", "invalid value near ':'" },
  { "T 'struct { int a b; }'", "';' expected near 'b'" },
  { "T 'int & &'", 'invalid C type' },
  { "T 'int &[2]'", 'invalid C type' },
  { "T 'int ()()'", 'invalid C type' },
  { "T 'int (int x y)'", "')' expected near 'y'" },
  { "T 'int $'", 'wrong number of type parameters' },
  { "D 'e12_foo x;'", "declaration specifier expected near 'e12_foo'" },
  { "D 'int e12_a;\\ne12_foo x;'", "declaration specifier expected near 'e12_foo' at line 2" },
  { "D 'int e12_a\\nint e12_b;'", "';' expected near 'int' at line 2" },
  { "D 'struct e12_known { int y; };'", "attempt to redefine 'e12_known'" },
  { "D 'union e12_known { int y; };'", "attempt to redefine 'e12_known'" },
  { "D 'enum { e12_X, e12_X };'", "attempt to redefine 'e12_X'" },
  { "D 'enum { e12_Y = 08 };'", "malformed number near '08'" },
  { "D 'int e12_a[2;'", "']' expected near ';'" },
  { "D(5)", "declaration specifier expected near '5'" },
})

check.finish()
