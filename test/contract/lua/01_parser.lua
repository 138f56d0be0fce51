local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, prints, raises = check.case, check.rows, check.eq, check.prints, check.raises
local differs, luajit_fails, beta_fails = check.differs, check.luajit_fails, check.beta_fails
local ffi = require 'ffi'

case('declarations are separated by semicolons', function()
  ffi.cdef 'int p1_a; ; ;int p1_b;'
  ffi.cdef ''
  ffi.cdef 'typedef int p1_c'
  eq(ffi.sizeof 'p1_c', 4)
end)

check.finish()
