/**
 * Arguments as C passes them: of the type that a prototype says, or, behind `...`, of the type that the Lua value itself
 * says (LuaJIT's manual, "Conversions for vararg C function arguments").
 * @module
 */
import { type CType, type CTypes, isRecord } from '../ctype/index.ts';
import { ArgumentError, FfiError } from '../util/errors.ts';
import type { Cdef } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { CData, CTypeObject } from './cdata.ts';
import type { Converter } from './convert.ts';
import { CANNOT_CALL, cannotConvert } from './messages.ts';

/** Makes cdata of arguments. */
export class Arguments<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
  }

  /** How arguments of a type are made; structs are copied. */
  ofType(type: CType): (value: V) => CData {
    if (type.kind === 'pointer') {
      return (value) => {
        const { region, offset } = this.#converter.toPlace(type, value, 'assign');
        return new CData(type, region, offset, null);
      };
    }
    if (isRecord(type) || type.kind === 'complex') {
      const write = this.#converter.writerOf(type);
      return (value) => {
        const copy = this.#cdef.memory.allocate(type.size as number);
        write(copy, 0, value);
        return new CData(type, copy, 0, null);
      };
    }
    return (value) => this.#converter.box(type, this.#converter.toRaw(type, value));
  }

  /** An argument behind `...`: doubles, `const char *`, `void *`, and cdata as they are. */
  variadic(value: V): CData {
    const lua = this.#lua;
    const { types } = this.#cdef.namespace;
    switch (lua.typeOf(value)) {
      case 'number':
        return this.#converter.box(types.base('double'), lua.toNumber(value));
      case 'boolean':
        return this.#converter.box(types.base('_Bool'), lua.toBoolean(value));
      case 'string':
        return this.ofType(constCharPointer(types))(value);
      case 'nil':
      case 'userdata':
        return this.ofType(types.pointer(types.void))(value);
      case 'cdata': {
        const cdata = lua.toCData(value);
        if (!(cdata instanceof CTypeObject)) return this.#variadicCData(cdata, value);
      }
    }
    throw cannotConvert(this.#converter.typeText(value), 'void *');
  }

  #variadicCData(cdata: CData, value: V): CData {
    const type = cdata.valueType;
    if (type.kind === 'pointer') return this.ofType(type)(value);
    const { types } = this.#cdef.namespace;
    if (type.kind === 'array') return new CData(types.pointer(type.element), cdata.region, cdata.offset, null);
    if (type.kind === 'function' || isRecord(type)) return new CData(types.pointer(type), cdata.region, cdata.offset, null);
    const raw = type.kind === 'complex' ? null : this.#converter.numberOf(cdata);
    if (raw === null) throw new FfiError(CANNOT_CALL);
    return this.#converter.box(types.unqualified(type), raw);
  }
}

/** Runs a conversion; its errors become errors about argument `index`, from 0, of `name`. */
export function convertArgument<T>(index: number, name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw argumentError(error, index + 1, name);
  }
}

/** What the conversion of argument `index`, from 1, of `name` threw, as an error about that argument. */
export function argumentError(error: unknown, index: number, name: string): unknown {
  return error instanceof FfiError ? new ArgumentError(index, name, error.message) : error;
}

function constCharPointer(types: CTypes): CType & { kind: 'pointer' } {
  return types.pointer(types.withQualifiers(types.base('char'), { isConst: true, isVolatile: false }));
}
