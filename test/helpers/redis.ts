/**
 * Redis servers of Debian's package for tests, each with a folder of its own.
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';

/** Whether there is a `redis-server`; where there is none, tests that need it say so and are skipped. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** What such tests are called. */
export const redisTitle: string = hasRedis ? 'Redis' : 'Redis (skipped: no redis-server, apt-get install redis-server)';

/** A server whose every answer follows its sync to disk, unless `settings` say otherwise. */
export class RedisServer {
  readonly folder: string = mkdtempSync(path.join(tmpdir(), 'cdef-redis-'));
  readonly #settings: readonly string[];
  #port = 0;
  #process: ChildProcess | null = null;

  constructor(settings: readonly string[] = []) {
    this.#settings = settings;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  get socket(): string {
    return path.join(this.folder, 'redis.sock');
  }

  /** Starts it, again at the same port, and waits until it answers. */
  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort();
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
    const place = ['--port', String(this.#port), '--bind', '127.0.0.1', '--unixsocket', this.socket, '--dir', this.folder];
    this.#process = spawn('redis-server', [...place, ...durable, ...this.#settings], { stdio: 'ignore' });
    for (let i = 0; i < 500; i++) {
      if (await this.command('PING').catch(() => null)) return;
      await delay(20);
    }
    throw new Error('redis-server does not answer');
  }

  /** Ends it by a signal, and waits for that. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (server === null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  /** Stops it as it stands (SIGSTOP), or lets it go on (SIGCONT). */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal);
  }

  /** A command of its own. */
  async command(...args: (string | Buffer)[]): Promise<unknown> {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.sendCommand(args);
    } finally {
      client.destroy();
    }
  }

  async remove(): Promise<void> {
    this.signal('SIGCONT');
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true });
  }
}

/** A port of TCP on loopback that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
