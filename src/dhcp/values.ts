/**
 * Values of DHCP options: bytes to what programs work with, and back. Both directions check: bytes come from the network, values
 * from configuration files.
 * @module
 */
import { decodeUtf8, encodeUtf8 } from '../util/utf8.ts';
import { formatIPv4, parseIPv4 } from './address.ts';
import { readDomains, writeDomains } from './domains.ts';
import type { OptionDefinition } from './registry.ts';

/** A route of option 121. */
export interface Route {
  /** `10.0.0.0/8` */
  readonly destination: string;
  /** The next router's address; `0.0.0.0` where the destination is on the link (RFC 3442). */
  readonly router: string;
}

/** A value of an option; which it is, `OptionForm` says. */
export type OptionValue =
  | string
  | number
  | boolean
  | Uint8Array
  | readonly string[]
  | readonly number[]
  | readonly Route[]
  | ReadonlyMap<number, Uint8Array>;

/**
 * The value that an option's bytes hold. Byte arrays in it share their memory.
 * @throws {RangeError} when they are not of the option's form, with its name
 */
export function decodeOption(option: OptionDefinition, data: Uint8Array): OptionValue {
  const { form, name } = option;
  const needs = (isRight: boolean, what: string): void => {
    if (!isRight) throw new RangeError(`option ${name}: ${data.length} bytes are no ${what}`);
  };
  switch (form) {
    case 'address':
      needs(data.length === 4, 'address');
      return formatIPv4(data);
    case 'addresses':
    case 'pairs': {
      const unit = form === 'pairs' ? 8 : 4;
      needs(data.length >= unit && data.length % unit === 0, `list of ${form === 'pairs' ? 'pairs of ' : ''}addresses`);
      return Array.from({ length: data.length / 4 }, (_, i) => formatIPv4(data, i * 4));
    }
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'int32': {
      const size = SIZE[form];
      needs(data.length === size, `integer of ${size} bytes`);
      const value = integer(data, 0, size);
      return form === 'int32' ? value | 0 : value;
    }
    case 'uint16s':
      needs(data.length >= 2 && data.length % 2 === 0, 'list of 16-bit integers');
      return Array.from({ length: data.length / 2 }, (_, i) => integer(data, i * 2, 2));
    case 'codes':
      needs(data.length >= 1, 'list of codes');
      return Array.from(data);
    case 'flag':
      needs(data.length === 1 && (data[0] as number) <= 1, 'flag (0 or 1)');
      return data[0] === 1;
    case 'empty':
      needs(data.length === 0, 'option without a value');
      return true;
    case 'text':
      return decodeUtf8(withoutTerminator(data));
    case 'domains':
      return readDomains(data, name);
    case 'routes':
      return readRoutes(data, name);
    case 'suboptions':
      return readSuboptions(data, name);
    case 'bytes':
      return data;
    default:
      return form satisfies never;
  }
}

const SIZE = { uint8: 1, uint16: 2, uint32: 4, int32: 4 } as const;

function integer(data: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (data[at + i] as number);
  return value;
}

// RFC 2132, section 2: a receiver must be prepared for text that ends in NUL.
function withoutTerminator(data: Uint8Array): Uint8Array {
  let { length } = data;
  while (length > 0 && data[length - 1] === 0) length--;
  return data.subarray(0, length);
}

function readRoutes(data: Uint8Array, name: string): Route[] {
  const routes: Route[] = [];
  for (let at = 0; at < data.length; ) {
    const width = data[at] as number;
    // Only the significant bytes of the destination are there.
    const significant = (width + 7) >> 3;
    if (width > 32 || at + 5 + significant > data.length)
      throw new RangeError(`option ${name}: route at byte ${at} is cut off or malformed`);
    const destination = new Uint8Array(4);
    destination.set(data.subarray(at + 1, at + 1 + significant));
    routes.push({ destination: `${formatIPv4(destination)}/${width}`, router: formatIPv4(data, at + 1 + significant) });
    at += 5 + significant;
  }
  return routes;
}

function readSuboptions(data: Uint8Array, name: string): Map<number, Uint8Array> {
  const found: Map<number, Uint8Array> = new Map();
  for (let at = 0; at < data.length; ) {
    const code = data[at] as number;
    const end = at + 2 + (data[at + 1] ?? 255);
    if (end > data.length) throw new RangeError(`option ${name}: suboption ${code} at byte ${at} is cut off`);
    found.set(code, data.subarray(at + 2, end));
    at = end;
  }
  return found;
}

// ---- writing

/**
 * The bytes of a value, at most 255 where RFC 3396 is not wanted: the caller splits longer ones. Takes what `decodeOption` gives, and besides: one address for
 * a list of them, bytes for any form, a number or boolean for a flag.
 * @throws {TypeError} when the value is not of the option's form, with its name
 */
export function encodeOption(option: OptionDefinition, value: unknown): Uint8Array {
  const { form, name } = option;
  if (value instanceof Uint8Array) return value;
  const wrong = (expected: string): never => {
    throw new TypeError(`option ${name}: ${shown(value)} is no ${expected}`);
  };
  switch (form) {
    case 'address':
      return addressBytes([text(value) ?? wrong('address')], name);
    case 'addresses':
    case 'pairs': {
      const list = listOf(value, text) ?? wrong('list of addresses');
      if (list.length === 0 || (form === 'pairs' && list.length % 2 === 1))
        wrong(form === 'pairs' ? 'list of pairs of addresses' : 'list of addresses');
      return addressBytes(list, name);
    }
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'int32': {
      const size = SIZE[form];
      const low = form === 'int32' ? -(2 ** 31) : 0;
      const high = form === 'int32' ? 2 ** 31 - 1 : 256 ** size - 1;
      if (!isWithin(value, low, high)) wrong(`integer from ${low} to ${high}`);
      return bigEndian([value as number], size);
    }
    case 'uint16s':
    case 'codes': {
      const size = form === 'codes' ? 1 : 2;
      const list =
        listOf(value, (one) => (isWithin(one, 0, 256 ** size - 1) ? (one as number) : null)) ??
        wrong(`list of integers from 0 to ${256 ** size - 1}`);
      return bigEndian(list, size);
    }
    case 'flag':
      if (value !== true && value !== false && value !== 0 && value !== 1) wrong('flag (true or false)');
      return Uint8Array.of(Number(value));
    case 'empty':
      if (value !== true) wrong('true');
      return new Uint8Array(0);
    case 'text':
      return encodeUtf8(text(value) ?? (typeof value === 'number' ? String(value) : wrong('text')));
    case 'domains':
      return writeDomains(listOf(value, text) ?? wrong('list of domain names'), name);
    case 'routes':
      return writeRoutes(
        listOf(value, route) ?? wrong("list of routes such as { destination = '10.0.0.0/8', router = '192.0.2.1' }"),
        name,
      );
    case 'suboptions':
      return writeSuboptions(suboptions(value) ?? wrong('table of suboptions, bytes by code'), name);
    case 'bytes':
      return encodeUtf8(text(value) ?? wrong('string of bytes'));
    default:
      return form satisfies never;
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : `a value of type ${value === null ? 'null' : typeof value}`;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isWithin(value: unknown, low: number, high: number): boolean {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
}

// A list, or one element in place of it; null where an element is none.
function listOf<T>(value: unknown, element: (one: unknown) => T | null): T[] | null {
  const found = (Array.isArray(value) ? value : [value]).map(element);
  return found.includes(null) ? null : (found as T[]);
}

function addressBytes(list: readonly string[], name: string): Uint8Array {
  const bytes = new Uint8Array(list.length * 4);
  list.forEach((address, i) => {
    try {
      parseIPv4(address, bytes, i * 4);
    } catch (error) {
      throw new TypeError(`option ${name}: ${(error as Error).message}`, { cause: error });
    }
  });
  return bytes;
}

function bigEndian(values: readonly number[], size: number): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)))));
}

function route(value: unknown): Route | null {
  const { destination, router } = (value ?? {}) as Partial<Route>;
  return typeof destination === 'string' && typeof router === 'string' ? { destination, router } : null;
}

function writeRoutes(routes: readonly Route[], name: string): Uint8Array {
  return Uint8Array.from(
    routes.flatMap(({ destination, router }) => {
      const [, network, digits] = /^([\d.]+)\/(\d{1,2})$/.exec(destination) ?? [];
      const width = Number(digits);
      if (network === undefined || !(width <= 32))
        throw new TypeError(`option ${name}: ${shown(destination)} is no network such as '10.0.0.0/8'`);
      return [width, ...addressBytes([network], name).subarray(0, (width + 7) >> 3), ...addressBytes([router], name)];
    }),
  );
}

function suboptions(value: unknown): Map<number, Uint8Array> | null {
  if (typeof value !== 'object' || value === null) return null;
  const entries = value instanceof Map ? [...value] : Array.isArray(value) ? value.map((one, i) => [i + 1, one]) : Object.entries(value);
  const found: Map<number, Uint8Array> = new Map();
  for (const [key, one] of entries) {
    const data = one instanceof Uint8Array ? one : typeof one === 'string' ? encodeUtf8(one) : null;
    if (data === null || !isWithin(Number(key), 1, 254)) return null;
    found.set(Number(key), data);
  }
  return found;
}

function writeSuboptions(found: ReadonlyMap<number, Uint8Array>, name: string): Uint8Array {
  const parts: number[] = [];
  for (const [code, data] of found) {
    if (data.length > 255) throw new TypeError(`option ${name}: suboption ${code} has ${data.length} bytes, more than 255`);
    parts.push(code, data.length, ...data);
  }
  return Uint8Array.from(parts);
}
