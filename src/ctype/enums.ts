/**
 * What enumerators make of their enum and of themselves: sizes, signedness, types, as in gcc.
 * @module
 */
import type { BaseType, Range } from '../cparser/index.ts';
import type { LayoutAttributes } from './attributes.ts';
import { toNumber } from './numbers.ts';
import { inMode } from './modes.ts';
import { printType } from './print.ts';
import type { CTypes } from './table.ts';
import type { CType, EnumLayout } from './types.ts';

interface Failing {
  fail(at: Range, reason: string): never;
}

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

/** Raises where an enum cannot be of a type that it says. */
export function checkUnderlying(type: CType | null, at: Range, context: Failing): void {
  if (type !== null && type.kind !== 'integer' && type.kind !== 'bool') context.fail(at, `enum of type '${printType(type)}'`);
}

/** The layout of an enum, of the type it says if any. */
export function enumLayout(
  constants: ReadonlyMap<string, number | bigint>,
  underlying: CType | null,
  own: LayoutAttributes,
  types: CTypes,
  context: Failing,
  at: Range,
): EnumLayout {
  const { size, isSigned } = underlying === null ? enumSize(constants, own, types, context, at) : sizeAndSign(underlying);
  return { size, isSigned, constants };
}

// Bytes and signedness of an enum: unsigned int, or int where a value is negative; larger only where a value asks for it;
// packed: the smallest.
function enumSize(
  constants: ReadonlyMap<string, number | bigint>,
  { isPacked, mode }: LayoutAttributes,
  types: CTypes,
  context: Failing,
  at: Range,
): { size: number; isSigned: boolean } {
  let least: number | bigint = 0;
  let greatest: number | bigint = 0;
  for (const value of constants.values()) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
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

// Of an enum that says what type it is.
function sizeAndSign(type: CType): { size: number; isSigned: boolean } {
  return { size: type.size as number, isSigned: type.kind === 'integer' && type.isSigned };
}
