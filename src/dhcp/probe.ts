/**
 * Whether somebody uses an address, asked by `ping`: Node has no raw sockets, and that program may use them. On the server's own link the kernel
 * has to ask by ARP first (RFC 826), and on Linux it tells who answered: that finds those who do not answer to ping.
 * @module
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { formatAddress } from './address.ts';

/** True when the address answers. */
export type Probe = (address: number) => Promise<boolean>;

/** Programs that run at a time; further addresses are not asked for. */
const MAX_RUNNING = 64;

/** Options of `pingProbe`. */
export interface ProbeOptions {
  /** The program, `ping` by default. */
  readonly program?: string;
  /** The kernel's table of neighbours as `/proc/net/arp` has it (proc_pid_net(5)), or nothing where there is none. */
  readonly neighbours?: () => string;
}

/** @param failed told when `ping` cannot be run; the address then counts as free */
export function pingProbe(failed: (error: Error) => void, { program = 'ping', neighbours = readNeighbours }: ProbeOptions = {}): Probe {
  const running: Map<number, Promise<boolean>> = new Map();
  const ask = async (address: string): Promise<boolean> => {
    // What was known before may be of somebody who has left.
    const wasKnown = isNeighbour(neighbours(), address);
    return (await ping(program, address, failed)) || (!wasKnown && isNeighbour(neighbours(), address));
  };
  return async (address) => {
    const before = running.get(address);
    if (before !== undefined) return before;
    if (running.size >= MAX_RUNNING) return false;
    const asked = ask(formatAddress(address)).finally(() => running.delete(address));
    running.set(address, asked);
    return asked;
  };
}

function ping(program: string, address: string, failed: (error: Error) => void): Promise<boolean> {
  return new Promise((resolve) => {
    // One request, one second (iputils, busybox and inetutils agree on these).
    execFile(program, ['-n', '-q', '-c', '1', '-W', '1', address], { timeout: 3000 }, (error) => {
      // Status 1: no answer. Others, and no status at all: it did not work.
      if (error !== null && error.code !== 1 && error.killed !== true) failed(error);
      resolve(error === null);
    });
  });
}

function readNeighbours(): string {
  try {
    return readFileSync('/proc/net/arp', 'latin1');
  } catch {
    return '';
  }
}

/** `ATF_COM` of <net/if_arp.h>: its hardware address is known. */
const COMPLETE = 2;

// IP address, HW type, Flags, HW address, Mask, Device.
function isNeighbour(table: string, address: string): boolean {
  const line = table.split('\n').find((one) => one.startsWith(`${address} `));
  return line !== undefined && (Number(line.split(/ +/)[2]) & COMPLETE) !== 0;
}
