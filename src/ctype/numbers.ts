/**
 * Values of constants as JavaScript has them.
 * @module
 */

/** A number where that is exact, else a bigint. */
export function toNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
