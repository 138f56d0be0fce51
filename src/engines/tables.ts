/**
 * Tables on their way to JavaScript, for every engine.
 * @module
 */

/** How deep tables are copied. */
export const MAX_DEPTH = 100;

/** Keys 1 to n make an array, text keys an object; anything else a Map, in which nothing can collide. */
export function fromEntries(entries: readonly (readonly [unknown, unknown])[]): unknown {
  const isSequence =
    entries.length > 0 && entries.every(([key]) => Number.isInteger(key) && (key as number) >= 1 && (key as number) <= entries.length);
  if (isSequence) {
    const array: unknown[] = new Array(entries.length);
    for (const [key, one] of entries) array[(key as number) - 1] = one;
    return array;
  }
  if (!entries.every(([key]) => typeof key === 'string')) return new Map(entries);
  const object = {};
  for (const [key, one] of entries) {
    Object.defineProperty(object, key as string, { value: one, writable: true, enumerable: true, configurable: true });
  }
  return object;
}
