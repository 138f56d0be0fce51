-- ffi.lua with yiaddr_set in Lua: reads the address and writes the bytes of the struct here, without a call into the host.
local ffi = require 'ffi'
local dhcp = require 'dhcp'
local address = '192.168.1.1'

blocked = {}
leases = {}

local DOT, ZERO, NINE = ('.09'):byte(1, 3)
local parsed = ffi.new 'uint8_t[4]'

local function refuse(text)
  error(("'%s' is no IPv4 address"):format(text), 3)
end

-- What inet_pton takes: four numbers up to 255 without leading zeros. The field keeps its bytes when the text is something else.
function yiaddr_set(msg, text)
  local length = #text
  local index, value, digits = 0, 0, 0
  for i = 1, length + 1 do
    local byte = i <= length and text:byte(i) or DOT
    if byte == DOT then
      if digits == 0 or index == 4 then refuse(text) end
      parsed[index] = value
      index, value, digits = index + 1, 0, 0
    else
      if byte < ZERO or byte > NINE or digits > 0 and value == 0 then refuse(text) end
      value, digits = value * 10 + byte - ZERO, digits + 1
      if value > 255 then refuse(text) end
    end
  end
  if index < 4 then refuse(text) end
  ffi.copy(msg._yiaddr, parsed, 4)
end

function callback(buf, len)
  if len < dhcp.header_size then return false end
  local msg = ffi.cast('struct dhcp_msg *', buf)
  if msg.op ~= dhcp.op.DISCOVER then return false end
  local chaddr = msg:chaddr()
  if blocked[chaddr] then return false end
  leases[chaddr] = address
  msg.op = dhcp.op.OFFER
  yiaddr_set(msg, address)
  return true
end
