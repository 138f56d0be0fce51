-- The smallest callback: the packet is a binary string.
packets, bytes = 0, 0

function callback(buf)
  packets = packets + 1
  bytes = bytes + #buf
  return #buf
end
