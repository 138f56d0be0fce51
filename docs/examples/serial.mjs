import { Readable } from 'node:stream';
import { cdef } from 'cdef';
import { codec, decodeStream } from 'cdef/restructure';
import * as r from 'restructure';

const c = cdef(`
  struct __attribute__((packed)) record {
    be16_t sync;                     // 0xaa55
    uint8_t sensor, length;          // bytes of text behind the record
    be32_t time_ms;
    le16_t centidegrees;
    uint8_t low_battery : 1, fault : 1, : 6;
  };
`);
const record = codec(c.typeof('struct record'), { note: new r.String('length', 'ascii') });

const sent = Buffer.concat([
  record.toBuffer({ sync: 0xaa55, sensor: 7, length: 2, time_ms: 1000, centidegrees: 2150, note: 'ok' }),
  record.toBuffer({ sync: 0xaa55, sensor: 7, length: 4, time_ms: 2000, centidegrees: 2162, low_battery: 1, note: 'hmm!' }),
]);
const line = Readable.from([sent.subarray(0, 5), sent.subarray(5, 6), sent.subarray(6)]);

for await (const message of decodeStream(record, line)) {
  if (message.sync !== 0xaa55) throw new Error('out of step');
  console.log(message.time_ms, message.sensor, message.centidegrees / 100, message.low_battery === 1, message.note);
}
