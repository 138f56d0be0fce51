/**
 * `<string.h>` and `<strings.h>`: C11 7.24, POSIX. Copies may overlap, as with `memmove`.
 * @module
 */
import type { Place } from '../../memory/index.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { advance, copyBytes, type Integer, isNull, prefixAt, span, storeString, stringAt } from './bytes.ts';
import { isUpper } from './character.ts';
import { errorText } from './errors.ts';

const lower = (byte: number): number => (isUpper(byte) ? byte + 32 : byte);
const same = (byte: number): number => byte;

// The difference of the first bytes that differ. Reads no further than these, so that strings need no end behind them.
function compare(a: Place, b: Place, limit: number, fold: (byte: number) => number, what: string): number {
  for (let i = 0; i < limit; i++) {
    const x = byteAt(a, i, what);
    const y = byteAt(b, i, what);
    const difference = fold(x) - fold(y);
    if (difference !== 0 || x === 0) return difference;
  }
  return 0;
}

function byteAt({ region, offset }: Place, index: number, what: string): number {
  const byte = region.bytes[offset + index];
  if (byte === undefined) region.check(offset, index + 1, `${what}: string without a terminating NUL`);
  return byte as number;
}

function compareMemory(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

// Where `needle` starts in `text`; -1 for nowhere. Knuth, Morris and Pratt: linear for all texts.
function search(text: Uint8Array, needle: Uint8Array): number {
  const borders = new Int32Array(needle.length);
  for (let i = 1, length = 0; i < needle.length; i++) {
    while (length > 0 && needle[i] !== needle[length]) length = borders[length - 1] as number;
    if (needle[i] === needle[length]) length++;
    borders[i] = length;
  }
  if (needle.length === 0) return 0;
  for (let i = 0, length = 0; i < text.length; i++) {
    while (length > 0 && text[i] !== needle[length]) length = borders[length - 1] as number;
    if (text[i] === needle[length]) length++;
    if (length === needle.length) return i + 1 - length;
  }
  return -1;
}

// How many bytes from the start are (or are not) among `set`.
function spanOf(text: Uint8Array, set: Uint8Array, isIn: boolean): number {
  const members = new Set(set);
  const end = text.findIndex((byte) => members.has(byte) !== isIn);
  return end < 0 ? text.length : end;
}

function copyString(to: Place, from: Place, bytes: Uint8Array, what: string): Place {
  // The room first: a copy that overlaps must not end its own source.
  span(to, bytes.length + 1, what);
  copyBytes(to, from, bytes.length, what);
  to.region.bytes[to.offset + bytes.length] = 0;
  return to;
}

export function stringFunctions({ memory }: Machine): CFunctions {
  const errorTexts = new Map<number, Place>();
  let tokens: Place = memory.null;
  const find = (s: Place, index: number): Place | null => (index < 0 ? null : advance(s, index));
  return {
    'void *memcpy(void *, const void *, size_t)': (to: Place, from: Place, n: Integer) => {
      copyBytes(to, from, Number(n), 'memcpy');
      return to;
    },
    'void *memmove(void *, const void *, size_t)': (to: Place, from: Place, n: Integer) => {
      copyBytes(to, from, Number(n), 'memmove');
      return to;
    },
    'void *memset(void *, int, size_t)': (to: Place, byte: number, n: Integer) => {
      span(to, Number(n), 'memset').fill(byte & 0xff);
      return to;
    },
    'int memcmp(const void *, const void *, size_t)': (a: Place, b: Place, n: Integer) =>
      compareMemory(span(a, Number(n), 'memcmp'), span(b, Number(n), 'memcmp')),
    'void *memchr(const void *, int, size_t)': (s: Place, byte: number, n: Integer) => {
      const count = Number(n);
      if (count === 0) return null;
      s.region.check(s.offset, 1, 'memchr');
      const rest = s.region.bytes.subarray(s.offset, s.offset + count);
      const index = rest.indexOf(byte & 0xff);
      if (index < 0) span(s, count, 'memchr');
      return find(s, index);
    },
    'size_t strlen(const char *)': (s: Place) => stringAt(s, 'strlen').length,
    'size_t strnlen(const char *, size_t)': (s: Place, n: Integer) => prefixAt(s, Number(n), 'strnlen').length,
    'int strcmp(const char *, const char *)': (a: Place, b: Place) => compare(a, b, Number.POSITIVE_INFINITY, same, 'strcmp'),
    'int strncmp(const char *, const char *, size_t)': (a: Place, b: Place, n: Integer) => compare(a, b, Number(n), same, 'strncmp'),
    'int strcoll(const char *, const char *)': (a: Place, b: Place) => compare(a, b, Number.POSITIVE_INFINITY, same, 'strcoll'),
    'int strcasecmp(const char *, const char *)': (a: Place, b: Place) => compare(a, b, Number.POSITIVE_INFINITY, lower, 'strcasecmp'),
    'int strncasecmp(const char *, const char *, size_t)': (a: Place, b: Place, n: Integer) =>
      compare(a, b, Number(n), lower, 'strncasecmp'),
    'char *strcpy(char *, const char *)': (to: Place, from: Place) => copyString(to, from, stringAt(from, 'strcpy'), 'strcpy'),
    'char *stpcpy(char *, const char *)': (to: Place, from: Place) => {
      const bytes = stringAt(from, 'stpcpy');
      return advance(copyString(to, from, bytes, 'stpcpy'), bytes.length);
    },
    'char *strncpy(char *, const char *, size_t)': (to: Place, from: Place, n: Integer) => {
      const bytes = prefixAt(from, Number(n), 'strncpy');
      const room = span(to, Number(n), 'strncpy');
      room.set(bytes);
      room.fill(0, bytes.length);
      return to;
    },
    'char *strcat(char *, const char *)': (to: Place, from: Place) => {
      const end = advance(to, stringAt(to, 'strcat').length);
      copyString(end, from, stringAt(from, 'strcat'), 'strcat');
      return to;
    },
    'char *strncat(char *, const char *, size_t)': (to: Place, from: Place, n: Integer) => {
      const end = advance(to, stringAt(to, 'strncat').length);
      copyString(end, from, prefixAt(from, Number(n), 'strncat'), 'strncat');
      return to;
    },
    'char *strchr(const char *, int)': (s: Place, byte: number) => {
      const text = stringAt(s, 'strchr');
      return (byte & 0xff) === 0 ? advance(s, text.length) : find(s, text.indexOf(byte & 0xff));
    },
    'char *strrchr(const char *, int)': (s: Place, byte: number) => {
      const text = stringAt(s, 'strrchr');
      return (byte & 0xff) === 0 ? advance(s, text.length) : find(s, text.lastIndexOf(byte & 0xff));
    },
    'char *strstr(const char *, const char *)': (s: Place, needle: Place) =>
      find(s, search(stringAt(s, 'strstr'), stringAt(needle, 'strstr'))),
    'size_t strspn(const char *, const char *)': (s: Place, set: Place) => spanOf(stringAt(s, 'strspn'), stringAt(set, 'strspn'), true),
    'size_t strcspn(const char *, const char *)': (s: Place, set: Place) => spanOf(stringAt(s, 'strcspn'), stringAt(set, 'strcspn'), false),
    'char *strpbrk(const char *, const char *)': (s: Place, set: Place) => {
      const text = stringAt(s, 'strpbrk');
      const index = spanOf(text, stringAt(set, 'strpbrk'), false);
      return index === text.length ? null : advance(s, index);
    },
    'char *strtok(char *, const char *)': (s: Place, separators: Place) => {
      const from = isNull(s) ? tokens : s;
      if (isNull(from)) return null;
      const set = stringAt(separators, 'strtok');
      const text = stringAt(from, 'strtok');
      const start = spanOf(text, set, true);
      const length = spanOf(text.subarray(start), set, false);
      const end = start + length;
      tokens = advance(from, Math.min(end + 1, text.length));
      if (length === 0) return null;
      if (end < text.length) text[end] = 0;
      return advance(from, start);
    },
    'char *strerror(int)': (number: number) => {
      let text = errorTexts.get(number);
      if (text === undefined) {
        const bytes = errorText(number);
        text = { region: storeString(memory.allocate(bytes.length + 1), bytes), offset: 0 };
        errorTexts.set(number, text);
      }
      return text;
    },
  };
}
