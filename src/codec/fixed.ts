/**
 * C types for restructure structs: the part of them that has a fixed size, without padding.
 *
 * | restructure | C |
 * | --- | --- |
 * | numbers of 8, 16, 32 bits, floats, in either byte order | the same; `Fixed` as the integer it is stored as |
 * | numbers of 24 bits | bit-fields of that width |
 * | `Boolean` of one byte; of more | `_Bool`; its number |
 * | `Bitfield` | a struct of `_Bool` bit-fields |
 * | `Enum` | an enum with the options as enumerators; values are numbers |
 * | `Struct`, `Array` or `LazyArray` of fixed length | a struct, an array |
 * | `String`, `Buffer`, `Reserved` of fixed length | `char[n]`, `uint8_t[n]`, `uint8_t[n]` |
 * | `codec(type)` | the C type itself |
 * | a function, which computes a value | nothing |
 * | all else | nothing: it ends the fixed part |
 * @module
 */
import * as r from 'restructure';
import { type ByteOrder, type CType, type CTypes, layOut, type Placement, type RecordType, Scope } from '../ctype/index.ts';
import { type Loose, TypeObject, Types } from '../view/index.ts';
import { CTypeCodec } from './ctype.ts';

const MAX_DEPTH = 100;
const MAX_SIZE = 2 ** 47;
const KEPT_ORDER: Readonly<Record<string, ByteOrder>> = { BE: 'big', LE: 'little' };

/** Options of `fromRestructure`. */
export interface FromRestructureOptions {
  /** Whose type it is to be; by default, a new one's. */
  readonly cdef?: Types<Loose>;
  /** The struct's tag, under which `cdef` then knows it; by default it has none. */
  readonly name?: string;
}

/**
 * A C struct with the layout of a restructure struct: packed, every field in its own byte order. It has the fields in front of the
 * first one whose size is not fixed; that one, and whatever follows it, is left out. A field counts as a whole: one struct
 * within that has a part of variable size is of variable size.
 *
 * Views differ from what restructure decodes where C has no such value: enumerators are numbers, text is a `char` array with a
 * `text()`, reserved bytes can be seen. An `Enum`'s options are constants of the struct's type object.
 * @throws {TypeError} when `struct` is no `r.Struct`, has no fixed part, or has a field that C cannot have; the message has its path
 * @throws {RangeError} when the size is beyond 2^47 bytes
 * @example
 * const type = fromRestructure(new r.Struct({ version: r.uint8, length: r.uint16be, text: new r.String('length') }));
 * type.size; // 3
 */
export function fromRestructure(
  struct: object,
  { cdef = new Types(new Scope(), {}), name }: FromRestructureOptions = {},
): TypeObject<Loose> {
  if (!(struct instanceof r.Struct) || struct instanceof r.VersionedStruct) throw new TypeError('fromRestructure: expected an r.Struct');
  if (name !== undefined) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new TypeError(`fromRestructure: '${name}' is no name for a struct`);
    if (cdef.namespace.tags.has(name)) throw new TypeError(`fromRestructure: '${name}' is declared already`);
  }
  const type = new Builder(cdef.namespace.types).topLevel(struct, name ?? null);
  if (name !== undefined) cdef.namespace.tags.set(name, type);
  cdef.namespace.completed.push(type);
  return cdef.typeof(new TypeObject(type, cdef.views, cdef.namespace)) as TypeObject<Loose>;
}

/** Why a field has no fixed size. */
class NotFixed {
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    this.path = path;
    this.reason = reason;
  }
}

/** A member to be: a type, or bits of one. */
interface Part {
  readonly type: CType;
  readonly widthBits: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

class Builder {
  readonly #types: CTypes;
  #depth = 0;

  constructor(types: CTypes) {
    this.#types = types;
  }

  topLevel(struct: r.Struct<object>, tag: string | null): RecordType {
    const members: Placement[] = [];
    for (const [name, type] of fieldsIn(struct.fields)) {
      const part = this.#part(type, name);
      if (part instanceof NotFixed) {
        if (members.length === 0) throw new TypeError(`${part.path}: ${part.reason}`);
        break;
      }
      members.push(member(name, part));
    }
    return this.#record(members, 'little', tag, '');
  }

  #record(members: readonly Placement[], order: ByteOrder, tag: string | null, path: string): RecordType {
    const type = this.#types.record('struct', tag);
    const { abi } = this.#types;
    const options = {
      kind: 'struct',
      userAlign: null,
      pack: null,
      order,
      constants: new Map(),
      abi,
      rules: abi.rules,
      isPacked: true,
    } as const;
    const total = members.reduce((sum, { type: one, widthBits }) => sum + (widthBits === null ? (one.size as number) : widthBits / 8), 0);
    if (total > MAX_SIZE) throw new RangeError(`${path === '' ? 'struct' : path}: ${total} bytes are more than a struct can have`);
    type.definition.layout = layOut(members, options);
    return type;
  }

  // What a type is in C, or why it has no fixed size.
  #part(type: unknown, path: string): Part | NotFixed {
    if (this.#depth >= MAX_DEPTH) throw new TypeError(`${path}: structs nested more than ${MAX_DEPTH} deep`);
    this.#depth++;
    const part = this.#find(type, path);
    this.#depth--;
    return part;
  }

  #find(type: unknown, path: string): Part | NotFixed {
    if (type instanceof CTypeCodec) return whole(type.type.ctype);
    if (type instanceof r.Number) return this.#number(type, path);
    if (type instanceof r.Boolean) return this.#boolean(type, path);
    if (type instanceof r.Enum) return this.#enum(type, path);
    if (type instanceof r.Bitfield) return this.#bitfield(type, path);
    if (type instanceof r.VersionedStruct) return new NotFixed(path, 'an r.VersionedStruct has no fixed size');
    if (type instanceof r.Struct) return this.#struct(type, path);
    if (type instanceof r.Array) return this.#array(type, path);
    if (type instanceof r.String) return this.#bytes('char', type.length, 1, path, 'r.String');
    if (type instanceof r.Buffer) return this.#bytes('unsigned char', type.length, 1, path, 'r.Buffer');
    if (type instanceof r.Reserved) return this.#reserved(type, path);
    return new NotFixed(path, `${nameOf(type)} has no fixed size`);
  }

  #number({ type, endian }: r.Number, path: string): Part {
    const order = KEPT_ORDER[endian] ?? 'little';
    const [, isUnsigned, bits] = /^(U?)Int(8|16|24|32)$/.exec(type) ?? [];
    if (bits === undefined) {
      if (type !== 'Float' && type !== 'Double') throw new TypeError(`${path}: restructure has no number '${type}'`);
      return whole(this.#ordered(this.#types.base(type === 'Float' ? 'float' : 'double'), order));
    }
    const integer = this.#types.integerOfSize(bits === '24' ? 4 : Number(bits) / 8, isUnsigned === '');
    return { type: this.#ordered(integer, order), widthBits: bits === '24' ? 24 : null };
  }

  #ordered(type: CType, order: ByteOrder): CType {
    return type.size === 1 ? type : this.#types.withByteOrder(type, order);
  }

  // The integer that a Boolean, an Enum or a Bitfield is stored as.
  #stored(type: unknown, path: string): Part & { readonly type: CType & { kind: 'integer' } } {
    const part = type instanceof r.Number ? this.#number(type, path) : null;
    if (part === null || part.type.kind !== 'integer')
      throw new TypeError(`${path}: expected an integer to store it in, got ${nameOf(type)}`);
    return { ...part, type: part.type };
  }

  #boolean(type: r.Boolean, path: string): Part {
    const stored = this.#stored(type.type, path);
    return stored.type.size === 1 ? whole(this.#types.base('_Bool')) : stored;
  }

  #enum({ type, options }: r.Enum, path: string): Part {
    const stored = this.#stored(type, path);
    const { isSigned, order } = stored.type;
    const constants = new Map<string, number>();
    options.forEach((name, value) => {
      if (name !== null && name !== undefined && !constants.has(String(name))) constants.set(String(name), value);
    });
    const made = this.#types.enum(null);
    made.definition.layout = { size: stored.type.size, isSigned, constants };
    return { type: this.#ordered(made, order), widthBits: stored.widthBits };
  }

  #bitfield({ type, flags }: r.Bitfield, path: string): Part {
    const stored = this.#stored(type, path);
    const { order } = stored.type;
    const bits = stored.widthBits ?? stored.type.size * 8;
    if (flags.length > bits) throw new TypeError(`${path}: ${flags.length} flags do not fit ${bits} bits`);
    const isBig = bits > 8 && order === 'big';
    const bool = this.#types.withByteOrder(this.#types.base('_Bool'), isBig ? 'big' : 'little');
    const members = Array.from({ length: bits }, (_, i) => member(flags[i] ?? '', { type: bool, widthBits: 1 }));
    // Flags count from the number's lowest bit, which in a big-endian struct is the last.
    if (isBig) members.reverse();
    const names = members.map(({ name }) => name).filter((name) => name !== '');
    if (new Set(names).size < names.length) throw new TypeError(`${path}: two flags have the same name`);
    return whole(this.#record(members, isBig ? 'big' : 'little', null, path));
  }

  #struct({ fields }: r.Struct<object>, path: string): Part | NotFixed {
    const members: Placement[] = [];
    for (const [name, type] of fieldsIn(fields, path)) {
      const part = this.#part(type, `${path}.${name}`);
      if (part instanceof NotFixed) return part;
      members.push(member(name, part));
    }
    return whole(this.#record(members, 'little', null, path));
  }

  #array({ type, length, lengthType }: r.Array<unknown>, path: string): Part | NotFixed {
    if (typeof length !== 'number') return new NotFixed(path, `the length of an r.Array is ${describeLength(length)}`);
    const part = this.#part(type, `${path}[]`);
    if (part instanceof NotFixed) return part;
    if (part.widthBits !== null) throw new TypeError(`${path}[]: C has no type of ${part.widthBits} bits that an array could be made of`);
    const size = part.type.size as number;
    if (lengthType === 'bytes' && (size === 0 || length % size !== 0)) {
      throw new TypeError(`${path}: ${length} bytes are no whole number of elements of ${size} bytes`);
    }
    return whole(this.#arrayOf(part.type, lengthType === 'bytes' ? length / size : length, path));
  }

  #reserved({ type, count }: r.Reserved, path: string): Part | NotFixed {
    const part = this.#part(type, path);
    if (part instanceof NotFixed) return part;
    const size = part.widthBits === null ? (part.type.size as number) : part.widthBits / 8;
    return this.#bytes('unsigned char', count, size, path, 'r.Reserved');
  }

  #bytes(name: 'char' | 'unsigned char', length: unknown, factor: number, path: string, what: string): Part | NotFixed {
    if (typeof length !== 'number') return new NotFixed(path, `the length of an ${what} is ${describeLength(length)}`);
    return whole(this.#arrayOf(this.#types.base(name), length * factor, path));
  }

  #arrayOf(element: CType, length: number, path: string): CType {
    if (!Number.isInteger(length) || length < 0) throw new TypeError(`${path}: a length must be a whole number from 0, got ${length}`);
    if (length * (element.size as number) > MAX_SIZE) throw new RangeError(`${path}: ${length} elements are more than an array can have`);
    return this.#types.array(element, length);
  }
}

// As restructure goes through them: inherited ones too. Functions compute a value and take no bytes.
function* fieldsIn(fields: Fields, path = ''): Iterable<[name: string, type: unknown]> {
  for (const name in fields) {
    if (name === '') throw new TypeError(`${path === '' ? 'struct' : path}: a field has no name`);
    if (typeof fields[name] !== 'function') yield [name, fields[name]];
  }
}

function whole(type: CType): Part {
  return { type, widthBits: null };
}

function member(name: string, { type, widthBits }: Part): Placement {
  return { name, type, widthBits, userAlign: null, isPacked: true, typedef: null };
}

function nameOf(type: unknown): string {
  if (typeof type !== 'object' || type === null) return String(type);
  const { name } = type.constructor;
  return `an r.${name.replace(/T$/, '')}`;
}

function describeLength(length: unknown): string {
  if (length === undefined || length === null) return 'open: it goes on to the end, or to a NUL';
  return typeof length === 'string'
    ? `in the field '${length}'`
    : typeof length === 'function'
      ? 'computed'
      : 'in the bytes in front of it';
}
