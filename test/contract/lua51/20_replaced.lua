-- Lua 5.1 as LuaJIT has it: functions of the library that scripts replace, rename, or call in other ways than usual.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('functions that are replaced', [[
  local function twice(f) local a = f() local b = f() return a, b end
  local function with(library, name, other, f)
    local before = library[name]
    f() f()
    library[name] = other
    local a, b = pcall(f)
    library[name] = before
    return b, (f())
  end
  local x, s, t = 6.5, 'abc', { 10, 20, 30 }
]], {
  { "with(math, 'floor', function(n) return 'mine ' .. n end, function() return math.floor(x) end)", 'mine 6.5  6' },
  { "with(math, 'ceil', function(n) return 'mine ' .. n end, function() return math.ceil(x) end)", 'mine 6.5  7' },
  { "with(math, 'sqrt', function() return nil end, function() return math.sqrt(16) end)", 'nil  4' },
  { "with(math, 'abs', math.floor, function() return math.abs(x) end)", '6  6.5' },
  { "with(bit, 'band', bit.bor, function() return bit.band(6, 3) end)", '7  2' },
  { "with(bit, 'rol', function(a, b) return a .. b end, function() return bit.rol(1, 4) end)", '14  16' },
  { "with(string, 'byte', function(a, b) return a .. b end, function() return s:byte(2) end)", 'abc2  98' },
  { "with(string, 'byte', string.len, function() return string.byte(s, 1) end)", '3  97' },
  { "with(string, 'sub', string.rep, function() return s:sub(2) end)", 'abcabc  bc' },
  { "with(_G, 'ipairs', pairs, function() local n = 0 for k in ipairs { 1, 2, a = 3 } do n = n + 1 end return n end)", '3  2' },
  { "with(_G, 'pairs', ipairs, function() local n = 0 for k in pairs { 1, 2, a = 3 } do n = n + 1 end return n end)", '2  3' },
  { "with(_G, 'select', function() return 'mine' end, function(...) return select('#', 1, 2) end)", 'mine  2' },
  { "with(_G, 'type', function() return 'mine' end, function() return type(1) end)", 'mine  number' },
  { "with(_G, 'ipairs', function(l) return function(_, i) if i < 2 then return i + 1, -i end end, l, 0 end, function() local n = 0 for _, v in ipairs(t) do n = n + v end return n end)", '-1  60' },
  { "with(_G, 'ipairs', nil, function() for _ in ipairs(t) do end end)", "row:27: attempt to call global 'ipairs' (a nil value)  nil" },
  { "with(_G, 'ipairs', setmetatable({}, { __call = function(_, l) return next, l end }), function() local n = 0 for _ in ipairs(t) do n = n + 1 end return n end)", '3  3' },
  { "with(table, 'insert', function(t, v) return v end, function() return table.insert(t, 7) end)", '7  nil' },
  { "with(math, 'min', math.max, function() return math.min(x, 2) end)", '6.5  2' },
  { "with(math, 'max', function(...) return select('#', ...) end, function() return math.max(x, 7) end)", '2  7' },
  { "with(getmetatable(''), '__index', function(s, k) return function(...) return k end end, function() return (s:byte(2)) end)", 'byte  98' },
  { "with(getmetatable(''), '__index', { sub = function(...) return select('#', ...) end }, function() return (s:sub(2)) end)", '2  bc' },
  { "with(string, 'upper', function() return nil end, function() return s:upper() end)", 'nil  ABC' },
  { "with(math, 'floor', nil, function() return math.floor(x) end)", "row:35: attempt to call field 'floor' (a nil value)  6" },
})

rows('names that are somebody else\'s', [[
  local math2 = { floor = function(...) return select('#', ...) end }
  local floor, byte, band = math.ceil, string.len, bit.bor
  local o = { byte = function(self, n) return n end, floor = 5 }
  local bits = setmetatable({}, { __index = function(_, name) return function() return name end end })
]], {
  { 'math2.floor(1.5), math2.floor(), math2.floor(nil, nil)', '1  0  2' },
  { "floor(1.2), byte('abc', 1), band(5, 2)", '2  3  7' },
  { 'o:byte(7), o.byte(1, 2), pcall(function() return o.floor(1) end)', "7  2  false  row:9: attempt to call field 'floor' (a number value)" },
  { 'bits.band(1, 2), bits.rol(1, 2), bits.bnot(1)', 'band  rol  bnot' },
})

rows('arguments of all sorts', [[
  local one, minus, half, text, big = 1, -1, 0.5, '3', 2^40
  local int = 5LL
]], {
  { 'bit.rol(1, -3), bit.ror(1, -3), bit.lshift(1, -1), bit.rshift(-1, -31), bit.arshift(-8, -31)', '536870912  8  -2147483648  2147483647  -4' },
  { 'bit.rol(one, minus), bit.ror(one, minus), bit.lshift(one, 33), bit.rshift(minus, 32), bit.bnot(-3), bit.bnot(minus)', '-2147483648  2  2  -1  2  0' },
  { 'bit.band(-1, 255), bit.bor(0xffffffff, 0), bit.bxor(4294967295, 1), bit.tobit(0xffffffff), bit.tobit(-1)', '255  -1  -2  -1  -1' },
  { 'bit.band(half, 3), bit.band(1.5, 3), bit.band(text, 1), bit.band(big, 1), bit.band(big + 3, 3)', '0  2  1  0  3' },
  { 'bit.tobit(big + 3), bit.tobit(-big - 1), bit.tobit(big * 2^10 + 7), bit.tobit(big * 2^11 - 1), bit.tobit(-big * 2^11 + 1)', '3  -1  7  -1  1' },
  { 'bit.tobit(half), bit.tobit(one + half), bit.tobit(big + half), bit.tobit(minus * half), bit.tobit(big + 1 + half), bit.tobit(text)', '0  2  0  0  2  3' },
  { 'bit.band(int, 4), bit.bnot(int), bit.lshift(int, 40), bit.band(1, int)', '4LL  -6LL  5497558138880LL  1LL' },
  { "pcall(bit.band, 1, 'x')", "false  bad argument #2 to '?' (number expected, got string)" },
  { "bit.band(one, nil)", "error: bad argument #2 to 'band' (number expected, got nil)" },
  { 'bit.band(one), bit.bor(1, 2, 4), bit.bxor(one, one, one)', '1  7  1' },
  { "('abc'):byte(one), ('abc'):byte(minus), ('abc'):byte(0), ('abc'):byte(4), ('abc'):byte(1.9), ('abc'):byte(text)", '97  99  nil  nil  97  99' },
  { "('abc'):byte(-1), ('abc'):byte(-4), ('abc'):byte(1, 2)", '99  nil  97  98' },
  { "string.byte(text), string.byte(123, 2), string.byte(half, 2), string.byte(12, 1)", '51  50  46  49' },
  { "select('#', ('abc'):byte(0)), select('#', (''):byte(1)), select('#', ('abc'):byte(4))", '0  0  0' },
  { "string.byte(nil)", "error: bad argument #1 to 'byte' (string expected, got nil)" },
  { "math.floor(text), math.floor(half), math.floor(-0.5), math.ceil(-0.5), 1 / math.ceil(-0.5)", '3  0  -1  -0  -inf' },
  { "math.sqrt(-1) ~= math.sqrt(-1), math.abs(minus), math.abs('-2')", 'true  1  2' },
  { "math.min(half, minus), math.max(half, minus), math.min('2', one), math.max(text, 1), math.min(-1, 1), math.max(-1, 1)", '-1  0.5  1  3  -1  1' },
  { "1 / math.min(0, -0.0), 1 / math.min(-0.0, 0), 1 / math.max(0, -0.0), 1 / math.max(-0.0, 0)", '-inf  inf  -inf  inf' },
  { "math.min(0/0, 1), math.max(0/0, 1), math.min(1, 0/0) ~= math.min(1, 0/0), math.max(one), math.min(3, 2, 1)", '1  1  true  1  1' },
  { "math.max(one, nil)", "error: bad argument #2 to 'max' (number expected, got nil)" },
  { "math.floor(big * 1000), math.floor(1e308 * 10), math.floor(-3.5)", '1.099511627776e+15  inf  -4' },
})

check.finish()
