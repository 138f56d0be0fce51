/**
 * Names of the properties that hold string keys of tables: `x` is `$x`, so that no key of Lua meets a property of JavaScript's own.
 * One table of names per state; only keys in it can be properties of the state's tables.
 * @module
 */

const FILTER = 4096;

// Where the filter has a key.
function placeOf(key: string): number {
  const { length } = key;
  return length === 0 ? 0 : (length * 1021 + key.charCodeAt(0) * 61 + key.charCodeAt(length - 1)) & (FILTER - 1);
}

/** One state's names. */
export class PropertyNames {
  /** Whether there may be a name: keys that are made at run time are most often none, and to hash them takes longer. */
  readonly #filter: Uint8Array = new Uint8Array(FILTER);
  readonly #properties: Map<string, string> = new Map();
  readonly #keys: Map<string, string> = new Map();

  /** The property of a key that compiled text or a library names. */
  propertyOf(key: string): string {
    let property = this.#properties.get(key);
    if (property === undefined) {
      property = `$${key}`;
      this.#filter[placeOf(key)] = 1;
      this.#properties.set(key, property);
      this.#keys.set(property, key);
    }
    return property;
  }

  /** The property of a key, if any table can have it. */
  find(key: string): string | undefined {
    return this.#filter[placeOf(key)] === 0 ? undefined : this.#properties.get(key);
  }

  /** The key of a property. */
  keyOf(property: string): string {
    return this.#keys.get(property) ?? property.slice(1);
  }
}
