/**
 * Datagrams in and out, over `node:dgram`.
 * @module
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { parseIPv4 } from './address.ts';
import { addressAt } from './request.ts';

/** Where a datagram came from. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

/** What the server needs of a network. */
export interface Transport {
  /** The port that it listens at. */
  readonly port: number;
  receive(handler: (bytes: Uint8Array, sender: Sender) => void): void;
  /** Sends, or fails without anybody waiting for it; `failed` is called then. */
  send(bytes: Uint8Array, address: string, port: number, failed: (error: Error) => void): void;
  close(): Promise<void>;
}

/** How many bytes may wait in the kernel while the server is busy; a burst of clients after a power cut is some megabytes. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;

/**
 * Listens at an address and port. Bound to anything but 0.0.0.0 it hears no broadcasts, only relay agents.
 * @throws {Error} when the port is in use or not allowed
 */
export async function listen(address: string, port: number): Promise<Transport> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(port, address);
  await once(socket, 'listening');
  socket.setBroadcast(true);
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // The kernel's limit is lower: its own size stays.
  }
  return new UdpTransport(socket);
}

class UdpTransport implements Transport {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Errors of single datagrams are reported to `send`; without a listener these would end the process.
    socket.on('error', () => {});
  }

  get port(): number {
    return this.#socket.address().port;
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
  const found: { name: string; address: number }[] = [];
  for (const [name, list] of Object.entries(networkInterfaces())) {
    for (const { family, address } of list ?? []) {
      if (family !== 'IPv4') continue;
      const bytes = new Uint8Array(4);
      parseIPv4(address, bytes);
      found.push({ name, address: addressAt(bytes, 0) });
    }
  }
  return found;
}
