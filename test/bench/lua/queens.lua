-- Queens on a board: recursion over arrays of booleans.
local n = tonumber(arg and arg[1]) or 9

local columns, rising, falling = {}, {}, {}
local solutions = 0

local function place(row)
  if row > n then
    solutions = solutions + 1
    return
  end
  for column = 1, n do
    local up, down = row + column, row - column + n
    if not (columns[column] or rising[up] or falling[down]) then
      columns[column], rising[up], falling[down] = true, true, true
      place(row + 1)
      columns[column], rising[up], falling[down] = false, false, false
    end
  end
end

for i = 1, 2 * n do columns[i], rising[i], falling[i] = false, false, false end
place(1)
print(n, solutions)
