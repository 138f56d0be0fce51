/**
 * A few names and what is known of each, in front of a `Map`: constant texts of a program are one object each, so comparing one takes
 * less than a tenth of what hashing takes. Names of one length meet in one place, where the last one stays.
 * @module
 */

const PLACES = 32;

export class RecentNames<T> {
  readonly #names: string[] = new Array<string>(PLACES).fill('');
  readonly #values: (T | undefined)[] = new Array<T | undefined>(PLACES).fill(undefined);

  get(name: string): T | undefined {
    const place = name.length % PLACES;
    return this.#names[place] === name ? this.#values[place] : undefined;
  }

  set(name: string, value: T): void {
    const place = name.length % PLACES;
    this.#names[place] = name;
    this.#values[place] = value;
  }
}
