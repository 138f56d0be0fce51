/**
 * Values of the host as cdata, and the other way.
 * @module
 */
import { isRecord } from '../ctype/index.ts';
import { formatAddress } from '../memory/index.ts';
import { BYTES, type Cdef, isView, OFFSET, Pointer, TYPE } from '../view/index.ts';
import type { CData } from './cdata.ts';
import type { Converter } from './convert.ts';
import { checkValue } from './repr.ts';

/** Converts between JavaScript and cdata. */
export class HostValues<V> {
  readonly #cdef: Cdef;
  readonly #converter: Converter<V>;

  constructor(cdef: Cdef, converter: Converter<V>) {
    this.#cdef = cdef;
    this.#converter = converter;
  }

  /**
   * A JavaScript value of the host as cdata: a bigint as a 64-bit integer, a view as a reference to its struct or
   * array, a `Pointer` as a pointer. Null for all other values.
   */
  fromHost(value: unknown): CData | null {
    const { types } = this.#cdef.namespace;
    if (typeof value === 'bigint') {
      const isUnsigned = value >= 1n << 63n;
      const type = types.integerOfSize(8, !isUnsigned);
      return this.#converter.box(type, isUnsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value));
    }
    if (typeof value !== 'object') return null;
    if (value instanceof Pointer) return this.#converter.at(value.type, value);
    if (!isView(value)) return null;
    return this.#converter.at(types.reference(value[TYPE]), { region: this.#cdef.memory.regionOf(value[BYTES]), offset: value[OFFSET] });
  }

  /**
   * A cdata as the host sees it: numbers, bigints, booleans; live views of structs and arrays; `Pointer`s, null for
   * NULL. Functions and variable-length arrays stay cdata.
   */
  toHost(cdata: CData): unknown {
    const type = cdata.valueType;
    const { views } = this.#cdef;
    if (type.kind === 'pointer') {
      const place = cdata.type.kind === 'reference' ? this.#converter.pointerAt(type, cdata) : cdata;
      return views.pointerTo(type.target, place);
    }
    if (type.kind === 'function' || type.size === null) return cdata;
    if (type.kind !== 'array' && type.kind !== 'complex' && !isRecord(type)) return this.#converter.numberOf(cdata);
    checkValue(cdata.region, cdata.offset, type.size, type);
    return views.accessorOf(type).get(this.#cdef.memory.bytesOf(cdata.region), cdata.offset);
  }

  /** The address that an object of the host has for C. */
  addressOfObject(object: object): string {
    return formatAddress(this.#cdef.memory.addressOf(this.#converter.placeOfObject(object)));
  }
}
