-- What a policy of the DHCP server sees: two objects, `request` and `reply`, for the message that is being answered.
--
--   function on_discover(request, reply)
--     if request.options.vendor_class == 'toaster' then return false end
--     reply.lease_time = 600
--     reply.options.router = { '192.0.2.254' }
--   end
--
-- Both are views: they hold nothing, and mean nothing once the function has returned.

local host = require 'dhcpd.host'

local function view(get, set)
  return setmetatable({}, { __index = get, __newindex = set })
end

-- An object whose `options` are a view of their own.
local function with_options(options, get, set)
  return setmetatable({}, {
    __index = function(_, name)
      if name == 'options' then return options end
      return get(nil, name)
    end,
    __newindex = set,
  })
end

local function refused(_, name) error(("a request cannot be changed: '%s'"):format(tostring(name)), 2) end

-- request.type, .hardware, .client, .xid, .ciaddr, .giaddr, .hops, .secs, .broadcast, .subnet, .address (that it asks for)
local request = with_options(view(host.request_option, refused), host.request_field, refused)

-- reply.address, .lease_time, .renew_time, .rebind_time, .next_server, .server_name, .boot_file
local reply = with_options(view(host.reply_option, host.set_reply_option), host.reply_field, host.set_reply_field)

local function verdict(result, reason)
  if result == false then return reason and tostring(reason) or false end
  if result == 'nak' then return 'nak' end
end

-- Called by the server: nil to go on, false or a reason for silence, 'nak' for a refusal.
return function(name, buffer, length)
  local handler = _G[name]
  if handler then return verdict(handler(request, reply)) end
  -- As in the article: it changes the packet in place and says whether there is to be an answer.
  if callback then return callback(buffer, length) and 'callback' or false end
end
