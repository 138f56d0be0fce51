/**
 * C types as objects, interned: within one `CTypes` table two equal types are the same object, so that types
 * compare with `===`. Every struct, union and enum body is an identity of its own.
 * @module
 */
import type { BaseType } from '../cparser/index.ts';
import { FfiError } from '../util/errors.ts';
import type { Abi } from './abi.ts';
import type { Placement, RecordOptions } from './placer.ts';

export interface Qualifiers {
  readonly isConst: boolean;
  readonly isVolatile: boolean;
}

export type ByteOrder = 'little' | 'big';

interface Common extends Qualifiers {
  /** Bytes; `null` where the type has no known size (incomplete, function, `void`, `T[]`, `T[?]`). */
  readonly size: number | null;
  /** Bytes, a power of two. */
  readonly align: number;
  /** Whether the alignment was asked for with an attribute; kept as some ABIs lay such members out differently. */
  readonly hasUserAlign: boolean;
}

export interface VoidType extends Common {
  readonly kind: 'void';
}

export interface BoolType extends Common {
  readonly kind: 'bool';
  readonly size: number;
  readonly order: ByteOrder;
}

export interface IntegerType extends Common {
  readonly kind: 'integer';
  readonly name: BaseType;
  readonly size: number;
  readonly isSigned: boolean;
  readonly order: ByteOrder;
}

export interface FloatType extends Common {
  readonly kind: 'float';
  readonly name: BaseType;
  readonly size: number;
  readonly order: ByteOrder;
}

export interface ComplexType extends Common {
  readonly kind: 'complex';
  readonly name: BaseType;
  readonly size: number;
  readonly part: FloatType;
}

export interface EnumType extends Common {
  readonly kind: 'enum';
  readonly definition: EnumDefinition;
  readonly order: ByteOrder;
}

export interface PointerType extends Common {
  readonly kind: 'pointer';
  readonly size: number;
  readonly target: CType;
}

export interface ReferenceType extends Common {
  readonly kind: 'reference';
  readonly size: number;
  readonly target: CType;
}

export interface ArrayType extends Common {
  readonly kind: 'array';
  readonly element: CType;
  /** Number of elements; `null` is `[]`, `'?'` LuaJIT's variable-length `[?]`. */
  readonly length: number | null | '?';
  /** gcc's `vector_size`: a value of its own, aligned to its whole size. */
  readonly isVector?: boolean;
}

export interface RecordType extends Common {
  readonly kind: 'struct' | 'union';
  readonly definition: RecordDefinition;
}

export interface FunctionType extends Common {
  readonly kind: 'function';
  readonly result: CType;
  readonly parameters: readonly FunctionParameter[];
  readonly variadic: boolean;
}

export interface FunctionParameter {
  readonly name: string | null;
  readonly type: CType;
}

export type CType =
  | VoidType
  | BoolType
  | IntegerType
  | FloatType
  | ComplexType
  | EnumType
  | PointerType
  | ReferenceType
  | ArrayType
  | RecordType
  | FunctionType;

/** A member that has been placed; a transparent struct or union has an empty name. */
export interface Field extends Placement {
  /** Bytes from the start of the struct. For a bit-field, the byte its first bit is in. */
  readonly offset: number;
  readonly bits: BitField | null;
  /** Whether it is a member of a const struct without a name, and so const itself. */
  readonly isInConst?: true;
}

/** Where a bit-field's bits are. */
export interface BitField {
  /** From the start of the struct; counted from the most significant bit of each byte in a big-endian struct. */
  readonly bitOffset: number;
  readonly bitWidth: number;
}

/** A struct or union body; shared by the qualified variants of its type. */
export interface RecordDefinition {
  readonly kind: 'struct' | 'union';
  readonly tag: string | null;
  /** A number for untagged bodies, unique within the table. */
  readonly id: number;
  /** `null` until the body is known. */
  layout: RecordLayout | null;
}

export interface RecordLayout {
  readonly size: number;
  readonly align: number;
  readonly hasUserAlign: boolean;
  /** Bytes: by Visual C++'s rules, the alignment that packing a struct around it does not take away; else 1. */
  readonly requiredAlign: number;
  readonly order: ByteOrder;
  /** In order of declaration, transparent members included as one field. */
  readonly fields: readonly Field[];
  /** `static const` members. */
  readonly constants: ReadonlyMap<string, number | bigint>;
  /** Whether the last field is LuaJIT's `T[?]`. */
  readonly isVariable: boolean;
  /** How deep structs contain structs. */
  readonly depth: number;
  /** How many members there are, those of nested structs and unions included. */
  readonly members: number;
  /** What it was laid out from: the fields, and unnamed bit-fields; `layOut` makes the same layout of it again. */
  readonly declared: { readonly members: readonly Placement[]; readonly options: RecordOptions };
}

/** An enum body. */
export interface EnumDefinition {
  readonly tag: string | null;
  readonly id: number;
  layout: EnumLayout | null;
}

export interface EnumLayout {
  readonly size: number;
  readonly isSigned: boolean;
  readonly constants: ReadonlyMap<string, number | bigint>;
}

export const UNQUALIFIED: Qualifiers = { isConst: false, isVolatile: false };

// Spelling, size where every ABI agrees, signedness.
const INTEGERS: readonly (readonly [BaseType, number | 'long', boolean])[] = [
  ['signed char', 1, true],
  ['unsigned char', 1, false],
  ['short', 2, true],
  ['unsigned short', 2, false],
  ['int', 4, true],
  ['unsigned int', 4, false],
  ['long', 'long', true],
  ['unsigned long', 'long', false],
  ['long long', 8, true],
  ['unsigned long long', 8, false],
  ['__int128', 16, true],
  ['unsigned __int128', 16, false],
];

/** How many types may be stacked on one another; keeps walks over types within the call stack. */
export const MAX_TYPE_DEPTH = 1000;

// What has been derived from a type already.
class Derived {
  /** A number of the type's own; 0 until it is asked for. */
  id = 0;
  pointer: PointerType | null = null;
  reference: ReferenceType | null = null;
  arrays: Map<number | null | '?', ArrayType> | null = null;
  /** By qualifiers, byte order and alignment as a number, or by what else was changed. */
  variants: Map<number | string, CType> | null = null;
}

// What the table notes on every type. It is private, so that types are plain data to all others; a `WeakMap` beside them
// takes much longer.
class Interned {
  readonly #depth: number;
  readonly #plain: CType | null;
  #derived: Derived | null = null;

  constructor(depth: number, plain: CType | null = null) {
    this.#depth = depth;
    this.#plain = plain;
  }

  /** How many types this one is stacked on. */
  static depthOf(type: CType): number {
    return (type as CType & Interned).#depth;
  }

  /** The type that a variant was made of; other types themselves. */
  static plainOf(type: CType): CType {
    return (type as CType & Interned).#plain ?? type;
  }

  static derivedOf(type: CType): Derived {
    const interned = type as CType & Interned;
    interned.#derived ??= new Derived();
    return interned.#derived;
  }
}

/** ISO/IEC TS 18661-2; their values are not read. */
const DECIMALS: readonly BaseType[] = ['_Decimal32', '_Decimal64', '_Decimal128'];

/** The table that interns types for one ABI. */
export class CTypes {
  readonly abi: Abi;
  readonly void: VoidType;
  readonly #base: Map<BaseType, CType> = new Map();
  readonly #functions: Map<string, FunctionType> = new Map();
  // What enums are before their bodies.
  readonly #undefinedEnum: EnumLayout | null;
  #nextId = 1;
  #entries = 0;
  #room = Number.POSITIVE_INFINITY;

  constructor(abi: Abi) {
    this.abi = abi;
    this.#undefinedEnum = abi.enumsAreInt ? { size: 4, isSigned: true, constants: new Map() } : null;
    const plain = { ...UNQUALIFIED, hasUserAlign: false };
    const little = { ...plain, order: 'little' as const };
    this.void = interned<VoidType>({ kind: 'void', size: null, align: 1, ...plain });
    this.#base.set('void', this.void);
    this.#base.set('_Bool', interned({ kind: 'bool', size: 1, align: 1, ...little }));
    this.#base.set('char', interned({ kind: 'integer', name: 'char', size: 1, align: 1, isSigned: abi.charIsSigned, ...little }));
    for (const [name, bytes, isSigned] of INTEGERS) {
      const size = bytes === 'long' ? abi.longSize : bytes;
      this.#base.set(name, interned({ kind: 'integer', name, size, align: size, isSigned, ...little }));
    }
    const [size, align] = abi.longDouble;
    const floats: FloatType[] = [
      { kind: 'float', name: 'float', size: 4, align: 4, ...little },
      { kind: 'float', name: 'double', size: 8, align: 8, ...little },
      { kind: 'float', name: 'long double', size, align, ...little },
      { kind: 'float', name: '_Float16', size: 2, align: 2, ...little },
      { kind: 'float', name: '_Float128', size: 16, align: 16, ...little },
    ];
    for (const [i, name] of DECIMALS.entries()) {
      const bytes = 4 << i;
      this.#base.set(name, interned<FloatType>({ kind: 'float', name, size: bytes, align: bytes, ...little }));
    }
    for (const float of floats) {
      const part = interned(float);
      this.#base.set(part.name, part);
      const name = `${part.name} _Complex` as BaseType;
      this.#base.set(name, interned({ kind: 'complex', name, part, size: part.size * 2, align: part.align, ...plain }));
    }
  }

  /** Lets the table take `count` more types and names, for texts that are not trusted; any number by default. */
  limitTo(count: number): void {
    this.#room = this.#entries + count;
  }

  /**
   * Counts a type or a name that is new.
   * @throws {FfiError} when that is one too many: `table overflow`, as in LuaJIT
   */
  grow(): void {
    if (++this.#entries > this.#room) throw new FfiError('table overflow');
  }

  base(name: BaseType): CType {
    return this.#base.get(name) as CType;
  }

  /** A number that stays with the type, for messages and keys. */
  idOf(type: CType): number {
    const derived = Interned.derivedOf(type);
    if (derived.id === 0) derived.id = this.newId();
    return derived.id;
  }

  newId(): number {
    return this.#nextId++;
  }

  pointer(target: CType): PointerType {
    const derived = Interned.derivedOf(target);
    if (derived.pointer === null) {
      this.grow();
      derived.pointer = new Indirection('pointer', target, this.abi.pointerSize) as PointerType;
    }
    return derived.pointer;
  }

  reference(target: CType): ReferenceType {
    const derived = Interned.derivedOf(target);
    if (derived.reference === null) {
      this.grow();
      derived.reference = new Indirection('reference', target, this.abi.pointerSize) as ReferenceType;
    }
    return derived.reference;
  }

  /** An array; its element type must have a size. Qualifiers belong to the element (C11 6.7.3p9). */
  array(element: CType, length: number | null | '?'): ArrayType {
    const derived = Interned.derivedOf(element);
    derived.arrays ??= new Map();
    let array = derived.arrays.get(length);
    if (array === undefined) {
      this.grow();
      array = new PlainArray(element, length);
      derived.arrays.set(length, array);
    }
    return array;
  }

  /** A vector of `length` numbers (gcc: "Using Vector Instructions through Built-in Functions"). */
  vector(element: CType, length: number): ArrayType {
    const array = this.array(element, length);
    const size = array.size as number;
    const align = Math.min(size, this.abi.vectorAlignCap ?? size);
    return this.#variant(array, 'vector', () => interned({ ...array, isVector: true, align }, Interned.depthOf(array))) as ArrayType;
  }

  /** The integer type of a size; of those the ABI has several of, the shorter name. */
  integerOfSize(size: number, isSigned: boolean): CType {
    for (const [name, bytes, signed] of INTEGERS) {
      if ((bytes === 'long' ? this.abi.longSize : bytes) === size && signed === isSigned) return this.base(name);
    }
    throw new RangeError(`no integer type of ${size} bytes`);
  }

  /** A function type; two of equal shape are one. */
  function(result: CType, parameters: readonly FunctionParameter[], variadic: boolean): FunctionType {
    let key = String(this.idOf(result));
    for (const parameter of parameters) key += `,${this.idOf(parameter.type)}`;
    if (variadic) key += '...';
    let type = this.#functions.get(key);
    if (type === undefined) {
      this.grow();
      type = new Signature(result, parameters, variadic);
      this.#functions.set(key, type);
    }
    return type;
  }

  record(kind: 'struct' | 'union', tag: string | null): RecordType {
    this.grow();
    return new Record({ kind, tag, id: this.newId(), layout: null }, UNQUALIFIED, null, null);
  }

  enum(tag: string | null): EnumType {
    this.grow();
    return new Enumeration({ tag, id: this.newId(), layout: this.#undefinedEnum }, UNQUALIFIED, 'little', null, null);
  }

  /** Whether the body of a struct, union or enum has been read; sizes of Visual C++'s enums are known before that. */
  isDefined({ definition: { layout } }: RecordType | EnumType): boolean {
    return layout !== null && layout !== this.#undefinedEnum;
  }

  /** Takes the body of a struct, union or enum away again. */
  undefine(type: RecordType | EnumType): void {
    type.definition.layout = type.kind === 'enum' ? this.#undefinedEnum : null;
  }

  // The variant of a type that `key` names, made once. A variant's own variants are found through its plain type.
  #variant(type: CType, key: string, make: () => CType): CType {
    const variants = variantsOf(type);
    let variant = variants.get(key);
    if (variant === undefined) {
      this.grow();
      variant = make();
      variants.set(key, variant);
    }
    return variant;
  }

  /** `type` with these qualifiers instead of its own; of an array, its elements get them. */
  withQualifiers(type: CType, qualifiers: Qualifiers): CType {
    if (type.isConst === qualifiers.isConst && type.isVolatile === qualifiers.isVolatile) {
      if (type.kind !== 'array') return type;
    }
    if (type.kind === 'array') return this.#withElement(type, this.withQualifiers(type.element, qualifiers));
    if (type.kind === 'reference' || type.kind === 'function') return type;
    return this.#change(type, qualifiers, orderOf(type), type.hasUserAlign ? type.align : null);
  }

  // The same array of other elements; it stays a vector, and keeps an alignment of its own.
  #withElement(array: ArrayType, element: CType): CType {
    if (element === array.element) return array;
    const changed = array.isVector === true ? this.vector(element, array.length as number) : this.array(element, array.length);
    return array.align === changed.align ? changed : this.withAlign(changed, array.align);
  }

  /** `type` with `isConst` and `isVolatile` added. */
  qualify(type: CType, { isConst, isVolatile }: Qualifiers): CType {
    const inner = type.kind === 'array' ? innermostElement(type) : type;
    return this.withQualifiers(type, { isConst: inner.isConst || isConst, isVolatile: inner.isVolatile || isVolatile });
  }

  unqualified(type: CType): CType {
    return this.withQualifiers(type, UNQUALIFIED);
  }

  /** A scalar type, or an array of scalars, in the given byte order; other types are returned as they are. */
  withByteOrder(type: CType, order: ByteOrder): CType {
    if (type.kind === 'array') return this.#withElement(type, this.withByteOrder(type.element, order));
    if (type.kind === 'complex') {
      const part = this.withByteOrder(type.part, order) as FloatType;
      return part === type.part ? type : this.#variant(type, `complex ${order}`, () => interned({ ...type, part }));
    }
    if (orderOf(type) === null || orderOf(type) === order) return type;
    return this.#change(type, type, order, type.hasUserAlign ? type.align : null);
  }

  /** `type` with an alignment of its own, as `typedef int T __attribute__((aligned(2)))` makes it. */
  withAlign(type: CType, align: number): CType {
    if (type.kind === 'function' || type.kind === 'reference') return type;
    if (type.kind === 'array') {
      return this.#variant(type, `align ${align}`, () => interned({ ...type, align, hasUserAlign: true }, Interned.depthOf(type)));
    }
    return this.#change(type, type, orderOf(type), align);
  }

  // Every variant is kept with the unchanged type, under a number that says all that differs from it; strings take longer.
  #change(type: CType, qualifiers: Qualifiers, order: ByteOrder | null, align: number | null): CType {
    const plain = Interned.plainOf(type);
    const { isConst, isVolatile } = qualifiers;
    if (isConst === plain.isConst && isVolatile === plain.isVolatile && order === orderOf(plain)) {
      if (align === (plain.hasUserAlign ? plain.align : null)) return plain;
    }
    const key = (align ?? 0) * 16 + (order === null ? 0 : order === 'little' ? 4 : 8) + (isConst ? 1 : 0) + (isVolatile ? 2 : 0);
    const variants = variantsOf(plain);
    let variant = variants.get(key);
    if (variant === undefined) {
      variant = changed(plain, { isConst, isVolatile }, order, align);
      variants.set(key, variant);
    }
    return variant;
  }
}

function variantsOf(type: CType): Map<number | string, CType> {
  const derived = Interned.derivedOf(type);
  derived.variants ??= new Map();
  return derived.variants;
}

function changed(plain: CType, qualifiers: Qualifiers, order: ByteOrder | null, align: number | null): CType {
  if (plain.kind === 'struct' || plain.kind === 'union') return new Record(plain.definition, qualifiers, align, plain);
  if (plain.kind === 'enum') return new Enumeration(plain.definition, qualifiers, order ?? 'little', align, plain);
  const own = align === null ? {} : { align, hasUserAlign: true };
  const data = { ...plain, ...(order === null ? {} : { order }), ...qualifiers, ...own } as CType;
  return interned(data, Interned.depthOf(plain), plain);
}

// A type of the given data. What declarations are full of has classes of its own, as this takes longer.
function interned<T extends CType>(data: T, depth = 0, plain: CType | null = null): T {
  return Object.assign(new Interned(depth, plain), data);
}

// The depth of what is stacked on a type.
function depthAbove(below: CType): number {
  const depth = Interned.depthOf(below) + 1;
  if (depth > MAX_TYPE_DEPTH) throw new RangeError(`type with more than ${MAX_TYPE_DEPTH} pointers, arrays and functions`);
  return depth;
}

class Indirection<Kind extends 'pointer' | 'reference'> extends Interned {
  readonly kind: Kind;
  readonly target: CType;
  readonly size: number;
  readonly align: number;
  readonly hasUserAlign = false;
  readonly isConst = false;
  readonly isVolatile = false;

  constructor(kind: Kind, target: CType, size: number) {
    super(depthAbove(target));
    this.kind = kind;
    this.target = target;
    this.size = size;
    this.align = size;
  }
}

class PlainArray extends Interned implements ArrayType {
  readonly kind = 'array';
  readonly element: CType;
  readonly length: number | null | '?';
  readonly size: number | null;
  readonly align: number;
  readonly hasUserAlign: boolean;
  readonly isConst = false;
  readonly isVolatile = false;

  constructor(element: CType, length: number | null | '?') {
    super(depthAbove(element));
    this.element = element;
    this.length = length;
    this.size = typeof length === 'number' ? (element.size as number) * length : null;
    this.align = element.align;
    this.hasUserAlign = element.hasUserAlign;
  }
}

class Signature extends Interned implements FunctionType {
  readonly kind = 'function';
  readonly result: CType;
  readonly parameters: readonly FunctionParameter[];
  readonly variadic: boolean;
  readonly size = null;
  readonly align = 1;
  readonly hasUserAlign = false;
  readonly isConst = false;
  readonly isVolatile = false;

  constructor(result: CType, parameters: readonly FunctionParameter[], variadic: boolean) {
    let deepest = result;
    for (const { type } of parameters) if (Interned.depthOf(type) > Interned.depthOf(deepest)) deepest = type;
    super(depthAbove(deepest));
    this.result = result;
    this.parameters = parameters;
    this.variadic = variadic;
  }
}

/** The byte order of a scalar that has one, else null. */
export function orderOf(type: CType): ByteOrder | null {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'bool' || type.kind === 'enum' ? type.order : null;
}

export function innermostElement(array: ArrayType): CType {
  let type: CType = array;
  while (type.kind === 'array') type = type.element;
  return type;
}

// A record's size becomes known when its body is; all qualified variants see that at once.
class Record extends Interned implements RecordType {
  readonly kind: 'struct' | 'union';
  readonly definition: RecordDefinition;
  readonly isConst: boolean;
  readonly isVolatile: boolean;
  readonly #align: number | null;

  constructor(definition: RecordDefinition, qualifiers: Qualifiers, align: number | null, plain: CType | null) {
    super(0, plain);
    this.kind = definition.kind;
    this.definition = definition;
    this.isConst = qualifiers.isConst;
    this.isVolatile = qualifiers.isVolatile;
    this.#align = align;
  }

  get size(): number | null {
    const { layout } = this.definition;
    return layout === null || layout.isVariable ? null : layout.size;
  }

  get align(): number {
    return this.#align ?? this.definition.layout?.align ?? 1;
  }

  get hasUserAlign(): boolean {
    return this.#align !== null || this.definition.layout?.hasUserAlign === true;
  }
}

class Enumeration extends Interned implements EnumType {
  readonly kind = 'enum';
  readonly definition: EnumDefinition;
  readonly isConst: boolean;
  readonly isVolatile: boolean;
  readonly order: ByteOrder;
  readonly #align: number | null;

  constructor(definition: EnumDefinition, qualifiers: Qualifiers, order: ByteOrder, align: number | null, plain: CType | null) {
    super(0, plain);
    this.definition = definition;
    this.isConst = qualifiers.isConst;
    this.isVolatile = qualifiers.isVolatile;
    this.order = order;
    this.#align = align;
  }

  get size(): number | null {
    return this.definition.layout?.size ?? null;
  }

  get align(): number {
    return this.#align ?? this.size ?? 1;
  }

  get hasUserAlign(): boolean {
    return this.#align !== null;
  }
}
