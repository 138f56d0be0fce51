-- Binary trees that are made, walked and dropped: allocation, recursion.
local depth = tonumber(arg and arg[1]) or 14

local function make(level)
  if level == 0 then return {} end
  return { make(level - 1), make(level - 1) }
end

local function count(tree)
  local left = tree[1]
  if not left then return 1 end
  return 1 + count(left) + count(tree[2])
end

local kept = make(depth)
for level = 4, depth, 4 do
  local rounds = 2 ^ (depth - level + 4)
  local nodes = 0
  for _ = 1, rounds do nodes = nodes + count(make(level)) end
  print(level, rounds, nodes)
end
print(count(kept))
