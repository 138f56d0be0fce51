/**
 * Columns beside loops written by hand: `npm run bench:columns`, after `npm run build`. A million records of 44 bytes, as the
 * headers of captured packets are; the best of several runs of each, in milliseconds.
 */
import { cdef } from '../../dist/index.js';

const COUNT = 1_000_000;
const c = cdef(`
  struct __attribute__((packed)) row {
    uint8_t op, flags : 3, kind : 5; be16_t port; be32_t xid; uint32_t length; double time; uint64_t id; uint8_t rest[16];
  };
`);
const Row = c.typeof('struct row');
const SIZE = Row.size;
const bytes = new Uint8Array(COUNT * SIZE);
const view = new DataView(bytes.buffer);
for (let i = 0, at = 0; i < COUNT; i++, at += SIZE) {
  bytes[at] = i % 7;
  bytes[at + 1] = i;
  view.setUint16(at + 2, i & 0xffff);
  view.setUint32(at + 4, Math.imul(i, 2654435761) >>> 0);
  view.setUint32(at + 8, i % 1500, true);
  view.setFloat64(at + 12, i / 3, true);
  view.setBigUint64(at + 20, BigInt(i) << 20n, true);
}
const rows = Row.array(bytes);
const column = Object.fromEntries(['op', 'kind', 'port', 'xid', 'length', 'time', 'id'].map((name) => [name, rows.column(name)]));
const into = new Uint32Array(COUNT);
const words = new Uint32Array(COUNT);
const END = COUNT * SIZE;

const CASES = {
  'sum of be32_t': {
    DataView: () => {
      let sum = 0;
      for (let at = 4; at < END; at += SIZE) sum += view.getUint32(at);
      return sum;
    },
    bytes: () => {
      let sum = 0;
      for (let at = 4; at < END; at += SIZE)
        sum += ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
      return sum;
    },
    column: () => column.xid.sum(),
    views: () => {
      let sum = 0;
      for (let i = 0; i < COUNT; i++) sum += rows.at(i).xid;
      return sum;
    },
  },
  'sum of uint8_t': {
    bytes: () => {
      let sum = 0;
      for (let at = 0; at < END; at += SIZE) sum += bytes[at];
      return sum;
    },
    column: () => column.op.sum(),
  },
  'sum of double': {
    DataView: () => {
      let sum = 0;
      for (let at = 12; at < END; at += SIZE) sum += view.getFloat64(at, true);
      return sum;
    },
    column: () => column.time.sum(),
  },
  'sum of uint64_t': {
    DataView: () => {
      let sum = 0n;
      for (let at = 20; at < END; at += SIZE) sum += view.getBigUint64(at, true);
      return sum;
    },
    column: () => column.id.sum(),
  },
  'sum of 5 bits': {
    bytes: () => {
      let sum = 0;
      for (let at = 1; at < END; at += SIZE) sum += bytes[at] >> 3;
      return sum;
    },
    column: () => column.kind.sum(),
  },
  'max of be32_t': {
    DataView: () => {
      let max = 0;
      for (let at = 4; at < END; at += SIZE) max = Math.max(max, view.getUint32(at));
      return max;
    },
    column: () => column.xid.max(),
  },
  'copy of be32_t': {
    DataView: () => {
      for (let i = 0, at = 4; i < COUNT; i++, at += SIZE) words[i] = view.getUint32(at);
      return words[COUNT - 1];
    },
    column: () => column.xid.copy(words)[COUNT - 1],
  },
  'where length > 1000': {
    DataView: () => {
      let found = 0;
      for (let i = 0, at = 8; i < COUNT; i++, at += SIZE) if (view.getUint32(at, true) > 1000) into[found++] = i;
      return found;
    },
    column: () => column.length.where('>', 1000, { into }).length,
    predicate: () => column.length.where((length) => length > 1000, { into }).length,
  },
  'sum of xid where op = 3': {
    DataView: () => {
      let sum = 0;
      for (let at = 0; at < END; at += SIZE) if (bytes[at] === 3) sum += view.getUint32(at + 4);
      return sum;
    },
    column: () => column.xid.sum(column.op.where('==', 3, { into })),
  },
};

console.log(`node ${process.version}, ${COUNT} records of ${SIZE} bytes`);
// All once first: each loop has met every kind of column by then.
for (const ways of Object.values(CASES)) {
  const results = Object.values(ways).map((work) => work());
  if (results.some((result) => result !== results[0])) throw new Error(`different results: ${results}`);
}
for (const [name, ways] of Object.entries(CASES)) {
  const times = Object.entries(ways).map(([way, work]) => {
    let best = Infinity;
    for (let run = 0; run < 20; run++) {
      const start = performance.now();
      work();
      best = Math.min(best, performance.now() - start);
    }
    return `${way} ${best.toFixed(2)}`;
  });
  console.log(`${name.padEnd(24)} ${times.join('   ')}`);
}
