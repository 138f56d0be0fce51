/**
 * Names of the properties that hold string keys of tables: `x` is `$x`, so that no key of Lua meets a property of JavaScript's own.
 * One table of names per state; only keys in it can be properties of the state's tables.
 * @module
 */

/** One state's names. */
export class PropertyNames {
  readonly #properties: Map<string, string> = new Map();
  readonly #keys: Map<string, string> = new Map();

  /** The property of a key that compiled text or a library names. */
  propertyOf(key: string): string {
    let property = this.#properties.get(key);
    if (property === undefined) {
      property = `$${key}`;
      this.#properties.set(key, property);
      this.#keys.set(property, key);
    }
    return property;
  }

  /** The property of a key, if any table can have it. */
  find(key: string): string | undefined {
    return this.#properties.get(key);
  }

  /** The key of a property. */
  keyOf(property: string): string {
    return this.#keys.get(property) ?? property.slice(1);
  }
}
