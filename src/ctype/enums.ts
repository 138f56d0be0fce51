/**
 * What enumerators make of their enum and of themselves: sizes, signedness, types, as in gcc.
 * @module
 */
import type { BaseType, Range } from '../cparser/index.ts';
import type { LayoutAttributes } from './attributes.ts';
import { toNumber } from './constants.ts';
import { inMode } from './modes.ts';
import type { CTypes } from './table.ts';
import type { CType } from './types.ts';

const INT_END = 2 ** 31;
const UNSIGNED_INT_END = 2 ** 32;
const LONG_LONG_END = 1n << 63n;

/** The first value that no enumerator can have. */
export const ENUMERATOR_END: bigint = 1n << 64n;

/** One more: a number where that is exact. */
export function successor(value: number | bigint): number | bigint {
  return typeof value === 'number' && value < Number.MAX_SAFE_INTEGER ? value + 1 : toNumber(BigInt(value) + 1n);
}

/** The type of an enumerator as a constant. */
export function enumeratorType(value: number | bigint): BaseType {
  if (value >= -INT_END && value < INT_END) return 'int';
  if (value >= 0 && value < UNSIGNED_INT_END) return 'unsigned int';
  return value < LONG_LONG_END ? 'long long' : 'unsigned long long';
}

/**
 * Bytes and signedness of an enum: unsigned int, or int where a value is negative; larger only where a value asks for it;
 * packed: the smallest.
 */
export function enumSize(
  { least, greatest }: { readonly least: number | bigint; readonly greatest: number | bigint },
  { isPacked, mode }: LayoutAttributes,
  types: CTypes,
  context: { fail(at: Range, reason: string): never },
  at: Range,
): { size: number; isSigned: boolean } {
  const { enumsAreInt } = types.abi;
  const isSigned = enumsAreInt || least < 0;
  if (mode !== null) return sizeAndSign(inMode(types.integerOfSize(4, isSigned), mode, at, context, types));
  if (enumsAreInt) return { size: 4, isSigned };
  for (const size of isPacked ? [1, 2, 4, 8] : [4, 8]) {
    const half = 2 ** (size * 8 - 1);
    if (greatest < (isSigned ? half : half * 2) && least >= -half) return { size, isSigned };
  }
  context.fail(at, 'enumerators need more than 64 bits');
}

/** Bytes and signedness of an enum that says what type it is. */
export function sizeAndSign(type: CType): { size: number; isSigned: boolean } {
  return { size: type.size as number, isSigned: type.kind === 'integer' && type.isSigned };
}
