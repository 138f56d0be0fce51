// Real messages, damaged: the server answers or does not, but nothing else happens.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, it } from 'vitest';
import { loadPolicy } from '../../src/dhcp/lua-policy.ts';
import { PcapFile, UdpReader } from '../../src/dhcp/pcap.ts';
import { AT } from '../../src/dhcp/request.ts';
import { optionsIn } from '../helpers/dhcp.ts';
import { type FakeTransport, settled, TestServer } from '../helpers/dhcp-server.ts';
import { fc } from '../helpers/properties.ts';

const CAPTURE = readFileSync(new URL('../captures/dhcp.pcap', import.meta.url));
const GLOBALS = { network: '192.168.77.0/24', pools: ['192.168.77.100-192.168.77.199'], client_rate: 1e6, rapid_commit: true };

// Reads all there is to read of a message, and changes what can be changed.
const POLICY = `
  network, pools, policy_ms = '192.168.77.0/24', {}, 60000
  local names = {}
  for name in ('parameter_list host_name vendor_class client_id requested_address relay_agent domain_search classless_routes fqdn router'):gmatch '%S+' do
    names[#names + 1] = name
  end
  local function look(request, reply)
    for _, name in ipairs { 'type', 'hardware', 'client', 'xid', 'ciaddr', 'giaddr', 'hops', 'secs', 'broadcast', 'subnet', 'address' } do local _ = request[name] end
    for _, name in ipairs(names) do
      local value = request.options[name]
      if type(value) == 'table' then for _, one in pairs(value) do tostring(one) end end
    end
    reply.options.option_224 = request.xid
    if request.secs > 60000 then return 'nak' end
  end
  on_discover, on_request, on_inform, on_release, on_decline, on_bootp = look, look, look, look, look, look`;

const requests: Uint8Array[] = [];
const capture = new PcapFile(CAPTURE);
const reader = new UdpReader(capture.linkType);
for (const { bytes } of capture) {
  const datagram = reader.read(bytes);
  if (datagram !== null && datagram.payload[AT.op] === 1) requests.push(datagram.payload);
}

type Change =
  | { readonly at: number; readonly value: number }
  | { readonly cut: number }
  | { readonly insert: number; readonly bytes: Uint8Array };

const byte = fc.integer({ min: 0, max: 255 });
// Mostly where decisions are made: the header, and the options.
const place = fc.oneof(fc.integer({ min: 0, max: 43 }), fc.integer({ min: AT.cookie, max: 400 }), fc.integer({ min: 0, max: 600 }));
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ at: place, value: byte }) },
  { weight: 1, arbitrary: fc.record({ cut: place }) },
  { weight: 3, arbitrary: fc.record({ insert: place, bytes: fc.uint8Array({ maxLength: 300 }) }) },
);

function changed(message: Uint8Array, changes: readonly Change[]): Uint8Array {
  let bytes = Uint8Array.from(message);
  for (const one of changes) {
    if ('cut' in one) bytes = bytes.slice(0, one.cut);
    else if ('at' in one) {
      if (one.at < bytes.length) bytes[one.at] = one.value;
    } else bytes = Uint8Array.from([...bytes.subarray(0, one.insert), ...one.bytes, ...bytes.subarray(one.insert)]);
  }
  return bytes.slice(0, 65_507);
}

it('there are messages to damage', () => {
  expect(requests.length).toBe(24);
});

it('a damaged message is answered well or not at all', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdef-fuzz-'));
  const file = path.join(folder, 'policy.lua');
  writeFileSync(file, POLICY);
  const { policy, close } = loadPolicy(file, 'fengari');
  const server = new TestServer({ globals: GLOBALS, policy, local: [['eth0', '192.168.77.1']] });
  const transport = server.transports[0] as FakeTransport;
  try {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...requests), fc.array(change, { maxLength: 6 }), async (message, changes) => {
        server.now++;
        const before = server.sent.length;
        transport.hear(changed(message, changes));
        await settled();
        expect(server.lines.filter((line) => /internal error|policy error/.test(line))).toEqual([]);
        for (const { bytes } of server.sent.slice(before)) {
          expect(bytes.length).toBeGreaterThanOrEqual(300);
          expect(bytes[AT.op]).toBe(2);
          optionsIn(bytes);
        }
        server.lines.length = 0;
      }),
      { numRuns: 3000 },
    );
    // Most damage does not matter to the server.
    expect(server.sent.length).toBeGreaterThan(100);
  } finally {
    close();
    rmSync(folder, { recursive: true });
  }
});
