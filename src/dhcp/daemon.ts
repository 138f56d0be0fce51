/**
 * `cdef dhcpd`: a configuration file becomes a server with its store, sockets, log and metrics.
 * @module
 */
import type { EngineName } from '../host/node.ts';
import { formatAddress } from './address.ts';
import { openStore } from './leases/open.ts';
import { findLinks } from './links.ts';
import { createLog, type Log } from './log.ts';
import { type LoadedPolicy, loadPolicy } from './lua-policy.ts';
import { noMetrics, type ServedMetrics, serveMetrics } from './metrics.ts';
import { PoolCounter } from './pools.ts';
import { pingProbe } from './probe.ts';
import { DhcpServer, type ServerPlan } from './server.ts';
import type { ServerSettings } from './settings.ts';
import { adoptSockets, listen, localAddresses, type Transport } from './transport.ts';

/** Options of `startDhcpd`. */
export interface DhcpdOptions {
  /** The configuration, a Lua file. */
  readonly file: string;
  /** Which engine runs it; `fengari` by default. */
  readonly engine?: EngineName;
  /** Takes the log, whole lines at a time; standard output by default. */
  readonly write?: (lines: string) => void;
  /** Seconds since 1970; the machine's clock by default. */
  readonly now?: () => number;
}

/** A server that runs. */
export interface Dhcpd {
  /** Where it listens, `192.0.2.1:67`; sockets that systemd made show their interface. */
  readonly listening: readonly string[];
  /** The port of the metrics; null where there are none. */
  readonly metricsPort: number | null;
  /** Reads the configuration again. False, with a log line, when that fails: all stays as it was. */
  reload(): boolean;
  /** Answers what is under way, then ends. */
  stop(): Promise<void>;
}

/** How long the last answers may take when the server is stopped. */
const STOP_MS = 5000;

/**
 * Starts a server.
 * @throws {LuaSyntaxError} when the configuration is not Lua
 * @throws {LuaError} when it raises
 * @throws {SettingsError} when a setting cannot be used
 * @throws {StoreUnavailable} when the leases cannot be opened
 * @throws {Error} when a port is in use or not allowed, or a package is missing
 */
export async function startDhcpd(options: DhcpdOptions): Promise<Dhcpd> {
  const { file, engine = 'fengari', write = (lines) => process.stdout.write(lines), now = () => Date.now() / 1000 } = options;
  let loaded = loadPolicy(file, engine);
  const { settings } = loaded;
  const lines = new LineBuffer(write);
  const log = createLog({ form: settings.log, level: settings.logLevel, write: (line) => lines.add(line) });
  // In case something of it fails, what is open already.
  const open: (() => Promise<void>)[] = [async () => loaded.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of open.reverse()) await close();
    lines.flush();
  };
  try {
    let plan = planOf(loaded);
    const store = await openStore(settings.store, { warn: (reason) => log('warning', 'leases may be lost', { reason }) });
    open.push(() => store.close());
    const pools = new PoolCounter(store, now);
    const metrics: ServedMetrics | null =
      settings.metrics === null
        ? null
        : await serveMetrics({
            ...settings.metrics,
            poolUse: () => pools.use(plan.links.subnets),
            health: async () => {
              try {
                await store.ofAddress(0);
                return null;
              } catch (error) {
                return (error as Error).message;
              }
            },
          });
    if (metrics !== null) open.push(() => metrics.close());
    const transports = await openSockets(plan, open);
    const probe = pingProbe((error) => log('warning', 'addresses cannot be probed', { reason: error.message }));
    const server = new DhcpServer({ store, transports, log, metrics: metrics ?? noMetrics, probe, now }, plan);
    const listening = transports.map(placeOf);
    log('info', 'started', {
      file,
      engine,
      listening: listening.join(' '),
      subnets: plan.links.subnets.length,
      store: settings.store.kind,
    });
    warnOf(loaded, log);
    warnOfLinks(plan, transports, log);
    return {
      listening,
      metricsPort: metrics?.port ?? null,
      reload: () => {
        try {
          const next = loadPolicy(file, engine);
          try {
            plan = planOf(next);
          } catch (error) {
            next.close();
            throw error;
          }
          server.change(plan);
          loaded.close();
          loaded = next;
          log('info', 'reloaded', { file, subnets: plan.links.subnets.length });
          warnOf(loaded, log);
          for (const name of needingRestart(settings, next.settings))
            log('warning', 'changes take effect at the next start', { setting: name });
          return true;
        } catch (error) {
          log('error', 'cannot reload, the old configuration stays', { file, reason: (error as Error).message });
          return false;
        }
      },
      stop: async () => {
        const patience = setTimeout(() => log('warning', 'stopped with messages unanswered'), STOP_MS);
        await Promise.race([server.stop(), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
        clearTimeout(patience);
        log('info', 'stopped');
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/**
 * What a configuration says, in a few lines, if it can be used.
 * @throws as `startDhcpd`, for the file alone
 */
export function checkDhcpd(file: string, engine: EngineName = 'fengari'): string {
  const { settings, handlers, warnings, close } = loadPolicy(file, engine);
  close();
  const { store, addresses, port } = settings;
  const lines = settings.subnets.map(({ pools, settings: { network, prefixLength, reservations } }) => {
    const total = pools.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    return `subnet ${formatAddress(network)}/${prefixLength}: ${total} addresses, ${reservations.length} reservations`;
  });
  const place = store.kind === 'lmdb' ? ` in ${store.path}` : '';
  return [
    ...lines,
    `listens at ${addresses.map((address) => `${address}:${port}`).join(', ')}; leases: ${store.kind}${place}`,
    `decided in Lua: ${handlers.length === 0 ? 'nothing' : handlers.join(', ')}`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}

function planOf({ settings, policy }: LoadedPolicy): ServerPlan {
  return { settings, policy, links: findLinks(settings, localAddresses()) };
}

async function openSockets({ settings, links }: ServerPlan, open: (() => Promise<void>)[]): Promise<Transport[]> {
  const isServed = (address: number): boolean => links.subnets.some((subnet) => subnet.contains(address));
  const transports = await adoptSockets(process.env, process.pid, isServed);
  if (transports.length === 0) {
    let { port } = settings;
    for (const address of links.addresses) {
      const transport = await listen(address, port);
      // Where any port will do, all sockets have the same.
      port = transport.port;
      transports.push(transport);
      open.push(() => transport.close());
    }
  } else for (const transport of transports) open.push(() => transport.close());
  return transports;
}

function placeOf({ link, localAddress, port }: Transport): string {
  return `${link ?? formatAddress(localAddress ?? 0)}:${port}`;
}

function warnOf({ warnings }: LoadedPolicy, log: Log): void {
  for (const warning of warnings) log('warning', warning);
}

function warnOfLinks({ links }: ServerPlan, transports: readonly Transport[], log: Log): void {
  const hears = transports.some(({ localAddress }) => localAddress === null);
  if (hears && links.subnets.length > 1 && links.broadcastAddress === null)
    log('warning', 'broadcasts are not answered: they may come from several subnets; set link, or have systemd open the sockets');
}

// What is set up at the start and not later.
const FIXED = ['addresses', 'port', 'store', 'metrics', 'log', 'logLevel'] as const satisfies readonly (keyof ServerSettings)[];

function needingRestart(before: ServerSettings, after: ServerSettings): string[] {
  return FIXED.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

// Lines of one turn of the event loop are written together.
class LineBuffer {
  readonly #write: (lines: string) => void;
  #lines: string[] = [];

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#write(text);
  }
}
