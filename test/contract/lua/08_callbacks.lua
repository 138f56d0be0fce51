local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, prints, raises = check.case, check.rows, check.eq, check.prints, check.raises
local differs, luajit_fails, beta_fails = check.differs, check.luajit_fails, check.beta_fails
local ffi = require 'ffi'

case('a Lua function is called through a pointer', function()
  eq(ffi.cast('int (*)(int)', function(x) return x + 1 end)(4), 5)
end)

check.finish()
