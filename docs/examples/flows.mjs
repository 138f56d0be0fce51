import { writeFileSync } from 'node:fs';
import { tableToIPC } from 'apache-arrow';
import { cdef } from 'cdef';
import { toArrow } from 'cdef/arrow';

const Flow = cdef(`
  struct __attribute__((packed)) flow {
    uint8_t source[4]; be16_t port; char host[16]; uint64_t octets; double seconds; unsigned proto : 6, is_open : 2;
  };
`).typeof('struct flow');

const flows = Flow.array(new Uint8Array(1000 * Flow.size));
for (let i = 0; i < flows.length; i++) {
  const [port, host] = i % 3 === 0 ? [443, 'web'] : [53, 'dns'];
  flows.set(i, { source: [192, 0, 2, i], port, host, octets: i * 100, seconds: i / 8, proto: port === 53 ? 17 : 6 });
}

const table = toArrow(flows); // or toArrow(flows, ['host', 'octets'])
writeFileSync('flows.arrow', tableToIPC(table, 'stream'));
console.log(`${table.schema}`);
