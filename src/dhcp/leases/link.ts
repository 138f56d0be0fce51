/**
 * The way to a Redis or Valkey server: operations of a turn of the event loop become one call of the script `lua/redis/leases.lua`,
 * and calls follow each other without waiting for the answers. Each call is answered in time, or given up.
 * @module
 */
import { createHash, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { StoreUnavailable } from './store.ts';

/** What is used of the package `redis`. */
export interface RedisClient {
  on(event: 'error', listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  sendCommand(args: readonly (string | Buffer)[]): Promise<unknown>;
  destroy(): void;
}

/** Options of `RedisLink`. */
export interface LinkOptions {
  /** What messages call the server. */
  readonly name: string;
  /** Makes a client that does not reconnect by itself, and whose texts are Buffers. */
  readonly connect: () => RedisClient;
  readonly script: string;
  /** In front of all keys. */
  readonly prefix: string;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** Takes what is wrong with the server's own settings. */
  readonly warn: (text: string) => void;
}

type Argument = string | Buffer;

interface Operation {
  readonly parts: readonly Argument[];
  /** When it has waited too long, in the time of `performance.now()`. */
  readonly until: number;
  resolve(result: unknown): void;
  reject(error: StoreUnavailable): void;
}

/** Operations in a call: enough to make up for the call's own cost, few enough to let other servers have their turn. */
const MAX_BATCH = 64;
/** Calls on their way: while they are, further operations gather. */
const MAX_CALLS = 4;
const MAX_PAUSE_MS = 1000;

/** A connection that comes back by itself. */
export class RedisLink {
  readonly #options: LinkOptions;
  readonly #hash: string;
  // What names this store if it is new, and what names the store that was seen.
  readonly #fresh = randomUUID();
  #store = '';
  #client: RedisClient | null = null;
  // Why there is no connection; null when there is one.
  #trouble: string | null = 'is not connected yet';
  #pauseMs = 0;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  // The server's clock, in milliseconds ahead of ours; at least as far as this.
  #clockMs = 0;
  #isChecked = false;
  #queue: Operation[] = [];
  readonly #calls: Set<readonly Operation[]> = new Set();
  #isScheduled = false;
  #settled: () => void = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#hash = createHash('sha1').update(options.script).digest('hex');
  }

  /** Connects; resolves when that has succeeded, or failed for the first time. */
  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#settled = resolve;
      this.#connect();
    });
  }

  #connect(): void {
    const client = this.#options.connect();
    this.#client = client;
    client.on('error', (error) => this.#lost(client, error.message));
    const timer = setTimeout(() => this.#lost(client, 'cannot be reached'), 2 * this.#options.timeoutMs);
    this.#greet(client)
      .catch((error: Error) => this.#lost(client, error.message))
      .finally(() => {
        clearTimeout(timer);
        this.#settled();
      });
  }

  async #greet(client: RedisClient): Promise<void> {
    await client.connect();
    const [seconds, microseconds] = (await client.sendCommand(['TIME'])) as [Buffer, Buffer];
    if (client !== this.#client) return;
    this.#setClock(Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000));
    if (!this.#isChecked) await this.#check(client);
    if (client !== this.#client) return;
    this.#trouble = null;
    this.#pauseMs = 0;
  }

  // What would lose leases. Servers that others run may not tell.
  async #check(client: RedisClient): Promise<void> {
    const settings = new Map<string, string>();
    for (const name of ['appendonly', 'appendfsync', 'maxmemory', 'maxmemory-policy']) {
      const [key, value] = (await client.sendCommand(['CONFIG', 'GET', name]).catch(() => [])) as Buffer[];
      if (key !== undefined && value !== undefined) settings.set(key.toString(), value.toString());
    }
    this.#isChecked = true;
    const { name, warn } = this.#options;
    const [append, sync] = [settings.get('appendonly'), settings.get('appendfsync')];
    if (append === 'no') warn(`${name} forgets leases when it ends: set 'appendonly yes' and 'appendfsync always'`);
    else if (append === 'yes' && sync !== 'always') warn(`${name} may lose the leases of its last moments: set 'appendfsync always'`);
    const policy = settings.get('maxmemory-policy');
    if (settings.get('maxmemory') !== '0' && policy?.startsWith('allkeys') === true)
      warn(`${name} drops leases when its memory is full: set 'maxmemory-policy noeviction'`);
  }

  // The answer took a while: the server's clock is somewhat ahead of what this says, never behind.
  #setClock(milliseconds: number): void {
    this.#clockMs = milliseconds - performance.now();
  }

  #lost(client: RedisClient, reason: string): void {
    if (client !== this.#client) return;
    this.#client = null;
    this.#trouble = reason;
    try {
      client.destroy();
    } catch {
      // It had closed itself.
    }
    const given = [...this.#calls].flat();
    this.#calls.clear();
    for (const { reject } of [...given, ...this.#queue.splice(0)]) reject(this.#unavailable());
    this.#settled();
    if (this.#isClosed) return;
    this.#pauseMs = Math.min(Math.max(2 * this.#pauseMs, 20), MAX_PAUSE_MS);
    this.#retry = setTimeout(() => this.#connect(), this.#pauseMs);
  }

  #unavailable(reason = this.#trouble): StoreUnavailable {
    return new StoreUnavailable(`${this.#options.name}: ${reason}`);
  }

  /**
   * Runs an operation of the script: its name, the time or nothing for the server's, and its arguments.
   * @throws {StoreUnavailable} when there is no answer in time: it has not been done then, or nobody will know
   */
  run(parts: readonly Argument[]): Promise<unknown> {
    if (this.#trouble !== null) return Promise.reject(this.#unavailable());
    return new Promise((resolve, reject) => {
      this.#queue.push({ parts, until: performance.now() + this.#options.timeoutMs, resolve, reject });
      this.#schedule();
    });
  }

  // Behind all that came in this turn.
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      while (this.#queue.length > 0 && this.#calls.size < MAX_CALLS && this.#client !== null) this.#send(this.#client);
    });
  }

  #send(client: RedisClient): void {
    const operations = this.#queue.splice(0, MAX_BATCH);
    this.#calls.add(operations);
    const { timeoutMs } = this.#options;
    const timer = setTimeout(() => this.#lost(client, `no answer within ${timeoutMs} ms`), timeoutMs);
    this.#call(client, operations)
      .then(
        (reply) => this.#settle(client, operations, reply as [Buffer, number, Buffer, [number, unknown][]]),
        (error: Error) => {
          // Otherwise they have been rejected.
          if (this.#calls.has(operations)) for (const { reject } of operations) reject(this.#unavailable(error.message));
        },
      )
      .finally(() => {
        clearTimeout(timer);
        this.#calls.delete(operations);
        if (this.#queue.length > 0) this.#schedule();
      });
  }

  async #call(client: RedisClient, operations: readonly Operation[]): Promise<unknown> {
    const { prefix, script, timeoutMs } = this.#options;
    const deadline = Math.floor(performance.now() + this.#clockMs + timeoutMs);
    const parts = operations.flatMap((operation) => operation.parts);
    const rest = ['1', `${prefix}store`, prefix, this.#store, this.#fresh, String(deadline), ...parts];
    try {
      return await client.sendCommand(['EVALSHA', this.#hash, ...rest]);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return client.sendCommand(['EVAL', script, ...rest]);
    }
  }

  #settle(client: RedisClient, operations: readonly Operation[], reply: [Buffer, number, Buffer, [number, unknown][]]): void {
    if (client !== this.#client) return;
    const [status, milliseconds, store, results] = reply;
    this.#setClock(Number(milliseconds));
    switch (String(status)) {
      case 'done':
        this.#store = String(store);
        for (const [i, { resolve, reject }] of operations.entries()) {
          const [isDone, result] = results[i] as [number, unknown];
          if (isDone === 1) resolve(result);
          else reject(this.#unavailable(String(result)));
        }
        break;
      case 'late': {
        // Nothing has been done. The server's clock was set, or it was busy: now that its time is known, once more.
        const now = performance.now();
        for (const operation of operations) {
          if (operation.until > now) this.#queue.push(operation);
          else operation.reject(this.#unavailable('took too long'));
        }
        break;
      }
      case 'other': {
        const error = this.#unavailable(
          'has lost the leases that were there, or is another server; restart this one to go on without them',
        );
        for (const { reject } of operations) reject(error);
        break;
      }
      default:
        for (const { reject } of operations) reject(this.#unavailable('its leases are of a format that this version does not know'));
    }
  }

  /** Waits for what is on its way, and ends the connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    while (this.#calls.size > 0 || (this.#queue.length > 0 && this.#client !== null)) await pause();
    if (this.#client !== null) this.#lost(this.#client, 'is closed');
    this.#trouble = 'is closed';
  }
}
