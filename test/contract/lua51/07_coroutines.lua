-- Lua 5.1 as LuaJIT has it: coroutines.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('basics', '', {
  { "local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) local d, e = coroutine.yield(c * 2) return d + e end) local r = {} for _, args in ipairs{{1, 2}, {10}, {3, 4}, {}} do local _, v = coroutine.resume(co, unpack(args)) r[#r + 1] = tostring(v) end return table.concat(r, ' '), coroutine.status(co)", '3 20 7 cannot resume dead coroutine  dead' },
  { 'local co = coroutine.create(print) return coroutine.status(co), type(co), coroutine.running()', 'suspended  thread  nil' },
  { 'local f = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) return f(), f(), f(), f()', '1  2  3' },
  { "local f = coroutine.wrap(function() coroutine.yield() coroutine.yield(nil) coroutine.yield(1, 2) end) return select('#', f()), select('#', f()), select('#', f())", '0  1  2' },
  { "local co = coroutine.create(function(...) return select('#', ...) end) return coroutine.resume(co, nil, nil)", 'true  2' },
  { 'local co co = coroutine.create(function() return coroutine.status(co), coroutine.running() == co end) return coroutine.resume(co)', 'true  running  true' },
  { "local co = coroutine.create(function() error('x', 0) end) return coroutine.resume(co), coroutine.status(co)", 'false  dead' },
  { 'local co = coroutine.create(function() error({}) end) local ok, e = coroutine.resume(co) return ok, type(e)', 'false  table' },
  { 'local co = coroutine.create(function() end) coroutine.resume(co) return coroutine.resume(co)', 'false  cannot resume dead coroutine' },
  { 'local co co = coroutine.create(function() return coroutine.resume(co) end) return coroutine.resume(co)', 'true  false  cannot resume running coroutine' },
  { 'local outer outer = coroutine.create(function() local inner = coroutine.create(function() return coroutine.status(outer) end) return coroutine.resume(inner) end) return coroutine.resume(outer)', 'true  true  normal' },
  { 'coroutine.isyieldable(), coroutine.wrap(function() return coroutine.isyieldable() end)()', 'false  true' },
  { 'pcall(coroutine.yield, 1)', 'false  attempt to yield across C-call boundary' },
  { 'pcall(coroutine.resume, 1)', "false  bad argument #1 to '?' (coroutine expected)" },
  { 'pcall(coroutine.create, 1)', "false  bad argument #1 to '?' (function expected, got number)" },
  { "pcall(coroutine.wrap(function() error('inside', 0) end))", 'false  inside' },
  { 'local f = coroutine.wrap(function() return 1 end) f() return pcall(f)', 'false  cannot resume dead coroutine' },
})

rows('across', '', {
  { "local co = coroutine.wrap(function() return pcall(function() local x = coroutine.yield(1) error('e' .. x, 0) end) end) return co(), co('v')", '1  false  ev' },
  { "local co = coroutine.wrap(function() return pcall(pcall, function() coroutine.yield(1) return 'end' end) end) return co(), co()", '1  true  true  end' },
  { "local co = coroutine.wrap(function() return xpcall(function() coroutine.yield(1) error('q', 0) end, function(e) return 'h' .. e end) end) return co(), co()", '1  false  hq' },
  { "local t = setmetatable({}, {__index = function(_, k) return coroutine.yield(k) end}) local co = coroutine.wrap(function() return t.a .. t.b end) return co(), co('1'), co('2')", 'a  b  12' },
  { "local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, coroutine.yield(v)) end}) local co = coroutine.wrap(function() t.x = 1 return t.x end) return co(), co('set')", '1  set' },
  { "local mt = {__add = function(a, b) return coroutine.yield('add') end, __lt = function() return coroutine.yield('lt') end, __eq = function() return coroutine.yield('eq') end, __concat = function() return coroutine.yield('cat') end, __unm = function() return coroutine.yield('unm') end, __len = function() return coroutine.yield('len') end, __call = function(_, x) return coroutine.yield('call' .. x) end} local a, b = setmetatable({}, mt), setmetatable({}, mt) local co = coroutine.wrap(function() return a + b, a < b, a == b, a .. b, -a, #a, a(5) end) return co(), co(1), co(true), co(nil), co('c'), co('u'), co('l'), co('k')", 'error: cannot resume dead coroutine' },
  { "local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end end) end local s = '' for i, sq in gen(3) do s = s .. i .. '=' .. sq .. ' ' end return s", '1=1 2=4 3=9 ' },
  { "local co = coroutine.wrap(function() for k, v in (function() return coroutine.yield('iter') end) do return k, v end end) return co(), co(7, 8)", 'iter  7  8' },
  { 'pcall(coroutine.wrap(function() table.sort({3, 2, 1}, function(a, b) coroutine.yield() return a < b end) end))', 'false  row:11: attempt to yield across C-call boundary' },
  { "pcall(coroutine.wrap(function() return ('x'):gsub('x', function() coroutine.yield() end) end))", 'false  row:12: attempt to yield across C-call boundary' },
  { "local co = coroutine.wrap(function() local f = loadstring('return coroutine.yield(...)') return f(1) end) return co(), co(2)", '1  2' },
  { 'local co = coroutine.wrap(function(...) local function f(...) return coroutine.yield(...) end return (f(...)) end) return co(1, 2), co(3, 4)', '1  3' },
  { "local co = coroutine.wrap(function() local function f(n) if n == 0 then return coroutine.yield('bottom') end return 1 + f(n - 1) end return f(50) end) return co(), co(0)", 'bottom  50' },
  { "local co = coroutine.wrap(function() local function f(n) if n == 0 then return coroutine.yield('tail') end return f(n - 1) end return f(50) end) return co(), co('r')", 'tail  r' },
  { "local function perm(a, n) n = n or #a if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n] perm(a, n - 1) a[n], a[i] = a[i], a[n] end end end local r = {} for p in coroutine.wrap(function() perm{'a', 'b', 'c'} end) do r[#r + 1] = p end return table.concat(r, ' ')", 'bca cba cab acb bac abc' },
  { "local log = {} local function task(name, n) return coroutine.create(function() for i = 1, n do log[#log + 1] = name .. i coroutine.yield() end end) end local ts = {task('a', 2), task('b', 3)} while #ts > 0 do for i = #ts, 1, -1 do coroutine.resume(ts[i]) if coroutine.status(ts[i]) == 'dead' then table.remove(ts, i) end end end return table.concat(log, ' ')", 'b1 a1 b2 a2 b3' },
  { "local co = coroutine.create(function() local co2 = coroutine.wrap(function() coroutine.yield('in') error('boom', 0) end) coroutine.yield(co2()) co2() end) return coroutine.resume(co), select(2, coroutine.resume(co))", 'true  row:19: boom' },
  { 'local co = coroutine.wrap(function(a) while true do a = coroutine.yield(a and a * 2) end end) return co(1), co(2), co(3)', '2  4  6' },
  { "local function f() coroutine.yield(1) end local co = coroutine.wrap(function() f() f() return 'end' end) return co(), co(), co()", '1  1  end' },
  { 'local obj = {} function obj:step(x) return coroutine.yield(self.n + x) end obj.n = 10 local co = coroutine.wrap(function() return obj:step(1) + obj:step(2) end) return co(), co(100), co(200)', '11  12  300' },
  { "local co = coroutine.wrap(function() local t = {coroutine.yield(1), coroutine.yield(2), x = coroutine.yield(3), [coroutine.yield(4)] = coroutine.yield(5)} return t[1], t[2], t.x, t.k end) return co(), co('a'), co('b'), co('c'), co('k'), co('v')", '1  2  3  4  5  a  b  c  v' },
  { "local co = coroutine.wrap(function() if coroutine.yield('c') then return 'yes' end return 'no' end) return co(), co(false)", 'c  no' },
  { "local co = coroutine.wrap(function() local n = 0 while coroutine.yield(n) do n = n + 1 end return 'stop' end) return co(), co(true), co(true), co(false)", '0  1  2  stop' },
  { "local co = coroutine.wrap(function() for i = coroutine.yield('from'), coroutine.yield('to') do coroutine.yield(i) end return 'end' end) return co(), co(5), co(6), co(), co()", 'from  to  5  6  end' },
  { "local co = coroutine.wrap(function() return coroutine.yield('a') and coroutine.yield('b') or coroutine.yield('c') end) return co(), co(true), co(nil), co('z')", 'a  b  c  z' },
  { "local co = coroutine.wrap(function(...) return select('#', ...), ... end) return co(nil, 2)", '2  nil  2' },
  { "local co = coroutine.wrap(function() goto l ::m:: do return coroutine.yield('m') end ::l:: coroutine.yield('l') goto m end) return co(), co(), co('r')", 'l  m  r' },
  { "local co = coroutine.wrap(function() repeat local x = coroutine.yield('x') until x == 3 return 'done' end) return co(), co(1), co(3)", 'x  x  done' },
})

-- `log(f)`: what a coroutine yields and returns, resumed with 1, 2 ...
rows('metamethods of cdata', [[
  local Y = coroutine.yield
  local function iterate(_, i) i = (i or 0) + 1 if i < 3 then Y('iter') return i end end
  local T = ffi.metatype('struct { int x; }', {
    __index = function(_, k) return Y('index', k) end, __newindex = function(_, k, v) Y('newindex', k, v) end,
    __call = function(_, a) return Y('call', a) end, __new = function(ct, ...) Y('new') return ffi.new(ct, ...) end,
    __add = function() return Y('add') end, __unm = function() return Y('unm') end, __len = function() return Y('len') end,
    __eq = function() return Y('eq') end, __lt = function() return Y('lt') end, __le = function() return Y('le') end,
    __concat = function() return Y('concat') end, __tostring = function() return Y('tostring') end,
    __pairs = function() Y('pairs') return iterate end,
  })
  local o, V = ffi.new(T), ffi.metatype('struct { int x; }', { __index = { get = function(self) return Y('get') + self.x end } })
  local v, a = ffi.new(V, 5), ffi.new('int[3]', 7, 8, 9)
  local function log(f)
    local co, out = coroutine.create(f), {}
    for i = 1, 9 do
      local r = { coroutine.resume(co, i) }
      for k = 2, #r do out[#out + 1] = tostring(r[k]) end
      if coroutine.status(co) == 'dead' then return table.concat(out, ' ') end
      out[#out + 1] = '|'
    end
  end
]], {
  { 'log(function() return o.foo end)', 'index foo | 2' },
  { 'log(function() return o[1] end), log(function() return ffi.cast(ffi.typeof("$ *", T), o).foo end)', 'index 1 | 2  index foo | 2' },
  { "log(function() o.foo = 1 end), log(function() o[2] = 'x' end)", 'newindex foo 1 |  newindex 2 x |' },
  { 'log(function() return o(5) end), log(function() return T(3).x end)', 'call 5 | 2  new | 3' },
  { 'log(function() return o + 1, 1 + o, -o, #o end)', 'add | add | unm | len | 2 3 4 5' },
  { 'log(function() return o == 1, o ~= 1, o < 1, o <= o, o > 1, 1 >= o end)', 'eq | eq | lt | le | lt | le | true false true true true true' },
  { "log(function() return 'a' .. o .. 'x' end), log(function() return tostring(o) end)", 'concat | a2  tostring | 2' },
  { 'log(function() local n = 0 for i in pairs(o) do n = n + i end return n end)', 'pairs | iter | iter | 3' },
  { 'log(function() return v:get() end), log(function() return v.get(v) + v.x end)', 'get | 7  get | 12' },
  { 'log(function() local n = 0 for i = 0, 2 do n = n + a[i] + Y(i) a[i] = i end return n, a[2] end)', '0 | 1 | 2 | 33 2' },
  { 'log(function() return pcall(function() return o.foo + nil end) end)', 'index foo | false row:34: attempt to perform arithmetic on a nil value' },
  { 'log(function() return a.x end)', "row:35: 'int [3]' has no member named 'x'" },
})

check.finish()
