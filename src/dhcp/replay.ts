/**
 * Replays captured DHCP traffic through a Lua policy: what the script saw, what it changed, the leases at the end,
 * and how many callbacks a second it does.
 * @module
 */
import { LuaError, type LuaFunction, type NodeLua } from '../host/node.ts';
import type { Cdef } from '../view/index.ts';
import { withoutControls } from '../util/text.ts';
import { formatHardware, formatIPv4 } from './address.ts';
import { dhcpFunctions } from './functions.ts';
import { type Message, MessageDecoder } from './message.ts';
import { formatOption, messageTypes } from './options.ts';
import { PcapFile, UdpReader } from './pcap.ts';
import { AT } from './request.ts';

const SERVER_PORT = 67;
const CLIENT_PORT = 68;

/** What a replay counted. */
export interface ReplayResult {
  /** DHCP messages in the capture. */
  readonly messages: number;
  /** Messages that the policy turned into replies. */
  readonly answered: number;
  /** Messages for which the policy raised a Lua error. */
  readonly failed: number;
}

/** Options of `replay`. */
export interface ReplayOptions {
  /** The capture file's bytes; not changed. */
  readonly capture: Uint8Array;
  /** The Lua state to run the policy in. */
  readonly lua: NodeLua;
  /** The policy: a Lua file that defines `callback(buf, len)` and perhaps `lease_list()`. */
  readonly policy: string;
  /** Declarations of `cdefs/dhcp.h`. */
  readonly cdef: Cdef;
  /** Gets the report, line by line. */
  readonly print: (line: string) => void;
  /** How long the callback is timed, in milliseconds; 0 for not at all. */
  readonly measureMs: number;
}

interface Captured {
  readonly number: number;
  readonly time: number;
  readonly payload: Uint8Array;
}

/**
 * Runs the policy over every DHCP message of a capture.
 * @throws {PcapError} when the capture is no pcap file or is cut off
 * @throws {LuaError} when the policy file itself raises
 */
export function replay(options: ReplayOptions): ReplayResult {
  const { capture, lua, policy, cdef, print, measureMs } = options;
  lua.define(dhcpFunctions(cdef));
  lua.runFile(policy);
  const callback = lua.callback('callback');
  const captured = [...dhcpMessages(capture)];
  const reporter = new Reporter(cdef, print);
  let answered = 0;
  let failed = 0;
  const start = captured[0]?.time ?? 0;
  for (const { number, time, payload } of captured) {
    const copy = Uint8Array.from(payload);
    let outcome: unknown;
    try {
      outcome = callback(copy, copy.length);
    } catch (error) {
      if (!(error instanceof LuaError)) throw error;
      failed++;
      outcome = `error: ${error.message}`;
    }
    if (payload[0] !== copy[0]) answered++;
    reporter.message(number, time - start, payload, copy, outcome);
  }
  reporter.leases(lua);
  print(`${captured.length} messages, ${answered} answered${failed > 0 ? `, ${failed} failed` : ''}`);
  if (measureMs > 0 && captured.length > 0) print(rate(callback, captured, measureMs));
  return { messages: captured.length, answered, failed };
}

function* dhcpMessages(capture: Uint8Array): Generator<Captured> {
  const file = new PcapFile(capture);
  const reader = new UdpReader(file.linkType);
  for (const { number, time, bytes } of file) {
    const datagram = reader.read(bytes);
    if (datagram === null) continue;
    const { sourcePort, destinationPort, payload } = datagram;
    const isDhcp = [SERVER_PORT, CLIENT_PORT].includes(sourcePort) && [SERVER_PORT, CLIENT_PORT].includes(destinationPort);
    if (isDhcp) yield { number, time, payload };
  }
}

class Reporter {
  readonly #cdef: Cdef;
  readonly #decoder: MessageDecoder;
  readonly #print: (line: string) => void;

  constructor(cdef: Cdef, print: (line: string) => void) {
    this.#cdef = cdef;
    this.#decoder = new MessageDecoder(cdef);
    this.#print = print;
  }

  message(number: number, seconds: number, before: Uint8Array, after: Uint8Array, outcome: unknown): void {
    const type = this.#cdef.typeof('struct dhcp_msg');
    const label = `#${String(number).padEnd(4)} ${seconds.toFixed(3).padStart(8)} s`;
    if (before.length < (type.size as number)) {
      this.#print(`${label}  ${before.length} bytes are no DHCP message; policy: ${shown(outcome)}`);
      return;
    }
    const saw = type.view(before);
    const made = type.view(after);
    const message = this.#decode(before);
    const kind = messageTypes[this.#decoder.typeOf(before)] ?? 'unknown type';
    const hardware = formatHardware(saw._chaddr.bytes.subarray(0, Math.min(saw.hlen, 16)));
    this.#print(`${label}  ${kind.padEnd(8)}  op ${saw.op}  xid 0x${hex(saw.xid)}  ${hardware}  ${addresses(before)}`);
    if (typeof message === 'string') this.#print(`        options  ${message}`);
    else if (message !== null) this.#print(`        options  ${message.options.map(formatOption).join(', ')}`);
    const given = formatIPv4(made._yiaddr.bytes);
    const changes = saw.op === made.op ? '' : `op ${saw.op} -> ${made.op}, yiaddr ${formatIPv4(saw._yiaddr.bytes)} -> ${given}: `;
    this.#print(`        policy   ${changes}${shown(outcome)}`);
  }

  #decode(bytes: Uint8Array): Message | null | string {
    try {
      return this.#decoder.decode(bytes);
    } catch (error) {
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  }

  leases(lua: NodeLua): void {
    const list = lua.get('lease_list');
    if (typeof list !== 'function') return;
    const leases = list() as { hardware: string; address: string }[] | Record<string, never>;
    this.#print('');
    this.#print('leases at the end:');
    if (!Array.isArray(leases)) this.#print('  none');
    else for (const { hardware, address } of leases) this.#print(`  ${shown(address).padEnd(15)}  ${shown(hardware)}`);
    this.#print('');
  }
}

// Those of a message's four addresses that are set.
function addresses(message: Uint8Array): string {
  return (['ciaddr', 'yiaddr', 'siaddr', 'giaddr'] as const)
    .map((name): [string, string] => [name, formatIPv4(message, AT[name])])
    .filter(([, address]) => address !== '0.0.0.0')
    .map((pair) => pair.join(' '))
    .join('  ');
}

// What a policy answers: text may come from the network, and a table may have a field `toString`.
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nil';
  if (value instanceof Uint8Array) return formatHardware(value);
  if (typeof value === 'object') return 'an object';
  return typeof value === 'function' ? 'a function' : withoutControls(String(value));
}

// The capture's integers are in network order; the article's struct reads them in the machine's.
function hex(xid: number): string {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, xid, true);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Calls the policy with the captured messages again and again, each from a fresh copy.
function rate(callback: LuaFunction, captured: readonly Captured[], measureMs: number): string {
  const buffers = captured.map(({ payload }) => new Uint8Array(payload.length));
  let calls = 0;
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < measureMs) {
    for (let i = 0; i < buffers.length; i++) {
      const buffer = buffers[i] as Uint8Array;
      buffer.set((captured[i] as Captured).payload);
      callback(buffer, buffer.length);
    }
    calls += buffers.length;
    elapsed = performance.now() - start;
  }
  const perSecond = Math.round((calls / elapsed) * 1000);
  return `${calls} callbacks in ${(elapsed / 1000).toFixed(2)} s: ${perSecond.toLocaleString('en')} a second`;
}
