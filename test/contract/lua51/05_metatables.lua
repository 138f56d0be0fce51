-- Lua 5.1 as LuaJIT has it: metamethods.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('index', '', {
  { "local t = setmetatable({}, {__index = {x = 1}}) return t.x, t.y, rawget(t, 'x')", '1  nil  nil' },
  { "local t = setmetatable({a = 1}, {__index = function(t, k) return k .. '!' end}) return t.a, t.b, t[1], t[true and 'z']", '1  b!  1!  z!' },
  { 'local A = {x = 1} local B = setmetatable({y = 2}, {__index = A}) local C = setmetatable({}, {__index = B}) return C.x, C.y, C.z', '1  2  nil' },
  { "local t = setmetatable({}, {__index = function(t, k) return rawget(t, '_' .. k) end}) t._v = 5 return t.v", '5' },
  { 'local log = {} local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.x = 5 t.x = 7 return t.x', '7' },
  { "local store = {} local t = setmetatable({}, {__newindex = store}) t.x = 1 return rawget(t, 'x'), store.x", 'nil  1' },
  { "local t = setmetatable({1, 2}, {__newindex = function(t, k, v) rawset(t, k, 'new' .. v) end}) t[1] = 'a' t[3] = 'b' return t[1], t[3]", 'a  newb' },
  { "local t = setmetatable({}, {__index = string}) return t.format('%d', 5)", '5' },
  { 'pcall(function() local t = setmetatable({}, {__index = 5}) return t.x end)', 'false  row:11: attempt to index a number value' },
  { "pcall(function() local t = setmetatable({}, {__index = function() error('deep') end}) return t.x end)", 'false  row:12: deep' },
  { "local t = setmetatable({}, {__index = 'abc'}) return t.len", 'function' },
  { 'local a, b = {}, {} setmetatable(a, {__index = b}) setmetatable(b, {__index = a}) return pcall(function() return a.x end)', 'false  row:14: loop in gettable' },
  { 'local p = setmetatable({}, {__index = function(_, k) return function(self, ...) return k, ... end end}) return p:anything(1, 2)', 'anything  1  2' },
})

rows('operators', '', {
  { "local mt = {} for _, op in ipairs{'add', 'sub', 'mul', 'div', 'mod', 'pow', 'concat'} do mt['__' .. op] = function(a, b) return op end end local t = setmetatable({}, mt) return t + 1, 1 - t, t * t, t / 2, t % 2, 2 ^ t, t .. 'x', 'x' .. t, 1 .. t", 'add  sub  mul  div  mod  pow  concat  concat  concat' },
  { 'local t = setmetatable({}, {__unm = function(a, b) return rawequal(a, b) end, __len = function() return 7 end}) return -t, #t', 'true  0' },
  { 'local V = {} V.__index = V V.__add = function(a, b) return setmetatable({x = a.x + b.x}, V) end V.__eq = function(a, b) return a.x == b.x end V.__lt = function(a, b) return a.x < b.x end V.__le = function(a, b) return a.x <= b.x end local a, b = setmetatable({x = 1}, V), setmetatable({x = 2}, V) return (a + b).x, a == b, a ~= b, a < b, a <= b, a > b, a >= b, a == setmetatable({x = 1}, V)', '3  false  true  true  true  false  false  true' },
  { 'local mt = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return a < b, b < a, a <= b, a >= b', 'true  false  true  false' },
  { 'local mt = {__eq = function() return true end} local a, b = setmetatable({}, mt), setmetatable({}, mt) return a == b, a ~= b, a == 1, rawequal(a, b)', 'true  false  false  false' },
  { 'local a = setmetatable({}, {__eq = function() return true end}) local b = setmetatable({}, {__eq = function() return true end}) return a == b', 'false' },
  { 'local t = setmetatable({}, {__call = function(self, a, b) return a, b, self ~= nil end}) return t(1, 2)', '1  2  true' },
  { "local t = setmetatable({}, {__call = function(self, ...) return select('#', ...) end}) return t(), t(nil), t(1, 2, 3)", '0  1  3' },
  { "local a = setmetatable({}, {__call = setmetatable({}, {__call = function() return 'deep' end})}) return pcall(a)", 'false  attempt to call a table value' },
  { "local t = setmetatable({}, {__concat = function(a, b) return (type(a) == 'table' and 'T' or a) .. (type(b) == 'table' and 'T' or b) end}) return t .. 'x', 'x' .. t, t .. t, 'a' .. 'b' .. t .. 'c' .. 'd'", 'Tx  xT  TT  abTcd' },
  { 'pcall(function() return setmetatable({}, {}) + 1 end)', 'false  row:13: attempt to perform arithmetic on a table value' },
  { 'pcall(function() return setmetatable({}, {__lt = function() return 1 end}) < 1 end)', 'false  row:14: attempt to compare table with number' },
  { 'local t = setmetatable({}, {__lt = function() return 1 end}) return t < t', 'true' },
  { 'local t = setmetatable({}, {__add = function() return 1, 2, 3 end}) return t + t', '1' },
  { 'local t = setmetatable({}, {__index = function() return 1, 2 end}) return t.x', '1' },
})

rows('metatables', '', {
  { "getmetatable({}), getmetatable(setmetatable({}, {__metatable = 'locked'})), pcall(setmetatable, setmetatable({}, {__metatable = 1}), {})", 'nil  locked  false  cannot change a protected metatable' },
  { 'local mt = {} local t = setmetatable({}, mt) return getmetatable(t) == mt, getmetatable(setmetatable(t, nil))', 'true  nil' },
  { "getmetatable('').__index == string, ('x'):upper(), #('abc'), ('abc').len", 'true  X  3  function' },
  { "tostring(setmetatable({}, {__tostring = function() return 'T!' end})), pcall(tostring, setmetatable({}, {__tostring = function() error('no', 0) end}))", 'T!  false  no' },
  { "local t = setmetatable({}, {__tostring = function() return 'T' end}) return ('%s'):format(t), tostring(t) .. ''", 'T  T' },
  { 'pcall(setmetatable, 1, {})', "false  bad argument #1 to '?' (table expected, got number)" },
  { 'pcall(setmetatable, {}, 1)', "false  bad argument #2 to '?' (nil or table expected)" },
  { "local t = setmetatable({}, {__pairs = function() error('x') end}) return next(t)", 'nil' },
  { "local mt = {} local t = setmetatable({}, mt) mt.__index = function() return 'late' end return t.x", 'late' },
  { 'local t = setmetatable({}, {__index = rawget}) return t.x', 'nil' },
  { "debug.setmetatable(nil, {__index = function() return 'nil!' end}) local r = (nil).x debug.setmetatable(nil, nil) return r, pcall(function() return (nil).x end)", 'nil!  false  row:13: attempt to index a nil value' },
  { 'debug.setmetatable(1, {__index = math}) local r = (4):sqrt() debug.setmetatable(1, nil) return r', '2' },
})

rows('inheritance', '', {
  { "local Base = {} Base.__index = Base function Base.new(n) return setmetatable({n = n}, Base) end function Base:name() return 'base' .. self.n end local D = setmetatable({}, {__index = Base}) D.__index = D function D.new(n) local o = Base.new(n) return setmetatable(o, D) end function D:extra() return self:name() .. '+' end return D.new(3):extra(), D.new(4):name(), Base.new(1):name()", 'base3+  base4  base1' },
  { 'local C = {} C.__index = C function C:inc() self.n = (self.n or 0) + 1 return self end return setmetatable({}, C):inc():inc():inc().n', '3' },
  { 'pcall(function() local t = {} t:nope() end)', "false  row:5: attempt to call method 'nope' (a nil value)" },
  { 'pcall(function() local t = setmetatable({}, {__index = {}}) t.x.y = 1 end)', "false  row:6: attempt to index field 'x' (a nil value)" },
})

check.finish()
