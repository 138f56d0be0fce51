-- Lua 5.1 as LuaJIT has it: constructors, length, next, array and hash.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('constructors', '', {
  { "#{1, 2, 3}, #{}, #{n = 1}, #{[1] = 1, [2] = 2}, ({10, 20})[2], ({x = 5}).x, ({[3] = 'c'})[3]", '3  0  0  2  20  5  c' },
  { "local t = {1, 2, x = 3, 4, ['y z'] = 5, [10] = 6; 7} return #t, t[3], t[4], t.x, t['y z'], t[10]", '4  4  7  3  5  6' },
  { "local t = {[1] = 'a', 'b'} return t[1]", 'b' },
  { 'local t = {{1, 2}, {3, {4}}} return t[1][2], t[2][2][1]', '2  4' },
  { 'local t = {f = function(x) return x * 2 end} return t.f(4)', '8' },
  { 'local t = {nil, nil, 3} return #t == 3 or #t == 0, t[3]', 'true  3' },
  { 'local t = {nil} return #t, next(t)', '0  nil' },
  { 'local t = {1, nil} return #t', '1' },
  { 'local function f() return 1, 2, 3 end return #{f()}, #{f(), f()}, #{(f())}, #{f(), nil}, #{x = f()}', '3  4  1  1  0' },
  { 'pcall(function() return {[nil] = 1} end)', 'false  row:12: table index is nil' },
  { 'pcall(function() return {[0/0] = 1} end)', 'false  row:13: table index is NaN' },
})

rows('length', '', {
  { 'local t = {} for i = 1, 10 do t[i] = i end return #t', '10' },
  { 'local t = {1, 2, 3} t[4] = 4 t[#t + 1] = 5 return #t', '5' },
  { 'local t = {1, 2, 3} t[3] = nil return #t', '2' },
  { 'local t = {1, 2, 3} t[3] = nil t[2] = nil return #t, t[1]', '1  1' },
  { 'local t = {} t[3] = 3 t[2] = 2 t[1] = 1 return #t', '3' },
  { 'local t = {} for i = 10, 1, -1 do t[i] = i end return #t', '10' },
  { [[#'', #'abc', #'\0\0', #('x'):rep(10)]], '0  3  2  10' },
  { 'local t = {1, 2} t.n = 5 return #t', '2' },
})

-- The place behind the last element: each line reaches the text's own way, and what it has to leave to others.
rows('appending', '', {
  { 'local t = {} for i = 1, 5 do t[#t + 1] = i end t[#t + 1] = 1.5 t[#t + 1] = "s" t[#t + 1] = nil return #t, t[5], t[6], t[7]', '7  5  1.5  s' },
  { 'local t = {1, 2, 3} t[13] = 13 t[12] = 12 while #t < 13 do t[#t + 1] = "n" end return #t, t[4], t[12], t[13]', '13  n  12  13' },
  { 'local log = {} local t = setmetatable({1, 2, 3}, {__newindex = function(t, k, v) log[#log + 1] = k .. v rawset(t, k, v * 2) end}) t[#t + 1] = 4 t[#t + 1] = 5 return #t, t[4], t[5], log[1], log[2]', '5  8  10  44  55' },
  { 'local store = {} local t = setmetatable({1, 2}, {__newindex = store}) t[#t + 1] = 3 return #t, t[3], store[3]', '2  nil  3' },
  { 'local List = {} List.__index = List function List:add(v) self[#self + 1] = v return self end local l = setmetatable({1, 2}, List):add(3):add(4) return #l, l[3], l[4]', '4  3  4' },
  { 'local t = {1, 2, 3} local function more() t[#t + 1] = "more" return "last" end t[#t + 1] = more() return #t, t[4]', '4  last' },
  { 'local t = {1, 2, 3} local function less() t[3] = nil return "last" end t[#t + 1] = less() return t[4], t[3]', 'last  nil' },
  { 'local a, b = {1, 2}, {1, 2, 3, 4} b[#a + 1] = "in" a[#b + 1] = "far" return b[3], a[5], #b', 'in  far  4' },
  { 'local o = {list = {1, 2, 3}} o.list[#o.list + 1] = 4 o.list[#o.list + 1] = {} return #o.list, o.list[4], type(o.list[5])', '5  4  table' },
  { 'local t = {} for i = 1, 140000 do t[#t + 1] = i % 7 end local sum = 0 for i = 1, #t do sum = sum + t[i] end return #t, sum', '140000  420000' },
  { "local t = {1, 2, 3} local c = coroutine.wrap(function() t[#t + 1] = coroutine.yield('a') t[#t + 1] = coroutine.yield('b') end) c() c('x') c('y') return #t, t[4], t[5]", '5  x  y' },
  { "local t = setmetatable({1, 2}, {__newindex = function(t, k, v) rawset(t, k, v .. coroutine.yield(k)) end}) local c = coroutine.wrap(function() t[#t + 1] = 'v' return #t end) return c(), c('w'), t[3]", '3  3  vw' },
  { "pcall(function() local t t[#t + 1] = 1 end)", "false  row:15: attempt to get length of local 't' (a nil value)" },
  { "pcall(function() local s = 'abc' s[#s + 1] = 1 end)", "false  row:16: attempt to index local 's' (a string value)" },
})

rows('keys', '', {
  { "local t = {} t[1] = 'int' t[1.0] = 'same' t['1'] = 'str' return t[1], t['1'], t[1.0]", 'same  str  same' },
  { "local t = {} t[1.5] = 'a' t[-1] = 'b' t[0] = 'c' t[2^53] = 'd' t[-0] = 'e' return t[1.5], t[-1], t[0], t[2^53]", 'a  b  e  d' },
  { 'local t = {} t[true] = 1 t[false] = 2 return t[true], t[false], t[nil]', '1  2  nil' },
  { 'local k = {} local t = {[k] = 1, [print] = 2} return t[k], t[{}], t[print]', '1  nil  2' },
  { 'local t = {} return t[0/0], t[nil], t[1/0]', 'nil  nil  nil' },
  { 'local t = {} t[1/0] = 1 t[-1/0] = 2 return t[math.huge], t[-math.huge]', '1  2' },
  { 'pcall(function() local t = {} t[nil] = 1 end)', 'false  row:9: table index is nil' },
  { 'pcall(function() local t = {} t[0/0] = 1 end)', 'false  row:10: table index is NaN' },
  { "local t = {} t.x = 1 t['x'] = 2 return t.x", '2' },
  { 'local t = {a = 1} t.a = nil return t.a, next(t)', 'nil  nil' },
  { "local t = {} for i = 1, 1000 do t['k' .. i] = i end local n = 0 for k, v in pairs(t) do n = n + v end return n, t.k500", '500500  500' },
  { 'local t = {} for i = 1, 100 do t[i * 2] = i end local n = 0 for k in pairs(t) do n = n + 1 end return n', '100' },
  { "local t = {} for i = 1, 50 do t[i] = i t['s' .. i] = i end for i = 1, 50 do t[i] = nil end local n = 0 for _ in pairs(t) do n = n + 1 end return n, #t", '50  0' },
  { 'local t = {x = 1} t.y = 2 t.x = nil t.z = 3 t.x = 4 local n = 0 for _, v in pairs(t) do n = n + v end return n', '9' },
  { "local t = {} t[3] = 'c' t[1] = 'a' t[2] = 'b' local s = '' for i, v in ipairs(t) do s = s .. v end return s", 'abc' },
  { 'local t = {} t[1e15] = 1 t[1e16] = 2 return t[1e15], t[1e16]', '1  2' },
})

rows('next', '', {
  { 'next({}), next({5}), next({x = 1})', 'nil  1  x  1' },
  { "pcall(next, {}, 'missing')", "false  invalid key to 'next'" },
  { 'local t = {a = 1} local k, v = next(t) return k, v, next(t, k)', 'a  1  nil' },
  { 'local t = {1, 2, 3} return next(t, 1), next(t, 3)', '2  nil' },
  { 'local n, t = 0, {1, 2, nil, 4} local k, v = next(t) while k do n = n + v k, v = next(t, k) end return n', '7' },
})

rows('table library', '', {
  { "local t = {1, 2, 3} table.insert(t, 4) table.insert(t, 1, 0) return table.concat(t, ',')", '0,1,2,3,4' },
  { 'local t = {1, 2, 3} return table.remove(t), table.remove(t, 1), #t, t[1]', '3  1  1  2' },
  { "table.remove({}), #{}, table.concat({}), table.concat({1, 2, 3}), table.concat({1, 2, 3}, '-', 2), table.concat({1, 2, 3}, '-', 2, 3), table.concat({'a', 1.5}, ' ')", 'nil  0    123  2-3  2-3  a 1.5' },
  { 'pcall(table.concat, {1, {}, 3})', "false  invalid value (table) at index 2 in table for 'concat'" },
  { 'pcall(table.insert, {}, 1, 2, 3)', "false  wrong number of arguments to 'insert'" },
  { 'pcall(table.insert, {})', "false  wrong number of arguments to 'insert'" },
  { 'pcall(table.insert, nil, 1)', "false  bad argument #1 to '?' (table expected, got nil)" },
  { "local t = {5, 2, 8, 1} table.sort(t) return table.concat(t, ' ')", '1 2 5 8' },
  { "local t = {5, 2, 8, 1} table.sort(t, function(a, b) return a > b end) return table.concat(t, ' ')", '8 5 2 1' },
  { "local t = {'b', 'a', 'C'} table.sort(t) return table.concat(t)", 'Cab' },
  { "pcall(table.sort, {1, 'x'})", 'false  attempt to compare string with number' },
  { 'pcall(table.sort, {3, 1, 2}, function(a, b) return true end) ~= nil', 'true' },
  { "local t = {} for i = 1, 100 do t[i] = (i * 37) % 101 end table.sort(t) for i = 2, 100 do if t[i - 1] > t[i] then return 'bad' end end return t[1], t[100]", '1  100' },
  { 'table.maxn({1, 2, [10] = 1}), table.maxn({}), table.getn({1, 2})', '10  0  2' },
  { "local t = {} table.foreach({a = 1}, function(k, v) t[#t + 1] = k .. v end) table.foreachi({5, 6}, function(i, v) t[#t + 1] = i .. v end) return table.concat(t, ' ')", 'a1 15 26' },
  { "table.concat(table.move({1, 2, 3}, 1, 3, 2), ','), table.concat(table.move({1, 2, 3}, 2, 3, 1), ',')", '1,1,2,3  2,3,3' },
})

check.finish()
