/**
 * `cdef leases`: what a DHCP server has given away, from its store, also while the server runs.
 * @module
 */
import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import {
  formatAddress,
  jsonForm,
  keaForm,
  type Lease,
  type LeaseForm,
  type LeaseStore,
  LeaseTextError,
  loadPolicy,
  numberOfAddress,
  openStore,
  type StoreSettings,
  timeText,
} from '../../dhcp/index.ts';
import { withoutControls } from '../../util/text.ts';
import { Progress } from '../progress.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

const ACTIONS: Readonly<Record<string, (request: Request) => Promise<number>>> = {
  list: (request) => list(request, request.values.format ?? 'text'),
  export: (request) => list(request, request.values.format ?? 'kea'),
  import: importLeases,
  release,
};

const OPTIONS = {
  config: { type: 'string' },
  store: { type: 'string' },
  prefix: { type: 'string', default: 'cdef:dhcp:' },
  format: { type: 'string' },
  json: { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
  state: { type: 'string' },
  subnet: { type: 'string' },
  replace: { type: 'boolean', default: false },
  forget: { type: 'boolean', default: false },
} as const;

interface Request {
  readonly values: ReturnType<typeof readArguments<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];
  readonly positionals: readonly string[];
  /** Seconds since 1970. */
  readonly now: number;
}

export const leasesCommand: Command = async (args) => {
  const { values, positionals } = readArguments({ args, options: OPTIONS, allowPositionals: true });
  const [name = '', ...rest] = positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) throw new UsageError(`leases: expected ${Object.keys(ACTIONS).join(', ')}, got '${name}'`);
  if (values.json) values.format = 'json';
  return action({ values, positionals: rest, now: Math.floor(Date.now() / 1000) });
};

// Where the leases are: as the server's configuration has it, a folder, or a URL.
function storeOf({ config, store, prefix }: Request['values']): StoreSettings {
  if ((config === undefined) === (store === undefined)) throw new UsageError('leases: expected --config FILE.lua or --store PLACE');
  if (config !== undefined) {
    const { settings, close } = loadPolicy(config, 'fengari');
    close();
    if (settings.store.kind === 'memory') throw new Error(`${config}: leases in memory are the server's alone`);
    return settings.store;
  }
  const place = store as string;
  return /^(?:rediss?|unix):/.test(place) ? { kind: 'redis', url: place, prefix } : { kind: 'lmdb', path: place };
}

async function withStore<T>({ values }: Request, use: 'read' | 'share' | 'fill', work: (store: LeaseStore) => Promise<T>): Promise<T> {
  // What the server has to say of its store's settings need not be said here.
  const store = await openStore(storeOf(values), { use, warn: () => {} });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Text that is written at a time. */
const CHUNK = 1 << 16;

async function list(request: Request, format: string): Promise<number> {
  const { values, positionals, now } = request;
  const form = format === 'text' ? table(now) : formOf(format);
  const isWanted = filterOf(request);
  const { output } = values;
  if (positionals.length > 0) throw new UsageError(`leases: unexpected '${positionals[0]}'; -o FILE writes to a file`);
  await withStore(request, 'read', async (store) => {
    // Under its own name once it is whole.
    const target = output === undefined ? process.stdout : createWriteStream(`${output}.part`);
    const progress = new Progress('leases');
    let text = form.header === null ? '' : `${form.header}\n`;
    let count = 0;
    for await (const lease of store.leases()) {
      if (++count % 1000 === 0) progress.update(count);
      if (!isWanted(lease)) continue;
      text += `${form.write(lease)}\n`;
      if (text.length < CHUNK) continue;
      await write(target, text);
      text = '';
    }
    await write(target, text);
    progress.done();
    if (output === undefined) return;
    target.end();
    await once(target, 'close');
    await rename(`${output}.part`, output);
  });
  return 0;
}

async function write(target: Writable, text: string): Promise<void> {
  if (text !== '' && !target.write(text)) await once(target, 'drain');
}

function formOf(format: string): LeaseForm {
  if (format === 'kea') return keaForm;
  if (format === 'json') return jsonForm;
  throw new UsageError(`leases: --format ${format}: expected kea, json, or for list also text`);
}

function filterOf({ values: { state, subnet }, now }: Request): (lease: Lease) => boolean {
  const states = ['active', 'ended', 'released', 'declined'];
  if (state !== undefined && !states.includes(state)) throw new UsageError(`leases: --state ${state}: expected ${states.join(', ')}`);
  const id = subnet === undefined ? null : Number(subnet);
  if (id !== null && !Number.isInteger(id)) throw new UsageError(`leases: --subnet ${subnet}: expected a subnet's number`);
  return (lease) => (state === undefined || stateOf(lease, now) === state) && (id === null || lease.subnet === id);
}

function stateOf({ state, expires }: Lease, now: number): string {
  return state === 'active' && expires <= now ? 'ended' : state;
}

/** The form for people: it is not read again. */
function table(now: number): Pick<LeaseForm, 'header' | 'write'> {
  const line = (...cells: readonly [string, string, string, string, string, string, string]): string => {
    const widths = [15, 8, 20, 6, 17, 32, 0];
    return cells
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join('  ')
      .trimEnd();
  };
  return {
    header: line('ADDRESS', 'STATE', 'ENDS', 'SUBNET', 'HARDWARE', 'CLIENT', 'HOST NAME'),
    write: (lease) => {
      const { address, expires, subnet, hardware, client, hostName } = lease;
      const colons = withoutControls(hardware).replace(/..(?=.)/g, '$&:');
      const cells = [formatAddress(address), stateOf(lease, now), timeText(expires), String(subnet)] as const;
      return line(...cells, colons, withoutControls(client), withoutControls(hostName));
    },
  };
}

/** Leases that are written at a time. */
const BATCH = 2000;
/** Faulty lines that are shown. */
const MAX_ERRORS = 20;

async function importLeases(request: Request): Promise<number> {
  const { values, positionals, now } = request;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('leases: import: expected a file of leases');
  const form = formOf(values.format ?? (file.endsWith('.json') || file.endsWith('.jsonl') ? 'json' : 'kea'));
  // All or nothing, unless it can be read only once.
  if (file !== '-' && (await faults(file, form)) > 0) return 1;
  return withStore(request, 'fill', async (store) => {
    const progress = new Progress('leases');
    const size = file === '-' ? null : statSync(file).size;
    let written = 0;
    let refused = 0;
    let batch: Lease[] = [];
    const flush = async (): Promise<void> => {
      // Kea's files have several lines for an address, and the last one counts.
      const leases = batch;
      batch = [];
      const results = values.replace ? await Promise.all(leases.map((lease) => store.put(lease))) : await store.adopt(leases, now);
      for (const [i, lease] of leases.entries()) {
        if (results[i] === false) {
          refused++;
          process.stderr.write(`cdef: leases: ${formatAddress(lease.address)} is another client's, or held back; --replace takes it\n`);
        } else written++;
      }
    };
    for await (const { lease, bytes } of leasesIn(file, form)) {
      batch.push(lease);
      if (batch.length < BATCH) continue;
      await flush();
      progress.update(size === null ? written + refused : Math.min(bytes, size), size);
    }
    await flush();
    progress.done();
    process.stdout.write(`${written} leases written${refused === 0 ? '' : `, ${refused} refused`}\n`);
    return refused === 0 ? 0 : 1;
  });
}

/** Shows what is wrong with a file; returns how many lines are. */
async function faults(file: string, form: LeaseForm): Promise<number> {
  const reader = form.reader(file);
  let count = 0;
  for await (const line of linesOf(file)) {
    try {
      reader.read(line);
    } catch (error) {
      if (!(error instanceof LeaseTextError)) throw error;
      if (++count <= MAX_ERRORS) process.stderr.write(`${error.message}\n`);
    }
  }
  if (count > 0) process.stderr.write(`cdef: leases: ${count} faulty ${count === 1 ? 'line' : 'lines'}, nothing was imported\n`);
  return count;
}

// With how much of the file has been read.
async function* leasesIn(file: string, form: LeaseForm): AsyncGenerator<{ lease: Lease; bytes: number }> {
  const reader = form.reader(file === '-' ? '<stdin>' : file);
  let bytes = 0;
  for await (const line of linesOf(file)) {
    bytes += Buffer.byteLength(line) + 1;
    const lease = reader.read(line);
    if (lease !== null) yield { lease, bytes };
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  if (file === '-') yield* createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  else yield* (await open(file)).readLines();
}

async function release(request: Request): Promise<number> {
  const { values, positionals, now } = request;
  if (positionals.length === 0) throw new UsageError('leases: release: expected an address');
  const addresses = positionals.map((text) => {
    try {
      return numberOfAddress(text);
    } catch (error) {
      throw new UsageError(`leases: release: ${(error as Error).message}`);
    }
  });
  return withStore(request, 'share', async (store) => {
    let missing = 0;
    for (const address of addresses) {
      const was = values.forget ? await forgetOne(store, address) : await releaseOne(store, address, now);
      if (was === null) missing++;
      const text = formatAddress(address);
      if (was === null) process.stderr.write(`cdef: leases: ${text} has no lease\n`);
      else process.stdout.write(`${text} released, was ${was}\n`);
    }
    return missing === 0 ? 0 : 1;
  });
}

async function forgetOne(store: LeaseStore, address: number): Promise<string | null> {
  return (await store.remove(address)) ? 'on record' : null;
}

/** Ends a lease, or frees an address that is held back; what it was, or null for nothing. */
async function releaseOne(store: LeaseStore, address: number, now: number): Promise<string | null> {
  const lease = await store.ofAddress(address);
  if (lease === null || lease.state === 'released') return null;
  if (lease.state === 'declined') return (await store.remove(address)) ? 'held back' : null;
  const territory = { id: lease.subnet, pools: [], reserved: new Set<number>() };
  return (await store.release(territory, lease.client, address, now)) ? `${withoutControls(lease.client)}'s` : null;
}
