local ffi = require 'ffi'
ffi.cdef [[
typedef struct { double x, y; } point_t;
int snprintf(char *s, size_t n, const char *format, ...);
]]

local point
point = ffi.metatype('point_t', {
  __add = function(a, b) return point(a.x + b.x, a.y + b.y) end,
  __len = function(a) return math.sqrt(a.x * a.x + a.y * a.y) end,
  __tostring = function(a) return ('(%g, %g)'):format(a.x, a.y) end,
})

local a = point(3, 4)
print(#a, tostring(a + point(1, 1)), ffi.sizeof(a))

local text = ffi.new('char[?]', 16)
local length = ffi.C.snprintf(text, 16, '%08llx', 0x1234567890LL)
print(ffi.string(text), length, bit.tohex(bit.bxor(0xff, 0x0f)))
