/**
 * `ffi.string`, `ffi.copy` and `ffi.fill`: bytes as a whole.
 * @module
 */
import type { CType } from '../ctype/index.ts';
import type { Place } from '../memory/index.ts';
import { MemoryAccessError } from '../util/errors.ts';
import type { Cdef } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { convertArgument } from './arguments.ts';
import { CTypeObject } from './cdata.ts';
import type { Converter } from './convert.ts';
import { type FunctionArguments, given } from './function-arguments.ts';
import type { Placer } from './placer.ts';

/** Up to so many bytes are copied one by one, as that is quicker than to ask for it. */
const FEW_BYTES = 32;

/** Moves bytes. */
export class Transfer<V> {
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #arguments: FunctionArguments<V>;
  readonly #int: CType;
  /** To `void *`, `const void *` (of `copy` and of `string`, which get other types) and `const char *`. */
  readonly #target: Placer<V>;
  readonly #source: Placer<V>;
  readonly #bytes: Placer<V>;
  readonly #text: Placer<V>;

  constructor(cdef: Cdef, lua: LuaAdapter<V>, converter: Converter<V>, args: FunctionArguments<V>) {
    this.#lua = lua;
    this.#converter = converter;
    this.#arguments = args;
    const { types } = cdef.namespace;
    const readOnly = (type: CType): CType => types.withQualifiers(type, { isConst: true, isVolatile: false });
    this.#int = types.base('int');
    this.#target = converter.placer(types.pointer(types.void), 'assign');
    this.#source = converter.placer(types.pointer(readOnly(types.void)), 'assign');
    this.#bytes = converter.placer(types.pointer(readOnly(types.void)), 'assign');
    this.#text = converter.placer(types.pointer(readOnly(types.base('char'))), 'assign');
  }

  /** Where an argument leads that converts to `const void *`; `index` is its place, from 0. */
  source(value: V, index: number, name: string): Place {
    return convertArgument(index, name, () => this.#source.of(value));
  }

  /** `ffi.string(ptr [, len])` */
  string(value?: V, length?: V): V {
    const lua = this.#lua;
    if (value === undefined || length === undefined || !lua.isNumber(length)) return this.#stringOf(value, length);
    const { region, offset } = this.#bytesOf(value);
    const count = this.#arguments.count(length, 2, 'string');
    const { bytes } = region;
    if (!(offset >= 0 && offset + count <= bytes.length) && count > 0) region.check(offset, count, 'string');
    return lua.fromBytes(bytes, offset, offset + count);
  }

  #stringOf(value: V | undefined, length: V | undefined): V {
    const lua = this.#lua;
    const pointer = given(value, 1, 'string');
    if (length === undefined || lua.typeOf(length) === 'nil') {
      if (lua.isString(pointer)) return pointer;
      const place = convertArgument(0, 'string', () => this.#text.of(pointer));
      return lua.fromBytes(untilNul(place, this.#reach(pointer)));
    }
    const { region, offset } = this.#bytesOf(pointer);
    const count = this.#arguments.count(length, 2, 'string');
    if (count > 0) region.check(offset, count, 'string');
    return lua.fromBytes(region.bytes, offset, offset + count);
  }

  #bytesOf(value: V): Place {
    return this.#bytes.quick(value) ?? convertArgument(0, 'string', () => this.#bytes.of(value));
  }

  #targetOf(value: V, name: string): Place {
    return this.#target.quick(value) ?? convertArgument(0, name, () => this.#target.of(value));
  }

  // How far an array reaches; a string without a NUL ends there instead of raising.
  #reach(pointer: V): number | null {
    if (this.#lua.typeOf(pointer) !== 'cdata') return null;
    const cdata = this.#lua.toCData(pointer);
    if (cdata instanceof CTypeObject || cdata.valueType.kind !== 'array') return null;
    return cdata.valueType.size ?? cdata.region.bytes.length - cdata.offset;
  }

  /** `ffi.copy(dst, src, len)` and `ffi.copy(dst, str)` */
  copy(target?: V, source?: V, length?: V): void {
    const into = given(target, 1, 'copy');
    const out = given(source, 2, 'copy');
    const to = this.#targetOf(into, 'copy');
    if (this.#lua.isString(out)) {
      this.#copyString(to, out, length);
      return;
    }
    const from = this.#source.quick(out) ?? convertArgument(1, 'copy', () => this.#source.of(out));
    const count = this.#arguments.count(given(length, 3, 'copy'), 3, 'copy');
    if (count === 0) return;
    from.region.check(from.offset, count, 'copy');
    to.region.check(to.offset, count, 'copy');
    const { bytes } = from.region;
    if (count > FEW_BYTES) to.region.bytes.set(bytes.subarray(from.offset, from.offset + count), to.offset);
    else copyFew(bytes, from.offset, to.region.bytes, to.offset, count);
  }

  // The string and its NUL, unless there is a length.
  #copyString(to: Place, string: V, length: V | undefined): void {
    const size = this.#lua.lengthOf(string) + 1;
    const count = length === undefined ? size : this.#arguments.count(length, 3, 'copy');
    if (count > size)
      throw new MemoryAccessError(`copy: needs ${count} bytes at offset 0, have ${size}`, { offset: 0, size: count, have: size });
    if (count === 0) return;
    to.region.check(to.offset, count, 'copy');
    const { bytes } = to.region;
    if (count < size - 1) bytes.set(this.#lua.toBytes(string).subarray(0, count), to.offset);
    else this.#lua.copyBytes(string, bytes, to.offset);
    if (count === size) bytes[to.offset + count - 1] = 0;
  }

  /** `ffi.fill(dst, len [, c])` */
  fill(target?: V, length?: V, value?: V): void {
    const into = given(target, 1, 'fill');
    const size = given(length, 2, 'fill');
    const to = this.#targetOf(into, 'fill');
    const count = this.#arguments.count(size, 2, 'fill');
    const isGiven = value !== undefined && this.#lua.typeOf(value) !== 'nil';
    const byte = isGiven ? Number(convertArgument(2, 'fill', () => this.#converter.toRaw(this.#int, value))) : 0;
    if (count === 0) return;
    to.region.check(to.offset, count, 'fill');
    to.region.bytes.fill(byte & 0xff, to.offset, to.offset + count);
  }
}

const SCRATCH = new Uint8Array(FEW_BYTES);

// Both may be parts of one buffer, and overlap. To ask whether they are would make V8 allocate a buffer for each small array.
function copyFew(from: Uint8Array, start: number, to: Uint8Array, offset: number, count: number): void {
  for (let i = 0; i < count; i++) SCRATCH[i] = from[start + i] as number;
  for (let i = 0; i < count; i++) to[offset + i] = SCRATCH[i] as number;
}

function untilNul({ region, offset }: Place, reach: number | null): Uint8Array {
  region.check(offset, reach === null ? 1 : reach, 'string');
  const rest = region.bytes.subarray(offset, reach === null ? undefined : offset + reach);
  const length = rest.indexOf(0);
  if (length >= 0) return rest.subarray(0, length);
  if (reach === null) region.check(offset, rest.length + 1, 'string without a terminating NUL');
  return rest;
}
