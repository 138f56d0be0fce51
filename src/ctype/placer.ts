/**
 * What every way of placing members has in common: the members that come, the record that comes of them.
 * All arithmetic is on numbers of bits below 2^53.
 * @module
 */
import type { Abi, LayoutRules } from './abi.ts';
import type { ByteOrder, CType, Field, RecordLayout } from './types.ts';

/** A member before it is placed. */
export interface Placement {
  /** Empty for transparent structs and unions, and for unnamed bit-fields. */
  readonly name: string;
  readonly type: CType;
  /** Bit width, or null for an ordinary member. */
  readonly widthBits: number | null;
  /** From `__attribute__((aligned(n)))` on the member, in bytes. */
  readonly userAlign: number | null;
  readonly isPacked: boolean;
  /** The typedef name it was declared with, and how many pointers, arrays and functions stand around that. */
  readonly typedef: { readonly name: string; readonly levels: number } | null;
}

export interface RecordOptions {
  readonly kind: 'struct' | 'union';
  /** From `__attribute__((aligned(n)))` on the struct. */
  readonly userAlign: number | null;
  /** `#pragma pack`. */
  readonly pack: number | null;
  readonly order: ByteOrder;
  readonly constants: ReadonlyMap<string, number | bigint>;
  readonly abi: Abi;
  readonly rules: LayoutRules;
  /** From `__attribute__((packed))` on the struct; its members say so themselves. */
  readonly isPacked: boolean;
}

/** Sizes above this are refused, as offsets must stay exact and addresses within 48 bits. */
export const MAX_SIZE: number = 2 ** 47;

/**
 * How many members a struct may have, those of nested ones included: structs and unions that contain another one
 * twice, and so on, have more than anything could list.
 */
export const MAX_MEMBERS = 50_000;

export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/**
 * The alignment a type needs as a member, in bytes; on i386 less than it has on its own: gcc's ADJUST_FIELD_ALIGN, for
 * whatever is one integer or double to it, and arrays of these.
 */
export function alignAsMember(type: CType, abi: Abi): number {
  if (abi.memberAlignCap === null || type.hasUserAlign) return type.align;
  let element = type;
  while (element.kind === 'array' && element.isVector !== true) element = element.element;
  const isDouble = (element.kind === 'float' || element.kind === 'complex') && element.name.startsWith('double');
  // Without MMX, gcc keeps a vector of integers in eight bytes as one integer.
  const isSmallVector = element.kind === 'array' && element.element.kind === 'integer' && (element.size as number) <= 8;
  const isScalar = isDouble || isSmallVector || element.kind === 'integer' || element.kind === 'enum' || element.kind === 'bool';
  const isRecord = element.kind === 'struct' || element.kind === 'union';
  const isCapped = isScalar || (isRecord && ((element.size !== 0 && fitsInteger(element)) || isComplexDouble(element)));
  return isCapped ? Math.min(type.align, abi.memberAlignCap) : type.align;
}

// What gcc keeps in an integer of the same size (stor-layout.c, compute_record_mode), as are all of its parts.
function fitsInteger(type: CType): boolean {
  if (type.size === 0) return true;
  if (type.size !== 1 && type.size !== 2 && type.size !== 4 && type.size !== 8) return false;
  if (type.kind === 'array') return type.isVector === true ? type.element.kind === 'integer' : fitsInteger(type.element);
  if (type.kind === 'struct' || type.kind === 'union')
    return type.definition.layout?.fields.every((field) => fitsInteger(field.type)) === true;
  return true;
}

// A struct is to gcc what its only member is, and so is an array what its only element is.
function isComplexDouble(type: CType): boolean {
  if (type.kind === 'complex') return type.name.startsWith('double');
  if (type.kind === 'array') return type.length === 1 && type.isVector !== true && isComplexDouble(type.element);
  if (type.kind !== 'struct') return false;
  const fields = type.definition.layout?.fields ?? [];
  // With an array without a size at the end it is not.
  return (
    fields.every((field) => field.type.size !== null) && fields.some(({ type: one }) => one.size === type.size && isComplexDouble(one))
  );
}

/** What `_Alignof` answers: the alignment every object of the type has (gcc, min_align_of_type; Visual C++ makes no difference). */
export function leastAlign(type: CType, abi: Abi): number {
  return type.hasUserAlign || abi.rules === 'msvc' ? type.align : Math.min(alignAsMember(type, abi), abi.largestAlign);
}

/** Whether an ordinary member has the alignment that was asked for, on it or on its type; gcc forgets what asks for less. */
export function hasOwnAlign({ type, userAlign, isPacked }: Placement): boolean {
  return type.hasUserAlign || (userAlign !== null && (isPacked || userAlign >= type.align));
}

/** Places the members of one struct or union, in order. */
export abstract class Placer {
  protected readonly options: RecordOptions;
  /** Bits behind the last member. */
  protected bits = 0;
  /** Bytes. */
  protected align = 1;
  protected hasUserAlign = false;
  readonly #fields: Field[] = [];
  #unionBits = 0;
  #depth = 1;
  #members = 0;
  #isVariable = false;

  constructor(options: RecordOptions) {
    this.options = options;
  }

  /** The layout of these members, in this order. */
  layOut(members: readonly Placement[]): RecordLayout {
    for (const member of members) this.#place(member);
    return this.#finish(members);
  }

  #place(member: Placement): void {
    if (this.options.kind === 'union') this.bits = 0;
    if (member.widthBits === null) this.placeOrdinary(member);
    else this.placeBitField(member, member.widthBits);
    this.#unionBits = Math.max(this.#unionBits, this.bits);
    if (member.type.kind === 'array' && member.type.length === '?') this.#isVariable = true;
    this.#depth = Math.max(this.#depth, 1 + recordDepth(member.type));
    this.#members += membersWithin(member.type);
  }

  protected abstract placeOrdinary(member: Placement): void;
  protected abstract placeBitField(member: Placement, width: number): void;

  protected raise(align: number, isUser: boolean): void {
    this.align = Math.max(this.align, align);
    this.hasUserAlign ||= isUser;
  }

  /** An ordinary member at the present end. */
  protected add(member: Placement): void {
    this.#fields.push(placed(member, this.bits / 8, null));
    this.bits += sizeAsMember(member.type) * 8;
  }

  /** A bit-field at `bitOffset`, if it has a name. */
  protected addBits(member: Placement, bitOffset: number, bitWidth: number): void {
    if (member.name !== '') this.#fields.push(placed(member, Math.floor(bitOffset / 8), { bitOffset, bitWidth }));
  }

  /**
   * The present end on the next boundary of `unitBits`, as gcc rounds for the type of a bit-field: it counts in blocks
   * of the largest alignment and rounds within the block, so that a type aligned more strictly than that does not
   * always start on its own boundary. The block is the one that the member before ended in, `memberStart`.
   */
  protected advanced(unitBits: number, memberStart: number = this.bits): number {
    const start = Math.floor(memberStart / this.blockBits) * this.blockBits;
    return start + roundUp(this.bits - start, unitBits);
  }

  /** The size of those blocks. */
  protected get blockBits(): number {
    return Math.max(this.options.abi.largestAlign, this.options.userAlign ?? 1) * 8;
  }

  #finish(members: readonly Placement[]): RecordLayout {
    const { options } = this;
    const { kind, userAlign, order, constants } = options;
    if (userAlign !== null) this.raise(userAlign, true);
    const bytes = Math.ceil((kind === 'union' ? this.#unionBits : this.bits) / 8);
    return {
      // LuaJIT: a struct that ends in T[?] has no trailing padding of its own.
      size: this.#isVariable ? bytes : this.sizeOf(bytes),
      align: this.align,
      hasUserAlign: this.hasUserAlign,
      requiredAlign: this.requiredAlign(),
      order,
      fields: this.#fields,
      constants,
      isVariable: this.#isVariable,
      depth: this.#depth,
      members: this.#members,
      // The fields are the members again, if all of them have names.
      declared: { members: this.#fields.length === members.length ? this.#fields : members, options },
    };
  }

  /** The size of a record with so many bytes of members. */
  protected sizeOf(bytes: number): number {
    return roundUp(bytes, this.align);
  }

  /** See `RecordLayout`. */
  protected requiredAlign(): number {
    return 1;
  }
}

function placed({ name, type, widthBits, userAlign, isPacked, typedef }: Placement, offset: number, bits: Field['bits']): Field {
  return { name, type, widthBits, userAlign, isPacked, typedef, offset, bits };
}

/** Bytes a member takes: a flexible array none, a variable one none of its own. */
function sizeAsMember(type: CType): number {
  return type.size ?? 0;
}

/**
 * How many members a listing of a value has, nested ones included. Elements count once, as their number shows in the
 * size of the value; where they have none, each counts.
 */
export function membersWithin(type: CType): number {
  if (type.kind === 'struct' || type.kind === 'union') return type.definition.layout?.members ?? 0;
  if (type.kind !== 'array' || type.isVector === true) return 1;
  const inner = Math.max(1, membersWithin(type.element));
  return type.element.size === 0 && typeof type.length === 'number' ? inner * type.length : inner;
}

/** How many structs deep a type is, itself included. */
export function recordDepth(type: CType): number {
  let element = type;
  while (element.kind === 'array') element = element.element;
  return element.kind === 'struct' || element.kind === 'union' ? (element.definition.layout?.depth ?? 0) : 0;
}
