-- debug: what can be asked of functions.
local check = dofile(arg[0]:match '^.*/' .. '../lua/check.lua')
local rows, differs = check.rows, check.differs

rows('getinfo of a function', [[
  local up, up2 = 1, 2
  local function f(a, b, ...)
    local x = up
    up2 = 3
    if x then
      x = nil
    end
    while x do
      x = a
    end
  end
  local function fields(t)
    local out = {}
    for k, v in pairs(t) do out[#out + 1] = k .. '=' .. tostring(type(v) == 'function' and 'fn' or v) end
    table.sort(out)
    return table.concat(out, ' ')
  end
  local function lines(t)
    local out = {}
    for line in pairs(t.activelines) do out[#out + 1] = line end
    table.sort(out)
    return table.concat(out, ' ')
  end
]], {
  { "fields(debug.getinfo(f, 'S'))", 'lastlinedefined=11 linedefined=2 short_src=row source==row what=Lua' },
  { "fields(debug.getinfo(f, 'u')), fields(debug.getinfo(fields, 'u'))", 'isvararg=true nparams=2 nups=2  isvararg=false nparams=1 nups=0' },
  { "fields(debug.getinfo(f, 'ln')), fields(debug.getinfo(f, 'f'))", 'currentline=-1 namewhat=  func=fn' },
  { "lines(debug.getinfo(f, 'L'))", '3 4 5 6 8 9 11' },
  { "fields(debug.getinfo(rawget, 'S')), debug.getinfo(rawget, 'L').activelines", 'lastlinedefined=-1 linedefined=-1 short_src=[C] source==[C] what=C  nil' },
  { "fields(debug.getinfo(loadstring('return 1\\n\\n\\n', '=chunk'), 'S'))", 'lastlinedefined=4 linedefined=0 short_src=chunk source==chunk what=main' },
  { "debug.getinfo('x')", "error: bad argument #1 to 'getinfo' (function or level expected)" },
  { "debug.getinfo(1, 'X')", "error: bad argument #2 to 'getinfo' (invalid option)" },
  { "debug.getinfo(1, '>S')", "error: bad argument #2 to 'getinfo' (invalid option)" },
  { 'debug.getinfo(99), debug.getinfo(-1)', 'nil  nil' },
  { 'debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3)', 'a  b  nil' },
})

rows('getinfo of what runs', [[
  local function name() local i = debug.getinfo(2, 'n') return tostring(i.name) .. ' ' .. i.namewhat end
  local function here() local n = name() return n end
  local o = { m = here }
  function global() local n = name() return n end
]], {
  { 'local n = here() return n:match "%a+"', 'here' },
  { 'local n = o.m() return n', 'm field' },
  { 'local n = o:m() return n', 'm method' },
  { 'local n = global() return n', 'global global' },
  { 'local n = (function() local n = name() return n end)() return n', 'nil ' },
  { 'local t = debug.getinfo(1, "Sl") return t.what, t.currentline - t.linedefined', 'Lua  0' },
})

rows('the stack of a coroutine', [[
  local function stack(text) return (text:gsub('\n%s*%[C%][^\n]*', ''):gsub('\n%s*', '|')) end
  local function died(f)
    local co = coroutine.create(f)
    coroutine.resume(co)
    return co
  end
  local raises = died(function()
    local function inner() error 'dead' end
    inner()
    return 1
  end)
]], {
  { 'stack(debug.traceback(raises))', "stack traceback:|row:8: in function 'inner'|row:9: in function <row:7>" },
  { "stack(debug.traceback(raises, 'msg'))", "msg|stack traceback:|row:8: in function 'inner'|row:9: in function <row:7>" },
  { "stack(debug.traceback(raises, 'msg', 2))", 'msg|stack traceback:|row:9: in function <row:7>' },
  { 'debug.traceback(raises, nil), debug.traceback(nil)', 'nil  nil' },
  { "debug.getinfo(raises, 1, 'l').currentline, debug.getinfo(raises, 2, 'l').currentline, debug.getinfo(raises, 3)", '8  9  nil' },
  { 'debug.traceback(died(function() end)), debug.traceback(coroutine.create(print))', 'stack traceback:  stack traceback:' },
  { 'local co = coroutine.create(function() return (debug.traceback(coroutine.running())) end) return stack(select(2, coroutine.resume(co)))', 'stack traceback:|row:20: in function <row:20>' },
})

rows('coroutines that wait', [[
  local yield = coroutine.yield
  local function stack(text) return (text:gsub('\n\t?', '|')) end
  local function inner(x) local y = coroutine.yield(x) return y end
  local object = { method = function(self) return (yield(self)) end }
  local mt = setmetatable({}, { __index = function(_, k) return (coroutine.yield(k)) end })
  local function waiting(f, ...)
    local co = coroutine.create(f)
    coroutine.resume(co, ...)
    return co
  end
  local simple = waiting(function(a)
    local b = inner(a)
    return b
  end, 1)
  local function names(co)
    local out = {}
    for level = 0, 9 do
      local t = debug.getinfo(co, level, 'nSl')
      if t == nil then break end
      out[#out + 1] = ('%s %d %s'):format(t.what, t.currentline, tostring(t.name))
    end
    return table.concat(out, ', ')
  end
]], {
  { 'stack(debug.traceback(simple))', "stack traceback:|[C]: in function 'yield'|row:3: in function 'inner'|row:12: in function <row:11>" },
  { "stack(debug.traceback(simple, 'm'))", "m|stack traceback:|[C]: in function 'yield'|row:3: in function 'inner'|row:12: in function <row:11>" },
  { "stack(debug.traceback(simple, 'm', 0))", "m|stack traceback:|[C]: in function 'yield'|row:3: in function 'inner'|row:12: in function <row:11>" },
  { "stack(debug.traceback(simple, 'm', 1))", "m|stack traceback:|row:3: in function 'inner'|row:12: in function <row:11>" },
  { "stack(debug.traceback(simple, 'm', 2)), stack(debug.traceback(simple, 'm', 9))", 'm|stack traceback:|row:12: in function <row:11>  m|stack traceback:' },
  { 'names(simple)', 'C -1 yield, Lua 3 inner, Lua 12 nil' },
  { "debug.getinfo(simple, 0, 'n').namewhat, debug.getinfo(simple, 0, 'S').short_src", 'field  [C]' },
  -- Whoever looks changes nothing: it goes on where it was, with what it is given.
  { 'local co = waiting(function() return inner(1), (coroutine.yield(2)) end) for _ = 1, 3 do debug.traceback(co) end local a, b = coroutine.resume(co, 7) debug.traceback(co) return a, b, coroutine.status(co), coroutine.resume(co, 8)', 'true  2  suspended  true  7  8' },
  { 'local co = waiting(function() return inner(1), (coroutine.yield(2)) end) coroutine.resume(co, 7) return stack(debug.traceback(co))', "stack traceback:|[C]: in function 'yield'|row:34: in function <row:34>" },
  { 'local co = waiting(function() object:method() end) return stack(debug.traceback(co))', "stack traceback:|[C]: in function 'yield'|row:4: in function 'method'|row:35: in function <row:35>" },
  { 'local co = waiting(function() pcall(function() inner() end) end) return stack(debug.traceback(co))', "stack traceback:|[C]: in function 'yield'|row:3: in function 'inner'|row:36: in function <row:36>|[C]: in function 'pcall'|row:36: in function <row:36>" },
  { 'local co = waiting(function() pcall(inner) return (coroutine.yield()) end) debug.traceback(co) coroutine.resume(co) debug.traceback(co) return coroutine.resume(co, 5)', 'true  5' },
  { 'local function deep(n) if n == 0 then coroutine.yield() else deep(n - 1) end return 1 end local _, levels = debug.traceback(waiting(deep, 40)):gsub("deep", "") return levels > 10', 'true' },
  { 'local co = waiting(function() for k in coroutine.wrap(function() coroutine.yield(1) end) do coroutine.yield(k) end end) return names(co)', 'C -1 yield, Lua 39 nil' },
  { 'local co = waiting(function() debug.traceback(coroutine.running()) coroutine.yield() end) return coroutine.status(co), coroutine.resume(co)', 'suspended  true' },
  { 'local co = waiting(function() return mt.key end) return debug.getinfo(co, 1, "l").currentline, debug.getinfo(co, 2, "l").currentline', '5  41' },
})

rows('upvalues', [[
  local a, b = 1, 2
  local function f() a = a + 1 return a, b end
  local function g() return b, a end
]], {
  { 'debug.getupvalue(f, 1)', 'a  1' },
  { 'debug.getupvalue(g, 1)', 'b  2' },
  { "select('#', debug.getupvalue(f, 9)), select('#', debug.setupvalue(f, 9, 1))", '0  0' },
  { 'debug.setupvalue(f, 1, 10), a, (f())', 'a  10  11' },
  { 'debug.upvalueid(f, 1) == debug.upvalueid(g, 2), type(debug.upvalueid(f, 1))', 'true  userdata' },
  { 'pcall(debug.upvalueid, f, 9)', 'false  bad argument #2 to \'?\' (index out of range)' },
  { 'debug.upvalueid(f, 2) == debug.upvalueid(g, 1)', 'true', differs('cdef', 'has no identity: The library of the jit engine') },
  { 'debug.setupvalue(f, 2, 20)', 'b', differs('cdef', 'is never assigned to: The library of the jit engine') },
})

check.finish()
