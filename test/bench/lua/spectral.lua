-- The largest singular value of an infinite matrix, by power iteration: arithmetic in nested loops that call a small function.
local n = tonumber(arg and arg[1]) or 300

local function element(i, j)
  local k = i + j
  return 1 / ((k - 2) * (k - 1) / 2 + i)
end

local function times(from, to)
  for i = 1, n do
    local sum = 0
    for j = 1, n do sum = sum + element(i, j) * from[j] end
    to[i] = sum
  end
end

local function transposed_times(from, to)
  for i = 1, n do
    local sum = 0
    for j = 1, n do sum = sum + element(j, i) * from[j] end
    to[i] = sum
  end
end

local u, v, between = {}, {}, {}
for i = 1, n do u[i] = 1 end
for _ = 1, 10 do
  times(u, between) transposed_times(between, v)
  times(v, between) transposed_times(between, u)
end
local uv, vv = 0, 0
for i = 1, n do uv, vv = uv + u[i] * v[i], vv + v[i] * v[i] end
print(('%.9f'):format(math.sqrt(uv / vv)))
