-- Lua 5.1 as LuaJIT has it: error, pcall, xpcall, messages.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('raising', '', {
  { "pcall(error, 'x'), pcall(error, 'x', 0), pcall(error), pcall(error, nil), pcall(error, {1}), pcall(error, 5)", 'false  false  false  false  false  false  5' },
  { "select(2, pcall(function() error('msg') end)), select(2, pcall(function() error('msg', 0) end)), select(2, pcall(function() error('msg', 2) end)), select(2, pcall(function() error(5) end))", 'row:4: msg  msg  msg  row:4: 5' },
  { 'local e = {} local ok, r = pcall(error, e) return ok, r == e', 'false  true' },
  { "pcall(assert, false), pcall(assert, nil, 'm'), pcall(assert, 1, 2), select('#', assert(1, 2, 3))", 'false  false  true  3' },
  { "pcall(function() assert(false, 'plain') end)", 'false  row:7: plain' },
  { 'pcall(function() assert(nil) end)', 'false  row:8: assertion failed!' },
  { "pcall(pcall), pcall(pcall, error, 'x'), pcall(function() return pcall(error, 'in') end)", 'false  true  true  false  in' },
  { "pcall(function() local ok, e = pcall(error, 'a') error(e .. 'b', 0) end)", 'false  ab' },
  { "local function f() error('deep', 2) end local function g() f() end return pcall(g)", 'false  row:11: deep' },
  { "local n = 0 local ok = pcall(function() n = 1 error('x') n = 2 end) return ok, n", 'false  1' },
  { 'pcall(function(...) return ... end, 1, nil, 3)', 'true  1  nil  3' },
  { "select('#', pcall(function() end)), select('#', pcall(function() return nil end))", '1  2' },
  { "xpcall(function() error('x', 0) end, function(e) return e .. '!' end)", 'false  x!' },
  { 'xpcall(function() return 1, 2 end, print)', 'true  1  2' },
  { "xpcall(function(...) return select('#', ...) end, print, 1, 2)", 'true  2' },
  { "xpcall(error, function(e) return e end, 'val')", 'false  val' },
  { "xpcall(function() error('a', 0) end, function(e) error('b', 0) end)", 'false  error in error handling' },
  { "xpcall(function() local x = nil + 1 end, function(e) return (e:gsub('^.-:%d+: ', '')) end)", 'false  attempt to perform arithmetic on a nil value' },
  { "select('#', pcall(assert, nil, nil)), pcall(function() assert(false, nil) end)", '2  false  nil' },
  { 'pcall(function() xpcall(print) end)', "false  row:22: bad argument #2 to 'xpcall' (function expected, got no value)" },
  { 'pcall(function() pcall() end)', "false  row:23: bad argument #1 to 'pcall' (value expected)" },
  { 'pcall(xpcall, print)', "false  bad argument #2 to '?' (function expected, got no value)" },
  { 'coroutine.resume(coroutine.create(function() xpcall(print) end))', "false  row:25: bad argument #2 to 'xpcall' (function expected, got no value)" },
})

rows('messages', '', {
  { 'pcall(function() local t = nil t.x = 1 end)', "false  row:3: attempt to index local 't' (a nil value)" },
  { 'pcall(function() local t = {} t.a.b = 1 end)', "false  row:4: attempt to index field 'a' (a nil value)" },
  { 'pcall(function() local t = {} return t.a.b.c end)', "false  row:5: attempt to index field 'a' (a nil value)" },
  { 'pcall(function() return undefinedglobal.x end)', "false  row:6: attempt to index global 'undefinedglobal' (a nil value)" },
  { 'pcall(function() undefinedglobal() end)', "false  row:7: attempt to call global 'undefinedglobal' (a nil value)" },
  { 'pcall(function() local t = {} t.foo() end)', "false  row:8: attempt to call field 'foo' (a nil value)" },
  { 'pcall(function() local t = {} t:foo() end)', "false  row:9: attempt to call method 'foo' (a nil value)" },
  { 'pcall(function() local f = 5 f() end)', "false  row:10: attempt to call local 'f' (a number value)" },
  { "pcall(function() ('x')() end)", 'false  row:11: attempt to call a string value' },
  { 'pcall(function() return #nil end)', 'false  row:12: attempt to get length of a nil value' },
  { "pcall(function() local x return x .. 'a' end)", "false  row:13: attempt to concatenate local 'x' (a nil value)" },
  { "pcall(function() local t = {} return 'a' .. t.x end)", "false  row:14: attempt to concatenate field 'x' (a nil value)" },
  { 'pcall(function() local t = {} return t.x + 1 end)', "false  row:15: attempt to perform arithmetic on field 'x' (a nil value)" },
  { 'pcall(function() return 1 + undefinedglobal end)', "false  row:16: attempt to perform arithmetic on global 'undefinedglobal' (a nil value)" },
  { 'pcall(function() local a = {} return a < 1 end)', 'false  row:17: attempt to compare table with number' },
  { 'pcall(function() local a = {} return a < a end)', 'false  row:18: attempt to compare two table values' },
  { 'pcall(function() return nil > 1 end)', 'false  row:19: attempt to compare number with nil' },
  { 'pcall(function() return -{} end)', 'false  row:20: attempt to perform arithmetic on a table value' },
  { 'pcall(function() local t = {} t[nil] = 5 end)', 'false  row:21: table index is nil' },
  { 'pcall(function() local up = nil return (function() return up.x end)() end)', "false  row:22: attempt to index upvalue 'up' (a nil value)" },
  { 'pcall(function() local up = nil return (function() up() end)() end)', "false  row:23: attempt to call upvalue 'up' (a nil value)" },
  { 'pcall(function() return math.nope() end)', "false  row:24: attempt to call field 'nope' (a nil value)" },
  { 'pcall(function() string.rep() end)', "false  row:25: bad argument #1 to 'rep' (string expected, got no value)" },
  { "pcall(function() ('x'):rep({}) end)", "false  row:26: bad argument #1 to 'rep' (number expected, got table)" },
  { "pcall(function() ('x'):bad() end)", "false  row:27: attempt to call method 'bad' (a nil value)" },
  { 'pcall(function() setmetatable(1, 2) end)', "false  row:28: bad argument #1 to 'setmetatable' (table expected, got number)" },
  { "pcall(function() local t = setmetatable({}, {__index = function(t, k) error('idx ' .. k) end}) return t.foo end)", 'false  row:29: idx foo' },
  { 'pcall(function() io.open() end)', "false  row:30: bad argument #1 to 'open' (string expected, got no value)" },
  { "pcall(string.rep), pcall(string.char, 256), pcall(string.char, -1), pcall(('x').rep, 'x', 'y')", "false  false  false  false  bad argument #2 to '?' (number expected, got string)" },
})

rows('overflow', '', {
  { "(function() local function f() return 1 + f() end local ok, e = pcall(f) return ok, (e:match('stack overflow')) end)()", 'false  stack overflow' },
  { '(function() local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end local ok, e = pcall(function() return t[1] end) return ok, type(e) end)()', 'false  string' },
  { "(function() local n = 0 local function f() n = n + 1 return f() end local co = coroutine.create(function() local function g(i) if i == 0 then return 'done' end return g(i - 1) end return g(100000) end) return coroutine.resume(co) end)()", 'true  done' },
  { "(function() local function loop(n) if n == 0 then return 'tail' end return loop(n - 1) end return loop(300000) end)()", 'tail' },
  { "(function() local a, b function a(n) if n == 0 then return 'mutual' end return b(n - 1) end function b(n) return a(n) end return a(100000) end)()", 'mutual' },
  { '(function() local o = {} function o:m(n) if n == 0 then return self == o end return self:m(n - 1) end return o:m(100000) end)()', 'true' },
})

check.finish()
