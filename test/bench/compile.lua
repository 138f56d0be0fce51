-- Milliseconds of processor time that a KB of Lua takes to compile: the first time, and the median of ten more.
--
--   luajit compile.lua 'FILE FILE ...'
local compile = loadstring or load
local texts, length = {}, 0
for name in arg[1]:gmatch('%S+') do
  local file = assert(io.open(name, 'rb'))
  texts[#texts + 1] = file:read('*a')
  length = length + #texts[#texts]
  file:close()
end

local function measured()
  local start = os.clock()
  for i = 1, #texts do
    assert(compile(texts[i]))
  end
  return (os.clock() - start) * 1000 / (length / 1024)
end

local first, again = measured(), {}
for i = 1, 10 do
  again[i] = measured()
end
table.sort(again)
print(('%.3f %.3f'):format(first, again[5]))
