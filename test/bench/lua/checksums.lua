-- CRC-32 and a hash of 32 bits over strings, with the bit library.
local bit = require 'bit'
local band, bxor, rshift, lshift, rol, tobit = bit.band, bit.bxor, bit.rshift, bit.lshift, bit.rol, bit.tobit
local rounds = tonumber(arg and arg[1]) or 200

local remainders = {}
for i = 0, 255 do
  local value = i
  for _ = 1, 8 do value = bxor(rshift(value, 1), band(value, 1) == 1 and 0xedb88320 or 0) end
  remainders[i] = value
end

local function crc32(text)
  local value = -1
  for i = 1, #text do value = bxor(rshift(value, 8), remainders[band(bxor(value, text:byte(i)), 0xff)]) end
  return bit.bnot(value)
end

local function hash(text)
  local value = 0x5bd1e995
  for i = 1, #text do
    value = bxor(value, lshift(text:byte(i), i % 4 * 8))
    value = rol(value, 13)
    value = tobit(value + lshift(value, 2) + 0x6546b64)
  end
  return value
end

local text = ('The quick brown fox jumps over the lazy dog. '):rep(100)
local sum = 0
for _ = 1, rounds do sum = tobit(sum + crc32(text) + hash(text)) end
print(bit.tohex(crc32 '123456789'), bit.tohex(crc32(text)), bit.tohex(hash(text)), bit.tohex(sum))
