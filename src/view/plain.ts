/**
 * Values of views as plain objects, for `toObject` and `JSON.stringify`.
 * @module
 */

/** Sets a property; `__proto__` is a field name like any other. */
export function define(object: object, name: string, value: unknown): void {
  if (name !== '__proto__') (object as Record<string, unknown>)[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Plain objects and arrays with strings of digits instead of bigints, which JSON lacks. */
export function jsonable(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(jsonable);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const object = {};
  for (const [key, inner] of Object.entries(value)) define(object, key, jsonable(inner));
  return object;
}
