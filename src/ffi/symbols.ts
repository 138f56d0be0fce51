/**
 * What stands behind `ffi.C` and libraries: functions, variables and constants by name; `ffi.load`.
 * @module
 */
import { type CType, isReadOnly } from '../ctype/index.ts';
import { formatNumber } from '../lua/index.ts';
import type { Place } from '../memory/index.ts';
import { FfiError } from '../util/errors.ts';
import { decodeUtf8 } from '../util/utf8.ts';
import type { Cdef } from '../view/index.ts';
import type { Access } from './access.ts';
import type { LuaAdapter } from './adapter.ts';
import type { Calls } from './call.ts';
import type { Converter } from './convert.ts';
import type { FunctionArguments } from './function-arguments.ts';
import { badArgument, constantLocation, missingDeclaration, NATIVE_IS_OFF, SIZE_UNKNOWN } from './messages.ts';
import { libraryFile, type Native, type NativeLibrary } from './native.ts';

/** Finds what is declared in libraries. */
export class Symbols<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #arguments: FunctionArguments<V>;
  readonly #access: Access<V>;
  readonly #calls: Calls<V>;
  readonly #native: Native | null;
  // Variables of the C library that have their first value.
  readonly #initialized: Set<string> = new Set();

  constructor(
    cdef: Cdef,
    lua: LuaAdapter<V>,
    converter: Converter<V>,
    args: FunctionArguments<V>,
    access: Access<V>,
    calls: Calls<V>,
    native: Native | null,
  ) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    this.#arguments = args;
    this.#access = access;
    this.#calls = calls;
    this.#native = native;
  }

  /**
   * `ffi.load(name [, global])`: a library, for `get` and `set`.
   * @throws {FfiError} when it cannot be loaded, or native libraries are not allowed
   */
  load(name?: V, global?: V): NativeLibrary {
    const lua = this.#lua;
    const type = name === undefined ? undefined : lua.typeOf(name);
    if (name === undefined || (type !== 'string' && type !== 'number'))
      badArgument(1, 'load', `string expected, got ${this.#arguments.got(name)}`);
    const text = type === 'number' ? formatNumber(lua.toNumber(name)) : decodeUtf8(lua.toBytes(name));
    if (this.#native === null) throw new FfiError(`cannot load '${text}': ${NATIVE_IS_OFF}`);
    const isGlobal = global !== undefined && isTrue(lua, global);
    const library = this.#native.load(libraryFile(text), isGlobal);
    if (typeof library === 'string') throw new FfiError(library);
    return library;
  }

  /** `ffi.C[name]`, or `library[name]`. */
  get(name: V, library: NativeLibrary | null = null): V {
    const key = this.#symbolName(name, '__index');
    const named = this.#cdef.namespace.names.get(key);
    if (named?.kind === 'constant') return this.#access.constant(named.value);
    if (named?.kind !== 'function') {
      if (named?.kind !== 'variable') throw missingDeclaration(key);
      const { region, offset } = this.#variable(named.symbol ?? key, named.type, library);
      return this.#converter.readerOf(named.type)(region, offset);
    }
    return this.#lua.fromCData(this.#calls.functionNamed(key, named.type, named.symbol ?? key, library));
  }

  /** `ffi.C[name] = value`, or `library[name] = value`. */
  set(name: V, value: V, library: NativeLibrary | null = null): void {
    const key = this.#symbolName(name, '__newindex');
    const named = this.#cdef.namespace.names.get(key);
    if (named === undefined || named.kind === 'typedef') throw missingDeclaration(key);
    if (named.kind !== 'variable' || isReadOnly(named.type)) throw constantLocation();
    const { region, offset } = this.#variable(named.symbol ?? key, named.type, library);
    this.#converter.writerOf(named.type)(region, offset, value);
  }

  #variable(name: string, type: CType, library: NativeLibrary | null): Place {
    // As `environ[]`, whose size the library alone knows.
    if (type.size === null && (type.kind !== 'array' || this.#native === null)) throw new FfiError(SIZE_UNKNOWN);
    const found = this.#calls.variableNamed(name, library);
    if (found !== null) return found;
    const region = this.#cdef.variable(name, type);
    if (!this.#initialized.has(name)) {
      this.#initialized.add(name);
      const target = type.kind === 'pointer' ? this.#calls.initialTarget(name) : null;
      if (target !== null) this.#converter.writerOf(type)(region, 0, this.#lua.fromCData(this.#converter.at(type, target)));
    }
    return { region, offset: 0 };
  }

  #symbolName(name: V, method: '__index' | '__newindex'): string {
    const type = this.#lua.typeOf(name);
    if (type !== 'string') badArgument(2, method, `string expected, got ${type}`);
    return this.#lua.toName(name);
  }
}

function isTrue<V>(lua: LuaAdapter<V>, value: V): boolean {
  const type = lua.typeOf(value);
  return type === 'boolean' ? lua.toBoolean(value) : type !== 'nil';
}
