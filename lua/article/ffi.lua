-- The packet as a struct: the FFI reads and writes its fields in place.
local ffi = require 'ffi'
local dhcp = require 'dhcp'
local address = '192.168.1.1'

blocked = {}
leases = {}

function callback(buf, len)
  if len < dhcp.header_size then return false end
  local msg = ffi.cast('struct dhcp_msg *', buf)
  if msg.op ~= dhcp.op.DISCOVER then return false end
  local chaddr = msg:chaddr()
  if blocked[chaddr] then return false end
  leases[chaddr] = address
  msg.op = dhcp.op.OFFER
  msg:yiaddr(address)
  return true
end
