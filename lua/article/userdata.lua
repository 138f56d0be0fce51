-- The packet as userdata with methods: buf:op() reads, buf:op(2) writes.
local DISCOVER, OFFER = 1, 2
local address = '192.168.1.1'

-- Hardware addresses that get no answer, and addresses given so far; keys are the 16 bytes of the field.
blocked = {}
leases = {}

function callback(buf)
  if buf:op() ~= DISCOVER then return false end
  local chaddr = buf:chaddr()
  if blocked[chaddr] then return false end
  leases[chaddr] = address
  buf:op(OFFER)
  buf:yiaddr(address)
  return true
end
