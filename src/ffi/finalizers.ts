/**
 * Finalizers: what `ffi.gc` and `__gc` of metatypes have called when a cdata is gone. JavaScript tells of that a turn of
 * the event loop later at the earliest, or never; at the close of a state all that are left run, the last first.
 * @module
 */
import type { LuaAdapter } from './adapter.ts';
import { CData } from './cdata.ts';

interface Finalizer<V> {
  readonly fn: V;
  /** What the function gets: the same value as another object, as the first one is gone. */
  readonly object: CData;
}

export class Finalizers<V> {
  readonly #lua: LuaAdapter<V>;
  readonly #all: Set<Finalizer<V>> = new Set();
  readonly #of: WeakMap<CData, Finalizer<V>> = new WeakMap();
  readonly #registry: FinalizationRegistry<Finalizer<V>>;

  constructor(lua: LuaAdapter<V>) {
    this.#lua = lua;
    // Called from the event loop, while no Lua code runs.
    this.#registry = new FinalizationRegistry((finalizer) => this.#run(finalizer));
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
    const finalizer = { fn: this.#lua.keep(fn), object: new CData(cdata.type, cdata.region, cdata.offset, cdata.value) };
    this.#all.add(finalizer);
    this.#of.set(cdata, finalizer);
    this.#registry.register(cdata, finalizer, cdata);
  }

  /** Runs all that are left, the last first. */
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
