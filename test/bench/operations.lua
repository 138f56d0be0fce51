-- Nanoseconds of the processor for single operations of the ffi, the least of six rounds:
--
--   luajit -joff test/bench/operations.lua
--   node dist/node/cli.js run --engine jit test/bench/operations.lua [PART OF A NAME]
local ffi = require 'ffi'
local only = ...
local COUNT, ROUNDS = 200000, 6

ffi.cdef [[ typedef struct { double x, y; } point; typedef struct { int64_t wide; } record; ]]
local point = ffi.typeof 'point'
local vector = ffi.metatype('struct { double x, y; }', {
  __add = function(a) return a end,
  __index = { width = function(self) return self.x end },
})
local ints, text, other = ffi.new 'int[1024]', ffi.new('char[32]', 'sixteen letters.'), ffi.new 'char[32]'
local p = ffi.cast('int *', ints)
local q = p + 5

local function loop(body)
  return loadstring(([[
    local ffi, point, vector, ints, text, other, p, q = ...
    local a, b, wide, record = vector(1, 2), vector(3, 4), 1LL, ffi.new 'record'
    return function(count) local it for i = 1, count do %s end return it end]]):format(body))(ffi, point, vector, ints, text, other, p, q)
end

local operations = {
  { 'nothing', 'it = i' },
  { 'cast to a pointer', "it = ffi.cast('int *', ints)" },
  { 'string of 16 bytes', 'it = ffi.string(text, 16)' },
  { 'copy 4 bytes', 'ffi.copy(other, text, 4)' },
  { 'copy a string', "ffi.copy(other, 'string')" },
  { 'fill 32 bytes', 'ffi.fill(other, 32)' },
  { 'new struct by ctype', 'it = point()' },
  { 'with two numbers', 'it = point(1, 2)' },
  { 'with a table', 'it = point { x = 1, y = 2 }' },
  { "ffi.new('point', 1, 2)", "it = ffi.new('point', 1, 2)" },
  { 'int64 + int64', 'wide = wide + 3LL' },
  { 'int64 + number', 'wide = wide + i' },
  { 'int64 * int64', 'wide = wide * 3LL' },
  { 'int64 < int64', 'it = wide < 7LL' },
  { 'int64 == int64', 'it = wide == 7LL' },
  { 'int64 field + 1', 'record.wide = record.wide + 1' },
  { 'pointer == nil', 'it = p == nil' },
  { 'pointer == pointer', 'it = p == q' },
  { 'pointer < pointer', 'it = p < q' },
  { 'pointer + number', 'it = p + 7' },
  { 'pointer - pointer', 'it = q - p' },
  { 'pointer[number]', 'it = p[7]' },
  { '__add of a metatype', 'it = a + b' },
  { 'method of a metatype', 'it = a:width()' },
}

for _, operation in ipairs(operations) do
  local name, run = operation[1], loop(operation[2])
  if only == nil or name:find(only, 1, true) then
    local best = math.huge
    for _ = 1, ROUNDS do
      local start = os.clock()
      run(COUNT)
      best = math.min(best, os.clock() - start)
    end
    print(('%-24s %6.0f'):format(name, best / COUNT * 1e9))
  end
end
