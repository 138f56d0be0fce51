-- Products of matrices, as tables of rows.
local n = tonumber(arg and arg[1]) or 120

local function matrix(f)
  local rows = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do row[j] = f(i, j) end
    rows[i] = row
  end
  return rows
end

local function product(a, b)
  local columns = matrix(function(i, j) return b[j][i] end)
  local result = {}
  for i = 1, n do
    local row, left = {}, a[i]
    for j = 1, n do
      local sum, column = 0, columns[j]
      for k = 1, n do sum = sum + left[k] * column[k] end
      row[j] = sum
    end
    result[i] = row
  end
  return result
end

local a = matrix(function(i, j) return (i - j) * (i + j) / n / n end)
local b = matrix(function(i, j) return (i == j and 1 or 0) + 1 / (i + j) end)
local c = a
for _ = 1, 4 do c = product(c, b) end
print(('%.9g %.9g %.9g'):format(c[1][1], c[1][n], c[n][1]))
