/**
 * The objects that types are, with what the table of types notes on them: what was derived from a type already, and how
 * deep it is.
 * @module
 */
import type {
  ArrayType,
  ByteOrder,
  CType,
  EnumDefinition,
  EnumType,
  FunctionParameter,
  FunctionType,
  PointerType,
  Qualifiers,
  RecordDefinition,
  RecordType,
  ReferenceType,
} from './types.ts';

/** How many types may be stacked on one another; keeps walks over types within the call stack. */
const MAX_TYPE_DEPTH = 1000;

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

/**
 * What the table notes on every type. It is private, so that types are plain data to all others; a `WeakMap` beside them
 * takes much longer.
 */
export class Interned {
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

/** The variants of a type that were made. */
export function variantsOf(type: CType): Map<number | string, CType> {
  const derived = Interned.derivedOf(type);
  derived.variants ??= new Map();
  return derived.variants;
}

/** `plain` with other qualifiers, another byte order or alignment. */
export function changed(plain: CType, qualifiers: Qualifiers, order: ByteOrder | null, align: number | null): CType {
  if (plain.kind === 'struct' || plain.kind === 'union') return new Record(plain.definition, qualifiers, align, plain);
  if (plain.kind === 'enum') return new Enumeration(plain.definition, qualifiers, order ?? 'little', align, plain);
  const own = align === null ? {} : { align, hasUserAlign: true };
  const data = { ...plain, ...(order === null ? {} : { order }), ...qualifiers, ...own } as CType;
  return interned(data, Interned.depthOf(plain), plain);
}

/** A type of the given data. What declarations are full of has classes of its own, as this takes longer. */
export function interned<T extends CType>(data: T, depth = 0, plain: CType | null = null): T {
  return Object.assign(new Interned(depth, plain), data);
}

// The depth of what is stacked on a type.
function depthAbove(below: CType): number {
  const depth = Interned.depthOf(below) + 1;
  if (depth > MAX_TYPE_DEPTH) throw new RangeError(`type with more than ${MAX_TYPE_DEPTH} pointers, arrays and functions`);
  return depth;
}

export class Indirection<Kind extends 'pointer' | 'reference'> extends Interned {
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

export class PlainArray extends Interned implements ArrayType {
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

export class Signature extends Interned implements FunctionType {
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

/** A record's size becomes known when its body is; all qualified variants see that at once. */
export class Record extends Interned implements RecordType {
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

export class Enumeration extends Interned implements EnumType {
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
