/**
 * Leases as Kea keeps them: the lines of `kea-leases4.csv` (Kea Administrator Reference Manual, "Memfile - Basic Storage for Leases").
 *
 * Kea appends a line for each change, so that a later line for an address counts. Commas in values are written as `&#x2c`, and `&` as `&#x26`
 * (`CSVRow::escapeCharacters`).
 * @module
 */
import { withoutControls } from '../../util/text.ts';
import { formatAddress, numberOfAddress } from '../address.ts';
import { keyOfHardware, keyOfIdentifier } from '../client.ts';
import { END_OF_TIME, type Lease } from './store.ts';
import { type LeaseForm, type LeaseReader, Line } from './text.ts';

// Those of Kea 2.0 and later; newer ones are added by Kea when it reads the file.
const COLUMNS = [
  'address',
  'hwaddr',
  'client_id',
  'valid_lifetime',
  'expire',
  'subnet_id',
  'fqdn_fwd',
  'fqdn_rev',
  'hostname',
  'state',
  'user_context',
] as const;

/** Columns that make a lease. */
const NEEDED: readonly (typeof COLUMNS)[number][] = ['address', 'hwaddr', 'client_id', 'valid_lifetime', 'expire', 'subnet_id'];

const STATE = { assigned: 0, declined: 1, reclaimed: 2, released: 3 } as const;

/** The longest a host name, and an option that identifies a client, can be. */
const MAX_NAME = 255;
const MAX_IDENTIFIER = 255;
const MAX_HARDWARE = 20;

/** See `LeaseForm`. */
export const keaForm: LeaseForm = {
  header: COLUMNS.join(','),
  write: ({ address, subnet, client, hardware, state, expires, seen, hostName }) => {
    const [, kind, hex = ''] = /^(id|hw:\d+):([\da-f]*)$/.exec(client) ?? [];
    const stateNumber = state === 'declined' ? STATE.declined : state === 'released' ? STATE.reclaimed : STATE.assigned;
    return [
      formatAddress(address),
      withColons(kind === 'id' || hardware !== '' ? hardware : hex),
      kind === 'id' ? withColons(hex) : '',
      // For Kea leases that never end have this lifetime, too.
      expires === END_OF_TIME ? END_OF_TIME : Math.max(0, expires - seen),
      expires === END_OF_TIME ? seen + END_OF_TIME : expires,
      subnet,
      0,
      0,
      escaped(withoutControls(hostName)),
      stateNumber,
      '',
    ].join(',');
  },
  reader: (file) => new KeaReader(file),
};

function withColons(hex: string): string {
  return hex.replace(/..(?=.)/g, '$&:');
}

function escaped(text: string): string {
  return text.replace(/[,&]/g, (character) => `&#x${character.charCodeAt(0).toString(16)}`);
}

// What does not look like an escape stands for itself.
function unescaped(text: string): string {
  return text.replace(/&#x([\da-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

// A value, and where in its line it starts.
interface Cell {
  readonly text: string;
  readonly offset: number;
}

class KeaReader implements LeaseReader {
  readonly #file: string;
  #number = 0;
  #columns: readonly string[] | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string): Lease | null {
    const line = new Line(this.#file, ++this.#number, text.replace(/\r$/, ''));
    if (line.text === '') return null;
    if (this.#columns === null) {
      this.#columns = columnsOf(line);
      return null;
    }
    return leaseOf(new Row(line, this.#columns));
  }
}

function columnsOf(line: Line): readonly string[] {
  const columns = line.text.split(',');
  for (const name of NEEDED) {
    if (!columns.includes(name)) line.fail(`expected the names of Kea's columns, of which there is no '${name}'`);
  }
  return columns;
}

class Row {
  readonly #line: Line;
  readonly #cells: Map<string, Cell> = new Map();

  constructor(line: Line, columns: readonly string[]) {
    this.#line = line;
    const texts = line.text.split(',');
    let offset = 0;
    for (const [i, text] of texts.entries()) {
      const name = columns[i];
      if (name === undefined) line.fail(`expected ${columns.length} values, got ${texts.length}`, offset);
      this.#cells.set(name as string, { text, offset });
      offset += text.length + 1;
    }
    // Columns that are missing at the end are those that an older Kea did not know.
    for (const name of NEEDED) if (!this.#cells.has(name)) line.fail(`expected ${columns.length} values, got ${texts.length}`);
  }

  text(name: string): string {
    return this.#cells.get(name)?.text ?? '';
  }

  fail(name: string, expected: string): never {
    const { text, offset } = this.#cells.get(name) as Cell;
    return this.#line.fail(`${name}: expected ${expected}`, offset, text.length);
  }

  integer(name: string, most: number, fallback?: number): number {
    const text = this.text(name);
    if (text === '' && fallback !== undefined) return fallback;
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return number <= most ? number : this.fail(name, `a whole number up to ${most}`);
  }

  bytes(name: string, most: number): Uint8Array {
    const text = this.text(name);
    if (text === '') return new Uint8Array(0);
    if (!/^[\da-f]{1,2}(:[\da-f]{1,2})*$/i.test(text)) this.fail(name, "bytes such as '02:00:00:00:00:01'");
    const bytes = Uint8Array.from(text.split(':'), (digits) => Number.parseInt(digits, 16));
    return bytes.length <= most ? bytes : this.fail(name, `at most ${most} bytes`);
  }
}

function leaseOf(row: Row): Lease {
  let address: number;
  try {
    address = numberOfAddress(row.text('address'));
  } catch {
    return row.fail('address', 'an IPv4 address');
  }
  const hardware = row.bytes('hwaddr', MAX_HARDWARE);
  const identifier = row.bytes('client_id', MAX_IDENTIFIER);
  const lifetime = row.integer('valid_lifetime', END_OF_TIME);
  const expire = row.integer('expire', 2 * END_OF_TIME);
  const subnet = row.integer('subnet_id', END_OF_TIME);
  const hostName = withoutControls(unescaped(row.text('hostname')));
  if (Buffer.byteLength(hostName) > MAX_NAME) row.fail('hostname', `at most ${MAX_NAME} bytes`);
  const state = row.integer('state', 4, STATE.assigned);
  const hex = Buffer.from(hardware).toString('hex');
  const times = { expires: Math.min(expire, END_OF_TIME), seen: Math.min(Math.max(0, expire - lifetime), END_OF_TIME) };
  if (state === STATE.declined) return { address, subnet, client: '', hardware: '', state: 'declined', ...times, hostName: '', relay: '' };
  if (identifier.length === 0 && hardware.length === 0) row.fail('hwaddr', 'the address of a client that has no client_id');
  const client = identifier.length > 0 ? keyOfIdentifier(identifier) : keyOfHardware(1, hardware);
  // Kea forgets leases by a lifetime of 0.
  const isOver = state === STATE.reclaimed || state === STATE.released || lifetime === 0;
  return { address, subnet, client, hardware: hex, state: isOver ? 'released' : 'active', ...times, hostName, relay: '' };
}
