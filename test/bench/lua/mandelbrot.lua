-- The Mandelbrot set: floating-point arithmetic in local variables.
local size = tonumber(arg and arg[1]) or 200

local inside, rows = 0, {}
for y = 0, size - 1 do
  local ci = 2 * y / size - 1
  local bits = 0
  for x = 0, size - 1 do
    local cr = 2 * x / size - 1.5
    local zr, zi, count = 0, 0, 0
    while count < 50 do
      local r2, i2 = zr * zr, zi * zi
      if r2 + i2 > 4 then break end
      zi = 2 * zr * zi + ci
      zr = r2 - i2 + cr
      count = count + 1
    end
    if count == 50 then
      inside = inside + 1
      bits = (bits * 2 + x) % 65521
    end
  end
  rows[#rows + 1] = bits
end
local checksum = 0
for _, bits in ipairs(rows) do checksum = (checksum * 31 + bits) % 1000003 end
print(inside, checksum)
