import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedPolicy, loadPolicy } from '../../../src/dhcp/lua-policy.ts';
import { TYPE } from '../../../src/dhcp/protocol.ts';
import { type EngineName, engineNames, LuaError, LuaSyntaxError } from '../../../src/host/node.ts';
import { ipBytes, type MessageParts, message, optionsIn } from '../../helpers/dhcp.ts';
import { planOf, type Sent, shortOf, TestServer } from '../../helpers/dhcp-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cdef-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const BASE = "network = '192.0.2.0/24' pools = { '192.0.2.100-192.0.2.199' } client_rate = 1000 policy_ms = 10000\n";
// On a busy machine time may be up first.
const LIMIT = /more than (?:100000 steps|10000 ms)/;
let files = 0;
let engine: EngineName = 'fengari';

function load(text: string): LoadedPolicy {
  const file = path.join(folder, `${++files}.lua`);
  writeFileSync(file, BASE + text);
  return loadPolicy(file, engine);
}

/** A server that follows a script. */
function serverOf(text: string): TestServer {
  const { settings, policy } = load(text);
  const server = new TestServer();
  server.server.change({ ...planOf({}), settings, policy, links: { ...planOf({}).links, subnets: settings.subnets } });
  return server;
}

async function ask(text: string, parts: MessageParts = {}): Promise<{ replies: string[]; options: object; lines: string[]; sent: Sent[] }> {
  const server = serverOf(text);
  const sent = await server.hear(message({ type: TYPE.DISCOVER, ...parts }));
  return { replies: sent.map(shortOf), options: sent[0] === undefined ? {} : optionsIn(sent[0].bytes), lines: server.lines, sent };
}

describe.each(engineNames)('on %s', (name) => {
  beforeAll(() => {
    engine = name;
  });

  describe('a policy', () => {
    it('that says nothing leaves all to the server', async () => {
      expect((await ask('')).replies).toEqual(['OFFER 192.0.2.100 to 255.255.255.255:68 by any']);
      expect((await ask('function on_discover() end')).replies).toEqual(['OFFER 192.0.2.100 to 255.255.255.255:68 by any']);
    });

    it('is asked by a function for each type of message', async () => {
      const text = `
      function on_discover(request) return false, request.type end
      function on_request(request) return false, request.type end
      function on_inform(request) return false, request.type end
      function on_release(request) return false, request.type end
      function on_decline(request) return false, request.type end
      function on_bootp(request) return false, request.type end`;
      const server = serverOf(text);
      for (const type of [TYPE.DISCOVER, TYPE.REQUEST, TYPE.INFORM, TYPE.RELEASE, TYPE.DECLINE, undefined]) {
        await server.hear(message({ ...(type !== undefined && { type }), ciaddr: '192.0.2.100' }));
      }
      expect(server.lines.map((line) => /reason=(\S+) type=(\S+)/.exec(line)?.slice(1))).toEqual(
        ['DISCOVER', 'REQUEST', 'INFORM', 'RELEASE', 'DECLINE', 'BOOTP'].map((type) => [type, type]),
      );
    });

    it('sees the message', async () => {
      const text = `function on_discover(r)
      local o = r.options
      return false, table.concat({ r.hardware, r.client, r.xid, r.ciaddr, r.giaddr, r.hops, r.secs, tostring(r.broadcast), r.subnet, r.address,
        o.host_name, o.parameter_list[2], o.relay_agent['1'], tostring(o.router), o.option_224, tostring(r.nonsense), tostring(r.options.max_message_size) }, ' ')
    end`;
      const relay = [1, 3, 0x65, 0x74, 0x68];
      const parts: MessageParts = {
        giaddr: '192.0.2.9',
        hops: 1,
        flags: 0x8000,
        options: [
          [12, [0x70, 0x63]],
          [50, ipBytes('192.0.2.150')],
          [55, [1, 3]],
          [57, [1]],
          [224, [0x68, 0x69]],
          [82, relay],
        ],
      };
      const { lines } = await ask(text, parts);
      expect(lines[0]).toContain(
        'reason="02:00:00:00:00:01 hw:1:020000000001 12345678 0.0.0.0 192.0.2.9 1 0 true 192.0.2.0 192.0.2.150 pc 3 eth nil hi nil \\u0001"',
      );
    });

    it('changes what the client gets', async () => {
      const text = `function on_discover(request, reply)
      reply.lease_time, reply.renew_time, reply.rebind_time = 100, 20, 30
      reply.address = '192.0.2.177'
      reply.next_server, reply.server_name, reply.boot_file = '192.0.2.5', 'boss', 'pxe.0'
      reply.options.router = { '192.0.2.254' }
      reply.options.domain_name = 'example.org'
      reply.options.domain_name = nil
      reply.options.option_224 = '\\1\\255'
      assert(reply.lease_time == 100 and reply.renew_time == 20 and reply.rebind_time == 30 and reply.address == '192.0.2.177')
      assert(reply.next_server == '192.0.2.5' and reply.server_name == 'boss' and reply.boot_file == 'pxe.0')
      assert(reply.options.router[1] == '192.0.2.254' and reply.options.domain_name == nil and reply.nonsense == nil)
    end`;
      const { replies, options, sent } = await ask(text);
      expect(replies).toEqual(['OFFER 192.0.2.177 to 255.255.255.255:68 by any']);
      expect(options).toEqual({
        message_type: 2,
        server_id: '192.0.2.1',
        lease_time: 100,
        subnet_mask: '255.255.255.0',
        router: ['192.0.2.254'],
        option_224: Uint8Array.of(1, 255),
        renewal_time: 20,
        rebinding_time: 30,
      });
      const bytes = (sent[0] as Sent).bytes;
      expect([bytes[23], String.fromCharCode(...bytes.subarray(44, 48)), String.fromCharCode(...bytes.subarray(108, 113))]).toEqual([
        5,
        'boss',
        'pxe.0',
      ]);
    });

    it('refuses in silence, with a reason, or by NAK', async () => {
      expect((await ask('function on_discover() return false end')).lines[0]).toContain('reason="refused by the policy"');
      expect((await ask("function on_discover() return false, 'no toasters' end")).lines[0]).toContain('reason="no toasters"');
      const request: MessageParts = { type: TYPE.REQUEST, ciaddr: '192.0.2.100' };
      expect((await ask("function on_request() return 'nak' end", request)).replies).toEqual(['NAK 0.0.0.0 to 255.255.255.255:68 by any']);
    });

    it('is the article’s callback, which changes the packet in place', async () => {
      const text = `local ffi, dhcp = require 'ffi', require 'dhcp'
      function callback(buf, len)
        if len < dhcp.header_size then return false end
        local msg = ffi.cast('struct dhcp_msg *', buf)
        if msg:hardware():byte(6) == 2 then return false end
        msg.op = 2
        if msg:hardware():byte(6) == 3 then msg:yiaddr('192.0.2.190') msg:siaddr('192.0.2.4') end
        return true
      end`;
      expect((await ask(text)).replies).toEqual(['OFFER 192.0.2.100 to 255.255.255.255:68 by any']);
      expect((await ask(text, { mac: '02:00:00:00:00:02' })).replies).toEqual([]);
      const chosen = await ask(text, { mac: '02:00:00:00:00:03' });
      expect(chosen.replies).toEqual(['OFFER 192.0.2.190 to 255.255.255.255:68 by any']);
      expect(Uint8Array.from(chosen.sent[0]?.bytes.subarray(20, 24) ?? [])).toEqual(ipBytes('192.0.2.4'));
      expect((await ask('function callback() return true end')).replies).toEqual([]);
    });

    it('keeps what it likes, but messages only while it is asked', async () => {
      const server = serverOf(`seen = {} local kept
      function on_discover(request, reply)
        seen[request.hardware] = true
        kept = reply
      end
      function on_inform() return false, seen['02:00:00:00:00:01'] and 'seen' end
      function later() kept.lease_time = 1 end`);
      await server.hear(message({ type: TYPE.DISCOVER }));
      await server.hear(message({ type: TYPE.INFORM, ciaddr: '192.0.2.9' }));
      expect(server.lines.at(-1)).toContain('reason=seen');
    });
  });

  describe('a policy that fails', () => {
    it.each<[string, string | RegExp]>([
      ["error('broken')", 'broken'],
      ['request.xid = 1', "a request cannot be changed: 'xid'"],
      ["request.options.router = '1.2.3.4'", "a request cannot be changed: 'router'"],
      ['reply.nonsense = 1', "a reply has no field 'nonsense'"],
      ['reply.lease_time = 0', 'reply.lease_time: expected seconds, a positive integer'],
      ["reply.lease_time = 'long'", 'reply.lease_time: expected seconds, a positive integer'],
      ['reply.address = 5', 'reply.address: expected an address as text'],
      ["reply.address = 'x'", "'x' is no IPv4 address"],
      ["reply.boot_file = ('x'):rep(128)", 'reply.boot_file: expected a string of at most 127 bytes'],
      ['reply.server_name = {}', 'reply.server_name: expected a string of at most 63 bytes'],
      ["reply.options.rooter = '192.0.2.1'", "no option is named 'rooter'"],
      ["reply.options.router = 'x'", "option router: 'x' is no IPv4 address"],
      ['reply.options.lease_time = 5', "option lease_time is the server's to set"],
      ['reply.options[5] = 5', "no option is named '5'"],
      ['local x = request.options.rooter', "no option is named 'rooter'"],
      ['while true do end', LIMIT],
      ['while true do pcall(error) end', LIMIT],
      ['coroutine.wrap(function() while true do end end)()', LIMIT],
      ['local function f() return f() + 1 end f()', /stack overflow|more than 100000 steps/],
    ])('%s', async (body, expected) => {
      const server = serverOf(`function on_discover(request, reply)\n${body}\nend`);
      expect(await server.hear(message({ type: TYPE.DISCOVER }))).toEqual([]);
      expect(server.counts['dropped policy error']).toBe(1);
      expect(server.lines[0]).toMatch(/^error {3}policy error message=".*" trace=".*stack traceback.* type=DISCOVER/);
      expect(server.lines[0]?.replaceAll('\\', '')).toEqual(
        typeof expected === 'string' ? expect.stringContaining(expected) : expect.stringMatching(expected),
      );
      // The next message is another's.
      expect((await server.hear(message({ type: TYPE.INFORM, ciaddr: '192.0.2.9' }))).length).toBe(1);
    });

    it('to load is not followed', () => {
      expect(() => load('port = = 5')).toThrow(LuaSyntaxError);
      expect(() => load("error('no')")).toThrow(LuaError);
      expect(() => load('port = -1')).toThrow('port: expected an integer from 0 to 65535, got -1');
    });
  });

  describe('a configuration file', () => {
    it('is a program: it reads the environment and other files', () => {
      writeFileSync(path.join(folder, 'more.lua'), 'return 1234');
      process.env['CDEF_TEST_PORT'] = '6767';
      const { settings } = load("port = tonumber(os.getenv 'CDEF_TEST_PORT') lease_time = require 'more'");
      expect([settings.port, settings.subnets[0]?.settings.leaseSeconds]).toEqual([6767, 1234]);
    });

    it('says which messages it decides on, and what may be misspelt', () => {
      const { handlers, warnings } = load('function on_discover() end function on_discovr() end function helper() end lease_tme = 5');
      expect(handlers).toEqual(['on_discover']);
      expect([...warnings].sort()).toEqual([
        "the global 'lease_tme' means nothing, did you mean 'lease_time'?",
        "the global 'on_discovr' means nothing, did you mean 'on_discover'?",
      ]);
      expect(load('function callback() end').handlers).toEqual(['callback']);
    });
  });
});
