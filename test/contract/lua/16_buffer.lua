-- string.buffer.
local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, raises, differs = check.case, check.rows, check.eq, check.raises, check.differs

local SETUP = [[
  local buffer = require 'string.buffer'
  local function hex(s) return (tostring(s):gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
  local function shape(v)
    if type(v) ~= 'table' then return tostring(v) end
    local out = {}
    for k, x in pairs(v) do out[#out + 1] = tostring(k) .. '=' .. shape(x) end
    table.sort(out)
    return '{' .. table.concat(out, ' ') .. '}'
  end
  local function trip(v) return shape(buffer.decode(buffer.encode(v))) end
  local b = buffer.new()
]]

rows('a buffer', SETUP, {
  { 'type(b), tostring(b), #b, getmetatable(b), require "string.buffer" == buffer', 'userdata    0  buffer  true' },
  { "b:put('a', 1, 2.5, '\\0') == b, hex(b), #b", 'true  6131322e3500  6' },
  { "b:reset():put('abc'):put(setmetatable({}, {__tostring = function() return 'TS' end})):tostring()", 'abcTS' },
  { "b:reset():put(buffer.new():put('other')):put('!'):get()", 'other!' },
  { "b:reset():putf('%d-%s %5.2f', 5, 'x', 1.5):get()", '5-x  1.50' },
  { "b:set('hello world'):get(5), b:get(1), b:get(0), b:get(100), #b", 'hello       world  0' },
  { "b:set('abcdef') return b:get(1, 2, nil)", 'a  bc  def' },
  { "b:set('abcdef'):skip(2):get(), b:set('abc'):skip(10):get()", 'cdef  ' },
  { "local n = 0 for i = 1, 1000 do b:put(i, ',') end while #b > 0 do n = n + #b:get(7) end return n", '3893' },
  { "b:set('x') return b .. 'y', 'y' .. b, b .. b, b .. 1", 'xy  yx  xx  x1' },
  { "b:set('x'):free():put('again'):tostring()", 'again' },
  { 'b == b, b == buffer.new(), b.foo', 'true  false  nil' },
  { "buffer.new(100):put('x'):tostring(), #buffer.new({}), #buffer.new(10, {}), #buffer.new(nil)", 'x  0  0  0' },
  { "local t = {} for i = 1, 5 do t[i] = b:reset():put(i):put(i * 2):get() end return table.concat(t, ' ')", '12 24 36 48 510' },
})

rows('memory of a buffer', SETUP, {
  { 'local p, n = b:reserve(10) return ffi.typeof(p), n >= 10, #b', 'ctype<unsigned char *>  true  0' },
  { "local p = b:reserve(10) ffi.copy(p, 'abcdefghij', 10) return b:commit(5) == b, b:tostring()", 'true  abcde' },
  { "b:set('abc') local p, n = b:ref() return ffi.string(p, n), n, p[1]", 'abc  3  98' },
  { 'local p, n = buffer.new():ref() return p == nil, n', 'true  0' },
  { "b:reset():putcdata(ffi.cast('const char *', 'xyz'), 2):putcdata(ffi.new('int[2]', 65, 66), 8):tostring():gsub('%z', '.')", 'xyA...B...  6' },
  { "local a = ffi.new('char[4]', 'wxyz') b:set(a, 4) a[0] = 65 local seen = b:tostring() b:put('!') a[0] = 66 return seen, b:tostring(), ffi.string(a, 4)", 'Axyz  Axyz!  Bxyz' },
  { "local n = 0 for i = 1, 100 do local p, room = b:reserve(i) for k = 0, i - 1 do p[k] = k end b:commit(i) n = n + #b:get() end return n", '5055' },
})

rows('wrong arguments', SETUP, {
  { 'b:put(nil)', "error: bad argument #1 to 'put' (string/number/__tostring expected, got nil)" },
  { 'b:put({})', "error: bad argument #1 to 'put' (string/number/__tostring expected, got table)" },
  { "b:put('x', b)", "error: bad argument #2 to 'put' (cannot put buffer into itself)" },
  { 'b.put(1)', "error: bad argument #1 to 'put' (buffer expected, got number)" },
  { 'b.get()', "error: bad argument #1 to 'get' (buffer expected, got no value)" },
  { 'b:get(-1)', "error: bad argument #1 to 'get' (number out of range)" },
  { "b:get('x')", "error: bad argument #1 to 'get' (number expected, got string)" },
  { 'b:skip(-1)', "error: bad argument #1 to 'skip' (number out of range)" },
  { 'b:skip()', "error: bad argument #1 to 'skip' (number expected, got no value)" },
  { 'b:reserve(2^32)', "error: bad argument #1 to 'reserve' (number out of range)" },
  { "b:put('x'):reserve(2^31 - 256)", 'error: not enough memory' },
  { 'b:reserve(10) b:commit(1000)', "error: bad argument #1 to 'commit' (number out of range)" },
  { 'b:set(5)', "error: bad argument #1 to 'set' (string expected, got number)" },
  { "b:set(ffi.new('char[2]'))", "error: bad argument #2 to 'set' (number expected, got no value)" },
  { "b:putcdata('x', 1)", "error: bad argument #1 to 'putcdata' (cdata expected, got string)" },
  { 'buffer.new(-1)', "error: bad argument #1 to 'new' (number out of range)" },
  { 'buffer.new(1, 2)', "error: bad argument #2 to 'new' (table expected, got number)" },
  { 'buffer.encode()', "error: bad argument #1 to 'encode' (value expected)" },
  { 'buffer.decode(5)', "error: bad argument #1 to 'decode' (string expected, got number)" },
  { 'buffer.new({dict = {1}})', 'error: bad options table' },
  { 'b.x = 1', check.like '^error: attempt to index .*userdata value' },
})

rows('serialization', SETUP, {
  { 'hex(buffer.encode(nil)), hex(buffer.encode(false)), hex(buffer.encode(true))', '00  01  02' },
  { 'hex(buffer.encode(1)), hex(buffer.encode(-1.5))', '07000000000000f03f  07000000000000f8bf' },
  { "hex(buffer.encode('')), hex(buffer.encode('abc')), hex(buffer.encode(('x'):rep(300)):sub(1, 5))", '20  23616263  e06c787878' },
  { "hex(buffer.encode(('x'):rep(10000)):sub(1, 11))", 'ff30270000787878787878' },
  { 'hex(buffer.encode({})), hex(buffer.encode({true, false})), hex(buffer.encode({a = true}))', '08  0c030201  0901216102' },
  { 'hex(buffer.encode({true, a = false}))', '0d020102216101' },
  { 'hex(buffer.encode(1LL)), hex(buffer.encode(-1LL)), hex(buffer.encode(2ULL)), hex(buffer.encode(1i))', '100100000000000000  10ffffffffffffffff  110200000000000000  120000000000000000000000000000f03f' },
  { "trip(nil), trip(0.1), trip('a\\0b') == 'a\\0b', trip(-0), trip(1/0), trip(0/0)", 'nil  0.1  true  -0  inf  nan' },
  { "trip{1, 2, {x = {}, y = 'z'}, n = 5, [2.5] = true, [-1] = 'neg'}", '{-1=neg 1=1 2.5=true 2=2 3={x={} y=z} n=5}' },
  { 'trip{1, nil, 3}, trip{[0] = 1, 2}', '{1=1 3=3}  {0=1 1=2}' },
  { 'trip(5LL), trip(6ULL), trip(7i), ffi.typeof(buffer.decode(buffer.encode(5LL)))', '5LL  6ULL  0+7i  ctype<int64_t>' },
  { "b:reset():encode(1):encode('two'):encode({3}) return b:decode(), b:decode(), b:decode()[1], #b", '1  two  3  0' },
  { "shape(buffer.decode('\\6\\255\\255\\255\\255')), shape(buffer.decode('\\10\\2\\1\\2')), shape(buffer.decode('\\12\\2\\2'))", '-1  {0=false 1=true}  {1=true}' },
  { 'local t = {} for i = 1, 99 do t = {t} end return #buffer.encode(t) > 99, pcall(buffer.encode, {t})', 'true  false  too deep to serialize' },
  { 'local t = {} t.t = t buffer.encode(t)', 'error: too deep to serialize' },
  { 'buffer.encode(print)', "error: cannot serialize 'function'" },
  { 'buffer.encode({coroutine.create(print)})', "error: cannot serialize 'thread'" },
  { "buffer.encode(ffi.new('int[2]'))", "error: cannot serialize 'cdata'" },
  { 'buffer.encode(b)', "error: cannot serialize 'userdata'" },
  { "buffer.decode('')", 'error: unexpected end of buffer' },
  { "buffer.decode('\\7abc')", 'error: unexpected end of buffer' },
  { "buffer.decode('\\12\\5')", 'error: unexpected end of buffer' },
  { "buffer.decode('\\12\\255\\255\\255\\255\\127')", check.like '^error: ' },
  { "buffer.decode('\\1\\1')", 'error: left-over data in buffer' },
  { "buffer.decode('\\30')", 'error: cannot deserialize tag ADDR' },
  { "buffer.decode('\\15\\0')", 'error: cannot deserialize dictionary index 1' },
  { "buffer.decode('\\9\\1\\0\\0')", 'error: table index is nil' },
})

rows('dictionaries', SETUP .. [[
  local mt = {}
  local options = { dict = { 'foo', 'bar' }, metatable = { mt } }
]], {
  { "hex(buffer.new(options):encode({bar = 'foo'}))", '09010f0123666f6f' },
  { 'hex(buffer.new(options):encode(setmetatable({true}, mt))), hex(buffer.new(options):encode(setmetatable({true}, {})))', '0e000c0202  0c0202' },
  { "local x = buffer.new(options):encode({setmetatable({foo = 1}, mt), baz = 'bar'}) local t = x:decode() return getmetatable(t[1]) == mt, t[1].foo, t.baz, #x", 'true  1  bar  0' },
  { 'buffer.new():put(buffer.new(options):encode({foo = 1})):decode()', 'error: cannot deserialize dictionary index 1' },
})

case('a buffer is no string to the string library', function()
  local buffer = require 'string.buffer'
  raises(check.like "^bad argument #1 to '.*' %(string expected, got userdata%)", string.rep, buffer.new(), 2)
  eq(tostring(buffer.new():put 'text'), 'text')
end)

check.finish()
