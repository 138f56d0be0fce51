-- Lua 5.1 as LuaJIT has it: string.format.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('%d %i %u', '', {
  { "string.format('%d %d %d', 1, -1, 0), string.format('%i', 42), string.format('%u', 42), string.format('%d', -0.0)", '1 -1 0  42  42  0' },
  { "string.format('%d', 3.7), string.format('%d', -3.7), string.format('%d', '10'), string.format('%d', '0x10'), string.format('%d', ' 5 ')", '3  -3  10  16  5' },
  { "string.format('%5d|%-5d|%05d|%+d|% d|%+5d|%-+5d|', 42, 42, 42, 42, 42, 42, 42)", '   42|42   |00042|+42| 42|  +42|+42  |' },
  { "string.format('%.3d|%8.3d|%-8.3d|%08.3d|%+.3d|%.0d|', 5, 5, 5, 5, 5, 0)", '005|     005|005     |     005|+005||' },
  { "string.format('%d %d %d', 2^31, 2^53, -2^53)", '2147483648 9007199254740992 -9007199254740992' },
  { "string.format('%d %d %d', 2^63, -2^63, 1e300)", '-9223372036854775808 -9223372036854775808 -9223372036854775808' },
  { "string.format('%d %d', 1/0, 0/0)", '-9223372036854775808 -9223372036854775808' },
  { "string.format('%u %u', -1, 2^63)", '18446744073709551615 9223372036854775808' },
  { "string.format('%u %u %x', 2^64, 2^64 + 8192, 2^65)", '0 8192 8000000000000000' },
  { "string.format('%d %u %d', 1LL, -1ULL, -9223372036854775807LL)", '1 18446744073709551615 -9223372036854775807' },
  { "string.format('%d')", "error: bad argument #2 to 'format' (value expected)" },
  { "string.format('%d', nil)", "error: bad argument #2 to 'format' (number expected, got nil)" },
  { "string.format('%d', 'x')", "error: bad argument #2 to 'format' (number expected, got string)" },
  { "string.format('%d', {})", "error: bad argument #2 to 'format' (number expected, got table)" },
  { "string.format('%d', true)", "error: bad argument #2 to 'format' (number expected, got boolean)" },
  { "string.format('%d %d', 1)", "error: bad argument #3 to 'format' (value expected)" },
  { "string.format('%d', 1i)", "error: bad argument #2 to 'format' (number expected, got cdata)" },
  { "string.format('%d', ffi.new('int', 1))", "error: bad argument #2 to 'format' (number expected, got cdata)" },
  { "string.format('%d', ffi.typeof 'int')", "error: bad argument #2 to 'format' (number expected, got cdata)" },
})

rows('%x %X %o', '', {
  { "string.format('%x %X %o', 255, 255, 8), string.format('%#x %#X %#o', 255, 255, 8), string.format('%#x', 0)", 'ff FF 10  ADDR 0XFF 010  0' },
  { "string.format('%x', -1), string.format('%o', -1), string.format('%x', 2^53 + 2), string.format('%08x|%-8x|%8x|', 48879, 48879, 48879)", 'ffffffffffffffff  1777777777777777777777  20000000000002  0000beef|beef    |    beef|' },
  { "string.format('%.4x|%8.4X|%#.4x|', 10, 10, 10)", '000a|    000A|ADDR|' },
  { "string.format('%x %X', 255LL, -1LL), string.format('%016x', 0xdeadbeefULL)", 'ff FFFFFFFFFFFFFFFF  00000000deadbeef' },
  { "string.format('%x', 1.5), string.format('%x', '255')", '1  ff' },
  { "string.format('%x', 'y')", "error: bad argument #2 to 'format' (number expected, got string)" },
})

rows('%c', '', {
  { "string.format('%c%c%c', 72, 105, 33), #string.format('%c', 0), string.format('%5c|%-5c|', 65, 66)", 'Hi!  1      A|B    |' },
  { "string.format('%c', 321), string.format('%c', '65'), string.format('%c', 65.9)", 'A  A  A' },
  { "string.format('%c', 'x')", "error: bad argument #2 to 'format' (number expected, got string)" },
  { "string.format('%c', nil)", "error: bad argument #2 to 'format' (number expected, got nil)" },
  { "string.format('%c', {})", "error: bad argument #2 to 'format' (number expected, got table)" },
})

rows('%e %f %g %a', '', {
  { "string.format('%f %e %g', 1, 1, 1), string.format('%.0f %.0f %.0f', 0.5, 1.5, 2.5), string.format('%.3f', 2/3)", '1.000000 1.000000e+00 1  1 2 3  0.667' },
  { "string.format('%5.1f|%-8.2f|%08.2f|%+.1f|% .1f|', 3.14159, 3.14159, 3.14159, 3.14159, 3.14159)", '  3.1|3.14    |00003.14|+3.1| 3.1|' },
  { "string.format('%g %g %g %g %g', 1e15, 1e5, 1e-5, 123456789, 0.0001), string.format('%.3g %.10g', 1234567, 1234567)", '1e+15 100000 1e-05 1.23457e+08 0.0001  1.23e+06 1234567' },
  { "string.format('%#g %#.0f %#x', 1, 1, 1), string.format('%G %E', 1e-10, 12345.678)", '1.00000 1. ADDR  1E-10 1.234568E+04' },
  { "string.format('%.14g', 0.1), string.format('%.17g', 0.1), string.format('%.20f', 0.1), string.format('%.14g', 2^53)", '0.1  0.10000000000000001  0.10000000000000000555  9.007199254741e+15' },
  { "string.format('%f %e %g', 1/0, -1/0, 0/0), string.format('%5f|%05f|%-5f|%+f|', 1/0, 1/0, 1/0, 1/0), string.format('%F', 1/0)", 'inf -inf nan    inf|  inf|inf  |+inf|  INF' },
  { "string.format('%a %a %.2a %20a|%A', 1, 0, 1/3, 0.5, -0.0), string.format('%a', 1e-320), string.format('%.0a', 1.5)", 'ADDRp+0 ADDRp+0 ADDR.55p-2               ADDRp-1|-0X0P+0  ADDR.fap-1064  ADDRp+0' },
  { "string.format('%.99f', 1/3)", '0.333333333333333314829616256247390992939472198486328125000000000000000000000000000000000000000000000' },
  { "string.format('%99.99f', -1/3)", '-0.333333333333333314829616256247390992939472198486328125000000000000000000000000000000000000000000000' },
  { "string.format('%.50g', 1e22), string.format('%f', 1e300) == '1' .. string.format('%f', 1e300):sub(2), string.format('%g', -0.0)", '10000000000000000000000  true  -0' },
  { "string.format('%+f|% f|%+5g|', 0/0, 0/0, 0/0)", 'nan| nan|  nan|' },
  { "string.format('%f', '2.5'), string.format('%g', '0x10'), string.format('%e', 0)", '2.500000  16  0.000000e+00' },
  { "string.format('%f', 'x')", "error: bad argument #2 to 'format' (number expected, got string)" },
  { "string.format('%f', 1LL)", "error: bad argument #2 to 'format' (number expected, got cdata)" },
  { "string.format('%g', {})", "error: bad argument #2 to 'format' (number expected, got table)" },
  { "string.format('%g')", "error: bad argument #2 to 'format' (value expected)" },
})

rows('%s', '', {
  { "string.format('%s %s %s', nil, true, 'x'), string.format('%s', 12), string.format('%s', 1e15), string.format('%s', 0.1)", 'nil true x  12  1e+15  0.1' },
  { "string.format('%.3s|%10s|%-10s|%10.2s|', 'abcdef', 'abc', 'abc', 'abc'), string.format('%5s', true), string.format('%.0s|%.s|', 'abc', 'abc')", 'abc|       abc|abc       |        ab|   true  ||' },
  { "string.format('%+s % s %#s %0s', 1, 2, 3, 4), string.format('%010s|', 'x'), #string.format('%s', 'a\\0b'), #string.format('%5s', 'a\\0b')", '1 2 3 4           x|  3  5' },
  { "string.format('%s', setmetatable({}, { __tostring = function() return 'TS' end })), string.format('%5s|', setmetatable({}, { __tostring = function() return 'TS' end }))", 'TS     TS|' },
  { "string.format('%s', setmetatable({}, { __tostring = function() return 1 end }))", '1' },
  { "string.format('%s', setmetatable({}, { __tostring = function() return nil end }))", 'nil' },
  { "string.format('%s', setmetatable({}, { __tostring = function() error('m', 0) end }))", 'error: m' },
  { "string.format('%s', {}):match '^table: 0x' ~= nil, string.format('%s', print):match '^function: ' ~= nil", 'true  true' },
  { "string.format('%s', 12LL), string.format('%s', ffi.typeof 'int')", '12LL  ctype<int>' },
  { "string.format('%s')", "error: bad argument #2 to 'format' (value expected)" },
  { "string.format('%s %s', 1)", "error: bad argument #3 to 'format' (value expected)" },
  { "coroutine.wrap(function() return ('%s'):format(setmetatable({}, { __tostring = coroutine.yield })) end)()", 'error: attempt to yield across C-call boundary' },
})

rows('%q', '', {
  { 'string.format(\'%q\', \'a\\nb"\\\\\\0\\r\\t\\1271\\0011\'), string.format(\'%q\', \'\'), string.format(\'%q\', 12), string.format(\'%q\', true), string.format(\'%q\', nil)', '"a\\\nb\\"\\\\\\0\\13\\9\\1271\\0011"  ""  "12"  "true"  "nil"' },
  { "string.format('%q', '\\200'), string.format('%5q|%-10q|', 'x', 'y')", '"\200"  "x"|"y"|' },
  { 'loadstring(\'return \' .. string.format(\'%q\', \'a\\nb\\r"\\\\\\0\\1\\0012\\200\'))() == \'a\\nb\\r"\\\\\\0\\1\\0012\\200\'', 'true' },
  { "string.format('%q')", "error: bad argument #2 to 'format' (value expected)" },
})

rows('%p', '', {
  { "string.format('%p', nil), string.format('%p', 1), string.format('%20p|', nil), string.format('%p', true)", 'NULL  NULL  NULL|  NULL' },
  { "string.format('%p', {}):match '^0x%x+$' ~= nil", 'true' },
  { "local t = {} return string.format('%p', t) == tostring(t):match '0x%x+', string.format('%p', t) == string.format('%p', {})", 'true  false' },
})

rows('the format', '', {
  { "string.format('%%'), string.format('100%%'), string.format(''), string.format('a%%b%%c'), string.format(5), string.format('x', 1, 2)", '%  100%    a%b%c  5  x' },
  { 'string.format()', "error: bad argument #1 to 'format' (string expected, got no value)" },
  { 'string.format(nil)', "error: bad argument #1 to 'format' (string expected, got nil)" },
  { 'string.format({})', "error: bad argument #1 to 'format' (string expected, got table)" },
  { "string.format('%')", "error: invalid option '%' to 'format'" },
  { "string.format('%y', 1)", "error: invalid option '%y' to 'format'" },
  { "string.format('%10')", "error: invalid option '%10' to 'format'" },
  { "string.format('%123d', 1)", "error: invalid option '%123' to 'format'" },
  { "string.format('%.123d', 1)", "error: invalid option '%.123' to 'format'" },
  { "string.format('%5%')", "error: invalid option '%5%' to 'format'" },
  { "string.format('%hd', 1)", "error: invalid option '%h' to 'format'" },
  { "string.format('%ld', 1)", "error: invalid option '%l' to 'format'" },
  { "string.format('%D', 1)", "error: invalid option '%D' to 'format'" },
  { "string.format('%0-+ #0d', 1)", '+1' },
  { "string.format('%*d', 5, 1)", "error: invalid option '%*' to 'format'" },
  { "string.format('%d %y', 1)", "error: invalid option '%y' to 'format'" },
  { "string.format('%d %y')", "error: bad argument #2 to 'format' (value expected)" },
  { "#string.format(('%99d'):rep(100), unpack((function() local t = {} for i = 1, 100 do t[i] = i end return t end)()))", '9900' },
  { "local x = ('%d'):format('x') return x", "error: bad argument #1 to 'format' (number expected, got string)" },
  { "local x = ('%d'):format() return x", "error: bad argument #1 to 'format' (value expected)" },
  { "local x = ('%d %s'):format(1) return x", "error: bad argument #2 to 'format' (value expected)" },
})

check.finish()
