/**
 * `<arpa/inet.h>`: byte order, and Internet addresses as text (POSIX; RFC 4291, 2.2; BSD's `inet_aton`).
 * @module
 */
import { compiled, ensureStack } from '../../util/stack.ts';
import type { Place } from '../../memory/index.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { latin1Bytes, latin1Text, span, storeString, stringAt } from './bytes.ts';
import { EAFNOSUPPORT, ENOSPC } from './errors.ts';

// Of Linux.
const AF_INET = 2;
const AF_INET6 = 10;

const swap16 = (value: number): number => ((value & 0xff) << 8) | ((value >> 8) & 0xff);
const swap32 = (value: number): number => ((swap16(value) << 16) | swap16(value >>> 16)) >>> 0;

const IPV4 = compiled(/^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/);

/** Four decimal numbers, without zeros in front; null for other text. */
function readIPv4(text: string): Uint8Array | null {
  const match = IPV4.exec(text);
  const parts = match?.slice(1) ?? [];
  const isValid = match !== null && parts.every((part) => Number(part) <= 255 && String(Number(part)) === part);
  return isValid ? Uint8Array.from(parts, Number) : null;
}

/** Eight groups of hexadecimal digits, the last two perhaps as IPv4, a run of zeros perhaps as `::`; null for other text. */
function readIPv6(text: string): Uint8Array | null {
  // The longest: 45 characters, as INET6_ADDRSTRLEN says.
  if (text.length > 45) return null;
  const halves = text.split('::').map((half) => readGroups(half));
  if (halves.length > 2 || halves.some((half) => half === null)) return null;
  const [head, tail] = halves as [number[], number[] | undefined];
  // IPv4 ends the address.
  if (tail !== undefined && tail.length > 0 && text.split('::')[0]?.includes('.')) return null;
  if (tail === undefined ? head.length !== 8 : head.length + tail.length > 7) return null;
  if (tail !== undefined && text.endsWith('::') && text.includes('.')) return null;
  const groups = tail === undefined ? head : [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function readGroups(text: string): number[] | null {
  if (text === '') return [];
  ensureStack();
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    const ipv4 = i === parts.length - 1 ? readIPv4(part) : null;
    if (ipv4 !== null) {
      const [a = 0, b = 0, c = 0, d = 0] = ipv4;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}

// glibc: the longest run of two or more zero groups is `::`; addresses that hold IPv4 ones end in them.
function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2] as number) << 8) | (bytes[i * 2 + 1] as number));
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
    if (end > i) i = end - 1;
  }
  const holdsIPv4 = start === 0 && (length === 6 || (length === 5 && groups[5] === 0xffff));
  const parts = groups.map((group) => group.toString(16));
  if (holdsIPv4) parts.splice(6, 2, ipv4Text(bytes.subarray(12)));
  if (start < 0) return parts.join(':');
  return `${parts.slice(0, start).join(':')}::${parts.slice(start + length).join(':')}`;
}

function ipv4Text(bytes: Uint8Array): string {
  return bytes.join('.');
}

// One to four numbers, decimal, octal or hexadecimal; the last fills what is left. White space ends the text.
function readOldIPv4(text: string): Uint8Array | null {
  ensureStack();
  const parts = (/^[^ \t\n\v\f\r]*/.exec(text)?.[0] ?? '').split('.');
  if (parts.length > 4 || !parts.every((part) => /^(?:0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(part))) return null;
  const values = parts.map((part) => (/^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = values.pop() as number;
  if (values.some((value) => value > 255) || last >= 2 ** (32 - 8 * values.length)) return null;
  const word = values.reduce((sum, value, i) => sum + value * 2 ** (24 - 8 * i), last);
  return Uint8Array.of(word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
}

export function networkFunctions({ memory, errno }: Machine): CFunctions {
  // The text of inet_ntoa, overwritten by each call.
  const shared = memory.allocate(16);

  function toBytes(family: number, text: Place, to: Place): number {
    if (family !== AF_INET && family !== AF_INET6) {
      errno.value = EAFNOSUPPORT;
      return -1;
    }
    const source = latin1Text(stringAt(text, 'inet_pton'));
    const bytes = family === AF_INET ? readIPv4(source) : readIPv6(source);
    if (bytes === null) return 0;
    span(to, bytes.length, 'inet_pton').set(bytes);
    return 1;
  }

  function toText(family: number, from: Place, to: Place, room: number): Place | null {
    if (family !== AF_INET && family !== AF_INET6) {
      errno.value = EAFNOSUPPORT;
      return null;
    }
    const text = family === AF_INET ? ipv4Text(span(from, 4, 'inet_ntop')) : ipv6Text(span(from, 16, 'inet_ntop'));
    if (text.length + 1 > room) {
      errno.value = ENOSPC;
      return null;
    }
    const bytes = span(to, text.length + 1, 'inet_ntop');
    bytes.set(latin1Bytes(text));
    bytes[text.length] = 0;
    return to;
  }

  const word = (bytes: Uint8Array): number => bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  return {
    'unsigned htonl(unsigned)': swap32,
    'unsigned ntohl(unsigned)': swap32,
    'unsigned short htons(unsigned short)': swap16,
    'unsigned short ntohs(unsigned short)': swap16,
    'int inet_pton(int, const char *, void *)': toBytes,
    'const char *inet_ntop(int, const void *, char *, unsigned)': toText,
    'unsigned inet_addr(const char *)': (text: Place) => {
      const bytes = readOldIPv4(latin1Text(stringAt(text, 'inet_addr')));
      return bytes === null ? 0xffffffff : word(bytes);
    },
    'int inet_aton(const char *, void *)': (text: Place, to: Place) => {
      const bytes = readOldIPv4(latin1Text(stringAt(text, 'inet_aton')));
      if (bytes === null) return 0;
      span(to, 4, 'inet_aton').set(bytes);
      return 1;
    },
    'char *inet_ntoa(struct { unsigned s_addr; })': (address: Place) => ({
      region: storeString(shared, latin1Bytes(ipv4Text(span(address, 4, 'inet_ntoa')))),
      offset: 0,
    }),
  };
}
