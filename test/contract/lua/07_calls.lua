local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, prints, raises = check.case, check.rows, check.eq, check.prints, check.raises
local differs, luajit_fails, beta_fails = check.differs, check.luajit_fails, check.beta_fails
local ffi = require 'ffi'

case('a C function is called', function()
  ffi.cdef 'size_t strlen(const char *);'
  eq(ffi.C.strlen 'abc', 3ULL)
end)

check.finish()
