/**
 * Which of the machine's addresses serves which subnet.
 * @module
 */
import { formatAddress, numberOfAddress } from './address.ts';
import { type ServerSettings, SettingsError } from './settings.ts';
import { Subnet } from './subnets.ts';
import { ANY, type localAddresses } from './transport.ts';

/** What `findLinks` found. */
export interface Links {
  /** Each with the server's own address on it, if there is one. */
  readonly subnets: readonly Subnet[];
  /** What option 54 says to clients of a subnet, by the subnet's id. */
  readonly serverIds: ReadonlyMap<number, number>;
  /** The server's address on the link that broadcasts come from; null where several links have a subnet each. */
  readonly broadcastAddress: number | null;
  /** Addresses that take a socket, so that replies leave by the interface that has them. */
  readonly addresses: readonly string[];
}

const LOOPBACK = 127;

/** `os.networkInterfaces` leaves these out (libuv, `uv__ifaddr_exclude`). */
const DOWN = '; those of links that are down, or have no cable in, are not seen';

/**
 * Finds the addresses that a configuration leaves open.
 * @throws {SettingsError} when the machine has no address to identify the server by, or not the one that is asked for
 */
export function findLinks(settings: ServerSettings, local: ReturnType<typeof localAddresses>): Links {
  const { addresses, link, serverId } = settings;
  const candidates = link === null ? local : local.filter(({ name }) => name === link);
  if (candidates.length === 0 && link !== null) throw new SettingsError(`link: no network interface '${link}' has an IPv4 address${DOWN}`);
  const subnets = settings.subnets.map((subnet) => {
    if (subnet.settings.serverAddress !== null) return subnet;
    const own = candidates.find(({ address }) => subnet.contains(address)) ?? local.find(({ address }) => subnet.contains(address));
    return own === undefined ? subnet : new Subnet({ ...subnet.settings, serverAddress: own.address });
  });
  const direct = subnets.flatMap(({ settings: { serverAddress } }) => (serverAddress === null ? [] : [serverAddress]));
  const onLink = direct.filter((address) => link === null || candidates.some((one) => one.address === address));
  const fixed = addresses.filter((address) => address !== ANY).map(numberOfAddress);
  const outside = local.map(({ address }) => address).filter((address) => address >>> 24 !== LOOPBACK);
  // Of several addresses none is better than the others.
  const fallback = [serverId, fixed[0], outside.length === 1 ? outside[0] : undefined].find((one) => one !== undefined && one !== null);
  const serverIds = new Map<number, number>();
  for (const subnet of subnets) {
    const id = serverId ?? subnet.settings.serverAddress ?? fallback;
    if (id === undefined || id === null) {
      throw new SettingsError(`server_id: needed, as this machine has no address in ${formatAddress(subnet.settings.network)}${DOWN}`);
    }
    serverIds.set(subnet.id, id);
  }
  const isLocal = (address: number): boolean => local.some((one) => one.address === address);
  return {
    subnets,
    serverIds,
    broadcastAddress: onLink.length === 1 ? (onLink[0] as number) : null,
    addresses: addresses.includes(ANY) ? [...new Set([...addresses, ...direct.filter(isLocal).map(formatAddress)])] : addresses,
  };
}
