-- Lua 5.1 as LuaJIT has it: variables, assignments, scopes, closures.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('assignments', '', {
  { 'local a, b, c = 1, 2 return a, b, c', '1  2  nil' },
  { 'local a, b = 1, 2, 3 return a, b', '1  2' },
  { 'local a, b = 1, 2 a, b = b, a return a, b', '2  1' },
  { 'local t = {1, 2} local i = 1 i, t[i] = i + 1, 20 return i, t[1], t[2]', '2  20  2' },
  { 'local t = {} t.x, t.y = 1 return t.x, t.y', '1  nil' },
  { 'local function f() return 1, 2, 3 end local a, b, c, d = 0, f() return a, b, c, d', '0  1  2  3' },
  { 'local function f() return 1, 2, 3 end local a, b = f(), 10 return a, b', '1  10' },
  { 'local function f() return 1, 2 end local t = {f(), f()} return #t, t[1], t[2], t[3]', '3  1  1  2' },
  { 'local function f() return 1, 2 end local t = {f(), (f())} return #t', '2' },
  { 'local t = {} t[1], t[2], t[3] = 1, 2 return #t', '2' },
  { 'local a = {} local b = a a.x, a = 1, nil return b.x, a', '1  nil' },
  { 'do local t = {} local function g() t.n = (t.n or 0) + 1 return t end g().a, g().b = g().n, g().n return t.a, t.b, t.n end', '3  4  4' },
  { 'local a = 1 local a = a + 1 local a = a * 10 return a', '20' },
  { 'x1 = 5 local x1 = x1 + 1 return x1, _G.x1', '6  5' },
})

rows('scopes', '', {
  { 'local x = 1 do local x = 2 end return x', '1' },
  { 'local x = 1 do x = 2 end return x', '2' },
  { 'local x = 1 if true then local x = 5 x = x + 1 end return x', '1' },
  { 'for i = 1, 3 do local i = i * 2 end return i', 'nil' },
  { "local i = 'outer' for i = 1, 2 do end return i", 'outer' },
  { 'local n = 0 repeat local done = n >= 2 n = n + 1 until done return n', '3' },
  { 'local f local x = 10 do local x = 20 f = function() return x end end return f(), x', '20  10' },
})

rows('closures', '', {
  { 'local function counter() local n = 0 return function() n = n + 1 return n end end local a, b = counter(), counter() return a(), a(), b(), a()', '1  2  1  3' },
  { 'local fs = {} for i = 1, 3 do fs[i] = function() i = i + 10 return i end end return fs[1](), fs[1](), fs[2](), fs[3]()', '11  21  12  13' },
  { "local fs = {} for _, v in ipairs{'a', 'b'} do fs[#fs + 1] = function() return v end end return fs[1](), fs[2]()", 'a  b' },
  { 'local fs = {} local i = 1 while i <= 3 do local j = i fs[i] = function() j = j + 1 return j end i = i + 1 end return fs[1](), fs[1](), fs[3]()', '2  3  4' },
  { 'local fs = {} local i = 0 repeat local j = i fs[#fs + 1] = function() return j end i = i + 1 until j >= 2 return fs[1](), fs[3](), #fs', '0  2  3' },
  { 'local get, set do local v = 1 function get() return v end function set(x) v = x end end set(5) return get()', '5' },
  { 'local function f(a) return function(b) return function(c) a = a + 1 return a + b + c end end end local g = f(1)(2) return g(3), g(3)', '7  8' },
  { 'local function fact(n) return n <= 1 and 1 or n * fact(n - 1) end return fact(10)', '3628800' },
  { 'local even, odd function even(n) if n == 0 then return true end return odd(n - 1) end function odd(n) if n == 0 then return false end return even(n - 1) end return even(10), odd(7), even(7)', 'true  true  false' },
  { 'local a = {} for i = 1, 2 do local x = i a[i] = {function() return x end, function(v) x = v end} end a[1][2](9) return a[1][1](), a[2][1]()', '9  2' },
  { 'local function f(...) local a, b = ... return function() return a, b end end return f(1, 2)()', '1  2' },
  { 'local x = 1 local function g() return x end x = 2 return g()', '2' },
  { 'local function mk() local t = {} function t.get() return t.v end t.v = 3 return t end return mk().get()', '3' },
})

rows('varargs', '', {
  { 'local function f(...) return ... end return f(1, nil, 3)', '1  nil  3' },
  { "local function f(...) return select('#', ...), (...) end return f(nil, nil), f()", '2  0  nil' },
  { 'local function f(...) local t = {...} return #t, t[1], t[3] end return f(1, 2, 3)', '3  1  3' },
  { 'local function f(a, ...) return a, ... end return f(1), f(1, 2), f()', '1  1  nil' },
  { 'local function f(...) return (...), ... end return f(1, 2)', '1  1  2' },
  { "local function f(...) local function g(...) return select('#', ...) end return g(...), g(..., 1), g(1, ...) end return f(1, 2, 3)", '3  2  4' },
  { "local function f(...) for i, v in ipairs{...} do if v == 'b' then return i end end end return f('a', 'b')", '2' },
  { "select(2, 'a', 'b', 'c'), select(-1, 'a', 'b'), select('#')", 'b  b  0' },
  { '(function(...) return ... end)(1, 2, 3)', '1  2  3' },
  { 'local function f(...) local a, b, c = ... return c, b, a end return f(1, 2)', 'nil  2  1' },
  { 'local function f(...) local x = ... return x end return f(), f(nil), f(3, 4)', 'nil  nil  3' },
  { 'unpack({1, 2, 3}), unpack({1, 2, 3}, 2), unpack({1, 2, 3}, 2, 3), unpack({}, 1, 2), unpack({1, nil, 3}, 1, 3)', '1  2  2  nil  1  nil  3' },
  { 'pcall(unpack, {}, 1, 1e7)', 'false  too many results to unpack' },
  { "local t = {} for i = 1, 250 do t[i] = i end return select('#', unpack(t)), (select(250, unpack(t)))", '250  250' },
})

rows('names', '', {
  { 'local _ = 1 local __index = 2 local constructor = 3 local prototype = 4 local arguments = 5 local this = 6 return _, __index, constructor, prototype, arguments, this', '1  2  3  4  5  6' },
  { 'local var, let, new, delete, typeof, void, class, enum, await, yield, static, eval = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 return var + let + new + delete + typeof + void + class + enum + await + yield + static + eval', '78' },
  { "local t = {constructor = 1, __proto__ = 2, toString = 3, hasOwnProperty = 4, arr = 5, hash = 6, mt = 7, ['$x'] = 8} return t.constructor, t.__proto__, t.toString, t.hasOwnProperty, t.arr, t.hash, t.mt, t['$x'], t.valueOf", '1  2  3  4  5  6  7  8  nil' },
  { "local t = {} return t.constructor, t.__proto__, t['toString'], t.arr, t.mt, t['hash'], t['']", 'nil  nil  nil  nil  nil  nil  nil' },
  { [=[local t = {['a b'] = 1, [''] = 2, ['\0'] = 3, ['é'] = 4, ['1'] = 5, [1] = 6} return t['a b'], t[''], t['\0'], t['é'], t['1'], t[1]]=], '1  2  3  4  5  6' },
})

check.finish()
