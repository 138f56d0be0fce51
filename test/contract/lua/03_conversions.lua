local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, prints, raises = check.case, check.rows, check.eq, check.prints, check.raises
local differs, luajit_fails, beta_fails = check.differs, check.luajit_fails, check.beta_fails
local ffi = require 'ffi'

rows('an integer', "local s = ffi.new 'struct { int i; }' ", {
  { 's.i = 5 return s.i', '5' },
  { "s.i = 'x'", "error: cannot convert 'string' to 'int'" },
})

check.finish()
