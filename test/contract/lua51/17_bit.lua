-- Lua 5.1 as LuaJIT has it: bit.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('32 bits', '', {
  { "bit.tobit(0xffffffff), bit.tobit(2^31), bit.tobit(-2^31), bit.tobit(2^32 + 5), bit.tobit(1.5), bit.tobit(2.5), bit.tobit(0.5), bit.tobit(-0.5), bit.tobit('7')", '-1  -2147483648  -2147483648  5  2  2  0  0  7' },
  { 'bit.tobit(2^40 + 1), bit.tobit(-2^40 - 1.5), bit.tobit(2^52 + 1), bit.tobit(1/0), bit.tobit(0/0), 1 / bit.tobit(-0.0)', '1  -2  0  0  0  inf' },
  { "bit.bnot(0), bit.bnot(-1), bit.bnot(0x12345678), bit.bnot('1')", '-1  0  -305419897  -2' },
  { "bit.band(0xff, 0x0f), bit.band(-1, 5), bit.band(7), bit.band(15, 7, 3), bit.band('12', 10)", '15  5  7  3  8' },
  { 'bit.bor(1, 2), bit.bor(1, 2, 4, 8), bit.bor(2^31, 1), bit.bor(5)', '3  15  -2147483647  5' },
  { 'bit.bxor(5, 3), bit.bxor(-1, 1), bit.bxor(1, 2, 3), bit.bxor(9)', '6  -2  0  9' },
  { 'bit.lshift(1, 4), bit.lshift(1, 31), bit.lshift(1, 32), bit.lshift(1, 33), bit.lshift(-1, 1), bit.lshift(1, -1)', '16  -2147483648  1  2  -2  -2147483648' },
  { "bit.rshift(256, 4), bit.rshift(-1, 1), bit.rshift(-1, 28), bit.rshift(-1, 0), bit.rshift(-1, 32), bit.rshift(1, '0')", '16  2147483647  15  -1  -1  1' },
  { 'bit.arshift(-256, 4), bit.arshift(256, 4), bit.arshift(-1, 31), bit.arshift(2^31, 31)', '-16  16  -1  -1' },
  { 'bit.rol(0x12345678, 8), bit.rol(1, 31), bit.rol(-2, 1), bit.ror(1, 1), bit.ror(0x12345678, 8), bit.rol(5, 0), bit.ror(5, 32)', '878082066  -2147483648  -3  -2147483648  2014458966  5  5' },
  { 'bit.bswap(0x12345678), bit.bswap(1), bit.bswap(-1)', '2018915346  16777216  -1' },
  { 'bit.tohex(255), bit.tohex(-1), bit.tohex(255, 4), bit.tohex(255, -4), bit.tohex(0x1234, 2), bit.tohex(1, 20), bit.tohex(1, 0), bit.tohex(2^32 + 1)', '000000ff  ffffffff  00ff  00FF  34  00000000000000000001    00000001' },
  { 'bit.band(0x80000000, 0xffffffff), bit.band(1.7, 3), bit.bor(0.4, 0.6), bit.lshift(1.5, 1.5)', '-2147483648  2  1  8' },
})

rows('64 bits', '', {
  { 'bit.band(1ULL, 3), bit.band(0xffffffffffffULL, 0xff00ff00ff00ULL), bit.bor(1LL, 2ULL), bit.bnot(0LL), bit.bnot(0ULL)', '1ULL  280379743338240ULL  3ULL  -1LL  18446744073709551615ULL' },
  { 'bit.lshift(1ULL, 40), bit.lshift(1LL, 63), bit.rshift(-1LL, 60), bit.arshift(-256LL, 4), bit.rol(1ULL, 63), bit.ror(1ULL, 1), bit.bswap(1ULL)', '1099511627776ULL  -9223372036854775808LL  15LL  -16LL  9223372036854775808ULL  9223372036854775808ULL  72057594037927936ULL' },
  { 'bit.tohex(0xdeadbeefULL), bit.tohex(-1LL, 4), bit.tobit(0x1ffffffffULL), bit.lshift(1, 40LL)', '00000000deadbeef  ffff  -1  256' },
  { "bit.band(ffi.new('int', 5), 3), bit.bor(ffi.new('uint8_t', 200), 1)", '1LL  201LL' },
  { 'bit.band(1LL, 2ULL, 3)', '0ULL' },
})

rows('what is wrong', '', {
  { 'bit.band()', "error: bad argument #1 to 'band' (number expected, got no value)" },
  { 'bit.band(nil)', "error: bad argument #1 to 'band' (number expected, got nil)" },
  { 'bit.band({})', "error: bad argument #1 to 'band' (number expected, got table)" },
  { 'bit.band(1, {})', "error: bad argument #2 to 'band' (number expected, got table)" },
  { "bit.band(1, 'x')", "error: bad argument #2 to 'band' (number expected, got string)" },
  { 'bit.band(1, 2, nil)', "error: bad argument #3 to 'band' (number expected, got nil)" },
  { 'bit.bnot()', "error: bad argument #1 to 'bnot' (number expected, got no value)" },
  { "bit.bnot('x')", "error: bad argument #1 to 'bnot' (number expected, got string)" },
  { 'bit.lshift()', "error: bad argument #1 to 'lshift' (number expected, got no value)" },
  { 'bit.lshift(1)', "error: bad argument #2 to 'lshift' (number expected, got no value)" },
  { 'bit.lshift(1, nil)', "error: bad argument #2 to 'lshift' (number expected, got nil)" },
  { 'bit.lshift(1, {})', "error: bad argument #2 to 'lshift' (number expected, got table)" },
  { 'bit.rol({}, 1)', "error: bad argument #1 to 'rol' (number expected, got table)" },
  { 'bit.bswap()', "error: bad argument #1 to 'bswap' (number expected, got no value)" },
  { 'bit.tobit()', "error: bad argument #1 to 'tobit' (number expected, got no value)" },
  { 'bit.tobit(true)', "error: bad argument #1 to 'tobit' (number expected, got boolean)" },
  { 'bit.tohex()', "error: bad argument #1 to 'tohex' (number expected, got no value)" },
  { "bit.tohex(1, 'x')", "error: bad argument #2 to 'tohex' (number expected, got string)" },
  { 'bit.tohex(1, {})', "error: bad argument #2 to 'tohex' (number expected, got table)" },
  { 'bit.band(print, 1)', "error: bad argument #1 to 'band' (number expected, got function)" },
})

check.finish()
