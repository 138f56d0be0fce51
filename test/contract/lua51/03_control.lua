-- Lua 5.1 as LuaJIT has it: loops, goto, break.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('numeric for', '', {
  { 'local s = 0 for i = 1, 10 do s = s + i end return s', '55' },
  { "local s = '' for i = 10, 1, -3 do s = s .. i .. ' ' end return s", '10 7 4 1 ' },
  { 'local n = 0 for i = 1, 0 do n = n + 1 end return n', '0' },
  { 'local s = 0 for i = 1, 2, 0.25 do s = s + i end return s', '7.5' },
  { 'local n = 0 for i = 0.1, 1, 0.1 do n = n + 1 end return n', '10' },
  { "local n = 0 for i = '1', '3' do n = n + i end return n", '6' },
  { 'local n = 0 for i = 1, math.huge do n = n + 1 if n == 5 then break end end return n', '5' },
  { 'local n = 0 for i = 3, 1 do n = n + 1 end for i = 1, 3, -1 do n = n + 1 end return n', '0' },
  { "pcall(function() for i = 1, 'x' do end end)", "false  row:11: 'for' limit must be a number" },
  { 'pcall(function() for i = {}, 1 do end end)', "false  row:12: 'for' initial value must be a number" },
  { 'pcall(function() for i = 1, 2, nil do end end)', "false  row:13: 'for' step must be a number" },
  { 'local s = 0 for i = 1, 3 do local j = i i = 10 s = s + j end return s', '6' },
  { 'local n, step = 0, -1 for i = 3, 1, step do n = n * 10 + i end return n', '321' },
  { 'local n = 0 for i = 1, 3 do for j = 1, 3 do if j == 2 then break end n = n + 1 end end return n', '3' },
  { 'local n = 0 for i = 0/0, 1 do n = n + 1 end for i = 1, 0/0 do n = n + 1 end return n', '0' },
  { 'local a = {} for i = 1, 3 do a[#a + 1] = function() return i end end return a[1](), a[3]()', '1  3' },
})

rows('generic for', '', {
  { 'local s = 0 for k, v in pairs{a = 1, b = 2, 10, 20} do s = s + v end return s', '33' },
  { "local s = '' for i, v in ipairs{'a', 'b', nil, 'd'} do s = s .. i .. v end return s", '1a2b' },
  { "local s = '' for w in ('one two'):gmatch('%a+') do s = s .. w .. ';' end return s", 'one;two;' },
  { "local function iter(n, i) if i < n then return i + 1, i * i end end local s = '' for i, sq in iter, 3, 0 do s = s .. i .. ':' .. sq .. ' ' end return s", '1:0 2:1 3:4 ' },
  { 'local t = setmetatable({}, {__call = function(self, s, c) c = (c or 0) + 1 if c <= 3 then return c end end}) local n = 0 for i in t do n = n + i end return n', '6' },
  { 'local n = 0 for k, v in next, {1, 2, 3} do n = n + v end return n', '6' },
  { 'local t = {1, 2, 3, x = 4, y = 5} local n = 0 for k in pairs(t) do t[k] = nil n = n + 1 end return n, next(t)', '5  nil' },
  { 'local t = {} for i = 1, 100 do t[i] = i end for k in pairs(t) do if k % 2 == 0 then t[k] = nil end end local n = 0 for _ in pairs(t) do n = n + 1 end return n', '50' },
  { 'local t = {a = 1, b = 2, c = 3} for k, v in pairs(t) do t[k] = v * 2 end return t.a, t.b, t.c', '2  4  6' },
  { "local n = 0 for a, b, c, d in function(s, c) if n < 2 then n = n + 1 return n, n * 2 end end do if b ~= a * 2 or c ~= nil then return 'bad' end end return n", '2' },
  { 'pcall(function() for x in nil do end end)', 'false  row:13: attempt to call a nil value' },
  { 'pcall(function() for x in 5 do end end)', 'false  row:14: attempt to call a number value' },
  { 'pcall(function() for k in pairs(nil) do end end)', "false  row:15: bad argument #1 to 'pairs' (table expected, got nil)" },
  { 'local t = {10, 20, 30} local s = 0 for i, v in ipairs(t) do if i == 1 then t[4] = 40 end s = s + v end return s', '100' },
  { 'local s = 0 for i, v in ipairs(setmetatable({}, {__index = function(t, i) if i < 4 then return i end end})) do s = s + v end return s', '0' },
})

rows('while and repeat', '', {
  { 'local i = 0 while i < 5 do i = i + 1 if i == 3 then break end end return i', '3' },
  { 'local i = 0 repeat i = i + 1 local x = i until x == 4 return i', '4' },
  { 'local i = 0 while true do i = i + 1 if i > 10 then return i end end', '11' },
  { 'local i = 10 while i > 0 do i = i - 3 end return i', '-2' },
  { 'local n = 0 repeat n = n + 1 if n == 2 then break end until false return n', '2' },
  { 'local i = 1 while i < 100 do i = i * 2 end return i', '128' },
})

rows('if', '', {
  { "local function f(x) if x == 1 then return 'one' elseif x == 2 then return 'two' else return 'many' end end return f(1), f(2), f(3)", 'one  two  many' },
  { 'local x if nil then x = 1 elseif false then x = 2 elseif 0 then x = 3 end return x', '3' },
  { "if '' then return 'true' end", 'true' },
  { 'local t = {} if not t.x then t.x = 1 end return t.x', '1' },
})

rows('goto', '', {
  { 'local n = 0 ::top:: n = n + 1 if n < 5 then goto top end return n', '5' },
  { 'local s = 0 for i = 1, 5 do if i % 2 == 0 then goto continue end s = s + i ::continue:: end return s', '9' },
  { "for i = 1, 3 do for j = 1, 3 do if i * j == 4 then goto out end end end ::out:: return 'out'", 'out' },
  { 'local i = 1 while i < 10 do i = i + 1 if i == 5 then goto done end end ::done:: return i', '5' },
  { "do goto skip local x = 1 ::skip:: end return 'ok'", 'ok' },
  { 'local k = 0 local a = {} ::again:: local x = k a[#a + 1] = function() return x end k = k + 1 if k < 3 then goto again end return a[1](), a[2](), a[3]()', '0  1  2' },
  { 'local n = 0 repeat n = n + 1 if n == 3 then goto cont end ::cont:: until n >= 4 return n', '4' },
  { 'do local n = 0 goto a ::b:: n = n + 10 goto c ::a:: n = n + 1 goto b ::c:: return n end', '11' },
  { "local s = '' for i = 1, 2 do do goto l end s = s .. 'no' ::l:: s = s .. i end return s", '12' },
})

rows('blocks', '', {
  { 'do end return 1', '1' },
  { 'do return 5 end', '5' },
  { 'local f = function() do return 1 end end return f()', '1' },
  { 'local n = 0 do local n = 5 do local n = 6 end end return n', '0' },
  { 'return', '' },
  { "while true do break; end return 'break;'", 'break;' },
})

rows('loops over lists', [[
  local t = { 10, 20, 30 }
  local function sum(l) local n = 0 for i, v in ipairs(l) do n = n + i * v end return n end
  local function inner(l) local n = 0 for _, a in ipairs(l) do for _, b in ipairs(a) do n = n + b end end return n end
]], {
  { "sum(t), sum {}, sum { 1, nil, 3 }, sum(setmetatable({ 4 }, { __index = function() return 1 end }))", '140  0  1  4' },
  { "inner { { 1, 2 }, {}, { 3 } }, inner {}", '6  0' },
  { "pcall(sum), pcall(sum, 'x'), pcall(sum, 5)", "false  false  false  row:2: bad argument #1 to 'ipairs' (table expected, got number)" },
  { "pcall(function() for _ in ipairs() do end end)", "false  row:9: bad argument #1 to 'ipairs' (value expected)" },
  { "(function() local s = '' for i, v in ipairs((function() return t, 1 end)()) do s = s .. i .. v end return s end)()", '110220330' },
  { "(function() local s = '' for i, v in ipairs(t, 'more') do s = s .. v end return s end)()", '102030' },
  { "(function() local n, l = 0, t for _, v in ipairs(l) do l = {} n = n + v end return n end)()", '60' },
  { "coroutine.wrap(function() local n = 0 for _, v in ipairs(t) do n = n + coroutine.yield(v) end return n end)()", '10' },
  { "(function() local co = coroutine.wrap(function() for _, v in ipairs(t) do coroutine.yield(v) end end) return co(), co(), co(), co() end)()", '10  20  30' },
})

check.finish()
