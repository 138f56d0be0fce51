/**
 * Lists of domain names as options hold them: RFC 1035, section 3.1, with the compression of section 4.1.4 over the bytes of the
 * whole option (RFC 3397).
 * @module
 */
import { decodeUtf8, encodeUtf8 } from '../util/utf8.ts';

const MAX_LABEL = 63;
const MAX_NAME = 255;

/**
 * The names of an option.
 * @throws {RangeError} when a name is cut off, too long, or points anywhere but backwards
 */
export function readDomains(data: Uint8Array, option: string): string[] {
  const malformed = (what: string): never => {
    throw new RangeError(`option ${option}: ${what}`);
  };
  const names: string[] = [];
  for (let next = 0; next < data.length; ) {
    const labels: string[] = [];
    let at = next;
    let size = 0;
    let isPast = false;
    for (;;) {
      const length = data[at] ?? malformed(`domain name at byte ${next} is cut off`);
      if (length >= 0xc0) {
        const target = ((length & 0x3f) << 8) | (data[at + 1] ?? malformed(`domain name at byte ${next} is cut off`));
        // Each pointer goes further back than the one before: no loops.
        if (target >= at) malformed(`domain name at byte ${next} points forward`);
        if (!isPast) next = at + 2;
        isPast = true;
        at = target;
        continue;
      }
      if (length > MAX_LABEL) malformed(`label at byte ${at} is malformed`);
      size += length + 1;
      if (size > MAX_NAME || at + 1 + length > data.length) malformed(`domain name at byte ${at} is cut off or too long`);
      if (length === 0) {
        if (!isPast) next = at + 1;
        break;
      }
      labels.push(decodeUtf8(data.subarray(at + 1, at + 1 + length)));
      at += 1 + length;
    }
    names.push(labels.join('.'));
  }
  return names;
}

/**
 * The bytes of names, with repeated ends written once.
 * @throws {TypeError} when a name is empty, too long, or has a label that is
 */
export function writeDomains(names: readonly string[], option: string): Uint8Array {
  const bytes: number[] = [];
  const places: Map<string, number> = new Map();
  for (const name of names) {
    const labels = name.replace(/\.$/, '').split('.');
    const encoded = labels.map(encodeUtf8);
    const size = encoded.reduce((sum, { length }) => sum + length + 1, 1);
    if (encoded.some(({ length }) => length === 0 || length > MAX_LABEL) || size > MAX_NAME) {
      throw new TypeError(`option ${option}: ${JSON.stringify(name.slice(0, 60))} is no domain name`);
    }
    let isWhole = true;
    for (const [i, label] of encoded.entries()) {
      const rest = labels.slice(i).join('.').toLowerCase();
      const place = places.get(rest);
      if (place !== undefined) {
        bytes.push(0xc0 | (place >> 8), place & 255);
        isWhole = false;
        break;
      }
      if (bytes.length < 0x4000) places.set(rest, bytes.length);
      bytes.push(label.length, ...label);
    }
    if (isWhole) bytes.push(0);
  }
  return Uint8Array.from(bytes);
}
