-- Lua 5.1 as LuaJIT has it: numbers, operators, coercions.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('arithmetic', '', {
  { '7 % 3, -7 % 3, 7 % -3, -7 % -3, 5.5 % 2, -5.5 % 2', '1  2  -2  -1  1.5  0.5' },
  { '5 % math.huge, -5 % math.huge, 5 % -math.huge, 0 % 1, -0 % 1', 'nan  nan  nan  0  0' },
  { '1 / 0, -1 / 0, 0 / 0, 2 ^ 10, 2 ^ 0.5, (-2) ^ 2, -2 ^ 2, 2 ^ -1', 'inf  -inf  nan  1024  1.4142135623731  4  -4  0.5' },
  { '2 ^ 3 ^ 2, (2 ^ 3) ^ 2, 1 ^ math.huge, (-1) ^ math.huge, 1 ^ (0/0), (0/0) ^ 0', '512  64  1  1  1  1' },
  { '7 / 2, -7 / 2, 1e308 * 10, -1e308 * 10, 5e-324 / 2', '3.5  -3.5  inf  -inf  0' },
  { '1 + 2 * 3 - 4 / 2, (1 + 2) * 3, 10 - 2 - 3, 2 * 3 % 4', '5  9  5  2' },
  { '-3 ^ 2, not nil == true, not (nil == true), - - 3, -(-3)', '-9  true  true  3  3' },
  { '1 / -0, 1 / (0 * -1), tostring(-0), tostring(0 * -1)', '-inf  -inf  -0  -0' },
  { '0x10, 0xff, 0xA.8p0, 0x.1p4, 1e2, .5, 3., 3e-2, 0x1p-2', '16  255  10.5  1  100  0.5  3  0.03  0.25' },
  { '100000000000000, 1e15, 123456789012345678, 0.1, 1/3, 1e100, 2^53, 2^53 + 1', '1e+14  1e+15  1.2345678901235e+17  0.1  0.33333333333333  1e+100  9.007199254741e+15  9.007199254741e+15' },
  { '3 == 3.0, 1 < 2, 1 <= 1, 2 > 1, 1 >= 2, 0/0 == 0/0, 0/0 ~= 0/0, 0/0 < 1', 'true  true  true  true  false  false  true  false' },
})

rows('strings as numbers', '', {
  { "'10' + 5, '0x10' + 0, ' 10 ' * 2, '1e1' - 1, '3' ^ '2', -'2', '7' % '4'", '15  16  20  9  9  -2  3' },
  { "10 .. 20, 1.5 .. '', -0 .. '', 1e15 .. '', 2^31 .. '', 1/3 .. ''", '1020  1.5  -0  1e+15  2147483648  0.33333333333333' },
  { "pcall(function() return 'a' + 1 end)", 'false  row:5: attempt to perform arithmetic on a string value' },
  { "pcall(function() return '' + 1 end)", 'false  row:6: attempt to perform arithmetic on a string value' },
  { "pcall(function() return '1 2' + 1 end)", 'false  row:7: attempt to perform arithmetic on a string value' },
  { 'pcall(function() return {} + 1 end)', 'false  row:8: attempt to perform arithmetic on a table value' },
  { 'pcall(function() return 1 + nil end)', 'false  row:9: attempt to perform arithmetic on a nil value' },
  { "pcall(function() return -'x' end)", 'false  row:10: attempt to perform arithmetic on a string value' },
  { "pcall(function() return true .. 'x' end)", 'false  row:11: attempt to concatenate a boolean value' },
  { [['10' == 10, '10' < '9', 'a' < 'b', 'a' < 'B', '' < 'a', 'a\0b' < 'a\0c', 'Z' < 'a']], 'false  true  true  false  true  true  true' },
  { "pcall(function() return '1' < 2 end)", 'false  row:13: attempt to compare string with number' },
  { 'pcall(function() return {} < {} end)', 'false  row:14: attempt to compare two table values' },
  { 'pcall(function() return nil < 1 end)', 'false  row:15: attempt to compare nil with number' },
  { 'pcall(function() return print < print end)', 'false  row:16: attempt to compare two function values' },
})

rows('logic', '', {
  { "nil and 1, false and 1, 0 and 1, '' and 1, nil or 1, false or nil, 1 or error('x')", 'nil  false  1  1  1  nil  1' },
  { "1 and 2 or 3, nil and 2 or 3, false == nil, not 0, not nil, not not ''", '2  3  false  false  true  true' },
  { '(function() return 1, 2 end)(), ((function() return 1, 2 end)())', '1  1' },
  { 'local a, b = nil, false return a or b, b or a, a and b, b and a, a == b', 'false  nil  nil  false  false' },
  { "local x = 5 return x > 3 and x < 10, x > 3 and 'big' or 'small', not (x == 5)", 'true  big  false' },
})

rows('comparisons of things', '', {
  { "{} == {}, print == print, 'a' == 'a', 1 == '1', nil == false, ({}) ~= ({})", 'false  true  true  false  false  true' },
  { 'local t = {} local u = t return t == u, t ~= u, rawequal(t, u), rawequal(t, {})', 'true  false  true  false' },
})

rows('tonumber', '', {
  { "tonumber('10'), tonumber('  10  '), tonumber('10a'), tonumber(''), tonumber(' '), tonumber('0x'), tonumber('1e'), tonumber('.')", '10  10  nil  nil  nil  nil  nil  nil' },
  { "tonumber('0x1p4'), tonumber('1e1'), tonumber('.5'), tonumber('5.'), tonumber('+5'), tonumber('-5'), tonumber('- 5')", '16  10  0.5  5  5  -5  nil' },
  { "tonumber('10', 2), tonumber('ff', 16), tonumber('FF', 16), tonumber('zz', 36), tonumber('8', 8), tonumber('7', 8), tonumber('0xff', 16)", '2  255  255  1295  nil  7  255' },
  { "tonumber('1010', 2), tonumber('-11', 2), tonumber(' 11 ', 2), tonumber('1.5', 10), tonumber('1e1', 16)", '10  -3  3  1.5  481' },
  { 'tonumber(nil), tonumber({}), tonumber(true), tonumber(print)', 'nil  nil  nil  nil' },
  { "tonumber('inf'), tonumber('nan'), tonumber('infinity'), tonumber('1_000'), tonumber('0b101'), tonumber('1,5')", 'inf  nan  inf  nil  5  nil' },
})

rows('tostring', '', {
  { 'tostring(1), tostring(1.5), tostring(-1.5), tostring(1e15), tostring(1e14), tostring(123456789012), tostring(2^63), tostring(1e300)', '1  1.5  -1.5  1e+15  1e+14  123456789012  9.2233720368548e+18  1e+300' },
  { 'tostring(0.1), tostring(1/3), tostring(100), tostring(1e2), tostring(3.14159265358979), tostring(1e-5), tostring(123456.789e3)', '0.1  0.33333333333333  100  100  3.1415926535898  1e-05  123456789' },
  { "tostring(nil), tostring(true), tostring(false), tostring('x'), tostring(1/0), tostring(-1/0)", 'nil  true  false  x  inf  -inf' },
})

rows('math', '', {
  { 'math.floor(1.5), math.floor(-1.5), math.ceil(1.5), math.ceil(-1.5), math.abs(-3), math.max(1, 5, 3), math.min(4, 2, 8)', '1  -2  2  -1  3  5  2' },
  { 'math.sqrt(16), math.pi, math.huge, math.fmod(7, 3), math.fmod(-7, 3), math.modf(3.7), math.modf(-3.7)', '4  3.1415926535898  inf  1  -1  3  -3  -0.7' },
  { 'math.pow(2, 8), math.exp(0), math.log(1), math.log10(1000), math.log(8, 2), math.ldexp(1, 4), math.frexp(10)', '256  1  0  3  3  16  0.625  4' },
  { 'math.sin(0), math.cos(0), math.tan(0), math.asin(0), math.acos(1), math.atan(0), math.atan2(0, 1), math.sinh(0), math.deg(math.pi), math.rad(180)', '0  1  0  0  0  0  0  0  180  3.1415926535898' },
  { 'math.random() < 1, math.random(5) <= 5, math.random(3, 4) >= 3', 'true  true  true' },
  { 'pcall(math.random, 0)', 'true  1' },
  { "pcall(math.floor, 'x')", "false  bad argument #1 to '?' (number expected, got string)" },
  { 'pcall(math.max)', "false  bad argument #1 to '?' (number expected, got no value)" },
})

rows('bit', '', {
  { 'bit.band(0xff, 0x0f), bit.bor(1, 2, 4), bit.bxor(5, 3), bit.bnot(0), bit.lshift(1, 31), bit.rshift(-1, 28), bit.arshift(-16, 2)', '15  7  6  -1  -2147483648  15  -4' },
  { 'bit.tobit(2^32 + 5), bit.tobit(-1), bit.tohex(255), bit.tohex(-1, 4), bit.tohex(255, -4), bit.bswap(0x12345678), bit.rol(1, 33), bit.ror(1, 1)', '5  -1  000000ff  ffff  00FF  2018915346  2  -2147483648' },
  { "bit.tobit(2^31), bit.tobit(1.5), bit.tobit(2.5), bit.lshift(1, 32), bit.band('15', 7)", '-2147483648  2  2  1  7' },
})

check.finish()
