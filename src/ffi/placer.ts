/**
 * Where Lua values point that become pointers of one type, quickly: whether a cdata converts depends on its type alone, so types that
 * have converted once are known.
 * @module
 */
import type { CType, PointerType, ReferenceType } from '../ctype/index.ts';
import type { Memory, Place } from '../memory/index.ts';
import type { LuaAdapter } from './adapter.ts';
import type { Converter, Strictness } from './convert.ts';

export class Placer<V> {
  readonly #pointer: PointerType | ReferenceType;
  readonly #strictness: Strictness;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #memory: Memory;
  /** Types whose cdata are the places themselves. */
  readonly #known: Set<CType> = new Set();
  /** The one of these that was passed last: such cdata need not be asked about. */
  last: CType | null = null;

  constructor(
    pointer: PointerType | ReferenceType,
    strictness: Strictness,
    { lua, converter, memory }: { lua: LuaAdapter<V>; converter: Converter<V>; memory: Memory },
  ) {
    this.#pointer = pointer;
    this.#strictness = strictness;
    this.#lua = lua;
    this.#converter = converter;
    this.#memory = memory;
  }

  /** Where `value` points; null where that takes the long way. Never raises. */
  quick(value: V): Place | null {
    const cdata = this.#lua.cdataOf(value);
    if (cdata !== null) {
      const { type } = cdata;
      if (type === this.last) return cdata;
      if (!this.#known.has(type)) return null;
      this.last = type;
      return cdata;
    }
    const bytes = this.#lua.bufferOf(value);
    return bytes === null ? null : { region: this.#memory.regionOf(bytes), offset: 0 };
  }

  /**
   * Where `value` points.
   * @throws {FfiError} when it does not convert
   */
  of(value: V): Place {
    return this.quick(value) ?? this.#slow(value);
  }

  #slow(value: V): Place {
    const place = this.#converter.toPlace(this.#pointer, value, this.#strictness);
    const cdata = this.#lua.cdataOf(value);
    if (cdata !== null && place === cdata) this.#known.add(cdata.type);
    return place;
  }
}
