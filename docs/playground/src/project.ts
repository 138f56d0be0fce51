/**
 * What the page shows, and its form in a link: JSON, deflated, in base64url, behind the `#`.
 * @module
 */
import { formatHex, MOST_BYTES, parseHex } from './hex.ts';

export interface Project {
  readonly c: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lua: string;
  /** The C type that the bytes are looked at as, such as `struct msg` or `struct row[4]`. */
  readonly type: string;
  readonly offset: number;
  readonly abi: string;
  readonly engine: string;
}

/** A link that is damaged, or made by something else. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

const PREFIX = '#1.';
const MOST_TEXT = 1_000_000;

async function pass(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(through);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    // A small link can inflate to gigabytes.
    if (length > most) {
      await reader.cancel();
      throw new LinkError('the link holds too much');
    }
    chunks.push(next.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** The fragment of a link to a project. */
export async function toFragment(project: Project): Promise<string> {
  const { c, bytes, lua, type, offset, abi, engine } = project;
  const json = JSON.stringify({ c, hex: formatHex(bytes, bytes.length).replaceAll(' ', ''), lua, type, offset, abi, engine });
  const packed = await pass(
    Uint8Array.from(new TextEncoder().encode(json)),
    new CompressionStream('deflate-raw'),
    Number.POSITIVE_INFINITY,
  );
  let binary = '';
  for (const byte of packed) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The project that a fragment holds.
 * @throws {LinkError} when it holds none
 */
export async function fromFragment(fragment: string): Promise<Project> {
  if (!fragment.startsWith(PREFIX)) throw new LinkError('the link is not of this page');
  let value: unknown;
  try {
    const binary = atob(fragment.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    value = JSON.parse(new TextDecoder().decode(await pass(packed, new DecompressionStream('deflate-raw'), MOST_TEXT)));
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw new LinkError('the link is damaged', { cause: error });
  }
  return checked(value);
}

function checked(value: unknown): Project {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (name: string): string => {
    const one = fields[name];
    if (typeof one !== 'string') throw new LinkError(`the link has no ${name}`);
    return one;
  };
  const { offset } = fields;
  const parsed = parseHex(text('hex'));
  if (parsed.error !== null) throw new LinkError('the bytes of the link are damaged');
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0 || offset > MOST_BYTES)
    throw new LinkError('the link has no offset');
  return { c: text('c'), bytes: parsed.bytes, lua: text('lua'), type: text('type'), offset, abi: text('abi'), engine: text('engine') };
}
