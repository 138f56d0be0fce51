-- Lua 5.1 as LuaJIT has it: os.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('time', '', {
  { 'type(os.time()), os.time() > 1e9, os.time() % 1', 'number  true  0' },
  { 'os.time { year = 2020, month = 1, day = 1, hour = 0 } - os.time { year = 2019, month = 12, day = 31, hour = 0 }', '86400' },
  { 'os.time { year = 2020, month = 13, day = 32, hour = 25, min = 61, sec = 61 } == os.time { year = 2021, month = 2, day = 2, hour = 2, min = 2, sec = 1 }', 'true' },
  { 'os.time { year = 2020, month = 1, day = 1 } - os.time { year = 2020, month = 1, day = 1, hour = 0 }', '43200' },
  { "os.time { year = '2020', month = '2', day = '3' } == os.time { year = 2020, month = 2, day = 3, hour = 12 }", 'true' },
  { 'os.time { year = 2020, month = 2, day = 29 } ~= nil, os.time { year = 2020.7, month = 1.5, day = 1 } == os.time { year = 2020, month = 1, day = 1 }', 'true  true' },
  { 'os.time(setmetatable({}, { __index = { year = 2000, month = 1, day = 1 } })) == os.time { year = 2000, month = 1, day = 1 }', 'true' },
  { 'os.time {}', "error: field 'day' missing in date table" },
  { 'os.time { year = 2020 }', "error: field 'day' missing in date table" },
  { 'os.time { day = 1 }', "error: field 'month' missing in date table" },
  { 'os.time { day = 1, month = 1 }', "error: field 'year' missing in date table" },
  { "os.time { year = 2020, month = 'x', day = 1 }", "error: field 'month' missing in date table" },
  { 'os.time { year = 2020, month = {}, day = 1 }', "error: field 'month' missing in date table" },
  { 'os.time(5)', "error: bad argument #1 to 'time' (table expected, got number)" },
  { "os.time('x')", "error: bad argument #1 to 'time' (table expected, got string)" },
})

rows('date', '', {
  { "os.date('!%Y-%m-%d %H:%M:%S', 0), os.date('!%c', 0), os.date('!%x %X', 86399), os.date('!%c', -1)", '1970-01-01 00:00:00  Thu Jan  1 00:00:00 1970  01/01/70 23:59:59  Wed Dec 31 23:59:59 1969' },
  { "os.date('!%A %a %B %b %h %p %P %I %l %k %e %j %y %C', 86400 * 200 + 3661)", 'Monday Mon July Jul Jul AM am 01  1  1 20 201 70 19' },
  { "os.date('!%D %F %T %R %r %n%t%%', 1e9)", '09/09/01 2001-09-09 01:46:40 01:46 01:46:40 AM \n\009%' },
  { "os.date('!%U %W %V %G %g %u %w', 1e9), os.date('!%U %W %V %G %g %u %w', 1104537600), os.date('!%U %W %V %G %g %u %w', 1230768000), os.date('!%V %G', 1293753600)", '36 36 36 2001 01 7 0  00 00 53 2004 04 6 6  00 00 01 2009 09 4 4  52 2010' },
  { "os.date('!%s', 12345), os.date('!%z %Z', 0), os.date('!%S', 1.9), os.date('!%E %N %q %O'), os.date('!%'), os.date('')", '12345  +0000 GMT  01  %E %N %q %O  %  ' },
  { "os.date('!%Y', 4e11), os.date('!%y', -62e9)", '14645  05' },
  { "os.date('!%Ex %Od %EY', 0)", '01/01/70 01 1970' },
  { "local t = os.date('!*t', 1e9) return t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst", '2001  9  9  1  46  40  1  252  false' },
  { "local t = os.date('*t', 1e9) return os.time(t)", '1000000000' },
  { "local t = os.date('!*t', 1078012800) return t.month, t.day, t.yday, t.wday", '2  29  60  1' },
  { "os.date('!%H', '3600'), type(os.date()), type(os.date('*t')), os.date('!%Y', nil) >= '2024', #os.date('!%c')", '01  string  table  true  24' },
  { "os.date('!*table', 0):sub(1, 2), #os.date('!a\\0b', 0)", '*t  1' },
  { "os.date('!%Y', 1e18)", 'nil' },
  { 'os.date({})', "error: bad argument #1 to 'date' (string expected, got table)" },
  { "os.date('!%c', 'x')", "error: bad argument #2 to 'date' (number expected, got string)" },
  { "os.date('!%c', {})", "error: bad argument #2 to 'date' (number expected, got table)" },
})

rows('clock, difftime, getenv, setlocale', '', {
  { "type(os.clock()), os.clock() >= 0, os.difftime(5, 3), os.difftime(5), os.difftime('7', '2')", 'number  true  2  5  5' },
  { "os.getenv('SURELY_NOT_SET'), type(os.getenv('PATH'))", 'nil  string' },
  { "os.setlocale('C'), os.setlocale('C', 'numeric'), os.setlocale('surely_none'), os.setlocale('C', 'all'), os.setlocale('POSIX', 'time')", 'C  C  nil  C  C' },
  { 'os.difftime()', "error: bad argument #1 to 'difftime' (number expected, got no value)" },
  { 'os.difftime({})', "error: bad argument #1 to 'difftime' (number expected, got table)" },
  { 'os.getenv()', "error: bad argument #1 to 'getenv' (string expected, got no value)" },
  { 'os.getenv({})', "error: bad argument #1 to 'getenv' (string expected, got table)" },
  { "os.setlocale('C', 'x')", "error: bad argument #2 to 'setlocale' (invalid option 'x')" },
  { 'os.setlocale({})', "error: bad argument #1 to 'setlocale' (string expected, got table)" },
})

rows('files', '', {
  { "os.remove('/nonexistent/file'), select('#', os.remove('/nonexistent/file'))", 'nil  3' },
  { "os.remove('/nonexistent/file')", 'nil  /nonexistent/file: No such file or directory  2' },
  { "os.rename('/nonexistent/a', '/nonexistent/b')", 'nil  /nonexistent/a: No such file or directory  2' },
  { "local name = os.tmpname() local f = assert(io.open(name, 'w')) f:close() local a, b = os.remove(name), os.remove(name) return type(name), a, b", 'string  true  nil' },
  { 'os.remove()', "error: bad argument #1 to 'remove' (string expected, got no value)" },
  { 'os.remove({})', "error: bad argument #1 to 'remove' (string expected, got table)" },
  { "os.rename('x')", "error: bad argument #2 to 'rename' (string expected, got no value)" },
  { "os.rename({}, 'x')", "error: bad argument #1 to 'rename' (string expected, got table)" },
  { 'os.execute == nil, type(os.exit)', 'false  function' },
  { "os.exit('x')", "error: bad argument #1 to 'exit' (number expected, got string)" },
})

check.finish()
