-- Planets around a sun: fields of a few tables, floating-point arithmetic.
local steps = tonumber(arg and arg[1]) or 200000

local function body(x, y, z, vx, vy, vz, mass) return { x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, mass = mass } end

local bodies = {
  body(0, 0, 0, 0, 0, 0, 39.5),
  body(4.8, -1.2, -0.1, 0.6, 2.8, -0.02, 0.037),
  body(8.3, 4.1, -0.4, -1.0, 1.8, 0.008, 0.011),
  body(12.9, -15.1, -0.2, 1.1, 0.9, -0.01, 0.0017),
  body(15.4, -25.9, 0.2, 1.0, 0.6, -0.03, 0.002),
}

local function move(step)
  local count = #bodies
  for i = 1, count do
    local a = bodies[i]
    local ax, ay, az, mass = a.x, a.y, a.z, a.mass
    for j = i + 1, count do
      local b = bodies[j]
      local dx, dy, dz = ax - b.x, ay - b.y, az - b.z
      local squared = dx * dx + dy * dy + dz * dz
      local force = step / (squared * math.sqrt(squared))
      local towards = b.mass * force
      a.vx, a.vy, a.vz = a.vx - dx * towards, a.vy - dy * towards, a.vz - dz * towards
      local back = mass * force
      b.vx, b.vy, b.vz = b.vx + dx * back, b.vy + dy * back, b.vz + dz * back
    end
  end
  for i = 1, count do
    local a = bodies[i]
    a.x, a.y, a.z = a.x + step * a.vx, a.y + step * a.vy, a.z + step * a.vz
  end
end

local function energy()
  local sum = 0
  for i, a in ipairs(bodies) do
    sum = sum + a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz) / 2
    for j = i + 1, #bodies do
      local b = bodies[j]
      sum = sum - a.mass * b.mass / math.sqrt((a.x - b.x) ^ 2 + (a.y - b.y) ^ 2 + (a.z - b.z) ^ 2)
    end
  end
  return sum
end

print(('%.9f'):format(energy()))
for _ = 1, steps do move(0.005) end
print(('%.9f'):format(energy()))
