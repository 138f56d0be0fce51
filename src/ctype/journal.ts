/**
 * What has been added to a scope and can be taken back, so that what fails leaves nothing behind.
 * @module
 */
import type { Named, Scope, TaggedType } from './scope.ts';

/** Adds to a scope, and takes everything back. */
export class Journal {
  readonly #scope: Scope;
  readonly #names: string[] = [];
  readonly #tags: string[] = [];
  readonly #completed: TaggedType[] = [];

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  get isEmpty(): boolean {
    return this.#names.length === 0 && this.#tags.length === 0 && this.#completed.length === 0;
  }

  name(name: string, named: Named): void {
    this.#scope.types.grow();
    this.#scope.names.set(name, named);
    if (this.#scope.predefined.has(name)) this.#scope.forgetTypeNames();
    this.#names.push(name);
  }

  tag(tag: string, type: TaggedType): void {
    this.#scope.tags.set(tag, type);
    this.#tags.push(tag);
  }

  /** A struct, union or enum has got its body. */
  complete(type: TaggedType): void {
    this.#scope.completed.push(type);
    this.#completed.push(type);
  }

  undo(): void {
    if (this.isEmpty) return;
    const { names, tags, completed, types } = this.#scope;
    for (const name of this.#names) names.delete(name);
    for (const tag of this.#tags) tags.delete(tag);
    for (const type of this.#completed) types.undefine(type);
    completed.length -= this.#completed.length;
    this.#scope.forgetTypeNames();
  }
}
