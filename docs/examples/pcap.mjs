import { readFileSync, writeFileSync } from 'node:fs';
import { cdef } from 'cdef';

const c = cdef(`
  #define PCAP_MAGIC 0xa1b2c3d4u
  struct pcap_file { uint32_t magic; uint16_t major, minor; int32_t zone; uint32_t sigfigs, snaplen, linktype; };
  struct pcap_record { uint32_t seconds, microseconds, captured, length; };
`);
const fileHeader = c.typeof('struct pcap_file');
const recordHeader = c.typeof('struct pcap_record');

/** The packets of a pcap file, without copying them. */
export function* packetsOf(bytes) {
  const file = fileHeader.view(bytes); // a RangeError says how many bytes are missing
  if (file.magic !== c.C.PCAP_MAGIC) throw new Error('no little-endian pcap file');
  for (let at = fileHeader.size; at < bytes.length; ) {
    const record = recordHeader.view(bytes, at);
    at += recordHeader.size;
    if (at + record.captured > bytes.length) throw new Error(`a packet is cut off at byte ${at}`);
    yield { time: record.seconds + record.microseconds / 1e6, bytes: bytes.subarray(at, at + record.captured) };
    at += record.captured;
  }
}

const parts = [c.new('struct pcap_file', { magic: c.C.PCAP_MAGIC, major: 2, minor: 4, snaplen: 65535, linktype: 1 }).bytes];
for (const [i, text] of ['first', 'second one'].entries()) {
  const { length } = Buffer.from(text);
  parts.push(c.new('struct pcap_record', { seconds: 1000 + i, captured: length, length }).bytes, Buffer.from(text));
}
writeFileSync('two.pcap', Buffer.concat(parts));

for (const { time, bytes } of packetsOf(readFileSync('two.pcap'))) console.log(time, bytes.toString());
