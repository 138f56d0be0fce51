-- Lua 5.1 as LuaJIT has it: string, but for patterns and format; names of functions in messages.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('len, upper, lower, reverse', '', {
  { "string.len('a\\0b'), ('').len(''), #'x', string.len(12.5)", '3  0  1  4' },
  { 'string.len()', "error: bad argument #1 to 'len' (string expected, got nil)" },
  { 'string.len(nil)', "error: bad argument #1 to 'len' (string expected, got nil)" },
  { 'string.len({})', "error: bad argument #1 to 'len' (string expected, got table)" },
  { "string.upper('aB1\\xe9'), string.lower('Ab1\\xc9'), ('xyz'):upper()", 'AB1\233  ab1\201  XYZ' },
  { 'string.upper(12), string.lower(1e15)', '12  1e+15' },
  { 'string.upper()', "error: bad argument #1 to 'upper' (string expected, got no value)" },
  { 'string.lower({})', "error: bad argument #1 to 'lower' (string expected, got table)" },
  { 'string.lower(print)', "error: bad argument #1 to 'lower' (string expected, got function)" },
  { 'string.lower(true)', "error: bad argument #1 to 'lower' (string expected, got boolean)" },
  { "string.reverse('abc'), string.reverse(''), string.reverse(12), string.reverse('a\\0b') == 'b\\0a'", 'cba    21  true' },
  { 'string.reverse()', "error: bad argument #1 to 'reverse' (string expected, got no value)" },
  { "local x = ('x'):upper(5) return x", 'X' },
})

rows('rep', '', {
  { "string.rep('ab', 3), string.rep('ab', 0), string.rep('ab', -1), string.rep('', 5), string.rep('x', 1)", 'ababab        x' },
  { "string.rep('ab', 3, ','), string.rep('ab', 1, ','), string.rep('', 3, '-'), string.rep('a', 0, ',')", 'ab,ab,ab  ab  --  ' },
  { "string.rep('x', 2.9), string.rep('x', '3'), string.rep(12, 2), string.rep('x', 3, 5)", 'xx  xxx  1212  x5x5x' },
  { "#string.rep('x', 1000), #string.rep('', 1e8), #('ab'):rep(500, '--')", '1000  0  1998' },
  { "string.rep('x', 3, nil)", 'xxx' },
  { "string.rep('x', 1e10)", '' },
  { "string.rep('x', -2^40)", '' },
  { "string.rep('xx', 2^31 - 1)", 'error: not enough memory' },
  { "string.rep(('x'):rep(1e6), 1e6)", 'error: not enough memory' },
  { "string.rep('x', 2^30, ('y'):rep(100))", 'error: not enough memory' },
  { 'string.rep()', "error: bad argument #1 to 'rep' (string expected, got no value)" },
  { "string.rep('x')", "error: bad argument #2 to 'rep' (number expected, got no value)" },
  { "string.rep('x', nil)", "error: bad argument #2 to 'rep' (number expected, got nil)" },
  { "string.rep('x', {})", "error: bad argument #2 to 'rep' (number expected, got table)" },
  { "string.rep('x', 'y')", "error: bad argument #2 to 'rep' (number expected, got string)" },
  { 'string.rep({}, 2)', "error: bad argument #1 to 'rep' (string expected, got table)" },
  { "string.rep('x', 2, {})", "error: bad argument #3 to 'rep' (string expected, got table)" },
  { "string.rep('x', 2, true)", "error: bad argument #3 to 'rep' (string expected, got boolean)" },
})

rows('byte', '', {
  { "string.byte('abc'), string.byte('abc', 2), string.byte('abc', -1), string.byte('\\0\\xff', 1, -1)", '97  98  99  0  255' },
  { "string.byte('abc', 1, 3)", '97  98  99' },
  { "string.byte('abc', 0)", '' },
  { "string.byte('abc', 4)", '' },
  { "string.byte('abc', 0, 2)", '97  98' },
  { "string.byte('abc', -10)", '' },
  { "string.byte('abc', -10, -2)", '97  98' },
  { "string.byte('abc', 3, 2)", '' },
  { "string.byte('abc', 2, 100)", '98  99' },
  { "string.byte('abc', 2, nil)", '98' },
  { "string.byte('abc', nil, 2)", '97  98' },
  { "string.byte('abc', 2.7), string.byte('abc', '2'), string.byte(123, 2)", '98  98  50' },
  { "string.byte('abc', 1e10)", '' },
  { "string.byte('abc', -1e10)", '' },
  { "string.byte('')", '' },
  { "string.byte('abc', 0/0)", '' },
  { "select('#', string.byte(('x'):rep(8000), 1, -1))", '8000' },
  { "string.byte(('x'):rep(8001), 1, -1)", 'error: string slice too long' },
  { 'string.byte()', "error: bad argument #1 to 'byte' (string expected, got no value)" },
  { 'string.byte(nil)', "error: bad argument #1 to 'byte' (string expected, got nil)" },
  { "string.byte('a', {})", "error: bad argument #2 to 'byte' (number expected, got table)" },
  { "string.byte('a', 'x')", "error: bad argument #2 to 'byte' (number expected, got string)" },
  { "string.byte('a', 1, {})", "error: bad argument #3 to 'byte' (number expected, got table)" },
})

rows('char', '', {
  { 'string.char(), string.char(65), string.char(65, 66, 67), #string.char(0, 255)', '  A  ABC  2' },
  { "string.char('65', 66.9), string.char(97, '98')", 'AB  ab' },
  { 'string.char(256)', "error: bad argument #1 to 'char' (invalid value)" },
  { 'string.char(-1)', "error: bad argument #1 to 'char' (invalid value)" },
  { 'string.char(65, 300)', "error: bad argument #2 to 'char' (invalid value)" },
  { 'string.char(0/0)', "error: bad argument #1 to 'char' (invalid value)" },
  { 'string.char(2^32)', "error: bad argument #1 to 'char' (invalid value)" },
  { "string.char('x')", "error: bad argument #1 to 'char' (number expected, got string)" },
  { 'string.char(nil)', "error: bad argument #1 to 'char' (number expected, got nil)" },
  { 'string.char(65, nil)', "error: bad argument #2 to 'char' (number expected, got nil)" },
  { 'string.char({})', "error: bad argument #1 to 'char' (number expected, got table)" },
  { 'string.char(65, 66, {})', "error: bad argument #3 to 'char' (number expected, got table)" },
  { 'string.char(table.unpack and 1 or 65)', 'A' },
})

rows('sub', '', {
  { "string.sub('hello', 2), string.sub('hello', 2, 3), string.sub('hello', -3), string.sub('hello', -3, -2)", 'ello  el  llo  ll' },
  { "string.sub('hello', 0), string.sub('hello', 0, 2), string.sub('hello', 1, 100), string.sub('hello', -100, 100)", 'hello  he  hello  hello' },
  { "string.sub('hello', 4, 2), string.sub('hello', 6), string.sub('hello', 2, -100), string.sub('', 1)", '      ' },
  { "string.sub('hello', 2, nil), string.sub('hello', '2', '3'), string.sub('hello', 1.9, 3.9), string.sub(12345, 2, 3)", 'ello  el  hel  23' },
  { "string.sub('hello', 1, 1e10), string.sub('hello', -1e10, 2), string.sub('hello', 2^31)", '  he  hello' },
  { "string.sub('hello', 1, math.huge), string.sub('hello', 0/0)", '  hello' },
  { "string.sub('a\\0b', 2, 3) == '\\0b', ('x'):sub(1, 1)", 'true  x' },
  { "string.sub('hello', -1, -1), string.sub('hello', 5, 5), string.sub('hello', 3, 3), string.sub('hello', -2^31)", 'o  o  l  hello' },
  { 'string.sub()', "error: bad argument #1 to 'sub' (string expected, got no value)" },
  { "string.sub('x')", "error: bad argument #2 to 'sub' (number expected, got no value)" },
  { "string.sub('x', nil)", "error: bad argument #2 to 'sub' (number expected, got nil)" },
  { "string.sub('x', {})", "error: bad argument #2 to 'sub' (number expected, got table)" },
  { "string.sub('x', 'y')", "error: bad argument #2 to 'sub' (number expected, got string)" },
  { "string.sub('x', 1, {})", "error: bad argument #3 to 'sub' (number expected, got table)" },
  { "string.sub('x', 1, 'y')", "error: bad argument #3 to 'sub' (number expected, got string)" },
  { 'string.sub({}, 1)', "error: bad argument #1 to 'sub' (string expected, got table)" },
  { 'string.sub(nil, 1)', "error: bad argument #1 to 'sub' (string expected, got nil)" },
})

rows('methods of strings', '', {
  { "('x'):rep(3), ('%d'):format(5), ('abc'):len(), ('abc'):byte(2), ('a,b'):find(',')", 'xxx  5  3  98  2  2' },
  { "('x').rep == string.rep, ('x').nothing, #('x')", 'true  nil  1' },
  { "('x').length", 'nil' },
  { "local x = ('x'):rep({}) return x", "error: bad argument #1 to 'rep' (number expected, got table)" },
  { "local x = ('x'):rep() return x", "error: bad argument #1 to 'rep' (number expected, got no value)" },
  { "local x = ('x'):sub() return x", "error: bad argument #1 to 'sub' (number expected, got no value)" },
  { "local x = ('x').rep() return x", "error: bad argument #1 to 'rep' (string expected, got no value)" },
  { "local x = ('x'):nothing() return x", "error: attempt to call method 'nothing' (a nil value)" },
  { "local s = 'x' s.y = 1", "error: attempt to index local 's' (a string value)" },
  { "local x = ('%d'):format('x') return x", "error: bad argument #1 to 'format' (number expected, got string)" },
  { "getmetatable('x').__index == string, getmetatable('x').__name", 'true  nil' },
  { "local s = 'abc' return s:upper():lower():len()", '3' },
  { '(5):rep(2)', 'error: attempt to index a number value' },
  { 'local n = 5 return n:rep(2)', "error: attempt to index local 'n' (a number value)" },
})

rows('names that messages give to functions', "local f, t = string.rep, { x = string.rep, string.rep } local s = 'x'", {
  { 'local x = f() return x', "error: bad argument #1 to 'f' (string expected, got no value)" },
  { "local x = f('x') return x", "error: bad argument #2 to 'f' (number expected, got no value)" },
  { 'local x = t.x() return x', "error: bad argument #1 to 'x' (string expected, got no value)" },
  { 'local x = t:x() return x', "error: calling 'x' on bad self (string expected, got table)" },
  { 'local x = t:x(2) return x', "error: calling 'x' on bad self (string expected, got table)" },
  { 'local x = t[1]() return x', "error: bad argument #1 to '?' (string expected, got no value)" },
  { 'local x = s:rep({}, 2) return x', "error: bad argument #1 to 'rep' (number expected, got table)" },
  { 'local x = s:rep(f(1)) return x', "error: bad argument #2 to 'f' (number expected, got no value)" },
  { 'local x = s:rep(2) .. s:rep({}) return x', "error: bad argument #1 to 'rep' (number expected, got table)" },
  { 'local x = string.rep(s:rep(2), s) return x', "error: bad argument #2 to 'rep' (number expected, got string)" },
  { 'local x = pcall(f) and 1 return select(2, pcall(f))', "bad argument #1 to '?' (string expected, got no value)" },
  { "select(2, pcall(f, 'x', {}))", "bad argument #2 to '?' (number expected, got table)" },
  { 'select(2, pcall(string.rep))', "bad argument #1 to '?' (string expected, got no value)" },
  { "select(2, pcall(('x').rep, 'x'))", "bad argument #2 to '?' (number expected, got no value)" },
  { 'local x = coroutine.wrap(function() local y = s:rep({}) end)() return x', "error: row:17: bad argument #1 to 'rep' (number expected, got table)" },
  { "local x = {} x.y = f x.y('x')", "error: bad argument #2 to 'y' (number expected, got no value)" },
})

rows('coercions', '', {
  { "'10' + 5, '0x10' * 2, ' 7 ' - 1, '1e2' / 4, 10 .. 20, '3' ^ 2, -'2', '7' % 4", '15  32  6  25  1020  9  -2  3' },
  { "'abc' + 1", 'error: attempt to perform arithmetic on a string value' },
  { "{} .. 'x'", 'error: attempt to concatenate a table value' },
  { "nil .. 'x'", 'error: attempt to concatenate a nil value' },
  { 'tostring(1e15), tostring(2^53), tostring(0.1), tostring(-0.0), tostring(1/0), tostring(-1/0), tostring(1e100)', '1e+15  9.007199254741e+15  0.1  -0  inf  -inf  1e+100' },
  { 'tostring(123456789012345), tostring(1e14), tostring(99999999999999), tostring(0.0001), tostring(0.00001), tostring(1/3)', '1.2345678901235e+14  1e+14  99999999999999  0.0001  1e-05  0.33333333333333' },
  { "tonumber('0x'), tonumber('1e'), tonumber(''), tonumber(' '), tonumber('1 2'), tonumber('0x1p4'), tonumber('1e1000'), tonumber('.5'), tonumber('5.'), tonumber('.')", 'nil  nil  nil  nil  nil  16  inf  0.5  5  nil' },
  { "tonumber('inf'), tonumber('nan') ~= tonumber('nan'), tonumber('0b101'), tonumber('1_000'), tonumber('\224\165\167')", 'inf  true  5  nil  nil' },
  { "tonumber('10', 2), tonumber('ff', 16), tonumber('zz', 36), tonumber('8', 8), tonumber(' 11 ', 2), tonumber('7', 2)", '2  255  1295  nil  3  nil' },
  { "'a' < 'b', 'a' < 'B', 'a' < 'aa', '\\xff' > 'a', 'a\\0b' > 'a\\0a', '' < 'a'", 'true  false  true  true  true  true' },
})

rows('dump refuses', '', {
  { 'string.dump()', "error: bad argument #1 to 'dump' (function expected, got no value)" },
  { 'string.dump(1)', "error: bad argument #1 to 'dump' (function expected, got number)" },
  { 'string.dump(print)', 'error: unable to dump given function' },
})

check.finish()
