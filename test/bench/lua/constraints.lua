-- Variables bound by constraints of several strengths, planned and run again and again, in the style of DeltaBlue: a graph of objects,
-- polymorphic methods, lists.
local rounds = tonumber(arg and arg[1]) or 200

local Variable = {}
Variable.__index = Variable
local function variable(value) return setmetatable({ value = value, constraints = {}, determinedBy = false, mark = 0, strength = 9 }, Variable) end

function Variable:add(constraint) self.constraints[#self.constraints + 1] = constraint end

local Constraint = {}
Constraint.__index = Constraint
local function kind() local k = setmetatable({}, Constraint) k.__index = k return k end

function Constraint:attach(...)
  self.variables = { ... }
  for _, v in ipairs(self.variables) do v:add(self) end
  return self
end

-- The weakest variable that is not yet marked is the one to compute.
function Constraint:choose(mark)
  local output, weakest = nil, self.strength
  for _, v in ipairs(self.variables) do
    if v.mark ~= mark and v.strength > weakest and self:canCompute(v) then output, weakest = v, v.strength end
  end
  return output
end

function Constraint:canCompute() return true end

local Stay, Edit, Equal, Scale = kind(), kind(), kind(), kind()
function Stay:execute() end
function Edit:execute(output) output.value = output.value + 1 end

function Equal:execute(output)
  local a, b = self.variables[1], self.variables[2]
  if output == a then a.value = b.value else b.value = a.value end
end

function Scale:canCompute(v) return v ~= self.variables[2] and v ~= self.variables[3] end
function Scale:execute(output)
  local variables = self.variables
  output.value = (variables[2].value * variables[3].value + 1) % 10007
end

local mark = 0
local function plan(source, output)
  mark = mark + 1
  local steps, todo = {}, { { source, output } }
  output.mark = mark
  while #todo > 0 do
    local entry = table.remove(todo)
    local constraint, target = entry[1], entry[2]
    target.determinedBy, target.strength = constraint, math.min(constraint.strength + 1, 8)
    steps[#steps + 1] = entry
    for _, next in ipairs(target.constraints) do
      if next ~= constraint then
        local chosen = next:choose(mark)
        if chosen then
          chosen.mark = mark
          todo[#todo + 1] = { next, chosen }
        end
      end
    end
  end
  return steps
end

local chain = { variable(1) }
for i = 2, 100 do
  chain[i] = variable(i)
  setmetatable({ strength = 1 + i % 3 }, Equal):attach(chain[i - 1], chain[i])
end
local factor = variable(3)
local scaled = {}
for i = 1, 50 do
  scaled[i] = variable(0)
  setmetatable({ strength = 2 }, Scale):attach(scaled[i], chain[2 * i], factor)
  setmetatable({ strength = 5 }, Stay):attach(scaled[i])
end

local sum, count = 0, 0
for round = 1, rounds do
  for _, v in ipairs(chain) do v.strength = 9 end
  for _, v in ipairs(scaled) do v.strength = 9 end
  local edit = setmetatable({ strength = 0, variables = {} }, Edit)
  local steps = plan(edit, chain[round % 2 == 0 and 1 or 100])
  for _ = 1, 5 do for _, step in ipairs(steps) do step[1]:execute(step[2]) end end
  count = count + #steps
  for _, v in ipairs(scaled) do sum = (sum + v.value) % 1000003 end
end
print(count, sum, chain[1].value, chain[50].value, chain[100].value)
