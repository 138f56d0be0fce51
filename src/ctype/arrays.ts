/**
 * What may be an array.
 * @module
 */
import type { Range } from '../cparser/index.ts';
import { MAX_MEMBERS, MAX_SIZE, membersWithin } from './placer.ts';
import { printType } from './print.ts';
import type { CTypes } from './table.ts';
import type { ArrayType, CType } from './types.ts';

interface Failing {
  fail(at: Range, reason: string): never;
}

/** Raises where `type` is none of which there are arrays. */
export function checkElement(type: CType, at: Range, context: Failing): asserts type is CType & { readonly size: number } {
  if (type.size === null) context.fail(at, `array of '${printType(type)}', whose size is not known`);
  if (type.size % type.align !== 0)
    context.fail(at, `array of '${printType(type)}', whose alignment ${type.align} does not divide its size ${type.size}`);
}

/** An array of so many elements, which have been checked; `most` bytes are allowed. */
export function countedArray(
  element: CType & { readonly size: number },
  length: bigint,
  at: Range,
  context: Failing,
  types: CTypes,
  most: number = MAX_SIZE,
): ArrayType {
  const count = Number(length);
  if (count < 0) context.fail(at, `array length must not be negative, found ${length}`);
  if (count * element.size > most) context.fail(at, `array of ${length} elements is too large`);
  const array = types.array(element, count);
  if (element.size === 0 && membersWithin(array) > MAX_MEMBERS) context.fail(at, `array of ${length} elements without bytes is too large`);
  return array;
}
