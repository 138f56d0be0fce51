/**
 * The examples of the page.
 * @module
 */
export interface Example {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly c: string;
  readonly hex: string;
  readonly lua: string;
}

/** In the order of the menu; the page starts with the first. */
export const EXAMPLES: readonly Example[] = [
  {
    id: 'dhcp',
    name: 'DHCP message (captured)',
    type: 'struct dhcp_msg',
    c: `// RFC 2131, section 2. The bytes are a DISCOVER that udhcpc sent.
enum op : uint8_t { BOOTREQUEST = 1, BOOTREPLY };

struct __attribute__((packed)) dhcp_msg {
  enum op op;
  uint8_t htype, hlen, hops;
  be32_t xid;
  be16_t secs;
  be16_t flags;
  uint8_t ciaddr[4], yiaddr[4], siaddr[4], giaddr[4];
  uint8_t chaddr[16];
  char sname[64], file[128];
  uint8_t magic[4];
  uint8_t options[];  // code, length, value
};
`,
    hex: `01 01 06 00 30 2d 6f 51 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 02 00 00 00
01 23 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 00 00 00 00 00 00 00 00 63 82 53 63
35 01 01 39 02 02 40 37 07 01 03 06 0c 0f 1c 2a
0c 06 6c 61 70 74 6f 70 3c 0c 75 64 68 63 70 20
31 2e 33 35 2e 30 3d 07 01 02 00 00 00 01 23 ff
00 00 00 00 00 00 00 00 00 00 00 00`,
    lua: `-- The bytes and their length; C types are declared already.
local buf, len = ...
local ffi = require 'ffi'
local msg = ffi.cast('struct dhcp_msg *', buf)

print(('xid %08x from %s'):format(msg.xid,
  (ffi.string(msg.chaddr, msg.hlen):gsub('.', function(c) return ('%02x '):format(c:byte()) end))))

-- The options: 0 is padding, 255 the end.
local at = ffi.offsetof('struct dhcp_msg', 'options')
local bytes = ffi.cast('uint8_t *', buf)
while at < len and bytes[at] ~= 255 do
  local code = bytes[at]
  if code == 0 then at = at + 1 else
    local length = bytes[at + 1]
    print(('option %3d: %s'):format(code, (ffi.string(bytes + at + 2, length):gsub('.', function(c)
      return ('%02x '):format(c:byte())
    end))))
    at = at + 2 + length
  end
end

-- An offer goes into the same bytes: \`Keep\` takes them over.
msg.op = ffi.C.BOOTREPLY
ffi.copy(msg.yiaddr, '\\192\\0\\2\\10', 4)
`,
  },
  {
    id: 'tcp',
    name: 'Ethernet, IPv4, TCP',
    type: 'struct frame',
    c: `// IEEE 802.3, RFC 791, RFC 9293. Bit-fields of a big-endian struct start at the most significant bit.
#define BIG __attribute__((packed, scalar_storage_order("big-endian")))

struct BIG frame {
  struct BIG ethernet {
    uint8_t to[6], from[6];
    uint16_t type;
  } ethernet;
  struct BIG ipv4 {
    uint8_t version : 4, ihl : 4;
    uint8_t dscp : 6, ecn : 2;
    uint16_t length, id;
    uint16_t reserved : 1, dont_fragment : 1, more : 1, fragment : 13;
    uint8_t ttl, protocol;
    uint16_t checksum;
    uint8_t from[4], to[4];
  } ip;
  struct BIG tcp {
    uint16_t from, to;
    uint32_t seq, ack;
    uint16_t offset : 4, unused : 4, cwr : 1, ece : 1, urg : 1, ack_set : 1, psh : 1, rst : 1, syn : 1, fin : 1;
    uint16_t window, checksum, urgent;
  } tcp;
  char data[];
};
`,
    hex: `02 00 00 00 00 01 02 00 00 00 01 23 08 00 45 00
00 4d 1c 46 40 00 40 06 32 20 c0 00 02 0a c6 33
64 07 c0 00 00 50 1a 2b 3c 4d 5e 6f 70 81 50 18
01 f6 8d 0a 00 00 47 45 54 20 2f 20 48 54 54 50
2f 31 2e 31 0d 0a 48 6f 73 74 3a 20 65 78 61 6d
70 6c 65 2e 6f 72 67 0d 0a 0d 0a`,
    lua: `-- Checks the IPv4 checksum (RFC 1071), then lowers the time to live and mends the checksum.
local buf, len = ...
local ffi = require 'ffi'
local frame = ffi.cast('struct frame *', buf)

local function sum(bytes, count)
  local total = 0
  for i = 0, count - 1, 2 do total = total + bytes[i] * 256 + bytes[i + 1] end
  while total > 65535 do total = total % 65536 + math.floor(total / 65536) end
  return total
end

local header = ffi.cast('uint8_t *', frame.ip)
local size = frame.ip.ihl * 4
print('checksum ' .. (sum(header, size) == 65535 and 'holds' or 'does not hold'))

frame.ip.ttl = frame.ip.ttl - 1
frame.ip.checksum = 0
frame.ip.checksum = 65535 - sum(header, size)
print(('ttl %d, checksum %04x'):format(frame.ip.ttl, frame.ip.checksum))
print(('port %d -> %d: %s'):format(frame.tcp.from, frame.tcp.to, ffi.string(frame.data, len - 54):match('[^\\r]*')))
`,
  },
  {
    id: 'elf',
    name: 'ELF header',
    type: 'struct elf',
    c: `// System V ABI, edition 4.1, chapter 4; x86-64.
enum elf_type : uint16_t { ET_NONE, ET_REL, ET_EXEC, ET_DYN, ET_CORE };
enum elf_machine : uint16_t { EM_386 = 3, EM_ARM = 40, EM_X86_64 = 62, EM_AARCH64 = 183, EM_RISCV = 243 };
enum segment : uint32_t { PT_NULL, PT_LOAD, PT_DYNAMIC, PT_INTERP, PT_NOTE };

struct elf {
  struct {
    uint8_t magic[4], class, data, version, osabi, abiversion, pad[7];
  } ident;
  enum elf_type type;
  enum elf_machine machine;
  uint32_t version;
  uint64_t entry, phoff, shoff;
  uint32_t flags;
  uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
  struct program {
    enum segment type;
    uint32_t execute : 1, write : 1, read : 1, : 29;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
  } programs[];
};
`,
    hex: `7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00
02 00 3e 00 01 00 00 00 00 10 40 00 00 00 00 00
40 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
00 00 00 00 40 00 38 00 01 00 40 00 00 00 00 00
01 00 00 00 05 00 00 00 00 00 00 00 00 00 00 00
00 00 40 00 00 00 00 00 00 00 40 00 00 00 00 00
10 10 00 00 00 00 00 00 10 10 00 00 00 00 00 00
00 10 00 00 00 00 00 00`,
    lua: `local buf, len = ...
local ffi = require 'ffi'
local elf = ffi.cast('struct elf *', buf)

assert(ffi.string(elf.ident.magic, 4) == '\\127ELF', 'no ELF file')
-- 64-bit integers are cdata, and print with their suffix.
print('entry', elf.entry, ('0x%x'):format(tonumber(elf.entry)))
for i = 0, elf.phnum - 1 do
  local p = elf.programs[i]
  print(('segment %d: %s%s%s, %d bytes at 0x%x'):format(i, p.read == 1 and 'r' or '-', p.write == 1 and 'w' or '-',
    p.execute == 1 and 'x' or '-', tonumber(p.memsz), tonumber(p.vaddr)))
end
`,
  },
  {
    id: 'bmp',
    name: 'BMP picture',
    type: 'struct bmp',
    c: `// BITMAPFILEHEADER, BITMAPINFOHEADER, then rows of pixels from the bottom up.
#pragma pack(1)
struct pixel { uint8_t blue, green, red; };

struct bmp {
  char magic[2];
  uint32_t size;
  uint16_t reserved[2];
  uint32_t offset;
  uint32_t header_size;
  int32_t width, height;
  uint16_t planes, bits;
  uint32_t compression, image_size;
  int32_t x_per_metre, y_per_metre;
  uint32_t colours, important;
  struct pixel pixels[];
};
`,
    hex: `42 4d 4e 00 00 00 00 00 00 00 36 00 00 00 28 00
00 00 04 00 00 00 02 00 00 00 01 00 18 00 00 00
00 00 18 00 00 00 13 0b 00 00 13 0b 00 00 00 00
00 00 00 00 00 00 00 00 ff 00 ff 00 ff 00 00 ff
ff ff 00 00 00 80 80 80 00 ff ff ff 00 ff`,
    lua: `-- Turns the picture into grey.
local buf = ...
local ffi = require 'ffi'
local bmp = ffi.cast('struct bmp *', buf)
assert(ffi.string(bmp.magic, 2) == 'BM' and bmp.bits == 24 and bmp.width % 4 == 0)

for i = 0, bmp.width * bmp.height - 1 do
  local p = bmp.pixels[i]
  local grey = math.floor(0.299 * p.red + 0.587 * p.green + 0.114 * p.blue)
  p.red, p.green, p.blue = grey, grey, grey
end
print(('%d x %d pixels'):format(bmp.width, bmp.height))
`,
  },
  {
    id: 'fat',
    name: 'Bit-fields: FAT directory',
    type: 'struct entry[2]',
    c: `// A FAT directory: dates and times of 16 bits, attributes of one.
struct __attribute__((packed)) entry {
  char name[8], extension[3];
  uint8_t read_only : 1, hidden : 1, system : 1, label : 1, directory : 1, archive : 1, : 2;
  uint8_t reserved, created_fine;
  struct time { uint16_t seconds : 5, minutes : 6, hours : 5; } created_time;  // two seconds each
  struct date { uint16_t day : 5, month : 4, year : 7; } created, accessed;    // years from 1980
  uint16_t cluster_high;
  struct time modified_time;
  struct date modified;
  uint16_t cluster_low;
  uint32_t size;
};
`,
    hex: `52 45 41 44 4d 45 20 20 4d 44 20 21 00 00 80 3b
55 47 55 47 00 00 80 3b 55 47 03 00 31 04 00 00
44 4f 43 53 20 20 20 20 20 20 20 10 00 00 80 3b
55 47 55 47 00 00 80 3b 55 47 09 00 00 00 00 00`,
    lua: `local buf, len = ...
local ffi = require 'ffi'
local entries = ffi.cast('struct entry *', buf)

for i = 0, len / ffi.sizeof('struct entry') - 1 do
  local e = entries[i]
  print(('%-8s %-3s %s %04d-%02d-%02d %02d:%02d:%02d %6d'):format(
    ffi.string(e.name, 8), ffi.string(e.extension, 3), e.directory == 1 and '<dir>' or '     ',
    1980 + e.modified.year, e.modified.month, e.modified.day,
    e.modified_time.hours, e.modified_time.minutes, e.modified_time.seconds * 2, e.size))
end
`,
  },
  {
    id: 'midi',
    name: 'MIDI file',
    type: 'struct midi',
    c: `// Standard MIDI files 1.0: a header, then tracks of events.
struct __attribute__((packed)) midi {
  char magic[4];
  be32_t header_length;
  be16_t format, tracks;
  union {
    be16_t ticks;                                        // a quarter note
    struct { uint8_t ticks_per_frame; int8_t frames; } smpte;
  } division;
  struct __attribute__((packed)) {
    char magic[4];
    be32_t length;
    uint8_t events[];
  } track;
};
`,
    hex: `4d 54 68 64 00 00 00 06 00 00 00 01 00 60 4d 54
72 6b 00 00 00 26 00 ff 51 03 07 a1 20 00 c0 00
00 90 3c 60 60 80 3c 00 00 90 40 60 60 80 40 00
00 90 43 60 60 80 43 00 00 ff 2f 00`,
    lua: `-- Lists the notes of the track: time, then what happens.
local buf = ...
local ffi = require 'ffi'
local midi = ffi.cast('struct midi *', buf)
local events, at, time = midi.track.events, 0, 0

local function number()  -- seven bits a byte
  local value = 0
  repeat
    local byte = events[at]
    at = at + 1
    value = value * 128 + byte % 128
  until byte < 128
  return value
end

while at < midi.track.length do
  time = time + number()
  local status = events[at]
  at = at + 1
  if status == 255 then
    at = at + 1
    local length = number()
    at = at + length
  elseif status >= 192 and status < 224 then
    at = at + 1
  else
    local kind = status >= 144 and status < 160 and 'on ' or 'off'
    print(('%5d  note %s %3d'):format(time, kind, events[at]))
    at = at + 2
  end
end
`,
  },
];
