/**
 * `cdef dhcpd`: a configuration file becomes a server with its store, log and metrics, and one or more fronts to the network.
 * @module
 */
import type { Worker } from 'node:cluster';
import type { EngineName } from '../host/node.ts';
import { formatAddress } from './address.ts';
import { type Front, openFront } from './front.ts';
import { openStore } from './leases/open.ts';
import { LimitedDesk } from './limited.ts';
import { Rates } from './limits.ts';
import { createLog, LineBuffer } from './log.ts';
import { loadPolicy } from './lua-policy.ts';
import { noMetrics, type ServedMetrics, serveMetrics } from './metrics.ts';
import { PoolCounter } from './pools.ts';
import type { ServerSettings } from './settings.ts';
import { surveyLeases } from './survey.ts';
import { openWorkers } from './workers.ts';

/** Options of `startDhcpd`. */
export interface DhcpdOptions {
  /** The configuration, a Lua file. */
  readonly file: string;
  /** Which engine runs it; `jit` by default. */
  readonly engine?: EngineName;
  /** Takes the log, whole lines at a time; standard output by default. */
  readonly write?: (lines: string) => void;
  /** Seconds since 1970; the machine's clock by default. */
  readonly now?: () => number;
  /** Starts a process that calls `serveAsWorker` for the same file; without it there are no workers, whatever the settings say. */
  readonly fork?: () => Worker;
}

/** A server that runs. */
export interface Dhcpd {
  /** Where it listens, `192.0.2.1:67`; sockets that systemd made show their interface. */
  readonly listening: readonly string[];
  /** The port of the metrics; null where there are none. */
  readonly metricsPort: number | null;
  /** Resolves if the server cannot go on, and should be started again. */
  readonly failure: Promise<Error>;
  /** Reads the configuration again. False, with a log line, when that fails: all stays as it was. */
  reload(): Promise<boolean>;
  /** Answers what is under way, then ends. */
  stop(): Promise<void>;
}

/** How long the last answers may take when the server is stopped. */
const STOP_MS = 5000;

/** What runs configurations where nothing else is asked for. */
export const DEFAULT_ENGINE: EngineName = 'jit';

/**
 * Starts a server. While messages come thick and fast its thread sleeps for up to 3 ms at a time, so what else the program does is better off in
 * another one.
 * @throws {LuaSyntaxError} when the configuration is not Lua
 * @throws {LuaError} when it raises
 * @throws {SettingsError} when a setting cannot be used
 * @throws {StoreUnavailable} when the leases cannot be opened
 * @throws {Error} when a port is in use or not allowed, or a package is missing
 */
export async function startDhcpd(options: DhcpdOptions): Promise<Dhcpd> {
  const { file, engine = DEFAULT_ENGINE, write = (lines) => process.stdout.write(lines), now = () => Date.now() / 1000, fork } = options;
  const loaded = loadPolicy(file, engine);
  const { settings } = loaded;
  const hasWorkers = settings.workers > 1 && fork !== undefined;
  if (hasWorkers) loaded.close();
  const lines = new LineBuffer(write);
  const log = createLog({ form: settings.log, level: settings.logLevel, write: (line) => lines.add(line) });
  const survey = new AbortController();
  // In case something of it fails, what is open already.
  const open: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    survey.abort();
    for (const close of open.reverse()) await close();
    lines.flush();
  };
  try {
    const store = await openStore(settings.store, { warn: (reason) => log('warning', 'leases may be lost', { reason }) });
    open.push(() => store.close());
    const desk = new LimitedDesk(store, settings);
    const rates = new Rates(settings);
    let { subnets } = settings;
    const pools = new PoolCounter(store, now);
    const metrics: ServedMetrics | null =
      settings.metrics === null
        ? null
        : await serveMetrics({
            ...settings.metrics,
            poolUse: () => pools.use(subnets),
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
    let failed: (error: Error) => void = () => {};
    const failure = new Promise<Error>((resolve) => {
      failed = resolve;
    });
    const counters = metrics ?? noMetrics;
    const front: Front = hasWorkers
      ? await openWorkers({ file, engine, fork, desk, rates, log, write: (text) => lines.add(text), metrics: counters, failed }, settings)
      : await openFront(loaded, {
          file,
          engine,
          owner: process.pid,
          store: desk,
          allows: (sender, relay, second) => rates.excess(sender, relay, second) === null,
          log,
          metrics: counters,
          now,
        });
    open.push(() => front.close());
    log('info', 'started', {
      file,
      engine,
      listening: front.listening.join(' '),
      subnets: subnets.length,
      store: settings.store.kind,
      workers: hasWorkers ? settings.workers : undefined,
    });
    for (const warning of front.warnings) log('warning', warning);
    // What fails is the store's, and whoever needs it will be told.
    surveyLeases({ store, subnets, log, count: (lease) => desk.count(lease, Math.floor(now())), signal: survey.signal }).catch(() => {});

    const reload = async (): Promise<boolean> => {
      try {
        const next = await front.prepare();
        await next.follow();
        desk.follow(next.settings);
        rates.follow(next.settings);
        subnets = next.settings.subnets;
        log('info', 'reloaded', { file, subnets: subnets.length });
        for (const warning of next.warnings) log('warning', warning);
        for (const name of needingRestart(settings, next.settings))
          log('warning', 'changes take effect at the next start', { setting: name });
        return true;
      } catch (error) {
        log('error', 'cannot reload, the old configuration stays', { file, reason: (error as Error).message });
        return false;
      }
    };
    // One after the other.
    let reloading: Promise<boolean> = Promise.resolve(true);
    return {
      listening: front.listening,
      metricsPort: metrics?.port ?? null,
      failure,
      reload: () => {
        reloading = reloading.then(reload);
        return reloading;
      },
      stop: async () => {
        const patience = setTimeout(() => log('warning', 'stopped with messages unanswered'), STOP_MS);
        await Promise.race([front.stop(), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
        clearTimeout(patience);
        log('info', 'stopped');
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    if (!hasWorkers) loaded.close();
    throw error;
  }
}

/**
 * What a configuration says, in a few lines, if it can be used.
 * @throws as `startDhcpd`, for the file alone
 */
export function checkDhcpd(file: string, engine: EngineName = DEFAULT_ENGINE): string {
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

// What is set up at the start and not later.
const FIXED = ['addresses', 'port', 'workers', 'store', 'metrics', 'log', 'logLevel'] as const satisfies readonly (keyof ServerSettings)[];

function needingRestart(before: ServerSettings, after: ServerSettings): string[] {
  return FIXED.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
