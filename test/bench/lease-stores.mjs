/**
 * Lease stores with many leases: opening, answering, listing; then exchanges (an offer and a lease) and renewals a second.
 *
 *     npm run build && node test/bench/lease-stores.mjs [--leases 1000000] [--redis URL] [--dist FOLDER]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { leases: { type: 'string', default: '1000000' }, redis: { type: 'string' }, dist: { type: 'string' } },
});
const dist = path.resolve(values.dist ?? new URL('../../dist/node', import.meta.url).pathname);
const { openStore } = await import(path.join(dist, 'dhcp.js'));
const count = Number(values.leases);
const FIRST = 0x0a000000;
const now = Math.floor(Date.now() / 1000);

const clientOf = (i) => {
  const hardware = (0x020000000000 + i).toString(16).padStart(12, '0');
  return { key: `id:01${hardware}`, hardware, hostName: '' };
};
const territory = { id: 1, pools: [{ first: FIRST, last: FIRST + 2 * count }], reserved: new Set() };
const ms = (from) => `${(performance.now() - from).toFixed(1)} ms`;

async function fill(store) {
  for (let i = 0; i < count; i += 10_000) {
    const batch = Array.from({ length: Math.min(10_000, count - i) }, (_, k) => {
      const { key, hardware, hostName } = clientOf(i + k);
      return { address: FIRST + i + k, subnet: 1, client: key, hardware, state: 'active', expires: now + 86_400, seen: now, hostName };
    });
    await store.adopt(batch, now);
  }
}

// Work for many clients, of which `width` wait at a time.
async function rate(what, total, width, work) {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < total) await work(next++);
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  console.log(`  ${what}: ${Math.round(total / seconds)} a second, ${((user + system) / total).toFixed(1)} us of CPU each`);
}

async function measure(name, settings) {
  let store = await openStore(settings);
  console.log(`${name}, ${count} leases`);
  let from = performance.now();
  await fill(store);
  console.log(`  written in ${ms(from)}`);
  await store.close();

  from = performance.now();
  store = await openStore(settings);
  console.log(`  opened in ${ms(from)}`);
  from = performance.now();
  await store.ofClient(1, clientOf(count >> 1).key);
  console.log(`  a client found in ${ms(from)}`);
  from = performance.now();
  await store.grant({ territory, client: clientOf(7), address: FIRST + 7, now, leaseSeconds: 86_400 });
  console.log(`  a lease prolonged in ${ms(from)}`);
  from = performance.now();
  await store.offer({ territory, client: clientOf(count), reserved: null, wanted: null, now, holdSeconds: 60 });
  console.log(`  the first new address found in ${ms(from)}`);
  from = performance.now();
  let listed = 0;
  for await (const _ of store.leases()) listed++;
  console.log(`  ${listed} listed in ${ms(from)}`);

  const total = Math.min(count, 50_000);
  await rate('exchanges', total, 500, async (i) => {
    const client = clientOf(count + i);
    const address = await store.offer({ territory, client, reserved: null, wanted: null, now, holdSeconds: 60 });
    await store.grant({ territory, client, address, now, leaseSeconds: 3600 });
  });
  await rate('renewals', total, 500, (i) => store.grant({ territory, client: clientOf(i), address: FIRST + i, now, leaseSeconds: 3600 }));
  await store.close();
}

const folder = mkdtempSync(path.join(tmpdir(), 'cdef-bench-'));
try {
  await measure('LMDB', { kind: 'lmdb', path: folder });
  if (values.redis !== undefined) await measure('Redis', { kind: 'redis', url: values.redis, prefix: `bench${Date.now()}:` });
} finally {
  rmSync(folder, { recursive: true });
}
