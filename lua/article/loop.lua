-- The event loop in Lua: the host only receives and sends. Runs until receive() has nothing more, and returns the
-- numbers of packets received and answered.
local ffi = require 'ffi'
require 'article.ffi'

ffi.cdef [[
int receive(char *buf, size_t size);
int send(const void *buf, size_t len);
]]

local C = ffi.C
local size = 1500

return function()
  local buf = ffi.new('char[?]', size)
  local received, answered = 0, 0
  while true do
    local len = C.receive(buf, size)
    if len < 0 then return received, answered end
    received = received + 1
    if callback(buf, len) then
      C.send(buf, len)
      answered = answered + 1
    end
  end
end
