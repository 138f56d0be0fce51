import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineDhcpClass, dhcpFunctions, packageCdef, replay, type ReplayResult } from '../../../src/dhcp/index.ts';
import { createLua, engineNames, luaFolder, LuaBytes, LuaError, type LuaFunction, type NodeLua } from '../../../src/host/node.ts';
import type { Pointer } from '../../../src/index.ts';

const CAPTURE = readFileSync(new URL('../../captures/dhcp.pcap', import.meta.url));
const script = (name: string): string => path.join(luaFolder, name);

/** A request of type `type` from the hardware address that ends in `tail`. */
function request(type: number, tail: readonly [number, number], hlen = 6): Uint8Array {
  const bytes = new Uint8Array(244);
  bytes.set([1, 1, hlen, 0, 0x39, 3, 0xf3, 0x26]);
  bytes.set([2, 0, 0, 0, ...tail], 28);
  bytes.set([0x63, 0x82, 0x53, 0x63, 53, 1, type, 255], 236);
  return bytes;
}

function yiaddr(bytes: Uint8Array): string {
  return bytes.subarray(16, 20).join('.');
}

const [DISCOVER, REQUEST, DECLINE, RELEASE, INFORM] = [1, 3, 4, 7, 8];

describe.each(engineNames)('the article’s scripts on %s', (engine) => {
  function withFfi(): NodeLua {
    const lua = createLua({ engine });
    lua.define(dhcpFunctions(packageCdef('dhcp.h')));
    return lua;
  }

  it('config.lua sets address and port', () => {
    const lua = createLua({ engine });
    lua.runFile(script('article/config.lua'));
    const wanted = Number(process.env['DHCP_PORT'] ?? 6767);
    expect(lua.config({ address: '', port: 0, other: 'default' })).toEqual({ address: '127.0.0.1', port: wanted, other: 'default' });
  });

  it('callback.lua counts packets that are binary strings', () => {
    const lua = createLua({ engine });
    lua.runFile(script('article/callback.lua'));
    const callback = lua.callback('callback');
    expect(callback(new LuaBytes(Uint8Array.of(1, 0, 255)))).toBe(3);
    expect(callback(new LuaBytes(new Uint8Array(300)))).toBe(300);
    expect([lua.get('packets'), lua.get('bytes')]).toEqual([2, 303]);
  });

  // All do the same to a packet, by different means.
  const means: [string, (lua: NodeLua) => (bytes: Uint8Array) => unknown][] = [
    [
      'userdata.lua',
      (lua) => {
        const cdef = packageCdef('dhcp.h');
        const messages = defineDhcpClass(lua, cdef);
        lua.runFile(script('article/userdata.lua'));
        const callback = lua.callback('callback');
        return (bytes) => callback(messages.wrap(cdef.typeof('struct dhcp_msg').view(bytes)));
      },
    ],
    [
      'functions.lua',
      (lua) => {
        defineDhcpClass(lua, packageCdef('dhcp.h'));
        lua.runFile(script('article/functions.lua'));
        const callback = lua.callback('callback');
        return (bytes) => callback(bytes);
      },
    ],
    [
      'ffi.lua',
      (lua) => {
        lua.define(dhcpFunctions(packageCdef('dhcp.h')));
        lua.runFile(script('article/ffi.lua'));
        const callback = lua.callback('callback');
        return (bytes) => callback(bytes, bytes.length);
      },
    ],
    [
      'address.lua',
      (lua) => {
        lua.runFile(script('article/address.lua'));
        const callback = lua.callback('callback');
        return (bytes) => callback(bytes, bytes.length);
      },
    ],
  ];

  it.each(means)('%s turns a discovery into an offer, once not blocked', (_, prepare) => {
    const lua = createLua({ engine });
    const handle = prepare(lua);
    const bytes = request(DISCOVER, [1, 0x23]);
    expect(handle(bytes)).toBe(true);
    expect([bytes[0], yiaddr(bytes)]).toEqual([2, '192.168.1.1']);
    const again = Uint8Array.from(bytes);
    expect(handle(bytes)).toBe(false);
    expect(bytes).toEqual(again);
    lua.run(`blocked['\\2\\0\\0\\0\\18\\3' .. ('\\0'):rep(10)] = true`);
    const blocked = request(DISCOVER, [0x12, 3]);
    expect(handle(blocked)).toBe(false);
    expect(blocked[0]).toBe(1);
    // 01 23 and 12 03 are the pair that fengari takes for one.
    expect(handle(request(DISCOVER, [1, 0x23]))).toBe(true);
    expect(lua.run('local n = 0 for key, address in pairs(leases) do n = n + #key assert(address == "192.168.1.1") end return n')).toBe(16);
  });

  it.each(means)('%s refuses a packet that is too short', (_, prepare) => {
    const lua = createLua({ engine });
    const handle = prepare(lua);
    let outcome: unknown;
    try {
      outcome = handle(new Uint8Array(20));
    } catch (error) {
      outcome = error;
    }
    if (outcome !== false) expect((outcome as Error).message).toMatch(/needs 44 bytes/);
  });

  describe('address.lua’s yiaddr_set', () => {
    // Both setters on a header of 0xaa each: the bytes they leave, or what they raise.
    function outcomes(): (text: string) => unknown[] {
      const lua = withFfi();
      lua.runFile(script('article/address.lua'));
      lua.run(`
        local ffi = require 'ffi'
        function with_host(buf, text) ffi.C.yiaddr_set(ffi.cast('struct dhcp_msg *', buf), text) end
        function with_lua(buf, text) yiaddr_set(ffi.cast('struct dhcp_msg *', buf), text) end`);
      const setters = [lua.callback('with_host'), lua.callback('with_lua')];
      return (text) =>
        setters.map((set) => {
          const bytes = new Uint8Array(44).fill(0xaa);
          try {
            set(bytes, text);
            return [...bytes];
          } catch (error) {
            return [...bytes, /is no IPv4 address/.test((error as Error).message) ? 'refused' : error];
          }
        });
    }

    it('writes the bytes that the host function writes, and refuses what it refuses', () => {
      const both = outcomes();
      for (const text of ['0.0.0.0', '255.255.255.255', '192.168.1.1', '10.0.100.9']) {
        const [host, own] = both(text);
        expect(own).toEqual(host);
        expect((own as number[]).slice(16, 20)).toEqual(text.split('.').map(Number));
      }
      for (const text of [
        '',
        '.',
        '1.2.3',
        '1.2.3.',
        '.1.2.3',
        '1..2.3',
        '1.2.3.4.5',
        '1.2.3.256',
        '01.2.3.4',
        '00.0.0.0',
        ' 1.2.3.4',
        '1.2.3.4x',
      ])
        for (const outcome of both(text)) expect([text, outcome]).toEqual([text, [...new Uint8Array(44).fill(0xaa), 'refused']]);
    });

    it('does so for any text', () => {
      const both = outcomes();
      const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '00', '1', '-1', 'a', ' 1', '999999999999'));
      const text = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
      fc.assert(
        fc.property(text, (one) => {
          const [host, own] = both(one);
          expect(own).toEqual(host);
        }),
        { numRuns: 300 },
      );
    });
  });

  it('loop.lua receives and sends until there is nothing more', () => {
    const lua = withFfi();
    const queue = [request(DISCOVER, [1, 1]), new Uint8Array(10), request(DISCOVER, [2, 2])];
    const sent: Uint8Array[] = [];
    lua.define({
      receive: (buf: Pointer, size: bigint) => {
        const next = queue.shift();
        if (next === undefined) return -1;
        buf.bytes(Number(size)).set(next);
        return next.length;
      },
      send: (buf: Pointer | string, len: bigint) => {
        sent.push(typeof buf === 'string' ? new TextEncoder().encode(buf) : Uint8Array.from(buf.bytes(Number(len))));
        return Number(len);
      },
    });
    const loop = lua.runFile(script('article/loop.lua')) as LuaFunction;
    expect(loop.all()).toEqual([3, 2]);
    expect(sent).toHaveLength(2);
  });
});

describe('lua/dhcp.lua', () => {
  it('declares the struct that cdefs/dhcp.h declares', () => {
    const c = packageCdef('dhcp.h');
    const lua = createLua();
    lua.run(`ffi, dhcp = require 'ffi', require 'dhcp'`);
    for (const field of 'op htype hlen hops xid secs flags _ciaddr _yiaddr _siaddr _giaddr _chaddr'.split(' ')) {
      expect([field, lua.run(`return ffi.offsetof('struct dhcp_msg', '${field}')`)]).toEqual([field, c.offsetof('struct dhcp_msg', field)]);
    }
    expect(lua.run(`return ffi.sizeof 'struct dhcp_msg'`)).toBe(c.sizeof('struct dhcp_msg'));
    for (const [type, name] of [
      ...'DISCOVER OFFER'.split(' ').map((n) => ['op', n]),
      ...'DISCOVER OFFER REQUEST DECLINE ACK NAK RELEASE INFORM'.split(' ').map((n) => ['type', n]),
    ]) {
      // biome-ignore lint/suspicious/noExplicitAny: constants by name
      expect(lua.run(`return dhcp.${type}.${name}`)).toBe((c.typeof(`struct dhcp_${type}`) as any)[name as string]);
    }
  });

  it('reads and writes addresses as text', () => {
    const lua = createLua();
    lua.define(dhcpFunctions(packageCdef('dhcp.h')));
    lua.run(`ffi, dhcp = require 'ffi', require 'dhcp' msg = ffi.new 'struct dhcp_msg'`);
    expect(
      lua.run(
        `for _, f in ipairs { 'ciaddr', 'yiaddr', 'siaddr', 'giaddr' } do msg[f](msg, '10.0.0.' .. #f) end return msg:ciaddr() .. msg:giaddr()`,
      ),
    ).toBe('10.0.0.610.0.0.6');
    expect(lua.run(`msg.hlen = 6 msg._chaddr = '\\2\\0\\0\\0\\1\\35' return dhcp.colons(msg:hardware()) .. #msg:chaddr()`)).toBe(
      '02:00:00:00:01:2316',
    );
    expect(lua.run(`msg.hlen = 255 return #msg:hardware()`)).toBe(16);
    expect(() => lua.run(`msg:yiaddr('10.0.0.256')`)).toThrow(/'10\.0\.0\.256' is no IPv4 address/);
    expect(() => lua.run(`msg:yiaddr(5)`)).toThrow(/cannot convert 'number' to 'const char \*'/);
    expect(() => lua.run(`ffi.C.yiaddr_set(nil, '10.0.0.1')`)).toThrow(/yiaddr_set: NULL/);
  });
});

describe('lua/policy.lua', () => {
  function policy(settings = ''): { callback: (bytes: Uint8Array) => unknown; leases: () => unknown } {
    const lua = createLua();
    lua.define(dhcpFunctions(packageCdef('dhcp.h')));
    lua.run(settings);
    lua.runFile(script('policy.lua'));
    const callback = lua.callback('callback');
    return { callback: (bytes) => callback(bytes, bytes.length), leases: lua.callback('lease_list') };
  }

  it('offers, confirms, takes back and gives again', () => {
    const { callback, leases } = policy();
    const bytes = request(DISCOVER, [1, 0x23]);
    expect([callback(bytes), bytes[0], yiaddr(bytes)]).toEqual(['offered', 2, '192.168.77.100']);
    const confirm = request(REQUEST, [1, 0x23]);
    expect([callback(confirm), yiaddr(confirm)]).toEqual(['confirmed', '192.168.77.100']);
    const other = request(DISCOVER, [0x12, 3]);
    expect([callback(other), yiaddr(other)]).toEqual(['offered', '192.168.77.101']);
    expect(leases()).toEqual([
      { hardware: '02:00:00:00:01:23', address: '192.168.77.100' },
      { hardware: '02:00:00:00:12:03', address: '192.168.77.101' },
    ]);
    expect(callback(request(RELEASE, [1, 0x23]))).toBe('released');
    expect(callback(request(RELEASE, [1, 0x23]))).toBe('not leased');
    const third = request(DISCOVER, [9, 9]);
    callback(third);
    expect(yiaddr(third)).toBe('192.168.77.100');
    const inform = request(INFORM, [7, 7]);
    expect([callback(inform), inform[0], yiaddr(inform)]).toEqual(['informed', 2, '0.0.0.0']);
  });

  it('holds a declined address back as long as there are others', () => {
    const { callback } = policy('first_host, last_host = 1, 2');
    const offer = (tail: [number, number]): unknown[] => {
      const bytes = request(DISCOVER, tail);
      return [callback(bytes), yiaddr(bytes)];
    };
    expect(offer([0, 1])).toEqual(['offered', '192.168.77.1']);
    expect(callback(request(DECLINE, [0, 1]))).toBe('held back');
    expect(callback(request(DECLINE, [0, 1]))).toBe('not leased');
    expect(offer([0, 1])).toEqual(['offered', '192.168.77.2']);
    expect(offer([0, 2])).toEqual(['offered', '192.168.77.1']);
    expect(offer([0, 3])).toEqual(['no address left', '0.0.0.0']);
  });

  it('leaves the message alone when the pool is empty', () => {
    const { callback } = policy('first_host, last_host = 5, 4');
    const bytes = request(DISCOVER, [0, 1]);
    const before = Uint8Array.from(bytes);
    expect(callback(bytes)).toBe('no address left');
    expect(bytes).toEqual(before);
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty packet', new Uint8Array(0), 'too short'],
    ['43 bytes', new Uint8Array(43), 'too short'],
    ['a header without options', request(DISCOVER, [1, 1]).subarray(0, 44), 'ignored'],
    ['zeros', new Uint8Array(300), 'no request'],
    ['a reply', Uint8Array.from(request(DISCOVER, [1, 1]), (byte, i) => (i === 0 ? 2 : byte)), 'no request'],
    ['an OFFER from a client', request(2, [1, 1]), 'ignored'],
    ['an unknown type', request(99, [1, 1]), 'ignored'],
    ['BOOTP', request(DISCOVER, [1, 1]).fill(0, 236), 'ignored'],
  ])('%s is answered with words', (_, bytes, outcome) => {
    const before = Uint8Array.from(bytes);
    const { callback } = policy();
    expect(callback(bytes)).toBe(outcome);
    expect(bytes).toEqual(before);
  });

  it('a hardware address of any length in the header is a client', () => {
    const { callback, leases } = policy();
    for (const hlen of [0, 1, 16, 17, 255]) expect(callback(request(DISCOVER, [1, 1], hlen))).toBe('offered');
    expect((leases() as unknown[]).length).toBe(3);
  });

  it('garbage never crashes the host', () => {
    const { callback } = policy();
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(fc.nat(255), fc.nat(255), fc.uint8Array({ minLength: 236, maxLength: 236 }), fc.uint8Array({ maxLength: 60 }))
        .map(([type, hlen, head, tail]) => {
          const bytes = Uint8Array.from([...head, 0x63, 0x82, 0x53, 0x63, 53, 1, type, ...tail]);
          bytes[0] = 1;
          bytes[2] = hlen;
          return bytes;
        }),
    );
    fc.assert(
      fc.property(garbage, (bytes) => {
        expect(typeof callback(bytes)).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});

describe('replay', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'cdef-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(policy: string, capture: Uint8Array = CAPTURE): { result: ReplayResult; lines: string[] } {
    const lines: string[] = [];
    const result = replay({
      capture,
      lua: createLua(),
      policy,
      cdef: packageCdef('dhcp.h'),
      print: (line) => lines.push(line),
      measureMs: 0,
    });
    return { result, lines };
  }

  function own(text: string): string {
    const file = path.join(folder, 'policy.lua');
    writeFileSync(file, text);
    return file;
  }

  it('shows every message, what the policy did, and the leases', () => {
    const before = Uint8Array.from(CAPTURE);
    const { result, lines } = run(script('policy.lua'));
    const kinds = (kind: string): number => lines.filter((line) => new RegExp(`^#\\d+ .* ${kind} +op`).test(line)).length;
    expect(
      Object.fromEntries(['DISCOVER', 'OFFER', 'REQUEST', 'ACK', 'NAK', 'DECLINE', 'RELEASE', 'INFORM'].map((kind) => [kind, kinds(kind)])),
    ).toEqual({
      DISCOVER: 7,
      OFFER: 7,
      REQUEST: 11,
      ACK: 11,
      NAK: 1,
      DECLINE: 1,
      RELEASE: 4,
      INFORM: 1,
    });
    expect(result).toEqual({ messages: 43, answered: 19, failed: 0 });
    expect(lines.at(-1)).toBe('43 messages, 19 answered');
    const leases = lines.slice(lines.indexOf('leases at the end:') + 1).filter((line) => /^ {2}\d/.test(line));
    // The first two are the addresses that fengari takes for one.
    expect(leases.filter((line) => /:01:23$|:12:03$/.test(line))).toHaveLength(2);
    expect(new Set(leases.map((line) => line.trim().split(/ +/)[0])).size).toBe(leases.length);
    expect(Uint8Array.from(CAPTURE)).toEqual(before);
  });

  it('counts and reports messages for which the policy fails, and goes on', () => {
    const { result, lines } = run(own('n = 0 function callback(buf, len) n = n + 1 if n % 2 == 0 then error "odd" end return n end'));
    expect(result).toEqual({ messages: 43, answered: 0, failed: 21 });
    expect(lines.filter((line) => /policy {3}error: .*policy\.lua:1: odd$/.test(line))).toHaveLength(21);
    expect(lines.at(-1)).toBe('43 messages, 0 answered, 21 failed');
  });

  it.each<[string, string, RegExp]>([
    ['is no Lua', 'function callback(', /policy\.lua:1: /],
    ['raises', 'error "at once"', /policy\.lua:1: at once/],
    ['has no callback', 'x = 1', /'callback' must be a function, got nothing/],
    ['has a number for a callback', 'callback = 1', /'callback' must be a function, got a number/],
  ])('a policy that %s ends the replay', (_, text, message) => {
    expect(() => run(own(text))).toThrow(message);
  });

  it('a lease list that is none is not shown as one', () => {
    const { lines } = run(own('function callback() end function lease_list() return {} end'));
    expect(lines).toContain('  none');
    expect(() => run(own('function callback() end function lease_list() error "list" end'))).toThrow(LuaError);
  });

  it('what a policy answers may be anything', () => {
    for (const value of [
      'nil',
      'true',
      '{}',
      '{ 1, 2 }',
      'print',
      '0 / 0',
      `'\\255'`,
      `require 'ffi'.new('int64_t', 5)`,
      `require 'ffi'.new 'int[3]'`,
      `require 'ffi'.typeof 'int'`,
    ]) {
      const { result } = run(own(`function callback() return ${value} end`));
      expect(result.failed).toBe(0);
    }
  });

  it('what a policy answers reaches the terminal as plain text', () => {
    const answers = (value: string): string | undefined =>
      run(own(`function callback() return ${value} end`)).lines.find((line) => line.includes('policy'));
    expect(answers(`'\\27[31m' .. 'red\\n'`)).toBe('        policy   ?[31mred?');
    expect(answers('nil')).toBe('        policy   nil');
    expect(answers('{ toString = 1, valueOf = 2 }')).toBe('        policy   an object');
    const { lines } = run(
      own(
        `function callback() end function lease_list() return { { hardware = '\\27c', address = { toString = 1 } }, { address = 5 } } end`,
      ),
    );
    expect(lines.slice(-5, -1)).toEqual(['leases at the end:', '  an object        ?c', '  5                nil', '']);
  });

  it('a capture without DHCP has no messages', () => {
    const { result, lines } = run(script('policy.lua'), CAPTURE.subarray(0, 24));
    expect(result).toEqual({ messages: 0, answered: 0, failed: 0 });
    expect(lines).toContain('  none');
  });
});
