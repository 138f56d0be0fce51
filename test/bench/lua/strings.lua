-- Building strings: concatenation, table.concat, string.format, single characters.
local rounds = tonumber(arg and arg[1]) or 300

local total = 0
local function take(text)
  total = (total * 31 + #text + text:byte(1) + text:byte(-1)) % 1000003
end

for round = 1, rounds do
  local text = ''
  for i = 1, 300 do text = text .. i .. ',' end
  take(text)

  local parts = {}
  for i = 1, 300 do parts[#parts + 1] = ('%d=%5.2f;'):format(i, i / round) end
  take(table.concat(parts))

  local letters = {}
  for i = 1, #text do
    local byte = text:byte(i)
    letters[i] = string.char(byte == 44 and 32 or byte)
  end
  take(table.concat(letters))
  take(text:sub(10, -10):upper():reverse():rep(3, '-'))

  local words = {}
  for i = 1, 200 do words['key' .. i % 50] = (words['key' .. i % 50] or '') .. i end
  take(words.key7)
end
print(total)
