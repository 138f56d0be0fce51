/**
 * Datagrams in and out, over `node:dgram`.
 *
 * Node tells neither the interface that a datagram came in by, nor lets a program choose the one that a broadcast leaves by. Both follow
 * from what a socket is bound to: one that is bound to an address hears what is sent to it alone, and its broadcasts leave
 * by the interface with that address (Linux, `ip_route_output_key`). Only a socket that is bound to 0.0.0.0 hears broadcasts, and
 * those of all interfaces; systemd can make such sockets for one interface each, and hand them over.
 * @module
 */
import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { numberOfAddress } from './address.ts';

/** Where a datagram came from. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

/** A socket, and what is known of the datagrams that come in by it. */
export interface Transport {
  /** The port that it listens at. */
  readonly port: number;
  /** The server's address on the link that they come from; null where they may come from anywhere. */
  readonly localAddress: number | null;
  /** The network interface that it is bound to; null for none. */
  readonly link: string | null;
  receive(handler: (bytes: Uint8Array, sender: Sender) => void): void;
  /** Sends, or fails without anybody waiting for it; `failed` is called then. */
  send(bytes: Uint8Array, address: string, port: number, failed: (error: Error) => void): void;
  close(): Promise<void>;
}

/** How many bytes may wait in the kernel while the server is busy; a burst of clients after a power cut is some megabytes. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;

/** Every address of the machine, and broadcasts. */
export const ANY = '0.0.0.0';

/**
 * Listens at an address and port.
 * @throws {Error} when the port is in use or not allowed, or the address is not the machine's
 */
export async function listen(address: string, port: number): Promise<Transport> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true, lookup });
  return opened(socket, () => socket.bind(port, address), { localAddress: address === ANY ? null : numberOfAddress(address), link: null });
}

/** The first file that systemd hands over (sd_listen_fds(3)). */
const FIRST_FILE = 3;

/**
 * Takes over the sockets that systemd has opened, each bound to an interface (`BindToDevice=`) whose name is its
 * `FileDescriptorName=`. None where there are none for this process.
 * @param isServed whether an address is in a subnet, for interfaces that have several
 * @throws {Error} when one is no UDP socket, or is named after no interface with an IPv4 address
 */
export async function adoptSockets(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
  isServed: (address: number) => boolean,
): Promise<Transport[]> {
  if (Number(env['LISTEN_PID']) !== pid) return [];
  const names = (env['LISTEN_FDNAMES'] ?? '').split(':');
  const local = localAddresses();
  const adopted: Transport[] = [];
  for (let i = 0; i < Number(env['LISTEN_FDS'] ?? 0); i++) {
    const link = names[i] ?? '';
    const own = local.filter(({ name }) => name === link);
    const found = own.find(({ address }) => isServed(address)) ?? own[0];
    if (found === undefined) throw new Error(`socket ${i + 1}: no network interface with an address is named '${link}'`);
    const socket = createSocket({ type: 'udp4', lookup });
    adopted.push(await opened(socket, () => socket.bind({ fd: FIRST_FILE + i }), { localAddress: found.address, link }));
  }
  return adopted;
}

// All that is sent to is an address: Node's own way through the resolver takes longer than the rest of sending.
const lookup = ((address: string, _: unknown, callback: (error: null, address: string, family: number) => void) =>
  callback(null, address, 4)) as NonNullable<SocketOptions['lookup']>;

type Place = Pick<Transport, 'localAddress' | 'link'>;

async function opened(socket: Socket, bind: () => void, place: Place): Promise<Transport> {
  // A socket that was handed over listens at once.
  const listening = once(socket, 'listening');
  bind();
  await listening;
  socket.setBroadcast(true);
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // The kernel's limit is lower: its own size stays.
  }
  return new UdpTransport(socket, place);
}

class UdpTransport implements Transport {
  readonly #socket: Socket;
  readonly port: number;
  readonly localAddress: number | null;
  readonly link: string | null;

  constructor(socket: Socket, { localAddress, link }: Place) {
    this.#socket = socket;
    this.port = socket.address().port;
    this.localAddress = localAddress;
    this.link = link;
    // Errors of single datagrams are reported to `send`; without a listener these would end the process.
    socket.on('error', () => {});
  }

  receive(handler: (bytes: Uint8Array, sender: Sender) => void): void {
    this.#socket.on('message', handler);
  }

  send(bytes: Uint8Array, address: string, port: number, failed: (error: Error) => void): void {
    this.#socket.send(bytes, port, address, (error) => {
      if (error !== null) failed(error);
    });
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

/** The machine's own addresses, by the name of their network interface. */
export function localAddresses(): { readonly name: string; readonly address: number }[] {
  return Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => ({ name, address: numberOfAddress(address) })),
  );
}
