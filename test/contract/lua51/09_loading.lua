-- Lua 5.1 as LuaJIT has it: load, environments, debug, modules.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows = check.rows

rows('load', '', {
  { "loadstring('return 1 + 1')(), load('return ...')(5), loadstring('x = ')", [[2  5  nil  [string "x = "]:1: unexpected symbol near '<eof>']] },
  { "select(2, loadstring('x =', '=chunk')), select(2, loadstring('for', '@file.lua')), select(2, loadstring('a b', 'a b'))", [[chunk:1: unexpected symbol near '<eof>'  file.lua:1: '<name>' expected near '<eof>'  [string "a b"]:1: '=' expected near 'b']] },
  { "local parts = {'return ', '1', '+2'} local i = 0 return load(function() i = i + 1 return parts[i] end)()", '3' },
  { [[load('return x', 'n', 't', {x = 5})(), pcall(load('error("e")', '=n')), pcall(load('error("e")', '@n.lua'))]], '5  false  false  n.lua:1: e' },
  { "load('x = 5; return x', 'n', 't', {})(), x", '5  nil' },
  { "pcall(loadstring('local a = nil; a.b = 1', '=name'))", "false  name:1: attempt to index local 'a' (a nil value)" },
  { "loadstring('return ...')(1, 2), select('#', loadstring('')())", '1  0' },
  { "loadstring(''), loadstring('return'), loadstring('-- comment'), loadstring('return 1,') == nil", 'function  function  function  true' },
  { [[select(2, load('\27Lua')), select(2, load('return 1', 'n', 'b'))]], '(binary): cannot load incompatible bytecode  attempt to load chunk with wrong mode' },
})

rows('syntax errors', '', {
  { "select(2, loadstring('x = = 1', '=s'))", "s:1: unexpected symbol near '='" },
  { "select(2, loadstring('if x then', '=s'))", "s:1: 'end' expected near '<eof>'" },
  { "select(2, loadstring('for i = 1 do end', '=s'))", "s:1: ',' expected near 'do'" },
  { [[select(2, loadstring('x = "abc', '=s'))]], "s:1: unfinished string near '<eof>'" },
  { "select(2, loadstring('x = [[abc', '=s'))", "s:1: unfinished long string near '<eof>'" },
  { "select(2, loadstring('return return', '=s'))", "s:1: unexpected symbol near 'return'" },
  { "select(2, loadstring('goto nowhere', '=s'))", "s:1: undefined label 'nowhere'" },
  { "select(2, loadstring('break', '=s'))", 's:1: no loop to break' },
  { "select(2, loadstring('::a:: ::a::', '=s'))", "s:1: duplicate label 'a'" },
  { "select(2, loadstring('local function f() return ... end', '=s'))", "s:1: cannot use '...' outside a vararg function near '...'" },
  { "select(2, loadstring('f(', '=s'))", "s:1: unexpected symbol near '<eof>'" },
  { "select(2, loadstring('x = 1e', '=s'))", "s:1: malformed number near '1e'" },
  { [[select(2, loadstring('x = "\\q"', '=s'))]], [[s:1: invalid escape sequence near '"']] },
  { "select(2, loadstring('x = }', '=s'))", "s:1: unexpected symbol near '}'" },
  { "select(2, loadstring('a.b:c = 1', '=s'))", "s:1: function arguments expected near '='" },
  { "select(2, loadstring('(a) = 1 x', '=s'))", "s:1: syntax error near '='" },
  { "select(2, loadstring('1 = 2', '=s'))", "s:1: unexpected symbol near '1'" },
  { "select(2, loadstring('local 1', '=s'))", "s:1: '<name>' expected near '1'" },
  { [[select(2, loadstring('\n\n\nx = @', '=s'))]], "s:4: unexpected symbol near '@'" },
  { "select(2, loadstring('x = 5 5', '=s'))", "s:1: unexpected symbol near '5'" },
  { "select(2, loadstring('do goto l local x ::l:: x = 1 end', '=s'))", "s:1: <goto l> jumps into the scope of local 'x'" },
  { "select(2, loadstring('function f(a, ..., b) end', '=s'))", "s:1: ')' expected near ','" },
  { "select(2, loadstring('--[[ open', '=s'))", "s:1: unfinished long comment near '<eof>'" },
})

rows('environments', '', {
  { "local f = function() return envx end setfenv(f, {envx = 'e'}) return f(), getfenv(f).envx, getfenv(print) == _G", 'e  e  true' },
  { 'local function f() setfenv(1, {y = 2}) return y end return f(), y', '2  nil' },
  { "local env = setmetatable({}, {__index = _G}) local f = setfenv(loadstring('z = 3 return tostring(z)'), env) return f(), env.z, z", '3  3  nil' },
  { 'getfenv() == _G, getfenv(1) == _G, getfenv(0) == _G', 'true  true  true' },
  { "local function f() return function() return v end end local g = setfenv(f, {v = 'inner'})() return g()", 'inner' },
  { 'pcall(setfenv, math.sin, {})', "false  'setfenv' cannot change environment of given object" },
  { 'pcall(getfenv, 100)', "false  bad argument #1 to '?' (invalid level)" },
  { "local f = loadstring('return function() return q end') setfenv(f, {q = 9}) return f()()", '9' },
  { 'local function outer() local e = {w = 4} setfenv(1, e) local function inner() return w end return inner() end return outer()', '4' },
  { "local function set(t) setfenv(2, t) end local function use() set{v = 'level'} return v end return use()", 'level' },
})

rows('debug', '', {
  { "debug.getinfo(1, 'l').currentline > 0, debug.getinfo(type).what, debug.getinfo(function() end, 'S').what, type(debug.traceback())", 'true  C  Lua  string' },
  { "debug.getinfo(1, 'S').short_src, debug.getinfo(type, 'S').source, debug.getinfo(loadstring('', '@x.lua'), 'S').source", 'row  =[C]  @x.lua' },
  { "debug.getinfo(100), pcall(debug.getinfo, 1, 'X')", "nil  false  bad argument #2 to '?' (invalid option)" },
  { [[debug.traceback('msg'):match('^msg\nstack traceback:\n') ~= nil, debug.traceback({}) ~= nil, debug.traceback(5):sub(1, 2)]], [[true  true  5
]] },
  { "local function f() return debug.getinfo(1, 'n').name end local r = f() return r", 'f' },
  { "debug.getmetatable('').__index == string, type(debug.getregistry())", 'true  table' },
  { 'local x = 1 local function f() return x end x = 2 return debug.getupvalue(f, 1), debug.setupvalue(f, 1, 5), f(), debug.getupvalue(f, 2)', 'x  x  5' },
  { "local info = debug.getinfo(function(a, b) end, 'u') return info.nups", '0' },
})

rows('modules', '', {
  { "package.loaded.string == string, package.loaded._G == _G, type(package.path), type(package.preload), require 'string' == string", 'true  true  string  table  true' },
  { "package.preload.mymod = function(name) return {name = name} end local m = require 'mymod' package.loaded.mymod = nil return m.name", 'mymod' },
  { "package.preload.once = function() n_once = (n_once or 0) + 1 end require 'once' require 'once' return n_once, package.loaded.once", '1  true' },
  { "(select(2, pcall(require, 'no.such.mod'))):match('^module .no%.such%.mod. not found:') ~= nil", 'true' },
  { "package.preload.bad = function() error('in module', 0) end return pcall(require, 'bad')", 'false  in module' },
  { "(select(2, pcall(function() require 'no.such.mod' end))):match '^row:%d+: module .no%.such%.mod. not found:' ~= nil", 'true' },
  { "pcall(function() require() end)", "false  row:9: bad argument #1 to 'require' (string expected, got no value)" },
  { "package.preload.ring = function() require 'ring' end return (select(2, pcall(require, 'ring')):gsub('\\n.*', ''))", "row:10: loop or previous error loading module 'ring'" },
})

rows('other', '', {
  { "type(nil), type(1), type('x'), type({}), type(print), type(coroutine.create(print)), type(true), pcall(type)", "nil  number  string  table  function  thread  boolean  false  bad argument #1 to '?' (value expected)" },
  { "rawget({5}, 1), rawset({}, 'a', 1).a, rawequal('a', 'a'), pcall(rawset, 1, 2, 3)", "5  1  true  false  bad argument #1 to '?' (table expected, got number)" },
  { "_VERSION, _G._G == _G, type(os.time()), type(os.clock()), os.getenv('NO_SUCH_VARIABLE')", 'Lua 5.1  true  number  number  nil' },
  { "collectgarbage('count') > 0, collectgarbage(), collectgarbage('step') ~= nil, pcall(collectgarbage, 'nope')", "true  0  true  false  bad argument #1 to '?' (invalid option 'nope')" },
  { 'type(newproxy()), type(newproxy(true)), getmetatable(newproxy(true)) ~= nil', 'userdata  userdata  true' },
  { "gcinfo() > 0, select('#', print == print)", 'true  1' },
  { "os.date('!%Y-%m-%d %H:%M:%S', 0), os.time{year = 2020, month = 1, day = 1, hour = 12} > 0, os.date('!*t', 86400).day", '1970-01-01 00:00:00  true  2' },
})

check.finish()
