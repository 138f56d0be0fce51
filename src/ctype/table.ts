/**
 * The table of a program's C types: it makes each type once.
 * @module
 */
import type { BaseType } from '../cparser/index.ts';
import { FfiError } from '../util/errors.ts';
import type { Abi } from './abi.ts';
import { changed, Enumeration, Indirection, Interned, interned, PlainArray, Record, Signature, variantsOf } from './interned.ts';
import {
  type ArrayType,
  type ByteOrder,
  type CType,
  type EnumLayout,
  type EnumType,
  type FloatType,
  type FunctionParameter,
  type FunctionType,
  innermostElement,
  orderOf,
  type PointerType,
  type Qualifiers,
  type RecordType,
  type ReferenceType,
  UNQUALIFIED,
  type VoidType,
} from './types.ts';

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

  /** What a parameter of this type is: arrays and functions are pointers (C11 6.7.6.3p7, p8). */
  decayed(type: CType): CType {
    if (type.kind === 'array' && type.isVector !== true) return this.pointer(type.element);
    if (type.kind === 'function') return this.pointer(type);
    return type.isConst || type.isVolatile ? this.unqualified(type) : type;
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
