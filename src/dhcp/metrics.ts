/**
 * What the server counts, and the HTTP endpoint that shows it: `/metrics` in Prometheus's text form, `/health`.
 * @module
 */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** Counters of a server. Everything counts from its start. */
export interface Metrics {
  received(type: string, count?: number): void;
  sent(kind: string, count?: number): void;
  dropped(reason: DropReason, count?: number): void;
  /** From the datagram's arrival to the reply's departure. */
  answeredIn(seconds: number): void;
}

/** Why there was no reply, in few words, so that their number is small. */
export type DropReason =
  | 'malformed'
  | 'rate'
  | 'leases'
  | 'busy'
  | 'ignored'
  | 'policy error'
  | 'store unavailable'
  | 'send error'
  | 'internal error';

/** Counts nothing. */
export const noMetrics: Metrics = { received: () => {}, sent: () => {}, dropped: () => {}, answeredIn: () => {} };

/** How many addresses of a subnet are in which state. */
export interface PoolUse {
  readonly subnet: string;
  readonly total: number;
  readonly active: number;
  readonly declined: number;
}

/** Options of `serveMetrics`. */
export interface MetricsOptions {
  readonly address: string;
  readonly port: number;
  /** Asked when somebody looks. */
  poolUse(): Promise<readonly PoolUse[]>;
  /** Null when all is well, else what is not. */
  health(): Promise<string | null>;
}

/** Metrics that are served. */
export interface ServedMetrics extends Metrics {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves metrics.
 * @throws {Error} when the package `prom-client` is not installed, or the port is in use
 */
export async function serveMetrics(options: MetricsOptions): Promise<ServedMetrics> {
  const prometheus = await import('prom-client').catch((cause: unknown) => {
    throw new Error("metrics need the package 'prom-client': npm install prom-client", { cause });
  });
  const { Counter, Gauge, Histogram, Registry } = prometheus.default ?? prometheus;
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, label: string) => new Counter({ name, help, labelNames: [label], registers });
  const received = counter('dhcp_messages_received_total', 'Messages from clients and relay agents.', 'type');
  const sent = counter('dhcp_messages_sent_total', 'Replies.', 'type');
  const dropped = counter('dhcp_messages_dropped_total', 'Datagrams without a reply.', 'reason');
  const latency = new Histogram({
    name: 'dhcp_reply_seconds',
    help: 'Time from a message to its reply.',
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  new Gauge({
    name: 'dhcp_addresses',
    help: 'Addresses of the pools.',
    labelNames: ['subnet', 'state'],
    registers,
    async collect() {
      for (const { subnet, total, active, declined } of await options.poolUse()) {
        this.set({ subnet, state: 'active' }, active);
        this.set({ subnet, state: 'declined' }, declined);
        this.set({ subnet, state: 'free' }, Math.max(0, total - active - declined));
      }
    },
  });
  const server = createServer(async (request, response) => {
    try {
      if (request.url === '/metrics') {
        const text = await registry.metrics();
        response.writeHead(200, { 'content-type': registry.contentType }).end(text);
      } else if (request.url === '/health') {
        const problem = await options.health();
        response.writeHead(problem === null ? 200 : 503, { 'content-type': 'text/plain' }).end(`${problem ?? 'ok'}\n`);
      } else response.writeHead(404).end();
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`${(error as Error).message}\n`);
    }
  });
  server.listen(options.port, options.address);
  await once(server, 'listening');
  return {
    received: (type, count = 1) => received.inc({ type }, count),
    sent: (type, count = 1) => sent.inc({ type }, count),
    dropped: (reason, count = 1) => dropped.inc({ reason }, count),
    answeredIn: (seconds) => latency.observe(seconds),
    port: (server.address() as AddressInfo).port,
    close: () => closed(server),
  };
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
