/**
 * The part of a server that faces the network: its policy, its sockets, and what answers. There is one in the server's own process, or one in
 * each of several workers.
 * @module
 */
import type { EngineName } from '../host/node.ts';
import { formatAddress } from './address.ts';
import { findLinks } from './links.ts';
import type { Log } from './log.ts';
import { type LoadedPolicy, loadPolicy } from './lua-policy.ts';
import { Moderation } from './moderation.ts';
import { pingProbe } from './probe.ts';
import { DhcpServer, type ServerParts, type ServerPlan } from './server.ts';
import type { ServerSettings } from './settings.ts';
import { adoptSockets, listen, localAddresses, type Transport } from './transport.ts';

/** A configuration that has been read and is not followed yet; one of the two functions is to be called. */
export interface NextPlan {
  readonly settings: ServerSettings;
  readonly warnings: readonly string[];
  /** Resolves when all messages that come in are answered by it. */
  follow(): Promise<void>;
  drop(): void;
}

/** See the module. */
export interface Front {
  /** Where it listens, `192.0.2.1:67`; sockets that systemd made show their interface. */
  readonly listening: readonly string[];
  /** What the operator should know of the configuration. */
  readonly warnings: readonly string[];
  /**
   * Reads the configuration again.
   * @throws as `loadPolicy` and `findLinks`; nothing has changed then
   */
  prepare(): Promise<NextPlan>;
  /** Takes no more messages, and resolves when those that are here have been answered. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** What a front of this process is made of. */
export interface FrontParts extends Pick<ServerParts, 'store' | 'allows' | 'metrics' | 'now'> {
  readonly log: Log;
  readonly file: string;
  readonly engine: EngineName;
  /** The process that systemd handed its sockets to. */
  readonly owner: number;
}

/**
 * Opens the sockets and answers what comes in by them. The policy is the front's from then on, and is closed with it.
 * @throws {SettingsError} when addresses are missing
 * @throws {Error} when a port is in use or not allowed
 */
export async function openFront(loaded: LoadedPolicy, parts: FrontParts): Promise<Front> {
  const transports: Transport[] = [];
  let current = loaded;
  const closeSockets = async (): Promise<void> => {
    for (const transport of transports) await transport.close();
  };
  try {
    const plan = planOf(loaded);
    await openSockets(plan, parts.owner, transports);
    const { log } = parts;
    const probe = pingProbe((error) => log('warning', 'addresses cannot be probed', { reason: error.message }));
    const moderation = new Moderation();
    const server = new DhcpServer({ ...parts, transports, heard: () => moderation.heard(), probe }, plan);
    return {
      listening: transports.map(placeOf),
      warnings: [...loaded.warnings, ...warningsOf(plan, transports)],
      prepare: async () => {
        const next = loadPolicy(parts.file, parts.engine);
        let nextPlan: ServerPlan;
        try {
          nextPlan = planOf(next);
        } catch (error) {
          next.close();
          throw error;
        }
        const follow = async (): Promise<void> => {
          server.change(nextPlan);
          current.close();
          current = next;
        };
        return { settings: next.settings, warnings: next.warnings, follow, drop: () => next.close() };
      },
      stop: () => server.stop(),
      close: async () => {
        current.close();
        await closeSockets();
      },
    };
  } catch (error) {
    await closeSockets();
    throw error;
  }
}

function planOf({ settings, policy }: LoadedPolicy): ServerPlan {
  return { settings, policy, links: findLinks(settings, localAddresses()) };
}

async function openSockets({ settings, links }: ServerPlan, owner: number, transports: Transport[]): Promise<void> {
  const isServed = (address: number): boolean => links.subnets.some((subnet) => subnet.contains(address));
  transports.push(...(await adoptSockets(process.env, owner, isServed)));
  if (transports.length > 0) return;
  let { port } = settings;
  for (const address of links.addresses) {
    const transport = await listen(address, port);
    transports.push(transport);
    // Where any port will do, all sockets have the same.
    port = transport.port;
  }
}

function placeOf({ link, localAddress, port }: Transport): string {
  return `${link ?? formatAddress(localAddress ?? 0)}:${port}`;
}

function warningsOf({ links }: ServerPlan, transports: readonly Transport[]): string[] {
  const hears = transports.some(({ localAddress }) => localAddress === null);
  return hears && links.subnets.length > 1 && links.broadcastAddress === null
    ? ['broadcasts are not answered: they may come from several subnets; set link, or have systemd open the sockets']
    : [];
}
