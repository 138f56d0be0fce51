/**
 * By hand, byte operations after the checks that a view makes: of what is given, where, and whether there are as many bytes.
 * @module
 */
import { SIZE, START } from '../rows.mjs';

function checkedRead32(b, start, o) {
  if (!(b instanceof Uint8Array)) throw new TypeError('expected bytes');
  if (!Number.isInteger(start) || start < 0 || start + SIZE > b.length) throw new RangeError('too short');
  const at = start + o;
  return ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
}

export const bind = (ring) => (count) => {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += checkedRead32(ring[i & 1023], START, 4);
  return sum;
};

export const scan = (bytes) => (count) => {
  let sum = 0;
  for (let i = 0, at = 0; i < count; i++, at += SIZE) sum += checkedRead32(bytes, at, 4);
  return sum;
};
