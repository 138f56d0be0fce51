local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, prints, raises = check.case, check.rows, check.eq, check.prints, check.raises
local differs, luajit_fails, beta_fails = check.differs, check.luajit_fails, check.beta_fails
local ffi = require 'ffi'

rows('arrays', "local a = ffi.new('int[3]', 1, 2, 3)", {
  { 'a[1]', '2' },
})

check.finish()
