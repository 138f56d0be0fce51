-- The syntax that LuaJIT has got since its last beta; distributions still carry that.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')

local function rows(says, setup, list)
  for _, row in ipairs(list) do row[3] = check.beta_fails 'newer syntax' end
  check.rows(says, setup, list)
end

rows('bit operators', '', {
  { '5 & 3, 5 | 3, 5 ~ 3, 1 << 4, -1 >> 28, -8 ~>> 1, ~5', '1  7  6  16  15  -4  -6' },
  { '1 << 33, 1 >> 33, -1 ~>> 33, 2^31 | 0, 2^32 + 5 & -1', '2  0  -1  -2147483648  5' },
  { "'7' & 3, ~'1', 3.7 | 0, -0.5 | 0, 2.5 | 0", '3  -2  4  0  2' },
  { '1LL << 40, ~0LL, 0xffULL & 0xf0, -1LL >> 60, -1LL ~>> 60, 1 | 2LL', '1099511627776LL  -1LL  240ULL  15LL  -1LL  3LL' },
  { '1 | 2 ~ 3 & 4 << 1', '3' },
  { '1 + 1 << 2 * 2, 6 & 3 == 2, ~2 ^ 2', '32  true  -5' },
  { 'pcall(function() return {} & 1 end)', 'false  row:9: attempt to perform bitwise operation on a table value' },
  { 'pcall(function() return ~nil end)', 'false  row:10: attempt to perform bitwise operation on a nil value' },
})

rows("C's spellings", '', {
  { '1 != 2, !nil, !1, nil && 1, nil || 2, 1 && 2, not 1 != 2', 'true  true  false  nil  2  2  true' },
  { '0xffff_ffff, 1_000_000, 1e1_0', '4294967295  1000000  10000000000' },
})

rows('??', '', {
  { 'nil ?? 1, false ?? 1, 0 ?? 1, nil ?? nil ?? 2', '1  false  0  2' },
  { 'nil ?? false or 3', '3' },
  { "local n = 0 local function f() n = n + 1 end local x = 1 ?? f() return n, x", '0  1' },
})

rows('? :', '', {
  { "1 < 2 ? 'a' : 'b', nil ? 'a' : 'b', false ? 1 : nil ? 2 : 3", 'a  b  3' },
  { 'true ? nil : 1, 1 == 1 ? 1 + 1 : 0', 'nil  2' },
  { "local t = {f = function(_, x) return x end} return true ? (t:f(1)) : 2, false ? 1 : t:f(3)", '1  3' },
  { 'local n = 0 local function f() n = n + 1 return n end local x = true ? f() : f() + f() return x, n', '1  1' },
})

rows('?.', 'local n = 0 local function f(x) n = n + 1 return x end local none, o = nil, {x = {y = 1}, m = function(self, v) return self.x.y, v end, f = f}', {
  { 'none?.x, none?.x.y.z, none?.[1], none?.(1), none?:m(1), none?.x:m(1).y', 'nil  nil  nil  nil  nil  nil' },
  { 'o?.x?.y, o.z?.y.w, o?.x.y, o.nope?.(1), o.f?.(4)', '1  nil  1  nil  4' },
  { 'o:m?.(5), o:nope?.(5), (o:m(6))', '1  nil  1' },
  { 'n = 0 local a = none?.[f(1)], none?.(f(1)), none?:m(f(1)), o:nope?.(f(1)), o.nope?.x[f(1)] return n', '0' },
  { 'n = 0 local a = f(o)?.x?.y, f(none)?.x?.y return n, a', '2  1' },
  { '#{o:m?.(5)}, select("#", o?.f(1))', '1  1' },
  { 'pcall(function() return (none?.x).y end)', 'false  row:9: attempt to index a nil value' },
  { "pcall(function() return o?.z.y end)", "false  row:10: attempt to index field 'z' (a nil value)" },
  { 'n = 0 none?.x = f(1) none?.x.y[f(1)] = f(2) none?.x += f(1) return n', '0' },
  { 'o?.z = 5 o?.z += 2 o.none?.z = 3 return o.z, o.none', '7  nil' },
  { 'local a, b a, none?.x, b = 1, 2, 3 return a, b', '1  3' },
  { 'local a a, o?.[1] = 1, 2 return a, o[1]', '1  2' },
  { 'none?.5:1, o?.5:1', '1  0.5' },
  { 'none?.x ?? 4, (false)?.x == nil', 'error: attempt to index a boolean value' },
  { 'local co = coroutine.wrap(function() local t = setmetatable({}, {__index = function(_, k) return coroutine.yield(k) end}) return t?.a?.b, t:c?.() end) return co(), co({b = 5}), co()', 'a  c  5  nil' },
})

rows('compound assignments', 'local n = 0 local function f() n = n + 1 return 1 end', {
  { 'local x = 6 x /= 2 x %= 2 x -= 5 x *= 3 x += 1 return x', '-11' },
  { 'local x = 12 x &= 10 x |= 3 x ~= 1 x <<= 4 x >>= 2 x ~>>= 1 return x', '20' },
  { "local s = 'a' s ..= 'b' s ..= 1 return s", 'ab1' },
  { 'n = 0 local t = {10, a = 1} t[f()] += 5 t.a += t[1] return t[1], t.a, n', '15  16  1' },
  { 'local up = 1 local function g() up += 1 return up end g() return g(), up', '3  3' },
  { "pcall(function() local t = {} t.x += 1 end)", "false  row:8: attempt to perform arithmetic on field 'x' (a nil value)" },
  { 'local t = setmetatable({}, {__index = function() return 2 end, __newindex = function(t, k, v) rawset(t, k, v * 10) end}) t.x += 1 t.x += 1 return t.x', '31' },
  { "local ffi = require 'ffi' local p = ffi.new 'struct { int x; }' p.x += 3 p.x <<= 2 return p.x", '12' },
  { 'x_global = 2 x_global *= 4 local r = x_global x_global = nil return r', '8' },
  { "loadstring 'x += 1, 2'", "nil  [string \"x += 1, 2\"]:1: unexpected symbol near ','" },
  { "loadstring 'x, y += 1'", "nil  [string \"x, y += 1\"]:1: '=' expected near '+='" },
})

rows('continue', '', {
  { 'local s = 0 for i = 1, 5 do if i % 2 == 0 then continue end s += i end return s', '9' },
  { 'local i, s = 0, 0 while i < 5 do i += 1 if i == 2 then continue; end s += i end return s', '13' },
  { 'local i = 0 repeat i += 1 if i < 3 then continue end until i >= 3 return i', '3' },
  { "local s = '' for k, v in ipairs{1, 2, 3} do for j = 1, 2 do if j == 2 then continue end s ..= v end if v == 2 then continue end s ..= ';' end return s", '1;23;' },
  { 'local continue = 1 continue = continue + 1 return continue', '2' },
  { 'local a = {} for i = 1, 3 do local j = i a[i] = || -> j if i == 2 then continue end j += 10 end return a[1](), a[2](), a[3]()', '11  2  13' },
  { "loadstring 'continue'", 'nil  [string "continue"]:1: no loop to continue' },
})

rows('const', '', {
  { 'const x = 5 const y, z = x + 1, 7 return x, y, z', '5  6  7' },
  { 'const function f(n) return n <= 1 ? 1 : n * f(n - 1) end return f(5)', '120' },
  { 'const t = {} t.x = 1 return t.x', '1' },
  { 'local const = 1 const = 2 return const', '2' },
  { "loadstring 'const x = 1 x = 2'", "nil  [string \"const x = 1 x = 2\"]:1: attempt to assign to const variable 'x'" },
  { "loadstring 'const x = 1 x += 2'", "nil  [string \"const x = 1 x += 2\"]:1: attempt to assign to const variable 'x'" },
  { "loadstring 'const function f() end f = 1'", "nil  [string \"const function f() end f = 1\"]:1: attempt to assign to const variable 'f'" },
})

rows('short functions', '', {
  { '(x -> x + 1)(1), (|a, b| -> a * b)(2, 3), (|| -> 7)()', '2  6  7' },
  { 'select("#", (|...| -> ...)(1, 2)), select("#", (x -> do return x, x end)(1))', '1  2' },
  { '(x -> y -> x + y)(1)(2)', '3' },
  { "table.concat((function(t, f) for i, v in ipairs(t) do t[i] = f(v) end return t end)({1, 2}, v -> v * v), ',')", '1,4' },
  { "local f = |a| -> a > 1 ? 'many' : 'one' return f(1), f(2)", 'one  many' },
})

check.finish()
