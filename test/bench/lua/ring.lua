-- Coroutines in a ring that pass a token on.
local laps = tonumber(arg and arg[1]) or 2000

local size = 100
local function member(number)
  return coroutine.wrap(function(token)
    local passed = 0
    while true do
      passed = passed + 1
      token = coroutine.yield((token * 31 + number) % 65537, passed)
    end
  end)
end

local ring = {}
for i = 1, size do ring[i] = member(i) end
local token, passed = 1, 0
for _ = 1, laps do
  for i = 1, size do token, passed = ring[i](token) end
end

local function numbers(to)
  return coroutine.wrap(function() for i = 1, to do coroutine.yield(i) end end)
end

local sum = 0
for i = 1, laps do for n in numbers(10) do sum = sum + n * i end end
print(token, passed, sum)
