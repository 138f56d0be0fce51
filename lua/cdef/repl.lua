-- What the prompt (`cdef`) asks of its Lua state. Scripts may change whatever is global: what is used here, is kept here.
local ffi = require 'ffi'
local type, tostring, rawget, rawequal, next, pcall, select = type, tostring, rawget, rawequal, next, pcall, select
local getmetatable, loadstring, ipairs, globals = debug.getmetatable, loadstring, ipairs, _G
local format, gsub, find, byte, sub = string.format, string.gsub, string.find, string.byte, string.sub
local concat, sort = table.concat, table.sort
local strings = string

-- Goes where the prompt's own output goes, whichever way the engine's does.
local write = io.write
function print(...)
  local texts = {}
  for i = 1, select('#', ...) do texts[i] = tostring((select(i, ...))) end
  write(concat(texts, '\t'), '\n')
end

-- What is shown of a value.
local MAX_BYTES, MAX_ENTRIES, MAX_TEXT = 4096, 20, 2000

local ESCAPES = { ['\n'] = '\\n', ['\r'] = '\\r', ['\t'] = '\\t', ['"'] = '\\"', ['\\'] = '\\\\' }

local function quoted(text)
  local rest = #text - MAX_TEXT
  if rest > 0 then text = sub(text, 1, MAX_TEXT) end
  local shown = gsub(text, '[%c"\\]', function(character) return ESCAPES[character] or format('\\%03d', byte(character)) end)
  return '"' .. shown .. '"' .. (rest > 0 and format('... (%d more bytes)', rest) or '')
end

local function textOf(value)
  if type(value) == 'string' then return quoted(value) end
  local isText, text = pcall(tostring, value)
  return isText and text or format('%s (its __tostring raises)', type(value))
end

-- One level deep, the list first.
local function tableText(value)
  local parts, count = {}, 0
  local function add(text)
    count = count + 1
    if count <= MAX_ENTRIES then parts[#parts + 1] = text end
  end
  local length = 0
  while rawget(value, length + 1) ~= nil do
    length = length + 1
    add(textOf(rawget(value, length)))
  end
  local named = {}
  for key, one in next, value do
    local isListed = type(key) == 'number' and key >= 1 and key <= length and key % 1 == 0
    if type(key) == 'string' and find(key, '^[%a_][%w_]*$') then
      named[#named + 1] = key .. ' = ' .. textOf(one)
    elseif not isListed then
      named[#named + 1] = '[' .. textOf(key) .. '] = ' .. textOf(one)
    end
  end
  sort(named)
  for _, text in next, named do add(text) end
  if count > MAX_ENTRIES then parts[#parts + 1] = format('... (%d more)', count - MAX_ENTRIES) end
  return #parts == 0 and '{}' or '{ ' .. concat(parts, ', ') .. ' }'
end

-- The type and the bytes of a struct, union or array; nil for other values. Raises for ctypes.
local function bytesOf(value, isAggregate)
  local ctype = ffi.typeof(value)
  if not isAggregate(ctype) then return nil end
  local size = ffi.sizeof(value)
  if size == nil or size > MAX_BYTES then return nil end
  local place, bytes = ffi.cast('const uint8_t *', value), {}
  for i = 1, size do bytes[i] = place[i - 1] end
  return ctype, bytes
end

local function report(value, host)
  local kind = type(value)
  if kind == 'table' and (getmetatable(value) or {}).__tostring == nil then
    host.text(tableText(value))
  elseif kind == 'cdata' then
    host.text(textOf(value))
    local isRead, ctype, bytes = pcall(bytesOf, value, host.isAggregate)
    if isRead and ctype ~= nil then host.dump(ctype, bytes) end
  else
    host.text(textOf(value))
  end
end

-- The message that text is no Lua with; else it is what `run` runs.
local chunk
local function compile(text, name)
  local message
  chunk, message = loadstring(text, name)
  return message
end

-- Runs the chunk and reports its results.
local function run(host)
  local function all(...)
    for i = 1, select('#', ...) do report((select(i, ...)), host) end
  end
  all(chunk())
end

-- ---- completion: nothing of a script's is called

local function indexOf(value)
  local meta = getmetatable(value)
  return type(meta) == 'table' and rawget(meta, '__index') or nil
end

local function member(value, key)
  local kind = type(value)
  if kind == 'string' then return rawget(strings, key) end
  if kind == 'cdata' then
    local isThere, found = pcall(function() return value[key] end)
    return isThere and found or nil
  end
  for _ = 1, 10 do
    if type(value) ~= 'table' then return nil end
    local found = rawget(value, key)
    if found ~= nil then return found end
    value = indexOf(value)
  end
end

-- What can follow a path of keys: names, and what kind of value it is; of cdata the ctype and itself.
local function members(path, wantsMethods)
  local value = globals
  for _, key in ipairs(path) do value = member(value, key) end
  if rawequal(value, ffi.C) then return {}, 'library' end
  local kind = type(value)
  if kind == 'cdata' then
    return {}, 'cdata', ffi.typeof(value), value
  end
  if kind == 'string' then value = strings end
  local names = {}
  for _ = 1, 10 do
    if type(value) ~= 'table' then break end
    for key, one in next, value do
      if type(key) == 'string' and find(key, '^[%a_][%w_]*$') and (not wantsMethods or type(one) == 'function') then names[#names + 1] = key end
    end
    value = indexOf(value)
  end
  return names, 'table'
end

return { compile = compile, run = run, members = members }
