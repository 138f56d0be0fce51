local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local rows = check.rows
local ffi = require 'ffi'

rows('the jit table', '', {
  { 'type(jit.on)', 'function' },
  { 'type(jit.off)', 'function' },
  { 'type(jit.flush)', 'function' },
  { 'type(jit.status)', 'function' },
  { 'type(jit.attach)', 'function' },
  { 'type(jit.version)', 'string' },
  { 'type(jit.opt)', 'table' },
  { 'type(jit.opt.start)', 'function' },
  { 'jit.version_num >= 20100', 'true' },
  { 'jit.os == ffi.os', 'true' },
  { 'jit.arch == ffi.arch', 'true' },
  { "require 'jit' == jit", 'true' },
  { "require 'jit.opt' == jit.opt", 'true' },
  { 'package.loaded.jit == jit', 'true' },
  { 'type((jit.status()))', 'boolean' },
})

rows('switching', '', {
  { "select('#', jit.off())", '0' },
  { "select('#', jit.flush())", '0' },
  { "select('#', jit.off(true))", '0' },
  { "select('#', jit.off(true, true))", '0' },
  { "select('#', jit.off(true, false))", '0' },
  { "select('#', jit.off(function() end))", '0' },
  { "select('#', jit.off(function() end, true))", '0' },
  { "select('#', jit.off(function() end, false))", '0' },
  { "select('#', jit.flush(function() end))", '0' },
  { "select('#', jit.flush(1))", '0' },
  { "select('#', jit.flush(12345))", '0' },
  { "select('#', jit.on(function() end))", '0' },
  { "select('#', jit.on(true))", '0' },
  { "select('#', jit.opt.start())", '0' },
  { "select('#', jit.opt.start(3))", '0' },
  { "select('#', jit.opt.start('hotloop=10'))", '0' },
  { "select('#', jit.opt.start('-fold', '+cse', 'maxtrace=100'))", '0' },
  { 'jit.off(5)', "error: bad argument #1 to 'off' (function expected, got number)" },
  { "jit.off('x')", "error: bad argument #1 to 'off' (function expected, got string)" },
  { 'jit.off({})', "error: bad argument #1 to 'off' (function expected, got table)" },
  { 'jit.flush({})', "error: bad argument #1 to 'flush' (function expected, got table)" },
  { 'jit.on(5)', "error: bad argument #1 to 'on' (function expected, got number)" },
  { 'jit.on({})', "error: bad argument #1 to 'on' (function expected, got table)" },
  { 'jit.attach()', "error: bad argument #1 to 'attach' (function expected, got no value)" },
  { "jit.attach(5, 'x')", "error: bad argument #1 to 'attach' (function expected, got number)" },
  { "select('#', jit.attach(function() end, 'trace'))", '0' },
  { "select('#', jit.attach(function() end))", '0' },
})

check.finish()
