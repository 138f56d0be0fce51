local ffi = require 'ffi'
ffi.cdef 'struct header { be16_t length; be32_t id; } __attribute__((packed));'
local header = ffi.new('struct header', 2, 3)
print(header.id, ffi.string(header, 6):byte(1, 6))
