/**
 * Finalizers: what `ffi.gc` and `__gc` of metatypes have called when a cdata is gone. JavaScript tells of that a turn of
 * the event loop later at the earliest, or never; an engine that can collect asks for those that are gone after it did. At the close of
 * a state all that are left run. The last made is the first to run.
 * @module
 */
import type { LuaAdapter } from './adapter.ts';
import { CData } from './cdata.ts';

interface Finalizer<V> {
  readonly fn: V;
  /** The cdata itself. */
  readonly of: WeakRef<CData>;
  /** What the function gets: the same value as another object, as the first one is gone. */
  readonly object: CData;
}

// How many finalizers may wait before a collection is due; then twice as many as it left.
const MANY = 20_000;

export class Finalizers<V> {
  readonly #lua: LuaAdapter<V>;
  readonly #all: Set<Finalizer<V>> = new Set();
  readonly #of: WeakMap<CData, Finalizer<V>> = new WeakMap();
  readonly #registry: FinalizationRegistry<Finalizer<V>>;
  #due = MANY;
  /** Collects and calls `runCollected`, where an engine can do that in the midst of a script: for scripts that make very many. */
  collect: (() => void) | null = null;

  /** Called for the first finalizer. */
  onFirst: (() => void) | null = null;

  constructor(lua: LuaAdapter<V>) {
    this.#lua = lua;
    // Called from the event loop, while no Lua code runs.
    this.#registry = new FinalizationRegistry((finalizer) => this.#run(finalizer));
  }

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** Gives `cdata` a finalizer in place of the one it had; null for none. */
  set(cdata: CData, fn: V | null): void {
    const before = this.#of.get(cdata);
    if (before !== undefined) {
      this.#registry.unregister(cdata);
      this.#all.delete(before);
      this.#of.delete(cdata);
    }
    if (fn === null) return;
    this.onFirst?.();
    this.onFirst = null;
    const object = new CData(cdata.type, cdata.region, cdata.offset, cdata.value);
    const finalizer = { fn: this.#lua.keep(fn), of: new WeakRef(cdata), object };
    this.#all.add(finalizer);
    this.#of.set(cdata, finalizer);
    this.#registry.register(cdata, finalizer, cdata);
    if (this.#all.size < this.#due || this.collect === null) return;
    this.#due = Number.POSITIVE_INFINITY;
    this.collect();
    this.#due = Math.max(MANY, this.#all.size * 2);
  }

  /** Runs those whose cdata is gone: after a collection. */
  runCollected(): void {
    for (const finalizer of [...this.#all].reverse()) if (finalizer.of.deref() === undefined) this.#run(finalizer);
  }

  /** Runs all that are left. */
  runAll(): void {
    // What a finalizer makes gets its turn, too.
    while (this.#all.size > 0) for (const finalizer of [...this.#all].reverse()) this.#run(finalizer);
  }

  // Each runs once; an error in one is nobody's, as in Lua, and the others run.
  #run(finalizer: Finalizer<V>): void {
    if (!this.#all.delete(finalizer)) return;
    this.#lua.tryCall(finalizer.fn, [this.#lua.fromCData(finalizer.object)]);
  }
}
