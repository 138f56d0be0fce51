-- Assertions for the files beside this one: Lua 5.1 as LuaJIT and every engine of cdef read it. A file begins
--
--   local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
--   local case, rows, eq, prints, raises = check.case, check.rows, check.eq, check.prints, check.raises
--
-- holds `case`s and `rows`, and ends with `check.finish()`. It prints TAP (a line for each case, then the plan) and fails when
-- a case failed. A failed assertion does not end its case.
local ffi = require 'ffi'
local check = {}

-- 'luajit', or the engine of cdef that runs the file.
check.engine = jit.version:match '^cdef on (.*)$' or 'luajit'

local count, failed = 0, 0
local asserted, problems = 0, {}

local function hide(text)
  return (text:gsub('0x%x+', 'ADDR'):gsub('(struct) %d+', '%1 N'):gsub('(union) %d+', '%1 N'):gsub('(enum) %d+', '%1 N'))
end

-- A value in one word: numbers in 14 digits, tables and functions by type; hidden are addresses and the numbers of unnamed types.
local function text(value)
  if type(value) == 'number' then return value ~= value and 'nan' or ('%.14g'):format(value) end
  if type(value) == 'table' or type(value) == 'function' then return type(value) end
  return hide(tostring(value))
end

local function line(...)
  local out = {}
  for i = 1, select('#', ...) do out[i] = text((select(i, ...))) end
  return table.concat(out, '  ')
end

-- A message without its position.
local function bare(message)
  return (tostring(message):gsub('^[^\n]-:%d+: ', ''))
end

local function problem(says)
  local level = 3
  -- The line in the file, not in here.
  while debug.getinfo(level, 'S') and debug.getinfo(level, 'S').source == debug.getinfo(1, 'S').source do level = level + 1 end
  local where = debug.getinfo(level, 'l')
  problems[#problems + 1] = (where and where.currentline > 0 and 'line ' .. where.currentline .. ': ' or '') .. says
end

local function same(got, expected)
  if type(got) ~= type(expected) then return false end
  if type(got) == 'cdata' then return ffi.typeof(got) == ffi.typeof(expected) and got == expected end
  return got == expected or (got ~= got and expected ~= expected)
end

local Like = {}

-- A pattern of Lua, where a text is expected.
function check.like(pattern)
  return setmetatable({ pattern = pattern }, Like)
end

local function matches(got, expected)
  if getmetatable(expected) == Like then return got:find(expected.pattern) ~= nil end
  return got == expected
end

local function wording(expected)
  return getmetatable(expected) == Like and 'like ' .. expected.pattern or tostring(expected)
end

-- The same value; of cdata also the same type.
function check.eq(got, expected)
  asserted = asserted + 1
  if not same(got, expected) then problem(('got %s %s, expected %s %s'):format(type(got), text(got), type(expected), text(expected))) end
end

-- `prints('5  cdata<int *>: NULL', value...)`: the values' texts, with two spaces between.
function check.prints(expected, ...)
  asserted = asserted + 1
  local got = line(...)
  if not matches(got, expected) then problem(('got "%s", expected "%s"'):format(got, wording(expected))) end
end

-- `raises('message', f, ...)`: calling `f` raises this message, apart from its position; `like` gives a pattern.
function check.raises(expected, f, ...)
  asserted = asserted + 1
  local raised, message = pcall(f, ...)
  if raised then return problem(('raised nothing, expected "%s"'):format(wording(expected))) end
  local got = hide(bare(message))
  if not matches(got, expected) then problem(('raised "%s", expected "%s"'):format(got, wording(expected))) end
end

local Mark = {}

-- A mark for a case that ENGINE cannot pass, or none of ours, which is 'cdef'. The reason ends with `: HEADING`, which docs/differences.md has.
function check.differs(engine, reason)
  local heading = reason:match ': ([^:]+)$' or error('differs: the reason names no heading of docs/differences.md', 2)
  local holds = check.engine == engine or engine == 'cdef' and check.engine ~= 'luajit'
  return setmetatable({ holds = holds, says = 'differs [' .. heading .. '] ' .. reason }, Mark)
end

-- A mark for a case of something that LuaJIT lacks.
function check.luajit_fails(reason)
  return setmetatable({ holds = check.engine == 'luajit', says = 'luajit fails: ' .. reason }, Mark)
end

-- A mark for a case of something that LuaJIT has since after its last beta, which distributions still carry.
function check.beta_fails(reason)
  return setmetatable({ holds = check.engine == 'luajit' and jit.version:find 'beta' ~= nil, says = 'luajit beta fails: ' .. reason }, Mark)
end

local function report(name, mark)
  count = count + 1
  local marked = mark and mark.holds
  if marked and #problems == 0 then problems = { 'passes, though marked: ' .. mark.says }
  elseif marked then problems = {} end
  local ok = #problems == 0
  if not ok then failed = failed + 1 end
  print(('%s %d - %s%s'):format(ok and 'ok' or 'not ok', count, name:gsub('%s+', ' '), marked and ' # ' .. mark.says or ''))
  for _, says in ipairs(problems) do print('  # ' .. says:gsub('\n', '\n  # ')) end
end

local function run(name, mark, f)
  asserted, problems = 0, {}
  local ok, message = pcall(f)
  if not ok then problems[#problems + 1] = 'raised ' .. tostring(message)
  elseif asserted == 0 then problems[#problems + 1] = 'asserted nothing' end
  report(name, mark)
end

-- `case('what holds', function() ... end)`, with a mark between the two where it needs one.
function check.case(name, mark, f)
  if f == nil then mark, f = nil, mark end
  run(name, mark, f)
end

-- LuaJIT names the function in an error only where its call is no tail call, hence `keep`.
local PRELUDE = "local ffi = require 'ffi' local C = ffi.C local function keep(...) return ... end "

-- `rows('what they show', 'setup', { { 'lua', 'what it prints' or 'error: message', mark }, ... })`: a case for each row. The setup runs once; its
-- locals are the rows'. A row is an expression list, or statements that return what is to print.
function check.rows(says, setup, list)
  local code = {}
  for i, row in ipairs(list) do
    local is_expression = loadstring(PRELUDE .. 'return keep(' .. row[1] .. ')')
    code[i] = is_expression and 'function() return keep(' .. row[1] .. ') end' or 'function() ' .. row[1] .. ' end'
  end
  local chunk, message = loadstring(PRELUDE .. setup .. '\nreturn {\n' .. table.concat(code, ',\n') .. '\n}', '=row')
  local ok, functions = pcall(chunk or error, not chunk and message or nil)
  for i, row in ipairs(list) do
    run(says .. ': ' .. row[1], row[3], function()
      if not ok then error(functions, 0) end
      local function outcome(fine, ...)
        if fine then return line(...) end
        return 'error: ' .. hide(bare((...)))
      end
      asserted = 1
      local got = outcome(pcall(functions[i]))
      if not matches(got, row[2]) then problems[1] = ('got "%s", expected "%s"'):format(got, wording(row[2])) end
    end)
  end
end

-- Ends the file.
function check.finish()
  print('1..' .. count)
  print(('# %d cases on %s, %d failed'):format(count, check.engine, failed))
  if failed > 0 then error(failed .. ' cases failed', 0) end
end

return check
