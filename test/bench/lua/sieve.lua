-- Primes by sieving an array of bytes of the ffi, and a histogram of their gaps in a struct.
local ffi = require 'ffi'
local limit = tonumber(arg and arg[1]) or 1000000

ffi.cdef 'struct gaps { uint32_t count[128]; uint32_t largest; };'
local composite = ffi.new('uint8_t[?]', limit + 1)
local gaps = ffi.new 'struct gaps'

for n = 2, math.floor(math.sqrt(limit)) do
  if composite[n] == 0 then
    for multiple = n * n, limit, n do composite[multiple] = 1 end
  end
end

local count, previous = 0, 2
for n = 2, limit do
  if composite[n] == 0 then
    count = count + 1
    local gap = n - previous
    if gap < 128 then gaps.count[gap] = gaps.count[gap] + 1 end
    if gap > gaps.largest then gaps.largest = gap end
    previous = n
  end
end
print(count, previous, gaps.largest, gaps.count[2], gaps.count[6])
