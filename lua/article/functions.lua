-- The same without metatables: functions of a table, applied to whatever the host passes.
local dhcp = dhcp
local DISCOVER, OFFER = 1, 2
local address = '192.168.1.1'

blocked = {}
leases = {}

function callback(buf)
  if dhcp.op(buf) ~= DISCOVER then return false end
  local chaddr = dhcp.chaddr(buf)
  if blocked[chaddr] then return false end
  leases[chaddr] = address
  dhcp.op(buf, OFFER)
  dhcp.yiaddr(buf, address)
  return true
end
