-- A policy for real traffic: offers, confirms and takes back addresses from a pool, by DHCP message type.
-- The host calls callback(buf, len) for each message; it answers in place and returns what it did.

local ffi = require 'ffi'
local dhcp = require 'dhcp'

ffi.cdef 'int dhcp_message_type(const void *msg, size_t len);'

network = network or '192.168.77.'
first_host, last_host = first_host or 100, last_host or 199

local BOOTREQUEST, BOOTREPLY = 1, 2
local leases = {} -- address by hardware address
local free = {} -- addresses that nobody has, the next one last
local declined, oldest, newest = {}, 1, 0 -- a queue of addresses found in use by somebody

for host = last_host, first_host, -1 do free[#free + 1] = network .. host end

local function free_address()
  local address = table.remove(free)
  if address then return address end
  -- Nothing else is left: whoever had the oldest declined address may be gone.
  address, declined[oldest] = declined[oldest], nil
  if address then oldest = oldest + 1 end
  return address
end

local function lease(client)
  local address = leases[client] or free_address()
  leases[client] = address
  return address
end

local function release(client)
  local address = leases[client]
  leases[client] = nil
  if address then free[#free + 1] = address end
  return address
end

-- The client found the address in use: it is held back as long as there are others.
local function decline(client)
  local address = leases[client]
  leases[client] = nil
  if address then
    newest = newest + 1
    declined[newest] = address
  end
  return address
end

local function answer(msg, client)
  local address = lease(client)
  if not address then return 'no address left' end
  msg.op = BOOTREPLY
  msg:yiaddr(address)
end

local handlers = {
  [dhcp.type.DISCOVER] = function(msg, client) return answer(msg, client) or 'offered' end,
  [dhcp.type.REQUEST] = function(msg, client) return answer(msg, client) or 'confirmed' end,
  [dhcp.type.RELEASE] = function(_, client) return release(client) and 'released' or 'not leased' end,
  [dhcp.type.DECLINE] = function(_, client) return decline(client) and 'held back' or 'not leased' end,
  [dhcp.type.INFORM] = function(msg) msg.op = BOOTREPLY return 'informed' end,
}

function callback(buf, len)
  if len < dhcp.header_size then return 'too short' end
  local msg = ffi.cast('struct dhcp_msg *', buf)
  if msg.op ~= BOOTREQUEST then return 'no request' end
  local handle = handlers[ffi.C.dhcp_message_type(buf, len)]
  if not handle then return 'ignored' end
  return handle(msg, msg:hardware())
end

-- For the host: { { hardware = '02:00:...', address = '192.168.77.100' }, ... }, by address.
function lease_list()
  local list = {}
  for client, address in pairs(leases) do
    list[#list + 1] = { hardware = dhcp.colons(client), address = address }
  end
  table.sort(list, function(a, b) return a.address < b.address end)
  return list
end
