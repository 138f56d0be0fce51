import { describe, expect, it } from 'vitest';
import { formatIPv4 } from '../../../src/dhcp/address.ts';
import { clientOf } from '../../../src/dhcp/client.ts';
import { LocalStore } from '../../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../../src/dhcp/leases/memory.ts';
import type { Client } from '../../../src/dhcp/leases/store.ts';
import { type Policy, setOption } from '../../../src/dhcp/policy.ts';
import { type Outcome, Responder, type ResponderOptions, TYPE } from '../../../src/dhcp/protocol.ts';
import { optionNamed, type OptionDefinition } from '../../../src/dhcp/registry.ts';
import { AT, Request } from '../../../src/dhcp/request.ts';
import { Subnet, type SubnetSettings } from '../../../src/dhcp/subnets.ts';
import { encodeOption, type OptionValue } from '../../../src/dhcp/values.ts';
import { ip, ipBytes, type MessageParts, message, optionsIn } from '../../helpers/dhcp.ts';

const NOW = 1_700_000_000;
const SERVER = '192.0.2.1';
const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';

function options(values: Record<string, unknown>): Map<number, Uint8Array> {
  return new Map(
    Object.entries(values).map(([name, value]) => {
      const option = optionNamed(name) as OptionDefinition;
      return [option.code, encodeOption(option, value)];
    }),
  );
}

function subnet(settings: Partial<SubnetSettings> = {}): Subnet {
  return new Subnet({
    id: 1,
    network: ip('192.0.2.0'),
    prefixLength: 24,
    pools: [{ first: ip('192.0.2.100'), last: ip('192.0.2.102') }],
    reservations: [],
    relays: [],
    leaseSeconds: 3600,
    renewSeconds: null,
    rebindSeconds: null,
    options: options({ router: SERVER, dns_server: [SERVER, '192.0.2.2'], domain_name: 'example.org' }),
    serverAddress: ip(SERVER),
    ...settings,
  });
}

/** What is asked and answered, in short. */
class Server {
  readonly responder: Responder;
  readonly store = new LocalStore(new MemoryTable());
  now = NOW;

  constructor(settings: Partial<ResponderOptions> = {}) {
    this.responder = new Responder({
      subnets: [subnet()],
      store: this.store,
      policy: () => null,
      serverIdOf: () => ip(SERVER),
      offerSeconds: 60,
      declineSeconds: 600,
      rapidCommit: false,
      probe: null,
      ...settings,
    });
  }

  async ask(parts: MessageParts, localAddress: number | null = ip(SERVER)): Promise<Outcome> {
    const request = new Request(message(parts));
    return this.responder.respond(request, clientOf(request) as Client, { localAddress, now: this.now });
  }

  async answer(parts: MessageParts): Promise<string> {
    return short(await this.ask(parts));
  }

  /** A lease, by the four messages. */
  async lease(mac: string): Promise<string> {
    const offered = (await this.answer({ type: TYPE.DISCOVER, mac })).split(' ')[1] as string;
    return this.answer({
      type: TYPE.REQUEST,
      mac,
      options: [
        [54, ipBytes(SERVER)],
        [50, ipBytes(offered)],
      ],
    });
  }
}

function short(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'ignored':
      return `ignored: ${outcome.reason}`;
    case 'released':
    case 'declined':
      return outcome.kind;
    case 'NAK':
      return `NAK: ${optionsIn(outcome.bytes)['message']}`;
    default:
      return `${outcome.kind} ${formatIPv4(outcome.bytes, AT.yiaddr)}`;
  }
}

function replyOf(outcome: Outcome): { bytes: Uint8Array; options: Record<string, OptionValue>; destination: unknown } {
  if (!('bytes' in outcome)) throw new Error(`no reply: ${JSON.stringify(outcome)}`);
  return { bytes: outcome.bytes, options: optionsIn(outcome.bytes), destination: outcome.destination };
}

describe('the way to a lease', () => {
  it('is DISCOVER, OFFER, REQUEST, ACK', async () => {
    const server = new Server();
    const offer = replyOf(await server.ask({ type: TYPE.DISCOVER, mac: A, options: [[55, [1, 3, 6]]] }));
    expect(offer.options).toEqual({
      message_type: 2,
      server_id: SERVER,
      lease_time: 3600,
      subnet_mask: '255.255.255.0',
      router: [SERVER],
      dns_server: [SERVER, '192.0.2.2'],
      renewal_time: 1800,
      rebinding_time: 3150,
    });
    expect(formatIPv4(offer.bytes, AT.yiaddr)).toBe('192.0.2.100');
    expect(offer.destination).toEqual({ to: 'broadcast' });
    const ack = replyOf(
      await server.ask({
        type: TYPE.REQUEST,
        mac: A,
        options: [
          [54, ipBytes(SERVER)],
          [50, ipBytes('192.0.2.100')],
          [61, [1, 2, 0, 0, 0, 0, 10]],
        ],
      }),
    );
    // Without a list of wishes, everything. Another identifier is another client.
    expect(ack.options['message_type']).toBe(TYPE.NAK);
    const again = replyOf(
      await server.ask({
        type: TYPE.REQUEST,
        mac: A,
        options: [
          [54, ipBytes(SERVER)],
          [50, ipBytes('192.0.2.100')],
        ],
      }),
    );
    expect(again.options).toMatchObject({ message_type: 5, domain_name: 'example.org' });
    expect(await server.store.ofAddress(ip('192.0.2.100'))).toMatchObject({
      client: 'hw:1:02000000000a',
      state: 'active',
      expires: NOW + 3600,
    });
  });

  it('honours a requested address that is free, and no other', async () => {
    const server = new Server();
    const wish = (mac: string, address: string): Promise<string> =>
      server.answer({ type: TYPE.DISCOVER, mac, options: [[50, ipBytes(address)]] });
    expect(await wish(A, '192.0.2.102')).toBe('OFFER 192.0.2.102');
    expect(await wish(B, '192.0.2.102')).toBe('OFFER 192.0.2.100');
    expect(await wish(B, '10.0.0.1')).toBe('OFFER 192.0.2.100');
  });

  it('ends where no address is left', async () => {
    const server = new Server();
    for (let i = 0; i < 3; i++) expect(await server.lease(`02:00:00:00:01:0${i}`)).toBe(`ACK 192.0.2.10${i}`);
    expect(await server.lease(A).catch(() => 'nothing')).toBe('nothing');
    expect(await server.answer({ type: TYPE.DISCOVER, mac: A })).toBe('ignored: no address left');
    server.now += 3600;
    expect(await server.lease(A)).toBe('ACK 192.0.2.100');
  });

  it('is shorter with rapid commit, where that is on', async () => {
    const rapid = { type: TYPE.DISCOVER, mac: A, options: [[80, []]] } as const;
    expect(await new Server().answer(rapid)).toBe('OFFER 192.0.2.100');
    const server = new Server({ rapidCommit: true });
    const ack = replyOf(await server.ask(rapid));
    expect(ack.options).toMatchObject({ message_type: TYPE.ACK, rapid_commit: true });
    expect((await server.store.ofAddress(ip('192.0.2.100')))?.state).toBe('active');
  });

  it('is shorter still for BOOTP clients, who need a reservation', async () => {
    const keys = ['hw:1:02000000000a'];
    const subnets = [
      subnet({ reservations: [{ keys, address: ip('192.0.2.7'), hostName: 'Drucker-ä', options: options({ router: '192.0.2.9' }) }] }),
    ];
    const server = new Server({ subnets });
    expect(await server.answer({ mac: B })).toBe('ignored: BOOTP client without a reservation');
    const reply = replyOf(await server.ask({ mac: A }));
    expect(formatIPv4(reply.bytes, AT.yiaddr)).toBe('192.0.2.7');
    expect(reply.options).toEqual({
      subnet_mask: '255.255.255.0',
      router: ['192.0.2.9'],
      dns_server: [SERVER, '192.0.2.2'],
      domain_name: 'example.org',
      host_name: 'Drucker-ä',
    });
  });
});

describe('REQUEST, by the table of RFC 2131, section 4.3.2', () => {
  const selecting = (address: string, mac = A): MessageParts => ({
    type: TYPE.REQUEST,
    mac,
    options: [
      [54, ipBytes(SERVER)],
      [50, ipBytes(address)],
    ],
  });
  const rebooting = (address: string, mac = A): MessageParts => ({ type: TYPE.REQUEST, mac, options: [[50, ipBytes(address)]] });
  const renewing = (address: string, mac = A): MessageParts => ({ type: TYPE.REQUEST, mac, ciaddr: address });

  it.each<[string, MessageParts, string]>([
    ['selecting, offered or free', selecting('192.0.2.101', B), 'ACK 192.0.2.101'],
    [
      'selecting, another server',
      {
        ...selecting('192.0.2.101', B),
        options: [
          [54, ipBytes('192.0.2.3')],
          [50, ipBytes('192.0.2.101')],
        ],
      },
      'ignored: for another server',
    ],
    ['selecting, taken', selecting('192.0.2.100', B), 'NAK: the address is taken'],
    ['selecting, not in the pools', selecting('192.0.2.50', B), 'NAK: the address is not for the client'],
    ['selecting, of another network', selecting('10.0.0.1', B), 'NAK: the address is of another network'],
    ['selecting nothing', { type: TYPE.REQUEST, mac: B, options: [[54, ipBytes(SERVER)]] }, 'ignored: asks for no address'],
    ['rebooting, on record', rebooting('192.0.2.100'), 'ACK 192.0.2.100'],
    ['rebooting, on record with another', rebooting('192.0.2.101'), 'NAK: the address is not on record for the client'],
    ['rebooting, of another network', rebooting('10.0.0.1'), 'NAK: the address is of another network'],
    ['rebooting, not on record', rebooting('192.0.2.101', B), 'ignored: remembers an address that is not on record'],
    ['renewing', renewing('192.0.2.100'), 'ACK 192.0.2.100'],
    ['renewing what is not on record but free', renewing('192.0.2.102', B), 'ACK 192.0.2.102'],
    ['renewing what another has', renewing('192.0.2.100', B), 'NAK: the address is taken'],
    ['renewing what is not in the pools', renewing('192.0.2.5', B), 'NAK: the address is not for the client'],
    ['asking for nothing', { type: TYPE.REQUEST, mac: B }, 'ignored: asks for no address'],
  ])('%s', async (_, parts, expected) => {
    const server = new Server();
    expect(await server.lease(A)).toBe('ACK 192.0.2.100');
    server.now += 10;
    expect(await server.answer(parts)).toBe(expected);
  });

  // What happens meanwhile, by the second: another client leases all that is free, or the client itself ends its lease.
  const others = async (server: Server): Promise<void> => {
    for (const mac of ['02:00:00:00:01:00', '02:00:00:00:01:01', '02:00:00:00:01:02']) {
      if (!(await server.answer({ type: TYPE.DISCOVER, mac })).startsWith('ignored')) await server.lease(mac);
    }
  };
  const release = async (server: Server): Promise<void> => {
    await server.answer({ type: TYPE.RELEASE, mac: A, ciaddr: '192.0.2.100' });
  };
  const decline = async (server: Server): Promise<void> => {
    await server.answer({ type: TYPE.DECLINE, mac: A, options: [[50, ipBytes('192.0.2.100')]] });
  };
  it.each<[string, number, ((server: Server) => Promise<void>) | null, number, MessageParts, string]>([
    ['renewing at T1', 1800, null, 0, renewing('192.0.2.100'), 'ACK 192.0.2.100'],
    ['rebinding in the last second', 3599, others, 0, renewing('192.0.2.100'), 'ACK 192.0.2.100'],
    ['too late, but nobody has it', 3600, null, 0, renewing('192.0.2.100'), 'ACK 192.0.2.100'],
    ['too late, and somebody has it', 3600, others, 0, renewing('192.0.2.100'), 'NAK: the address is taken'],
    ['rebooting in time', 3599, others, 0, rebooting('192.0.2.100'), 'ACK 192.0.2.100'],
    ['rebooting too late, but nobody has it', 100_000, null, 0, rebooting('192.0.2.100'), 'ACK 192.0.2.100'],
    ['rebooting when somebody has it', 3600, others, 0, rebooting('192.0.2.100'), 'ignored: remembers an address that is not on record'],
    ['rebooting after a release', 10, release, 10, rebooting('192.0.2.100'), 'ACK 192.0.2.100'],
    ['asking anew after a release', 10, release, 10, { type: TYPE.DISCOVER, mac: A }, 'OFFER 192.0.2.100'],
    ['renewing what it declined', 10, decline, 10, renewing('192.0.2.100'), 'NAK: the address is taken'],
    ['asking anew after a decline', 10, decline, 10, { type: TYPE.DISCOVER, mac: A }, 'OFFER 192.0.2.101'],
    ['selecting what it declined long ago', 10, decline, 600, selecting('192.0.2.100'), 'ACK 192.0.2.100'],
  ])('%s', async (_, seconds, meanwhile, more, parts, expected) => {
    const server = new Server();
    expect(await server.lease(A)).toBe('ACK 192.0.2.100');
    server.now += seconds;
    await meanwhile?.(server);
    server.now += more;
    expect(await server.answer(parts)).toBe(expected);
  });

  it('renewals are answered at the client’s address, and prolong the lease', async () => {
    const server = new Server();
    await server.lease(A);
    server.now += 1800;
    const ack = replyOf(await server.ask(renewing('192.0.2.100')));
    expect(ack.destination).toEqual({ to: 'client', address: ip('192.0.2.100') });
    expect(formatIPv4(ack.bytes, AT.ciaddr)).toBe('192.0.2.100');
    expect((await server.store.ofAddress(ip('192.0.2.100')))?.expires).toBe(NOW + 1800 + 3600);
  });

  it('NAK has no addresses and few options, and is broadcast', async () => {
    const server = new Server();
    const nak = replyOf(
      await server.ask({
        ...selecting('10.0.0.1'),
        options: [
          [54, ipBytes(SERVER)],
          [50, ipBytes('10.0.0.1')],
          [61, [1, 2, 3]],
          [55, [1, 3]],
        ],
        ciaddr: '192.0.2.9',
      }),
    );
    expect(nak.options).toEqual({
      message_type: 6,
      server_id: SERVER,
      message: 'the address is of another network',
      client_id: Uint8Array.of(1, 2, 3),
    });
    expect(nak.destination).toEqual({ to: 'broadcast' });
    for (const at of [AT.ciaddr, AT.yiaddr, AT.siaddr]) expect(formatIPv4(nak.bytes, at)).toBe('0.0.0.0');
  });

  it('reserved addresses go to whom they are kept for, in or out of the pools', async () => {
    const subnets = [
      subnet({ reservations: [{ keys: ['hw:1:02000000000a'], address: ip('192.0.2.100'), hostName: null, options: new Map() }] }),
    ];
    const server = new Server({ subnets });
    expect(await server.answer({ type: TYPE.DISCOVER, mac: B, options: [[50, ipBytes('192.0.2.100')]] })).toBe('OFFER 192.0.2.101');
    expect(await server.answer(selecting('192.0.2.100', B))).toBe('NAK: the address is not for the client');
    expect(await server.answer(selecting('192.0.2.101', A))).toBe('NAK: the address is not for the client');
    expect(await server.lease(A)).toBe('ACK 192.0.2.100');
    // Known by its hardware address, whatever identifier it sends.
    expect(
      await server.answer({
        type: TYPE.REQUEST,
        mac: A,
        options: [
          [50, ipBytes('192.0.2.100')],
          [61, [255, 1, 2, 3]],
        ],
      }),
    ).toBe('ACK 192.0.2.100');
  });
});

describe('other messages', () => {
  it('DECLINE holds the address back, RELEASE ends the lease', async () => {
    const server = new Server();
    await server.lease(A);
    const decline = {
      type: TYPE.DECLINE,
      mac: A,
      options: [
        [54, ipBytes(SERVER)],
        [50, ipBytes('192.0.2.100')],
      ],
    } as const;
    expect(await server.answer({ ...decline, mac: B })).toBe('ignored: declines an address that it does not have');
    expect(await server.answer(decline)).toBe('declined');
    expect(await server.lease(A)).toBe('ACK 192.0.2.101');
    const release = { type: TYPE.RELEASE, mac: A, ciaddr: '192.0.2.101', options: [[54, ipBytes(SERVER)]] } as const;
    expect(await server.answer({ ...release, mac: B })).toBe('ignored: releases an address that it does not have');
    expect(await server.answer(release)).toBe('released');
    expect((await server.store.ofAddress(ip('192.0.2.101')))?.state).toBe('released');
    // It comes back for the same address.
    expect(await server.lease(A)).toBe('ACK 192.0.2.101');
  });

  it('INFORM is answered to where the client is, without a lease', async () => {
    const server = new Server();
    const ack = replyOf(await server.ask({ type: TYPE.INFORM, ciaddr: '192.0.2.44', options: [[55, [15, 6]]] }));
    expect(ack.options).toEqual({
      message_type: 5,
      server_id: SERVER,
      domain_name: 'example.org',
      dns_server: [SERVER, '192.0.2.2'],
      subnet_mask: '255.255.255.0',
    });
    expect(ack.destination).toEqual({ to: 'client', address: ip('192.0.2.44') });
    expect([formatIPv4(ack.bytes, AT.yiaddr), formatIPv4(ack.bytes, AT.ciaddr)]).toEqual(['0.0.0.0', '192.0.2.44']);
    expect(await server.store.ofAddress(ip('192.0.2.44'))).toBe(null);
  });

  it.each<[MessageParts, string]>([
    [{ type: TYPE.OFFER }, 'ignored: a message for clients'],
    [{ type: TYPE.ACK }, 'ignored: a message for clients'],
    [{ type: TYPE.DISCOVER, giaddr: '10.9.9.9' }, 'ignored: no subnet for it'],
    [{ type: TYPE.INFORM }, 'ignored: has no address to answer to'],
  ])('%j is passed over', async (parts, expected) => {
    expect(await new Server().answer(parts)).toBe(expected);
  });
});

describe('subnets', () => {
  const other = subnet({
    id: 2,
    network: ip('10.0.0.0'),
    prefixLength: 8,
    pools: [{ first: ip('10.0.0.10'), last: ip('10.0.0.20') }],
    relays: [ip('172.16.0.1')],
    serverAddress: ip('10.0.0.1'),
  });
  const subnets = [subnet(), other];

  it.each<[string, MessageParts, string | null, string]>([
    ['of the link', { type: TYPE.DISCOVER }, SERVER, 'OFFER 192.0.2.100'],
    ['of another link', { type: TYPE.DISCOVER }, '10.0.0.1', 'OFFER 10.0.0.10'],
    ['unknown link', { type: TYPE.DISCOVER }, null, 'ignored: no subnet for it'],
    ['of the relay', { type: TYPE.DISCOVER, giaddr: '10.3.4.5' }, SERVER, 'OFFER 10.0.0.10'],
    ['of a relay that is elsewhere', { type: TYPE.DISCOVER, giaddr: '172.16.0.1' }, SERVER, 'OFFER 10.0.0.10'],
    ['of an unknown relay', { type: TYPE.DISCOVER, giaddr: '172.16.0.2' }, SERVER, 'ignored: no subnet for it'],
    [
      'that the relay selects',
      { type: TYPE.DISCOVER, giaddr: '172.16.0.1', options: [[82, [1, 1, 9, 5, 4, 192, 0, 2, 0]]] },
      SERVER,
      'OFFER 192.0.2.100',
    ],
    ['that a client cannot select like that', { type: TYPE.DISCOVER, options: [[82, [5, 4, 10, 0, 0, 0]]] }, SERVER, 'OFFER 192.0.2.100'],
    ['that the client selects', { type: TYPE.DISCOVER, options: [[118, ipBytes('10.0.0.0')]] }, SERVER, 'OFFER 10.0.0.10'],
    ['of its address', { type: TYPE.REQUEST, ciaddr: '10.0.0.12' }, null, 'ACK 10.0.0.12'],
  ])('%s', async (_, parts, local, expected) => {
    const server = new Server({ subnets });
    expect(short(await server.ask(parts, local === null ? null : ip(local)))).toBe(expected);
  });

  it('replies through a relay go to it, with its option', async () => {
    const server = new Server({ subnets });
    const relay = [1, 4, 101, 116, 104, 48];
    const offer = replyOf(await server.ask({ type: TYPE.DISCOVER, giaddr: '172.16.0.1', options: [[82, relay]] }));
    expect(offer.destination).toEqual({ to: 'relay', address: ip('172.16.0.1') });
    expect(offer.options['relay_agent']).toEqual(new Map([[1, Uint8Array.from(relay.slice(2))]]));
    const nak = replyOf(await server.ask({ type: TYPE.REQUEST, giaddr: '172.16.0.1', options: [[50, ipBytes('192.0.2.100')]] }));
    expect(nak.destination).toEqual({ to: 'relay', address: ip('172.16.0.1') });
    // The relay is to broadcast it (RFC 2131, section 4.3.2).
    expect(nak.bytes[AT.flags]).toBe(0x80);
  });
});

describe('policies', () => {
  it('refuse, or change what the client gets', async () => {
    const policy: Policy = (request, { client, draft }) => {
      if (client.key === 'hw:1:02000000000b') return request.type === TYPE.REQUEST ? 'nak' : 'not in my house';
      draft.leaseSeconds = 120;
      draft.renewSeconds = 30;
      draft.options = new Map([...draft.options, [6, Uint8Array.of(9, 9, 9, 9)]]);
      setOption(draft, 42, Uint8Array.of(8, 8, 8, 8));
      setOption(draft, 3, null);
      draft.nextServer = ip('192.0.2.77');
      draft.bootFile = Uint8Array.of(97);
      return null;
    };
    const server = new Server({ policy });
    expect(await server.answer({ type: TYPE.DISCOVER, mac: B })).toBe('ignored: not in my house');
    expect(await server.answer({ type: TYPE.REQUEST, mac: B, ciaddr: '192.0.2.100' })).toBe('NAK: refused by the policy');
    const offer = replyOf(await server.ask({ type: TYPE.DISCOVER, mac: A, options: [[55, [3, 6, 15]]] }));
    expect(offer.options).toMatchObject({
      lease_time: 120,
      renewal_time: 30,
      rebinding_time: 105,
      dns_server: ['9.9.9.9'],
      ntp_server: ['8.8.8.8'],
    });
    expect(offer.options['router']).toBe(undefined);
    expect([formatIPv4(offer.bytes, AT.siaddr), offer.bytes[AT.file]]).toEqual(['192.0.2.77', 97]);
  });

  it('choose an address', async () => {
    const server = new Server({
      policy: (_, { draft }) => {
        draft.address = ip('192.0.2.200');
        return null;
      },
    });
    expect(await server.lease(A)).toBe('ACK 192.0.2.200');
    expect(await server.answer({ type: TYPE.DISCOVER, mac: B })).toBe('ignored: no address left');
  });
});

describe('addresses that are probed', () => {
  it('are passed over when somebody answers, unless they are the client’s own', async () => {
    const asked: string[] = [];
    const probe = async (address: number): Promise<boolean> => {
      const text = `192.0.2.${address & 255}`;
      asked.push(text);
      return text !== '192.0.2.102';
    };
    const server = new Server({ probe });
    expect(await server.lease(A)).toBe('ACK 192.0.2.102');
    expect(asked).toEqual(['192.0.2.100', '192.0.2.101', '192.0.2.102']);
    expect(await server.answer({ type: TYPE.DISCOVER, mac: A })).toBe('OFFER 192.0.2.102');
    expect(asked.length).toBe(3);
    expect((await server.store.ofAddress(ip('192.0.2.100')))?.state).toBe('declined');
  });
});
