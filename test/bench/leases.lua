-- How many clients hold the one address that the article's scripts give.
local count = 0
for _, address in pairs(leases) do
  if address == '192.168.1.1' then count = count + 1 end
end
return count
