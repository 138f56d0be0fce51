local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, prints, raises = check.case, check.rows, check.eq, check.prints, check.raises
local differs, luajit_fails, beta_fails = check.differs, check.luajit_fails, check.beta_fails
local ffi = require 'ffi'

case('a copy does not change with its original', function()
  local a = ffi.new('char[4]', 'abc')
  local text = ffi.string(a)
  a[0] = 0
  eq(text, 'abc')
end)

check.finish()
