/**
 * The arguments of the functions of `ffi`, checked, with LuaJIT's errors for wrong ones.
 * @module
 */
import type { CType, TypeParameter } from '../ctype/index.ts';
import { formatNumber } from '../lua/index.ts';
import { FfiError } from '../util/errors.ts';
import type { Cdef } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { convertArgument } from './arguments.ts';
import { CData } from './cdata.ts';
import type { Converter } from './convert.ts';
import { badArgument, SIZE_UNKNOWN } from './messages.ts';
import { inLuaJitWords } from './parse-messages.ts';
import { MAX_OBJECT } from './arrays.ts';

/** Reads arguments: undefined stands for one that is not there. */
export class FunctionArguments<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
  }

  /** The C type that an argument means: a string, a ctype object, or a cdata's type. */
  ctype(value: V | undefined, index: number, name: string): CType {
    const lua = this.#lua;
    if (value !== undefined) {
      const type = lua.typeOf(value);
      if (type === 'string') {
        const named = inLuaJitWords(() => this.#cdef.namespace.typeNamed(lua.toName(value), [], 'luajit'));
        // Other arrays are nobody's, as nothing of them can be made.
        if (named.kind === 'array' && (named.size ?? 0) > MAX_OBJECT) throw new FfiError(SIZE_UNKNOWN);
        return named;
      }
      if (type === 'cdata') return lua.toCData(value).type;
    }
    badArgument(index, name, `C type expected, got ${this.got(value)}`);
  }

  /** What an argument is, for messages. */
  got(value: V | undefined): string {
    return value === undefined ? 'no value' : this.#lua.typeOf(value);
  }

  /** A string, or a number as one, as latin1 text. */
  text(value: V | undefined, index: number, name: string): string {
    const type = value === undefined ? null : this.#lua.typeOf(value);
    if (type === 'number') return formatNumber(this.#lua.toNumber(value as V));
    if (type !== 'string') badArgument(index, name, `string expected, got ${this.got(value)}`);
    return this.#lua.toName(value as V);
  }

  /** The arguments behind a text, for its `$`. */
  typeParameters(values: readonly V[], name: string): TypeParameter[] {
    const lua = this.#lua;
    return values.map((value, i): TypeParameter => {
      switch (lua.typeOf(value)) {
        case 'string':
          return { kind: 'name', name: lua.toName(value) };
        case 'number':
          return { kind: 'integer', value: Math.trunc(lua.toNumber(value)) | 0 };
        case 'cdata':
          return { kind: 'type', type: lua.toCData(value).type };
        default:
          return badArgument(i + 2, name, `type parameter expected, got ${lua.typeOf(value)}`);
      }
    });
  }

  /** A number of bytes. LuaJIT takes it as an int; what that would cut off is refused here. */
  count(value: V, index: number, name: string): number {
    // Plain numbers, which nearly all are, need no conversion.
    const count = this.#lua.isNumber(value) ? Math.trunc(this.#lua.toNumber(value)) : this.#wholeNumber(value, index, name);
    if (count >= 0 && count <= MAX_OBJECT) return count;
    badArgument(index, name, 'length out of range');
  }

  #wholeNumber(value: V, index: number, name: string): number {
    const int = convertArgument(index - 1, name, () => this.#converter.toRaw(this.#cdef.namespace.types.base('int'), value));
    const cdata = this.#lua.typeOf(value) === 'cdata' ? this.#lua.toCData(value) : null;
    return Math.trunc(cdata instanceof CData ? Number(this.#converter.numberOf(cdata)) : Number(int));
  }
}

/** An argument that must be there. */
export function given<V>(value: V | undefined, index: number, name: string): V {
  if (value === undefined) badArgument(index, name, 'value expected');
  return value;
}
