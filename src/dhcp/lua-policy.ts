/**
 * A server's configuration and policy in one Lua file: globals are settings, functions decide (see `lua/dhcpd.lua`).
 * @module
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createLua, type EngineName, LuaBytes, type LuaFunction, luaFolder, type NodeLua } from '../host/node.ts';
import { nearest } from '../util/text.ts';
import { encodeUtf8 } from '../util/utf8.ts';
import { formatAddress, formatHardware, formatIPv4, numberOfAddress } from './address.ts';
import { packageCdef } from './declarations.ts';
import { dhcpFunctions } from './functions.ts';
import { type Draft, type Policy, type PolicyContext, PolicyRefusal, setOption } from './policy.ts';
import { transactionOf, typeName } from './protocol.ts';
import { type OptionDefinition, OPTION, optionNamed, SERVERS_OPTIONS } from './registry.ts';
import { AT, addressAt, type Request } from './request.ts';
import { readSettings, SETTING_NAMES, SettingsError, type ServerSettings } from './settings.ts';
import { decodeOption, encodeOption, type OptionValue } from './values.ts';

/** A configuration file that has been run. */
export interface LoadedPolicy {
  readonly settings: ServerSettings;
  readonly policy: Policy;
  /** Kinds of messages that the file decides on. */
  readonly handlers: readonly string[];
  /** Globals that mean nothing, but are nearly those that do. */
  readonly warnings: readonly string[];
  close(): void;
}

/** What the file itself may use up when it is loaded; reading a long list of reservations takes a while. */
const LOAD_STEPS = 500_000_000;
const LOAD_MS = 30_000;

const BOOTREPLY = 2;

/**
 * Runs a configuration file.
 * @throws {LuaSyntaxError} when it is not Lua
 * @throws {LuaError} when it raises
 * @throws {SettingsError} when a setting cannot be used
 * @throws {Error} when it cannot be read
 */
export function loadPolicy(file: string, engine: EngineName): LoadedPolicy {
  const limits = { steps: LOAD_STEPS, timeMs: LOAD_MS };
  // The file is the operator's: it may read others. The limits are for mistakes.
  const lua = createLua({ engine, limits, files: true });
  lua.define(dhcpFunctions(packageCdef('dhcp.h')));
  const policy = new LuaPolicy(lua);
  const own = new Set(globalNames(lua));
  lua.runFile(file);
  const { settings, handlers } = inFile(file, () => ({ settings: readSettings((name) => lua.get(name)), handlers: policy.prepare() }));
  const warnings = globalNames(lua).flatMap((name) => (own.has(name) ? [] : misspelling(name)));
  // From now on each call is the answer to one message.
  limits.steps = settings.policySteps;
  limits.timeMs = settings.policyMs;
  return { settings, policy: (request, context) => policy.decide(request, context), handlers, warnings, close: () => lua.close() };
}

// Lua's own errors begin with the file, too.
function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SettingsError ? new SettingsError(`${file}: ${error.message}`, { cause: error }) : error;
  }
}

function globalNames(lua: NodeLua): string[] {
  const names = lua.run('local names = {} for name in next, _G do names[#names + 1] = name end return names', '=(globals)');
  return (names as unknown[]).filter((name) => typeof name === 'string');
}

function misspelling(name: string): string[] {
  if (KNOWN.has(name)) return [];
  const meant = nearest(name, KNOWN);
  return meant === null ? [] : [`the global '${name}' means nothing, did you mean '${meant}'?`];
}

// By message type; those that are for clients are never asked about.
const HANDLERS = ['bootp', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'].map((name) => `on_${name}`);
const KNOWN: ReadonlySet<string> = new Set([...SETTING_NAMES, ...HANDLERS, 'callback']);

class LuaPolicy {
  readonly #lua: NodeLua;
  #decide: LuaFunction | null = null;
  // The message that is being decided on.
  #request: Request | null = null;
  #context: PolicyContext | null = null;
  #handled: ReadonlySet<string> = new Set();
  #hasCallback = false;

  constructor(lua: NodeLua) {
    this.#lua = lua;
    lua.setModule('dhcpd.host', {
      // Metamethods: the table comes first. It is empty, and crosses quickly.
      request_field: (_: unknown, name: unknown) => this.#requestField(String(name)),
      request_option: (_: unknown, name: unknown) => this.#optionOf(name, (code) => this.#now().request.option(code)),
      reply_field: (_: unknown, name: unknown) => this.#replyField(String(name)),
      set_reply_field: (_: unknown, name: unknown, value: unknown) => this.#setReplyField(String(name), value),
      reply_option: (_: unknown, name: unknown) => this.#optionOf(name, (code) => this.#now().draft.options.get(code) ?? null),
      set_reply_option: (_: unknown, name: unknown, value: unknown) => this.#setReplyOption(name, value),
    });
  }

  prepare(): readonly string[] {
    const isDefined = (name: string): boolean => {
      const value = this.#lua.get(name);
      if (value !== undefined && typeof value !== 'function') throw new SettingsError(`${name}: expected a function`);
      return value !== undefined;
    };
    const hasCallback = isDefined('callback');
    this.#handled = new Set(HANDLERS.filter((name) => hasCallback || isDefined(name)));
    this.#hasCallback = hasCallback;
    // Not by `require`: the configuration may well be called dhcpd.lua.
    this.#decide = this.#lua.engine.load(readFileSync(path.join(luaFolder, 'dhcpd.lua')), '=(dhcpd)')() as LuaFunction;
    return [...(hasCallback ? ['callback'] : []), ...HANDLERS.filter(isDefined)];
  }

  decide(request: Request, context: PolicyContext): string | null {
    const name = HANDLERS[request.type] as string;
    // Nothing in the file is about such messages: the defaults hold.
    if (!this.#handled.has(name)) return null;
    this.#request = request;
    this.#context = context;
    try {
      const decide = this.#decide as LuaFunction;
      // A copy, as the script may keep it and the datagram's bytes are needed as they came.
      const buffer = this.#hasCallback ? request.bytes.slice() : null;
      const verdict = buffer === null ? decide(name) : decide(name, buffer, buffer.length);
      if (verdict === 'callback' && buffer !== null) return answeredInPlace(buffer, context.draft);
      if (verdict === undefined || verdict === null) return null;
      return verdict === 'nak' ? PolicyRefusal.nak : typeof verdict === 'string' ? verdict : PolicyRefusal.silent;
    } finally {
      this.#request = null;
      this.#context = null;
    }
  }

  #now(): { request: Request; context: PolicyContext; draft: Draft } {
    if (this.#request === null || this.#context === null) throw new TypeError('no message is being answered');
    return { request: this.#request, context: this.#context, draft: this.#context.draft };
  }

  // ---- what Lua reads

  #requestField(name: string): unknown {
    const { request, context } = this.#now();
    switch (name) {
      case 'type':
        return typeName(request);
      case 'hardware':
        return formatHardware(request.hardware);
      case 'client':
        return context.client.key;
      case 'xid':
        return transactionOf(request);
      case 'ciaddr':
      case 'giaddr':
        return formatIPv4(request.bytes, AT[name]);
      case 'hops':
        return request.bytes[AT.hops];
      case 'secs':
        return ((request.bytes[AT.secs] as number) << 8) | (request.bytes[AT.secs + 1] as number);
      case 'broadcast':
        return request.isBroadcast;
      case 'subnet':
        return formatAddress(context.subnet.settings.network);
      case 'address':
        return addressText(request.number32(OPTION.requestedAddress) ?? request.ciaddr);
      default:
        return undefined;
    }
  }

  #replyField(name: string): unknown {
    const { draft } = this.#now();
    switch (name) {
      case 'address':
        return draft.address === null ? undefined : formatAddress(draft.address);
      case 'lease_time':
        return draft.leaseSeconds;
      case 'renew_time':
        return draft.renewSeconds;
      case 'rebind_time':
        return draft.rebindSeconds;
      case 'next_server':
        return addressText(draft.nextServer);
      case 'server_name':
        return draft.serverName === null ? undefined : new LuaBytes(draft.serverName);
      case 'boot_file':
        return draft.bootFile === null ? undefined : new LuaBytes(draft.bootFile);
      default:
        return undefined;
    }
  }

  #optionOf(name: unknown, bytes: (code: number) => Uint8Array | null): unknown {
    const option = definitionOf(name);
    const data = bytes(option.code);
    return data === null ? undefined : forLua(decodedOrBytes(option, data));
  }

  // ---- what Lua writes

  #setReplyField(name: string, value: unknown): void {
    const { draft } = this.#now();
    switch (name) {
      case 'address':
        draft.address = value === undefined || value === null ? null : numberOf(name, value);
        return;
      case 'lease_time':
        draft.leaseSeconds = seconds(name, value);
        return;
      case 'renew_time':
        draft.renewSeconds = seconds(name, value);
        return;
      case 'rebind_time':
        draft.rebindSeconds = seconds(name, value);
        return;
      case 'next_server':
        draft.nextServer = numberOf(name, value);
        return;
      case 'server_name':
        draft.serverName = bytesOf(name, value, AT.file - AT.sname - 1);
        return;
      case 'boot_file':
        draft.bootFile = bytesOf(name, value, AT.cookie - AT.file - 1);
        return;
      default:
        throw new TypeError(`a reply has no field '${name}'`);
    }
  }

  #setReplyOption(name: unknown, value: unknown): void {
    const option = definitionOf(name);
    const { draft } = this.#now();
    if (SERVERS_OPTIONS.has(option.code)) throw new TypeError(`option ${option.name} is the server's to set`);
    // A script that sets an option means it, whether or not the client asked.
    setOption(draft, option.code, value === undefined || value === null ? null : encodeOption(option, value));
  }
}

function definitionOf(name: unknown): OptionDefinition {
  const option = optionNamed(String(name));
  if (option === null) throw new TypeError(`no option is named '${name}'`);
  return option;
}

// What the client sent may be malformed: then the script gets the bytes.
function decodedOrBytes(option: OptionDefinition, data: Uint8Array): OptionValue {
  try {
    return decodeOption(option, data);
  } catch (error) {
    if (error instanceof RangeError) return data;
    throw error;
  }
}

function forLua(value: OptionValue): unknown {
  if (value instanceof Uint8Array) return new LuaBytes(value);
  if (value instanceof Map) return Object.fromEntries([...value].map(([code, data]) => [`${code}`, new LuaBytes(data)]));
  return value;
}

function addressText(address: number): string | undefined {
  return address === 0 ? undefined : formatAddress(address);
}

function numberOf(name: string, value: unknown): number {
  if (typeof value !== 'string') throw new TypeError(`reply.${name}: expected an address as text`);
  return numberOfAddress(value);
}

function seconds(name: string, value: unknown): number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) >= 2 ** 32)
    throw new TypeError(`reply.${name}: expected seconds, a positive integer`);
  return value as number;
}

function bytesOf(name: string, value: unknown, most: number): Uint8Array | null {
  if (value === undefined || value === null) return null;
  const bytes = value instanceof Uint8Array ? value : typeof value === 'string' ? encodeUtf8(value) : null;
  if (bytes === null || bytes.length > most) throw new TypeError(`reply.${name}: expected a string of at most ${most} bytes`);
  return bytes;
}

// The article's callback: a reply with the address that it wrote, or with one from the pools where it wrote none.
function answeredInPlace(buffer: Uint8Array, draft: Draft): string | null {
  if (buffer[AT.op] !== BOOTREPLY) return PolicyRefusal.silent;
  const address = addressAt(buffer, AT.yiaddr);
  if (address !== 0) draft.address = address;
  const next = addressAt(buffer, AT.siaddr);
  if (next !== 0) draft.nextServer = next;
  return null;
}
