-- Pancake flips of all permutations of 1 to n: small arrays, indexed by numbers from themselves.
local n = tonumber(arg and arg[1]) or 9

local function flips_of(permutation, scratch)
  for i = 1, n do scratch[i] = permutation[i] end
  local flips = 0
  local first = scratch[1]
  while first ~= 1 do
    local i, j = 1, first
    while i < j do
      scratch[i], scratch[j] = scratch[j], scratch[i]
      i, j = i + 1, j - 1
    end
    flips = flips + 1
    first = scratch[1]
  end
  return flips
end

-- Permutations by rotating ever longer prefixes, each as often as it is long.
local permutation, turns, scratch = {}, {}, {}
for i = 1, n do permutation[i], turns[i] = i, 0 end
local checksum, most, count = 0, 0, 0
while true do
  local flips = flips_of(permutation, scratch)
  if flips > most then most = flips end
  checksum = checksum + (count % 2 == 0 and flips or -flips)
  count = count + 1
  local length = 2
  while length <= n do
    local first = permutation[1]
    for i = 1, length - 1 do permutation[i] = permutation[i + 1] end
    permutation[length] = first
    turns[length] = turns[length] + 1
    if turns[length] < length then break end
    turns[length] = 0
    length = length + 1
  end
  if length > n then break end
end
print(count, checksum, most)
