/**
 * How cdata and ctypes are printed, as LuaJIT does it.
 * @module
 */
import type { CType } from '../ctype/index.ts';
import { formatNumber } from '../lua/index.ts';
import { formatAddress } from '../memory/index.ts';
import type { Cdef } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { CData, CTypeObject } from './cdata.ts';
import type { Converter } from './convert.ts';
import type { Metatypes } from './metatype.ts';
import { repr } from './repr.ts';

/** Prints cdata. */
export class Printer<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #metatypes: Metatypes<V>;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>, metatypes: Metatypes<V>) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    this.#metatypes = metatypes;
  }

  /** `tostring(object)`; a Lua value where `__tostring` of a metatype answers. */
  tostring(object: CData | CTypeObject): V | string {
    if (object instanceof CTypeObject) return `ctype<${repr(object.type)}>`;
    const method = this.#metatypes.method(object.type, '__tostring');
    if (method !== null) return this.#lua.call(method, [this.#lua.fromCData(object)]);
    return this.#print(object);
  }

  #print(object: CData): string {
    const type = object.valueType;
    const prefix = `cdata<${repr(object.type)}>: `;
    if (type.kind === 'integer' && type.size === 8 && object.type.kind !== 'reference')
      return `${object.value}${type.isSigned ? 'LL' : 'ULL'}`;
    if (type.kind === 'complex') return this.#printComplex(object);
    if (type.kind === 'enum' && object.type.kind !== 'reference') return `${prefix}${Number(object.value) | 0}`;
    const isNull = object.region === this.#cdef.memory.wild && object.offset === 0;
    if (isNull && (object.type.kind === 'pointer' || object.type.kind === 'reference')) return `${prefix}NULL`;
    return prefix + this.address(object);
  }

  #printComplex(object: CData): string {
    const type = object.valueType as CType & { kind: 'complex' };
    const { types } = this.#cdef.namespace;
    const [re, im] = [0, type.part.size].map((at) =>
      Number(this.#converter.numberOf(new CData(types.reference(type.part), object.region, object.offset + at, null))),
    );
    const text = `${formatNumber(re as number)}${Object.is(im, -0) || (im as number) < 0 ? '' : '+'}${formatNumber(im as number)}`;
    return `${text}${/[a-z]$/.test(text) ? 'I' : 'i'}`;
  }

  /** Where a cdata's value is, or what it points to is: `0x1000`. A boxed number lives nowhere; it gets a place to show one. */
  address(object: CData): string {
    const isBoxed = object.value !== null && typeof object.value !== 'string';
    const place = isBoxed ? { region: this.#cdef.memory.allocate(object.valueType.size ?? 0), offset: 0 } : object;
    // LuaJIT: eight digits or more, an even number of them.
    const digits = formatAddress(this.#cdef.memory.addressOf(place)).slice(2);
    return `0x${digits.padStart(Math.max(8, digits.length + (digits.length % 2)), '0')}`;
  }
}
