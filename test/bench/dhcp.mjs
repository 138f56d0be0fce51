/**
 * Exchanges a second of `cdef dhcpd` beside Kea and dnsmasq: `npm run bench:dhcp`, as root on Linux, after `npm run build`.
 *
 * perfdhcp (Debian: kea-admin) plays a relay with many clients, each of which asks twice: DISCOVER OFFER REQUEST ACK. Server and clients
 * are in network namespaces of their own, on the same machine. For each server the rate goes up until more than 1 % of the exchanges are
 * not finished. Kea writes its lease file without syncing it; ours is synced before each ACK.
 *
 *     --seconds 5   how long each rate is tried       --servers ours,policy,workers,memory,kea,dnsmasq
 *     --clients N   how many clients come in turn     --rates 1000,2000,...   --engine NAME
 *     --turns N     compare CPU time: all servers run, and take N turns at each rate, after one that does not count
 *
 * CPU time is the user and system time that all threads of a server's process took while it was under load, by the number of its ACKs.
 * In turns, each server has a network of its own, and `policy@FILE` is that server by another build's `cli.js`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatTable } from './table.mjs';

const CLI = process.env.CDEF_CLI ?? fileURLToPath(new URL('../../dist/node/cli.js', import.meta.url));
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '500000' },
    servers: { type: 'string', default: 'ours,policy,workers,memory,kea,dnsmasq' },
    rates: { type: 'string', default: '250,500,1000,2000,4000,6000,8000,10000,12000,15000,18000,21000,24000,28000,32000' },
    engine: { type: 'string', default: 'jit' },
    turns: { type: 'string', default: '0' },
  },
});
const RATES = values.rates.split(',').map(Number);
const MAX_DROPS = 0.01;

const networks = [];
const folder = mkdtempSync(path.join(tmpdir(), 'cdef-bench-'));
function must(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr ?? error}`);
  return stdout;
}

// Two namespaces, joined by a pair of interfaces.
function makeNetwork() {
  const network = [`cdef-${process.pid}-server${networks.length}`, `cdef-${process.pid}-clients${networks.length}`];
  networks.push(network);
  for (const name of network) {
    must('ip', 'netns', 'add', name);
    must('ip', '-n', name, 'link', 'set', 'dev', 'lo', 'up');
  }
  const [here, there] = network;
  must('ip', '-n', here, 'link', 'add', 'name', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', there);
  for (const [name, address] of [
    [here, '10.0.0.1/8'],
    [there, '10.255.0.1/8'],
  ]) {
    must('ip', '-n', name, 'address', 'add', address, 'dev', 'eth0');
    must('ip', '-n', name, 'link', 'set', 'dev', 'eth0', 'up');
  }
  return network;
}

const POLICY = `
  function on_discover(request, reply)
    if request.options.vendor_class == 'toaster' then return false, 'no toasters' end
    if request.hardware:sub(1, 8) == '02:aa:00' then reply.lease_time = 600 end
  end
  on_request = on_discover`;

function ours(place, cli, store, policy) {
  const file = path.join(place, 'dhcpd.lua');
  writeFileSync(
    file,
    `network, pools, lease_time = '10.0.0.0/8', { '10.1.0.0-10.64.0.0' }, 4000
    options = { router = '10.0.0.1', dns_server = { '10.0.0.1', '9.9.9.9' }, domain_name = 'example.org' }
    store, log_level = { kind = '${store}', path = '${path.join(place, 'leases')}' }, 'error'
    client_rate, relay_rate, relay_leases = 1000000, 1000000, 100000000
    ${policy}`,
  );
  return [process.execPath, cli, 'dhcpd', '--config', file, '--engine', values.engine];
}

function kea(place) {
  const file = path.join(place, 'kea.json');
  const config = {
    'interfaces-config': { interfaces: ['eth0'], 'dhcp-socket-type': 'udp' },
    'lease-database': { type: 'memfile', persist: true, name: path.join(place, 'kea.csv'), 'lfc-interval': 0 },
    'multi-threading': { 'enable-multi-threading': false },
    'valid-lifetime': 4000,
    'option-data': [
      { name: 'routers', data: '10.0.0.1' },
      { name: 'domain-name-servers', data: '10.0.0.1, 9.9.9.9' },
      { name: 'domain-name', data: 'example.org' },
    ],
    subnet4: [{ subnet: '10.0.0.0/8', pools: [{ pool: '10.1.0.0-10.64.0.0' }] }],
    loggers: [{ name: 'kea-dhcp4', severity: 'ERROR', output_options: [{ output: 'stderr' }] }],
  };
  writeFileSync(file, JSON.stringify({ Dhcp4: config }));
  return ['env', `KEA_LOCKFILE_DIR=${place}`, `KEA_PIDFILE_DIR=${place}`, 'kea-dhcp4', '-c', file];
}

function dnsmasq(place) {
  const lease = path.join(place, 'dnsmasq.leases');
  return [
    'dnsmasq',
    '-k',
    '--no-ping',
    '--conf-file=/dev/null',
    '--port=0',
    '--user=root',
    '--dhcp-range=10.1.0.0,10.64.0.0,255.0.0.0,4000',
    '--dhcp-lease-max=10000000',
    `--dhcp-leasefile=${lease}`,
    '--quiet-dhcp',
    '--log-facility=-',
    '--pid-file=',
  ];
}

const SERVERS = {
  ours: ['cdef dhcpd, LMDB, synced', (place, cli) => ours(place, cli, 'lmdb', '')],
  policy: ['cdef dhcpd, LMDB, policy in Lua', (place, cli) => ours(place, cli, 'lmdb', POLICY)],
  workers: ['the same, 2 workers', (place, cli) => ours(place, cli, 'lmdb', `${POLICY} workers = 2`)],
  memory: ['cdef dhcpd, in memory', (place, cli) => ours(place, cli, 'memory', '')],
  kea: ['Kea, memfile, not synced', kea],
  dnsmasq: ['dnsmasq', dnsmasq],
};

// User and system time of a process, its threads and its children, in seconds, by the scheduler's clock, which counts nanoseconds.
function cpuSeconds(id) {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${id}/task`)) {
    const [running] = readFileSync(`/proc/${id}/task/${thread}/schedstat`, 'utf8').split(' ');
    const children = readFileSync(`/proc/${id}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean);
    sum += Number(running) / 1e9 + children.reduce((total, child) => total + cpuSeconds(child), 0);
  }
  return sum;
}

function load(there, rate) {
  const args = [
    'netns',
    'exec',
    there,
    'perfdhcp',
    '-4',
    '-g',
    'single',
    '-l',
    'eth0',
    '-r',
    `${rate}`,
    '-R',
    values.clients,
    '-p',
    values.seconds,
    '-W',
    '1000000',
    '10.0.0.1',
  ];
  const { stdout } = spawnSync('ip', args, { encoding: 'utf8' });
  const all = (pattern) => [...stdout.matchAll(pattern)].map(([, number]) => Number(number));
  const [sent = 0] = all(/sent packets: (\d+)/g);
  const [, acks = 0] = all(/received packets: (\d+)/g);
  const delays = all(/avg delay: ([\d.]+) ms/g);
  return { sent, acks, drops: sent === 0 ? 1 : 1 - acks / sent, delay: delays.reduce((sum, one) => sum + one, 0) };
}

let started = 0;

// A server that runs: what it is called, the namespace of its clients, its process, and a way to end it.
async function start(name) {
  const [kind, cli = CLI] = name.split('@');
  if (!Object.hasOwn(SERVERS, kind)) throw new RangeError(`--servers: expected one of ${Object.keys(SERVERS).join(', ')}`);
  const [title, command] = SERVERS[kind];
  const place = path.join(folder, `${started++}`);
  mkdirSync(place);
  const [here, there] = makeNetwork();
  const [program, ...args] = command(place, cli);
  // `ip` and `env` become the program, so the process is the server itself.
  const server = spawn('ip', ['netns', 'exec', here, program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise((resolve) => server.once('exit', resolve));
  await sleep(3000);
  if (server.exitCode !== null) throw new Error(`${title} did not start`);
  const stop = async () => {
    server.kill('SIGTERM');
    await gone;
  };
  return { title: cli === CLI ? title : `${title}, ${cli}`, there, id: server.pid, stop };
}

function measured({ title, there, id }, rate) {
  const before = cpuSeconds(id);
  const result = load(there, rate);
  const cpu = (1e6 * (cpuSeconds(id) - before)) / Math.max(1, result.acks);
  process.stderr.write(
    `${title}: ${rate} a second, ${(100 * result.drops).toFixed(2)} % dropped, ${cpu.toFixed(0)} us each, ${result.delay.toFixed(2)} ms\n`,
  );
  return { ...result, cpu };
}

async function highestRate(name) {
  const server = await start(name);
  let best = null;
  load(server.there, RATES[0]);
  for (const rate of RATES) {
    const result = measured(server, rate);
    if (result.drops > MAX_DROPS) break;
    best = result;
    // What is late must not count for the next rate.
    await sleep(1500);
  }
  await server.stop();
  if (best === null) return [server.title, '-', '-', '-'];
  return [server.title, `${Math.round(best.acks / Number(values.seconds))}`, best.cpu.toFixed(0), best.delay.toFixed(2)];
}

async function inTurns(names) {
  const servers = [];
  for (const name of names) servers.push(await start(name));
  for (const { there } of servers) load(there, RATES.at(-1));
  const rows = [];
  for (const rate of RATES) {
    const results = servers.map(() => []);
    for (let turn = 0; turn < Number(values.turns); turn++) {
      for (const [i, server] of servers.entries()) {
        results[i].push(measured(server, rate));
        await sleep(500);
      }
    }
    for (const [i, { title }] of servers.entries()) {
      const sorted = (key) => results[i].map((one) => one[key]).sort((a, b) => a - b);
      const [cpu, delays, drops] = [sorted('cpu'), sorted('delay'), sorted('drops')];
      const middle = cpu.length >> 1;
      rows.push([title, `${rate}`, cpu[0].toFixed(0), cpu[middle].toFixed(0), delays[middle].toFixed(2), (100 * drops[middle]).toFixed(2)]);
    }
  }
  for (const { stop } of servers) await stop();
  return rows;
}

try {
  const names = values.servers.split(',');
  const machine = `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`;
  console.log(`full exchanges (DISCOVER OFFER REQUEST ACK), ${values.clients} clients, ${values.seconds} s each rate; ${machine}\n`);
  if (Number(values.turns) > 0) {
    const heads = ['server', 'a second', 'CPU, us each, least', 'median', 'both answers, ms, median', '% lost, median'];
    console.log(formatTable(heads, await inTurns(names)));
  } else {
    const rows = [];
    for (const name of names) rows.push(await highestRate(name));
    console.log(formatTable(['server', 'a second, at most 1 % lost', 'CPU, us each', 'both answers, ms'], rows));
  }
} finally {
  for (const name of networks.flat()) spawnSync('ip', ['netns', 'del', name]);
  rmSync(folder, { recursive: true, force: true });
}
