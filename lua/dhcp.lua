-- The DHCP header as a struct: fields by name, addresses as text, for LuaJIT and for cdef alike.
--
--   local ffi, dhcp = require 'ffi', require 'dhcp'
--   local msg = ffi.cast('struct dhcp_msg *', buf)
--   if msg.op == dhcp.op.DISCOVER then msg.op = dhcp.op.OFFER; msg:yiaddr('192.0.2.10') end

local ffi = require 'ffi'

ffi.cdef [[
struct __attribute__((packed)) dhcp_msg {
  uint8_t op, htype, hlen, hops;
  uint32_t xid;
  uint16_t secs, flags;
  char _ciaddr[4], _yiaddr[4], _siaddr[4], _giaddr[4];
  char _chaddr[16];
};

struct dhcp_op {
  static const int DISCOVER = 1, OFFER = 2;
};

struct dhcp_type {
  static const int DISCOVER = 1, OFFER = 2, REQUEST = 3, DECLINE = 4, ACK = 5, NAK = 6, RELEASE = 7, INFORM = 8;
};

void ciaddr_set(struct dhcp_msg *msg, const char *address);
void yiaddr_set(struct dhcp_msg *msg, const char *address);
void siaddr_set(struct dhcp_msg *msg, const char *address);
void giaddr_set(struct dhcp_msg *msg, const char *address);
]]

local C = ffi.C

local dhcp = {
  op = ffi.new 'struct dhcp_op',
  type = ffi.new 'struct dhcp_type',
  header_size = ffi.sizeof 'struct dhcp_msg',
}

-- Four bytes as '192.0.2.1'.
function dhcp.dotted(bytes)
  return ('%d.%d.%d.%d'):format(ffi.string(bytes, 4):byte(1, 4))
end

-- Bytes as '02:00:00:00:01:23'.
function dhcp.colons(bytes)
  return (bytes:gsub('.', function(byte) return (':%02x'):format(byte:byte()) end):sub(2))
end

-- msg:yiaddr() reads an address as text, msg:yiaddr('192.0.2.1') writes it.
local function address(field, set)
  return function(msg, text)
    if text == nil then return dhcp.dotted(msg[field]) end
    C[set](msg, text)
  end
end

ffi.metatype('struct dhcp_msg', {
  __index = {
    -- All 16 bytes of the field, as a key for tables.
    chaddr = function(msg) return ffi.string(msg._chaddr, 16) end,
    -- The hardware address itself; `hlen` comes from the network and may say anything.
    hardware = function(msg) return ffi.string(msg._chaddr, math.min(msg.hlen, 16)) end,
    ciaddr = address('_ciaddr', 'ciaddr_set'),
    yiaddr = address('_yiaddr', 'yiaddr_set'),
    siaddr = address('_siaddr', 'siaddr_set'),
    giaddr = address('_giaddr', 'giaddr_set'),
  },
})

return dhcp
