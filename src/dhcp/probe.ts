/**
 * Whether somebody uses an address, asked by `ping`: Node has no raw sockets, and that program may use them.
 * @module
 */
import { execFile } from 'node:child_process';
import { formatAddress } from './address.ts';

/** True when the address answers. */
export type Probe = (address: number) => Promise<boolean>;

/** Programs that run at a time; further addresses are not asked for. */
const MAX_RUNNING = 64;

/** @param failed told when `ping` cannot be run; the address then counts as free */
export function pingProbe(failed: (error: Error) => void, program = 'ping'): Probe {
  const running: Map<number, Promise<boolean>> = new Map();
  return async (address) => {
    const before = running.get(address);
    if (before !== undefined) return before;
    if (running.size >= MAX_RUNNING) return false;
    const asked = ping(program, formatAddress(address), failed).finally(() => running.delete(address));
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
