/**
 * `ffi.sizeof`, `alignof`, `offsetof` and `istype`: what scripts ask about types.
 * @module
 */
import { type CType, follow, isRecord } from '../ctype/index.ts';
import type { Cdef } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { convertArgument } from './arguments.ts';
import { CData } from './cdata.ts';
import { elementOf, isTargetCompatible } from './compatible.ts';
import type { Converter } from './convert.ts';
import { type FunctionArguments, given } from './function-arguments.ts';
import { badArgument } from './messages.ts';
import { isVariable, sizeOfVariable } from './arrays.ts';

/** Answers questions about types. */
export class Inquiry<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #arguments: FunctionArguments<V>;
  readonly #int: CType;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>, args: FunctionArguments<V>) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    this.#arguments = args;
    this.#int = cdef.namespace.types.base('int');
  }

  /** `ffi.sizeof(ct [, nelem])`; null where the size is not known. */
  sizeof(ct?: V, count?: V): number | null {
    const lua = this.#lua;
    const type = this.#arguments.ctype(ct, 1, 'sizeof');
    const target = type.kind === 'reference' ? type.target : type;
    if (!isVariable(target)) return target.size;
    if (ct !== undefined && lua.typeOf(ct) === 'cdata') {
      const cdata = lua.toCData(ct);
      if (cdata instanceof CData) return cdata.region.bytes.length - cdata.offset;
    }
    if (count === undefined) badArgument(2, 'sizeof', 'value expected');
    const length = convertArgument(1, 'sizeof', () => this.#converter.toRaw(this.#int, count));
    return sizeOfVariable(target, Number(length));
  }

  /** `ffi.alignof(ct)` */
  alignof(ct?: V): number {
    const type = this.#arguments.ctype(ct, 1, 'alignof');
    return type.kind === 'reference' ? type.target.align : type.align;
  }

  /** `ffi.offsetof(ct, field)`: one number; three for a bit-field (byte, bit within, width); none where unknown. */
  offsetof(ct?: V, field?: V): readonly number[] {
    const type = this.#arguments.ctype(ct, 1, 'offsetof');
    const record = type.kind === 'reference' ? type.target : type;
    const name = this.#arguments.text(field, 2, 'offsetof');
    const target = isRecord(record) ? follow(record, [name]) : '';
    if (typeof target === 'string') return [];
    if (target.bits === null) return [target.offset];
    const unit = target.type.size ?? 1;
    const container = Math.floor(target.bits.bitOffset / (unit * 8)) * unit;
    // One that fills its type is a member like others.
    if (target.bits.bitWidth === unit * 8 && target.bits.bitOffset === container * 8) return [container];
    return [container, target.bits.bitOffset - container * 8, target.bits.bitWidth];
  }

  /** `ffi.istype(ct, obj)` */
  istype(ct?: V, object?: V): boolean {
    const type = stripped(this.#arguments.ctype(ct, 1, 'istype'));
    const value = given(object, 2, 'istype');
    if (this.#lua.typeOf(value) !== 'cdata') return false;
    const cdata = this.#lua.toCData(value);
    const other = stripped(cdata.type);
    const { types } = this.#cdef.namespace;
    if (types.unqualified(type) === types.unqualified(other)) return true;
    if (isRecord(type)) {
      const pointed = other.kind === 'pointer' ? other.target : other;
      return isRecord(pointed) && pointed.definition === type.definition;
    }
    if (type.kind === 'pointer' && other.kind === 'pointer') return isTargetCompatible(type.target, other.target);
    const [element, otherElement] = [elementOf(type), elementOf(other)];
    if (element !== null) return otherElement !== null && type.size === other.size && isTargetCompatible(element, otherElement);
    return type.kind === 'integer' && other.kind === 'integer' && type.size === other.size && type.isSigned === other.isSigned;
  }
}

function stripped(type: CType): CType {
  return type.kind === 'reference' ? type.target : type;
}
