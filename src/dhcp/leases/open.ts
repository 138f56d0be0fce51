/**
 * Opens the store that a configuration names. What it needs is loaded here, and only then.
 * @module
 */
import { LocalStore } from './local.ts';
import { MemoryTable } from './memory.ts';
import type { LmdbUse } from './lmdb.ts';
import type { LeaseStore } from './store.ts';

/** Where leases are kept: nowhere, in a folder, or in a Redis or Valkey server that several servers share. */
export type StoreSettings =
  | { readonly kind: 'memory' }
  | { readonly kind: 'lmdb'; readonly path: string }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix: string };

/** Options of `openStore`. */
export interface OpenOptions {
  /** How LMDB's folder is used, as its owner by default. */
  readonly use?: LmdbUse;
  /** Takes what is wrong with a store's own settings; by default it is a warning of the process. */
  readonly warn?: (text: string) => void;
}

/**
 * Opens a store: the server's own, or one that is used beside the server. A store in Redis need not be there yet: it is used as soon as it is.
 * @throws {StoreUnavailable} when a package is missing, or the folder cannot be used
 * @throws {TypeError} when a URL is none
 */
export async function openStore(settings: StoreSettings, { use = 'own', warn }: OpenOptions = {}): Promise<LeaseStore> {
  switch (settings.kind) {
    case 'memory':
      return new LocalStore(new MemoryTable());
    case 'lmdb':
      return new LocalStore(await (await import('./lmdb.ts')).openLmdb(settings.path, use));
    case 'redis':
      return (await import('./redis.ts')).openRedis({ ...settings, ...(warn !== undefined && { warn }) });
  }
}
