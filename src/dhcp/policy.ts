/**
 * Who decides: what the server is about to do for a client, and the say that a policy has in it.
 * @module
 */
import type { Client } from './leases/store.ts';
import type { Request } from './request.ts';
import type { Subnet } from './subnets.ts';

/** What the client is about to get, unless the policy changes it. */
export interface Draft {
  /** The address that is kept for it; null for one of the pools'. */
  address: number | null;
  leaseSeconds: number;
  /** Null for half and for seven eighths of the lease. */
  renewSeconds: number | null;
  rebindSeconds: number | null;
  /** Sent where the client asks for them. Others' as long as nobody changes them: see `setOption`. */
  options: ReadonlyMap<number, Uint8Array>;
  /** Codes of those that are sent anyway. */
  always: ReadonlySet<number>;
  /** The field `siaddr`. */
  nextServer: number;
  /** The fields `sname` and `file`. */
  serverName: Uint8Array | null;
  bootFile: Uint8Array | null;
}

/** Has an option sent, whether or not the client asks for it; not at all with null. */
export function setOption(draft: Draft, code: number, value: Uint8Array | null): void {
  const options = new Map(draft.options);
  const always = new Set(draft.always);
  if (value === null) {
    options.delete(code);
    always.delete(code);
  } else {
    options.set(code, value);
    always.add(code);
  }
  draft.options = options;
  draft.always = always;
}

/** What a policy is told. */
export interface PolicyContext {
  readonly client: Client;
  readonly subnet: Subnet;
  readonly draft: Draft;
}

/** A policy's refusals that the server knows; any other text is a reason to stay silent. */
export const PolicyRefusal = { silent: 'refused by the policy', nak: 'nak' } as const;

/**
 * Asked for every message, before an address is chosen. It may change the draft. It returns null to go on, or why the client gets nothing.
 * What it throws ends the message.
 */
export type Policy = (request: Request, context: PolicyContext) => string | null;
