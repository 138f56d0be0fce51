-- Tasks of an operating system that pass packets to each other, in the style of Richards' benchmark: objects with metatables, method calls,
-- queues as linked lists.
local ticks = tonumber(arg and arg[1]) or 200000

local function class(base)
  local members = {}
  members.__index = members
  return setmetatable(members, { __index = base })
end

local Queue = class()

function Queue.new() return setmetatable({ first = nil, last = nil, length = 0 }, Queue) end

function Queue:put(packet)
  packet.next = nil
  if self.last then self.last.next = packet else self.first = packet end
  self.last = packet
  self.length = self.length + 1
end

function Queue:take()
  local packet = self.first
  if packet then
    self.first = packet.next
    if not self.first then self.last = nil end
    self.length = self.length - 1
  end
  return packet
end

local Task = class()

function Task:init(scheduler, name)
  self.scheduler, self.name, self.inbox, self.runs, self.isHeld = scheduler, name, Queue.new(), 0, false
  scheduler:add(self)
  return self
end

function Task:isReady() return not self.isHeld and self.inbox.first ~= nil end

function Task:run()
  self.runs = self.runs + 1
  self:step()
end

local Worker = class(Task)

function Worker:step()
  local packet = self.inbox:take()
  packet.value = (packet.value * 17 + self.runs) % 1009
  packet.hops = packet.hops + 1
  self.scheduler:send(packet, packet.value % 2 == 0 and 'device' or 'handler')
end

local Device = class(Task)

function Device:step()
  local packet = self.inbox:take()
  if packet.hops % 5 == 0 then self.scheduler:hold('handler') else self.scheduler:release('handler') end
  self.scheduler:send(packet, 'worker')
end

local Handler = class(Task)

function Handler:step()
  local packet = self.inbox:take()
  self.total = (self.total + packet.value) % 1000003
  packet.value = packet.value + 1
  self.scheduler:send(packet, packet.hops % 3 == 0 and 'device' or 'worker')
end

local Scheduler = class()

function Scheduler.new() return setmetatable({ tasks = {}, byName = {}, sent = 0 }, Scheduler) end

function Scheduler:add(task)
  self.tasks[#self.tasks + 1] = task
  self.byName[task.name] = task
end

function Scheduler:send(packet, name)
  self.sent = self.sent + 1
  self.byName[name].inbox:put(packet)
end

function Scheduler:hold(name) self.byName[name].isHeld = true end
function Scheduler:release(name) self.byName[name].isHeld = false end

function Scheduler:run(count)
  while count > 0 do
    local isIdle = true
    for _, task in ipairs(self.tasks) do
      if task:isReady() then
        isIdle = false
        task:run()
        count = count - 1
      end
    end
    if isIdle then for _, task in ipairs(self.tasks) do task.isHeld = false end end
  end
end

local scheduler = Scheduler.new()
local worker = setmetatable({}, Worker):init(scheduler, 'worker')
local device = setmetatable({}, Device):init(scheduler, 'device')
local handler = setmetatable({ total = 0 }, Handler):init(scheduler, 'handler')
for i = 1, 10 do scheduler:send({ value = i * 37, hops = 0 }, 'worker') end
scheduler:run(ticks)
print(worker.runs, device.runs, handler.runs, handler.total, scheduler.sent)
