-- table.sort, with and without a function that compares; numbers, strings, tables.
local n = tonumber(arg and arg[1]) or 20000

local seed = 42
local function random()
  seed = (seed * 16807) % 2147483647
  return seed
end

local function checksum(list, key)
  local sum = 0
  for i = 1, #list do sum = (sum * 31 + key(list[i])) % 1000003 end
  return sum
end

local numbers, texts, records = {}, {}, {}
for i = 1, n do
  numbers[i] = random()
  texts[i] = ('item%d'):format(random())
  records[i] = { rank = random() % 1000, name = i }
end

table.sort(numbers)
print(checksum(numbers, function(v) return v end))
table.sort(numbers, function(a, b) return a > b end)
print(checksum(numbers, function(v) return v end))
table.sort(texts)
print(checksum(texts, function(v) return #v + v:byte(-1) end))
table.sort(records, function(a, b)
  if a.rank ~= b.rank then return a.rank < b.rank end
  return a.name < b.name
end)
print(checksum(records, function(v) return v.rank + v.name end))
