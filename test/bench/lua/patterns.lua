-- Taking text apart with patterns.
local rounds = tonumber(arg and arg[1]) or 200

local lines = {}
for i = 1, 100 do
  lines[i] = ('%d.%d.%d.%d - user%d [%02d/Nov/2026] "GET /path/%d/file%d.html?key=%d&other=%s HTTP/1.1" %d %d')
    :format(i % 256, i * 7 % 256, i * 13 % 256, i * 31 % 256, i % 10, i % 28 + 1, i, i % 5, i * 17, ('x'):rep(i % 7), 200 + i % 5, i * 1234 % 99999)
end
local text = table.concat(lines, '\n')

local bytes, statuses, keys, hosts, words, replaced = 0, {}, 0, {}, 0, 0
for _ = 1, rounds do
  for line in text:gmatch '[^\n]+' do
    local host, path, status, size = line:match '^(%S+) .-"%u+ (%S+) [^"]*" (%d+) (%d+)$'
    bytes = bytes + tonumber(size)
    statuses[status] = (statuses[status] or 0) + 1
    hosts[host] = true
    local query = path:match '%?(.*)$'
    for key, value in query:gmatch '(%w+)=(%w*)' do keys = keys + #key + #value end
    if line:find('file3', 1, true) then words = words + 1 end
  end
  local _, n = text:gsub('%d+', function(digits) return #digits > 2 and '#' end)
  replaced = replaced + n
  _, n = text:gsub('user(%d)', '<%1>')
  replaced = replaced + n
end
local count = 0
for _ in pairs(hosts) do count = count + 1 end
print(bytes, statuses['200'], keys, count, words, replaced)
