/**
 * Leases as JSON, an object a line.
 *
 *     {"address":"192.0.2.10","subnet":1,"client":"id:01020000000001","hardware":"02:00:00:00:00:01","state":"active",...}
 *
 * @module
 */
import { withoutControls } from '../../util/text.ts';
import { formatAddress, numberOfAddress } from '../address.ts';
import { END_OF_TIME, type Lease } from './store.ts';
import { type LeaseForm, type LeaseReader, Line } from './text.ts';

const STATES: readonly Lease['state'][] = ['active', 'released', 'declined'];

/** See `LeaseForm`; times are in ISO 8601. */
export const jsonForm: LeaseForm = {
  header: null,
  write: ({ address, hardware, expires, seen, subnet, client, state, hostName, relay }) =>
    JSON.stringify({
      address: formatAddress(address),
      subnet,
      client,
      hardware: hardware.replace(/..(?=.)/g, '$&:'),
      state,
      expires: timeText(expires),
      seen: timeText(seen),
      hostName,
      ...(relay !== '' && { relay }),
    }),
  reader: (file) => new JsonReader(file),
};

/** Seconds since 1970 in ISO 8601. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

class JsonReader implements LeaseReader {
  readonly #file: string;
  #number = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string): Lease | null {
    const line = new Line(this.#file, ++this.#number, text);
    if (text.trim() === '') return null;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const [, at] = /at position (\d+)/.exec((error as Error).message) ?? [];
      return line.fail('expected JSON', Math.min(Number(at ?? text.length), text.length), 1);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return line.fail('expected an object');
    return leaseOf(new Fields(line, value as Record<string, unknown>));
  }
}

class Fields {
  readonly #line: Line;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(line: Line, values: Readonly<Record<string, unknown>>) {
    this.#line = line;
    this.#values = values;
  }

  fail(name: string, expected: string): never {
    const at = this.#line.text.indexOf(`"${name}"`);
    return this.#line.fail(`${name}: expected ${expected}`, Math.max(at, 0), at < 0 ? this.#line.text.length : name.length + 2);
  }

  text(name: string, form: RegExp, expected: string): string {
    const value = this.#values[name];
    return typeof value === 'string' && form.test(value) ? value : this.fail(name, expected);
  }

  /** Where there is none, it is empty. */
  optionalText(name: string, form: RegExp, expected: string): string {
    return this.#values[name] === undefined ? '' : this.text(name, form, expected);
  }

  integer(name: string): number {
    const value = this.#values[name];
    const isRight = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= END_OF_TIME;
    return isRight ? (value as number) : this.fail(name, `a whole number up to ${END_OF_TIME}`);
  }

  time(name: string): number {
    const value = this.#values[name];
    const seconds = typeof value === 'string' ? Math.floor(Date.parse(value) / 1000) : Number.NaN;
    return seconds >= 0 && seconds <= END_OF_TIME ? seconds : this.fail(name, "a time such as '2030-01-31T12:00:00Z'");
  }
}

function leaseOf(fields: Fields): Lease {
  let address: number;
  try {
    address = numberOfAddress(fields.text('address', /./, 'an IPv4 address'));
  } catch {
    return fields.fail('address', 'an IPv4 address');
  }
  const state = fields.text('state', /./, STATES.join(', ')) as Lease['state'];
  if (!STATES.includes(state)) fields.fail('state', STATES.join(', '));
  const key = state === 'declined' ? /^$/ : /^(?:id:|hw:\d{1,3}:)(?:[\da-f]{2}){1,255}$/;
  return {
    address,
    subnet: fields.integer('subnet'),
    client: fields.text(
      'client',
      key,
      state === 'declined' ? 'nothing, as the address is declined' : "'id:' and hex digits, or 'hw:1:' and those",
    ),
    hardware: fields.text('hardware', /^(?:[\da-f]{2}(?::[\da-f]{2}){0,19})?$/, "bytes such as '02:00:00:00:00:01'").replaceAll(':', ''),
    state,
    expires: fields.time('expires'),
    seen: fields.time('seen'),
    hostName: withoutControls(fields.text('hostName', /^.{0,255}$/s, 'a string of at most 255 characters')),
    relay: fields.optionalText('relay', /^[\d.]{7,15} [\da-f]*$/, "a relay agent's address, a blank, and hex digits"),
  };
}
