/**
 * `ffi.new`, `ffi.cast`, ctype objects as constructors, and literals: what makes cdata of Lua values.
 * @module
 */
import { type CType, isRecord, type PointerType } from '../ctype/index.ts';
import type { LuaNumber } from '../lua/index.ts';
import type { Place, Region } from '../memory/index.ts';
import type { Cdef } from '../view/index.ts';
import type { LuaAdapter } from './adapter.ts';
import { convertArgument } from './arguments.ts';
import { CData, CTypeObject } from './cdata.ts';
import type { Converter, Writer } from './convert.ts';
import type { Finalizers } from './finalizers.ts';
import { type FunctionArguments, given } from './function-arguments.ts';
import { isSameType } from './identity.ts';
import { badArgument, INVALID_TYPE, SIZE_UNKNOWN } from './messages.ts';
import type { Metatypes } from './metatype.ts';
import { RecentNames } from './names.ts';
import { convertNumber, isNumber } from './numbers.ts';
import { isPlainArray, isVariable, MAX_OBJECT, sizeOfVariable } from './arrays.ts';

/** See `Creation.quickConstructor`. */
// biome-ignore lint/suspicious/noExplicitAny: values of any engine
export type QuickConstructor = (...args: any[]) => CData | null;

interface PlainMember<V> {
  readonly name: string;
  readonly offset: number;
  readonly write: Writer<V>;
}

/** Makes cdata. */
export class Creation<V> {
  readonly #cdef: Cdef;
  readonly #lua: LuaAdapter<V>;
  readonly #converter: Converter<V>;
  readonly #arguments: FunctionArguments<V>;
  readonly #metatypes: Metatypes<V>;
  readonly #finalizers: Finalizers<V>;
  readonly #casts: RecentNames<(value: V) => V> = new RecentNames();
  readonly #news: RecentNames<QuickConstructor> = new RecentNames();
  readonly #quick: Map<CType, QuickConstructor | null> = new Map();
  readonly #casters: Map<CType, (value: V) => V> = new Map();
  readonly #int: CType;
  /** `void *` */
  readonly #address: PointerType;

  constructor(
    cdef: Cdef,
    lua: LuaAdapter<V>,
    converter: Converter<V>,
    args: FunctionArguments<V>,
    metatypes: Metatypes<V>,
    finalizers: Finalizers<V>,
  ) {
    this.#cdef = cdef;
    this.#lua = lua;
    this.#converter = converter;
    this.#arguments = args;
    this.#metatypes = metatypes;
    this.#finalizers = finalizers;
    const { types } = cdef.namespace;
    this.#int = types.base('int');
    this.#address = types.pointer(types.void);
  }

  /** `ffi.new(ct [, nelem] [, init...])` */
  new(ct: V | undefined, args: readonly V[], name = 'new'): V {
    const text = ct !== undefined && this.#lua.isString(ct) ? this.#lua.toName(ct) : null;
    const known = text === null ? undefined : this.#news.get(text);
    const quick = known === undefined ? null : known(...args);
    if (quick !== null) return this.#lua.fromCData(quick);
    const type = this.#arguments.ctype(ct, 1, name);
    // As for `cast`.
    if (text !== null && known === undefined && this.#cdef.namespace.knownType(text) === type) {
      const own = this.quickConstructor(type);
      if (own !== null) this.#news.set(text, own);
    }
    return this.#lua.fromCData(this.construct(type, args, name));
  }

  /**
   * Constructors of one type for the usual arguments, numbers; made once. Null where there is none, and what they answer is null where
   * `construct` is to be asked.
   */
  quickConstructor(type: CType): QuickConstructor | null {
    let found = this.#quick.get(type);
    if (found === undefined) {
      // It may get a size.
      if (type.size === null) return null;
      found = this.#makeQuick(type, type.size);
      this.#quick.set(type, found);
    }
    return found;
  }

  #makeQuick(type: CType, size: number): QuickConstructor | null {
    if (isVariable(type) || !(isRecord(type) || isPlainArray(type)) || size > MAX_OBJECT) return null;
    const { memory } = this.#cdef;
    const { align } = type;
    const Class = this.#converter.classOf(type);
    const members = this.#plainMembers(type);
    const lua = this.#lua;
    const hasMetatable = (): boolean => isRecord(type) && this.#metatypes.tableOf(type) !== null;
    // By names, a table gives values to such members alone.
    const isPlain = isRecord(type) && type.kind === 'struct' && members.length === type.definition.layout?.fields.length;
    return (...args) => {
      const { length } = args;
      if (length === 1 && isPlain && this.#isNamed(args[0] as V)) {
        const region = memory.allocate(size, align);
        for (const { write, offset, name } of members) {
          const value = lua.rawGet(args[0] as V, name);
          if (lua.typeOf(value) !== 'nil') write(region, offset, value);
        }
        const cdata = new Class(type, region, 0, null);
        if (hasMetatable()) this.#addFinalizer(type, cdata);
        return cdata;
      }
      if (length > members.length) return null;
      for (let i = 0; i < length; i++) if (!lua.isNumber(args[i] as V)) return null;
      const region = memory.allocate(size, align);
      for (let i = 0; i < length; i++) {
        const { write, offset } = members[i] as PlainMember<V>;
        write(region, offset, args[i] as V);
      }
      const cdata = new Class(type, region, 0, null);
      if (hasMetatable()) this.#addFinalizer(type, cdata);
      return cdata;
    };
  }

  // Whether a value is a table of an initialiser by names: one of positions has [0] or [1].
  #isNamed(value: V): boolean {
    const lua = this.#lua;
    return lua.typeOf(value) === 'table' && lua.typeOf(lua.rawGet(value, 0)) === 'nil' && lua.typeOf(lua.rawGet(value, 1)) === 'nil';
  }

  // The members of a struct whose values may be numbers, up to the first that is something else.
  #plainMembers(type: CType): PlainMember<V>[] {
    if (!isRecord(type) || type.kind === 'union') return [];
    const members: PlainMember<V>[] = [];
    for (const field of type.definition.layout?.fields ?? []) {
      if (field.bits !== null || !isNumber(field.type)) break;
      members.push({ name: field.name, offset: field.offset, write: this.#converter.writerOf(field.type) });
    }
    return members;
  }

  #addFinalizer(type: CType, cdata: CData): void {
    const finalizer = this.#metatypes.method(type, '__gc');
    if (finalizer !== null) this.#finalizers.set(cdata, finalizer);
  }

  /** An object of `type`; `name` is what errors call the constructor. */
  construct(type: CType, args: readonly V[], name: string): CData {
    const { size, values } = this.#sizeForNew(type, args, name);
    if (size > MAX_OBJECT) badArgument(1, name, SIZE_UNKNOWN);
    const region = this.#cdef.memory.allocate(size, type.align);
    this.#converter.initializer.initialize(type, region, size, values);
    if (!isAggregate(type)) return this.#scalarFrom(type, region);
    const cdata = this.#converter.at(type, { region, offset: 0 });
    if (isRecord(type)) this.#addFinalizer(type, cdata);
    return cdata;
  }

  // A pointer or number is kept as such, not as its bytes.
  #scalarFrom(type: CType, region: Region): CData {
    if (type.kind === 'pointer' || type.kind === 'reference') {
      const place = this.#converter.pointerAt(type, { region, offset: 0 });
      return this.#converter.at(type, place);
    }
    return this.#converter.box(type, this.#converter.numberOf(new CData(this.#cdef.namespace.types.reference(type), region, 0, null)) ?? 0);
  }

  #sizeForNew(type: CType, args: readonly V[], name: string): { size: number; values: readonly V[] } {
    if (!isVariable(type)) {
      if (type.size === null) badArgument(1, name, SIZE_UNKNOWN);
      return { size: type.size, values: args };
    }
    const [count, ...values] = args;
    if (count === undefined) badArgument(2, name, 'value expected');
    const length = Number(convertArgument(1, name, () => this.#converter.toRaw(this.#int, count)));
    const size = sizeOfVariable(type, length);
    if (size === null) badArgument(1, name, SIZE_UNKNOWN);
    return { size, values };
  }

  /** `ffi.cast(ct, value)` */
  cast(ct?: V, object?: V): V {
    const lua = this.#lua;
    const name = ct !== undefined && lua.isString(ct) ? lua.toName(ct) : null;
    const known = name === null || object === undefined ? undefined : this.#casts.get(name);
    if (known !== undefined) return known(object as V);
    const type = this.#arguments.ctype(ct, 1, 'cast');
    const caster = this.caster(type);
    // Text that defines a type is a new one each time.
    if (name !== null && this.#cdef.namespace.knownType(name) === type) this.#casts.set(name, caster);
    return caster(given(object, 2, 'cast'));
  }

  /** `ffi.cast` to a type by its name, where that has been cast to lately. */
  recentCaster(name: string): ((value: V) => V) | undefined {
    return this.#casts.get(name);
  }

  /** `ffi.cast` to one type. */
  caster(type: CType): (value: V) => V {
    let caster = this.#casters.get(type);
    if (caster === undefined) {
      caster = this.#makeCaster(type);
      this.#casters.set(type, caster);
    }
    return caster;
  }

  #makeCaster(type: CType): (value: V) => V {
    const lua = this.#lua;
    const { types } = this.#cdef.namespace;
    const isPointer = type.kind === 'pointer' || type.kind === 'reference';
    if (!isPointer && !isNumber(type)) badArgument(1, 'cast', INVALID_TYPE);
    // The type that was last found to be another one.
    let other: CType | null = null;
    const isSame = (value: V): boolean => {
      const cdata = lua.cdataOf(value);
      if (cdata === null || cdata.type === other) return false;
      if (isSameType(types, cdata.type, type)) return true;
      other = cdata.type;
      return false;
    };
    if (!isPointer) return (value) => (isSame(value) ? value : lua.fromCData(this.#castNumber(type, value)));
    const placer = this.#converter.placer(type, 'cast');
    const Class = this.#converter.classOf(type);
    const { memory } = this.#cdef;
    const closure = (value: V): V => {
      const bytes = lua.bufferOf(value);
      if (bytes !== null) return lua.fromCData(new Class(type, memory.regionOf(bytes), 0, null));
      if (isSame(value)) return value;
      const { region, offset } = placer.of(value);
      return lua.fromCData(new Class(type, region, offset, null));
    };
    const parts = { Class, type, lua, memory, isSame, placer };
    return this.#cdef.views.compiler.compile(parts, casterText(this.#casters.size)) ?? closure;
  }

  #castNumber(type: CType, value: V): CData {
    // Of an enum, a string is a constant's name.
    const isName = type.kind === 'enum' && this.#lua.isString(value);
    const place = isName ? null : this.#placeBehind(value);
    if (place !== null && (type.kind === 'integer' || type.kind === 'enum')) {
      return this.#converter.box(type, convertNumber(BigInt(this.#cdef.memory.addressOf(place)), type));
    }
    return this.#converter.box(type, this.#converter.toRaw(type, value));
  }

  // The place of a value that is a pointer, an array or a host's buffer.
  #placeBehind(value: V): Place | null {
    const lua = this.#lua;
    const type = lua.typeOf(value);
    if (type === 'userdata' || type === 'string' || type === 'nil') return this.#converter.toPlace(this.#address, value, 'cast');
    if (type !== 'cdata') return null;
    const cdata = lua.toCData(value);
    if (cdata instanceof CTypeObject) return null;
    const { kind } = cdata.valueType;
    return kind === 'pointer' || isPlainArray(cdata.valueType) || kind === 'function'
      ? this.#converter.toPlace(this.#address, value, 'cast')
      : null;
  }

  /** The cdata that a literal such as `1ULL` or `1i` stands for. */
  literal(literal: Exclude<LuaNumber, { kind: 'double' }>): V {
    const { types } = this.#cdef.namespace;
    if (literal.kind === 'imaginary') return this.complex(0, literal.value);
    return this.#lua.fromCData(this.#converter.box(types.integerOfSize(8, literal.kind === 'int64'), literal.value));
  }

  /** A pointer to a place. */
  pointer(type: PointerType, place: Place): V {
    return this.#lua.fromCData(this.#converter.at(type, place));
  }

  /** A `complex` of two doubles. */
  complex(real: number, imaginary: number): V {
    const type = this.#cdef.namespace.types.base('double _Complex');
    return this.new(this.#lua.fromCData(new CTypeObject(type)), [this.#lua.fromNumber(real), this.#lua.fromNumber(imaginary)]);
  }
}

// A caster to a pointer type: text of its own for each, as V8 makes objects quickly only of classes that it knows (see `callerText` of call.ts).
// Two functions, as V8 puts short ones into their callers. What the placer knows is of another type.
function casterText(id: number): string {
  return `function other${id}(value){
if(isSame(value))return value;
const{region,offset}=placer.of(value);
return lua.fromCData(new Class(type,region,offset,null));
}
return function caster${id}(value){
if(value?.isCData===true&&value.type===placer.last)return lua.fromCData(new Class(type,value.region,value.offset,null));
const bytes=lua.bufferOf(value);
return bytes===null?other${id}(value):lua.fromCData(new Class(type,memory.regionOf(bytes),0,null));
}`;
}

function isAggregate(type: CType): boolean {
  return type.kind === 'array' || type.kind === 'complex' || isRecord(type);
}
