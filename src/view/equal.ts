/**
 * Whether two values of one type are equal, field by field: bytes and bits that belong to no field do not count.
 * @module
 */
import { type CType, fieldsOf, isRecord } from '../ctype/index.ts';
import { bitFieldOf } from './scalar.ts';

/** Compares two values of `type`, both wholly there; flexible arrays are left out. Floats are equal when their bytes are. */
export function isEqual(type: CType, a: Uint8Array, i: number, b: Uint8Array, j: number): boolean {
  if (isRecord(type)) {
    for (const field of fieldsOf(type).values()) {
      if (field.bits !== null) {
        const { read } = bitFieldOf(field.type, field.bits);
        if (read(a, i) !== read(b, j)) return false;
      } else if (field.type.size !== null && !isEqual(field.type, a, i + field.offset, b, j + field.offset)) return false;
    }
    return true;
  }
  if (type.kind === 'array' && (isRecord(type.element) || type.element.kind === 'array')) {
    const stride = type.element.size as number;
    for (let at = 0; at < (type.size as number); at += stride) if (!isEqual(type.element, a, i + at, b, j + at)) return false;
    return true;
  }
  return areSameBytes(a, i, b, j, type.size as number);
}

/** Whether `size` bytes are the same. */
export function areSameBytes(a: Uint8Array, i: number, b: Uint8Array, j: number, size: number): boolean {
  for (let at = 0; at < size; at++) if (a[i + at] !== b[j + at]) return false;
  return true;
}
