/**
 * Exchanges a second of `cdef dhcpd` beside Kea and dnsmasq: `npm run bench:dhcp`, as root on Linux, after `npm run build`.
 *
 * perfdhcp (Debian: kea-admin) plays a relay with many clients, each of which asks twice: DISCOVER OFFER REQUEST ACK. Server and clients
 * are in network namespaces of their own, on the same machine. For each server the rate goes up until more than 1 % of the exchanges are
 * not finished. Kea writes its lease file without syncing it; ours is synced before each ACK.
 *
 *     --seconds 5   how long each rate is tried       --servers ours,policy,workers,memory,kea,dnsmasq
 *     --clients N   how many clients come in turn     --rates 1000,2000,...   --engine NAME
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  },
});
const RATES = values.rates.split(',').map(Number);
const MAX_DROPS = 0.01;
const TICKS_PER_SECOND = 100;

const folder = mkdtempSync(path.join(tmpdir(), 'cdef-bench-'));
const [here, there] = [`cdef-${process.pid}-server`, `cdef-${process.pid}-clients`];

function must(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr ?? error}`);
  return stdout;
}

function makeNetwork() {
  for (const name of [here, there]) {
    must('ip', 'netns', 'add', name);
    must('ip', '-n', name, 'link', 'set', 'dev', 'lo', 'up');
  }
  must('ip', '-n', here, 'link', 'add', 'name', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', there);
  for (const [name, address] of [
    [here, '10.0.0.1/8'],
    [there, '10.255.0.1/8'],
  ]) {
    must('ip', '-n', name, 'address', 'add', address, 'dev', 'eth0');
    must('ip', '-n', name, 'link', 'set', 'dev', 'eth0', 'up');
  }
}

const POLICY = `
  function on_discover(request, reply)
    if request.options.vendor_class == 'toaster' then return false, 'no toasters' end
    if request.hardware:sub(1, 8) == '02:aa:00' then reply.lease_time = 600 end
  end
  on_request = on_discover`;

function ours(name, store, policy) {
  const file = path.join(folder, `${name}.lua`);
  writeFileSync(
    file,
    `network, pools, lease_time = '10.0.0.0/8', { '10.1.0.0-10.64.0.0' }, 4000
    options = { router = '10.0.0.1', dns_server = { '10.0.0.1', '9.9.9.9' }, domain_name = 'example.org' }
    store, log_level = { kind = '${store}', path = '${path.join(folder, name)}' }, 'error'
    client_rate, relay_rate, relay_leases = 1000000, 1000000, 100000000
    ${policy}`,
  );
  return [process.execPath, CLI, 'dhcpd', '--config', file, '--engine', values.engine];
}

function kea() {
  const file = path.join(folder, 'kea.json');
  const config = {
    'interfaces-config': { interfaces: ['eth0'], 'dhcp-socket-type': 'udp' },
    'lease-database': { type: 'memfile', persist: true, name: path.join(folder, 'kea.csv'), 'lfc-interval': 0 },
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
  return ['env', `KEA_LOCKFILE_DIR=${folder}`, `KEA_PIDFILE_DIR=${folder}`, 'kea-dhcp4', '-c', file];
}

function dnsmasq() {
  const lease = path.join(folder, 'dnsmasq.leases');
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
  ours: ['cdef dhcpd, LMDB, synced', () => ours('ours', 'lmdb', '')],
  policy: ['cdef dhcpd, LMDB, policy in Lua', () => ours('policy', 'lmdb', POLICY)],
  workers: ['the same, 2 workers', () => ours('workers', 'lmdb', `${POLICY} workers = 2`)],
  memory: ['cdef dhcpd, in memory', () => ours('memory', 'memory', '')],
  kea: ['Kea, memfile, not synced', kea],
  dnsmasq: ['dnsmasq', dnsmasq],
};

// User and system time of a process, its threads and its children, in seconds.
function cpuSeconds(id) {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ');
  const children = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter(Boolean);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND + children.reduce((sum, child) => sum + cpuSeconds(child), 0);
}

function load(rate) {
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

async function measure([title, command]) {
  const [program, ...args] = command();
  // `ip` and `env` become the program, so the process is the server itself.
  const server = spawn('ip', ['netns', 'exec', here, program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise((resolve) => server.once('exit', resolve));
  await sleep(3000);
  if (server.exitCode !== null) throw new Error(`${title} did not start`);
  let best = null;
  load(RATES[0]);
  for (const rate of RATES) {
    const before = cpuSeconds(server.pid);
    const result = load(rate);
    const cpu = cpuSeconds(server.pid) - before;
    process.stderr.write(
      `${title}: ${rate} a second, ${(100 * result.drops).toFixed(2)} % dropped, ${((1e6 * cpu) / Math.max(1, result.acks)).toFixed(0)} us each, ${result.delay.toFixed(2)} ms\n`,
    );
    if (result.drops > MAX_DROPS) break;
    best = { rate: result.acks / Number(values.seconds), cpu: (1e6 * cpu) / result.acks, delay: result.delay };
    // What is late must not count for the next rate.
    await sleep(1500);
  }
  server.kill('SIGTERM');
  await gone;
  return [
    title,
    best === null ? '-' : `${Math.round(best.rate)}`,
    best === null ? '-' : best.cpu.toFixed(0),
    best === null ? '-' : best.delay.toFixed(2),
  ];
}

try {
  mkdirSync(folder, { recursive: true });
  makeNetwork();
  const rows = [];
  for (const name of values.servers.split(',')) rows.push(await measure(SERVERS[name]));
  console.log(
    `\nfull exchanges (DISCOVER OFFER REQUEST ACK), ${values.clients} clients, ${values.seconds} s each rate; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}\n`,
  );
  console.log(formatTable(['server', 'a second, at most 1 % lost', 'CPU, us each', 'both answers, ms'], rows));
} finally {
  for (const name of [here, there]) spawnSync('ip', ['netns', 'del', name]);
  rmSync(folder, { recursive: true, force: true });
}
