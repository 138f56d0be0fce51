local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, rows, eq, raises, differs = check.case, check.rows, check.eq, check.raises, check.differs
local ffi = require 'ffi'

rows('numbers and pointers', '', {
  { "ffi.cast('uintptr_t', ffi.cast('void *', -1))", '18446744073709551615ULL' },
  { "ffi.cast('intptr_t', ffi.cast('void *', -1))", '-1LL' },
  { "ffi.cast('void *', -1) == ffi.cast('void *', -1LL)", 'true' },
  { "ffi.cast('void *', -1) == ffi.cast('void *', -1ULL)", 'true' },
  { "ffi.cast('uint64_t', ffi.cast('void *', 0xdeadbeefcafebabeULL))", '16045690984503098046ULL', differs('cdef', 'an address is a double: The ffi so far') },
  { "ffi.cast('uint64_t', ffi.cast('void *', 0x123456789abcULL))", '20015998343868ULL' },
  { "ffi.cast('uint64_t', ffi.cast('char *', -1) + 1)", '0ULL' },
  { "ffi.cast('int64_t', ffi.cast('char *', 0) - 1)", '-1LL' },
  { "ffi.cast('char *', 0) - 1 == ffi.cast('char *', -1)", 'true' },
  { "ffi.cast('char *', -1) - ffi.cast('char *', 1)", '-2' },
  { "ffi.cast('uint32_t', ffi.cast('void *', -1)) + 0", '4294967295LL' },
  { "ffi.cast('int', ffi.cast('void *', -1)) + 0", '-1LL' },
  { "ffi.cast('int', ffi.cast('void *', 0x12345678)) + 0", '305419896LL' },
  { "ffi.cast('void *', 1.9) == ffi.cast('void *', 1)", 'true' },
  { "ffi.cast('intptr_t', ffi.cast('void *', 0 / 0))", '-9223372036854775808LL' },
  { "ffi.cast('intptr_t', ffi.cast('void *', 2 ^ 63))", '-9223372036854775808LL' },
  { "ffi.cast('intptr_t', ffi.cast('void *', -2 ^ 63))", '-9223372036854775808LL' },
  { "ffi.cast('int *', ffi.new('int8_t', -1)) == ffi.cast('int *', -1)", 'true' },
  { "ffi.cast('int *', ffi.new('uint32_t', -1)) == ffi.cast('int *', 0xffffffff)", 'true' },
  { "ffi.cast('intptr_t', nil)", '0LL' },
  { "ffi.cast('void *', nil) == nil", 'true' },
  { "ffi.cast('void *', 0) == nil", 'true' },
})

rows('pointers in memory are those that were stored', "local a = ffi.new('int[4]', 1, 2, 3, 4) local s = ffi.new('struct { int *p; void *v; const char *t; uintptr_t n; }')", {
  { 's.p = a return s.p == a, s.p[2]', 'true  3' },
  { 's.p = a + 1 return s.p[0], s.p - a', '2  1' },
  { "s.v = a return ffi.cast('int *', s.v)[3]", '4' },
  { "s.p = a return ffi.cast('intptr_t', s.p) == ffi.cast('intptr_t', a)", 'true' },
  { "s.n = ffi.cast('uintptr_t', a) return ffi.cast('int *', s.n) == a, ffi.cast('int *', s.n)[1]", 'true  2' },
  { "s.n = ffi.cast('uintptr_t', a) + 4 return ffi.cast('int *', s.n)[0]", '2' },
  { "s.p = a return ffi.cast('uintptr_t *', s)[0] == ffi.cast('uintptr_t', a)", 'true' },
  { "ffi.cast('uintptr_t *', s)[0] = ffi.cast('uintptr_t', a + 2) return s.p[0]", '3' },
  { "s.p = nil return s.p == nil, ffi.cast('uintptr_t *', s)[0]", 'true  0ULL' },
  { "local p = ffi.new('int *[2]', a, a + 1) return p[0][0], p[1][0]", '1  2' },
  { "local p = ffi.new('int *[1]', { a }) local pp = ffi.new('int **[1]', p) return pp[0][0][3]", '4' },
  { "local t = ffi.new('void *[1]', a) return t[0] == ffi.cast('void *', a)", 'true' },
  { "tostring(ffi.cast('int *', a)) == tostring(ffi.cast('int *', a))", 'true' },
  { "tostring(a + 0):match '0x%x+' == tostring(a):match '0x%x+'", 'true' },
  { "ffi.cast('intptr_t', a + 1) - ffi.cast('intptr_t', a)", '4LL' },
  { "ffi.cast('intptr_t', a) % 4", '0LL' },
  { "local d = ffi.new 'double' return ffi.cast('intptr_t', ffi.new 'double[1]' + 0) % 8", '0LL' },
})

rows('references alias', "local u = ffi.new('union { int i; unsigned char b[4]; float f; struct { short lo, hi; } h; }') local n = ffi.new('struct { struct { int x; int a[2]; } in11; }')", {
  { 'u.i = 0x01020304 return u.b[0], u.b[3], u.h.lo, u.h.hi', '4  1  772  258' },
  { 'u.f = 1 return u.i == 0x3f800000', 'true' },
  { 'local b = u.b u.i = 7 return b[0]', '7' },
  { 'local h = u.h h.lo, h.hi = 1, 2 return u.i', '131073' },
  { 'local r = n.in11 r.x = 5 return n.in11.x', '5' },
  { 'local r = n.in11.a r[1] = 6 return n.in11.a[1]', '6' },
  { "local r = ffi.cast('int &', n) n.in11.x = 9 return tonumber(r)", '9' },
  { "local p = ffi.cast('char *', n) p[0] = 77 return n.in11.x % 256", '77' },
  { "local rows = ffi.new('int[2][2]') local row = rows[1] row[0] = 8 return rows[1][0]", '8' },
  { "local c = ffi.new('struct { complex z; int64_t q; }') local q = c.q c.q = 5 return q, c.q", '0LL  5LL' },
})

rows('strings stay what they were', '', {
  { "local s = 'text' local p = ffi.cast('const char *', s) return ffi.string(p), p[0], p[4]", 'text  116  0' },
  { "local s = 'a\\0b' local p = ffi.cast('const char *', s) return ffi.string(p, 3) == 'a\\0b'", 'true' },
  { "local buf = ffi.new('char[4]', 'abc') local s = ffi.string(buf) buf[0] = 65 return s, ffi.string(buf)", 'abc  Abc' },
  { "local s = 'text' local t = ffi.new('struct { const char *t; }', s) return ffi.string(t.t)", 'text' },
  { "local s = 'text' local t = ffi.new('const char *[2]', s, s) return t[0] == t[1]", 'true', differs('cdef', 'the bytes of a string are copied for C: Memory is safe') },
  { "local p = ffi.new 'const char *[1]' local s = ('x'):rep(10) p[0] = s return #ffi.string(p[0])", '10' },
})

case('a finalizer is called with its cdata, after it is gone', function()
  local seen = {}
  do
    local s = ffi.gc(ffi.new('struct { int x; }', 5), function(s) seen[#seen + 1] = s.x end)
    s = nil
  end
  -- The slot of the local may hold the cdata yet.
  local _ = { 1, 2, 3 }
  collectgarbage()
  collectgarbage()
  eq(#seen, 1)
  eq(seen[1], 5)
end)

case('finalizers run at a collection, each once', function()
  local sum = 0
  for i = 1, 100 do ffi.gc(ffi.new('int[1]', i), function(c) sum = sum + c[0] end) end
  local _ = { 1, 2, 3 }
  collectgarbage()
  collectgarbage()
  eq(sum, 5050)
  collectgarbage()
  eq(sum, 5050)
end)

case('__gc of a metatype runs at a collection', function()
  local sum = 0
  local type = ffi.metatype('struct { int x; }', { __gc = function(s) sum = sum + s.x end })
  for _ = 1, 10 do type(1) end
  collectgarbage()
  collectgarbage()
  eq(sum, 10)
end)

case('what a function that is gone held is finalized', function()
  local count = 0
  local function make()
    local held = ffi.gc(ffi.new 'int[1]', function() count = count + 1 end)
    return function() return held[0] end
  end
  local f = make()
  collectgarbage()
  eq(count, 0)
  eq(f(), 0)
  f = nil
  collectgarbage()
  collectgarbage()
  eq(count, 1)
end)

case('a finalizer may keep its cdata', function()
  local saved
  do ffi.gc(ffi.new('int[1]', 7), function(c) saved = c end) end
  local _ = { 1, 2, 3 }
  collectgarbage()
  collectgarbage()
  eq(saved and saved[0], 7)
end)

case('weak tables lose what is gone at a collection', function()
  local held = {}
  local function size(t)
    local count = 0
    for _ in pairs(t) do count = count + 1 end
    return count
  end
  local keys = setmetatable({}, { __mode = 'k' })
  local values = setmetatable({}, { __mode = 'v' })
  local both = setmetatable({}, { __mode = 'kv' })
  local function fill()
    keys[{}], keys[held], keys.name = 1, 2, {}
    values[1], values[2], values.name, values.number = {}, held, 'text', 5
    both[{}], both[1], both[held] = held, {}, held
  end
  fill()
  collectgarbage()
  eq(size(keys), 2)
  eq(keys[held], 2)
  eq(size(values), 3)
  eq(values[2], held)
  eq(size(both), 1)
end)

case('a finalizer that was taken back is not called', function()
  local count = 0
  for _ = 1, 10 do
    local p = ffi.gc(ffi.new 'int[1]', function() count = count + 1 end)
    ffi.gc(p, nil)
  end
  collectgarbage()
  collectgarbage()
  eq(count, 0)
end)

case('what has a finalizer and is held is not finalized', function()
  local count = 0
  local held = ffi.gc(ffi.new 'int[1]', function() count = count + 1 end)
  collectgarbage()
  collectgarbage()
  eq(count, 0)
  eq(held[0], 0)
  ffi.gc(held, nil)
end)

case('ffi.gc answers its cdata, for any callable finalizer', function()
  local p = ffi.new 'int[1]'
  eq(rawequal(ffi.gc(p, print), p), true)
  eq(rawequal(ffi.gc(p, setmetatable({}, { __call = function() end })), p), true)
  eq(rawequal(ffi.gc(p, nil), p), true)
end)

case('memory is there as long as something refers to it', function()
  local a = ffi.new('int[1000]', 7)
  local anchors = { a }
  local p = ffi.cast('int *', a)
  a = nil
  for _ = 1, 100 do
    local _ = ffi.new 'char[10000]'
  end
  collectgarbage()
  eq(p[999], 7)
  eq(#anchors, 1)
end)

-- The last case: nothing can be declared after it.
case('types are never freed, and there are not endlessly many', function()
  local message
  local made = 0
  for i = 1, 65536 do
    local ok, answer = pcall(ffi.typeof, 'struct {}')
    if not ok then
      message = answer
      break
    end
    made = i
  end
  eq(made > 20000, true)
  eq(message, 'table overflow')
  raises('table overflow', ffi.cdef, 'struct last11;')
  eq(ffi.sizeof 'int', 4)
end)

check.finish()
