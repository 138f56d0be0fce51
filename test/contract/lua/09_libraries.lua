local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local rows, differs = check.rows, check.differs
local ffi = require 'ffi'

rows('namespaces answer names', "ffi.cdef 'int abs(int); enum e9 { E9A, E9B = 7, E9U = 0xffffffff, E9N = -3 }; static const int K9 = 42; static const uint32_t KU9 = 0xfffffffe; typedef int t9; struct s9 { int x; }; typedef struct { int y; } u9; static const unsigned char KC9 = 298;'", {
  { 'C.E9A', '0' },
  { 'C.E9B', '7' },
  { 'C.E9U', '4294967295' },
  { 'C.K9', '42' },
  { 'C.KU9', '4294967294' },
  { 'C.KC9', '42' },
  { 'type(C.E9B)', 'number' },
  { 'C.t9', "error: missing declaration for symbol 't9'" },
  { 'C.s9', "error: missing declaration for symbol 's9'" },
  { 'C.u9', "error: missing declaration for symbol 'u9'" },
  { 'C.e9', "error: missing declaration for symbol 'e9'" },
  { 'C.nothing9', "error: missing declaration for symbol 'nothing9'" },
  { "C['nothing9']", "error: missing declaration for symbol 'nothing9'" },
  { "C['no such thing']", "error: missing declaration for symbol 'no such thing'" },
  { "C['']", "error: missing declaration for symbol ''" },
  { 'C[1]', "error: bad argument #2 to '__index' (string expected, got number)" },
  { 'C[1.5]', "error: bad argument #2 to '__index' (string expected, got number)" },
  { 'C[nil]', "error: bad argument #2 to '__index' (string expected, got nil)" },
  { 'C[true]', "error: bad argument #2 to '__index' (string expected, got boolean)" },
  { 'C[{}]', "error: bad argument #2 to '__index' (string expected, got table)" },
  { 'C[print]', "error: bad argument #2 to '__index' (string expected, got function)" },
  { 'C[1LL]', "error: bad argument #2 to '__index' (string expected, got cdata)" },
  { "C[ffi.typeof 'int']", "error: bad argument #2 to '__index' (string expected, got cdata)" },
  { 'type(C)', 'userdata' },
  { 'type(ffi.C)', 'userdata' },
  { 'C == ffi.C', 'true' },
  { 'rawequal(C, ffi.C)', 'true' },
  { 'C.abs == C.abs', 'true' },
  { "tostring(C):match '^userdata' ~= nil", 'true' },
  { 'pcall(pairs, C) == false', 'true' },
  { "ffi.cdef 'int nowhere9(int);' return pcall(function() return C.nowhere9 end) == false", 'true' },
  { "ffi.cdef 'extern int nowhere9v;' return pcall(function() return C.nowhere9v end) == false", 'true', differs('cdef', "variables that nobody has are the state's own: The ffi so far") },
})

rows('constants and functions cannot be written', "ffi.cdef 'int abs(int); enum e9w { E9W }; static const int K9W = 42; typedef int t9w;'", {
  { 'C.E9W = 1', 'error: attempt to write to constant location' },
  { 'C.K9W = 1', 'error: attempt to write to constant location' },
  { 'C.abs = print', 'error: attempt to write to constant location' },
  { 'C.abs = nil', 'error: attempt to write to constant location' },
  { 'C.nothing9w = 1', "error: missing declaration for symbol 'nothing9w'" },
  { 'C.t9w = 1', "error: missing declaration for symbol 't9w'" },
  { 'C[1] = 1', "error: bad argument #2 to '__newindex' (string expected, got number)" },
  { 'C[nil] = 1', "error: bad argument #2 to '__newindex' (string expected, got nil)" },
  { 'C[true] = 1', "error: bad argument #2 to '__newindex' (string expected, got boolean)" },
  { 'C[{}] = 1', "error: bad argument #2 to '__newindex' (string expected, got table)" },
})

rows('declarations that come again', '', {
  { "ffi.cdef 'int abs(int); int abs(int); double abs(double);' return C.abs(-3)", '3' },
  { "ffi.cdef 'typedef int t9r; typedef double t9r;' return ffi.sizeof 't9r'", '4' },
  { "ffi.cdef 'struct s9r; struct s9r { int x; }; struct s9r;' return ffi.sizeof 'struct s9r'", '4' },
  { "pcall(ffi.cdef, 'struct s9rr { int x; }; struct s9rr { int x; };') == false", 'true' },
  { "pcall(ffi.cdef, 'enum e9r { E9R1 }; enum e9rr { E9R1 };') == false", 'true' },
})

check.finish()
