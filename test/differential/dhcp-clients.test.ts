/**
 * `cdef dhcpd` and real clients, each on a wire of its own to the server's bridge:
 *
 *     server: br0 10.77.0.1/24 --+-- dhclient, udhcpc, dhcpcd, dhcping, systemd-networkd
 *                                +-- relay: dhcrelay, 10.77.0.2 | 10.78.0.1 -- a client
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand } from '../helpers/command.ts';
import { ended, Network, noNetwork, textOf, until } from './network.ts';

const NETWORKD = '/usr/lib/systemd/systemd-networkd';
const reason = noNetwork(['dhclient', 'busybox', 'dhcpcd', 'dhcping', 'dhcrelay', 'tcpdump', 'tshark', 'perl', 'ping', NETWORKD]);

interface Event {
  readonly event: string;
  readonly type?: string;
  readonly address?: string;
  readonly hardware?: string;
  readonly relay?: string;
  readonly reason?: string;
  readonly link?: string;
}

describe.skipIf(reason !== null)(`real clients${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdef-clients-'));
  const file = (name: string): string => path.join(folder, name);
  const network = new Network();
  let command: BuiltCommand;
  let server: ChildProcess;
  let capture: ChildProcess;

  const CONFIG = `
    log, link = 'json', 'br0'
    store = { path = '${file('leases')}' }
    options = { router = '10.77.0.1', dns_server = '10.77.0.1', domain_name = 'example.org', ntp_server = '10.77.0.1' }
    subnets = {
      { network = '10.77.0.0/24', pools = { '10.77.0.100-10.77.0.199' }, lease_time = 12, renew_time = 3, rebind_time = 5,
        reservations = { { hardware = '02:00:00:00:00:20', address = '10.77.0.20' } } },
      { network = '10.78.0.0/24', pools = { '10.78.0.100-10.78.0.199' }, options = { router = '10.78.0.1' } },
    }`;

  // Gives the interface the address, as the clients' own scripts do.
  const HOOK = `#!/bin/sh
    address=\${new_ip_address:-$ip}
    case \${reason:-$1} in
      bound|renew|BOUND|RENEW|REBIND|REBOOT) ip address replace "$address/24" dev "$interface" ;;
      EXPIRE|FAIL|RELEASE|STOP|deconfig) ip address flush dev "$interface" ;;
    esac
    exit 0`;

  /** Starts `cdef dhcpd` in a namespace, with NAME.lua and NAME.log; `before` is a program that becomes it. */
  async function startDhcpd(namespace: string, name: string, ...before: string[]): Promise<ChildProcess> {
    // As JSON or as text.
    const starts = (): number => textOf(file(`${name}.log`)).split(/"event":"started"|info {4}started /).length;
    const earlier = starts();
    const line = [...before, process.execPath, path.join(command.bundle, 'cli.js'), 'dhcpd', '--config', file(`${name}.lua`)];
    const started = network.start(namespace, file(`${name}.log`), ...(line as [string, ...string[]]));
    await until(
      'the server',
      () => starts() > earlier,
      () => textOf(file(`${name}.log`)),
    );
    return started;
  }

  async function startServer(): Promise<void> {
    server = await startDhcpd('server', 'server');
  }

  function events(name = 'server'): Event[] {
    return textOf(file(`${name}.log`))
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Event);
  }

  /** Events of a client since `since`, as `ACK 10.77.0.100`. */
  function of(hardware: string, since = 0): string[] {
    return events()
      .slice(since)
      .filter((one) => one.hardware === hardware.replaceAll(':', ''))
      .map(({ event, type, address, reason: why }) => `${event === 'ACK' ? `${type} ` : ''}${event} ${address ?? why ?? ''}`.trim());
  }

  /** A client's namespace, on the server's bridge. */
  function addClient(name: string, hardware: string): void {
    network.add(name);
    network.join(`server:v-${name}`, `${name}:eth0`);
    network.ip('server', `link set v-${name} master br0`);
    network.ip(name, `link set eth0 address ${hardware}`);
  }

  const addressOf = (name: string): string => /inet (10[\d.]+)/.exec(network.ip(name, 'address show dev eth0'))?.[1] ?? 'none';
  const seen = (hardware: string, what: string, since = 0): Promise<void> =>
    until(
      `${what} for ${hardware}`,
      () => of(hardware, since).includes(what),
      () => of(hardware, since).join('\n') + textOf(file('client.log')),
    );

  const acksOf = (hardware: string): string[] => of(hardware).filter((one) => one.startsWith('REQUEST ACK'));
  /** Waits until a client has been told so many times that it has an address. */
  const acks = (hardware: string, count: number): Promise<void> =>
    until(
      `ACK ${count} for ${hardware}`,
      () => acksOf(hardware).length >= count,
      () => of(hardware).join('\n') + textOf(file('client.log')),
    );

  const dhclient = (name: string, ...args: string[]): [string, ...string[]] => [
    'dhclient', '-4', '-lf', file(`${name}.leases`), '-pf', file(`${name}.pid`), '-sf', file('hook'), ...args, 'eth0',
  ]; // biome-ignore format: as on a command line

  beforeAll(async () => {
    command = buildCommand();
    writeFileSync(file('server.lua'), CONFIG);
    writeFileSync(file('hook'), HOOK);
    chmodSync(file('hook'), 0o755);
    network.add('server');
    // Otherwise its address changes as interfaces are added, and clients go on sending to the old one.
    network.ip('server', 'link add br0 address 02:00:00:00:00:01 type bridge');
    network.ip('server', 'address add 10.77.0.1/24 dev br0');
    network.ip('server', 'link set br0 up');
    // Without a wire there is no link.
    addClient('desktop', '02:00:00:00:00:11');
    await network.ready('server', 'br0');
    capture = network.start(
      'server',
      file('tcpdump.log'),
      'tcpdump',
      '-i',
      'br0',
      '-U',
      '-w',
      file('all.pcap'),
      'udp port 67 or udp port 68',
    );
    await until('tcpdump', () => textOf(file('tcpdump.log')).includes('listening on'));
    await startServer();
  });

  afterAll(async () => {
    await network.remove();
    command?.remove();
    rmSync(folder, { recursive: true });
  });

  it('dhclient gets, renews, rebinds and releases an address', async () => {
    const mac = '02:00:00:00:00:11';
    const start = events().length;
    const client = network.start('desktop', file('client.log'), ...dhclient('desktop', '-d'));
    await seen(mac, 'REQUEST ACK 10.77.0.100');
    await acks(mac, 2);
    // What the client sends to the server alone does not arrive: at T2 it asks everybody.
    network.ip('desktop', 'neighbour replace 10.77.0.1 lladdr 02:00:00:00:00:ff dev eth0 nud permanent');
    // One renewal may have been under way.
    await acks(mac, acksOf(mac).length + 2);
    // By `flush`, as the entry has gone with the address where that expired for a moment.
    network.ip('desktop', 'neighbour flush to 10.77.0.1 dev eth0 nud permanent');
    expect(addressOf('desktop')).toBe('10.77.0.100');
    await ended(client, 'SIGKILL');
    network.run('desktop', ...dhclient('desktop', '-r'));
    await seen(mac, 'released 10.77.0.100');
    expect(of(mac, start).filter((one) => one.startsWith('NAK'))).toEqual([]);
  });

  it('dhclient that was moved is told so, and gets an address', async () => {
    const mac = '02:00:00:00:00:12';
    addClient('roamer', mac);
    const lease = `lease { interface "eth0"; fixed-address 192.168.5.5; option subnet-mask 255.255.255.0; option dhcp-lease-time 86400;
      option dhcp-message-type 5; option dhcp-server-identifier 192.168.5.1;
      renew 6 2037/01/01 00:00:00; rebind 6 2037/01/01 00:00:00; expire 6 2037/01/01 00:00:00; }\n`;
    writeFileSync(file('roamer.leases'), lease);
    expect(network.run('roamer', ...dhclient('roamer', '-1')).status).toBe(0);
    expect(addressOf('roamer')).toMatch(/^10\.77\.0\.1\d\d$/);
    await seen(mac, `REQUEST ACK ${addressOf('roamer')}`);
    // A client may have asked twice.
    expect([...new Set(of(mac).map((one) => one.split(' ')[0]))]).toEqual(['NAK', 'OFFER', 'REQUEST']);
    network.run('roamer', ...dhclient('roamer', '-r'));
  });

  it.each([
    ['02:00:00:00:00:13', 'laptop', []],
    ['02:00:00:00:00:14', 'printer', ['-B']],
  ] as const)(
    'udhcpc (%s %s %j) renews when told to, releases, and gets the same address after the server is killed',
    async (mac, name, flags) => {
      addClient(name, mac);
      const udhcpc = (): ChildProcess =>
        network.start(name, file('client.log'), 'busybox', 'udhcpc', '-f', '-R', '-i', 'eth0', '-s', file('hook'), ...flags);
      const client = udhcpc();
      await until('a lease', () => acksOf(mac).length > 0 && addressOf(name) !== 'none');
      const address = addressOf(name);
      const before = acksOf(mac).length;
      client.kill('SIGUSR1');
      await acks(mac, before + 1);
      await ended(server, 'SIGKILL');
      await ended(client, 'SIGKILL');
      await startServer();
      const renewed = acksOf(mac).length;
      const second = udhcpc();
      // Not before the client has taken the answer too: it would have nothing to release.
      await until('a lease again', () => acksOf(mac).length > renewed && addressOf(name) === address);
      expect(new Set(acksOf(mac))).toEqual(new Set([`REQUEST ACK ${address}`]));
      await ended(second, 'SIGTERM');
      await seen(mac, `released ${address}`);
    },
  );

  it('dhcpcd declines an address that somebody uses, and gets another', async () => {
    const mac = '02:00:00:00:00:15';
    addClient('squatter', '02:00:00:00:00:99');
    addClient('camera', mac);
    const offered = nextAddress();
    network.ip('squatter', `address add ${offered}/24 dev eth0`);
    writeFileSync(file('dhcpcd.conf'), 'duid\nnoipv4ll\nnodev\nrequire dhcp_server_identifier\noption domain_name_servers\n');
    // Its files are at fixed places: it gets a view of the machine without them.
    const hidden = 'mount -t tmpfs none /run && mkdir -p /var/lib/dhcpcd && mount -t tmpfs none /var/lib/dhcpcd && exec "$@"';
    const client = network.start(
      'camera',
      file('client.log'),
      'unshare',
      '-m',
      'sh',
      '-c',
      hidden,
      'sh',
      'dhcpcd',
      '-4',
      '-B',
      '-f',
      file('dhcpcd.conf'),
      '-c',
      file('hook'),
      'eth0',
    );
    await seen(mac, `declined ${offered}`);
    await until(
      'another address',
      () => addressOf('camera') !== 'none',
      () => of(mac).join('\n') + textOf(file('client.log')),
    );
    expect(addressOf('camera')).not.toBe(offered);
    await seen(mac, `REQUEST ACK ${addressOf('camera')}`);
    expect(of(mac).slice(of(mac).indexOf(`declined ${offered}`))).not.toContain(`REQUEST ACK ${offered}`);
    await ended(client, 'SIGTERM');
  });

  // The server gives new clients the first address that nobody has had.
  function nextAddress(): string {
    const last = events().map(({ address }) => Number(/^10\.77\.0\.(1\d\d)$/.exec(address ?? '')?.[1] ?? 99));
    return `10.77.0.${Math.max(...last) + 1}`;
  }

  const dhcping = (...args: string[]): ReturnType<Network['run']> =>
    network.run('monitor', 'dhcping', ...args, '-s', '10.77.0.1', '-c', '10.77.0.20', '-h', '02:00:00:00:00:20', '-t', '10');

  it('dhcping is answered', async () => {
    const mac = '02:00:00:00:00:20';
    addClient('monitor', mac);
    network.ip('monitor', 'address add 10.77.0.20/24 dev eth0');
    expect(dhcping()).toEqual({ status: 0, output: 'Got answer from: 10.77.0.1\n' });
    expect(dhcping('-i').status).toBe(0);
    await seen(mac, 'REQUEST ACK 10.77.0.20');
    await seen(mac, 'INFORM ACK 10.77.0.20');
  });

  it('systemd-networkd configures an interface', async () => {
    const mac = '02:00:00:00:00:16';
    addClient('server2', mac);
    mkdirSync(file('network'));
    writeFileSync(
      file('network/eth0.network'),
      '[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n[DHCPv4]\nClientIdentifier=mac\n',
    );
    // Without udev it waits for it, unless /sys cannot be written to.
    const hidden = `mount -t tmpfs none /run && mkdir -p /run/systemd/network /run/systemd/netif && chmod -R 777 /run/systemd &&
      cp ${file('network')}/* /run/systemd/network/ && mount -o remount,ro /sys && exec ${NETWORKD}`;
    const client = network.start('server2', file('networkd.log'), 'unshare', '-m', 'sh', '-c', hidden);
    await until(
      'an address',
      () => addressOf('server2') !== 'none',
      () => textOf(file('networkd.log')) + of(mac).join('\n'),
    );
    await seen(mac, `REQUEST ACK ${addressOf('server2')}`);
    await ended(client, 'SIGTERM');
  });

  it('clients behind dhcrelay get addresses of their own subnet, with option 82', async () => {
    const mac = '02:00:00:00:00:17';
    addClient('relay', '02:00:00:00:00:02');
    network.ip('relay', 'address add 10.77.0.2/24 dev eth0');
    network.add('branch');
    network.join('relay:lan', 'branch:eth0');
    network.ip('relay', 'address add 10.78.0.1/24 dev lan');
    network.ip('branch', `link set eth0 address ${mac}`);
    network.ip('server', 'route add 10.78.0.0/24 via 10.77.0.2');
    const relay = network.start(
      'relay',
      file('relay.log'),
      'dhcrelay',
      '-4',
      '-d',
      '--no-pid',
      '-a',
      '-iu',
      'eth0',
      '-id',
      'lan',
      '10.77.0.1',
    );
    await until('the relay', () => textOf(file('relay.log')).includes('Sending on   Socket/fallback'));
    const { status, output } = network.run('branch', 'busybox', 'udhcpc', '-f', '-n', '-q', '-s', file('hook'), '-i', 'eth0');
    expect(status, output + textOf(file('relay.log'))).toBe(0);
    expect(addressOf('branch')).toBe('10.78.0.100');
    expect(events().find((one) => one.hardware === '020000000017')?.relay).toBe('10.78.0.1');
    await ended(relay, 'SIGTERM');
  });

  it('clients of two interfaces get addresses of theirs, where systemd makes the sockets', async () => {
    network.add('gateway');
    for (const [i, name] of ['left', 'right'].entries()) {
      network.add(name);
      network.join(`gateway:${name}`, `${name}:eth0`);
      // The first address is in no subnet.
      network.ip('gateway', `address add 172.16.${i}.1/24 dev ${name}`);
      network.ip('gateway', `address add 10.9${i}.0.1/24 dev ${name}`);
      await network.ready('gateway', name);
    }
    const subnets = [0, 1].map((i) => `{ network = '10.9${i}.0.0/24', pools = { '10.9${i}.0.100-10.9${i}.0.199' } }`);
    const configure = (workers: number): void =>
      writeFileSync(
        file('gateway.lua'),
        `log, store, workers, subnets = 'json', { kind = 'memory' }, ${workers}, { ${subnets.join(', ')} }`,
      );
    configure(1);
    // As a socket unit with BindToDevice= and FileDescriptorName= has it.
    const units = `use Socket; $^F = 9; my @sockets;
      for my $name ('left', 'right') {
        socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1); setsockopt($s, SOL_SOCKET, 25, "$name\\0") or die;
        bind($s, sockaddr_in(67, INADDR_ANY)) or die; push @sockets, $s;
      }
      die 'wrong files' if fileno($sockets[0]) != 3 || fileno($sockets[1]) != 4;
      @ENV{'LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES'} = ($$, 2, 'left:right');
      exec @ARGV;`;
    const gateway = await startDhcpd('gateway', 'gateway', 'perl', '-e', units);
    for (const [i, name] of ['left', 'right'].entries()) {
      const { status, output } = network.run(name, 'busybox', 'udhcpc', '-f', '-n', '-q', '-s', file('hook'), '-i', 'eth0');
      expect(status, output + textOf(file('gateway.log'))).toBe(0);
      expect(addressOf(name)).toBe(`10.9${i}.0.100`);
    }
    await ended(gateway, 'SIGTERM');

    // Broadcasts to several workers are answered once each.
    configure(3);
    const workers = await startDhcpd('gateway', 'gateway', 'perl', '-e', units);
    const since = events('gateway').length;
    const offers = (): Event[] =>
      events('gateway')
        .slice(since)
        .filter(({ event }) => event === 'OFFER');
    network.ip('right', 'route add 255.255.255.255 dev eth0');
    const count = 30;
    const crowd = `const socket = require('dgram').createSocket('udp4');
      socket.bind(68, async () => {
        socket.setBroadcast(true);
        for (let i = 0; i < ${count}; i++) {
          const head = Buffer.alloc(236);
          head.set([1, 1, 6, 0, 0, 0, 0, i]), head.set([2, 0, 0, 0, 1, i], 28);
          const all = Buffer.concat([head, Buffer.from([0x63, 0x82, 0x53, 0x63, 53, 1, 1, 255]), Buffer.alloc(60)]);
          await new Promise((resolve) => socket.send(all, 67, '255.255.255.255', resolve));
        }
        socket.close();
      });`;
    expect(network.run('right', process.execPath, '-e', crowd)).toEqual({ status: 0, output: '' });
    await until(
      'offers',
      () => offers().length >= count,
      () => textOf(file('gateway.log')),
    );
    await ended(workers, 'SIGTERM');
    expect([offers().length, new Set(offers().map(({ address }) => address)).size]).toEqual([count, count]);
    expect(offers().every(({ link }) => link === 'right')).toBe(true);
  });

  it('an address that answers to ping, or to ARP alone, is not offered, if the server is told to ask', async () => {
    network.add('house');
    for (const name of ['guest', 'stranger', 'recluse']) network.add(name);
    network.ip('house', 'link add br0 address 02:00:00:00:00:01 type bridge');
    network.ip('house', 'link set dev br0 up');
    network.ip('house', 'address add 10.79.0.1/24 dev br0');
    for (const name of ['guest', 'stranger', 'recluse']) {
      network.join(`house:${name}`, `${name}:eth0`);
      network.ip('house', `link set dev ${name} master br0`);
    }
    network.ip('stranger', 'address add 10.79.0.100/24 dev eth0');
    network.ip('recluse', 'address add 10.79.0.101/24 dev eth0');
    network.run('recluse', 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all');
    await network.ready('house', 'br0');
    writeFileSync(
      file('house.lua'),
      `log, probe, network, store = 'json', true, '10.79.0.0/24', { kind = 'memory' } pools = { '10.79.0.100-10.79.0.110' }`,
    );
    const house = await startDhcpd('house', 'house');
    const { status, output } = network.run('guest', 'busybox', 'udhcpc', '-f', '-n', '-q', '-T', '5', '-s', file('hook'), '-i', 'eth0');
    expect(status, output + textOf(file('house.log'))).toBe(0);
    expect(addressOf('guest')).toBe('10.79.0.102');
    await ended(house, 'SIGTERM');
  });

  it('the server that the README shows gives a lease', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, lua] = /\n## A DHCP server\n.*?```lua\n(.*?)```/s.exec(readme) ?? [];
    writeFileSync(file('readme.lua'), lua as string);
    network.add('home');
    network.add('tablet');
    network.join('home:eth0', 'tablet:eth0');
    network.ip('home', 'address add 192.0.2.1/24 dev eth0');
    network.ip('tablet', 'link set eth0 address 02:00:00:00:00:31');
    await network.ready('home', 'eth0');
    // Its leases are where it is started.
    const started = await startDhcpd('home', 'readme', 'sh', '-c', `cd ${folder} && exec "$@"`, 'sh');
    const udhcpc = (...args: string[]): ReturnType<Network['run']> =>
      network.run('tablet', 'busybox', 'udhcpc', '-f', '-n', '-q', '-s', file('home-hook'), '-i', 'eth0', ...args);
    writeFileSync(file('home-hook'), `#!/bin/sh\n[ "$1" = bound ] && echo "$ip $router $dns" >${file('home')}\nexit 0\n`);
    chmodSync(file('home-hook'), 0o755);
    expect(udhcpc('-V', 'toaster', '-t', '1', '-T', '1').status).not.toBe(0);
    const { status, output } = udhcpc();
    expect(status, output + textOf(file('readme.log'))).toBe(0);
    expect(textOf(file('home'))).toBe('192.0.2.100 192.0.2.1 192.0.2.1 9.9.9.9\n');
    await ended(started, 'SIGTERM');
  });

  it('the configuration is read again at SIGHUP, and the old one stays where it is broken', async () => {
    const since = events().length;
    const happened = (what: string): Promise<void> =>
      until(
        what,
        () =>
          events()
            .slice(since)
            .some(({ event }) => event === what),
        () => textOf(file('server.log')),
      );
    writeFileSync(file('server.lua'), 'this is no Lua');
    server.kill('SIGHUP');
    await happened('cannot reload, the old configuration stays');
    writeFileSync(
      file('server.lua'),
      `${CONFIG} function on_request(request) if request.hardware == '02:00:00:00:00:20' then return 'nak' end end`,
    );
    const mac = '02:00:00:00:00:20';
    dhcping();
    await seen(mac, 'REQUEST ACK 10.77.0.20', since);
    server.kill('SIGHUP');
    await happened('reloaded');
    const { output } = dhcping();
    await until(
      'a refusal',
      () => of(mac, since).some((one) => one.startsWith('NAK')),
      () => output + textOf(file('server.log')).slice(-2000),
    );
  });

  it('tshark finds nothing wrong with any reply', async () => {
    await ended(capture, 'SIGINT');
    const tshark = (...args: string[]): string => {
      const { status, stdout, stderr } = spawnSync('tshark', ['-r', file('all.pcap'), ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return stdout.trim();
    };
    const types = tshark('-Y', 'dhcp.type == 2 && ip.src == 10.77.0.1', '-T', 'fields', '-e', 'dhcp.option.dhcp').split('\n');
    expect(new Set(types)).toEqual(new Set(['2', '5', '6']));
    expect(tshark('-Y', 'dhcp.type == 2 && (_ws.malformed || _ws.expert.severity >= 0x600000)')).toBe('');
    expect(tshark('-Y', 'dhcp.type == 2 && udp.length < 308')).toBe('');
    // Renewals are from client to server and back; rebinding is to everybody.
    const asked = (to: string): string[] =>
      tshark('-Y', `dhcp.option.dhcp == 3 && ip.src == 10.77.0.100 && ip.dst == ${to}`).split('\n').filter(Boolean);
    expect(asked('10.77.0.1').length).toBeGreaterThan(0);
    expect(asked('255.255.255.255').length).toBeGreaterThan(0);
    expect(tshark('-Y', 'dhcp.option.dhcp == 5 && ip.dst == 10.77.0.100').split('\n').length).toBeGreaterThan(1);
  });
});
