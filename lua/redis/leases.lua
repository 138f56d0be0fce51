--[[
Decides on leases within Redis or Valkey: a call runs several operations, each of which is one atomic step, whichever server asks.
src/dhcp/leases/redis.ts calls it, with the operations' names and arguments one after the other.

Keys, behind the store's prefix:
  store                 the format, and a name that tells this store from others
  leases:BLOCK          hash of 256 addresses: the last byte -> struct lease_record (cdefs/lease.h) and its texts
  blocks                sorted set of the blocks that have records
  clients:SUBNET        hash: client -> address
  ends:SUBNET           sorted set: addresses with a record, by when they may be free
  free:SUBNET           sorted set: addresses without one that were offered, by when they may be free
  next:SUBNET           hash: territory and walk -> below this address each is in `ends` or `free`
  walk                  counted up when that is no longer so
  hold:ADDRESS          who was offered it, and until when
  offer:SUBNET:CLIENT   what a client was offered
]]
local FORMAT = '1 '
-- struct lease_record, enum lease_state.
local HEADER, HEADER_SIZE, VERSION = '>BBHBBBI4I4I4', 19, 1
local ACTIVE, RELEASED, DECLINED = 1, 2, 3
local END_OF_TIME = 4294967295
-- How much one operation looks at before it lets others have their turn.
local MAX_BLOCKS, MAX_CANDIDATES = 64, 512
-- Addresses that cannot be given away, though they are free, are looked at again after so many seconds.
local LATER = 3600

local call = redis.call
local prefix, expected, fresh, deadline = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local time = call('TIME')
local clock = tonumber(time[1])
local milliseconds = clock * 1000 + math.floor(tonumber(time[2]) / 1000)
-- Whoever sent this has given up: it must not be done after all.
if deadline > 0 and milliseconds > deadline then return { 'late', milliseconds } end

local store = call('GET', KEYS[1])
if not store and expected == '' then
  store = FORMAT .. fresh
  call('SET', KEYS[1], store)
end
if not store or (expected ~= '' and store ~= expected) then return { 'other', milliseconds } end
if string.sub(store, 1, #FORMAT) ~= FORMAT then return { 'format', milliseconds } end

-- Whose it is cannot be known: held back for good.
local UNREADABLE = { state = DECLINED, subnet = 0, client = '', expires = END_OF_TIME }

local function decode(record)
  if #record < HEADER_SIZE then return UNREADABLE end
  local version, state, clientSize, hardwareSize, nameSize, relaySize, subnet, expires = struct.unpack(HEADER, record)
  local size = HEADER_SIZE + clientSize + hardwareSize + nameSize + relaySize
  if version ~= VERSION or state < ACTIVE or state > DECLINED or #record ~= size then return UNREADABLE end
  local client = string.sub(record, HEADER_SIZE + 1, HEADER_SIZE + clientSize)
  return { state = state, subnet = subnet, client = client, expires = expires, record = record }
end

local function encode(state, subnet, client, hardware, name, relay, expires, seen)
  return struct.pack(HEADER, VERSION, state, #client, #hardware, #name, #relay, subnet, expires, seen) .. client .. hardware .. name .. relay
end

local function blockOf(address) return math.floor(address / 256) end
local function blockKey(address) return prefix .. 'leases:' .. blockOf(address) end
local function clientsKey(subnet) return prefix .. 'clients:' .. subnet end
local function endsKey(subnet) return prefix .. 'ends:' .. subnet end
local function freeKey(subnet) return prefix .. 'free:' .. subnet end
local function holdKey(address) return prefix .. 'hold:' .. address end
local function offerKey(whose) return prefix .. 'offer:' .. whose end
local function whoseOf(subnet, client) return subnet .. ':' .. client end

local function read(address)
  local record = call('HGET', blockKey(address), address % 256)
  return record and decode(record) or nil
end

local function forgetClient(lease, address)
  if lease.client == '' then return end
  local key = clientsKey(lease.subnet)
  if tonumber(call('HGET', key, lease.client) or nil) == address then call('HDEL', key, lease.client) end
end

-- In place of `before`, what was there.
local function write(address, before, subnet, client, expires, record)
  if before then
    if before.client ~= client or before.subnet ~= subnet then forgetClient(before, address) end
    if before.subnet ~= subnet then call('ZREM', endsKey(before.subnet), address) end
  end
  if call('HSET', blockKey(address), address % 256, record) == 1 then
    call('ZADD', prefix .. 'blocks', blockOf(address), blockOf(address))
    call('ZREM', freeKey(subnet), address)
  end
  if client ~= '' then call('HSET', clientsKey(subnet), client, address) end
  call('ZADD', endsKey(subnet), expires, address)
end

local function holdOf(address)
  local text = call('GET', holdKey(address))
  if not text then return nil end
  local till, whose = string.match(text, '^(%d+) (.*)$')
  return till and { till = tonumber(till), whose = whose } or nil
end

local function dropOffer(whose)
  local address = tonumber(call('GET', offerKey(whose)) or nil)
  if not address then return end
  call('DEL', offerKey(whose))
  local hold = holdOf(address)
  if not hold or hold.whose ~= whose then return end
  call('DEL', holdKey(address))
  local lease, subnet = read(address), string.match(whose, '^%d+')
  if lease then call('ZADD', endsKey(lease.subnet), 'XX', lease.expires, address) else call('ZADD', freeKey(subnet), 'XX', 0, address) end
end

-- An address with this record can be the client's.
local function isFreeOf(lease, subnet, client, now)
  if not lease or lease.state == RELEASED or lease.expires <= now then return true end
  return lease.state == ACTIVE and lease.client == client and lease.subnet == subnet
end

local function isHeld(address, whose, now)
  local hold = holdOf(address)
  return hold ~= nil and hold.whose ~= whose and hold.till > now
end

-- Also tells what is on record.
local function isFree(address, subnet, client, now)
  if isHeld(address, whoseOf(subnet, client), now) then return false end
  local lease = read(address)
  return isFreeOf(lease, subnet, client, now), lease
end

local function endLease(address, subnet, client, now)
  local lease = read(address)
  if not lease or lease.state ~= ACTIVE or lease.client ~= client or lease.subnet ~= subnet then return false end
  local expires, record = math.min(lease.expires, now), lease.record
  -- The state, and both times, which end the header.
  local released = string.sub(record, 1, 1) .. string.char(RELEASED) .. string.sub(record, 3, HEADER_SIZE - 8)
  write(address, lease, subnet, client, expires, released .. struct.pack('>I4I4', expires, now) .. string.sub(record, HEADER_SIZE + 1))
  return true
end

local function holdBack(address, subnet, now, seconds)
  local hold = holdOf(address)
  if hold then dropOffer(hold.whose) end
  local till = math.min(now + seconds, END_OF_TIME)
  write(address, read(address), subnet, '', till, encode(DECLINED, subnet, '', '', '', '', till, now))
end

-- Of ranges of addresses, packed and in order, where the first one starts that ends at or after an address.
local function rangeAt(ranges, address)
  local low, high = 0, #ranges / 8
  while low < high do
    local middle = math.floor((low + high) / 2)
    local _, last = struct.unpack('>I4I4', ranges, middle * 8 + 1)
    if last < address then low = middle + 1 else high = middle end
  end
  return low * 8 + 1
end

local function contains(ranges, address)
  local at = rangeAt(ranges, address)
  return at <= #ranges and struct.unpack('>I4', ranges, at) <= address
end

-- The first of a sorted set of addresses whose time has come and that is open; true in its place when there is more to look at.
local function candidate(key, now, isOpen, whose)
  local left = MAX_CANDIDATES
  while left > 0 do
    local found = call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, 16)
    if #found == 0 then return nil end
    for _, text in ipairs(found) do
      left = left - 1
      local address = tonumber(text)
      if not address then
        call('ZREM', key, text)
      elseif isOpen(address) then
        return address
      else
        local lease, hold = read(address), holdOf(address)
        local later = lease and lease.state ~= RELEASED and lease.expires or 0
        if hold and hold.whose ~= whose then later = math.max(later, hold.till) end
        call('ZADD', key, later > now and later or now + LATER, text)
      end
    end
  end
  return true
end

-- An address that was never given away or offered; true in its place when there is more to look at.
local function unused(subnet, territory, ranges, whose, now)
  local key, left = prefix .. 'next:' .. subnet, MAX_BLOCKS
  territory = territory .. ' ' .. (call('GET', prefix .. 'walk') or 0)
  local start = tonumber(call('HGET', key, territory) or nil) or 0
  local address = start
  for at = rangeAt(ranges, start), #ranges, 8 do
    local first, last = struct.unpack('>I4I4', ranges, at)
    address = math.max(start, first)
    while address <= last do
      if left == 0 then
        call('HSET', key, territory, address)
        return true
      end
      left = left - 1
      local taken
      for one = address, math.min(last, blockOf(address) * 256 + 255) do
        address = one + 1
        -- Mostly the first one will do, and the others need not be known.
        if not taken and call('HEXISTS', blockKey(one), one % 256) == 1 then
          taken = {}
          for _, byte in ipairs(call('HKEYS', blockKey(one))) do taken[tonumber(byte) or -1] = true end
        end
        if not taken or not taken[one % 256] then
          if not isHeld(one, whose, now) then
            call('HSET', key, territory, address)
            return one
          end
          call('ZADD', freeKey(subnet), 'NX', holdOf(one).till, one)
        end
      end
    end
  end
  if address > start then call('HSET', key, territory, address) end
  return nil
end

local function choose(now, subnet, client, reserved, offered, wanted, territory, ranges)
  if reserved then return isFree(reserved, subnet, client, now) and reserved or nil end
  local whose = whoseOf(subnet, client)
  local function isOpen(address) return contains(ranges, address) and isFree(address, subnet, client, now) end
  if offered and isOpen(offered) then return offered end
  local before = tonumber(call('HGET', clientsKey(subnet), client) or nil)
  if before and isOpen(before) then return before end
  if wanted and isOpen(wanted) then return wanted end
  return candidate(freeKey(subnet), now, isOpen, whose)
    or unused(subnet, territory, ranges, whose, now)
    or candidate(endsKey(subnet), now, isOpen, whose)
end

-- By name: how many arguments an operation has behind the time, and what it does.
local operations = {
  -- An address, false for none, or 'again'.
  offer = { 7, function(now, subnet, client, reserved, wanted, seconds, territory, ranges)
    subnet, seconds = tonumber(subnet), tonumber(seconds)
    local whose, till = whoseOf(subnet, client), now + seconds
    local offered = tonumber(call('GET', offerKey(whose)) or nil)
    local address = choose(now, subnet, client, tonumber(reserved), offered, tonumber(wanted), territory, ranges)
    if address == nil then return false end
    if address == true then return 'again' end
    if offered and offered ~= address then dropOffer(whose) end
    call('SET', offerKey(whose), address, 'EX', seconds + 1)
    call('SET', holdKey(address), till .. ' ' .. whose, 'EX', seconds + 1)
    if contains(ranges, address) then
      local lease = read(address)
      if lease then
        call('ZADD', endsKey(subnet), math.max(till, lease.expires), address)
      else
        call('ZADD', freeKey(subnet), till, address)
      end
    end
    return address
  end },

  grant = { 7, function(now, subnet, client, hardware, name, relay, address, seconds)
    subnet, address = tonumber(subnet), tonumber(address)
    local isTheirs, lease = isFree(address, subnet, client, now)
    if not isTheirs then return 0 end
    local before = tonumber(call('HGET', clientsKey(subnet), client) or nil)
    if before and before ~= address then endLease(before, subnet, client, now) end
    local whose = whoseOf(subnet, client)
    local offered = tonumber(call('GET', offerKey(whose)) or nil)
    if offered == address then call('DEL', offerKey(whose), holdKey(address)) elseif offered then dropOffer(whose) end
    local expires = math.min(now + tonumber(seconds), END_OF_TIME)
    write(address, lease, subnet, client, expires, encode(ACTIVE, subnet, client, hardware, name, relay, expires, now))
    return 1
  end },

  release = { 3, function(now, subnet, client, address)
    return endLease(tonumber(address), tonumber(subnet), client, now) and 1 or 0
  end },

  decline = { 4, function(now, subnet, client, address, seconds)
    subnet, address = tonumber(subnet), tonumber(address)
    local lease, whose = read(address), whoseOf(subnet, client)
    local isTheirs = lease and lease.subnet == subnet and lease.client == client and lease.state == ACTIVE
    if not isTheirs and tonumber(call('GET', offerKey(whose)) or nil) ~= address then return 0 end
    dropOffer(whose)
    holdBack(address, subnet, now, tonumber(seconds))
    return 1
  end },

  holdback = { 3, function(now, subnet, address, seconds)
    holdBack(tonumber(address), tonumber(subnet), now, tonumber(seconds))
    return 1
  end },

  -- The record, or false.
  address = { 1, function(_, address)
    address = tonumber(address)
    return call('HGET', blockKey(address), address % 256)
  end },

  -- The address and the record, or false.
  client = { 2, function(_, subnet, client)
    local address = tonumber(call('HGET', clientsKey(subnet), client) or nil)
    local record = address and call('HGET', blockKey(address), address % 256)
    return record and { address, record } or false
  end },

  -- The records of the first blocks from one on: the next block, or false, then addresses and records in turn.
  scan = { 2, function(_, from, count)
    local blocks = call('ZRANGEBYSCORE', prefix .. 'blocks', from, '+inf', 'LIMIT', 0, count)
    local found = { blocks[1] and blocks[#blocks] + 1 or false }
    for _, block in ipairs(blocks) do
      local fields = call('HGETALL', prefix .. 'leases:' .. block)
      for i = 1, #fields, 2 do
        local byte = tonumber(fields[i])
        if byte then
          found[#found + 1] = block * 256 + byte
          found[#found + 1] = fields[i + 1]
        end
      end
    end
    return found
  end },

  put = { 5, function(_, subnet, client, address, expires, record)
    address = tonumber(address)
    write(address, read(address), tonumber(subnet), client, tonumber(expires), record)
    return 1
  end },

  adopt = { 5, function(now, subnet, client, address, expires, record)
    subnet, address = tonumber(subnet), tonumber(address)
    local lease = read(address)
    if not isFreeOf(lease, subnet, client, now) then return 0 end
    write(address, lease, subnet, client, tonumber(expires), record)
    return 1
  end },

  remove = { 1, function(_, address)
    address = tonumber(address)
    local lease = read(address)
    if not lease then return 0 end
    forgetClient(lease, address)
    call('HDEL', blockKey(address), address % 256)
    if call('EXISTS', blockKey(address)) == 0 then call('ZREM', prefix .. 'blocks', blockOf(address)) end
    if lease == UNREADABLE then
      call('INCR', prefix .. 'walk')
    else
      call('ZREM', endsKey(lease.subnet), address)
      call('ZADD', freeKey(lease.subnet), 0, address)
    end
    return 1
  end },
}

local results, at = {}, 5
while at <= #ARGV do
  local count, run = unpack(operations[ARGV[at]])
  local now = tonumber(ARGV[at + 1]) or clock
  -- Keys that hold something else than they should concern the operations that need them.
  local isDone, result = pcall(run, now, unpack(ARGV, at + 2, at + 1 + count))
  if not isDone and type(result) == 'table' then result = result.err end
  results[#results + 1] = { isDone and 1 or 0, result }
  at = at + 2 + count
end
return { 'done', milliseconds, store, results }
